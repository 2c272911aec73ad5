package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// proposalRows is how many rows of a table are looked at.
const proposalRows = 200

// ProposeMapping guesses what the columns of a table mean, from their names and
// the first rows, and writes a mapping that can be used as it stands: each
// column is what every row looked at can be read as, at worst a note. The name
// becomes the source's id and title. Errors are as those of Open.
func ProposeMapping(name string, r io.Reader) ([]byte, error) {
	plain, done, err := expand(name, r)
	if err != nil {
		return nil, err
	}
	defer done()
	p := &proposal{name: name}
	if err := p.sample(plain); err != nil {
		return nil, err
	}
	if p.subject = p.subjectColumn(); p.subject == "" {
		return nil, &MistakesError{List: []*Mistake{{Position: Position{File: name, Line: 1}, Found: "no column has values that could be names"}}}
	}
	return p.write(), nil
}

type proposal struct {
	name    string
	header  []string
	rows    [][]string
	text    []byte // of the header and the rows
	kind    intel.Kind
	subject string
}

// sample reads the rows that are looked at, by a mapping that any table fits.
func (p *proposal) sample(r io.Reader) error {
	c, err := newCSV(p.name, r, &Mapping{})
	if err != nil {
		return err
	}
	p.header = c.header
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(c.header); err != nil {
		return err
	}
	for len(p.rows) < proposalRows {
		record, err := c.in.Read()
		var parse *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			w.Flush()
			p.text = b.Bytes()
			return w.Error()
		case errors.Is(err, errRowTooLong) || err != nil && !errors.As(err, &parse):
			return c.fatal(err)
		}
		c.text.take(c.in.InputOffset())
		if err != nil || len(record) != len(p.header) {
			continue // it will be rejected, whatever the mapping
		}
		p.rows = append(p.rows, record)
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	p.text = b.Bytes()
	return w.Error()
}

// kindHeaders are words of headers that tell whom a table is about.
var kindHeaders = []struct {
	form *regexp.Regexp
	kind intel.Kind
}{
	{regexp.MustCompile(`\b(operation|takedown|crackdown)s?\b`), intel.KindOperation},
	{regexp.MustCompile(`\b(group|gang|threat actor|actor|apt|cartel|syndicate)s?\b`), intel.KindGroup},
	{regexp.MustCompile(`\b(malware|tool|ransomware|software)s?\b`), intel.KindTool},
	{regexp.MustCompile(`\b(campaign)s?\b`), intel.KindCampaign},
	{regexp.MustCompile(`\b(agency|agencies|police|authority)\b`), intel.KindAgency},
	{regexp.MustCompile(`\b(company|firm|victim|organi[sz]ation)s?\b`), intel.KindFirm},
	{regexp.MustCompile(`\b(person|suspect|member)s?\b`), intel.KindPerson},
}

var nameHeader = regexp.MustCompile(`\b(name|title)\b`)

// subjectColumn finds whom the rows are about: a column whose name says so, or
// the first with a name in its name, or the first with text.
func (p *proposal) subjectColumn() string {
	p.kind = intel.KindGroup
	for _, k := range kindHeaders {
		for i, h := range p.header {
			if k.form.MatchString(headerWords(h)) && p.named(i) {
				p.kind = k.kind
				return h
			}
		}
	}
	for _, k := range kindHeaders {
		if k.form.MatchString(headerWords(filepath.Base(p.name))) {
			p.kind = k.kind
			break
		}
	}
	for i, h := range p.header {
		if nameHeader.MatchString(headerWords(h)) && p.named(i) {
			return h
		}
	}
	for i, h := range p.header {
		if p.named(i) {
			return h
		}
	}
	return ""
}

// named says that most cells of a column could be names.
func (p *proposal) named(column int) bool {
	if h := p.header[column]; h == "" || strings.ContainsAny(h, "{}") || strings.HasPrefix(h, "_") {
		return false
	}
	good := 0
	for _, row := range p.rows {
		_, m := namedReference(intel.KindGroup.Prefix(), row[column])
		_, notDate := intel.ParseDate(strings.TrimSpace(row[column]))
		if _, number := parseQuantity(row[column]); m == nil && notDate != nil && number != nil && strings.TrimSpace(row[column]) != "" {
			good++
		}
	}
	return good*2 >= len(p.rows)
}

var wordEdges = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// headerWords writes a header in small words: "firstSeen" and "First_Seen" are
// "first seen".
func headerWords(h string) string {
	h = wordEdges.ReplaceAllString(h, "$1 $2")
	return strings.ToLower(strings.Join(strings.FieldsFunc(h, func(r rune) bool { return strings.ContainsRune(" _-./()", r) }), " "))
}

