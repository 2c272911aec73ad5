package exchange

import (
	"strings"

	"dragnet/internal/intel"
)

// fields gives the pairs of a mapping that can be read, and notes the others:
// unknown keys, keys that stand twice, keys without a value. known says what is
// wrong with a key.
func (d *dossierReader) fields(n *node, known func(string) *Mistake) []pair {
	var out []pair
	seen := map[string]*node{}
	pairs := n.pairs
	if n.flow {
		pairs = d.cutByCommas(pairs, known)
	}
	for _, p := range pairs {
		key, first := p.key.text, seen[p.key.text]
		mistake := known(key)
		switch {
		case mistake != nil && unspaced(p, known):
			d.addf(p.key.Position, "%s has no space after its colon", show(key))
		case mistake != nil:
			d.add(p.key.Position, mistake)
		case p.value.form == noValue:
			d.addf(p.key.Position, "`%s` has no value", key)
		case first != nil:
			d.addf(p.key.Position, "`%s` stands twice, first in line %d: make a list of the values, or another entry", key, first.Line)
		default:
			seen[key] = p.key
			out = append(out, p)
		}
	}
	return out
}

// unspaced says that a key without value is a pair whose colon no space
// follows: {at:para 7}.
func unspaced(p pair, known func(string) *Mistake) bool {
	word, _, colon := strings.Cut(p.key.text, ":")
	return colon && p.value.form == noValue && !p.key.quoted && known(word) == nil
}

// cutByCommas notes the values that a comma cut in two, as {arrests: 3,500} is
// a pair and the key 500 without a value, and leaves them out.
func (d *dossierReader) cutByCommas(pairs []pair, known func(string) *Mistake) []pair {
	stray := func(p pair) bool {
		return p.value.form == noValue && known(p.key.text) != nil && !unspaced(p, known)
	}
	var out []pair
	for i := 0; i < len(pairs); {
		p := pairs[i]
		end := i + 1
		for p.value.form == textValue && !p.value.quoted && end < len(pairs) && stray(pairs[end]) {
			end++
		}
		if end == i+1 {
			out = append(out, p)
			i++
			continue
		}
		whole := p.value.text
		for _, cut := range pairs[i+1 : end] {
			if c := cut.key.text; c != "" && c[0] >= '0' && c[0] <= '9' {
				whole += "," + c
			} else {
				whole += ", " + c
			}
		}
		quote := `"`
		if strings.Contains(whole, quote) {
			quote = "'"
		}
		first := pairs[i+1].key
		d.addf(first.Position, "the comma before %s ends the value of %s: quote the value or leave out the commas (%s: %s)",
			show(first.text), show(p.key.text), clip(p.key.text), clip(quote+whole+quote))
		i = end
	}
	return out
}

// clip is show without the marks around the text.
func clip(s string) string { return strings.Trim(show(s), "`") }

// text takes a scalar and cleans it; ok is false when it was noted as wrong.
func (d *dossierReader) text(name string, n *node, form intel.Form, limit int) (string, bool) {
	if n.form != textValue {
		d.addf(n.Position, "`%s` takes a text, not %s", name, n.what())
		return "", false
	}
	s, err := intel.CleanText(n.text, form, limit)
	switch {
	case err != nil:
		d.addf(n.Position, "`%s` %s", name, err)
	case s == "":
		d.addf(n.Position, "`%s` is empty", name)
	default:
		return s, true
	}
	return "", false
}

func (n *node) what() string {
	switch n.form {
	case listValue:
		return "a list"
	case mappingValue:
		return "a mapping"
	case noValue:
		return "nothing"
	}
	return show(n.text)
}

// date takes a partial date.
func (d *dossierReader) date(name string, n *node) (intel.PartialDate, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return intel.PartialDate{}, false
	}
	date, err := intel.ParseDate(s)
	if err != nil {
		d.addf(n.Position, "%s", err)
		return date, false
	}
	return date, true
}

// word takes a word of a closed list, in either case, and gives it as the list
// has it.
func (d *dossierReader) word(name, what string, n *node, valid []string) (string, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return "", false
	}
	for _, v := range valid {
		if strings.EqualFold(v, s) {
			return v, true
		}
	}
	m := oneOf(s, what, valid)
	d.add(n.Position, m)
	return "", false
}

// values gives the items of a list, or the one value that stands without a
// list.
func (d *dossierReader) values(name string, n *node) []*node {
	if n.form != listValue {
		return []*node{n}
	}
	if len(n.items) == 0 {
		d.addf(n.Position, "`%s` has an empty list", name)
	}
	var out []*node
	for _, item := range n.items {
		if item.form == noValue {
			d.addf(item.Position, "`%s` has an empty entry", name)
			continue
		}
		out = append(out, item)
	}
	return out
}
