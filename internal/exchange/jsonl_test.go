package exchange_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

const someLines = `{"source":{"id":"source:one","title":"One","reliability":"C"}}
{"source":"source:one","subject":"group:opera1er","property":"attacks","value":{"quantity":{"value":30,"qualifier":"ABOUT"}},"locator":"para 2"}

{"source":"source:two","subject":{"kind":"GROUP","name":"Common Raven"},"link":{"type":"TARGETS","to":"sector:finance","role":"victims"},"saidBy":"agency:interpol","_reason":"was mended","_position":"x:1"}
`

func pieces(t testing.TB, r exchange.Reader, err error) (out []*exchange.Piece) {
	t.Helper()
	for err == nil {
		var p *exchange.Piece
		if p, err = r.Next(); err == nil {
			out = append(out, p)
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return out
}

func TestJSONL(t *testing.T) {
	packed := map[string]func(io.Writer) io.WriteCloser{
		"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	}
	r, err := exchange.Open("lines", strings.NewReader(someLines), exchange.OpenOptions{})
	want := pieces(t, r, err)
	if len(want) != 2 || !want[0].Described || want[0].Source.Title != "One" || len(want[0].Rows) != 1 || want[1].Source.ID != "source:two" || want[1].Described {
		t.Fatalf("%+v", want)
	}
	if d := want[1].Rows[0].Draft; d.Subject.New.Name != "Common Raven" || d.Link.Role != "victims" || d.SaidBy.ID != "agency:interpol" {
		t.Errorf("%+v", d)
	}
	if at := want[1].Rows[0].At; at.Line != 4 {
		t.Errorf("it stands at %v", at)
	}
	for name, pack := range packed {
		var b bytes.Buffer
		z := pack(&b)
		_, _ = io.WriteString(z, someLines)
		_ = z.Close()
		whole := b.Bytes()
		r, err := exchange.Open("lines", bytes.NewReader(whole), exchange.OpenOptions{})
		if diff := cmp.Diff(want, pieces(t, r, err), cmp.AllowUnexported(intel.PartialDate{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		// Cut off, it is said to be.
		r, err = exchange.Open("lines", bytes.NewReader(whole[:len(whole)-9]), exchange.OpenOptions{})
		for err == nil {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if !errors.As(err, &wrong) || wrong.List[0].Found != "the file ends in the middle" {
			t.Errorf("%s cut off: %v", name, err)
		}
	}
}

func TestJSONLRejects(t *testing.T) {
	for line, want := range map[string]string{
		`nonsense`:                            "the line is not valid JSON",
		`{"source":"source:a"`:                "the line is not valid JSON",
		`[1]`:                                 "the line is not a JSON object",
		`{"source":"source:a"} {}`:            "something follows the JSON object",
		`{"subject":"group:a"}`:               "the line has no `source`",
		`{"source":"source:a","sujbect":"x"}`: "`sujbect` is not a word of a line; did you mean `subject`?",
		`{"source":"source:a","subject":"group:a","property":"firstSeen","value":{"date":"2023-13"}}`:                                                  "2023-13",
		`{"source":"source:a","subject":"group:a","value":{}}`:                                                                                         "value: give exactly one of",
		`{"source":"source:a","subject":"group:a","confidence":"high"}`:                                                                                "`confidence` cannot be a string",
		`{"source":"source:a","subject":"group:a","property":"name","value":{"text":"A"},"added":{"revision":1,"at":"2024-01-01T00:00:00Z","by":"x"}}`: "the line is part of a history",
		"{\"source\":\"source:a\xff\"}": "the line is not valid UTF-8",
		`{"source":"source:a","quote":"` + strings.Repeat("x", exchange.MaxLineBytes) + `"}`: "the line is longer than 4 MiB",
		`{"source":{"id":"source:a","tilte":"x"}}`:                                           "`tilte` is not a word of a line; did you mean `title`?",
	} {
		r := exchange.NewJSONL("lines", strings.NewReader(line+"\n"+someLines))
		all := pieces(t, r, nil)
		var rejects []exchange.Reject
		rows := 0
		for _, p := range all {
			rejects = append(rejects, p.Rejects...)
			rows += len(p.Rows)
		}
		if len(rejects) != 1 || !strings.Contains(rejects[0].Reason, want) || rejects[0].At.Line != 1 || rows != 2 {
			t.Errorf("%.80s: %d rows, rejected %+.200v, want %s", line, rows, rejects, want)
		}
	}
}

// What was rejected, mended, is read alone; what was not is rejected again.
func TestRejectsAreReadAgain(t *testing.T) {
	var b bytes.Buffer
	w := exchange.NewRejectWriter(&b)
	for _, raw := range []string{`{"source":"source:a","subject":"group:a","property":"name","value":{"text":"A"}}`, `{"a":`, ``} {
		if err := w.Write(exchange.Reject{At: exchange.Position{File: "f", Line: 3}, Raw: []byte(raw), Reason: `it is "bad"`}); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(b.String(), "\n")
	if want := `{"_reason":"it is \"bad\"","_position":"f:3","source":"source:a","subject":"group:a","property":"name","value":{"text":"A"}}`; lines[0] != want {
		t.Errorf("wrote %s", lines[0])
	}
	rows, rejects := 0, 0
	for _, p := range pieces(t, exchange.NewJSONL("r", &b), nil) {
		rows += len(p.Rows)
		rejects += len(p.Rejects)
	}
	if rows != 1 || rejects != 2 {
		t.Errorf("%d rows and %d rejects", rows, rejects)
	}
}

func TestZipBomb(t *testing.T) {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	zeros := make([]byte, 1<<20)
	for range 200 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	r, err := exchange.Open("bomb", &b, exchange.OpenOptions{Format: exchange.FormatClaims})
	for err == nil {
		_, err = r.Next()
	}
	var wrong *exchange.MistakesError
	if !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), "expands to more than 500 times") {
		t.Errorf("got %v", err)
	}
}

// However long a file is, little of it is held.
func TestJSONLHoldsLittle(t *testing.T) {
	in, out := io.Pipe()
	go func() {
		line := []byte(`{"source":"source:a","subject":"group:a","property":"note","value":{"text":"` + strings.Repeat("x", 1000) + `"}}` + "\n")
		for range 100_000 {
			_, _ = out.Write(line)
		}
		_ = out.Close()
	}()
	r := exchange.NewJSONL("long", in)
	most := uint64(0)
	for i := 0; ; i++ {
		if _, err := r.Next(); err != nil {
			break
		}
		if i%20 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if most > 40<<20 {
		t.Errorf("it held %d bytes of 100 MB", most)
	}
}

func ExampleNewJSONL() {
	r := exchange.NewJSONL("claims.jsonl", strings.NewReader(someLines))
	for {
		p, err := r.Next()
		if err != nil {
			break
		}
		for _, row := range p.Rows {
			fmt.Println(row.At, p.Source.ID, row.Draft.Subject.ID)
		}
	}
	// Output:
	// claims.jsonl:2 source:one group:opera1er
	// claims.jsonl:4 source:two
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(someLines))
	f.Add([]byte("dossier: 1\nsource: {id: \"source:x\", title: X, reliability: C}\nstatements: {}\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := exchange.Open("f", bytes.NewReader(data), exchange.OpenOptions{})
		for n := 0; err == nil && n < 10_000; n++ {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &wrong) {
			t.Errorf("an error that is not the file's: %v", err)
		}
	})
}
