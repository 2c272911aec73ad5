package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// NameTable reads rows that hold a name each, from CSV with a header or from
// JSON objects one a line, and writes them again with what is added to them.
// Which of the two it is shows in the first character. It holds one row at a
// time.
type NameTable struct {
	column string
	names  []string // the columns that are added
	lines  *bufio.Scanner
	rows   *csv.Reader
	at     int // of the name in a row of CSV
	line   int
	out    *bufio.Writer
	sheet  *csv.Writer
}

// TableError says what is wrong with a table, and where.
type TableError struct {
	Line int // from 1; of a row of several lines the first
	Msg  string
}

func (e *TableError) Error() string { return "line " + strconv.Itoa(e.Line) + ": " + e.Msg }

// maxTableLine bounds one JSON object, in bytes.
const maxTableLine = 1 << 20

// OpenNameTable begins to read. column is where names stand; added are the
// columns that Write appends; one that the table has already is written with
// resolved_ before it.
func OpenNameTable(in io.Reader, out io.Writer, column string, added []string) (*NameTable, error) {
	r := bufio.NewReader(in)
	t := &NameTable{column: column, names: slices.Clone(added), out: bufio.NewWriter(out)}
	if bom, _ := r.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3) // it has just been peeked at
	}
	if first, _ := r.Peek(1); len(first) == 1 && first[0] == '{' {
		t.lines = bufio.NewScanner(r)
		t.lines.Buffer(nil, maxTableLine)
		return t, nil
	}
	t.rows = csv.NewReader(r)
	header, err := t.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &TableError{1, "the table is empty: the first line names the columns"}
	case err != nil:
		return nil, t.fault(err)
	}
	if t.at = slices.Index(header, column); t.at < 0 {
		return nil, &TableError{1, fmt.Sprintf("there is no column %q among %s: say which one holds the names with --column", column, strings.Join(header, ", "))}
	}
	for i, n := range t.names {
		if slices.Contains(header, n) {
			t.names[i] = "resolved_" + n
		}
	}
	t.sheet = csv.NewWriter(t.out)
	return t, t.sheet.Write(append(header, t.names...))
}

// TableRow is a row as it was read.
type TableRow struct {
	Name   string
	fields []string
	object json.RawMessage
	keys   map[string]json.RawMessage
}

// Next reads a row; io.EOF says that there is none left.
func (t *NameTable) Next() (*TableRow, error) {
	if t.rows != nil {
		fields, err := t.rows.Read()
		if err != nil {
			return nil, t.fault(err)
		}
		return &TableRow{Name: fields[t.at], fields: fields}, nil
	}
	for t.lines.Scan() {
		t.line++
		text := bytes.TrimSpace(t.lines.Bytes())
		if len(text) == 0 {
			continue
		}
		row := &TableRow{object: slices.Clone(text)}
		if err := json.Unmarshal(text, &row.keys); err != nil {
			return nil, &TableError{t.line, "is no JSON object: " + err.Error()}
		}
		if err := json.Unmarshal(row.keys[t.column], &row.Name); err != nil {
			return nil, &TableError{t.line, fmt.Sprintf("holds no text under %q: say where the names stand with --column", t.column)}
		}
		return row, nil
	}
	if errors.Is(t.lines.Err(), bufio.ErrTooLong) {
		return nil, &TableError{t.line + 1, fmt.Sprintf("is longer than %d bytes", maxTableLine)}
	}
	if err := t.lines.Err(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

func (t *NameTable) fault(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return &TableError{wrong.StartLine, wrong.Err.Error()}
	}
	return err
}

// Write writes a row with the values of the added columns. A number stays one
// in JSON; nil is empty, or null.
func (t *NameTable) Write(r *TableRow, values []any) error {
	if t.sheet != nil {
		fields := slices.Clone(r.fields)
		for _, v := range values {
			text := ""
			if v != nil {
				text = fmt.Sprint(v)
			}
			fields = append(fields, text)
		}
		return t.sheet.Write(fields)
	}
	body := bytes.TrimRight(r.object[:len(r.object)-1], " \t")
	for i, v := range values {
		name := t.names[i]
		if _, has := r.keys[name]; has {
			name = "resolved_" + name
		}
		b, err := json.Marshal(map[string]any{name: v})
		if err != nil {
			return err
		}
		if i > 0 || len(r.keys) > 0 {
			body = append(body, ',')
		}
		body = append(body, b[1:len(b)-1]...)
	}
	_, err := t.out.Write(append(body, '}', '\n'))
	return err
}

// Flush writes out what was written so far.
func (t *NameTable) Flush() error {
	if t.sheet != nil {
		t.sheet.Flush()
		if err := t.sheet.Error(); err != nil {
			return err
		}
	}
	return t.out.Flush()
}
