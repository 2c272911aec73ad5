package neo4j

import (
	"fmt"
	"strings"
	"time"

	"dragnet/internal/intel"
)

// timeText is fixed in width, so that its order is that of time.
const timeText = "2006-01-02T15:04:05.000000Z"

// properties are what a node or relationship holds. Empty texts are left out.
type properties map[string]any

func (p properties) text(name, value string) {
	if value != "" {
		p[name] = value
	}
}

// recordProperties writes an entity as people read it: each property of the
// ontology under its own name, and beside it what filters and orders need.
func recordProperties(r *intel.Record) properties {
	facts, err := intel.EncodeFacts(r.Facts)
	if err != nil {
		panic("neo4j store: facts that cannot be JSON: " + err.Error())
	}
	p := properties{
		"row": recordRow(r), "facts": string(facts),
		"id": r.ID, "name": r.Name, "nameKind": r.NameKind, "stub": r.Stub, "nameKey": r.NameKey, "sortKey": r.SortKey, "revision": r.Revision,
		"idKey": idKey(r.ID),
		// Where the ids of its links begin: Scan walks links in order of id.
		"linkPrefix": idKey(r.ID) + "|",
	}
	p.terms(intel.FormsOf(r.Name).Terms())
	for _, f := range r.Facts {
		info := f.Property.Info()
		if info == nil || f.Property == intel.PropName || f.Property == intel.PropNameKind {
			continue
		}
		for _, s := range f.Values {
			p.value(info, f.Slot, s.Value)
		}
	}
	return p
}

// termColumns hold the first search term of each sort, by what it begins with.
// They have range indexes, which cost a commit far less than a full-text index.
var termColumns = map[byte]string{'=': "termJoined", '#': "termSet", '$': "termShape", '<': "termHead", '>': "termTail", 'w': "termWord"}

// terms writes the search terms of a name; those that are not the first of their
// sort, which few names have, stand in a list with a full-text index.
func (p properties) terms(all []string) {
	var more []string
	for _, t := range all {
		column := termColumns[t[0]]
		if _, has := p[column]; has || column == "" {
			more = append(more, t)
		} else {
			p[column] = t
		}
	}
	if more != nil {
		p["terms"] = more
	}
}

func (p properties) value(info *intel.PropertyInfo, slot string, v intel.Value) {
	name := string(info.Property)
	switch info.Type {
	case intel.TypeDate:
		p[name], p[name+"Lo"], p[name+"Hi"] = v.Date.String(), v.Date.First(), v.Date.Last()
	case intel.TypeQuantity:
		p[name], p[name+"Hi"] = v.Quantity.Value, max(v.Quantity.Value, v.Quantity.Max)
	case intel.TypeMoney:
		m := v.Money
		p.add(name, m.Text())
		p.add(name+"Class", slot)
		p.add(name+"Currency", m.Currency)
		p.add(name+"Lo", m.Amount.SortKey())
		p.add(name+"Hi", max(m.Amount.SortKey(), m.Max.SortKey()))
	case intel.TypeExternalID:
		x := v.ExternalID
		p.add(name, slot+":"+x.Value)
		p.add(name+"Value", x.Value)
		p.add(name+"Key", intel.NameKey(x.Value))
	default:
		if info.Many {
			p.add(name, v.Text)
			return
		}
		p[name] = v.Text
		if info.Type == intel.TypeText && info.Indexed() {
			p[name+"Key"] = intel.NameKey(v.Text)
		}
	}
}

func (p properties) add(name, value string) {
	list, _ := p[name].([]string)
	p[name] = append(list, value)
}

// orderColumn is the property of the node that a sortable property is ordered
// by.
func orderColumn(info *intel.PropertyInfo) string {
	if info.Type == intel.TypeDate {
		return string(info.Property) + "Lo"
	}
	return string(info.Property)
}

