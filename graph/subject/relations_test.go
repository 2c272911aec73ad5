package subject

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/internal/intel"
)

func schema(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func words[T ~string](vs []T) []string {
	var out []string
	for _, v := range vs {
		out = append(out, string(v))
	}
	return out
}

func values(d *ast.Definition) []string {
	var out []string
	for _, v := range d.EnumValues {
		out = append(out, v.Name)
	}
	return out
}

// capital gives the name of the method of a field.
func capital(field string) string { return strings.ToUpper(field[:1]) + field[1:] }

// TestKindsHaveTheirFields holds the schema's types against the ontology and
// the table of relations: every property and every relation is a field of the
// right type, and there is no other.
func TestKindsHaveTheirFields(t *testing.T) {
	s := schema(t)
	common := s.Types["Entity"].Fields
	for _, k := range intel.Kinds() {
		def := s.Types[k.Label()]
		if def == nil {
			t.Errorf("the schema has no type %s", k.Label())
			continue
		}
		want := map[string]string{}
		for _, f := range common {
			want[f.Name] = f.Type.String()
		}
		for _, p := range intel.PropertiesOf(k) {
			if len(p.Kinds) > 0 {
				want[string(p.Property)] = propertyType(p)
			}
		}
		for _, r := range Relations(k) {
			want[r.Field] = connectionOf(k, r) + "!"
		}
		if k == intel.KindCountry {
			want["alpha2"] = "String!" // the key stands in
		}
		if k == intel.KindAlias {
			want["nameKey"] = "String!"
		}
		got := map[string]string{}
		for _, f := range def.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				got[f.Name] = f.Type.String()
			}
		}
		for name, typ := range want {
			if got[name] != typ {
				t.Errorf("%s.%s is of type %q, want %s", k.Label(), name, got[name], typ)
			}
		}
		for name := range got {
			if want[name] == "" {
				t.Errorf("%s.%s is neither property nor relation", k.Label(), name)
			}
		}
	}
}

func propertyType(p *intel.PropertyInfo) string {
	name := "String"
	switch p.Type {
	case intel.TypeEnum:
		name = capital(string(p.Property))
	case intel.TypeDate:
		name = "PartialDate"
	case intel.TypeQuantity:
		name = "Quantity"
	case intel.TypeMoney:
		name = "Money"
	}
	if p.Many {
		return "[" + name + "!]!"
	}
	return name
}

// connectionOf is what a relation lists: of one kind when its ends lead to one
// only or it is narrowed to one, else of any.
func connectionOf(k intel.Kind, r Relation) string {
	var kinds []intel.Kind
	for _, e := range r.Ends {
		for _, n := range Reach(k, e) {
			if (r.Neighbors == nil || slices.Contains(r.Neighbors, n)) && !slices.Contains(kinds, n) {
				kinds = append(kinds, n)
			}
		}
	}
	if len(kinds) == 1 {
		return kinds[0].Label() + "Connection"
	}
	return "EntityConnection"
}

// TestRelationsFitTheOntology sees to it that links over every end can leave
// the kind and reach what the field lists.
func TestRelationsFitTheOntology(t *testing.T) {
	for _, k := range intel.Kinds() {
		for _, r := range Relations(k) {
			for _, e := range r.Ends {
				if e.Type.Info() == nil {
					t.Errorf("%s.%s reads %s, which is no link type", k, r.Field, e.Type)
					continue
				}
				if e.Type.Info().Symmetric != (e.Direction == intel.Both) {
					t.Errorf("%s.%s reads %s in direction %s", k, r.Field, e.Type, e.Direction)
				}
				reach := Reach(k, e)
				if r.Neighbors != nil {
					reach = slices.DeleteFunc(reach, func(n intel.Kind) bool { return !slices.Contains(r.Neighbors, n) })
				}
				if len(reach) == 0 {
					t.Errorf("%s.%s reads %s %s, which leads to nothing it lists", k, r.Field, e.Type, e.Direction)
				}
			}
		}
	}
}

