package reconcile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
	"dragnet/internal/reconcile"
	"dragnet/internal/seeding"
	"dragnet/seed"
)

// sampled is the service on the sample data.
func sampled(t *testing.T, open everystore.Opener) reconcile.Service {
	t.Helper()
	cat := catalog.New(open(t), time.Now)
	t.Cleanup(cat.Close)
	if _, err := seeding.Import(t.Context(), cat, seeding.FromFS(seed.FS(), seed.Dossiers()), seeding.Options{By: "seed"}); err != nil {
		t.Fatal(err)
	}
	return reconcile.Service{Catalog: cat}
}

// schemas are those of the specification.
type schemas struct{ c *jsonschema.Compiler }

func official(t *testing.T) schemas {
	t.Helper()
	c := jsonschema.NewCompiler()
	files, err := filepath.Glob("testdata/schemas/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(f, err)
		}
		address := "https://reconciliation-api.github.io/specs/0.2/schemas/" + filepath.Base(f)
		if filepath.Base(f) == "openapi.json" {
			address = "http://swagger.io/v2/schema.json"
		}
		if err := c.AddResource(address, doc); err != nil {
			t.Fatal(f, err)
		}
	}
	return schemas{c}
}

// holds checks a document, and gives its JSON.
func (s schemas) holds(t *testing.T, name string, doc any) string {
	t.Helper()
	schema, err := s.c.Compile("https://reconciliation-api.github.io/specs/0.2/schemas/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(read); err != nil {
		t.Errorf("%s: %v\n%s", name, err, text)
	}
	return string(text)
}

func TestOverEveryStore(t *testing.T) {
	s := official(t)
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		service := sampled(t, open)
		t.Run("reconcile", func(t *testing.T) { testReconcile(t, s, service) })
		t.Run("suggest", func(t *testing.T) { testSuggest(t, s, service) })
		t.Run("extend", func(t *testing.T) { testExtend(t, s, service) })
		t.Run("preview", func(t *testing.T) { testPreview(t, service) })
	})
}

