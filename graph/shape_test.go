package graph

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/everystore"
)

// shapes are questions about the shape of the sample data.
var shapes = []string{
	`{ expand(ids: ["group:opera1er"]) { total returned truncatedBy nodes { id name } links { id support } omitted { type direction kind count } } }`,
	`{ expand(ids: ["operation:nervone", "country:CI"], depth: 3, limit: 7, exclude: ["agency:interpol"]) { total returned truncatedBy nodes { id } links { id } omitted { type direction kind count } endCursor } }`,
	`{ expand(ids: ["agency:interpol"], direction: OUT, linkTypes: [COORDINATED], kinds: [OPERATION]) { total nodes { id } links { id type from { name } to { name } } } }`,
	`{ expand(ids: ["region:002"], limit: 5) { total returned truncatedBy nodes { id } omitted { type direction kind count } } }`,
	`{ expand(ids: ["group:nobody"]) { total returned truncatedBy nodes { id } } }`,
	`{ linksAmong(ids: ["group:opera1er", "operation:nervone", "agency:interpol", "group:nobody"]) { id type support claims { totalCount } } }`,
	`{ paths(from: "group:opera1er", to: "agency:interpol") { found explored truncatedBy paths { hops score nodes { id name } links { id } weakest { id support } } } }`,
	`{ paths(from: "person:dmitry-volkov", to: "country:CI", maxHops: 6, limit: 10, order: STRONGEST_EVIDENCE) { found truncatedBy paths { hops score nodes { id } links { id support } weakest { id } } } }`,
	`{ paths(from: "group:opera1er", to: "agency:interpol", avoid: ["operation:nervone"], maxHops: 6) { found paths { hops nodes { id } } } }`,
	`{ paths(from: "country:FR", to: "country:CI", avoidKinds: []) { found paths { nodes { id } } } }`,
	`{ paths(from: "group:opera1er", to: "group:opera1er") { found paths { hops score nodes { id } links { id } weakest { id } } } }`,
	`{ paths(from: "group:opera1er", to: "agency:interpol", linkTypes: [KNOWN_AS]) { found explored paths { hops } } }`,
	`{ commonNeighbors(ids: ["firm:group-ib", "firm:orange"]) { score entity { id } links { id } } }`,
	`{ commonNeighbors(ids: ["operation:nervone", "operation:cyberclean"], kinds: [AGENCY]) { score entity { id } links { id } } }`,
	`{ similar(id: "operation:nervone") { score entity { id } shared { id } } }`,
	`{ similar(id: "country:CI", limit: 3) { score entity { id } shared { id } } }`,
	`{ coOccurrence(kind: OPERATION, via: [COORDINATED, TOOK_PART_IN, SUPPORTED]) { score sharedTotal left { id } right { id } shared { id } } }`,
	`{ coOccurrence(kind: AGENCY, via: [COORDINATED, LED, TOOK_PART_IN, SUPPORTED], ids: ["agency:interpol"], limit: 4) { score sharedTotal left { id } right { id } shared { id } } }`,
}

// The projection and the store give the same answers, under views that the
// projection can answer too.
func TestShapesFromBothSides(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		w := sampled(t, open)
		var queries []string
		for _, q := range shapes {
			queries = append(queries, q)
			views := []string{`{minSupport: 40}`, `{validAt: "2023"}`}
			if path.Base(t.Name()) == "neo4j" {
				views = nil // what a view leaves out is worked out above the stores
			}
			for _, v := range views {
				queries = append(queries, strings.Replace(q, ") {", ", view: "+v+") {", 1))
			}
		}
		var stored []string
		for _, q := range queries {
			stored = append(stored, w.get(q, ""))
		}
		if strings.Contains(w.get(`{ service { projection { ready } } }`, ""), "true") {
			t.Fatal("the projection is there before it was built")
		}
		if err := w.shape.Build(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, q := range queries {
			if diff := cmp.Diff(stored[i], w.get(q, "")); diff != "" {
				t.Errorf("%s\n(-from the store +from the projection):\n%s", q, diff)
			}
		}
		if s := w.get(`{ service { revision projection { ready nodes links } entities links } }`, ""); !strings.Contains(s, `"ready": true`) {
			t.Error(s)
		}
	})
}

