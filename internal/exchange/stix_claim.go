package exchange

import (
	"strings"

	"dragnet/internal/intel"
)

// claim writes the object of a claim.
func (s *stixWriter) claim(c *intel.Claim, source *intel.Source) error {
	var seen intel.Portrait
	seen.See(c)
	t := "note"
	from, to := stixType(c.Subject), stixType(c.Object)
	if c.IsLink() && c.Stance == intel.Asserts && from != "" && to != "" {
		t = "relationship"
	}
	o := stixCommon(t, c.ID, seen.Created, seen.Modified)
	o["confidence"] = c.Confidence
	o["object_marking_refs"] = s.marked(source.Marking)
	o["external_references"] = []stixObject{stixCitation(c, source)}
	o["extensions"] = stixObject{stixClaims: stixObject{"extension_type": "property-extension", "claim": ClaimLine(c, false)}}
	if t == "note" {
		stixNote(o, c)
	} else {
		stixRelationship(o, c)
	}
	return s.write(o)
}

// stixCitation says which source states a claim, and where in it.
func stixCitation(c *intel.Claim, source *intel.Source) stixObject {
	texts := map[string]string{"url": source.URL}
	var where []string
	for _, part := range []string{c.Locator, c.Quote} {
		if part != "" {
			where = append(where, part)
		}
	}
	texts["description"] = strings.Join(where, ": ")
	return withText(stixObject{"source_name": source.Title, "external_id": source.ID}, texts, "", nil, false)
}

func stixRelationship(o stixObject, c *intel.Claim) {
	o["relationship_type"] = stixWord(string(c.LinkType))
	o["source_ref"] = stixID(stixType(c.Subject), c.Subject)
	o["target_ref"] = stixID(stixType(c.Object), c.Object)
	if text := stixDetails(c); text != "" {
		o["description"] = text
	}
	if !c.ValidFrom.IsZero() {
		o["start_time"] = stixDay(c.ValidFrom.First())
	}
	if !c.ValidTo.IsZero() {
		// It holds to the end of the day, and must end after it began.
		o["stop_time"] = isoDay(c.ValidTo.Last()) + "T23:59:59.999Z"
	}
}

// stixDetails says in words what a link claim says beside its ends.
func stixDetails(c *intel.Claim) string {
	var parts []string
	for _, part := range []string{c.Role, c.On.Text()} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if c.Amount != nil {
		parts = append(parts, c.Amount.Text())
	}
	return strings.Join(parts, "; ")
}

func stixNote(o stixObject, c *intel.Claim) {
	text := string(c.Property) + ": " + c.Value.Written()
	if c.IsLink() {
		text = strings.Join([]string{c.Subject, string(c.LinkType), c.Object}, " ")
		if details := stixDetails(c); details != "" {
			text += ": " + details
		}
	}
	if c.Stance == intel.Denies {
		text = "denied: " + text
	}
	o["content"] = text
	if c.SaidBy != "" {
		o["authors"] = []string{c.SaidBy}
	}
	var refs []string
	for _, id := range []string{c.Subject, c.Object} {
		if t := stixType(id); t != "" {
			refs = append(refs, stixID(t, id))
		}
	}
	if len(refs) == 0 {
		refs = []string{stixDragnet} // about an alias; an empty list may not be
	}
	o["object_refs"] = refs
}

// source writes the report that a source is. What it says are the objects whose
// external references name it; a report must refer to something, and refers to
// Dragnet.
func (s *stixWriter) source(src *intel.Source) error {
	if len(src.Versions) == 0 {
		return nil // nobody has described it
	}
	created, modified := src.Versions[0].Added.At, src.Versions[0].Added.At
	for _, v := range src.Versions {
		if v.Added.At.Before(created) {
			created = v.Added.At
		}
		if v.Added.At.After(modified) {
			modified = v.Added.At
		}
	}
	o := stixCommon("report", src.ID, created, modified)
	o["name"] = src.Title
	o["published"] = o["created"]
	if !src.PublishedOn.IsZero() {
		o["published"] = stixDay(src.PublishedOn.First())
	}
	o["object_refs"] = []string{stixDragnet}
	o["object_marking_refs"] = s.marked(src.Marking)
	ref := stixObject{"source_name": "dragnet", "external_id": src.ID}
	o["external_references"] = []stixObject{withText(ref, map[string]string{"url": src.URL, "description": src.Publisher}, "", nil, false)}
	if src.Language != "" {
		o["lang"] = src.Language
	}
	var headers []LineSource
	for i := range src.Versions {
		headers = append(headers, HeaderLine(src.ID, &src.Versions[i], false).Source)
	}
	o["extensions"] = stixObject{stixClaims: stixObject{"extension_type": "property-extension", "headers": headers}}
	return s.write(o)
}