func testReconcile(t *testing.T, s schemas, service reconcile.Service) {
	for _, test := range []struct{ name, query, want string }{
		{"leetspeak", `{"query": "NX$M$"}`, "group:opera1er 96.88 true"},
		{"of a type", `{"query": "Opera1er", "type": "GROUP", "limit": 1}`, "group:opera1er 98 true"},
		{"types in any case", `{"query": "Nervone", "type": ["operation", "group"], "type_strict": "any"}`, "operation:nervone 92 true"},
		{"of two types at once", `{"query": "Opera1er", "type": ["GROUP", "OPERATION"], "type_strict": "all"}`, ""},
		{"types that are a wish", `{"query": "OPERA1ER", "type": "OPERATION", "type_strict": "should"}`, "group:opera1er 100 true"},
		{"of another type", `{"query": "OPERA1ER", "type": "OPERATION"}`, ""},
		{"nobody", `{"query": "Quite Another Name"}`, ""},
		{"by id", `{"query": "group:opera1er"}`, "group:opera1er 100 true"},
		{"by id, of another type", `{"query": "group:opera1er", "type": "FIRM"}`, ""},
		{"without a name", `{"properties": [{"pid": "countries", "v": "Mali"}]}`, ""},
		{"a name that is too long", `{"query": "` + strings.Repeat("x", 2000) + `"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			batch := `{"q": ` + test.query + `}`
			s.holds(t, "reconciliation-query-batch", json.RawMessage(batch))
			out, err := service.Reconcile(t.Context(), []byte(batch))
			if err != nil {
				t.Fatal(err)
			}
			s.holds(t, "reconciliation-result-batch", out)
			got := ""
			if r := out["q"].Result; len(r) > 0 {
				got = fmt.Sprint(r[0].ID, " ", r[0].Score, " ", r[0].Match)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	testContext(t, service)
	testVerdicts(t, service)
}

// testContext has values as text, as entities and as what nobody can read.
func testContext(t *testing.T, service reconcile.Service) {
	for values, want := range map[string]float64{
		`{"pid": "related", "v": "Operation Nervone"}`:                                  0,
		`{"pid": "related", "v": [{"id": "operation:nervone", "name": "?"}, 7, false]}`: 0,
		`{"pid": "related", "v": {"id": "country:MN"}}`:                                 -7,
		`{"pid": "related", "v": "no such thing"}, {"pid": "seenIn", "v": "long ago"}`:  1, // as if empty
	} {
		out, err := service.Reconcile(t.Context(), []byte(`{"q": {"query": "OPERA1ER", "properties": [`+values+`]}}`))
		if err != nil {
			t.Fatal(values, err)
		}
		got := 1.0
		for _, f := range out["q"].Result[0].Features {
			if f.ID == "context" {
				got = f.Value
			}
		}
		if got != want {
			t.Errorf("%s: context weighs %v, want %v", values, got, want)
		}
	}
}

// testVerdicts has matches exactly where the catalog's verdict is one.
func testVerdicts(t *testing.T, service reconcile.Service) {
	names := []string{"OPERA1ER", "Operation", "INTERPOL", "Interpool", "Guinea", "Congo", "x"}
	batch := map[string]any{}
	var in []catalog.ResolveInput
	for _, n := range names {
		batch[n] = map[string]any{"query": n, "limit": 50}
		in = append(in, catalog.ResolveInput{Name: n})
	}
	text, err := json.Marshal(batch)
	if err != nil {
		t.Fatal(err)
	}
	got, err := service.Reconcile(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	want, err := service.Catalog.Resolve(t.Context(), intel.View{}, in, 50)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range names {
		all := got[n].Result
		if len(all) != len(want[i].Candidates) {
			t.Errorf("%s: %d candidates, want %d", n, len(all), len(want[i].Candidates))
		}
		for j, c := range all {
			if c.ID != want[i].Candidates[j].ID || c.Match != (j == 0 && want[i].Verdict == catalog.Match) {
				t.Errorf("%s: %v under %s", n, c, want[i].Verdict)
			}
		}
	}
}

func testSuggest(t *testing.T, s schemas, service reconcile.Service) {
	for prefix, want := range map[string]string{"op": "", "blueb": "group:opera1er", "group:opera1er": "group:opera1er", "qqqq": "none", "": "none"} {
		out, err := service.SuggestEntities(t.Context(), prefix, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.holds(t, "suggest-entities-response", out)
		switch {
		case want == "none" && len(out.Result) > 0, want != "none" && len(out.Result) == 0:
			t.Errorf("%q: %v", prefix, out.Result)
		case want != "none" && want != "" && out.Result[0].ID != want:
			t.Errorf("%q: %v, want %s first", prefix, out.Result, want)
		}
		rest, err := service.SuggestEntities(t.Context(), prefix, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Result) > 1 && rest.Result[0].ID != out.Result[1].ID {
			t.Errorf("%q: the second page begins with %v", prefix, rest.Result[0])
		}
	}
	s.holds(t, "suggest-types-response", reconcile.SuggestTypes("", 0))
	s.holds(t, "suggest-properties-response", reconcile.SuggestProperties("", 0))
	if got := reconcile.SuggestTypes("GrO", 0).Result[0].ID; got != "GROUP" {
		t.Errorf("types: %s", got)
	}
	if got := len(reconcile.SuggestProperties("seen", 0).Result); got != 1 {
		t.Errorf("%d properties", got)
	}
}

func testExtend(t *testing.T, s schemas, service reconcile.Service) {
	asked := `{"ids": ["group:opera1er", "group:opera1er", "operation:Nervone", "group:nobody", "?"], "properties": [{"id": "aliases"}, {"id": "name"}, {"id": "proceeds", "settings": {}}, {"id": "startedOn"}, {"id": "arrests"}]}`
	s.holds(t, "data-extension-query", json.RawMessage(asked))
	out, err := service.Extend(t.Context(), []byte(asked))
	if err != nil {
		t.Fatal(err)
	}
	s.holds(t, "data-extension-response", out)
	got := out.Rows["group:opera1er"]
	if len(out.Rows) != 4 || len(got["aliases"]) != 4 || len(out.Rows["group:nobody"]["name"]) != 0 || len(out.Rows["?"]) != 5 || len(out.Rows["operation:Nervone"]["name"]) != 1 {
		t.Errorf("%v", out.Rows)
	}
	if diff := cmp.Diff([]reconcile.Cell{map[string]any{"str": "about USD 30,000,000"}}, got["proceeds"]); diff != "" {
		t.Error(diff)
	}
}

func testPreview(t *testing.T, service reconcile.Service) {
	var page bytes.Buffer
	p, err := service.Preview(t.Context(), "group:opera1er")
	if err == nil {
		err = p.Write(&page)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>OPERA1ER</h1>", "NX$M$", `href="/entity/group:opera1er.md"`, "Proceeds"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %s:\n%s", want, page.String())
		}
	}
}

func TestManifest(t *testing.T) {
	official(t).holds(t, "manifest", reconcile.ManifestAt("http://127.0.0.1:8080/reconcile"))
}

func TestProposals(t *testing.T) {
	s := official(t)
	for _, kind := range []string{"", "OPERATION", "group"} {
		p, err := reconcile.Propose(kind, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.holds(t, "data-extension-property-proposal", p)
		if has := strings.Contains(fmt.Sprint(p.Properties), "arrests"); has == (kind == "group") {
			t.Errorf("%q: arrests proposed: %v", kind, has)
		}
	}
	if p, err := reconcile.Propose("OPERATION", 3); err != nil || len(p.Properties) != 3 {
		t.Errorf("%v %v", p, err)
	}
}

// TestFaults has bad requests, each told with the field at fault.
func TestFaults(t *testing.T) {
	service := sampled(t, everystore.SQLite)
	for text, want := range map[string]string{
		``:                                    "queries is not",
		`null`:                                "queries is not",
		`[]`:                                  "queries is not",
		`{"a": 7}`:                            "queries.a is not a query",
		`{"a": {}}`:                           "queries.a.query is missing",
		`{"a": {"query": " "}}`:               "queries.a.query is missing",
		`{"a": {"query": "x", "limit": 0}}`:   "queries.a.limit must be",
		`{"a": {"query": "x", "limit": 1.5}}`: "queries.a.limit must be",
		`{"a": {"query": "x", "type": "Q5"}}`: `queries.a.type "Q5" is no type here`,
		`{"a": {"query": "x", "type": {}}}`:   "queries.a is not a query",
		`{"a": {"query": "x", "type_strict": "never"}}`:                       "queries.a.type_strict must be",
		`{"a": {"query": "x", "properties": [{"pid": "P17", "v": "Mali"}]}}`:  `queries.a.properties[0].pid "P17" does not help`,
		`{"a": {"query": "x", "properties": [{"pid": "seenIn", "v": null}]}}`: "queries.a is not a query",
		`{"a": {"query": "x", "properties": [{"pid": "seenIn", "v": [[]]}]}}`: "queries.a is not a query",
	} {
		_, err := service.Reconcile(t.Context(), []byte(text))
		if !errors.Is(err, intel.ErrInvalid) || !strings.Contains(strings.ReplaceAll(err.Error(), ": ", " "), strings.ReplaceAll(want, ": ", " ")) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	var many []string
	for i := range reconcile.MaxQueries + 1 {
		many = append(many, fmt.Sprintf(`"%d": {"query": "x"}`, i))
	}
	if _, err := service.Reconcile(t.Context(), []byte("{"+strings.Join(many, ",")+"}")); !errors.Is(err, intel.ErrLimit) {
		t.Errorf("too many: %v", err)
	}
	for _, text := range []string{`{}`, `[]`, `{"ids": [], "properties": [{"id": "seenIn"}]}`, `{"ids": [7], "properties": []}`} {
		if _, err := service.Extend(t.Context(), []byte(text)); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestPreviewEscapes has names that are markup.
func TestPreviewEscapes(t *testing.T) {
	p := &reconcile.Preview{Found: true, Name: `<script>"x"</script>`, Aliases: []string{`<img src=x>`}, Summary: "</style><b>", ID: `group:"><i>`}
	var page bytes.Buffer
	if err := p.Write(&page); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script>", "<img", "<b>", "<i>"} {
		if strings.Contains(page.String(), bad) {
			t.Errorf("%s in %s", bad, page.String())
		}
	}
}

func FuzzReconcile(f *testing.F) {
	f.Add(`{"a": {"query": "x", "type": ["GROUP"], "limit": 3, "properties": [{"pid": "related", "v": [1, {"id": "x"}]}]}}`)
	cat := catalog.New(everystore.SQLite(f), time.Now)
	f.Cleanup(cat.Close)
	f.Fuzz(func(t *testing.T, text string) {
		_, err := reconcile.Service{Catalog: cat}.Reconcile(t.Context(), []byte(text))
		if err != nil && !errors.Is(err, intel.ErrInvalid) && !errors.Is(err, intel.ErrLimit) {
			t.Error(err)
		}
	})
}
