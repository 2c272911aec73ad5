package exchange

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// MaxMappingBytes is the size of the largest mapping that is read.
const MaxMappingBytes = 256 << 10

// Mapping says what the columns of a table mean. SOURCES.md beside the sample
// dossiers describes how it is written.
type Mapping struct {
	source    intel.SourceDraft
	at        Position // of the source
	defaults  terms
	subject   template
	delimiter rune // 0: the one that the header has most of
	empty     []string
	columns   []mapped
}

// mapped is what one column means. A column may mean several things.
type mapped struct {
	Position
	column  string
	key     string // a property, a link or a word of a statement
	kind    intel.Kind
	value   template // of the text that is read; nil: the cell
	list    string   // what parts the values of a cell, "": it has one
	words   map[string]string
	subject *template
}

// The words of a mapping and of its columns.
const (
	wordMapping   = "mapping"
	wordSubject   = "subject"
	wordDelimiter = "delimiter"
	wordEmpty     = "empty"
	wordColumns   = "columns"
	wordIs        = "is"
	wordKind      = "kind"
	wordValue     = "value"
	wordList      = "list"
	wordWords     = "words"
)

var (
	mappingWords = []string{wordMapping, wordSource, wordDefaults, wordDelimiter, wordEmpty, wordSubject, wordColumns}
	columnWords  = []string{wordIs, wordKind, wordValue, wordList, wordWords, wordSubject}
)

// ReadMapping reads a mapping. name is what positions call the file. When
// anything is wrong with it the error is *MistakesError; any other error comes
// from r.
func ReadMapping(name string, r io.Reader) (*Mapping, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxMappingBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	m := &mappingReader{dossierReader: newDossierReader(name)}
	m.read(data)
	if err := m.err(); err != nil {
		return nil, err
	}
	return &m.out, nil
}

func newDossierReader(name string) *dossierReader {
	return &dossierReader{notes: &notes{file: name}, described: map[string]Position{}, batches: map[string]int{}, subjectsSeen: map[string]Position{}}
}

// mappingReader reads with the words of dossiers.
type mappingReader struct {
	*dossierReader
	out Mapping
}

func (m *mappingReader) read(data []byte) {
	if len(data) > MaxMappingBytes {
		m.addf(m.at(1, 1), "the mapping is larger than %d KiB", MaxMappingBytes>>10)
		return
	}
	lines := m.readText(data)
	if lines == nil {
		return
	}
	n := m.parse(join(lines))
	if n == nil {
		return
	}
	if n.form != mappingValue {
		m.add(n.Position, &Mistake{Found: "this is no mapping of a table", Expected: listed(mappingWords)})
		return
	}
	given := map[string]*node{}
	for _, p := range m.mapping(n, "a word of a mapping", mappingWords, wordMapping, wordSource, wordSubject, wordColumns) {
		given[p.key.text] = p.value
	}
	if len(m.list) > 0 {
		return
	}
	if v := given[wordMapping]; v.text != "1" {
		m.add(v.Position, &Mistake{Found: "this is not a version of mappings that can be read", Expected: "mapping: 1"})
	}
	m.source(given[wordSource])
	if len(m.dossierReader.out.Sources) > 0 {
		m.out.source, m.out.at = m.dossierReader.out.Sources[0], m.dossierReader.out.SourcesAt[0]
	}
	m.readDefaults(given[wordDefaults])
	m.out.defaults = m.defaults
	m.readDelimiter(given[wordDelimiter])
	if v := given[wordEmpty]; v != nil {
		for _, one := range m.values(wordEmpty, v) {
			if s, ok := m.text(wordEmpty, one, intel.Line, intel.MaxCodeBytes); ok {
				m.out.empty = append(m.out.empty, s)
			}
		}
	}
	if t := m.subjectTemplate(given[wordSubject]); t != nil {
		m.out.subject = *t
	}
	m.readColumns(given[wordColumns])
}

