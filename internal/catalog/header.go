package catalog

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"dragnet/internal/intel"
)

// maxDerivedFrom bounds what one source can be derived from.
const maxDerivedFrom = 100

// checkSource brings a source's header to the form in which it is kept, or
// gives every fault of it.
func checkSource(index int, d intel.SourceDraft) (intel.SourceDraft, intel.FieldErrors) {
	c := &checker{row: index}
	h := d.Header
	id, err := intel.ParseSourceID(d.ID)
	if err != nil {
		c.add("id", err)
	}
	h.Title = c.text("title", h.Title, intel.Line, intel.MaxNameBytes, true)
	h.Publisher = c.text("publisher", h.Publisher, intel.Line, intel.MaxNameBytes, false)
	h.URL = c.url("url", h.URL, false)
	h.Language = c.language(h.Language)
	h.Reliability = intel.Reliability(strings.ToUpper(string(h.Reliability)))
	if !h.Reliability.Valid() {
		c.addf("reliability", "is A, B, C, D, E or F, not %q", clip(string(d.Reliability)))
	}
	h.Marking = intel.Marking(strings.ToUpper(string(h.Marking)))
	if h.Marking == "" {
		h.Marking = "CLEAR"
	}
	if !h.Marking.Valid() {
		c.addf("marking", "is CLEAR, GREEN, AMBER, AMBER_STRICT or RED, not %q", clip(string(d.Marking)))
	}
	if !h.RetrievedAt.IsZero() {
		h.RetrievedAt = h.RetrievedAt.UTC().Truncate(time.Microsecond)
	}
	h.DerivedFrom = c.derivedFrom(id, h.DerivedFrom)
	return intel.SourceDraft{ID: id, Header: h}, c.errs
}

func (c *checker) language(s string) string {
	s = c.text("language", s, intel.Name, 64, false)
	if s == "" {
		return s
	}
	tag, err := language.Parse(s)
	if err != nil {
		c.addf("language", "%q is not a language tag (BCP 47): write en, fr or pt-BR", clip(s))
		return s
	}
	return tag.String()
}

func (c *checker) derivedFrom(self string, ids []string) []string {
	if len(ids) > maxDerivedFrom {
		c.addf("derivedFrom", "names %d sources, at most %d", len(ids), maxDerivedFrom)
		return nil
	}
	var out []string
	for i, raw := range ids {
		id, err := intel.ParseSourceID(raw)
		switch {
		case err != nil:
			c.add(indexed("derivedFrom", i), err)
		case id == self:
			c.addf(indexed("derivedFrom", i), "a source cannot derive from itself")
		default:
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
