package exchange

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// The fields of the mapping forms, equal to the inputs of the API.
var (
	quantityFields   = []string{"value", "max", "qualifier", "asWritten", "unit"}
	moneyFields      = []string{"amount", "max", "currency", "qualifier", "asWritten", "assetClass"}
	externalIDFields = []string{"scheme", "value"}
)

// quantity takes a number of things, as people write it or as a mapping.
func (d *dossierReader) quantity(name string, n *node) (intel.Quantity, bool) {
	if n.form == mappingValue {
		return d.quantityMapping(n)
	}
	s, ok := d.text(name, n, intel.Line, intel.MaxCodeBytes)
	if !ok {
		return intel.Quantity{}, false
	}
	q, m := parseQuantity(s)
	if m == nil {
		_, err := intel.CleanText(q.Unit, intel.Name, intel.MaxCodeBytes)
		if err != nil {
			m = bad("the unit %s", err)
		}
	}
	if m != nil {
		d.add(n.Position, m)
	}
	return q, m == nil
}

func (d *dossierReader) quantityMapping(n *node) (intel.Quantity, bool) {
	before := len(d.list)
	q := intel.Quantity{Qualifier: intel.Exact}
	for _, p := range d.mapping(n, "a field of a quantity", quantityFields, "value") {
		key, v := p.key.text, p.value
		switch key {
		case "value":
			q.Value = d.whole(key, v)
		case "max":
			q.Max = d.whole(key, v)
		case "qualifier":
			q.Qualifier = d.qualifier(key, v)
		case "asWritten":
			q.AsWritten, _ = d.text(key, v, intel.Line, intel.MaxCodeBytes)
		case "unit":
			q.Unit, _ = d.text(key, v, intel.Name, intel.MaxCodeBytes)
		}
	}
	if len(d.list) == before {
		d.checkRange(n, q.Qualifier, q.Max != 0, q.Max > q.Value)
	}
	return q, len(d.list) == before
}

// mapping gives the pairs of a mapping form and notes what it lacks.
func (d *dossierReader) mapping(n *node, what string, valid []string, needed ...string) []pair {
	before := len(d.list)
	pairs := d.fields(n, func(key string) *Mistake { return knownWord(key, what, valid) })
	for _, need := range needed {
		has := slices.ContainsFunc(pairs, func(p pair) bool { return p.key.text == need })
		if !has && len(d.list) == before {
			d.add(n.Position, missing("this mapping", need))
		}
	}
	return pairs
}

func (d *dossierReader) checkRange(n *node, q intel.Qualifier, hasMax, upwards bool) {
	switch {
	case q == intel.Range && !upwards:
		d.addf(n.Position, "a RANGE needs a `max` above its beginning")
	case q != intel.Range && hasMax:
		d.addf(n.Position, "only a RANGE has a `max`")
	}
}

func (d *dossierReader) qualifier(name string, n *node) intel.Qualifier {
	word, _ := d.word(name, "a qualifier", n, texts(intel.Qualifiers()))
	return intel.Qualifier(word)
}

func (d *dossierReader) whole(name string, n *node) int64 {
	dec, ok := d.decimal(name, n)
	if !ok {
		return 0
	}
	v, m := whole(string(dec))
	if m != nil {
		d.add(n.Position, m)
	}
	return v
}

func (d *dossierReader) decimal(name string, n *node) (intel.Decimal, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return "", false
	}
	dec, m := decimal(s)
	if m != nil {
		d.add(n.Position, m)
	}
	return dec, m == nil
}

// money takes an amount of money, as people write it or as a mapping.
func (d *dossierReader) money(name string, n *node) (intel.Money, bool) {
	if n.form == mappingValue {
		return d.moneyMapping(n)
	}
	s, ok := d.text(name, n, intel.Line, intel.MaxCodeBytes)
	if !ok {
		return intel.Money{}, false
	}
	money, m := parseMoney(s)
	if m != nil {
		d.add(n.Position, m)
	}
	return money, m == nil
}

func (d *dossierReader) moneyMapping(n *node) (intel.Money, bool) {
	before := len(d.list)
	m := intel.Money{Qualifier: intel.Exact, AssetClass: "OTHER"}
	for _, p := range d.mapping(n, "a field of an amount", moneyFields, "amount", "currency") {
		key, v := p.key.text, p.value
		switch key {
		case "amount":
			m.Amount, _ = d.decimal(key, v)
		case "max":
			m.Max, _ = d.decimal(key, v)
		case "currency":
			m.Currency = d.currency(key, v)
		case "qualifier":
			m.Qualifier = d.qualifier(key, v)
		case "asWritten":
			m.AsWritten, _ = d.text(key, v, intel.Line, intel.MaxCodeBytes)
		case "assetClass":
			word, _ := d.word(key, "an asset class", v, texts(intel.AssetClasses()))
			m.AssetClass = intel.AssetClass(word)
		}
	}
	if len(d.list) == before {
		d.checkRange(n, m.Qualifier, m.Max != "", m.Max.SortKey() > m.Amount.SortKey())
	}
	return m, len(d.list) == before
}

func (d *dossierReader) currency(name string, n *node) string {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return ""
	}
	if m := checkCurrency(s, s); m != nil {
		d.add(n.Position, m)
	}
	return strings.ToUpper(s)
}

// externalID takes scheme:value, or the two as a mapping.
func (d *dossierReader) externalID(name string, n *node) (id intel.ExternalID, ok bool) {
	if n.form == mappingValue {
		before := len(d.list)
		for _, p := range d.mapping(n, "a field of an external id", externalIDFields, externalIDFields...) {
			if p.key.text == "scheme" {
				id.Scheme, _ = d.text(p.key.text, p.value, intel.Name, intel.MaxSchemeBytes)
			} else {
				id.Value, _ = d.text(p.key.text, p.value, intel.Name, intel.MaxCodeBytes)
			}
		}
		id.Scheme = strings.ToLower(id.Scheme)
		return id, len(d.list) == before
	}
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return id, false
	}
	scheme, value, _ := strings.Cut(s, ":")
	id = intel.ExternalID{Scheme: strings.ToLower(strings.TrimSpace(scheme)), Value: strings.TrimSpace(value)}
	if id.Scheme == "" || id.Value == "" || len(id.Scheme) > intel.MaxSchemeBytes {
		d.add(n.Position, &Mistake{Found: show(s) + " is not an external id", Expected: "a scheme and the id in it, such as mitre-attack:T1566"})
		return id, false
	}
	return id, true
}
