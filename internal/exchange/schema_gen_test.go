package exchange_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// object is a JSON object; keys are written in alphabetical order.
type object map[string]any

func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

// either makes a schema for one value or a list of them.
func either(one object, description string) object {
	return object{"description": description, "anyOf": []any{one, object{"type": "array", "minItems": 1, "items": one}}}
}

// described adds a description beside a reference.
func described(schema object, description string) object {
	out := object{"description": description}
	for k, v := range schema {
		out[k] = v
	}
	return out
}

// A scalar without quotes may reach a validator as another type.
var scalar = []string{"string", "number", "boolean"}

const datePattern = `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?[~?]?$`

// makeSchema makes the schema of dossiers from the ontology.
func makeSchema() []byte {
	defs := object{
		"text":       object{"type": scalar, "pattern": `\S`},
		"date":       object{"anyOf": []any{object{"type": "string", "pattern": datePattern}, object{"type": "integer", "minimum": 1, "maximum": 9999}}, "examples": []string{"2023", "2023-07", "2023-07-05", "2023-07~", "2023?"}},
		"quantity":   quantitySchema(),
		"money":      moneySchema(),
		"externalId": externalIDSchema(),
		"sourceId":   object{"type": "string", "pattern": `^(source:\S+|https?://\S+)$`},
		"source":     sourceSchema(),
		"reference":  reference(intel.Kinds()),
		"terms":      termsSchema(),
	}
	for _, p := range intel.Properties() {
		defs["property."+string(p.Property)] = propertySchema(p)
	}
	subjects := object{}
	for _, k := range intel.Kinds() {
		defs["statement."+k.Prefix()] = statementSchema(k, defs)
		subjects[subjectPattern(k)] = either(ref("statement."+k.Prefix()), "What is stated of this "+k.Prefix()+": one statement, or a list of them.")
	}
	schema := object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Dragnet dossier",
		"description":          "What sources state about criminal groups, the operations against them and all around them.",
		"type":                 "object",
		"required":             []string{"dossier", "source", "statements"},
		"additionalProperties": false,
		"properties": object{
			"dossier":    object{"description": "The version of the format: 1.", "enum": []any{1, "1"}},
			"source":     described(ref("source"), "Whose statements these are."),
			"sources":    object{"description": "More sources, which a statement may name with source.", "type": "array", "items": ref("source")},
			"defaults":   described(object{"allOf": []any{ref("terms")}, "propertyNames": object{"enum": termNames()}, "type": "object"}, "Words that hold for every statement that does not give them."),
			"statements": object{"description": `The statements by subject: an id such as group:opera1er, or a kind and a name such as firm "Group-IB".`, "type": "object", "minProperties": 1, "additionalProperties": false, "patternProperties": subjects},
		},
		"$defs": defs,
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(schema); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func subjectPattern(k intel.Kind) string { return `^\s*` + kindPattern([]intel.Kind{k}) + `\s*$` }

func kindPattern(kinds []intel.Kind) string {
	var ids, words []string
	for _, k := range kinds {
		ids = append(ids, k.Prefix())
		words = append(words, k.Prefix(), string(k), k.Label())
	}
	return `((` + strings.Join(ids, "|") + `):\S+|(` + strings.Join(words, "|") + `) +["“].+["”])`
}

func reference(kinds []intel.Kind) object {
	return object{"type": "string", "pattern": `^\s*` + kindPattern(kinds) + `\s*$`}
}

func words(list []string) object {
	out := []any{}
	for _, w := range list {
		out = append(out, w)
	}
	lower := []any{}
	for _, w := range list {
		if l := strings.ToLower(w); l != w {
			lower = append(lower, l)
		}
	}
	return object{"anyOf": []any{object{"enum": out}, object{"enum": lower}}}
}

func textsOf[T ~string](list []T) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

func mappingForm(required []string, properties object) object {
	return object{"type": "object", "additionalProperties": false, "required": required, "properties": properties}
}

func quantitySchema() object {
	whole := object{"anyOf": []any{object{"type": "integer", "minimum": 0, "maximum": intel.MaxLong}, object{"type": "string", "pattern": `^[0-9][0-9,]*$`}}}
	return object{
		"examples": []string{"30", "about 30", "more than 3500", "at least 5", "up to 9", "24-99", "2 million", "about 40 kg", "dozens (24-99)"},
		"anyOf": []any{
			object{"type": "integer", "minimum": 0, "maximum": intel.MaxLong},
			object{"type": "string", "pattern": "[0-9]"},
			mappingForm([]string{"value"}, object{
				"value": whole, "max": whole, "qualifier": words(textsOf(intel.Qualifiers())),
				"asWritten": ref("text"), "unit": ref("text"),
			}),
		},
	}
}

func moneySchema() object {
	amount := object{"anyOf": []any{object{"type": "number", "minimum": 0}, object{"type": "string", "pattern": `^[0-9][0-9,]*(\.[0-9]+)?$`}}}
	return object{
		"examples": []string{"5000 USD", "about 300 million USD in cryptocurrency", "2-3 million EUR"},
		"anyOf": []any{
			object{"type": "string", "pattern": `[0-9].*[A-Za-z]{3}|[A-Za-z]{3} +[0-9]`},
			mappingForm([]string{"amount", "currency"}, object{
				"amount": amount, "max": amount, "currency": object{"type": "string", "pattern": `^[A-Za-z]{3,5}$`},
				"qualifier": words(textsOf(intel.Qualifiers())), "asWritten": ref("text"), "assetClass": words(textsOf(intel.AssetClasses())),
			}),
		},
	}
}

func externalIDSchema() object {
	return object{
		"examples": []string{"mitre-attack:T1566"},
		"anyOf": []any{
			object{"type": "string", "pattern": `^\s*[^:\s][^:]*:\s*\S`},
			mappingForm([]string{"scheme", "value"}, object{"scheme": ref("text"), "value": ref("text")}),
		},
	}
}

func sourceSchema() object {
	web := object{"type": "string", "pattern": `^https?://\S+$`}
	return object{
		"type": "object", "additionalProperties": false, "required": []string{"title", "reliability"},
		"anyOf": []any{object{"required": []string{"id"}}, object{"required": []string{"url"}}},
		"properties": object{
			"id":          object{"description": "source:key; left out, it is made from url.", "type": "string", "pattern": `^(source:\S+|https?://\S+)$`},
			"url":         described(web, "Where it can be read."),
			"title":       described(ref("text"), "Its title."),
			"publisher":   described(ref("text"), "Who published it."),
			"publishedOn": described(ref("date"), "When it was published, as far as known."),
			"retrievedAt": object{"description": "When you looked: a day or a moment with its zone. Of differing headers of one source the latest counts.", "type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}`},
			"language":    object{"description": "Its language as a tag (BCP 47), such as en or fr.", "type": scalar, "pattern": `^[A-Za-z]{2,8}([-_][A-Za-z0-9]+)*$`},
			"reliability": described(words(textsOf(intel.Reliabilities())), "How reliable the source is (NATO): A completely … E unreliable, F cannot be judged."),
			"marking":     described(words(textsOf(intel.Markings())), "With whom it may be shared (TLP 2.0); CLEAR when left out."),
			"derivedFrom": either(ref("sourceId"), "The sources it repeats: ids or web addresses. They count once, however often they are repeated."),
		},
	}
}

func termNames() []string {
	var out []string
	for name := range termsSchema()["properties"].(object) {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func termsSchema() object {
	return object{"properties": object{
		"at":         described(ref("text"), "Where in the source, such as para 7."),
		"confidence": object{"description": "How sure the statement is, from 0 to 100; 80 when left out.", "anyOf": []any{object{"type": "integer", "minimum": 0, "maximum": 100}, object{"type": "string", "pattern": `^([0-9]{1,2}|100)$`}}},
		"saidBy":     described(ref("reference"), "Whom the source quotes."),
		"source":     described(ref("sourceId"), "Another source than the main one: its id or web address. It must be described in this file."),
		"quote":      described(ref("text"), "The source's own words, in short."),
		"stance":     described(words([]string{string(intel.Asserts), string(intel.Denies)}), "Whether the source asserts this (when left out) or denies it."),
		"validFrom":  described(ref("date"), "Since when it is true."),
		"validTo":    described(ref("date"), "Until when it is true."),
		"role":       described(ref("text"), "Of a link: as what, such as leader."),
		"on":         described(ref("date"), "Of a link: when the event itself was."),
		"amount":     described(ref("quantity"), "Of a link: how much, with its unit."),
	}}
}

func propertySchema(p *intel.PropertyInfo) object {
	var one object
	switch p.Type {
	case intel.TypeEnum:
		one = words(p.Vocabulary)
	case intel.TypeDate:
		one = ref("date")
	case intel.TypeQuantity:
		one = ref("quantity")
	case intel.TypeMoney:
		one = ref("money")
	case intel.TypeExternalID:
		one = ref("externalId")
	default:
		one = ref("text")
		switch p.Check {
		case intel.WebAddress:
			one = object{"type": "string", "pattern": `^https?://\S+$`}
		case intel.ISOPeriod:
			one = object{"type": "string", "pattern": `^P([0-9]+[YMWD])*(T([0-9]+[HMS])+)?$`, "examples": []string{"P2Y", "P3M", "PT36H"}}
		}
	}
	if p.Many {
		return either(one, p.Description)
	}
	return described(one, p.Description)
}

// statementSchema lists what a statement about a kind may hold, and adds to
// defs the references that its links need.
func statementSchema(k intel.Kind, defs object) object {
	properties := object{}
	for name := range termsSchema()["properties"].(object) {
		properties[name] = ref("terms/properties/" + name)
	}
	for _, p := range intel.PropertiesOf(k) {
		properties[string(p.Property)] = ref("property." + string(p.Property))
	}
	for _, l := range intel.LinkTypes() {
		for _, from := range []bool{false, true} {
			var far []intel.Kind
			for _, e := range l.Ends {
				near, other := e.From, e.To
				if from {
					near, other = other, near
				}
				if near == k && !slices.Contains(far, other) {
					far = append(far, other)
				}
			}
			if len(far) == 0 {
				continue
			}
			properties[linkName(l, from)] = linkSchema(k, l, from, far, defs)
		}
	}
	return object{
		"type": "object", "additionalProperties": false, "properties": properties,
		// It must state something, not only hold words about it.
		"not": object{"propertyNames": object{"enum": termNames()}},
	}
}

func linkName(l *intel.LinkTypeInfo, from bool) string {
	if from {
		return string(l.Type) + " from"
	}
	return string(l.Type)
}

func linkSchema(k intel.Kind, l *intel.LinkTypeInfo, from bool, far []intel.Kind, defs object) object {
	var names []string
	for _, f := range far {
		names = append(names, f.Prefix())
	}
	name := "ends." + strings.Join(names, ".")
	if len(far) == len(intel.Kinds()) {
		name = "ends.any"
	}
	text := "This " + k.Prefix() + " " + l.Description + ": "
	if from {
		text = "… " + l.Description + " this " + k.Prefix() + ": "
	}
	if l.Type == intel.KnownAs && !from {
		return either(ref("text"), text+"the name as the source writes it.")
	}
	defs[name] = reference(far)
	return either(ref(name), text+strings.Join(names, ", ")+".")
}