// TestDescriptionsNameTheLinks reads in each relation's description which links
// it reads, and compares.
func TestDescriptionsNameTheLinks(t *testing.T) {
	s := schema(t)
	for _, k := range intel.Kinds() {
		for _, r := range Relations(k) {
			text := s.Types[k.Label()].Fields.ForName(r.Field).Description
			_, reads, _ := strings.Cut(text, "Reads ")
			for _, e := range r.Ends {
				if !strings.Contains(reads, string(e.Type)) {
					t.Errorf("%s.%s reads %s, but its description says %q", k, r.Field, e.Type, reads)
				}
			}
			for _, info := range intel.LinkTypes() {
				named := slices.Contains(strings.FieldsFunc(reads, func(c rune) bool { return (c < 'A' || c > 'Z') && c != '_' }), string(info.Type))
				if named && !slices.ContainsFunc(r.Ends, func(e intel.End) bool { return e.Type == info.Type }) {
					t.Errorf("the description of %s.%s names %s, which it does not read", k, r.Field, info.Type)
				}
			}
		}
	}
}

// TestMethodsShowTheirProperty calls the method of every property on an entity
// that has a value for each, so that none shows another's.
func TestMethodsShowTheirProperty(t *testing.T) {
	for _, k := range intel.Kinds() {
		e := NewResult(intel.View{}, "E").Entity(&intel.Node{Record: full(k)})
		typed := reflect.ValueOf(anyOf(e))
		for _, p := range intel.PropertiesOf(k) {
			if len(p.Kinds) == 0 {
				continue
			}
			m := typed.MethodByName(capital(string(p.Property)))
			if !m.IsValid() {
				t.Errorf("%s has no method for %s", k, p.Property)
				continue
			}
			if got := textOf(m.Call(nil)[0]); got != told(p) {
				t.Errorf("%s.%s shows %q, want %q", k, p.Property, got, told(p))
			}
		}
		for _, r := range Relations(k) {
			if !typed.MethodByName(capital(r.Field)).IsValid() {
				t.Errorf("%s has no method for %s", k, r.Field)
			}
		}
	}
}

// told is a value that only this property has.
func told(p *intel.PropertyInfo) string {
	switch p.Type {
	case intel.TypeDate:
		return day(p).String()
	case intel.TypeQuantity, intel.TypeMoney:
		return intel.Quantity{Value: number(p)}.Text()
	}
	return "the " + string(p.Property)
}

func number(p *intel.PropertyInfo) int64 {
	return int64(slices.IndexFunc(intel.Properties(), func(o *intel.PropertyInfo) bool { return o == p })) + 100
}

func day(p *intel.PropertyInfo) intel.PartialDate {
	return intel.MustDate("1" + intel.Quantity{Value: number(p)}.Text())
}

func full(k intel.Kind) *intel.Record {
	var facts []intel.Settled
	for _, p := range intel.PropertiesOf(k) {
		v := intel.Value{Type: p.Type, Text: told(p)}
		switch p.Type {
		case intel.TypeDate:
			v.Date = day(p)
		case intel.TypeQuantity:
			v.Quantity = intel.Quantity{Value: number(p), Qualifier: intel.Exact}
		case intel.TypeMoney:
			v.Money = intel.Money{Amount: intel.Decimal(intel.Quantity{Value: number(p)}.Text()), Currency: "", Qualifier: intel.Exact}
		}
		facts = append(facts, intel.Settled{Property: p.Property, Values: []intel.Shown{{Value: v}}})
	}
	return &intel.Record{ID: intel.EntityID(k, "x"), Kind: k, Facts: facts}
}

func textOf(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case string:
		return x
	case []string:
		return x[0]
	case intel.PartialDate:
		return x.String()
	case *Quantity:
		return x.Text()
	case []*Money:
		return strings.TrimSpace(x[0].Text())
	}
	return "?"
}

