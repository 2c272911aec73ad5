package intel

import (
	"cmp"
	"math/big"
	"slices"
)

// valueGroup holds the claims of one property that state one value, in whatever
// form.
type valueGroup struct {
	tally
	key       string      // canonical text of what the claims share
	value     Value       // in the form shown
	claim     string      // the heaviest claim of that form
	latest    Day         // under LATEST: the latest day its claims are dated to
	published Day         // the latest day its asserting claims were published
	from      PartialDate // the latest validFrom of its asserting claims
	validity  []Interval
}

func (g *valueGroup) shown() Shown {
	return Shown{Value: g.value, Support: g.support, Origins: len(g.taken), Claim: g.claim}
}

// valueKey is what claims of one group share: value, max, unit, currency and
// slot; nameKey of a name; other text, words and dates as they are.
func valueKey(p Property, v Value) string {
	e := newEncoder("")
	switch v.Type {
	case TypeQuantity:
		e.text(itoa(v.Quantity.Value), itoa(v.Quantity.Max), v.Quantity.Unit)
	case TypeMoney:
		e.text(string(v.Money.Amount), string(v.Money.Max), v.Money.Currency, string(v.Money.AssetClass))
	case TypeExternalID:
		return v.ExternalID.Value
	case TypeDate:
		return v.Date.String()
	default:
		if p == PropName {
			return NameKey(v.Text)
		}
		return v.Text
	}
	return e.b.String()
}

// formOf is how one claim words its group's value, and how much it claims.
func formOf(v Value) (form string, claims int) {
	switch v.Type {
	case TypeQuantity:
		return v.Quantity.AsWritten, caution[v.Quantity.Qualifier]
	case TypeMoney:
		return v.Money.AsWritten, caution[v.Money.Qualifier]
	}
	return v.Text, 0
}

func grouped(info *PropertyInfo, es []Evidence) []*valueGroup {
	byKey := map[string][]Evidence{}
	for _, e := range es {
		k := valueKey(info.Property, e.Value)
		byKey[k] = append(byKey[k], e)
	}
	out := make([]*valueGroup, 0, len(byKey))
	for k, members := range byKey {
		out = append(out, newGroup(k, members))
	}
	slices.SortFunc(out, func(x, y *valueGroup) int { return cmp.Compare(x.key, y.key) })
	return out
}

func newGroup(key string, es []Evidence) *valueGroup {
	g := &valueGroup{tally: weigh(es), key: key, latest: MinDay, published: MinDay}
	of := g.asserting
	if len(of) == 0 {
		of = g.denying
	}
	g.value, g.claim = shownForm(of)
	for _, e := range g.asserting {
		if d := e.dated(); !d.IsZero() {
			g.latest = max(g.latest, d.Last())
		}
		if !e.PublishedOn.IsZero() {
			g.published = max(g.published, e.PublishedOn.Last())
		}
		if f := e.ValidFrom; !f.IsZero() && (g.from.IsZero() || f.Last() > g.from.Last() || f.Last() == g.from.Last() && f.text < g.from.text) {
			g.from = f
		}
		g.validity = append(g.validity, e.Interval())
	}
	return g
}

// shownForm picks the form with the highest support; ties go to the one that
// claims less, then to the smaller text by code point.
func shownForm(es []Evidence) (Value, string) {
	type form struct {
		text   string
		claims int
	}
	byForm := map[form][]Evidence{}
	for _, e := range es {
		t, n := formOf(e.Value)
		byForm[form{t, n}] = append(byForm[form{t, n}], e)
	}
	var best form
	var support PPM = -1
	for f, members := range byForm {
		s, _ := combine(members)
		if s > support || s == support && (f.claims < best.claims || f.claims == best.claims && f.text < best.text) {
			best, support = f, s
		}
	}
	heaviest := byForm[best][0] // combine sorted them
	return heaviest.Value, heaviest.ID
}

// agree says that two values of a property can both be right: numbers and
// dates when their intervals overlap, bounds included; other texts and words
// only when equal, names by nameKey (and so never between groups).
func agree(a, b Value) bool {
	switch a.Type {
	case TypeDate:
		return a.Date.First() <= b.Date.Last() && b.Date.First() <= a.Date.Last()
	case TypeQuantity:
		if a.Quantity.Unit != b.Quantity.Unit {
			return false
		}
		alo, ahi := span(a.Quantity.Qualifier, ratOf(a.Quantity.Value), ratOf(a.Quantity.Max))
		blo, bhi := span(b.Quantity.Qualifier, ratOf(b.Quantity.Value), ratOf(b.Quantity.Max))
		return spansMeet(alo, ahi, blo, bhi)
	case TypeMoney:
		if a.Money.Currency != b.Money.Currency {
			return false
		}
		alo, ahi := span(a.Money.Qualifier, a.Money.Amount.rat(), a.Money.Max.rat())
		blo, bhi := span(b.Money.Qualifier, b.Money.Amount.rat(), b.Money.Max.rat())
		return spansMeet(alo, ahi, blo, bhi)
	}
	return false
}

func ratOf(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