// linkProperties leaves fromSort and toSort to the statement that writes it.
func linkProperties(l *intel.Link) properties {
	p := properties{
		"row": linkRow(l),
		"id":  l.ID, "support": int64(l.Support), "origins": int64(l.Origins), "disputed": l.Disputed,
		"idKey": idKey(l.ID), "fromKey": idKey(l.From), "toKey": idKey(l.To), "fromKind": string(intel.KindOf(l.From)), "toKind": string(intel.KindOf(l.To)),
	}
	p.text("validFrom", l.ValidFrom.String())
	p.text("validTo", l.ValidTo.String())
	if !always(l.Validity) {
		days := []int64{}
		for _, iv := range l.Validity {
			days = append(days, iv.From, iv.To)
		}
		p["days"] = days
	}
	if l.Role != "" {
		p["role"], p["roleKey"] = l.Role, intel.NameKey(l.Role)
	}
	p.text("on", l.On.String())
	if l.Amount != nil {
		p["amount"] = l.Amount.Value.Written()
	}
	return p
}

func claimProperties(c *intel.Claim) properties {
	p := properties{
		"row": claimRow(c),
		"id":  c.ID, "subject": c.Subject, "source": c.Source, "stance": string(c.Stance), "confidence": int64(c.Confidence),
		"revision": c.Added.Revision, "recordedAt": c.Added.At.UTC().Format(timeText), "recordedBy": c.Added.By,
		"live": c.Live(), "changed": c.Changed(),
	}
	if c.IsLink() {
		p["linkType"], p["object"], p["link"] = string(c.LinkType), c.Object, c.LinkID()
	} else {
		p["property"], p["value"] = string(c.Property), c.Value.Written()
	}
	for _, f := range []struct{ name, value string }{
		{"saidBy", c.SaidBy}, {"locator", c.Locator}, {"quote", c.Quote}, {"role", c.Role}, {"on", c.On.String()},
		{"validFrom", c.ValidFrom.String()}, {"validTo", c.ValidTo.String()},
	} {
		p.text(f.name, f.value)
	}
	if c.Amount != nil {
		p["amount"] = c.Amount.Text()
	}
	if len(c.Events) > 0 {
		p["events"] = eventTexts(c.Events)
	}
	return p
}

func eventTexts(es []intel.Event) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = toJSON(e)
	}
	return out
}

// sourceProperties lists every property but versions; nil takes one away.
func sourceProperties(s *intel.Source) properties {
	optional := func(t string) any {
		if t == "" {
			return nil
		}
		return t
	}
	p := properties{
		"row": toJSON(s), "id": s.ID, "idKey": idKey(s.ID), "title": optional(s.Title), "titleKey": optional(intel.NameKey(s.Title)), "titleSort": intel.SortKey(s.Title),
		"publisher": optional(s.Publisher), "publisherKey": optional(intel.NameKey(s.Publisher)), "url": optional(s.URL), "language": optional(s.Language),
		"reliability": string(s.Reliability), "marking": string(s.Marking), "stub": s.Stub, "claims": int64(s.Claims),
		"origins": append([]string{}, s.Origins...), "derivedFrom": append([]string{}, s.DerivedFrom...),
		"publishedOn": nil, "publishedLo": nil, "publishedHi": nil, "retrievedAt": nil,
	}
	if d := s.PublishedOn; !d.IsZero() {
		p["publishedOn"], p["publishedLo"], p["publishedHi"] = d.String(), d.First(), d.Last()
	}
	if !s.RetrievedAt.IsZero() {
		p["retrievedAt"] = s.RetrievedAt.UTC().Format(time.RFC3339Nano)
	}
	return p
}

// idKey is an ASCII text whose order is that of the ids by code point. Neo4j
// itself compares a text it stores with one it was sent by UTF-16 units.
func idKey(id string) string {
	plain := func(r rune) bool { return r < '~' }
	if strings.IndexFunc(id, func(r rune) bool { return !plain(r) }) < 0 {
		return id
	}
	var b strings.Builder
	for _, r := range id {
		if plain(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "~%06x", r)
		}
	}
	return b.String()
}

// prefixEnd is the least text greater than all that begin with the prefix of a
// kind's ids.
func prefixEnd(prefix string) string { return strings.TrimSuffix(prefix, ":") + ";" }
