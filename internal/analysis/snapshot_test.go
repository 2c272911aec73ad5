package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// rows writes a snapshot out: what a reader can see of it.
func rows(s *snapshot) []string {
	var out []string
	for n := range s.size() {
		id := s.id(node(n))
		if s.find(id) != node(n) {
			continue
		}
		out = append(out, fmt.Sprintf("%s %s %d", id, kinds[s.kind(node(n))], s.degree(node(n))))
		s.arcs(node(n), func(a arc) bool {
			at := ""
			for _, day := range []int64{0, 5, 10, 15, 20, 25} {
				at += fmt.Sprint(s.holds(a.edge, intel.Interval{From: day, To: day}))[:1]
			}
			out = append(out, fmt.Sprintf("%s %s %s %s %d %s", id, a.way.direction(), a.way.link(id, s.id(a.to)), s.id(a.to), s.support(a.edge), at))
			return true
		})
	}
	slices.Sort(out)
	return out
}

func TestChangesLeadToTheGraphBuiltAfresh(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		s := w.snapshot()
		var before []*snapshot
		var was [][]string
		for i := range rapid.IntRange(1, 12).Draw(t, "changes") {
			before, was = append(before, s), append(was, rows(s))
			d := Delta{Revision: intel.Revision{Epoch: "e", Counter: int64(i)}}
			for range rapid.IntRange(0, 4).Draw(t, "links") {
				if l := w.change(t); l != nil {
					d.Links = slices.DeleteFunc(d.Links, func(o *intel.Link) bool { return o.ID == l.ID })
					d.Links = append(d.Links, l)
				}
			}
			if rapid.Bool().Draw(t, "newcomer") {
				id := fmt.Sprintf("group:new%d", rapid.IntRange(0, 3).Draw(t, "who"))
				if !slices.Contains(w.ids, id) {
					w.ids = append(w.ids, id)
					slices.Sort(w.ids)
				}
				d.Entities = append(d.Entities, id)
			}
			for range rapid.IntRange(0, 2).Draw(t, "gone links") {
				if len(w.links) == 0 {
					break
				}
				at := rapid.IntRange(0, len(w.links)-1).Draw(t, "which")
				id := w.links[at].ID
				if slices.ContainsFunc(d.Links, func(l *intel.Link) bool { return l.ID == id }) {
					continue
				}
				w.links = slices.Delete(w.links, at, at+1)
				d.LinksGone = append(d.LinksGone, id)
			}
			if lonely := w.lonely(); len(lonely) > 0 && rapid.Bool().Draw(t, "goes") {
				id := rapid.SampledFrom(lonely).Draw(t, "goer")
				if !slices.Contains(d.Entities, id) {
					w.ids = slices.DeleteFunc(w.ids, func(o string) bool { return o == id })
					d.Gone = append(d.Gone, id)
				}
			}
			s = s.with(d)
			if rapid.IntRange(0, 4).Draw(t, "again") == 0 {
				s = s.with(d)
			}
			if rapid.IntRange(0, 4).Draw(t, "compact") == 0 {
				s = s.compact()
			}
			if diff := gocmp.Diff(rows(w.snapshot()), rows(s)); diff != "" {
				t.Fatalf("after change %d (-built +changed):\n%s", i, diff)
			}
		}
		for i, old := range before {
			if diff := gocmp.Diff(was[i], rows(old)); diff != "" {
				t.Fatalf("snapshot %d is not what it was (-was +is):\n%s", i, diff)
			}
		}
	})
}

// lonely lists the entities without links; one of each kind stays, so that links
// can still be drawn.
func (w *world) lonely() []string {
	var out []string
	seen := map[intel.Kind]bool{}
	for _, id := range w.ids {
		if !seen[intel.KindOf(id)] {
			seen[intel.KindOf(id)] = true
			continue
		}
		if !slices.ContainsFunc(w.links, func(l *intel.Link) bool { return l.From == id || l.To == id }) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(a, b) })
	return out
}