// What is written is there at once.
func TestShapesFollowWrites(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	if err := w.shape.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	const ask = `{ paths(from: "group:opera1er", to: "tool:new", avoidKinds: []) { found revision paths { nodes { id } links { support } } } }`
	if r := w.ask(ask, ""); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeNotFound || r.Errors[0].Extensions["field"] != "to" {
		t.Errorf("before: %v", r.Errors)
	}
	const claim = `{subject: {id: "group:opera1er"}, link: {type: USES, to: {id: "tool:new"}}}`
	w.get(`mutation { assertClaims(input: {source: {id: "source:new"}, claims: [`+claim+`]}) { added } }`, "")
	after := w.get(ask, "")
	if !strings.Contains(after, "ALL_SHORTEST") {
		t.Error(after)
	}
	id := w.get(`{ group(id: "group:opera1er") { links(where: {ids: ["tool:new"]}) { nodes { claims { nodes { id } } } } } }`, "")
	_, id, _ = strings.Cut(id, `"claim:`)
	id, _, _ = strings.Cut(id, `"`)
	w.get(`mutation { retractClaims(ids: ["claim:`+id+`"], reason: "wrong") { changed } }`, "")
	if r := w.ask(ask, ""); len(r.Errors) != 1 {
		t.Errorf("after it was retracted: %s", pretty(t, r.Data))
	}
	// A source that weighs otherwise moves the support of its links.
	w.get(`mutation { putSources(input: [{id: "source:seed-000-e6f633b0b3c9aef7", title: "T", reliability: F, retrievedAt: "2026-06-01T00:00:00Z"}]) { changed } }`, "")
	var before []string
	for _, q := range shapes {
		before = append(before, w.get(q, ""))
	}
	if err := w.shape.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, q := range shapes {
		if diff := cmp.Diff(before[i], w.get(q, "")); diff != "" {
			t.Errorf("%s\n(-followed +built anew):\n%s", q, diff)
		}
	}
}

func TestShapesRefuse(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	for query, want := range map[string]string{
		`{ paths(from: "group:opera1er", to: "agency:interpol", maxHops: 7) { found } }`:             "maxHops: must be 1 to 6, not 7",
		`{ paths(from: "group:opera1er", to: "agency:interpol", limit: 0) { found } }`:               "limit: must be 1 to 100, not 0",
		`{ paths(from: "opera1er", to: "agency:interpol") { found } }`:                               "from: ",
		`{ paths(from: "group:nobody", to: "agency:interpol") { found } }`:                           "from: there is no group:nobody in the graph",
		`{ expand(ids: ["group:opera1er"], depth: 4) { total } }`:                                    "depth: must be 1 to 3, not 4",
		`{ expand(ids: ["group:opera1er"], after: "x") { total } }`:                                  "after: ",
		`{ expand(ids: ["group:opera1er"], limit: 1001) { total } }`:                                 "limit: must be 1 to 1000, not 1001",
		`{ similar(id: "group:opera1er", limit: 201) { score } }`:                                    "limit: must be 1 to 200, not 201",
		`{ linksAmong(ids: ["x"]) { id } }`:                                                          "ids[0]: ",
		`{ paths(from: "group:opera1er", to: "agency:interpol", minRevision: "other.3") { found } }`: "minRevision: ",
	} {
		r := w.ask(query, "")
		if len(r.Errors) == 0 || !strings.HasPrefix(r.Errors[0].Message, want) {
			t.Errorf("%s: %v, want %s", query, r.Errors, want)
		}
	}
}

// An expansion goes on where it stopped.
func TestExpandInParts(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	if err := w.shape.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole := w.get(`{ expand(ids: ["region:002"], depth: 2, limit: 1000) { nodes { id } } }`, "")
	seen, after := 0, "null"
	for {
		part := w.get(`{ expand(ids: ["region:002"], depth: 2, limit: 7, after: `+after+`) { endCursor nodes { id } } }`, "")
		for _, line := range strings.Split(part, "\n") {
			if strings.Contains(line, `"id"`) {
				seen++
				if !strings.Contains(whole, strings.TrimSpace(line)) {
					t.Errorf("%s is not in the whole", line)
				}
			}
		}
		_, cursor, more := strings.Cut(part, `"endCursor": "`)
		if !more {
			break
		}
		cursor, _, _ = strings.Cut(cursor, `"`)
		after = `"` + cursor + `"`
	}
	if n := strings.Count(whole, `"id"`); n != seen || n < 20 {
		t.Errorf("%d in parts, %d in the whole", seen, n)
	}
}
