package exchange_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/seed"
)

var update = flag.Bool("update", false, "write golden files and the schema anew")

// TestDossierSchemaIsTheOntology holds the schema against the ontology: it is
// what the generator makes now. Run with -update after a change.
func TestDossierSchemaIsTheOntology(t *testing.T) {
	want := makeSchema()
	if *update {
		if err := os.WriteFile("dossier.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(exchange.DossierSchema())); diff != "" {
		t.Errorf("dossier.schema.json is not what the ontology makes it; run: go test ./internal/exchange -update\n%s", diff)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(exchange.DossierSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("dossier.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("dossier.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML the way an editor does.
func asJSON(t *testing.T, text []byte) any {
	t.Helper()
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDossierSchemaTakesTheSampleDossiers(t *testing.T) {
	s := compileSchema(t)
	for _, name := range seed.Dossiers() {
		t.Run(name, func(t *testing.T) {
			if err := s.Validate(asJSON(t, readSeed(t, name))); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("forms.yaml", func(t *testing.T) {
		text, err := os.ReadFile("testdata/forms.yaml")
		if err != nil {
			t.Fatal(err)
		}
		v, err := exchange.JSONValue(string(text)) // the library's own conversion splits [a:b]
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Error(err)
		}
	})
}

func TestDossierSchemaRefuses(t *testing.T) {
	s := compileSchema(t)
	const head = "dossier: 1\nsource: {id: source:x, title: X, reliability: C}\nstatements:\n"
	for name, text := range map[string]string{
		"unknown property":         head + "  group:x: {arests: 3}",
		"property of another kind": head + "  group:x: {arrests: 3}",
		"unknown kind":             head + "  gruop:x: {name: X}",
		"unknown word of a list":   head + "  group:x: {groupType: BAND}",
		"wrong end":                head + "  operation:x: {TARGETED: sector:y}",
		"link the wrong way round": head + "  operation:x: {COORDINATED: agency:y}",
		"nothing stated":           head + "  operation:x: {at: para 1}",
		"confidence 101":           head + "  operation:x: {name: X, confidence: 101}",
		"no date":                  head + "  operation:x: {startedOn: June}",
		"no number":                head + "  operation:x: {arrests: dozens}",
		"no currency":              head + "  operation:x: {seized: 300}",
		"two values of one":        head + "  operation:x: {arrests: [3, 500]}",
		"no statements":            "dossier: 1\nsource: {id: source:x, title: X, reliability: C}",
		"no reliability":           "dossier: 1\nsource: {id: source:x, title: X}\nstatements:\n  group:x: {name: X}",
		"no id":                    "dossier: 1\nsource: {title: X, reliability: C}\nstatements:\n  group:x: {name: X}",
		"unknown section":          head + "  group:x: {name: X}\nstatement: {}",
		"link in the defaults":     head + "  group:x: {name: X}\ndefaults: {name: X}",
	} {
		t.Run(name, func(t *testing.T) {
			if s.Validate(asJSON(t, []byte(text))) == nil {
				t.Errorf("the schema takes\n%s", text)
			}
			if _, err := exchange.ReadDossier("x.yaml", strings.NewReader(text)); err == nil {
				t.Errorf("the reader takes\n%s", text)
			}
		})
	}
}

// TestDossierSchemaNames checks that every property, link type and word of a
// list is in the schema, by their names.
func TestDossierSchemaNames(t *testing.T) {
	text := string(exchange.DossierSchema())
	has := func(word string) {
		t.Helper()
		if !strings.Contains(text, `"`+word+`"`) {
			t.Errorf("the schema lacks %s", word)
		}
	}
	for _, p := range intel.Properties() {
		has(string(p.Property))
		for _, w := range p.Vocabulary {
			has(w)
		}
	}
	for _, l := range intel.LinkTypes() {
		has(string(l.Type))
		has(string(l.Type) + " from")
	}
}
