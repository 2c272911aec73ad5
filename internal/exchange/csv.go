package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// The columns that are added to rejected rows; readers pass over them, but for
// the number of the row, which stays the one of the first table.
const (
	reasonColumn   = "_reason"
	positionColumn = "_position"
)

// rowItem begins the item of a row's position.
const rowItem = "row "

// NewCSV reads a table with a header line, with what its mapping says of the
// columns. Rows are counted as spreadsheets do, the header being row 1, and the
// number is the locator. A row in which anything is wrong is rejected whole and
// the next one read; a row of more than MaxLineBytes ends the reading.
func NewCSV(name string, r io.Reader, m *Mapping) (Reader, error) {
	return newCSV(name, raw{r}, m)
}

func newCSV(name string, r io.Reader, m *Mapping) (*csvReader, error) {
	in := bufio.NewReaderSize(r, sniffed)
	if bom, _ := in.Peek(3); string(bom) == "\ufeff" {
		_, _ = in.Discard(3) // it has just been peeked at
	}
	start, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, broken(name, err)
	}
	c := &csvReader{name: name, mapping: m, row: 1, text: &rowText{r: in, line: 1, nextLine: 1}}
	c.in = csv.NewReader(c.text)
	c.in.FieldsPerRecord = -1
	if c.in.Comma = m.delimiter; m.delimiter == 0 {
		c.in.Comma = delimiterOf(start)
	}
	return c, c.readHeader()
}

type csvReader struct {
	name      string
	mapping   *Mapping
	in        *csv.Reader
	text      *rowText
	header    []string
	headerRaw []byte
	at        map[string]int // columns by name
	row       int
	described bool
	end       error
}

func (c *csvReader) Tally() map[string]int { return nil }

func (c *csvReader) wrong(line int, format string, args ...any) error {
	return &MistakesError{List: []*Mistake{{Position: Position{File: c.name, Line: line}, Found: fmt.Sprintf(format, args...)}}}
}

func (c *csvReader) readHeader() error {
	header, err := c.in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return c.wrong(1, "the table is empty: its first line names the columns")
	case err != nil:
		return c.fatal(err)
	}
	c.headerRaw = c.text.take(c.in.InputOffset())
	c.at = map[string]int{}
	for i, h := range header {
		if !utf8.ValidString(h) {
			return c.wrong(1, "the header is not valid UTF-8: save the table as UTF-8")
		}
		h = strings.TrimSpace(h)
		header[i] = h
		if first, twice := c.at[h]; twice && h != "" {
			return c.wrong(1, "two columns are called %s: the %s and the %s; give one another name", show(h), ordinal(first+1), ordinal(i+1))
		}
		c.at[h] = i
	}
	c.header = header
	return c.mapping.check(c.name, header)
}

func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 && n%10 >= 1 && n%10 <= 3 {
		suffix = [...]string{"st", "nd", "rd"}[n%10-1]
	}
	return strconv.Itoa(n) + suffix
}

// fatal is an error after which nothing more can be read.
func (c *csvReader) fatal(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errRowTooLong):
		return c.wrong(c.text.line, "the row that begins here is longer than 4 MiB: is a quote never closed?")
	case errors.As(err, &parse):
		return c.wrong(parse.Line, "%s", quoteMistake(parse))
	}
	return broken(c.name, err)
}

func quoteMistake(e *csv.ParseError) string {
	if errors.Is(e, csv.ErrBareQuote) {
		return `a quote stands inside a field that does not begin with one: put the field in quotes, and write "" for a quote`
	}
	return `a field in quotes goes on after its last quote, or is never closed: write "" for a quote inside it`
}

func (c *csvReader) Next() (*Piece, error) {
	p := &Piece{Source: c.mapping.source, Described: !c.described, At: c.mapping.at}
	for c.end == nil && len(p.Rows)+len(p.Rejects) < pieceRows {
		c.end = c.next(p)
	}
	if len(p.Rows)+len(p.Rejects) == 0 && (c.described || !errors.Is(c.end, io.EOF)) {
		return nil, c.end
	}
	c.described = true
	return p, nil
}

// next reads one row into the piece.
func (c *csvReader) next(p *Piece) error {
	c.text.line = c.text.nextLine
	record, err := c.in.Read()
	var parse *csv.ParseError
	if err != nil && (!errors.As(err, &parse) || errors.Is(err, errRowTooLong)) {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return c.fatal(err)
	}
	text := c.text.take(c.in.InputOffset())
	blank := len(text) - len(bytes.TrimLeft(text, "\r\n")) // lines that the library passes over
	c.row += 1 + bytes.Count(text[:blank], []byte("\n"))
	text = text[blank:]
	r := &tableRow{csvReader: c, record: record, number: c.row, at: Position{File: c.name, Line: c.text.line}}
	if parse != nil {
		r.at.Line = parse.StartLine
	} else {
		r.at.Line, _ = c.in.FieldPos(0)
	}
	// A row may be rejected again under the number that it had first.
	if n := rowNumber(r.cell(positionColumn)); n > 0 {
		r.number = n
	}
	r.at.Item = rowItem + strconv.Itoa(r.number)
	raw := slices.Concat(c.headerRaw, text)
	var drafts []intel.Draft
	var reason string
	switch {
	case parse != nil:
		reason = quoteMistake(parse)
	case len(record) != len(c.header):
		reason = fmt.Sprintf("the row has %d fields, the header %d", len(record), len(c.header))
	case !utf8.Valid(text):
		reason = "the row is not valid UTF-8"
	default:
		drafts, reason = r.read()
	}
	if reason != "" {
		p.Rejects = append(p.Rejects, Reject{At: r.at, Raw: raw, Reason: reason})
	}
	for _, d := range drafts {
		p.Rows = append(p.Rows, Row{Draft: d, At: r.at, Raw: raw})
	}
	return nil
}

var positionForm = regexp.MustCompile(`\(row ([0-9]{1,9})\)$`)

func rowNumber(position string) int {
	m := positionForm.FindStringSubmatch(position)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // the form is that of a number
	return n
}

var delimiters = []rune{',', ';', '\t', '|'}

// delimiterOf finds what parts the columns: what the first line has most of
// outside quotes.
func delimiterOf(text []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range string(text) {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			return most(counts)
		default:
			counts[r]++
		}
	}
	return most(counts)
}

func most(counts map[rune]int) rune {
	best := delimiters[0]
	for _, d := range delimiters {
		if counts[d] > counts[best] {
			best = d
		}
	}
	return best
}

var errRowTooLong = errors.New("a row is too long")

// rowText keeps the text of the row that is read, and bounds it.
type rowText struct {
	r        io.Reader
	held     []byte
	from     int64 // where held begins
	line     int   // of the row in hand
	nextLine int
}

func (t *rowText) Read(p []byte) (int, error) {
	if len(t.held) > MaxLineBytes {
		return 0, errRowTooLong
	}
	n, err := t.r.Read(p)
	t.held = append(t.held, p[:n]...)
	return n, err
}

// take gives the text up to an offset, which is then held no more.
func (t *rowText) take(end int64) []byte {
	n := int(end - t.from)
	out := slices.Clone(t.held[:n])
	t.held = append(t.held[:0], t.held[n:]...)
	t.from = end
	t.nextLine += bytes.Count(out, []byte("\n"))
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	return out
}
