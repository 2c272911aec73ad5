package exchange_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// makeSTIXSchema makes the schema of Dragnet's extensions of STIX 2.1 from the
// ontology.
func makeSTIXSchema(t *testing.T) []byte {
	t.Helper()
	var kinds []any
	defs := object{
		"quantity": mappingForm([]string{"value", "qualifier"}, object{
			"value": object{"type": "integer", "minimum": 0}, "max": object{"type": "integer", "minimum": 0, "description": "The upper end of a range."},
			"qualifier": stixEnum(textsOf(intel.Qualifiers())), "unit": object{"type": "string"}, "as_written": object{"type": "string"},
		}),
		"money": mappingForm([]string{"amount", "currency", "qualifier", "asset_class"}, object{
			"amount": object{"type": "string", "pattern": `^[0-9]+(\.[0-9]+)?$`}, "max": object{"type": "string", "pattern": `^[0-9]+(\.[0-9]+)?$`},
			"currency": object{"type": "string"}, "qualifier": stixEnum(textsOf(intel.Qualifiers())), "asset_class": stixEnum(textsOf(intel.AssetClasses())), "as_written": object{"type": "string"},
		}),
		"partialDate": object{"type": "string", "pattern": datePattern, "description": "A year, a month or a day; ~ is about, ? is uncertain."},
		"claims":      claimsExtension(),
	}
	for _, k := range intel.Ontology() {
		if k.Kind == intel.KindOperation || k.Kind == intel.KindGood || k.Kind == intel.KindOffence {
			defs[k.STIX] = stixOwnSchema(k)
			kinds = append(kinds, ref(k.STIX))
		}
	}
	kinds = append(kinds, object{"properties": object{"type": object{"enum": []string{"relationship", "note", "report"}}, "extensions": object{
		"patternProperties": object{"^extension-definition--f74fe739-1eec-5d84-b18d-80403d7451f2$": ref("claims")}}}})
	schema := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Dragnet's extensions of STIX 2.1",
		"description": "The types of objects that are Dragnet's own, and what its relationships, notes and reports carry: the claim or the source that they stand for, whole.",
		"anyOf":       kinds, "$defs": defs,
	}
	b, err := json.MarshalIndent(schema, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func stixEnum(words []string) object {
	var out []string
	for _, w := range words {
		out = append(out, strings.ReplaceAll(strings.ToLower(w), "_", "-"))
	}
	return object{"enum": out}
}

func stixOwnSchema(k intel.KindInfo) object {
	id := object{"type": "string", "pattern": "^" + k.STIX + "--"}
	properties := object{
		"type": object{"const": k.STIX}, "id": id, "name": object{"type": "string"}, "description": object{"type": "string"},
		"aliases":    object{"type": "array", "items": object{"type": "string"}},
		"extensions": object{"required": []string{"extension-definition--b02df1ef-6691-5a7e-becb-a328dc385141"}},
	}
	for _, p := range intel.PropertiesOf(k.Kind) {
		switch p.Property {
		case intel.PropName, intel.PropNameKind, intel.PropSummary, intel.PropNote, intel.PropExternalID:
			continue
		}
		one := map[intel.ValueType]object{intel.TypeText: {"type": "string"}, intel.TypeEnum: stixEnum(p.Vocabulary), intel.TypeDate: ref("partialDate"), intel.TypeQuantity: ref("quantity"), intel.TypeMoney: ref("money")}[p.Type]
		if p.Many {
			one = object{"type": "array", "items": one}
		}
		properties[exchange.SnakeCase(string(p.Property))] = described(one, p.Description)
	}
	return object{"description": k.Description, "type": "object", "required": []string{"type", "id", "name", "created", "modified", "extensions"}, "properties": properties}
}

// claimsExtension is what relationships, notes and reports carry.
func claimsExtension() object {
	text := object{"type": "string"}
	entity := object{"type": "string", "description": "The id of an entity.", "pattern": `^[a-z]+:\S+$`}
	return object{"properties": object{
		"extension_type": object{"const": "property-extension"},
		"claim": object{"description": "A claim as a line of claims JSONL has it.", "type": "object", "required": []string{"source", "subject", "confidence"}, "properties": object{
			"source": text, "subject": entity, "property": object{"enum": propertyNames()}, "value": object{"type": "object", "minProperties": 1, "maxProperties": 1},
			"link":   object{"type": "object", "required": []string{"type", "to"}, "properties": object{"type": object{"enum": linkTypeNames()}, "to": entity}},
			"stance": object{"enum": []string{"DENIES"}}, "confidence": object{"type": "integer", "minimum": 0, "maximum": 100}, "saidBy": entity,
			"locator": text, "quote": text, "validFrom": text, "validTo": text,
		}},
		"headers": object{"description": "Every version of the source's header.", "type": "array", "items": object{"type": "object", "required": []string{"id", "title", "reliability"}}},
	}}
}

func propertyNames() (out []string) {
	for _, p := range intel.Properties() {
		out = append(out, string(p.Property))
	}
	return out
}

func linkTypeNames() (out []string) {
	for _, t := range intel.LinkTypes() {
		out = append(out, string(t.Type))
	}
	return out
}

// TestSTIXSchemaIsTheOntology holds the schema against the ontology. Run with
// -update after a change.
func TestSTIXSchemaIsTheOntology(t *testing.T) {
	want := makeSTIXSchema(t)
	if *update {
		if err := os.WriteFile("stix.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(exchange.STIXSchema())); diff != "" {
		t.Errorf("stix.schema.json is not what the ontology makes it; run: go test ./internal/exchange -update\n%s", diff)
	}
}

// TestSTIXSchemaTakesABundle holds a bundle that was written against the schema.
func TestSTIXSchemaTakesABundle(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(exchange.STIXSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("stix.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("stix.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "cmd", "dragnet", "testdata", "export", "stix.stix.json"))
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]int{}
	for _, o := range bundle.(map[string]any)["objects"].([]any) {
		o := o.(map[string]any)
		kind := o["type"].(string)
		switch kind {
		case "law-enforcement-operation", "illicit-good", "offence", "relationship", "note", "report":
			held[kind]++
			if err := s.Validate(o); err != nil {
				t.Errorf("%s: %v", o["id"], err)
			}
		}
	}
	if len(held) != 6 {
		t.Errorf("not every type was there: %v", held)
	}
	broken := map[string]any{"type": "law-enforcement-operation", "id": "law-enforcement-operation--x", "name": "X", "created": "", "modified": "", "arrests": "many", "extensions": map[string]any{"extension-definition--b02df1ef-6691-5a7e-becb-a328dc385141": map[string]any{}}}
	if s.Validate(broken) == nil {
		t.Error("the schema takes what is wrong")
	}
}
