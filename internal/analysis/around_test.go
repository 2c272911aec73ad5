package analysis

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// The naive world: what the answers must be, looked up link by link.

func (w *world) degree(id string) int {
	n := 0
	for _, l := range w.links {
		if l.From == id || l.To == id {
			n++
		}
	}
	return n
}

func (w *world) linksBetween(a, b string, n Narrow) []*intel.Link {
	var out []*intel.Link
	for _, l := range w.links {
		if (l.From == a && l.To == b || l.From == b && l.To == a) && n.counts(l) {
			out = append(out, l)
		}
	}
	return out
}

func (w *world) neighbours(id string, n Narrow) []string {
	var out []string
	for _, other := range w.ids {
		if len(w.linksBetween(id, other, n)) > 0 {
			out = append(out, other)
		}
	}
	return out
}

func (w *world) rare(id string) float64 { return 1 / math.Log2(2+float64(w.degree(id))) }

func near() gocmp.Options {
	return gocmp.Options{cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateEmpty()}
}

func some(t *rapid.T, ids []string, most int, what string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(most, len(ids)), rapid.ID).Draw(t, what)
}

func TestExpandAgreesWithTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		q := ExpandQuery{Narrow: drawNarrow(t), IDs: some(t, w.ids, 3, "ids"), Depth: rapid.IntRange(1, 3).Draw(t, "depth"), Limit: 1000}
		if rapid.Bool().Draw(t, "excludes") {
			q.Exclude = some(t, w.ids, 2, "exclude")
		}
		if rapid.Bool().Draw(t, "kinds") {
			q.Kinds = []intel.Kind{intel.KindGroup}
		}
		reached := map[string]Place{}
		level := map[string]float64{}
		for _, id := range q.IDs {
			level[id] = 1
		}
		for depth := 1; depth <= q.Depth; depth++ {
			next := map[string]float64{}
			for from, score := range level {
				for _, to := range w.neighbours(from, q.Narrow) {
					if _, ok := reached[to]; ok || slices.Contains(q.IDs, to) || slices.Contains(q.Exclude, to) {
						continue
					}
					for _, l := range w.linksBetween(from, to, q.Narrow) {
						next[to] = max(next[to], score*float64(l.Support)/1e6*w.rare(to))
					}
				}
			}
			for id, score := range next {
				reached[id] = Place{depth, score, id}
			}
			level = next
		}
		var want []Place
		for _, p := range reached {
			if len(q.Kinds) == 0 || slices.Contains(q.Kinds, intel.KindOf(p.ID)) {
				want = append(want, p)
			}
		}
		slices.SortFunc(want, Place.compare)
		links := func(page []Place) []string {
			in := func(id string) bool {
				return slices.ContainsFunc(page, func(p Place) bool { return p.ID == id })
			}
			var out []string
			for _, l := range w.links {
				if q.counts(l) && (in(l.From) && (in(l.To) || slices.Contains(q.IDs, l.To)) || in(l.To) && slices.Contains(q.IDs, l.From)) {
					out = append(out, l.ID)
				}
			}
			slices.Sort(out)
			return out
		}
		s := w.snapshot()
		whole, err := expand(context.Background(), s, q, Budget{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(&Neighborhood{Nodes: want, Links: links(want), Total: len(want)}, whole, near()); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", q, diff)
		}
		// In pages it is the same.
		q.Limit = rapid.IntRange(1, 4).Draw(t, "limit")
		var paged []Place
		for {
			page, err := expand(context.Background(), s, q, Budget{})
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, page.Nodes...)
			if diff := gocmp.Diff(links(page.Nodes), page.Links, near()); diff != "" {
				t.Fatalf("links of a page (-want +got):\n%s", diff)
			}
			left := 0
			for _, p := range want[len(paged):] {
				for _, id := range q.IDs {
					left += len(w.linksBetween(id, p.ID, q.Narrow))
				}
			}
			for _, c := range page.Omitted {
				left -= c.Count
			}
			if left != 0 || page.Total != len(want) {
				t.Fatalf("%d links are not told of, %d in all", left, page.Total)
			}
			if page.Cut == "" {
				break
			}
			q.After = &page.Nodes[len(page.Nodes)-1]
		}
		if diff := gocmp.Diff(want, paged, near()); diff != "" {
			t.Fatalf("in pages (-want +got):\n%s", diff)
		}
	})
}

func TestAmongAgreesWithTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, narrow := drawWorld(t), drawNarrow(t)
		ids := some(t, w.ids, 6, "ids")
		var want []string
		for _, l := range w.links {
			if narrow.counts(l) && slices.Contains(ids, l.From) && slices.Contains(ids, l.To) {
				want = append(want, l.ID)
			}
		}
		slices.Sort(want)
		got, err := among(context.Background(), w.snapshot(), append(ids, "group:nobody"), narrow, Budget{})
		if diff := gocmp.Diff(want, got, near()); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestCommonAgreesWithTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, narrow := drawWorld(t), drawNarrow(t)
		ids := some(t, w.ids, 3, "ids")
		var want []Common
		for _, id := range w.ids {
			c := Common{ID: id, Score: w.rare(id)}
			shared := !slices.Contains(ids, id)
			for _, own := range ids {
				between := w.linksBetween(own, id, narrow)
				shared = shared && len(between) > 0
				for _, l := range between {
					c.Links = append(c.Links, l.ID)
				}
			}
			if slices.Sort(c.Links); shared {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(a, b Common) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
		got, err := common(context.Background(), w.snapshot(), ids, narrow, nil, 100, Budget{})
		if diff := gocmp.Diff(want, got, near()); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// features are what an entity is linked to, and how.
func (w *world) features(id string, n Narrow) map[string]string {
	out := map[string]string{}
	for _, l := range w.links {
		switch {
		case !n.counts(l):
		case l.From == id:
			out[string(l.Type)+" to "+l.To] = l.To
		case l.To == id && l.Type.Info().Symmetric:
			out[string(l.Type)+" to "+l.From] = l.From
		case l.To == id:
			out[string(l.Type)+" from "+l.From] = l.From
		}
	}
	return out
}

func TestSimilarAgreesWithTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, narrow := drawWorld(t), drawNarrow(t)
		id := rapid.SampledFrom(w.ids).Draw(t, "id")
		own := w.features(id, narrow)
		var want []Alike
		for _, other := range w.ids {
			if other == id || intel.KindOf(other) != intel.KindOf(id) {
				continue
			}
			theirs := w.features(other, narrow)
			both, either := 0.0, 0.0
			var shared []string
			for f, to := range own {
				either += w.rare(to)
				if _, ok := theirs[f]; ok {
					both += w.rare(to)
					if !slices.Contains(shared, to) {
						shared = append(shared, to)
					}
				}
			}
			for f, to := range theirs {
				if _, ok := own[f]; !ok {
					either += w.rare(to)
				}
			}
			if both > 0 {
				slices.SortFunc(shared, func(a, b string) int { return cmp.Or(w.degree(a)-w.degree(b), cmp.Compare(a, b)) })
				want = append(want, Alike{other, both / either, shared})
			}
		}
		got, err := similar(context.Background(), w.snapshot(), id, narrow, 100, Budget{})
		if err != nil {
			t.Fatal(err)
		}
		byID := func(a, b Alike) int { return cmp.Compare(a.ID, b.ID) }
		if !slices.IsSortedFunc(got, func(a, b Alike) int { return cmp.Compare(b.Score, a.Score) }) {
			t.Fatalf("not in order: %+v", got)
		}
		slices.SortFunc(got, byID)
		slices.SortFunc(want, byID)
		if diff := gocmp.Diff(want, got, near()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestCoOccurrenceAgreesWithTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, narrow := drawWorld(t), drawNarrow(t)
		var ids []string
		if rapid.Bool().Draw(t, "of some") {
			ids = some(t, w.ids, 2, "ids")
		}
		var want []Pair
		for i, a := range w.ids {
			for _, b := range w.ids[i+1:] {
				if intel.KindOf(a) != intel.KindGroup || intel.KindOf(b) != intel.KindGroup || ids != nil && !slices.Contains(ids, a) && !slices.Contains(ids, b) {
					continue
				}
				p := Pair{Left: a, Right: b}
				for _, via := range w.neighbours(a, narrow) {
					if via != b && len(w.linksBetween(b, via, narrow)) > 0 {
						p.Shared, p.Score, p.Total = append(p.Shared, via), p.Score+w.rare(via), p.Total+1
					}
				}
				if p.Total > 0 {
					slices.SortFunc(p.Shared, func(a, b string) int { return cmp.Or(w.degree(a)-w.degree(b), cmp.Compare(a, b)) })
					want = append(want, p)
				}
			}
		}
		got, err := coOccurrence(context.Background(), w.snapshot(), intel.KindGroup, narrow, ids, 1000, Budget{})
		if err != nil {
			t.Fatal(err)
		}
		byIDs := func(a, b Pair) int { return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right)) }
		slices.SortFunc(got, byIDs)
		slices.SortFunc(want, byIDs)
		if diff := gocmp.Diff(want, got, near()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// An answer that cannot say that it is cut short is none when time runs out.
func TestLatenessIsTold(t *testing.T) {
	late := &lazy{ctx: t.Context(), deadline: time.Unix(1, 0), number: map[string]node{}, there: map[node]bool{}, rows: map[node][]arc{}, counts: map[node]int{}}
	late.there[late.of("group:a")] = true
	for name, err := range map[string]error{
		"among":   second(among(t.Context(), late, []string{"group:a", "group:b"}, Narrow{}, Budget{})),
		"common":  second(common(t.Context(), late, []string{"group:a"}, Narrow{}, nil, 9, Budget{})),
		"similar": second(similar(t.Context(), late, "group:a", Narrow{}, 9, Budget{})),
	} {
		if !errors.Is(err, intel.ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
