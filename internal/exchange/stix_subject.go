package exchange

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// MITRE is known by the id of its identity and of its marking, which some of its
// objects lack one of.
var stixMitre = []string{"identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5", "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"}

// source makes the header of the source that an object is.
func (s *stixReader) source(o *stixRead, title string) *Piece {
	p := &Piece{At: o.at, Described: true}
	p.Source.ID = intel.SourcePrefix + o.ID
	h := &p.Source.Header
	h.Title, h.Publisher, h.Language = tidy(title, false), tidy(s.known[o.CreatedBy].name, false), o.Lang
	h.Reliability, h.Marking = "F", s.markingOf(o)
	if o.CreatedBy == stixMitre[0] || slices.Contains(o.Markings, stixMitre[1]) {
		h.Reliability, h.Publisher = "B", "The MITRE Corporation"
	}
	// The record is as it was when it was last changed.
	if t, err := time.Parse(time.RFC3339Nano, o.Modified); err == nil {
		h.RetrievedAt = t.UTC()
		h.PublishedOn, _ = intel.ParseDate(t.UTC().Format(time.DateOnly))
	}
	var urls []string
	for _, r := range o.References {
		if r.URL == "" {
			continue
		}
		urls = append(urls, r.URL)
		if r.attack() && h.URL == "" {
			h.URL = r.URL
		}
	}
	h.DerivedFrom = s.tally.derivedFrom(p.Source.ID, urls)
	return p
}

// markingOf is the strictest of an object's TLP markings.
func (s *stixReader) markingOf(o *stixRead) intel.Marking {
	out := intel.Marking("CLEAR")
	for _, id := range o.Markings {
		m, ok := stixTLPs[id]
		if !ok {
			m = s.known[id].marking
		}
		if m != "" && m.Above(out) {
			out = m
		}
	}
	return out
}

// marking keeps a statement, such as a copyright, as a source without claims.
func (s *stixReader) marking(o *stixRead) {
	var text string
	if o.tlp() != "" || json.Unmarshal(o.Definition["statement"], &text) != nil || strings.TrimSpace(text) == "" {
		return
	}
	s.tally["statements of markings, kept as sources"]++
	s.ready = append(s.ready, s.source(o, clipText(tidy(text, false), intel.MaxNameBytes)))
}

// clipText cuts a text to so many bytes.
func clipText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// stixRecord makes the claims of one object.
type stixRecord struct {
	feedRecord
	*stixRead
	kind intel.Kind
}

// confident gives every claim the confidence that the object states.
func (r *stixRecord) confident() {
	for i := range r.piece.Rows {
		if d := &r.piece.Rows[i].Draft; d.Confidence == nil {
			d.Confidence = r.Confidence
		}
	}
}

// subject says all that an object says of the entity it is.
func (s *stixReader) subject(o *stixRead, entity string) {
	r := &stixRecord{feedRecord{piece: s.source(o, o.Type+": "+o.Name), subject: entity, raw: o.raw, tally: s.tally}, o, intel.KindOf(entity)}
	area := r.kind == intel.KindCountry || r.kind == intel.KindRegion && entity != intel.EntityID(r.kind, stixUUID(o.ID))
	if !area { // else the sample data names it
		r.text(intel.PropName, o.Name, "name")
	}
	r.text(intel.PropSummary, o.Description, "description")
	r.externalID("stix", o.ID, "id")
	r.references()
	r.aliases()
	r.killChain()
	var all map[string]json.RawMessage
	if json.Unmarshal(o.raw, &all) == nil {
		for _, key := range slices.Sorted(maps.Keys(all)) {
			r.property(key, all[key])
		}
	}
	if r.kind == intel.KindReport {
		for _, id := range o.ObjectRefs {
			if to := s.end(id); to != "" && to != entity {
				r.link("ABOUT", intel.Ref{ID: to}, "object_refs")
			}
		}
	}
	r.confident()
	s.ready = append(s.ready, r.piece)
}

