package graph

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"dragnet/internal/everystore"
)

// spreads makes a query of n fragments, each spreading the next one twice.
func spreads(n int) string {
	var b strings.Builder
	b.WriteString(`{ group(id: "group:x") { ...f0 ...f0 } }`)
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Group { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Group { name }", n)
	return b.String()
}

func nested(n int, field string) string {
	return "{" + strings.Repeat(field+"{", n) + "id" + strings.Repeat("}", n) + "}"
}

// attacks are queries that would take long to validate or to answer. The code
// is that of the refusal.
var attacks = map[string]struct {
	query, variables, code string
}{
	"66 KB of overlapping fields": {query: "{" + strings.Repeat("a ", 33_000) + "}", code: codeLimit},
	"63 KB of overlapping fields": {query: "{" + strings.Repeat("a ", 31_500) + "}", code: codeLimit},
	"3,900 overlapping fields":    {query: `{ group(id: "group:x") {` + strings.Repeat("name ", 3_900) + "} }", code: codeLimit},
	"overlapping fields with selections": {
		query: `{ group(id: "group:x") {` + strings.Repeat("aliases{nodes{name}}", 450) + "} }", code: codeLimit,
	},
	"fragment spreads, 25 deep":  {query: spreads(25), code: codeLimit},
	"fragment spreads, 45 deep":  {query: spreads(45), code: codeLimit},
	"10,000 aliases":             {query: "{" + manyOf(10_000, "a%d: __typename ") + "}", code: codeLimit},
	"900 aliases":                {query: "{ service {" + manyOf(900, "a%d: name ") + "} }", code: codeLimit},
	"500 levels":                 {query: nested(500, "a"), code: codeLimit},
	"1,200 levels":               {query: nested(1_200, "a"), code: codeInput}, // the parser's own bound
	"5 MB of text":               {query: `{ group(id: "` + strings.Repeat("x", 5<<20) + `") { name } }`, code: codeLimit},
	"5 MB of white space":        {query: "{" + strings.Repeat(" ", 5<<20) + "}", code: codeLimit},
	"10,000 lists in lists":      {query: `{ nodes(ids: ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `) { id } }`, code: codeLimit},
	"500 lists in lists":         {query: `{ nodes(ids: ` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `) { id } }`, code: codeLimit},
	"500 objects in objects":     {query: `{ groups(where: ` + strings.Repeat("{not:", 500) + "{}" + strings.Repeat("}", 500) + `) { totalCount } }`, code: codeLimit},
	"31 root fields":             {query: "{" + manyOf(31, "a%d: service { name } ") + "}", code: codeLimit},
	"51 fragments":               {query: "{ service { name } }" + manyOf(51, " fragment f%d on Service { name }"), code: codeLimit},
	"a long alias":               {query: "{ " + strings.Repeat("x", 60_000) + ": __typename }", code: codeLimit},
	"pages of 200 in pages":      {query: page(200, page(200, page(200, ""))), code: codeLimit},
	"pages by a variable":        {query: `query($n: Int = 200) {` + strings.ReplaceAll(page(200, page(200, page(200, "")))[1:], "200", "$n"), code: codeLimit},
	"pages by a given variable":  {query: `query($n: Int) {` + strings.ReplaceAll(page(200, page(200, page(200, "")))[1:], "200", "$n"), variables: `{"n": 200}`, code: codeLimit},
	"pages in fragments":         {query: `{ groups(first: 200) { nodes { ...f } } } fragment f on Group { parts(first: 200) { nodes { ...g } } } fragment g on Group { parts(first: 200) { nodes { name } } }`, code: codeLimit},
	"the schema times itself":    {query: `{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`, code: codeLimit},
	"the schema many times":      {query: "{" + manyOf(20, "a%d: __schema { types { fields { args { type { name } } } } } ") + "}", code: codeLimit},
	"a number beyond all bounds": {query: `{ operations(where: {arrests: {gte: ` + strings.Repeat("9", 400) + `}}) { totalCount } }`, code: codeInput},
	"a filter in variables":      {query: `query($w: GroupFilter) { groups(where: $w) { totalCount } }`, variables: `{"w": ` + strings.Repeat(`{"not":`, 300) + "{}" + strings.Repeat("}", 300) + "}", code: codeLimit},
	"many conditions":            {query: `query($w: GroupFilter) { groups(where: $w) { totalCount } }`, variables: `{"w": {"or": [` + strings.Repeat(`{"stub": true},`, 5_000) + `{}]}}`, code: codeLimit},
	"many values":                {query: `query($v: [String!]) { groups(where: {name: {in: $v}}) { totalCount } }`, variables: `{"v": [` + strings.Repeat(`"x",`, 5_000) + `"x"]}`, code: codeLimit},
	"a cycle of fragments":       {query: `{ service { ...f } } fragment f on Service { ...g } fragment g on Service { ...f name }`, code: codeInput},
	"errors without end":         {query: "{ service {" + manyOf(1_500, "no%d ") + "} }", code: codeInput},
}

func manyOf(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// page asks for groups, or below that for parts of groups.
func page(first int, below string) string {
	if below == "" {
		return fmt.Sprintf("{ groups(first: %d) { nodes { name } } }", first)
	}
	below = strings.Replace(strings.Trim(below, "{} "), "groups", "parts", 1)
	return fmt.Sprintf("{ groups(first: %d) { nodes { %s", first, below) + strings.Repeat("}", strings.Count(below, "{")-strings.Count(below, "}")) + " } } }"
}

// TestAttacks sees to it that each is refused before it is validated or read,
// with little work and in few words.
func TestAttacks(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	w.get(`{ group(id: "group:x") { name } }`, "")
	for name, a := range attacks {
		t.Run(name, func(t *testing.T) {
			w.t = t
			calls := w.store.views.Load()
			r := w.ask(a.query, a.variables)
			if len(r.Errors) == 0 {
				t.Fatalf("was answered: %s", clip(string(r.Data), 300))
			}
			body, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if len(body) > 20_000 {
				t.Errorf("the refusal has %d bytes", len(body))
			}
			if code := r.Errors[0].Extensions["code"]; code != a.code {
				t.Errorf("refused with %v, want %s: %s", code, a.code, r.Errors[0].Message)
			}
			if n := w.store.views.Load() - calls; n != 0 {
				t.Errorf("the store was asked %d times", n)
			}
			if w.logs.Len() > 0 {
				t.Errorf("logged: %s", w.logs)
			}
		})
	}
}

// TestRefusalsAreCheap counts what is looked at before a refusal: no more than
// a small multiple of the query's tokens, whatever its shape.
func TestRefusalsAreCheap(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	for name, a := range attacks {
		if moreTokens(a.query, w.opts.Limits.Tokens) {
			continue
		}
		doc, err := parser.ParseQuery(&ast.Source{Input: a.query})
		if err != nil {
			continue
		}
		c := newCount(w.schema, doc, nil, w.opts.Limits)
		_ = c.document()
		_ = c.operation("")
		if most := 2 * w.opts.Limits.Tokens; c.looked > most {
			t.Errorf("%s: %d selections and values were looked at, at most %d should be", name, c.looked, most)
		}
	}
}

func TestIntrospectionPasses(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	// introspection.Query is what GraphiQL and most tools ask.
	got := w.get(introspection.Query, "")
	if !strings.Contains(got, `"name": "Group"`) {
		t.Error("the answer knows no Group")
	}
	if strings.Contains(got, `"name": "defer"`) {
		t.Error("the answer offers @defer, which no transport here carries")
	}
	closed := newWorld(t, everystore.SQLite, Options{NoIntrospection: true})
	r := closed.ask(introspection.Query, "")
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeInput || r.Data != nil {
		t.Errorf("introspection that is off: %s", pretty(t, r))
	}
	closed.get("{ service { __typename name } }", "")
}

func TestWhatLimitsCount(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	for query, want := range map[string]int64{
		`{ service { name } }`:              1,
		`{ group(id: "group:x") { name } }`: 1,
		`{ groups { nodes { name } } }`:     25,
		`{ groups(first: 10) { nodes { parts(first: 10) { nodes { name } } } } }`:                                                             10 * (1 + 10),
		`{ groups(first: 10) { edges { node { name } link { type } cursor } } }`:                                                              10 * (1 + 1 + 1),
		`{ groups(first: 10) { totalCount } }`:                                                                                                0,
		`{ group(id: "group:x") { facts { alternatives { support } } } }`:                                                                     1 + 3*(1+3),
		`{ nodes(ids: ["group:x", "group:y"]) { id } }`:                                                                                       2,
		`{ group(id: "group:x") { ...f } } fragment f on Group { parts(first: 7) { ...g } } fragment g on GroupConnection { nodes { name } }`: 1 + 7,
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		if err != nil {
			t.Fatal(err)
		}
		c := newCount(w.schema, doc, nil, w.opts.Limits)
		if got := c.cost(doc.Operations[0].SelectionSet, w.schema.Query, false); got != want {
			t.Errorf("%s counts %d objects, want %d", query, got, want)
		}
	}
}

func TestErrorsAreCut(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	r := w.ask("{ service {"+manyOf(100, "no%d ")+"} }", "")
	if len(r.Errors) != 20 || r.Extensions["errorsLeftOut"] != 80 {
		t.Errorf("%d errors, extensions %v", len(r.Errors), r.Extensions)
	}
}

func TestServiceListsLimits(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	var got struct {
		Service struct {
			Limits []struct {
				Name, Description string
				Value             int64
			}
		}
	}
	if err := json.Unmarshal([]byte(w.get("{ service { limits { name value description } } }", "")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Service.Limits) != len(w.opts.Limits.list()) {
		t.Fatalf("%d limits", len(got.Service.Limits))
	}
	seen := map[string]bool{}
	for _, l := range got.Service.Limits {
		if l.Name == "" || seen[l.Name] || l.Value <= 0 || l.Description == "" {
			t.Errorf("%+v", l)
		}
		seen[l.Name] = true
	}
}
