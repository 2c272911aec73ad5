package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// stixLinks are the types of links that relationships of STIX are, where the
// word is not the type's own. The first one that may join the ends is taken.
var stixLinks = map[string][]intel.LinkType{
	"subtechnique-of": {"PART_OF"}, "revoked-by": {"REPLACED_BY"}, "located-at": {"BASED_IN"}, "originates-from": {"BASED_IN"},
	"controls": {"OPERATES"}, "owns": {"OPERATES"}, "hosts": {"OPERATES"}, "employed-by": {"WORKS_FOR"},
}

// stixLikenesses say that two objects may be the same.
var stixLikenesses = []string{"duplicate-of", "similar-to", "same-as"}

// relationship says the link that a relationship is.
func (s *stixReader) relationship(o *stixRead) {
	from, to := s.end(o.From), s.end(o.To)
	switch {
	case from == "" || to == "":
		s.tally["relationships with an end that is no entity, left out: "+clipText(o.RelationshipType, 60)]++
		return
	case o.Revoked:
		s.tally["revoked relationships, left out"]++
		return
	case slices.Contains(stixLikenesses, o.RelationshipType):
		s.tally["likenesses, not kept yet: "+o.RelationshipType]++
		return
	case from == to:
		s.tally["links of a record to itself, dropped"]++
		return
	}
	typ, role := stixLinkType(o.RelationshipType, intel.KindOf(from), intel.KindOf(to))
	r := &stixRecord{feedRecord{piece: s.source(o, "relationship: "+from+" "+o.RelationshipType+" "+to), subject: from, raw: o.raw, tally: s.tally}, o, intel.KindOf(from)}
	r.link(typ, intel.Ref{ID: to}, "relationship_type", func(d *intel.Draft) {
		d.Link.Role = clipText(role, intel.MaxCodeBytes)
		d.Quote = clipText(tidy(o.Description, true), intel.MaxQuoteBytes)
		d.ValidFrom, d.ValidTo = r.validity()
	})
	r.confident()
	var all map[string]json.RawMessage
	if json.Unmarshal(o.raw, &all) == nil {
		for key, v := range all {
			if strings.HasPrefix(key, "x_") && string(v) != "false" {
				s.tally["custom properties of relationships, left out: "+key]++
			}
		}
	}
	s.ready = append(s.ready, r.piece)
}

// validity is when the link holds, as far as the times are such.
func (r *stixRecord) validity() (from, to intel.PartialDate) {
	from, errFrom := intel.ParseDate(stixDate(r.StartTime))
	to, errTo := intel.ParseDate(stixDate(r.StopTime))
	if r.StartTime == "" || errFrom != nil {
		from = intel.PartialDate{}
	}
	if r.StopTime == "" || errTo != nil {
		to = intel.PartialDate{}
	}
	if !from.IsZero() && !to.IsZero() && from.First() > to.Last() {
		r.tally["times that end before they begin, left out"]++
		return intel.PartialDate{}, intel.PartialDate{}
	}
	return from, to
}

// stixLinkType finds the type of link for a relationship; RELATED_TO with the
// word as role is the last resort.
func stixLinkType(word string, from, to intel.Kind) (typ intel.LinkType, role string) {
	own := intel.LinkType(strings.ToUpper(strings.ReplaceAll(word, "-", "_")))
	for _, t := range append([]intel.LinkType{own}, stixLinks[word]...) {
		if ok, _ := t.Allows(from, to); ok {
			return t, ""
		}
	}
	return "RELATED_TO", tidy(word, false)
}

// end is the entity that a reference leads to; of an object that is not in the
// file its type tells the kind. "" where it is none.
func (s *stixReader) end(ref string) string {
	if k, ok := s.known[ref]; ok {
		return k.entity
	}
	typ, _, _ := strings.Cut(ref, "--")
	k := stixKinds[typ]
	if k == "" || !stixForm.MatchString(ref) {
		return ""
	}
	s.tally["references to objects that are not in the file"]++
	return intel.EntityID(k, stixUUID(ref))
}

// remark says a note of STIX of each entity it is about.
func (s *stixReader) remark(o *stixRead) {
	p := s.source(o, "note: "+clipText(tidy(o.Content, false), 200))
	for _, ref := range o.ObjectRefs {
		to := s.end(ref)
		if to == "" {
			s.tally["notes about what is no entity, left out"]++
			continue
		}
		r := &stixRecord{feedRecord{piece: p, subject: to, raw: o.raw, tally: s.tally}, o, intel.KindOf(to)}
		r.text(intel.PropNote, o.Content, "content")
		r.confident()
	}
	s.ready = append(s.ready, p)
}
