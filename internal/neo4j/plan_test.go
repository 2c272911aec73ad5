package neo4j

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/neo4jtest"
)

// TestPlans lets the server plan every statement there is on a filled graph,
// with batches of full size, and finds none that walks over everything.
func TestPlans(t *testing.T) {
	s := fresh(t, neo4jtest.URI(t))
	fill(t, s, 3000)
	many := make([]string, 5000)
	for i := range many {
		many[i] = group(i)
	}
	lists := func(names ...string) map[string]any {
		out := map[string]any{"history": false, "anyType": false, "touchingTypes": []any{}, "except": []any{}}
		for _, n := range names {
			out[n] = anys(many)
		}
		return out
	}
	need := map[string]any{"need": lists("claimIDs", "subjects", "links", "from", "touching", "claimsOf", "records", "linkRows", "fromRows", "sources", "dependents", "mentions", "mentioning"), "limit": 10, "first": 10}
	batch := map[string]any{"batch": lists("dropLinks", "dropRecords", "records", "links", "sources", "claims", "events", "versions", "reweighed"), "meta": map[string]any{}}
	page := map[string]any{"after": "group:some-group-0000100", "end": beyond, "limit": 1000, "prefix": group(100) + "|", "since": int64(3), "until": int64(9), "revision": int64(3)}
	ids := map[string]any{"ids": anys(many)}
	keys := []any{}
	for _, k := range many {
		keys = append(keys, []any{k, k})
	}
	search := map[string]any{"listed": []any{[]any{"=x", `"=x"`}}, "prefixes": anys(many), "words": anys(many), "kinds": []any{}, "limit": int64(9)}
	for _, column := range termColumns {
		search[column] = anys(many)
	}
	type statement struct {
		text   string
		params map[string]any
	}
	all := map[string]statement{
		"Meta": {readMeta, nil}, "Names": {readNames, map[string]any{"keys": keys}}, "Mentioned": {readMentioned, page}, "Changes": {readChanges, page}, "Touched": {readTouched, page}, "revision": {readRevision, page},
		"Named": {named([]string{"Entity"}), search}, "Named of kinds": {named([]string{"Group", "Alias"}), search},
		"Scan claims": {scanClaims, page}, "Scan sources": {scanSources, page}, "Scan entities": {scanEntities, page}, "Scan links": {scanLinks, page},
		"Collect claims": {collectClaims, need}, "Collect mentioning": {collectMentioning, need}, "Collect rows": {collectRows, need}, "Collect mentions": {collectMentions, need},
		"Put settled": {putSettled, batch}, "Put claims": {putClaims, batch}, "rename": {renameEnds, ids}, "derive": {deriveSources, ids},
		"lock": {lockMeta, map[string]any{"token": ""}}, "token": {readToken, nil},
	}
	for _, s := range shapes() {
		q := compile(s.sel)
		all["Select "+s.name] = statement(q)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, s, all[name].text, all[name].params)
			for _, step := range steps(plan) {
				if walksOverAll(name, step) {
					t.Errorf("the plan has the step %s:\n%s", step, plan)
				}
			}
		})
	}
}

var stepOf = regexp.MustCompile(`(?m)^\|[ |]*[+*]([A-Za-z()]+) .*$`)

// steps are the lines of a plan that name an operator.
func steps(plan string) []string {
	return stepOf.FindAllString("|"+strings.ReplaceAll(plan, "\n", "\n|"), -1)
}

// walksOverAll says that a step looks at every node or relationship of a label
// or type. Lists walk the index of their order, and stop where the page is
// full; totals of filtered lists have to count.
func walksOverAll(name, step string) bool {
	total := strings.HasPrefix(name, "Select list") || strings.HasPrefix(name, "Select sources") || strings.HasPrefix(name, "Select claims as roots")
	switch {
	case strings.Contains(step, "RelationshipIndexScan") && strings.Contains(step, "(fromKey, toSort, toKey)") && strings.HasPrefix(name, "Select links as roots"):
		return false
	case strings.Contains(step, "AllNodesScan"), strings.Contains(step, "RelationshipsScan"), strings.Contains(step, "RelationshipTypeScan"), strings.Contains(step, "RelationshipIndexScan"):
		return true
	case strings.Contains(step, "NodeByLabelScan"), strings.Contains(step, "NodeIndexScan"):
		return !total
	}
	return false
}

// explain gives the plan as the server draws it.
func explain(t *testing.T, s *Store, statement string, params map[string]any) string {
	t.Helper()
	ctx := t.Context()
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer func() { _ = session.Close(ctx) }()
	result, err := session.Run(ctx, "EXPLAIN "+statement, params)
	if err != nil {
		t.Fatal(err)
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		t.Fatal(err)
	}
	drawn, _ := summary.Plan().Arguments()["string-representation"].(string)
	if len(steps(drawn)) == 0 {
		t.Fatalf("no plan came:\n%s", drawn)
	}
	return drawn
}

// TestHubPlan finds a page of a hub's links read off the index of its order: in
// a store that has hubs, since the planner goes by what it has counted.
func TestHubPlan(t *testing.T) {
	s := fresh(t, neo4jtest.URI(t))
	fill(t, s, 4000)
	for _, shape := range shapes() {
		if !strings.HasPrefix(shape.name, "hub") {
			continue
		}
		q := compile(shape.sel)
		plan := explain(t, s, q.text, q.params)
		if !strings.Contains(plan, "RelationshipIndexSeek") {
			t.Errorf("%s: no index is used:\n%s", shape.name, plan)
		}
		if shape.name != "hub down" && regexp.MustCompile(`\bTop\b|\bSort\b`).MatchString(plan) {
			t.Errorf("%s: the index's order is lost:\n%s", shape.name, plan)
		}
	}
}