func (p *proposal) write() []byte {
	var b bytes.Buffer
	base := filepath.Base(p.name)
	if name, _, cut := strings.Cut(base, "."); cut && name != "" {
		base = name
	}
	key, err := intel.DeriveKey(intel.KindReport, base)
	if err != nil {
		key = "table"
	}
	fmt.Fprintf(&b, "# What the columns mean. Say whose table it is, and how far it can be relied on (A to F).\n"+
		"mapping: 1\nsource: {id: %s, title: %s, reliability: F}\n", quoted("source:"+key), quoted(base))
	b.WriteString("# Whom a row is about: a kind, and columns in braces.\n")
	fmt.Fprintf(&b, "subject: %s\ncolumns:\n", p.subjectText())
	for i, h := range p.header {
		if h == "" || strings.HasPrefix(h, "_") || !p.any(i) {
			continue
		}
		fmt.Fprintf(&b, "  %s: %s\n", quoted(h), p.meaning(i))
	}
	return b.Bytes()
}

func (p *proposal) subjectText() string {
	return "'" + strings.ReplaceAll(p.kind.Prefix()+` "{`+p.subject+`}"`, "'", "''") + "'"
}

func (p *proposal) any(column int) bool {
	return slices.ContainsFunc(p.rows, func(row []string) bool { return strings.TrimSpace(row[column]) != "" }) || p.header[column] == p.subject
}

