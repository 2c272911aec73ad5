package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// TestReadUnderKeepsSources: which sources there are is as in the default view,
// the claims below them are those of the view.
func TestReadUnderKeepsSources(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := dice{rt}
		m := d.history()
		v := d.view(m.last.Revision)
		s := intel.Selection{SourceIDs: []string{"source:2", "source:1", "source:9"}, SourceList: &intel.SourceList{Page: intel.Page{First: 3, Count: true}}, SourceClaims: d.claimPages()}
		want, err := m.Select(t.Context(), s)
		if err != nil {
			rt.Fatal(err)
		}
		there := memAnswer{m.under(v), want}
		want.Revision, want.Sources = there.last.Revision, map[string]*intel.Source{}
		for _, n := range append(want.SourceNodes, want.SourceList.Sources...) {
			n.Claims = there.sourceNode(n.Source, s.SourceClaims).Claims
		}
		got, err := readUnder(t.Context(), m, v, s)
		if err != nil {
			rt.Fatal(err)
		}
		same(rt, fmt.Sprintf("view %+v", v), want, got)
	})
}

// TestReadUnderPages: pages of two, each after the last row of the one before,
// join to the whole.
func TestReadUnderPages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := dice{rt}
		m := d.history()
		v, order, where := d.view(m.last.Revision), d.order(), d.filter(2)
		read := func(p intel.Page) *intel.NodePage {
			a, err := readUnder(t.Context(), m, v, intel.Selection{List: &intel.List{Where: where, Order: order, Page: p}})
			if err != nil {
				rt.Fatal(err)
			}
			return a.List
		}
		all := read(intel.Page{First: intel.MaxPage, Count: true})
		if all.Total != len(all.Nodes) || all.More {
			rt.Fatalf("total %d, more %v of %d", all.Total, all.More, len(all.Nodes))
		}
		var ids []string
		for p, more := (intel.Page{First: 2}), true; more; {
			page := read(p)
			for i, n := range page.Nodes {
				ids = append(ids, n.ID)
				p.After = &page.Positions[i]
			}
			more = page.More
		}
		if len(ids) != len(all.Nodes) {
			rt.Fatalf("pages hold %v, the whole %d", ids, len(all.Nodes))
		}
		for i, n := range all.Nodes {
			if ids[i] != n.ID {
				rt.Fatalf("row %d is %s in pages, %s in the whole", i, ids[i], n.ID)
			}
		}
	})
}

// small is a graph of one level below another: an operation against a group,
// led by an agency that only a quote brings in, and a hub of a country.
func small() *memGraph {
	claims := map[string]*intel.Claim{}
	var stamp intel.Stamp
	put := func(c intel.Claim) {
		stamp = intel.NextStamp(stamp, worldStart, "somebody")
		c.Stance, c.Confidence, c.Added = intel.Asserts, 80, stamp
		if c.Source == "" {
			c.Source = "source:1"
		}
		if c.Property != "" {
			c.Value.Type = intel.TypeText
		}
		c.ID = c.HashID()
		claims[c.ID] = &c
	}
	name := func(id, text string) intel.Claim {
		return intel.Claim{Subject: id, Property: intel.PropName, Value: intel.Value{Text: text}}
	}
	put(name("group:a", "Alpha"))
	put(name("operation:n", "Nervone"))
	put(name("agency:i", "Interpol"))
	put(intel.Claim{Subject: "operation:n", LinkType: "TARGETED", Object: "group:a", SaidBy: "person:p"})
	put(intel.Claim{Subject: "agency:i", LinkType: "LED", Object: "operation:n"})
	for i := range 40 {
		put(intel.Claim{Subject: fmt.Sprint("group:g", i), LinkType: "OPERATES_IN", Object: "country:FR", Source: "source:2"})
	}
	put(intel.Claim{Subject: "group:a", LinkType: "OPERATES_IN", Object: "country:FR", Source: "source:3"})
	put(intel.Claim{Subject: "country:FR", Property: intel.PropName, Value: intel.Value{Text: "France"}, Source: "source:4"})
	return newMemGraph(stamp, claims, nil, 0)
}

func below(key string, t intel.LinkType, d intel.Direction, node intel.NodeSelection) intel.NodeSelection {
	return intel.NodeSelection{Values: true, Links: []intel.LinkSelection{{Key: key, Ends: []intel.End{{Type: t, Direction: d}}, Page: intel.Page{First: 25}, Node: node}}}
}

