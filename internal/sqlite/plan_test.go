package sqlite

import (
	"strings"
	"testing"

	"dragnet/internal/intel"
)

// plan gives what SQLite says it does for a statement, a line a step.
func plan(t *testing.T, r *reader, query string, args []value) string {
	t.Helper()
	st, _, err := r.c.PrepareTransient("EXPLAIN QUERY PLAN " + query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = st.Finalize() }()
	(&stmt{Stmt: st}).bind(1, args...)
	var steps []string
	for {
		more, err := st.Step()
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return strings.Join(steps, "\n")
		}
		steps = append(steps, st.ColumnText(3))
	}
}

func view(t *testing.T, s *Store, do func(*reader)) {
	t.Helper()
	err := s.View(t.Context(), func(r intel.Reader) error {
		do(r.(*reader))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlans holds that lists, pages at any depth and hubs are read from an index
// in its order.
func TestPlans(t *testing.T) {
	const lastTerm = "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"
	after := func(keys ...intel.SortValue) *intel.Position { return &intel.Position{Keys: keys, ID: "group:m"} }
	cases := []struct {
		name  string
		query func(*walk) *query
		want  string   // a step
		but   []string // steps allowed that would be faults otherwise
	}{
		{"hub by name", linksOf(intel.LinkSelection{}), "SEARCH d USING PRIMARY KEY (here=? AND type=? AND dir=?)", nil},
		{"hub by name after", linksOf(intel.LinkSelection{Page: intel.Page{After: after(intel.SortValue{Text: "m"})}}), "SEARCH d USING PRIMARY KEY (here=? AND type=? AND dir=? AND there_sort>?)", nil},
		{"hub by name, downwards, after", linksOf(intel.LinkSelection{Order: []intel.Order{{By: intel.OrderName, Desc: true}}, Page: intel.Page{After: after(intel.SortValue{Text: "m"})}}),
			"SEARCH d USING PRIMARY KEY (here=? AND type=? AND dir=? AND there_sort<?)", nil},
		{"list by name", listOf(nil, nil), "SEARCH e USING INDEX entity_by_name (kind=? AND sort_key>?)", nil},
		{"list by name after", listOf(nil, after(intel.SortValue{Text: "m"})), "SEARCH e USING INDEX entity_by_name (kind=? AND sort_key>?)", nil},
		{"list by name, downwards, after", listOf([]intel.Order{{By: intel.OrderName, Desc: true}}, after(intel.SortValue{Text: "m"})), "SEARCH e USING INDEX entity_by_name (kind=? AND sort_key>? AND sort_key<?)", []string{lastTerm}},
		{"list by change after", listOf([]intel.Order{{By: intel.OrderChanged}}, after(intel.SortValue{Int: 5})), "SEARCH e USING INDEX entity_by_change (kind=? AND revision>?)", nil},
		{"list by a property after", listOf([]intel.Order{{By: "victims"}}, after(intel.SortValue{Int: 5})), "SEARCH k0 USING PRIMARY KEY (kind=? AND property=? AND lo>?)", nil},
		{"list by a property among those without", listOf([]intel.Order{{By: "victims"}}, after(intel.SortValue{Null: true})), "SEARCH e USING INDEX sqlite_autoindex_entity_1 (id>? AND id<?)", nil},
		{"claims about an entity", claimsOf(claimsAbout, 1), "SEARCH c USING INDEX claim_by_subject (subject=? AND no>?)", nil},
		{"claims of a source", claimsOf(claimsSaying, 1), "SEARCH c USING INDEX claim_by_source (source=? AND no>?)", nil},
		{"all claims", claimsOf(allClaims(&intel.ClaimFilter{}), 0), "SEARCH c USING INTEGER PRIMARY KEY (rowid>?)", nil},
		{"all links after", func(w *walk) *query {
			l := &intel.LinkList{Page: intel.Page{First: 9, After: &intel.Position{ID: "group:m", Link: "group:m|USES|tool:a"}}}
			return w.linkListPage(l, linkPart{intel.KindGroup, []intel.LinkType{"USES"}}, 10)
		}, "SEARCH f USING COVERING INDEX sqlite_autoindex_entity_1 (id>? AND id<?)", []string{lastTerm}},
		{"links of entities", func(w *walk) *query {
			return w.linkListPage(&intel.LinkList{Where: intel.LinkFilter{IDs: []string{"group:m"}}}, linkPart{}, 10)
		}, "SEARCH f USING COVERING INDEX sqlite_autoindex_entity_1 (id=?)", []string{"USE TEMP B-TREE FOR ORDER BY", "USE TEMP B-TREE FOR DISTINCT"}},
		{"claims of a link", claimsOf(claimsOnLink, 3), "SEARCH c USING INDEX claim_by_link (subject=? AND type=? AND object=? AND rowid>?)", nil},
	}
	s := fresh(t)
	view(t, s, func(r *reader) {
		w := &walk{reader: r}
		if err := w.reread(); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			q := c.query(w)
			got := plan(t, r, q.text.String(), q.args)
			if !strings.Contains(got, c.want) {
				t.Errorf("%s: no step %q in\n%s", c.name, c.want, got)
			}
			for _, step := range strings.Split(got, "\n") {
				fault := strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE")
				for _, b := range c.but {
					fault = fault && step != b
				}
				if fault {
					t.Errorf("%s: %s", c.name, step)
				}
			}
		}
	})
}

func linksOf(sel intel.LinkSelection) func(*walk) *query {
	return func(w *walk) *query { return w.query().linkPage(&sel, nil) }
}

func listOf(order []intel.Order, after *intel.Position) func(*walk) *query {
	return func(w *walk) *query {
		p := &listPlan{List: &intel.List{Order: order, Page: intel.Page{First: 10, After: after}}, keys: keysOf(order)}
		stage := 0
		for skip := true; skip; stage++ {
			_, skip = p.startOf(stage)
		}
		return w.stageQuery(p, 1, stage-1, after, 11)
	}
}

func claimsOf(from string, ids int) func(*walk) *query {
	return func(w *walk) *query {
		return w.query().claimPage(&intel.ClaimSelection{Page: intel.Page{First: 10}}, 7, from, make([]value, ids))
	}
}

// TestNoScans runs every read and looks at the plans of all statements that it
// prepared: only those over a handful of rows may scan.
func TestNoScans(t *testing.T) {
	allowed := []string{"SCAN meta", "SCAN word", "SCAN population", "SCAN CONSTANT ROW", "SCAN json_each VIRTUAL TABLE", "SCAN found", "SCAN s USING COVERING INDEX", "SCAN s USING INDEX source_by"}
	s := fresh(t)
	putAll(t, s, worldOf(t, 1, 20))
	view(t, s, func(r *reader) {
		readAll(t, r)
		for query := range r.c.statements {
			if !strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "WITH") {
				continue
			}
		steps:
			for _, step := range strings.Split(plan(t, r, query, nil), "\n") {
				for _, a := range allowed {
					if strings.HasPrefix(step, a) {
						continue steps
					}
				}
				if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN (subquery") {
					t.Errorf("%s\n\t%s", query, step)
				}
			}
		}
	})
}

// readAll asks for everything once, in every way.
func readAll(t *testing.T, r intel.Reader) {
	t.Helper()
	ctx := t.Context()
	a, err := r.Select(ctx, intel.Selection{List: &intel.List{Page: intel.Page{First: 100, Count: true}}, SourceList: &intel.SourceList{Page: intel.Page{First: 10, Count: true}}})
	if err != nil {
		t.Fatal(err)
	}
	var ids, claims, links []string
	for _, n := range a.List.Nodes {
		ids = append(ids, n.ID)
	}
	sources := []string{a.SourceList.Sources[0].ID}
	ws, err := r.Scan(ctx, intel.PartLinks, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range ws.Links {
		links = append(links, l.ID)
	}
	for _, p := range []intel.Part{intel.PartClaims, intel.PartEntities, intel.PartSources} {
		ws, err := r.Scan(ctx, p, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range ws.Claims {
			claims = append(claims, c.ID)
		}
	}
	pages := []intel.ClaimSelection{{Key: "c", Page: intel.Page{First: 5, Count: true}}}
	for _, order := range [][]intel.Order{nil, {{By: intel.OrderChanged}}, {{By: "firstSeen"}, {By: intel.OrderName}}} {
		node := intel.NodeSelection{Values: true, Evidence: true, Counts: true, Claims: pages, Sources: []intel.SourceSelection{{Key: "s", Page: intel.Page{First: 5}}},
			Links: []intel.LinkSelection{{Key: "l", Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Both}}, Order: order, Where: intel.IsStub(false), Page: intel.Page{First: 5, Count: true}, Evidence: true, Claims: pages}}}
		if _, err := r.Select(ctx, intel.Selection{IDs: ids, Node: node, List: &intel.List{Order: order, Page: intel.Page{First: 5}}, LinkIDs: links, ClaimIDs: claims, SourceIDs: sources, SourceClaims: pages}); err != nil {
			t.Fatal(err)
		}
	}
	need := intel.Need{ClaimIDs: claims, Subjects: ids, Links: links, From: []intel.FromNeed{{From: ids[0], Type: "OPERATES_IN"}}, Touching: ids, TouchingTypes: []intel.LinkType{"OPERATES_IN"}, ClaimsOf: sources,
		Mentioning: ids, FirstMentions: 2, Records: ids, LinkRows: links, FromRows: []intel.FromNeed{{From: ids[0], Type: "OPERATES_IN"}}, Sources: sources, Dependents: sources, Mentions: ids, Except: claims}
	if _, err := r.Collect(ctx, need); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Names(ctx, []string{"amber raven 1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Mentioned(ctx, []intel.Kind{intel.KindGroup}, "", 5); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Changes(ctx, 0, 5); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Touched(ctx, 0, 5); err != nil {
		t.Fatal(err)
	}
}