func (m *mappingReader) readDelimiter(n *node) {
	if n == nil {
		return
	}
	switch n.text {
	case ",", ";", "|", "\t":
		m.out.delimiter = rune(n.text[0])
	case "tab":
		m.out.delimiter = '\t'
	default:
		m.add(n.Position, &Mistake{Found: n.what() + " is not what parts columns", Expected: `",", ";", "|" or tab`})
	}
}

func (m *mappingReader) readColumns(n *node) {
	if n.form != mappingValue {
		m.add(n.Position, &Mistake{Found: "`columns` is not a mapping", Expected: "columns with what they are, such as {First seen: firstSeen}"})
		return
	}
	for _, p := range m.fields(n, func(string) *Mistake { return nil }) {
		for _, v := range m.values(p.key.text, p.value) {
			m.column(p.key, v)
		}
	}
	if len(m.out.columns) == 0 && len(m.list) == 0 {
		m.addf(n.Position, "`columns` has no column")
	}
}

func (m *mappingReader) column(key, n *node) {
	before := len(m.list)
	c := mapped{Position: key.Position, column: key.text}
	is := n
	if n.form == mappingValue {
		is = nil
		for _, p := range m.mapping(n, "a word of a column", columnWords, wordIs) {
			if p.key.text == wordIs {
				is = p.value
			} else {
				m.columnWord(&c, p)
			}
		}
	}
	if is == nil {
		return
	}
	var ok bool
	if c.key, ok = m.text(wordIs, is, intel.Name, intel.MaxCodeBytes); !ok {
		return
	}
	m.checkMeaning(&c, is)
	if len(m.list) == before {
		m.out.columns = append(m.out.columns, c)
	}
}

func (m *mappingReader) columnWord(c *mapped, p pair) {
	key, v := p.key.text, p.value
	switch key {
	case wordKind:
		word, _ := m.word(key, "a kind", v, kindWords())
		c.kind = kindOfWord(word)
	case wordValue:
		if s, ok := m.text(key, v, intel.Line, intel.MaxNameBytes); ok {
			c.value = m.template(v.Position, s)
		}
	case wordList:
		if v.form != textValue || v.text == "" {
			m.add(v.Position, &Mistake{Found: v.what() + " does not part values", Expected: `a character in quotes, such as ";"`})
			return
		}
		c.list = v.text
	case wordWords:
		m.wordsOf(c, v)
	case wordSubject:
		c.subject = m.subjectTemplate(v)
	}
}

func (m *mappingReader) wordsOf(c *mapped, n *node) {
	if n.form != mappingValue {
		m.add(n.Position, &Mistake{Found: "`words` is not a mapping", Expected: "what cells say and what it means, such as {alive: ACTIVE}"})
		return
	}
	c.words = map[string]string{}
	for _, p := range m.fields(n, func(string) *Mistake { return nil }) {
		if s, ok := m.text(p.key.text, p.value, intel.Line, intel.MaxNameBytes); ok {
			c.words[p.key.text] = s
		}
	}
}

// checkMeaning checks that the subject's kind can have what the column is.
func (m *mappingReader) checkMeaning(c *mapped, is *node) {
	subject := &m.out.subject
	if c.subject != nil {
		subject = c.subject
	}
	kind := subject.kind()
	if kind == "" {
		return // noted where it stands
	}
	if mistake := statementKey(kind, c.key); mistake != nil {
		m.add(is.Position, mistake)
		return
	}
	info := intel.Property(c.key).Info()
	term := slices.Contains(statementWords, c.key)
	switch {
	case c.key == termSource:
		m.addf(is.Position, "a table has the one source of its mapping")
	case c.list != "" && (term || info != nil && !info.Many):
		m.addf(is.Position, "`%s` takes one value, not a list", c.key)
	case c.kind != "" && (term || info != nil):
		m.addf(is.Position, "`%s` is no link, and has no kind", c.key)
	case c.kind != "":
		m.checkEnd(c, kind, is)
	}
}

