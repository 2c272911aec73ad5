package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// MaxLineBytes is the size of the longest line of claims JSONL that is read.
const MaxLineBytes = 4 << 20

// pieceRows is how many rows of one source come in one piece.
const pieceRows = 1_000

// NewJSONL reads claims JSONL: lines as Line describes them. A line that cannot
// be read is rejected, and the next one is read.
func NewJSONL(name string, r io.Reader) Reader { return newJSONL(name, raw{r}) }

func newJSONL(name string, r io.Reader) *jsonlReader {
	return &jsonlReader{name: name, in: bufio.NewReaderSize(r, 64<<10)}
}

type jsonlReader struct {
	name string
	in   *bufio.Reader
	line int
	// held is the line that begins the next piece.
	held *jsonlLine
	end  error
}

// jsonlLine is one line: what it says, or why it cannot be read.
type jsonlLine struct {
	*Line
	at     Position
	raw    []byte
	reason string
}

func (r *jsonlReader) Tally() map[string]int { return nil }

func (r *jsonlReader) Next() (*Piece, error) {
	var p *Piece
	for {
		l := r.held
		if r.held = nil; l == nil {
			if l = r.read(); l == nil {
				break
			}
		}
		switch {
		case p == nil:
			p = &Piece{At: l.at}
		case l.Line != nil && (l.Source.Header != nil || p.Source.ID != "" && l.Source.ID != p.Source.ID), len(p.Rows)+len(p.Rejects) >= pieceRows:
			r.held = l
			return p, nil
		}
		p.take(l)
	}
	if p == nil {
		return nil, r.end
	}
	return p, nil
}

// take adds a line of the piece's own source.
func (p *Piece) take(l *jsonlLine) {
	if l.reason == "" {
		if p.Source.ID = l.Source.ID; l.Source.Header != nil {
			p.Source.Header, p.Described = *l.Source.Header, true
		}
		if l.IsClaim() {
			d, err := l.Draft()
			if l.reason = wrongWord(&d); err == nil && l.reason == "" {
				p.Rows = append(p.Rows, Row{Draft: d, At: l.at, Raw: l.raw})
				return
			}
			if err != nil {
				l.reason = err.Error()
			}
		}
	}
	if l.reason != "" {
		p.Rejects = append(p.Rejects, Reject{At: l.at, Raw: l.raw, Reason: l.reason})
	}
}

// read gives the next line that is not empty, nil at the end.
func (r *jsonlReader) read() *jsonlLine {
	for r.end == nil {
		raw, tooLong := r.text()
		l := &jsonlLine{at: Position{File: r.name, Line: r.line}, raw: bytes.TrimSpace(raw)}
		switch {
		case tooLong:
			l.raw, l.reason = nil, "the line is longer than 4 MiB"
		case len(l.raw) == 0:
			continue
		case !utf8.Valid(l.raw):
			l.raw, l.reason = nil, "the line is not valid UTF-8"
		default:
			l.decode()
		}
		return l
	}
	return nil
}

// text reads one line, of which no more than the longest is held.
func (r *jsonlReader) text() (line []byte, tooLong bool) {
	r.line++
	for {
		part, err := r.in.ReadSlice('\n')
		if len(line)+len(part) > MaxLineBytes {
			line, tooLong = nil, true
		} else if !tooLong {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return line, tooLong
		case errors.Is(err, io.EOF):
			r.end = io.EOF
			return line, tooLong
		case !errors.Is(err, bufio.ErrBufferFull):
			r.end = broken(r.name, err)
			return nil, false
		}
	}
}

func (l *jsonlLine) decode() {
	var err error
	l.Line, err = DecodeLine(l.raw)
	switch {
	case err != nil:
		l.reason = lineMistake(err)
	case l.Added != nil || l.Event != nil:
		l.reason = "the line is part of a history, which goes whole into an empty graph: dragnet import --history"
	case l.Source.ID == "":
		l.reason = "the line has no `source`"
	}
	if l.reason != "" {
		l.Line = nil
	}
}

// lineMistake says what is wrong with a line in words for its writer.
func lineMistake(err error) string {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	var field *intel.FieldError
	switch {
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the line is not valid JSON"
	case errors.As(err, &typ):
		if typ.Field == "" {
			return "the line is not a JSON object"
		}
		return "`" + typ.Field + "` cannot be a " + typ.Value
	case errors.As(err, &field):
		return field.Error()
	}
	if word, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return unknown(strings.Trim(word, `"`), "a word of a line", lineWords...).Message()
	}
	return err.Error()
}

// wrongWord says which word of a draft is none of the ontology's, with the one
// most like it; "" when all are.
func wrongWord(d *intel.Draft) string {
	info := d.Property.Info()
	switch {
	case d.Property != "" && info == nil:
		return unknown(string(d.Property), "a property", candidates(intel.KindOf(d.Subject.ID))...).Message()
	case d.Link != nil && !intel.LinkType(strings.ToUpper(string(d.Link.Type))).Valid():
		var types []string
		for _, t := range intel.LinkTypes() {
			types = append(types, string(t.Type))
		}
		return unknown(string(d.Link.Type), "a link type", types...).Message()
	case info != nil && info.Type == intel.TypeEnum && d.Value != nil && d.Value.Type == intel.TypeText && !slices.Contains(info.Vocabulary, strings.ToUpper(strings.TrimSpace(d.Value.Text))):
		return oneOf(d.Value.Text, "a word of `"+string(d.Property)+"`", info.Vocabulary).Message()
	}
	return ""
}

// lineWords are all words that stand in lines.
var lineWords = fieldWords(map[string]bool{}, reflect.TypeFor[Line](), reflect.TypeFor[lineHeader](), reflect.TypeFor[lineEntity]())

func fieldWords(seen map[string]bool, types ...reflect.Type) (out []string) {
	for _, t := range types {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			continue
		}
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" || seen[name] || strings.HasPrefix(name, "_") {
				continue
			}
			seen[name] = true
			out = append(append(out, name), fieldWords(seen, f.Type)...)
		}
	}
	return out
}
