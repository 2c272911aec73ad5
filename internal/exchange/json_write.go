package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// jsonWriter writes a JSON document part by part. The first error stays.
type jsonWriter struct {
	out   *bufio.Writer
	first bool // the next item is the first of its list
	err   error
}

func newJSONWriter(w io.Writer) *jsonWriter {
	return &jsonWriter{out: bufio.NewWriterSize(w, 64<<10), first: true}
}

func (j *jsonWriter) raw(text string) {
	if j.err == nil {
		_, j.err = j.out.WriteString(text)
	}
}

// value writes one value, without an end of line.
func (j *jsonWriter) value(v any) {
	if j.err != nil {
		return
	}
	b, done := v.(rawJSON)
	if !done {
		b, j.err = plainJSON(v)
	}
	if j.err == nil {
		_, j.err = j.out.Write(b)
	}
}

// rawJSON is a value that is JSON already.
type rawJSON []byte

// item writes a value of a list, each on its own line.
func (j *jsonWriter) item(v any) error {
	if !j.first {
		j.raw(",\n")
	}
	j.first = false
	j.value(v)
	return j.err
}

func (j *jsonWriter) end() error {
	if j.err == nil {
		j.err = j.out.Flush()
	}
	return j.err
}

// plainJSON writes a value as JSON without the escapes that only HTML needs.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
