package exchange

import (
	"strings"

	"dragnet/internal/intel"
)

// entity writes the object of an entity.
func (s *stixWriter) entity(p *intel.Portrait) error {
	t := stixType(p.ID)
	if t == "" {
		return nil // an alias
	}
	o := stixCommon(t, p.ID, p.Created, p.Modified)
	o["name"] = p.Name
	if v := p.One(intel.PropSummary); v != nil {
		o["description"] = v.Value.Text
	}
	o["object_marking_refs"] = s.marked(p.Marking)
	o["external_references"] = stixReferences(p)
	if len(p.Aliases) > 0 && t != "identity" && t != "location" && t != "report" {
		o["aliases"] = p.Aliases
	}
	switch p.Kind {
	case intel.KindGroup:
		stixGroup(o, p)
	case intel.KindAgency, intel.KindFirm:
		o["identity_class"] = "organization"
	case intel.KindPerson:
		o["identity_class"] = "individual"
	case intel.KindSector:
		o["identity_class"] = "class"
	case intel.KindCountry:
		o["country"] = intel.KeyOf(p.ID)
	case intel.KindRegion:
		o["region"] = stixWord(strings.ReplaceAll(p.Name, " ", "-"))
	case intel.KindTool:
		stixWords(o, "tool_types", p, "toolType")
	case intel.KindInfrastructure:
		stixWords(o, "infrastructure_types", p, "infrastructureType")
	case intel.KindCampaign:
		stixSeen(o, p)
	case intel.KindReport:
		stixReport(o, p)
	case intel.KindOperation, intel.KindGood, intel.KindOffence:
		stixOwn(o, p)
	}
	return s.write(o)
}

// stixReferences are an entity's ids, here and in other catalogues, and, as
// ATT&CK has it, its aliases.
func stixReferences(p *intel.Portrait) []stixObject {
	refs := []stixObject{{"source_name": "dragnet", "external_id": p.ID}}
	for _, v := range p.All(intel.PropExternalID) {
		refs = append(refs, stixObject{"source_name": v.Value.ExternalID.Scheme, "external_id": v.Value.ExternalID.Value})
	}
	if v := p.One("attackId"); v != nil {
		refs = append(refs, stixObject{"source_name": "mitre-attack", "external_id": v.Value.Text})
	}
	if v := p.One("url"); v != nil {
		refs = append(refs, stixObject{"source_name": p.Name, "url": v.Value.Text})
	}
	for _, name := range p.Aliases {
		refs = append(refs, stixObject{"source_name": name, "description": "An alias of " + p.Name + "."})
	}
	return refs
}

func stixGroup(o stixObject, p *intel.Portrait) {
	stixWords(o, "threat_actor_types", p, "groupType")
	stixSeen(o, p)
	if v := p.One("sophistication"); v != nil {
		o["sophistication"] = stixWord(v.Value.Text)
	}
	if v := p.One("resourceLevel"); v != nil {
		o["resource_level"] = stixWord(v.Value.Text)
	}
	motives := wordsOf(p, "motivation")
	if len(motives) > 0 {
		o["primary_motivation"] = motives[0]
	}
	if len(motives) > 1 {
		o["secondary_motivations"] = motives[1:]
	}
}

// stixSeen gives first_seen and last_seen, which must not stand the wrong way
// round.
func stixSeen(o stixObject, p *intel.Portrait) {
	first, last := p.One("firstSeen"), p.One("lastSeen")
	if first != nil {
		o["first_seen"] = stixDay(first.Value.Date.First())
	}
	if last != nil && (first == nil || first.Value.Date.First() <= last.Value.Date.Last()) {
		o["last_seen"] = stixDay(last.Value.Date.Last())
	}
}

// stixReport gives a report what it must have: a day, and what it is about.
func stixReport(o stixObject, p *intel.Portrait) {
	o["published"] = o["created"]
	if v := p.One("publishedOn"); v != nil {
		o["published"] = stixDay(v.Value.Date.First())
	}
	var refs []string
	for _, id := range p.About {
		refs = append(refs, stixID(stixType(id), id))
	}
	if len(refs) == 0 {
		refs = []string{stixDragnet} // an empty list may not be
	}
	o["object_refs"] = refs
}

// stixOwn gives an object of a type of Dragnet's own all its properties, named as
// STIX names its own.
func stixOwn(o stixObject, p *intel.Portrait) {
	o["extensions"] = stixObject{stixObjects: stixObject{"extension_type": "new-sdo"}}
	for _, info := range intel.PropertiesOf(p.Kind) {
		vs := p.All(info.Property)
		if len(vs) == 0 || !ownProperty(info.Property) {
			continue
		}
		var out []any
		for _, v := range vs {
			out = append(out, stixValue(v.Value))
		}
		if info.Many {
			o[snakeCase(string(info.Property))] = out
		} else {
			o[snakeCase(string(info.Property))] = out[0]
		}
	}
}

// ownProperty says that a property stands under its own name: name, summary and
// external ids have their places, and notes are objects.
func ownProperty(p intel.Property) bool {
	return p != intel.PropName && p != intel.PropNameKind && p != intel.PropSummary && p != intel.PropNote && p != intel.PropExternalID
}

func stixValue(v intel.Value) any {
	switch v.Type {
	case intel.TypeEnum:
		return stixWord(v.Text)
	case intel.TypeDate:
		return v.Date.String()
	case intel.TypeQuantity:
		q := v.Quantity
		return withText(stixObject{"value": q.Value, "qualifier": stixWord(string(q.Qualifier))}, map[string]string{"unit": q.Unit, "as_written": q.AsWritten}, "max", q.Max, q.Max != 0)
	case intel.TypeMoney:
		m := v.Money
		return withText(stixObject{"amount": string(m.Amount), "currency": m.Currency, "qualifier": stixWord(string(m.Qualifier)), "asset_class": stixWord(string(m.AssetClass))},
			map[string]string{"as_written": m.AsWritten}, "max", string(m.Max), m.Max != "")
	}
	return v.Text
}

// withText adds the texts that are not empty, and one more value when it is
// there.
func withText(o stixObject, texts map[string]string, key string, value any, there bool) stixObject {
	for k, text := range texts {
		if text != "" {
			o[k] = text
		}
	}
	if there {
		o[key] = value
	}
	return o
}

func stixWords(o stixObject, key string, p *intel.Portrait, of intel.Property) {
	if words := wordsOf(p, of); len(words) > 0 {
		o[key] = words
	}
}

func wordsOf(p *intel.Portrait, of intel.Property) (out []string) {
	for _, v := range p.All(of) {
		out = append(out, stixWord(v.Value.Text))
	}
	return out
}
