package exchange_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

func ExampleClaimLine() {
	c := &intel.Claim{Subject: "group:opera1er", Property: "attacks", Value: intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: 30, Qualifier: intel.About}}, Stance: intel.Asserts, Confidence: 80, Source: "source:one", Locator: "para 7"}
	b, err := json.Marshal(exchange.ClaimLine(c, false))
	fmt.Println(string(b), err)
	// Output: {"source":"source:one","subject":"group:opera1er","property":"attacks","value":{"quantity":{"value":30,"qualifier":"ABOUT"}},"confidence":80,"locator":"para 7"} <nil>
}

func TestDecodeLine(t *testing.T) {
	for text, fault := range map[string]string{
		`{"source":"source:a","subject":"group:a","property":"name","value":{"text":"A"}}`:                      "",
		`{"source":{"id":"source:a","title":"A","reliability":"C"}}`:                                            "",
		`{"source":"source:a","subject":{"kind":"GROUP","name":"A"},"link":{"type":"TARGETS","to":"sector:x"}}`: "",
		`{"source":"source:a","subjekt":"group:a"}`:                                                             `unknown field "subjekt"`,
		`{"source":{"id":"source:a","titel":"A"}}`:                                                              `unknown field "titel"`,
		`{"source":"source:a","subject":{"kind":"GROUP","nom":"A"}}`:                                            `unknown field "nom"`,
		`{"source":7}`:             "cannot unmarshal",
		`{"source":"source:a"} {}`: "something follows",
		`[]`:                       "cannot unmarshal",
		``:                         "EOF",
		`{"source":"source:a","subject":"group:a","property":"firstSeen","value":{"date":"2023-13"}}`: "no month 13",
	} {
		_, err := exchange.DecodeLine([]byte(text))
		if (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v, want %q", text, err, fault)
		}
	}
	l, err := exchange.DecodeLine([]byte(`{"source":"source:a","subject":"group:a","property":"name","value":{"text":"A","date":"2023"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Draft(); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("two values at once: %v", err)
	}
}

// FuzzLine says that what is read and written again is read as the same.
func FuzzLine(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("..", "..", "cmd", "dragnet", "testdata", "export", "jsonl.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range bytes.Split(text, []byte("\n")) {
		f.Add(line)
	}
	f.Add([]byte(`{"claim":"claim:x","event":{"revision":1,"at":"2026-01-02T03:04:05Z","by":"local","retracted":true,"reason":"x"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := exchange.DecodeLine(text)
		if err != nil {
			return
		}
		_, _ = l.Draft() // whatever it says, it must not panic
		b, err := json.Marshal(l)
		if err != nil {
			return // a time that JSON cannot say
		}
		again, err := exchange.DecodeLine(b)
		if err != nil {
			t.Fatalf("%s: written as %s: %v", text, b, err)
		}
		if d := cmp.Diff(l, again, cmp.AllowUnexported(intel.PartialDate{}), cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); d != "" {
			t.Errorf("%s: written as %s it is read as another (- first, + again):\n%s", text, b, d)
		}
	})
}

// FuzzHistory reads anything to its end or its first fault.
func FuzzHistory(f *testing.F) {
	f.Add("")
	f.Add(`{"source":"source:a","subject":"group:a","property":"name","value":{"text":"A"},"added":{"revision":1,"at":"2026-01-02T03:04:05Z","by":"x"}}
{"claim":"claim:x","event":{"revision":2,"at":"2026-01-02T03:05:05Z","by":"x","retracted":true,"reason":"y"}}
`)
	f.Fuzz(func(t *testing.T, text string) {
		h := exchange.NewHistoryReader(strings.NewReader(text))
		for last := int64(-1 << 62); ; {
			lines, stamp, at, err := h.Next()
			var fault *exchange.TableError
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &fault):
				if fault.Line < 1 || fault.Line > strings.Count(text, "\n")+1 {
					t.Errorf("a fault in line %d", fault.Line)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			if len(lines) == 0 || at < 1 || stamp.Revision == last {
				t.Fatalf("%d lines from %d, revision %d after %d", len(lines), at, stamp.Revision, last)
			}
			last = stamp.Revision
		}
	})
}