// references says the ids that an object has elsewhere. Only those of ATT&CK
// are the object's own; others, like those of CAPEC, may belong to several.
func (r *stixRecord) references() {
	for _, ref := range r.References {
		switch {
		case ref.ID == "":
		case ref.attack():
			r.externalID(ref.Source, ref.ID, "external_references")
			if r.kind == intel.KindTechnique {
				r.text("attackId", ref.ID, "external_references")
			}
		default:
			r.tally["ids in other catalogues, kept as notes: "+ref.Source]++
			r.note(ref.Source, ref.ID, "external_references")
		}
	}
	if r.kind == intel.KindReport {
		for _, ref := range r.References {
			if strings.HasPrefix(ref.URL, "http") {
				r.text("url", ref.URL, "external_references")
				break
			}
		}
	}
}

// aliases says other names, each with the references that say it.
func (r *stixRecord) aliases() {
	seen := map[string]bool{strings.TrimSpace(r.Name): true}
	for _, list := range []struct {
		key   string
		names []string
	}{{"aliases", r.Aliases}, {"x_mitre_aliases", r.MitreAliases}} {
		for _, name := range list.names {
			name = strings.TrimSpace(name)
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			r.alias(name, "", list.key)
			d := &r.piece.Rows[len(r.piece.Rows)-1].Draft
			d.Locator, d.Quote = r.saidOf(name, list.key)
		}
	}
}

// saidOf finds the external reference that says an alias: its name is the alias,
// its description names other references.
func (r *stixRecord) saidOf(name, key string) (locator, quote string) {
	locator = key
	for _, ref := range r.References {
		if ref.Source != name || ref.Description == "" && ref.URL == "" {
			continue
		}
		quote = clipText(tidy(ref.Description, true), intel.MaxQuoteBytes)
		where := []string{key + ", external_references"}
		if ref.URL != "" {
			where = append(where, ref.URL)
		}
		for _, cited := range r.References {
			if cited.URL != "" && strings.Contains(ref.Description, "(Citation: "+cited.Source+")") {
				where = append(where, cited.URL)
			}
		}
		return clipText(tidy(strings.Join(where, " "), false), intel.MaxLocatorBytes), quote
	}
	return locator, ""
}

func (r *stixRecord) killChain() {
	for _, k := range r.KillChain {
		r.note("kill chain phase", k.Chain+" "+k.Phase, "kill_chain_phases")
	}
}

// stixSaid are the properties that are said elsewhere, or are about the record.
var stixSaid = []string{
	"type", "id", "spec_version", "name", "description", "created", "modified", "created_by_ref", "object_marking_refs", "external_references",
	"aliases", "x_mitre_aliases", "extensions", "confidence", "lang", "kill_chain_phases", "object_refs", "country", "region", "identity_class", "_reason", "_position",
}

// stixWordsOf are the properties with a vocabulary here.
var stixWordsOf = map[string]intel.Property{
	"threat_actor_types": "groupType", "sophistication": "sophistication", "resource_level": "resourceLevel", "primary_motivation": "motivation",
	"secondary_motivations": "motivation", "personal_motivations": "motivation", "malware_types": "toolType", "tool_types": "toolType", "infrastructure_types": "infrastructureType",
}

// property says one property of an object; one that we have none for is a note.
func (r *stixRecord) property(key string, raw json.RawMessage) {
	if slices.Contains(stixSaid, key) {
		return
	}
	var words mispWords
	if json.Unmarshal(raw, &words) != nil || len(words) == 0 || len(words) == 1 && (words[0] == "false" || strings.TrimSpace(words[0]) == "") {
		return // false and nothing are what is when nothing is said
	}
	p, known := stixWordsOf[key]
	if key == "labels" {
		words = slices.DeleteFunc(words, func(w string) bool { return w == r.Type })
		p, known = map[intel.Kind]intel.Property{intel.KindGroup: "groupType", intel.KindTool: "toolType"}[r.kind]
	}
	dates := map[string]intel.Property{"first_seen": "firstSeen", "last_seen": "lastSeen", "published": "publishedOn"}
	switch date := dates[key]; {
	case known && p.Info().Of(r.kind):
		for _, w := range words {
			r.word(p, w, key)
		}
	case date != "" && date.Info().Of(r.kind):
		r.date(date, stixDate(words[0]), key)
	case len(words) > 0:
		if strings.HasPrefix(key, "x_") {
			r.tally["custom properties kept as notes: "+key]++
		} else {
			r.tally["properties kept as notes: "+key]++
		}
		r.note(key, clipText(strings.Join(words, "; "), intel.MaxProseBytes-1024), key)
	}
}