// TestReadUnderCost counts the reads: one Collect per level of the tree, one
// more where an entity that no claim of the view has as subject must be dated,
// one in all when the view names small sources.
func TestReadUnderCost(t *testing.T) {
	operations := intel.Selection{IDs: []string{"group:a"}, Node: below("o", "TARGETED", intel.In, below("a", "LED", intel.In, intel.NodeSelection{Values: true}))}
	countries := intel.Selection{IDs: []string{"group:a"}, Node: below("c", "OPERATES_IN", intel.Out, intel.NodeSelection{})}
	for _, c := range []struct {
		name     string
		view     intel.View
		s        intel.Selection
		collects int
		claims   int // that all of them brought
	}{
		{"three levels", intel.View{MinConfidence: 1}, operations, 3, 8},
		{"three levels of the past", intel.View{AtRevision: new(int64(5))}, operations, 3, 8},
		{"a neighbour that is a hub", intel.View{MinConfidence: 1}, countries, 2, 3},
		{"a hub that nothing in the view names", intel.View{KnownAt: worldStart.AddDate(1, 0, 0), MinReliability: "F", AtRevision: new(int64(46))}, countries, 3, 11},
		{"the same hub in one source", intel.View{Sources: []string{"source:3"}}, countries, 2, 1},
		{"somebody who is only quoted", intel.View{MinConfidence: 1}, intel.Selection{IDs: []string{"person:p"}}, 2, 1},
		{"a hub that is not there yet", intel.View{AtRevision: new(int64(5))}, intel.Selection{IDs: []string{"country:FR"}}, 2, 9},
		{"nobody", intel.View{MinConfidence: 1}, intel.Selection{IDs: []string{"person:q"}}, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := small()
			want, err := m.under(c.view).Select(t.Context(), c.s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := readUnder(t.Context(), m, c.view, c.s)
			if err != nil {
				t.Fatal(err)
			}
			same(t, c.name, want, got)
			if len(m.needs) != c.collects || m.brought != c.claims {
				t.Errorf("%d Collects that brought %d claims, want %d and %d: %+v", len(m.needs), m.brought, c.collects, c.claims, m.needs)
			}
		})
	}
}

// TestReadUnderRivals: seen from a country, whether a seat is disputed depends
// on claims about other countries, and only on those that count in the view.
func TestReadUnderRivals(t *testing.T) {
	claims := map[string]*intel.Claim{}
	stamp := intel.NextStamp(intel.Stamp{}, worldStart, "somebody")
	for i, to := range []string{"country:FR", "country:CI", "region:002"} {
		c := &intel.Claim{Subject: "group:a", LinkType: "BASED_IN", Object: to, Stance: intel.Asserts, Confidence: 80 - 30*i, Source: "source:1", Added: stamp}
		c.ID = c.HashID()
		claims[c.ID] = c
	}
	m := newMemGraph(stamp, claims, nil, 0)
	for _, c := range []struct {
		view     intel.View
		disputed bool
	}{
		{intel.View{MinConfidence: 1}, true},
		{intel.View{MinConfidence: 60}, false}, // the rival does not count
		{intel.View{MinSupport: 30}, false},    // the rival is too weak to be there
	} {
		for _, l := range []viewLimits{theLimits(), tightLimits()} {
			s := intel.Selection{IDs: []string{"country:FR"}, Node: below("based", "BASED_IN", intel.In, intel.NodeSelection{})}
			s.Node.Links[0].Link.Disputed = &c.disputed
			a, err := newReading(m, c.view, l).answer(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if es := a.Nodes[0].Links["based"].Edges; len(es) != 1 || es[0].Disputed != c.disputed {
				t.Errorf("view %+v: %d links have disputed: %v", c.view, len(es), c.disputed)
			}
			s = intel.Selection{LinkIDs: []string{"group:a|BASED_IN|country:FR"}}
			if a, err = newReading(m, c.view, l).answer(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if len(a.Links) != 1 || a.Links[0].Disputed != c.disputed {
				t.Errorf("view %+v: the root link does not have disputed: %v", c.view, c.disputed)
			}
		}
	}
}

// crowd is a store in which more entities are mentioned than a list settles.
type crowd struct{ *memGraph }

func (c crowd) Mentioned(_ context.Context, _ []intel.Kind, _ string, limit int) ([]string, error) {
	return make([]string, limit), nil
}

func TestReadUnderLimits(t *testing.T) {
	few := theLimits()
	few.claims = 3
	list := func(f intel.Filter) intel.Selection {
		return intel.Selection{List: &intel.List{Where: f, Page: intel.Page{First: 1}}}
	}
	for _, c := range []struct {
		name   string
		r      intel.Reader
		limits viewLimits
		s      intel.Selection
		says   string
	}{
		{"a list of anything", crowd{small()}, theLimits(), list(nil), "at most 20000 entities, and more may match: add id: {in: […]} or a kind to where"},
		{"a list of a kind", crowd{small()}, theLimits(), list(intel.KindIn{intel.KindGroup}), "add id: {in: […]} to where"},
		{"a list of ids", small(), theLimits(), list(manyIDs(20_001)), "name fewer ids"},
		{"a list of much", small(), few, list(nil), "narrow the list"},
		{"a tree of much", small(), few, intel.Selection{IDs: []string{"country:FR"}, Node: intel.NodeSelection{Counts: true}}, "ask for fewer entities or links at once"},
		{"sources of much", small(), few, intel.Selection{SourceIDs: []string{"source:2"}, SourceClaims: []intel.ClaimSelection{{Key: "c"}}}, "ask for fewer sources"},
		{"claims of all", small(), viewLimits{claims: 9, candidates: 1}, intel.Selection{ClaimList: &intel.ClaimSelection{Page: intel.Page{First: 200}}}, "add subject or source"},
		{"links of all", small(), viewLimits{claims: 9, candidates: 1}, intel.Selection{LinkList: &intel.LinkList{Page: intel.Page{First: 1}}}, "add ids"},
		{"a hub that nothing names", small(), few, intel.Selection{IDs: []string{"country:FR"}}, "ask for fewer entities or links at once"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := intel.View{MinConfidence: 1}
			if strings.HasPrefix(c.name, "a hub") {
				v.AtRevision = new(int64(46))
			}
			_, err := newReading(c.r, v, c.limits).answer(t.Context(), c.s)
			if !errors.Is(err, intel.ErrLimit) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a limit that says %q", err, c.says)
			}
		})
	}
}

