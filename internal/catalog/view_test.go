package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// tightLimits send every reading the long way round.
func tightLimits() viewLimits {
	return viewLimits{claims: 200_000, candidates: 20_000, together: -1, whole: -1, firsts: []int{1, 2, 0}}
}

// outline writes an answer as lines of text, without its circles and without
// Source.Claims, which is stored.
type outline struct{ strings.Builder }

func (o *outline) line(depth int, format string, args ...any) {
	fmt.Fprintf(o, strings.Repeat("  ", depth)+format+"\n", args...)
}

func outlined(a *intel.Answer) []string {
	var o outline
	o.line(0, "revision %d", a.Revision)
	for _, n := range a.Nodes {
		o.node(0, n)
	}
	if a.List != nil {
		o.line(0, "list more=%v total=%d", a.List.More, a.List.Total)
		for i, n := range a.List.Nodes {
			o.line(0, "at %+v", a.List.Positions[i])
			o.node(0, n)
		}
	}
	for _, e := range a.Links {
		o.link(0, e)
		o.node(1, e.Parent)
		o.node(1, e.Node)
	}
	if p := a.LinkList; p != nil {
		o.line(0, "links more=%v total=%d", p.More, p.Total)
		for _, e := range p.Edges {
			o.line(0, "at %+v", e.Position)
			o.link(0, e)
			o.node(1, e.Parent)
			o.node(1, e.Node)
		}
	}
	for _, c := range a.Claims {
		o.claim(0, c)
	}
	if p := a.ClaimList; p != nil {
		o.claimList(0, fmt.Sprintf("claims more=%v total=%d", p.More, p.Total), p.Claims)
	}
	o.sourceNodes(0, "sources", a.SourceNodes)
	if p := a.SourceList; p != nil {
		o.sourceNodes(0, fmt.Sprintf("source list more=%v total=%d %v", p.More, p.Total, p.Positions), p.Sources)
	}
	for _, id := range slices.Sorted(maps.Keys(a.Sources)) {
		o.source(0, a.Sources[id])
	}
	return strings.Split(o.String(), "\n")
}

func (o *outline) node(d int, n *intel.Node) {
	facts := "not asked for"
	if n.Facts != nil {
		b, err := intel.EncodeFacts(n.Facts)
		if err != nil {
			panic(err)
		}
		facts = string(b)
	}
	o.line(d, "%s %s %q %q %q %s stub=%v revision=%d %s", n.ID, n.Kind, n.Name, n.NameKey, n.SortKey, n.NameKind, n.Stub, n.Revision, facts)
	o.line(d, "counts %v", n.Counts)
	o.claimList(d, "evidence", n.Evidence)
	o.claimPages(d, n.Claims)
	for _, k := range slices.Sorted(maps.Keys(n.Sources)) {
		p := n.Sources[k]
		o.sourceNodes(d, fmt.Sprintf("sources %s more=%v total=%d %v", k, p.More, p.Total, p.Positions), p.Sources)
	}
	for _, k := range slices.Sorted(maps.Keys(n.Links)) {
		p := n.Links[k]
		o.line(d, "links %s more=%v total=%d", k, p.More, p.Total)
		for _, e := range p.Edges {
			o.link(d+1, e)
			o.line(d+1, "at %+v", e.Position)
			if e.Parent != n {
				o.line(d+1, "of another parent")
			}
			o.node(d+2, e.Node)
		}
	}
}

func (o *outline) link(d int, e *intel.Edge) {
	l := *e.Link
	l.Amount = nil
	o.line(d, "%+v from %s to %s", l, e.FromNode().ID, e.ToNode().ID)
	o.claimList(d+1, "evidence", e.Evidence)
	o.claimPages(d+1, e.Claims)
}

func (o *outline) claimList(d int, what string, cs []*intel.Claim) {
	o.line(d, "%s %d", what, len(cs))
	for _, c := range cs {
		o.claim(d+1, c)
	}
}

func (o *outline) claimPages(d int, pages map[string]*intel.ClaimPage) {
	for _, k := range slices.Sorted(maps.Keys(pages)) {
		o.claimList(d, fmt.Sprintf("claims %s more=%v total=%d", k, pages[k].More, pages[k].Total), pages[k].Claims)
	}
}

func (o *outline) claim(d int, c *intel.Claim) {
	o.line(d, "%s %s %s %s added %d events %v", c.ID[:14], c.Subject, c.Property, c.LinkID(), c.Added.Revision, c.Events)
}

func (o *outline) sourceNodes(d int, what string, ns []*intel.SourceNode) {
	o.line(d, "%s %d", what, len(ns))
	for _, n := range ns {
		o.source(d+1, n.Source)
		o.claimPages(d+1, n.Claims)
	}
}

func (o *outline) source(d int, s *intel.Source) {
	o.line(d, "%s stub=%v %+v origins %v versions %v", s.ID, s.Stub, s.Header, s.Origins, s.Versions)
}

func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, what string, want, got *intel.Answer) {
	t.Helper()
	if d := cmp.Diff(outlined(want), outlined(got)); d != "" {
		t.Fatalf("%s: answers differ (- want, + got):\n%s", what, d)
	}
}

// TestReadUnderIsAGraphOfItsOwn says what a view is: its answer is that of a
// graph which never received anything that does not count in it. Views of every
// shape, trees of every shape.
func TestReadUnderIsAGraphOfItsOwn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		src := dice{rt}
		m := src.history()
		v, s := src.view(m.last.Revision), src.selection(m, 2)
		want, err := m.under(v).Select(t.Context(), s)
		if err != nil {
			rt.Fatal(err)
		}
		for _, l := range []viewLimits{theLimits(), tightLimits()} {
			got, err := newReading(m, v, l).answer(t.Context(), s)
			if err != nil {
				rt.Fatal(err)
			}
			same(rt, fmt.Sprintf("view %+v, limits %v", v, l), want, got)
		}
	})
}

// TestReadUnderTheDefaultInDisguise holds level by level against the store's own
// Select: a view that leaves nothing out answers the same.
func TestReadUnderTheDefaultInDisguise(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		src := dice{rt}
		m := src.history()
		s := src.selection(m, 2)
		v := intel.View{MinConfidence: 1}
		if src.chance("past", 50) {
			v = intel.View{AtRevision: &m.last.Revision}
		}
		want, err := m.Select(t.Context(), s)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := readUnder(t.Context(), m, v, s)
		if err != nil {
			rt.Fatal(err)
		}
		same(rt, "the default view", want, got)
	})
}
