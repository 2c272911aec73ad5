package exchange

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// through reads a table whole and writes it with the length of each name.
func through(in, column string) (string, error) {
	var out bytes.Buffer
	t, err := OpenNameTable(strings.NewReader(in), &out, column, []string{"id", "length"})
	if err != nil {
		return "", err
	}
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			err := t.Flush()
			return out.String(), err
		}
		if err == nil {
			err = t.Write(r, []any{nil, len(r.Name)})
		}
		if err != nil {
			return out.String(), err
		}
		if err := t.Flush(); err != nil {
			return "", err
		}
	}
}

func TestNameTable(t *testing.T) {
	for name, c := range map[string]struct{ in, column, want, fails string }{
		"csv":               {"name,where\nA,x\n\"B, C\",\"y\nz\"\n", "name", "name,where,id,length\nA,x,,1\n\"B, C\",\"y\nz\",,4\n", ""},
		"csv with a mark":   {"\ufeffname\nÄ\n", "name", "name,id,length\nÄ,,2\n", ""},
		"csv that has ids":  {"id,who\n7,A\n", "who", "id,who,resolved_id,length\n7,A,,1\n", ""},
		"header only":       {"name\n", "name", "name,id,length\n", ""},
		"json":              {"{\"name\":\"A\",\"n\":12345678901234567890}\n\n{ \"name\" : \"B\" }\n", "name", "{\"name\":\"A\",\"n\":12345678901234567890,\"id\":null,\"length\":1}\n{ \"name\" : \"B\",\"id\":null,\"length\":1}\n", ""},
		"json that has ids": {`{"who":"A","id":7}`, "who", "{\"who\":\"A\",\"id\":7,\"resolved_id\":null,\"length\":1}\n", ""},
		"empty":             {"", "name", "", "line 1: the table is empty"},
		"no such column":    {"who\nA\n", "name", "", `line 1: there is no column "name" among who`},
		"ragged":            {"name,b\nA\n", "name", "", "line 2: wrong number of fields"},
		"broken quotes":     {"name\n\"A\n", "name", "", "line 2: extraneous or missing"},
		"no object":         {"{\"name\":\"A\"}\n[1]\n", "name", "", "line 2: is no JSON object"},
		"no text":           {`{"name":5}`, "name", "", `line 1: holds no text under "name"`},
		"no key":            {`{"who":"A"}`, "name", "", `line 1: holds no text under "name"`},
		"too long":          {`{"name":"` + strings.Repeat("a", maxTableLine) + `"}`, "name", "", "line 1: is longer than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := through(c.in, c.column)
			switch {
			case c.fails == "" && (err != nil || got != c.want):
				t.Errorf("%q, %v\nwant %q", got, err, c.want)
			case c.fails != "":
				var wrong *TableError
				if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), c.fails) {
					t.Errorf("%v, want %q", err, c.fails)
				}
			}
		})
	}
}

func FuzzNameTable(f *testing.F) {
	f.Add("name,where\nA,x\n")
	f.Add("{\"name\":\"A\"}\n{\"name\":\"B\",\"id\":1}\n")
	f.Add("{}")
	f.Fuzz(func(t *testing.T, in string) {
		out, err := through(in, "name")
		if err != nil {
			return
		}
		// What was written can be read again.
		if _, err := through(out, "name"); err != nil && out != "" {
			t.Errorf("%v\nof %q\nfrom %q", err, out, in)
		}
	})
}
