package exchange

import (
	"fmt"
	"io"
	"slices"

	"dragnet/internal/intel"
)

// MaxDossierBytes is the size of the largest dossier that is read.
const MaxDossierBytes = 16 << 20

// Dossier is what a dossier file says: sources, and for each the claims it
// makes. SOURCES.md beside the sample dossiers describes the format.
type Dossier struct {
	// Sources are the headers the file gives, the main one first; SourcesAt says
	// where each begins.
	Sources   []intel.SourceDraft
	SourcesAt []Position
	// Batches hold the statements, one batch for each source that makes any, in
	// the order in which the file first comes to them.
	Batches []Batch
}

// Batch is what one source states. Drafts are in the order of the file, and At
// gives the place of the value of each.
type Batch struct {
	Source string // the source's id
	Drafts []intel.Draft
	At     []Position
}

// Locate gives a fault that catalog found in a draft its place in the file. The
// fault's row is an index of Drafts.
func (b *Batch) Locate(e *intel.FieldError) *Mistake {
	m := &Mistake{Found: e.Error()}
	switch {
	case e.Row >= 0 && e.Row < len(b.At):
		m.Position = b.At[e.Row]
	case len(b.At) > 0:
		m.File = b.At[0].File
	}
	return m
}

// ReadDossier reads a dossier. name is what positions call the file. When
// anything is wrong with the file the error is *MistakesError, which holds all
// that is wrong, and there is no dossier; any other error comes from r.
func ReadDossier(name string, r io.Reader) (*Dossier, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxDossierBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	d := newDossierReader(name)
	d.read(d.readText(data))
	if err := d.err(); err != nil {
		return nil, err
	}
	return &d.out, nil
}

// The words in the first column of a dossier.
const (
	wordDossier    = "dossier"
	wordSource     = "source"
	wordSources    = "sources"
	wordDefaults   = "defaults"
	wordStatements = "statements"
)

var topWords = []string{wordDossier, wordSource, wordSources, wordDefaults, wordStatements}

type dossierReader struct {
	*notes
	out       Dossier
	described map[string]Position // source ids, and where each is described
	main      string              // id of the main source, "" while unknown
	defaults  terms
	batches   map[string]int // index in out.Batches by source id
	// subjectsSeen holds the subjects' keys as written, and where each stands.
	subjectsSeen map[string]Position
	// badSources: some source could not be made out, so that a statement may
	// well name it.
	badSources bool
}

// section is the value of one word in the first column: the lines of it, and
// its key. inline is set when the value is not below the key but beside it.
type section struct {
	key    *node
	lines  []line
	first  line
	inline *node
}

// read takes the sections in the order in which they build on each other.
func (d *dossierReader) read(lines []line) {
	if lines == nil {
		return
	}
	entries := topLevel(lines)
	if len(entries) == 0 {
		d.add(d.at(1, 1), &Mistake{Found: "no line begins in the first column", Expected: listed(topWords)})
		return
	}
	sections := d.sections(entries)
	for _, word := range []string{wordDossier, wordSource, wordStatements} {
		if sections[word] == nil && len(d.list) == 0 {
			d.add(d.at(1, 1), missing("the dossier", word))
		}
	}
	d.version(sections[wordDossier])
	before := len(d.list)
	if s := sections[wordSource]; s != nil {
		d.source(d.value(s))
	}
	if s := sections[wordSources]; s != nil {
		d.eachItem(s, d.source)
	}
	d.badSources = d.badSources || len(d.list) > before
	if s := sections[wordDefaults]; s != nil {
		d.readDefaults(d.value(s))
	}
	if s := sections[wordStatements]; s != nil {
		d.statements(s)
	}
}

func missing(what, word string) *Mistake {
	return bad("%s has no `%s`", what, word)
}

func (d *dossierReader) sections(entries [][]line) map[string]*section {
	out := map[string]*section{}
	for _, e := range entries {
		head, below, first := body(e)
		n := d.parse(join(head))
		if n == nil {
			continue
		}
		if n.form != mappingValue {
			d.add(n.Position, &Mistake{Found: "this line is no part of a dossier", Expected: listed(topWords)})
			continue
		}
		for _, p := range n.pairs {
			key := p.key.text
			switch {
			case !slices.Contains(topWords, key):
				d.add(p.key.Position, d.unknownTop(key))
			case out[key] != nil:
				d.addf(p.key.Position, "`%s` stands twice, first in line %d", key, out[key].key.Line)
			case below == nil && p.value.form == noValue:
				d.addf(p.key.Position, "`%s` has no value", key)
			case below == nil:
				out[key] = &section{key: p.key, inline: p.value}
			default:
				out[key] = &section{key: p.key, lines: below, first: first}
			}
		}
	}
	return out
}

func (d *dossierReader) unknownTop(key string) *Mistake {
	m := oneOf(key, "a word of a dossier", topWords)
	if _, mistake := parseReference(key); mistake == nil {
		m = bad("%s is a subject: subjects are indented below `statements`", show(key))
	}
	return m
}

func (d *dossierReader) version(s *section) {
	if s == nil {
		return
	}
	if v := d.value(s); v != nil && (v.form != textValue || v.text != "1") {
		d.add(v.Position, &Mistake{Found: "this is not a version of the format that can be read", Expected: "dossier: 1"})
	}
}

// value parses a section as a whole.
func (d *dossierReader) value(s *section) *node {
	if s.inline != nil {
		return s.inline
	}
	return d.parse(join(s.lines))
}

// eachItem hands on the items of a section's list one by one.
func (d *dossierReader) eachItem(s *section, do func(*node)) {
	if s.inline == nil && s.first.dash {
		d.items(s.lines, s.first, do)
		return
	}
	n := d.value(s)
	switch {
	case n == nil:
	case n.form != listValue:
		d.add(n.Position, &Mistake{Found: fmt.Sprintf("`%s` is not a list", s.key.text), Expected: "a list: each entry on a line that begins with a dash"})
	default:
		for _, item := range n.items {
			do(item)
		}
	}
}

// items parses the items of a block list, each on its own.
func (d *dossierReader) items(lines []line, first line, do func(*node)) {
	for _, e := range d.entries(lines, first) {
		if d.full() {
			return
		}
		n := d.parse(join(e))
		if n == nil {
			continue
		}
		if n.form != listValue {
			d.addf(n.Position, "this is not an entry of the list that begins in line %d", first.number)
			continue
		}
		for _, item := range n.items {
			do(item)
		}
	}
}
