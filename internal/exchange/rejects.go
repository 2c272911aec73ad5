package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// RejectWriter writes rows that were rejected in the format of their file, with
// `_reason` and `_position` besides, which readers pass over: lines of JSON, or
// a table under its header. Mended, what it writes can be imported alone.
type RejectWriter struct {
	w    io.Writer
	csv  *csv.Writer // nil until the first row of a table
	held *Reject     // a row of a table, which may be rejected for several claims
}

// NewRejectWriter writes to w, which it neither flushes nor closes.
func NewRejectWriter(w io.Writer) *RejectWriter { return &RejectWriter{w: w} }

// Write adds a row.
func (w *RejectWriter) Write(r Reject) error {
	if !strings.HasPrefix(r.At.Item, rowItem) {
		return errors.Join(w.Close(), writeRejectLine(w.w, r))
	}
	if w.held != nil && w.held.At == r.At {
		w.held.Reason += "; " + r.Reason
		return nil
	}
	err := w.Close()
	w.held = &r
	return err
}

// Close writes the last row; more may follow.
func (w *RejectWriter) Close() error {
	if w.held == nil {
		return nil
	}
	r := w.held
	w.held = nil
	in := csv.NewReader(bytes.NewReader(r.Raw))
	in.Comma = delimiterOf(r.Raw)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		return err
	}
	row, err := in.Read()
	if err != nil {
		// It is no row: all of it goes into the first field, to be seen.
		_, text, _ := bytes.Cut(r.Raw, []byte("\n"))
		row = []string{strings.TrimRight(string(text), "\r\n")}
	}
	if w.csv == nil {
		w.csv = csv.NewWriter(w.w)
		w.csv.Comma = in.Comma
		if err := w.csv.Write(append(without(header, header), reasonColumn, positionColumn)); err != nil {
			return err
		}
	}
	row = without(header, row)
	for n := len(without(header, header)); len(row) < n; {
		row = append(row, "")
	}
	if err := w.csv.Write(append(row, r.Reason, r.At.String())); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

// without leaves out what stands in the columns of an earlier rejection.
func without(header, row []string) []string {
	var out []string
	for i, s := range row {
		if i >= len(header) || header[i] != reasonColumn && header[i] != positionColumn {
			out = append(out, s)
		}
	}
	return out
}

// writeRejectLine writes one line of JSON.
func writeRejectLine(w io.Writer, r Reject) error {
	head, err := plainJSON(struct {
		Reason   string `json:"_reason"`
		Position string `json:"_position"`
	}{r.Reason, r.At.String()})
	if err != nil {
		return err
	}
	raw := bytes.TrimSpace(r.Raw)
	if begins(raw, '{') && bytes.HasSuffix(raw, []byte("}")) {
		if inner := bytes.TrimSpace(raw[1 : len(raw)-1]); len(inner) > 0 {
			head = append(append(append(head[:len(head)-1], ','), inner...), '}')
		}
	}
	_, err = w.Write(append(bytes.ReplaceAll(head, []byte("\n"), []byte(" ")), '\n'))
	return err
}
