package graph

import (
	"encoding/json"
	"strings"
	"testing"

	"dragnet/internal/everystore"
)

// TestStoreCalls counts the reads of a query: one for the root field whatever
// its depth, and one for each crossing.
func TestStoreCalls(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	w.get(`{ group(id: "group:opera1er") { id } }`, "") // the epoch is asked for once
	for _, c := range []struct {
		name, query string
		reads       int64
	}{
		{"the query of issue 3", `{ group(id: "group:opera1er") { name aliases { nodes { name } } proceeds { text support claim { locator source { reliability } } } operatesIn { nodes { id name } } targetedBy { nodes { name agencies { nodes { name } edges { link { type support } } } firms { nodes { name } } } } } }`, 1},
		{"ten levels", `{ country(id: "country:CI") { basedHere(first: 2) { nodes { ... on Agency { operations(first: 3) { nodes { agencies(first: 4) { nodes { operations(first: 3) { nodes { targets(first: 2) { nodes { ... on Group { members(first: 2) { nodes { arrestedIn(first: 2) { nodes { name } } } } } } } } } } } } } } } } } }`, 1},
		{"a root list with everything of an entity", `{ groups { totalCount nodes { facts { reason claims { source { title } } entity { aliases { nodes { name } } } } externalIds { sources { id } } links { nodes { from { name } to { name } sources { id } claims { nodes { source { id } subject { name } link { support } } } } edges { neighbor { name } } } linkCounts { count } sources { nodes { title } } claims { nodes { subject { name } } } } } }`, 1},
		{"links of links and their ends, in both directions", `{ operation(id: "operation:nervone") { links { nodes { from { name links(first: 2) { nodes { from { name } to { name } } } } to { name } } } } }`, 1},
		{"conditions on related entities, three deep", `{ people(where: {memberOf: {some: {targetedBy: {every: {agencies: {link: {support: {gte: 1}}}}}}}}) { totalCount nodes { memberOf(where: {within: {area: "region:002", includeBroader: true}}) { nodes { name } } } } }`, 1},
		{"two root fields", `{ a: group(id: "group:opera1er") { name } b: groups { nodes { name } } }`, 2},
		{"an id of another kind", `{ group(id: "agency:interpol") { name } }`, 0},
		{"many ids of all sorts", `{ nodes(ids: ["group:opera1er", "operation:nervone|TARGETED|group:opera1er", "source:seed-000-e6f633b0b3c9aef7"]) { ... on Group { name aliases { nodes { name } } } ... on Link { from { name } to { name } } ... on Source { title claims { nodes { locator } } } } }`, 1},
		{"sources with their claims", `{ sources { nodes { title claims { nodes { value { text } } } } } }`, 1},
		{"all claims", `{ claims { totalCount nodes { value { text } source { title } } } }`, 1},
		{"all links with their ends", `{ links { totalCount nodes { from { name aliases { nodes { name } } } to { name } claims { nodes { subject { name } } } } } }`, 1},
		{"whom claims quote", `{ group(id: "group:opera1er") { claims { nodes { saidBy { name } } } } }`, 2},
		{"whom claims quote, by id alone", `{ group(id: "group:opera1er") { claims { nodes { saidBy { id kind } } } } }`, 1},
		{"the links of claims, by id and type alone", `{ group(id: "group:opera1er") { claims { nodes { link { id type } } } } }`, 1},
		{"whom the claims of all links of all operations quote", `{ operations { nodes { firms { edges { link { claims(first: 3) { nodes { saidBy { name ... on Person { worksFor { nodes { name } } } } } } } node { facts { support } } } } } } }`, 2},
		{"three crossings side by side", `{ group(id: "group:opera1er") { claims { nodes { saidBy { name } link { support } source { claims { nodes { locator } } } } } } }`, 4},
		{"a crossing behind a crossing", `{ source(id: "source:seed-000-e6f633b0b3c9aef7") { claims { nodes { subject { claims { nodes { saidBy { name } } } } } } } }`, 3},
		{"a value's claim", `{ operations { nodes { arrests { claim { saidBy { name } } sources { origins { title } } } } } }`, 3},
		{"nothing to cross to", `{ group(id: "group:nobody") { claims { nodes { saidBy { name } } } } }`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.store.selects.Store(0)
			w.store.views.Store(0)
			w.get(c.query, "")
			if n := w.store.selects.Load(); n != c.reads {
				t.Errorf("%d reads, want %d", n, c.reads)
			}
			if n := w.store.views.Load(); n != c.reads {
				t.Errorf("%d calls of the store, want %d", n, c.reads)
			}
		})
	}
}

// TestCallsForThePast counts the reads of what became of entities: one for all
// histories at one place of an answer, one for a page of changes.
func TestCallsForThePast(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	w.get(`{ group(id: "group:opera1er") { id } }`, "")
	for query, views := range map[string]int64{
		`{ groups { nodes { name history(first: 2) { nodes { by entity { name } added { id source { title } } } } } } }`:                        2,
		`{ changes(first: 5) { nodes { by entity { name } added { id source { title } } facts { before { text } } links { link { id } } } } }`:  1,
		`{ changes(first: 5) { nodes { entity { name aliases { nodes { name } } history { nodes { revision } } } added { saidBy { id } } } } }`: 3,
	} {
		w.store.views.Store(0)
		w.get(query, "")
		if n := w.store.views.Load(); n != views {
			t.Errorf("%d calls of the store, want %d, for %s", n, views, query)
		}
	}
}

