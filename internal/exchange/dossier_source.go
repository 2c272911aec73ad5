package exchange

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"dragnet/internal/intel"
)

var sourceWords = []string{"id", "url", "title", "publisher", "publishedOn", "retrievedAt", "language", "reliability", "marking", "derivedFrom"}

// source reads one source's header. The first is the main one.
func (d *dossierReader) source(n *node) {
	if n == nil || n.form != mappingValue {
		if n != nil {
			d.addf(n.Position, "a source is a mapping, such as {id: source:my-report, title: My report, reliability: C}, not %s", n.what())
		}
		d.badSources = true
		return
	}
	before := len(d.list)
	draft := intel.SourceDraft{Header: intel.Header{Marking: "CLEAR"}}
	for _, p := range d.fields(n, func(key string) *Mistake { return knownWord(key, "a word of a source", sourceWords) }) {
		d.sourceField(&draft, p.key.text, p.value)
	}
	good := len(d.list) == before
	if draft.ID == "" && draft.URL != "" {
		draft.ID, _ = intel.SourceKey(draft.URL)
	}
	if good {
		for _, need := range []struct{ word, value string }{{"id` or `url", draft.ID}, {"title", draft.Title}, {"reliability", string(draft.Reliability)}} {
			if need.value == "" {
				d.add(n.Position, missing("this source", need.word))
			}
		}
	}
	d.describe(n, draft)
}

func (d *dossierReader) describe(n *node, draft intel.SourceDraft) {
	if draft.ID == "" {
		d.badSources = true
		return
	}
	if at, twice := d.described[draft.ID]; twice {
		d.addf(n.Position, "%s is described twice, first in line %d", show(draft.ID), at.Line)
		return
	}
	if d.main == "" && len(d.described) == 0 && !d.badSources {
		d.main = draft.ID
	}
	d.described[draft.ID] = n.Position
	d.out.Sources = append(d.out.Sources, draft)
	d.out.SourcesAt = append(d.out.SourcesAt, n.Position)
}

func knownWord(key, what string, valid []string) *Mistake {
	for _, v := range valid {
		if v == key {
			return nil
		}
	}
	return oneOf(key, what, valid)
}

func (d *dossierReader) sourceField(s *intel.SourceDraft, key string, v *node) {
	switch key {
	case "id":
		s.ID, _ = d.sourceID(key, v)
	case "url":
		s.URL, _ = d.url(key, v)
	case "title":
		s.Title, _ = d.text(key, v, intel.Line, intel.MaxNameBytes)
	case "publisher":
		s.Publisher, _ = d.text(key, v, intel.Line, intel.MaxNameBytes)
	case "publishedOn":
		s.PublishedOn, _ = d.date(key, v)
	case "retrievedAt":
		s.RetrievedAt, _ = d.moment(key, v)
	case "language":
		s.Language, _ = d.language(key, v)
	case "reliability":
		word, _ := d.word(key, "a grade of reliability", v, texts(intel.Reliabilities()))
		s.Reliability = intel.Reliability(word)
	case "marking":
		word, _ := d.word(key, "a marking", v, texts(intel.Markings()))
		s.Marking = intel.Marking(word)
	case "derivedFrom":
		for _, one := range d.values(key, v) {
			if id, ok := d.sourceID(key, one); ok {
				s.DerivedFrom = append(s.DerivedFrom, id)
			}
		}
	}
}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// sourceID takes a source's id, or a web address from which it is made.
func (d *dossierReader) sourceID(name string, n *node) (string, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxURLBytes)
	if !ok {
		return "", false
	}
	parse := intel.ParseSourceID
	if strings.Contains(s, "://") {
		parse = intel.SourceKey
	}
	id, err := parse(s)
	if err != nil {
		d.addf(n.Position, "%s", err)
		return "", false
	}
	return id, true
}

func (d *dossierReader) url(name string, n *node) (string, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxURLBytes)
	if !ok {
		return "", false
	}
	if _, err := intel.SourceKey(s); err != nil {
		d.addf(n.Position, "%s", err)
		return "", false
	}
	return s, true
}

// moment takes a day or a moment of RFC 3339; a day is its beginning in UTC.
func (d *dossierReader) moment(name string, n *node) (time.Time, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return time.Time{}, false
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC(), true
		}
	}
	d.add(n.Position, &Mistake{Found: show(s) + " is not a moment", Expected: "a day or a moment with its zone, such as 2024-05-01 or 2024-05-01T14:30:00Z"})
	return time.Time{}, false
}

func (d *dossierReader) language(name string, n *node) (string, bool) {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return "", false
	}
	tag, err := language.Parse(s)
	if err != nil {
		d.add(n.Position, &Mistake{Found: show(s) + " is not a language", Expected: "a language tag (BCP 47) such as en, fr or pt-BR"})
		return "", false
	}
	return tag.String(), true
}

// confidence takes a whole number from 0 to 100.
func (d *dossierReader) confidence(name string, n *node) *int {
	s, ok := d.text(name, n, intel.Name, intel.MaxCodeBytes)
	if !ok {
		return nil
	}
	c, err := strconv.Atoi(s)
	if err != nil || c < 0 || c > 100 {
		d.add(n.Position, &Mistake{Found: show(s) + " is not a confidence", Expected: "a whole number from 0 to 100"})
		return nil
	}
	return &c
}
