package exchange

import (
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// column is one attribute of the entities or of the links, in the formats that
// have such.
type column[T any] struct {
	name string
	kind columnKind
	// of gives the values of a row: none, one, or of a list any number.
	of func(T) []string
}

// columnKind is what the values of a column are.
type columnKind int

const (
	textColumn   columnKind = iota
	numberColumn            // a whole number, 0 to 2^53-1
	flagColumn              // true or false
	listColumn              // words or short texts
)

// between joins the values of a list where a format has no lists.
const between = "; "

func (c column[T]) text(row T) string { return strings.Join(c.of(row), between) }

// nodeColumns are the attributes of entities beside their id. A quantity has
// its number, and how it is meant as a text; a property that holds money is a
// text for each asset class.
func nodeColumns() []column[*intel.Record] {
	type record = *intel.Record
	out := []column[record]{
		{"kind", textColumn, func(r record) []string { return []string{string(r.Kind)} }},
		{"name", textColumn, func(r record) []string { return []string{r.Name} }},
		{"nameKind", textColumn, func(r record) []string { return []string{r.NameKind} }},
		{"stub", flagColumn, func(r record) []string { return flag(r.Stub) }},
	}
	for _, p := range intel.Properties() {
		if p.Property == intel.PropName || p.Property == intel.PropNameKind {
			continue
		}
		out = append(out, propertyColumns(p)...)
	}
	return out
}

func propertyColumns(p *intel.PropertyInfo) []column[*intel.Record] {
	values := func(write func(intel.Value) string) func(*intel.Record) []string {
		return func(r *intel.Record) (out []string) {
			for _, s := range r.All(p.Property) {
				out = append(out, write(s.Value))
			}
			return out
		}
	}
	name, kind := string(p.Property), textColumn
	if p.Many {
		kind = listColumn
	}
	switch p.Type {
	case intel.TypeQuantity:
		return []column[*intel.Record]{
			{name, numberColumn, values(func(v intel.Value) string { return strconv.FormatInt(v.Quantity.Value, 10) })},
			{name + "Text", textColumn, values(intel.Value.Written)},
		}
	case intel.TypeMoney:
		return []column[*intel.Record]{{name, kind, values(func(v intel.Value) string {
			return string(v.Money.AssetClass) + " " + v.Written()
		})}}
	case intel.TypeDate:
		return []column[*intel.Record]{{name, kind, values(func(v intel.Value) string { return v.Date.String() })}}
	}
	return []column[*intel.Record]{{name, kind, values(intel.Value.Written)}}
}

// linkColumns are the attributes of links beside their id and ends.
func linkColumns() []column[*intel.Link] {
	type link = *intel.Link
	return []column[link]{
		{"type", textColumn, func(l link) []string { return []string{string(l.Type)} }},
		{"support", numberColumn, func(l link) []string { return []string{strconv.Itoa(l.Support.Percent())} }},
		{"origins", numberColumn, func(l link) []string { return []string{strconv.Itoa(l.Origins)} }},
		{"disputed", flagColumn, func(l link) []string { return flag(l.Disputed) }},
		{"validFrom", textColumn, func(l link) []string { return some(l.ValidFrom.String()) }},
		{"validTo", textColumn, func(l link) []string { return some(l.ValidTo.String()) }},
		{"role", textColumn, func(l link) []string { return some(l.Role) }},
		{"on", textColumn, func(l link) []string { return some(l.On.String()) }},
		{"amount", numberColumn, func(l link) []string {
			if l.Amount == nil {
				return nil
			}
			return []string{strconv.FormatInt(l.Amount.Value.Quantity.Value, 10)}
		}},
		{"amountText", textColumn, func(l link) []string {
			if l.Amount == nil {
				return nil
			}
			return []string{l.Amount.Value.Written()}
		}},
	}
}

func flag(is bool) []string { return []string{strconv.FormatBool(is)} }

func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// snakeCase writes startedOn as started_on.
func snakeCase(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