func manyIDs(n int) intel.IDIn {
	var ids intel.IDIn
	for i := range n {
		ids = append(ids, fmt.Sprint("group:", i))
	}
	return ids
}

// TestReadUnderSettlesAgain: what an answer of the past holds settles again
// from the answer alone, under a view that has MinSupport only.
func TestReadUnderSettlesAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := dice{rt}
		m := d.history()
		v := d.view(m.last.Revision)
		a, err := readUnder(t.Context(), m, v, intel.Selection{IDs: worldIDs, Node: intel.NodeSelection{Values: true, Evidence: true}})
		if err != nil {
			rt.Fatal(err)
		}
		for _, n := range a.Nodes {
			facts := intel.Compact(intel.Settle(intel.Gather(n.Evidence, a.Sources, intel.View{}), v.MinSupport))
			want, got := fmt.Sprint(n.Facts), fmt.Sprint(facts)
			if want != got {
				rt.Fatalf("%s settled to %s, again to %s", n.ID, want, got)
			}
		}
	})
}

// TestReadUnderFails hands on what the store says, whichever read fails.
func TestReadUnderFails(t *testing.T) {
	s := intel.Selection{IDs: []string{"group:a", "person:q"}, ClaimIDs: []string{"claim:1"}, SourceIDs: []string{"source:1"}, SourceClaims: []intel.ClaimSelection{{Key: "c"}},
		LinkIDs: []string{"agency:i|LED|operation:n", "no link"}, List: &intel.List{Page: intel.Page{First: 9}, Order: []intel.Order{{By: intel.OrderChanged}}}, Node: below("c", "OPERATES_IN", intel.Out, intel.NodeSelection{})}
	for after := range 100 {
		m := small()
		_, err := newReading(&failing{memGraph: m, after: after}, intel.View{AtRevision: new(int64(46))}, tightLimits()).answer(t.Context(), s)
		switch {
		case err == nil && after > 8:
			return
		case !errors.Is(err, intel.ErrUnavailable):
			t.Fatalf("after %d reads: got %v", after, err)
		}
	}
	t.Fatal("never came to an end")
}

// failing is a store that goes away after some reads.
type failing struct {
	*memGraph
	after int
}

func (f *failing) gone() error {
	if f.after--; f.after < 0 {
		return intel.ErrUnavailable
	}
	return nil
}

func (f *failing) Meta(ctx context.Context) (intel.Meta, error) {
	m, _ := f.memGraph.Meta(ctx)
	return m, f.gone()
}

func (f *failing) Collect(ctx context.Context, n intel.Need) (*intel.WorkingSet, error) {
	if err := f.gone(); err != nil {
		return nil, err
	}
	return f.memGraph.Collect(ctx, n)
}

func (f *failing) Select(ctx context.Context, s intel.Selection) (*intel.Answer, error) {
	if err := f.gone(); err != nil {
		return nil, err
	}
	return f.memGraph.Select(ctx, s)
}

func (f *failing) Mentioned(ctx context.Context, kinds []intel.Kind, after string, limit int) ([]string, error) {
	if err := f.gone(); err != nil {
		return nil, err
	}
	return f.memGraph.Mentioned(ctx, kinds, after, limit)
}
