package exchange

import (
	"slices"
	"strings"
	"unicode"

	"dragnet/internal/intel"
)

// tally counts what was read and became no claim, or another one, by what it
// was.
type tally map[string]int

// counts are nil when nothing was counted.
func (t tally) counts() map[string]int {
	if len(t) == 0 {
		return nil
	}
	return t
}

// feedRecord collects what one record of a feed says of its subject.
type feedRecord struct {
	piece   *Piece
	subject string
	raw     []byte
	tally   tally
}

// say adds a claim about the subject.
func (f *feedRecord) say(d intel.Draft) {
	d.Subject = intel.Ref{ID: f.subject}
	f.piece.Rows = append(f.piece.Rows, Row{Draft: d, At: f.piece.At, Raw: f.raw})
}

// text says a property that is a text; an empty one is not said.
func (f *feedRecord) text(p intel.Property, text, locator string) {
	if text = tidy(text, p.Info().Check == intel.AnyProse); text != "" {
		f.say(intel.Draft{Property: p, Value: &intel.Value{Type: intel.TypeText, Text: text}, Locator: locator})
	}
}

// note keeps a feed's own word as a note.
func (f *feedRecord) note(what, text, locator string) {
	if strings.TrimSpace(text) != "" {
		f.text(intel.PropNote, what+": "+text, locator)
	}
}

// word says a word of a vocabulary. One that the vocabulary does not have is
// OTHER, where it has that, and a note.
func (f *feedRecord) word(p intel.Property, word, locator string) {
	valid := p.Info().Vocabulary
	w := strings.ToUpper(strings.NewReplacer("-", "_", " ", "_").Replace(strings.TrimSpace(word)))
	switch {
	case w == "":
		return
	case !slices.Contains(valid, w):
		f.tally["words outside the vocabulary of "+string(p)+", kept as notes"]++
		f.note(string(p), word, locator)
		if w = "OTHER"; !slices.Contains(valid, w) {
			return
		}
	}
	f.text(p, w, locator)
}

// date says a date; what is none is kept as a note.
func (f *feedRecord) date(p intel.Property, text, locator string) {
	if text == "" {
		return
	}
	d, err := intel.ParseDate(text)
	if err != nil {
		f.tally["dates that are none, kept as notes"]++
		f.note(string(p), text, locator)
		return
	}
	f.say(intel.Draft{Property: p, Value: &intel.Value{Type: intel.TypeDate, Date: d}, Locator: locator})
}

// externalID says the subject's id in a catalogue.
func (f *feedRecord) externalID(scheme, value, locator string) {
	f.say(intel.Draft{Property: intel.PropExternalID, Value: &intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: scheme, Value: value}}, Locator: locator})
}

// link says a link to an entity; one to the subject itself is dropped.
func (f *feedRecord) link(t intel.LinkType, to intel.Ref, locator string, more ...func(*intel.Draft)) {
	if to.ID == f.subject {
		f.tally["links of a record to itself, dropped"]++
		return
	}
	d := intel.Draft{Link: &intel.LinkDraft{Type: t, To: to}, Locator: locator}
	for _, add := range more {
		add(&d)
	}
	f.say(d)
}

// alias says that the subject goes by a name; by is who calls it so, "" where
// the feed does not say.
func (f *feedRecord) alias(name, by, locator string) {
	f.link(intel.KnownAs, named(intel.KindAlias, "", tidy(name, false)), locator, func(d *intel.Draft) {
		if by != "" {
			d.SaidBy = &intel.Ref{ID: by}
		}
	})
}

// sure sets how sure a claim is, in percent.
func sure(percent *int) func(*intel.Draft) {
	return func(d *intel.Draft) { d.Confidence = percent }
}

// named points to an entity and names it; the key is made from the name when it
// is "".
func named(k intel.Kind, key, name string) intel.Ref {
	return intel.Ref{New: &intel.NewEntity{Kind: k, Key: key, Name: name}}
}

// maxDerived is how many sources one source derives from at most.
const maxDerived = 100

// derivedFrom gives the ids of the documents that a record names by their
// addresses, sorted and each once.
func (t tally) derivedFrom(own string, urls []string) []string {
	var out []string
	for _, u := range urls {
		id, err := intel.SourceKey(u)
		if err == nil {
			id, err = intel.ParseSourceID(id)
		}
		switch {
		case err != nil:
			t["references that are no web address, left out"]++
		case id != own:
			out = append(out, id)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if over := len(out) - maxDerived; over > 0 {
		t["references beyond the hundredth of a record, left out"] += over
		out = out[:maxDerived]
	}
	return out
}

// tidy takes out of a text what has no place in it: control characters and,
// where it is not prose, line ends and runs of spaces.
func tidy(s string, prose bool) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s)
	if !prose {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}
