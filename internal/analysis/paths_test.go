package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// world is a small random graph, and the rows it is made of.
type world struct {
	ids   []string
	links []*intel.Link
}

var worldTypes = []struct {
	t        intel.LinkType
	from, to string
}{{"ALLIED_WITH", "group", "group"}, {"RIVAL_OF", "group", "group"}, {"SUCCESSOR_OF", "group", "group"}, {"PART_OF", "group", "group"},
	{"MEMBER_OF", "person", "group"}, {"OPERATES_IN", "group", "country"}, {"NATIONAL_OF", "person", "country"}, {"USES", "group", "tool"}, {"USES", "person", "tool"}}

func drawWorld(t *rapid.T) *world {
	w := &world{}
	for kind, most := range map[string]int{"group": 6, "person": 4, "country": 2, "tool": 3} {
		for i := range rapid.IntRange(1, most).Draw(t, kind) {
			w.ids = append(w.ids, fmt.Sprintf("%s:%d", kind, i))
		}
	}
	slices.Sort(w.ids)
	for range rapid.IntRange(0, 40).Draw(t, "links") {
		w.change(t)
	}
	return w
}

func (w *world) of(t *rapid.T, kind string) string {
	var ids []string
	for _, id := range w.ids {
		if intel.KindOf(id).Prefix() == kind {
			ids = append(ids, id)
		}
	}
	return rapid.SampledFrom(ids).Draw(t, kind)
}

// change adds a link, or gives one new support, and says which.
func (w *world) change(t *rapid.T) *intel.Link {
	kind := rapid.SampledFrom(worldTypes).Draw(t, "type")
	from, to := w.of(t, kind.from), w.of(t, kind.to)
	if from == to {
		return nil
	}
	id := intel.LinkID(kind.t, from, to)
	_, from, to, _ = intel.SplitLinkID(id)
	l := &intel.Link{ID: id, Type: kind.t, From: from, To: to, Support: intel.PPM(rapid.SampledFrom([]int{100_000, 200_000, 500_000, 800_000, 999_999}).Draw(t, "support")), Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}}
	if rapid.IntRange(0, 3).Draw(t, "dated") == 0 {
		from := rapid.Int64Range(0, 20).Draw(t, "from")
		l.Validity = []intel.Interval{{From: from, To: from + rapid.Int64Range(0, 10).Draw(t, "days")}}
	}
	w.links = slices.DeleteFunc(w.links, func(o *intel.Link) bool { return o.ID == id })
	w.links = append(w.links, l)
	return l
}

func (w *world) snapshot() *snapshot {
	b := newBuilder()
	for _, id := range w.ids {
		b.entity(id)
	}
	for _, l := range w.links {
		b.link(l)
	}
	return &snapshot{base: b.build()}
}

func drawNarrow(t *rapid.T) Narrow {
	var n Narrow
	if rapid.IntRange(0, 2).Draw(t, "narrow") > 0 {
		return n
	}
	for _, w := range worldTypes {
		if rapid.Bool().Draw(t, "takes") && !slices.Contains(n.Types, w.t) {
			n.Types = append(n.Types, w.t)
		}
	}
	n.MinSupport = rapid.SampledFrom([]int{0, 20, 60}).Draw(t, "minSupport")
	if rapid.Bool().Draw(t, "at") {
		n.ValidAt = intel.MustDate(rapid.SampledFrom([]string{"1970-01-05", "1970-01-15", "1970"}).Draw(t, "validAt"))
	}
	return n
}

// counts says that a link is walked.
func (n Narrow) counts(l *intel.Link) bool {
	return (len(n.Types) == 0 || slices.Contains(n.Types, l.Type)) && l.Support.Percent() >= n.MinSupport && (n.ValidAt.IsZero() || l.ValidOn(n.ValidAt))
}

