package sqlite

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dragnet/internal/intel"
)

// TestCandidates holds that a list is the same whether it is walked in its order
// or made of candidates: two handles on one file differ in nothing else. The
// suite holds the walk against the model.
func TestCandidates(t *testing.T) {
	walks := fresh(t)
	batch := worldOf(t, 1, 300)
	for i, l := range batch.Links { // some are known by the names of others
		batch.Links = append(batch.Links, plainLink(intel.KnownAs, l.From, batch.Links[i/2].From))
	}
	putAll(t, walks, batch)
	picks := at(t, walks.path)
	picks.manyEntities = -1
	name := batch.Records[0].Name
	filters := append([]struct {
		name   string
		filter intel.Filter
	}{
		{"name", intel.TextIs{Field: intel.FieldName, Values: []string{name, batch.Records[6].Name}}},
		{"begins", intel.TextIs{Field: intel.FieldNameKey, Op: intel.HasPrefix, Values: []string{batch.Records[0].NameKey[:3]}}},
		{"alias", intel.TextIs{Field: intel.FieldAlias, Values: []string{name}}},
		{"either", intel.Any{intel.IDIn{batch.Records[4].ID}, intel.TextIs{Field: intel.FieldAlias, Values: []string{name}}}},
		{"years", intel.RangeIs{Property: "firstSeen", Lo: ptr(intel.MustDate("2000").First()), Hi: ptr(intel.MustDate("2004").Last())}},
		{"not before", intel.RangeIs{Property: "firstSeen", Lo: ptr(intel.MustDate("2010-06").First())}},
	}, filterCases...)
	orders := [][]intel.Order{nil, {{By: intel.OrderName, Desc: true}}, {{By: intel.OrderChanged}}, {{By: "firstSeen", Desc: true}, {By: intel.OrderName}}}
	found := 0
	for _, f := range filters {
		for i, order := range orders {
			var after *intel.Position
			for page := 0; ; page++ {
				sel := intel.Selection{List: &intel.List{Where: f.filter, Order: order, Page: intel.Page{First: 7, After: after, Count: true}}}
				want, got := selected(t, walks, sel), selected(t, picks, sel)
				if d := cmp.Diff(want.List, got.List, cmp.AllowUnexported(intel.PartialDate{}), cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("%s, order %d, page %d (- walked, + picked):\n%s", f.name, i, page, d)
				}
				found += len(want.List.Nodes)
				if !want.List.More {
					break
				}
				after = &want.List.Positions[len(want.List.Positions)-1]
			}
		}
	}
	if found < 500 {
		t.Errorf("the filters found %d only", found)
	}
}

// TestNarrowHub holds that a filtered page of a hub is the same whether it is
// walked or begun at the candidates.
func TestNarrowHub(t *testing.T) {
	s := fresh(t)
	batch := worldOf(t, 1, 900)
	center := batch.Links[0].To
	for i := range batch.Links {
		batch.Links[i] = plainLink("OPERATES_IN", batch.Links[i].From, center)
	}
	putAll(t, s, batch)
	some := intel.IDIn{batch.Records[0].ID, batch.Records[40].ID, batch.Records[80].ID, "group:nobody"}
	for name, sel := range map[string]intel.LinkSelection{
		"ids":        {Link: intel.LinkFilter{IDs: some}},
		"where":      {Where: some},
		"downwards":  {Where: some, Order: []intel.Order{{By: intel.OrderName, Desc: true}}},
		"by a value": {Where: some, Order: []intel.Order{{By: "firstSeen"}}},
	} {
		sel.Key, sel.Ends = "l", []intel.End{{Type: "OPERATES_IN", Direction: intel.In}}
		whole := sel
		whole.Page = intel.Page{First: 200, Count: true}
		all := hub(t, s, center, whole)
		if len(all.Edges) != 3 || all.Total != 3 || all.More {
			t.Errorf("%s: %d links of %d", name, len(all.Edges), all.Total)
			continue
		}
		var ids []string
		for after := (*intel.Position)(nil); ; {
			sel.Page = intel.Page{First: 1, After: after}
			page := hub(t, s, center, sel)
			ids = append(ids, page.Edges[0].ID)
			after = &page.Edges[0].Position
			if !page.More {
				break
			}
		}
		if got, want := fmt.Sprint(ids), fmt.Sprint([]string{all.Edges[0].ID, all.Edges[1].ID, all.Edges[2].ID}); got != want {
			t.Errorf("%s: one by one %s, at once %s", name, got, want)
		}
	}
}

func selected(t *testing.T, s *Store, sel intel.Selection) (a *intel.Answer) {
	t.Helper()
	view(t, s, func(r *reader) {
		var err error
		if a, err = r.Select(t.Context(), sel); err != nil {
			t.Fatal(err)
		}
	})
	return a
}

func hub(t *testing.T, s *Store, id string, sel intel.LinkSelection) *intel.LinkPage {
	t.Helper()
	return selected(t, s, intel.Selection{IDs: []string{id}, Node: intel.NodeSelection{Links: []intel.LinkSelection{sel}}}).Nodes[0].Links["l"]
}

func plainLink(typ intel.LinkType, from, to string) *intel.Link {
	return &intel.Link{ID: intel.LinkID(typ, from, to), Type: typ, From: from, To: to, Support: 500_000, Origins: 1, Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}}
}
