package gen_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dragnet/bench/gen"
	"dragnet/internal/intel"
)

const size = 4_000

func newGraph(t *testing.T) *gen.Graph {
	t.Helper()
	g, err := gen.New(1, size)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestClaims holds every claim against what the domain allows and what Claims
// promises.
func TestClaims(t *testing.T) {
	g := newGraph(t)
	ids, number := map[string]bool{}, map[string]int{}
	for i := range g.Len() {
		id := g.ID(i)
		if kept, err := intel.ParseEntityID(id); err != nil || kept != id {
			t.Fatalf("id %q: kept as %q, %v", id, kept, err)
		}
		if _, twice := number[id]; twice {
			t.Fatalf("id %q comes twice", id)
		}
		number[id] = i
		claims := g.Claims(i)
		if len(claims) == 0 || claims[0].Property != intel.PropName {
			t.Fatalf("%s has no name", id)
		}
		for _, c := range claims {
			if ids[c.ID] || c.ID != c.HashID() || c.Subject != id {
				t.Fatalf("claim %+v of %s comes twice, or is not its own", c, id)
			}
			ids[c.ID] = true
			if c.IsLink() {
				checkLink(t, c, number)
			} else if info := c.Property.Info(); info == nil || !info.Of(intel.KindOf(id)) || info.Type != c.Value.Type {
				t.Fatalf("claim %+v does not suit %s", c, id)
			}
		}
	}
}

func checkLink(t *testing.T, c *intel.Claim, number map[string]int) {
	t.Helper()
	if ok, _ := c.LinkType.Allows(intel.KindOf(c.Subject), intel.KindOf(c.Object)); !ok {
		t.Fatalf("%s may not join its ends", c.LinkID())
	}
	if from, _ := c.LinkType.Orient(c.Subject, c.Object); from != c.Subject {
		t.Fatalf("%s belongs to its other end", c.LinkID())
	}
	if _, earlier := number[c.Object]; !earlier && !strings.HasPrefix(c.Object, "person:unnamed-") || c.Object == c.Subject {
		t.Fatalf("%s leads to what is not there yet", c.LinkID())
	}
}

func TestSame(t *testing.T) {
	a, b := newGraph(t), newGraph(t)
	for _, i := range []int{0, 31, 700, 701, 3_999} {
		if d := cmp.Diff(b.Claims(i), a.Claims(i), cmpopts.EquateComparable(intel.PartialDate{})); d != "" {
			t.Errorf("entity %d differs between two runs:\n%s", i, d)
		}
	}
	other, err := gen.New(2, size)
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(other.Claims(700), a.Claims(700), cmpopts.EquateComparable(intel.PartialDate{})) {
		t.Error("another seed gives the same entity")
	}
}

// TestShape holds the graph to what the package promises of it.
func TestShape(t *testing.T) {
	g := newGraph(t)
	degree, links, claims, denials := map[string]int{}, map[string]bool{}, 0, 0
	for i := range g.Len() {
		for _, c := range g.Claims(i) {
			claims++
			if c.Stance == intel.Denies {
				denials++
			}
			if id := c.LinkID(); id != "" && !links[id] {
				links[id] = true
				degree[c.Subject]++
				degree[c.Object]++
			}
		}
	}
	largest := 0
	var countries []int
	for id, n := range degree {
		largest = max(largest, n)
		if intel.KindOf(id) == intel.KindCountry {
			countries = append(countries, n)
		}
	}
	slices.Sort(countries)
	slices.Reverse(countries)
	t.Logf("%d entities, %d links, %d claims (%d denials), largest degree %d, countries %v", g.Len(), len(links), claims, denials, largest, countries[:5])
	for _, c := range []struct {
		what         string
		is, from, to float64
	}{
		{"links per entity", float64(len(links)) / size, 4, 6},
		{"claims per entity", float64(claims) / size, 6, 14},
		{"share of the largest country", float64(countries[0]) / size, 0.07, 0.12},
		{"share of denials", float64(denials) / float64(claims), 0.005, 0.05},
	} {
		if c.is < c.from || c.is > c.to {
			t.Errorf("%s: %.3f, want %.3f to %.3f", c.what, c.is, c.from, c.to)
		}
	}
}

func TestSources(t *testing.T) {
	g := newGraph(t)
	seen := map[string]bool{}
	derived := 0
	for s := range g.Sources() {
		d := g.Source(s)
		if kept, err := intel.ParseSourceID(d.ID); err != nil || kept != d.ID {
			t.Fatalf("id %q: kept as %q, %v", d.ID, kept, err)
		}
		for _, p := range d.DerivedFrom {
			if !seen[p] {
				t.Fatalf("%s derives from %s, which does not come before it", d.ID, p)
			}
		}
		derived += min(1, len(d.DerivedFrom))
		seen[d.ID] = true
	}
	if len(seen) != g.Sources() || derived < g.Sources()/6 {
		t.Errorf("%d sources, %d of them derived, want %d and at least a sixth", len(seen), derived, g.Sources())
	}
}