// everyPath lists all simple paths in the most naive way.
func (w *world) everyPath(q PathQuery) []Path {
	var out []Path
	passable := func(id string) bool {
		return !slices.Contains(q.AvoidKinds, intel.KindOf(id)) && !slices.Contains(q.Avoid, id)
	}
	var walk func(nodes, links []string, supports []intel.PPM)
	walk = func(nodes, links []string, supports []intel.PPM) {
		last := nodes[len(nodes)-1]
		if last == q.To {
			p := Path{Nodes: slices.Clone(nodes), Links: slices.Clone(links), Supports: slices.Clone(supports), Score: 1}
			for _, s := range supports {
				p.Score *= float64(s) / 1e6
			}
			out = append(out, p)
			return
		}
		if len(links) == q.MaxHops || len(nodes) > 1 && !passable(last) {
			return
		}
		for _, id := range w.ids {
			if slices.Contains(nodes, id) {
				continue
			}
			var best *intel.Link
			for _, l := range w.links {
				if (l.From == last && l.To == id || l.From == id && l.To == last) && q.counts(l) &&
					(best == nil || l.Support > best.Support || l.Support == best.Support && l.ID < best.ID) {
					best = l
				}
			}
			if best != nil {
				walk(append(slices.Clone(nodes), id), append(slices.Clone(links), best.ID), append(slices.Clone(supports), best.Support))
			}
		}
	}
	walk([]string{q.From}, nil, nil)
	total := func(p Path) (n int64) {
		for _, s := range p.Supports {
			n += cost(s)
		}
		return n
	}
	slices.SortFunc(out, func(a, b Path) int {
		hops, strength := cmp.Compare(len(a.Links), len(b.Links)), cmp.Compare(total(a), total(b))
		if q.Strongest {
			hops, strength = strength, hops
		}
		return cmp.Or(hops, strength, slices.Compare(a.Nodes, b.Nodes))
	})
	return out
}

func TestPathsAgreeWithAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		q := PathQuery{Narrow: drawNarrow(t), From: rapid.SampledFrom(w.ids).Draw(t, "from"), To: rapid.SampledFrom(w.ids).Draw(t, "to"),
			MaxHops: rapid.IntRange(1, 6).Draw(t, "hops"), Limit: rapid.IntRange(1, 12).Draw(t, "limit"), Strongest: rapid.Bool().Draw(t, "strongest")}
		if rapid.Bool().Draw(t, "avoids") {
			q.AvoidKinds = []intel.Kind{intel.KindCountry}
			q.Avoid = []string{rapid.SampledFrom(w.ids).Draw(t, "avoid"), "group:nobody"}
		}
		got, err := paths(context.Background(), w.snapshot(), q, Budget{})
		if err != nil {
			t.Fatal(err)
		}
		all := w.everyPath(q)
		want := all[:min(len(all), q.Limit)]
		if diff := gocmp.Diff(want, got.Paths, gocmp.Transformer("empty", func(p []string) []string {
			if len(p) == 0 {
				return nil
			}
			return p
		})); diff != "" && len(want)+len(got.Paths) > 0 {
			t.Fatalf("%+v\n(-want +got):\n%s", q, diff)
		}
		shortest := 0
		for _, p := range all {
			if shortest == 0 || len(p.Links) < shortest {
				shortest = len(p.Links)
			}
		}
		found := FoundAll
		for i, p := range all {
			if len(p.Links) == shortest && i >= q.Limit {
				found = FoundSome
			}
		}
		if len(all) == 0 {
			found = FoundNone
		}
		if q.Strongest && len(all) > q.Limit && q.From != q.To {
			found = FoundSome
		}
		if got.Found != found || (got.Cut == CutLimit) != limitEnds(all, q) {
			t.Fatalf("%+v: found %s, cut %q, of %d paths; want %s", q, got.Found, got.Cut, len(all), found)
		}
	})
}

// limitEnds says that the limit ended the search.
func limitEnds(all []Path, q PathQuery) bool {
	if q.From == q.To || len(all) < q.Limit {
		return false
	}
	return len(all) > q.Limit || !q.Strongest && len(all[q.Limit-1].Links) < q.MaxHops
}
