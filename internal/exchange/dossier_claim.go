package exchange

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// claim reads one property or link of a statement, and makes a draft of each of
// its values.
func (d *dossierReader) claim(subject *reference, t *terms, p pair) {
	key := p.key.text
	if info := intel.Property(key).Info(); info != nil {
		if p.value.form == listValue && !info.Many {
			d.addf(p.value.Position, "`%s` takes one value: make a statement of each", key)
			return
		}
		for _, n := range d.values(key, p.value) {
			if v, ok := d.propertyValue(info, n); ok {
				draft := t.draft
				draft.Subject, draft.Property, draft.Value = subject.take(), info.Property, &v
				d.put(t, draft, n)
			}
		}
		return
	}
	name, other := strings.CutSuffix(key, fromOther)
	link := intel.LinkType(name)
	for _, n := range d.values(key, p.value) {
		end := d.end(subject, link, other, n)
		if end == nil {
			continue
		}
		from, to := subject, end
		if other {
			from, to = end, subject
		}
		draft := t.draft
		draft.Subject = from.take()
		draft.Link = &intel.LinkDraft{Type: link, To: to.take(), Role: t.role, On: t.on, Amount: t.amount}
		d.put(t, draft, n)
	}
}

// put files a draft under its source.
func (d *dossierReader) put(t *terms, draft intel.Draft, n *node) {
	if t.saidBy != nil {
		by := t.saidBy.take()
		draft.SaidBy = &by
	}
	source := t.source
	if source == "" {
		source = d.main
	}
	i, ok := d.batches[source]
	if !ok {
		i = len(d.out.Batches)
		d.batches[source] = i
		d.out.Batches = append(d.out.Batches, Batch{Source: source})
	}
	b := &d.out.Batches[i]
	b.Drafts, b.At = append(b.Drafts, draft), append(b.At, n.Position)
}

// end reads the far end of a link.
func (d *dossierReader) end(subject *reference, link intel.LinkType, other bool, n *node) *reference {
	parse := parseReference
	if link == intel.KnownAs && !other {
		parse = parseAlias
	}
	end := d.reference(linkKey(link, other), n, parse)
	if end == nil {
		return nil
	}
	far := reach(link, subject.kind, other)
	switch {
	case end.id == subject.id:
		d.addf(n.Position, "%s cannot be linked to itself", show(end.id))
	case slices.Contains(far, end.kind):
		return end
	case other:
		d.add(n.Position, &Mistake{Found: "no " + string(link) + " link leads from " + string(end.kind) + " to " + string(subject.kind), Expected: listed(texts(far))})
	default:
		m := bad("no %s link leads from %s to %s", link, subject.kind, end.kind)
		if slices.Contains(reach(link, subject.kind, true), end.kind) {
			m.Nearest = linkKey(link, true)
		} else {
			m.Expected = listed(texts(far))
		}
		d.add(n.Position, m)
	}
	return nil
}

// propertyValue reads the value of a property.
func (d *dossierReader) propertyValue(info *intel.PropertyInfo, n *node) (v intel.Value, ok bool) {
	name := string(info.Property)
	v.Type = info.Type
	switch info.Type {
	case intel.TypeEnum:
		// Drafts give a word of a vocabulary as text.
		v.Type = intel.TypeText
		v.Text, ok = d.word(name, "a word of `"+name+"`", n, info.Vocabulary)
	case intel.TypeDate:
		v.Date, ok = d.date(name, n)
	case intel.TypeQuantity:
		v.Quantity, ok = d.quantity(name, n)
	case intel.TypeMoney:
		v.Money, ok = d.money(name, n)
	case intel.TypeExternalID:
		v.ExternalID, ok = d.externalID(name, n)
	default:
		v.Text, ok = d.plain(info, n)
	}
	return v, ok
}

func (d *dossierReader) plain(info *intel.PropertyInfo, n *node) (string, bool) {
	name := string(info.Property)
	switch info.Check {
	case intel.AnyName:
		return d.text(name, n, intel.Name, intel.MaxNameBytes)
	case intel.AnyCode:
		return d.text(name, n, intel.Name, intel.MaxCodeBytes)
	case intel.WebAddress:
		return d.url(name, n)
	case intel.ISOPeriod:
		s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
		if ok && !intel.IsPeriod(s) {
			d.add(n.Position, &Mistake{Found: show(s) + " is not a duration", Expected: "an ISO 8601 duration such as P2Y (two years), P3M (three months), P10D or PT36H"})
			return "", false
		}
		return s, ok
	}
	return d.text(name, n, intel.Prose, intel.MaxProseBytes)
}