func (m *mappingReader) checkEnd(c *mapped, kind intel.Kind, is *node) {
	name, other := strings.CutSuffix(c.key, fromOther)
	if far := reach(intel.LinkType(name), kind, other); !slices.Contains(far, c.kind) {
		m.add(is.Position, &Mistake{Found: fmt.Sprintf("no %s link joins %s and %s", name, kind, c.kind), Expected: listed(texts(far))})
	}
}

func (m *mappingReader) subjectTemplate(n *node) *template {
	s, ok := m.text(wordSubject, n, intel.Name, intel.MaxNameBytes)
	if !ok {
		return nil
	}
	t := m.template(n.Position, s)
	switch {
	case t == nil:
		return nil
	case t.kind() == "":
		word, _, _ := strings.Cut(strings.ReplaceAll(s, ":", " "), " ")
		m.add(n.Position, oneOf(word, "a kind", kindWords()))
		return nil
	case slices.ContainsFunc(t.columns(), func(p templatePart) bool { return p.text == "" }):
		m.add(n.Position, &Mistake{Found: show(s) + " does not say which column", Expected: `its name in braces, such as group "{Name}"`})
	case len(t.columns()) == 0:
		m.add(n.Position, &Mistake{Found: show(s) + " names no column, and so is the same in every row", Expected: `a column in braces, such as group "{Name}" or group:{Id}`})
	}
	return &t
}

// template is a text with columns in braces. {} is the cell itself.
type template []templatePart

type templatePart struct {
	Position
	text   string
	column bool
}

var templateForm = regexp.MustCompile(`\{[^{}]*\}`)

func (m *mappingReader) template(at Position, s string) template {
	var out template
	rest := s
	for rest != "" {
		cut := templateForm.FindStringIndex(rest)
		if cut == nil {
			cut = []int{len(rest), len(rest)}
		}
		if text := rest[:cut[0]]; text != "" {
			if strings.ContainsAny(text, "{}") {
				m.addf(at, "%s has a brace without the other one", show(s))
				return nil
			}
			out = append(out, templatePart{at, text, false})
		}
		if cut[0] < cut[1] {
			out = append(out, templatePart{at, rest[cut[0]+1 : cut[1]-1], true})
		}
		rest = rest[cut[1]:]
	}
	return out
}

// kind is the one that a template of a reference begins with, or "".
func (t template) kind() intel.Kind {
	if len(t) == 0 || t[0].column {
		return ""
	}
	end := strings.IndexAny(t[0].text, ": ")
	if end < 0 {
		return ""
	}
	return kindOfWord(t[0].text[:end])
}

func (t template) columns() []templatePart {
	var out []templatePart
	for _, p := range t {
		if p.column {
			out = append(out, p)
		}
	}
	return out
}

// fill puts the cells in; the name of a column without a value comes back as
// missing.
func (t template) fill(cell func(column string) string) (text, missing string) {
	var b strings.Builder
	for _, p := range t {
		s := p.text
		if p.column {
			if s = cell(p.text); s == "" {
				return "", p.text
			}
		}
		b.WriteString(s)
	}
	return b.String(), ""
}

// check says which columns of the mapping a table does not have.
func (m *Mapping) check(table string, header []string) error {
	n := &notes{}
	look := func(at Position, column string) {
		if column != "" && !slices.Contains(header, column) {
			n.add(at, unknown(column, "a column of "+table, header...))
		}
	}
	for _, p := range m.subject.columns() {
		look(p.Position, p.text)
	}
	for _, c := range m.columns {
		look(c.Position, c.column)
		for _, p := range c.value.columns() {
			look(p.Position, p.text)
		}
		if c.subject != nil {
			for _, p := range c.subject.columns() {
				look(p.Position, p.text)
			}
		}
	}
	return n.err()
}