var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/()]*( [A-Za-z0-9_/()]+)*$`)

// quoted writes a text for YAML.
func quoted(s string) string {
	if plainYAML.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// meaning is the first candidate as which every row can be read.
func (p *proposal) meaning(column int) string {
	note := `{is: note, value: ` + quoted(strings.NewReplacer("{", "(", "}", ")").Replace(p.header[column])+`: {}`) + `}`
	if p.header[column] == p.subject {
		return "name"
	}
	for _, c := range p.candidates(column) {
		if p.fits(column, c) {
			return c
		}
	}
	return note
}

// fits tries a candidate on the rows.
func (p *proposal) fits(column int, candidate string) bool {
	m, err := ReadMapping("", strings.NewReader("mapping: 1\nsource: {id: source:x, title: x, reliability: F}\nsubject: "+p.subjectText()+"\ncolumns:\n  "+quoted(p.header[column])+": "+candidate+"\n"))
	if err != nil {
		return false
	}
	m.delimiter = ','
	r, err := NewCSV("", bytes.NewReader(p.text), m)
	for err == nil {
		var piece *Piece
		if piece, err = r.Next(); err != nil {
			break
		}
		for _, reject := range piece.Rejects {
			if strings.Contains(reject.Reason, "in the column") {
				return false
			}
		}
	}
	return errors.Is(err, io.EOF)
}

// meanings are words of headers and what such columns are, the likeliest first.
// What the kind cannot have is passed over.
var meanings = []struct {
	form *regexp.Regexp
	are  []string
}{
	{regexp.MustCompile(`\b(alias(es)?|aka|synonyms?|other names?|known as)\b`), []string{"{is: KNOWN_AS%s}"}},
	{regexp.MustCompile(`\b(target|victim)\w*( \w+)? ?(countr\w+|nation\w*|region)|\b(countr\w+) (target|victim|affected)\w*`), []string{"{is: TARGETS, kind: country%s}", "{is: TARGETS, kind: region%s}"}},
	{regexp.MustCompile(`\b(sponsor\w*|state sponsor)\b`), []string{"{is: SPONSORED_BY, kind: country%s}"}},
	{regexp.MustCompile(`\b(countr\w+|nation\w*|origin|location|based in)\b`), []string{"{is: BASED_IN, kind: country%s}", "{is: TARGETS, kind: country%s}", "{is: CONDUCTED_IN, kind: country%s}", "{is: NATIONAL_OF, kind: country%s}"}},
	{regexp.MustCompile(`\b(sectors?|industr\w+)\b`), []string{"{is: TARGETS, kind: sector%s}", "{is: PART_OF, kind: sector%s}"}},
	{regexp.MustCompile(`\b(agency|agencies|police|authority|authorities)\b`), []string{"{is: TOOK_PART_IN from, kind: agency%s}"}},
	{regexp.MustCompile(`\b(malware|tools?|software|ransomware)\b`), []string{"{is: USES, kind: tool%s}"}},
	{regexp.MustCompile(`\b(techniques?|ttps?)\b`), []string{"{is: USES, kind: technique%s}"}},
	{regexp.MustCompile(`\b(first|start\w*|since|began|begin|from)\b`), []string{"firstSeen", "startedOn", "validFrom"}},
	{regexp.MustCompile(`\b(last|end\w*|until)\b`), []string{"lastSeen", "endedOn", "validTo"}},
	{regexp.MustCompile(`\b(date|announced|published|year)\b`), []string{"announcedOn", "publishedOn", "firstSeen"}},
	{regexp.MustCompile(`\b(loss\w*|damage\w*|stolen)\b`), []string{"losses"}},
	{regexp.MustCompile(`\b(proceeds|revenue|profit|extorted)\b`), []string{"proceeds"}},
	{regexp.MustCompile(`\bseiz\w+\b`), []string{"seized", "devicesSeized"}},
	{regexp.MustCompile(`\barrest\w*\b`), []string{"arrests"}},
	{regexp.MustCompile(`\bsuspects?\b`), []string{"suspectsIdentified"}},
	{regexp.MustCompile(`\bvictims?\b`), []string{"victims", "victimsIdentified"}},
	{regexp.MustCompile(`\b(attacks?|incidents?)\b`), []string{"attacks"}},
	{regexp.MustCompile(`\b(motiv\w+)\b`), []string{"{is: motivation%s}"}},
	{regexp.MustCompile(`\b(status)\b`), []string{"groupStatus", "operationStatus", "personStatus"}},
	{regexp.MustCompile(`\b(description|summary|about|overview)\b`), []string{"summary"}},
	{regexp.MustCompile(`\bconfidence\b`), []string{"confidence"}},
	{regexp.MustCompile(`\bquote\b`), []string{"quote"}},
	{regexp.MustCompile(`\b(url|link|website)\b`), []string{"url"}},
}

var currencyIn = regexp.MustCompile(`\b([A-Z]{3})\b|[$€£]`)

// candidates are what a column may be: the property of its name, then what words
// in its name tell, then what its values look like.
func (p *proposal) candidates(column int) []string {
	words := headerWords(p.header[column])
	var out []string
	add := func(c string) {
		list := ""
		if strings.Contains(c, "%s") {
			if mark := p.listMark(column); mark != "" {
				list = ", list: " + strconv.Quote(mark)
			}
			c = strings.Replace(c, "%s", list, 1)
		}
		out = append(out, c)
	}
	for _, info := range intel.PropertiesOf(p.kind) {
		if headerWords(string(info.Property)) != words || info.Property == intel.PropName {
			continue
		}
		if info.Many && info.Type == intel.TypeEnum {
			add("{is: " + string(info.Property) + "%s}")
		} else {
			add(string(info.Property))
		}
		p.addMoney(info.Property, column, add)
	}
	for _, m := range meanings {
		if !m.form.MatchString(words) {
			continue
		}
		for _, is := range m.are {
			add(is)
			if info := intel.Property(is).Info(); info != nil {
				p.addMoney(info.Property, column, add)
			}
		}
	}
	if p.countries(column) {
		for _, is := range []string{"BASED_IN", "CONDUCTED_IN", "TARGETS"} {
			add("{is: " + is + ", kind: country%s}")
		}
	}
	return out
}

// addMoney reads bare numbers in the currency that the header names.
func (p *proposal) addMoney(property intel.Property, column int, add func(string)) {
	if property.Info().Type != intel.TypeMoney {
		return
	}
	code := currencyIn.FindString(p.header[column])
	if sign, ok := map[string]string{"$": "USD", "€": "EUR", "£": "GBP"}[code]; ok {
		code = sign
	}
	if isCurrency(code) {
		add(fmt.Sprintf(`{is: %s, value: "{} %s"}`, property, code))
	}
}

// listMark is what parts the values of many cells, "" when nothing does.
func (p *proposal) listMark(column int) string {
	for _, mark := range []string{";", "|", "\n", ","} {
		n, filled := 0, 0
		for _, row := range p.rows {
			if strings.TrimSpace(row[column]) != "" {
				filled++
			}
			if strings.Contains(row[column], mark) {
				n++
			}
		}
		if n > 0 && n*5 >= filled {
			return mark
		}
	}
	return ""
}

func (p *proposal) countries(column int) bool {
	mark := p.listMark(column)
	n, filled := 0, 0
	for _, row := range p.rows {
		cell := row[column]
		if mark != "" {
			cell, _, _ = strings.Cut(cell, mark)
		}
		if cell = strings.TrimSpace(cell); cell != "" {
			if filled++; countryCode(cell) != "" {
				n++
			}
		}
	}
	return filled > 0 && n == filled
}