// TestVocabularies holds the schema's enums against the words of the domain.
func TestVocabularies(t *testing.T) {
	s := schema(t)
	want := map[string][]string{
		"EntityKind": words(intel.Kinds()), "Qualifier": words(intel.Qualifiers()), "AssetClass": words(intel.AssetClasses()),
		"Reliability": words(intel.Reliabilities()), "Marking": words(intel.Markings()), "Stance": {"ASSERTS", "DENIES"},
		"Direction": {"OUT", "IN", "BOTH"}, "SettlingRule": {"BEST", "LATEST", "EARLIEST_DATE", "LATEST_DATE", "SET"},
	}
	var properties, types []string
	for _, p := range intel.Properties() {
		properties = append(properties, string(p.Property))
		if p.Type == intel.TypeEnum {
			want[capital(string(p.Property))] = p.Vocabulary
		}
	}
	for _, l := range intel.LinkTypes() {
		types = append(types, string(l.Type))
	}
	want["Property"], want["LinkType"] = properties, types
	for name, words := range want {
		def := s.Types[name]
		if def == nil {
			t.Errorf("the schema has no enum %s", name)
			continue
		}
		got := values(def)
		slices.Sort(got)
		words = slices.Clone(words)
		slices.Sort(words)
		if !slices.Equal(got, words) {
			t.Errorf("enum %s has %v, want %v", name, got, words)
		}
	}
}

// TestFiltersAndOrders holds what can be asked of each kind against the
// ontology.
func TestFiltersAndOrders(t *testing.T) {
	s := schema(t)
	for _, k := range intel.Kinds() {
		filter := s.Types[k.Label()+"Filter"]
		want := map[string]bool{"and": true, "or": true, "not": true, "id": true, "name": true, "alias": true, "externalId": true, "stub": true}
		orders := []string{"NAME_ASC", "NAME_DESC", "CHANGED_ASC", "CHANGED_DESC"}
		for _, p := range intel.PropertiesOf(k) {
			if len(p.Kinds) > 0 {
				want[string(p.Property)] = true
			}
			if p.Sortable {
				word := screaming(string(p.Property))
				orders = append(orders, word+"_ASC", word+"_DESC")
			}
		}
		if k == intel.KindAlias {
			want["nameKey"] = true
		}
		for _, r := range Relations(k) {
			want[r.Field] = true
			related := "Related" + strings.TrimSuffix(connectionOf(k, r), "Connection")
			if f := filter.Fields.ForName(r.Field); f != nil && f.Type.String() != related {
				t.Errorf("%s.%s is of type %s, want %s", filter.Name, r.Field, f.Type, related)
			}
		}
		if k == intel.KindCountry || leadsAway(k) {
			want["within"] = true
		}
		for _, f := range filter.Fields {
			if !want[f.Name] {
				t.Errorf("%s has %s, which is neither property nor relation", filter.Name, f.Name)
			}
			delete(want, f.Name)
		}
		for name := range want {
			t.Errorf("%s lacks %s", filter.Name, name)
		}
		got := values(s.Types[k.Label()+"Order"])
		slices.Sort(got)
		slices.Sort(orders)
		if !slices.Equal(got, orders) {
			t.Errorf("%sOrder has %v, want %v", k.Label(), got, orders)
		}
	}
}

func screaming(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToUpper(string(r)))
	}
	return b.String()
}

// TestEverythingIsDescribed: the playground shows nothing else.
// leadsAway says that some link tells where entities of the kind are.
func leadsAway(k intel.Kind) bool {
	return slices.ContainsFunc(intel.Whereabouts(), func(t intel.LinkType) bool {
		return len(Reach(k, intel.End{Type: t, Direction: intel.Out})) > 0
	})
}

func TestEverythingIsDescribed(t *testing.T) {
	for _, d := range schema(t).Types {
		if d.BuiltIn || strings.HasPrefix(d.Name, "__") {
			continue
		}
		described(t, d.Name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			described(t, d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(t, d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			described(t, d.Name+"."+v.Name, v.Description)
		}
	}
}

func described(t *testing.T, what, text string) {
	t.Helper()
	if text == "" {
		t.Errorf("%s has no description", what)
	}
}