// TestPages walks through lists page by page and finds everything once, in
// order, whatever is listed.
func TestPages(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	for name, query := range map[string]string{
		"a root list":   `query($n: Int, $a: String) { list: countries(first: $n, after: $a, where: {name: {startsWith: "m"}}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
		"downwards":     `query($n: Int, $a: String) { list: countries(first: $n, after: $a, orderBy: [CHANGED_DESC, NAME_DESC], where: {name: {startsWith: "s"}}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
		"without value": `query($n: Int, $a: String) { list: operations(first: $n, after: $a, orderBy: [SEARCHES_DESC, ARRESTS_DESC]) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
		"a relation":    `query($n: Int, $a: String) { e: region(id: "region:002") { list: parts(first: $n, after: $a) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
		"links":         `query($n: Int, $a: String) { e: operation(id: "operation:nervone") { list: links(first: $n, after: $a) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
		"claims":        `query($n: Int, $a: String) { e: group(id: "group:opera1er") { list: claims(first: $n, after: $a) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
		"of a source":   `query($n: Int, $a: String) { e: source(id: "source:seed-004-351d822f294bfcb7") { list: claims(first: $n, after: $a) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
		"sources":       `query($n: Int, $a: String) { list: sources(first: $n, after: $a, orderBy: [PUBLISHED_ON_DESC, TITLE_ASC]) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
		"sources of it": `query($n: Int, $a: String) { e: agency(id: "agency:interpol") { list: sources(first: $n, after: $a) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
		"under a view":  `query($n: Int, $a: String) { list: operations(first: $n, after: $a, view: {minSupport: 10}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			whole := w.list(query, 200, "")
			if len(whole.Nodes) != whole.TotalCount || len(whole.Nodes) == 0 || whole.PageInfo.HasNextPage || whole.PageInfo.HasPreviousPage {
				t.Fatalf("%d of %d rows: %+v", len(whole.Nodes), whole.TotalCount, whole.PageInfo)
			}
			size := max(1, len(whole.Nodes)/4)
			var got []string
			after := ""
			for {
				p := w.list(query, size, after)
				if p.PageInfo.HasPreviousPage != (after != "") || p.TotalCount != whole.TotalCount {
					t.Fatalf("%+v, total %d", p.PageInfo, p.TotalCount)
				}
				for i, n := range p.Nodes {
					got = append(got, n.ID)
					if i == len(p.Nodes)-1 && p.Edges[i].Cursor != p.PageInfo.EndCursor || i == 0 && p.Edges[i].Cursor != p.PageInfo.StartCursor {
						t.Error("the page's cursors are not those of its rows")
					}
				}
				if !p.PageInfo.HasNextPage {
					break
				}
				after = p.PageInfo.EndCursor
			}
			var want []string
			for _, n := range whole.Nodes {
				want = append(want, n.ID)
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("by pages:\n%v\nat once:\n%v", got, want)
			}
		})
	}
}

type listPage struct {
	TotalCount int
	Nodes      []struct{ ID string }
	Edges      []struct{ Cursor string }
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       string
	}
}

func (w *world) list(query string, first int, after string) listPage {
	w.t.Helper()
	variables := map[string]any{"n": first}
	if after != "" {
		variables["a"] = after
	}
	text, err := json.Marshal(variables)
	if err != nil {
		w.t.Fatal(err)
	}
	var data struct {
		List *listPage
		E    struct{ List *listPage }
	}
	if err := json.Unmarshal([]byte(w.get(query, string(text))), &data); err != nil {
		w.t.Fatal(err)
	}
	if data.List != nil {
		return *data.List
	}
	return *data.E.List
}

// TestCursorsBelongToTheirQuery gives a cursor to queries that differ from its
// own in one thing each.
func TestCursorsBelongToTheirQuery(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	own := `query($n: Int, $a: String) { e: group(id: "group:opera1er") { list: uses(first: $n, after: $a, where: {name: {contains: "i"}}) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
	cursor := w.list(own, 1, "").PageInfo.EndCursor
	for name, change := range map[string][2]string{
		"field":     {"uses(", "operatesIn("},
		"filter":    {`"i"`, `"h"`},
		"no filter": {`, where: {name: {contains: "i"}}`, ""},
		"order":     {"where:", "orderBy: [NAME_DESC], where:"},
		"links":     {"where:", "linkWhere: {disputed: false}, where:"},
		"view":      {`"group:opera1er"`, `"group:opera1er", view: {minSupport: 1}`},
	} {
		q := strings.Replace(own, change[0], change[1], 1)
		r := w.ask(q, `{"n": 1, "a": "`+cursor+`"}`)
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeInput || !strings.Contains(r.Errors[0].Message, "belongs to another query") {
			t.Errorf("another %s: %s", name, pretty(t, r))
		}
	}
	// Of another entity the same field may be asked.
	if r := w.ask(strings.Replace(own, "group:opera1er", "group:other", 1), `{"n": 1, "a": "`+cursor+`"}`); len(r.Errors) != 0 {
		t.Errorf("another entity: %s", pretty(t, r))
	}
}
