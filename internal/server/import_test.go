package server

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"dragnet/internal/seeding"
)

const twoLines = `{"source":{"id":"source:lines","title":"Lines","reliability":"C"},"subject":"group:lines","property":"name","value":{"text":"The Lines"}}
{"source":"source:lines","subject":"group:lines","property":"attacks","value":{"quantity":{"value":3}}}
`

type told struct {
	Event string
	Of    struct {
		seeding.Report
		Line  int
		Found string
	}
	Error, Code string
	Mistakes    []struct{ Found string }
}

func importOf(body string, query string, header ...string) ask {
	a := post(body, header...)
	a.target = "/import" + query
	return a
}

func eventsOf(t *testing.T, text string) (out []told) {
	t.Helper()
	for line := range strings.Lines(text) {
		var e told
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		out = append(out, e)
	}
	return out
}

func TestImportOverHTTP(t *testing.T) {
	f := graphOf(t, 0, nil)
	h := handler(f)
	dry := importOf(twoLines, "?dryRun=true").to(t, h)
	if got := eventsOf(t, dry.Body.String()); len(got) != 2 || got[1].Event != "done" || got[1].Of.Added != 2 {
		t.Errorf("dry run: %+v", got)
	}
	w := importOf(twoLines+"no JSON\n", "").to(t, h)
	got := eventsOf(t, w.Body.String())
	if w.Code != 200 || w.Header().Get("Content-Type") != mediaLines || len(got) != 3 {
		t.Fatalf("%d %v %+v", w.Code, w.Header(), got)
	}
	if got[0].Event != "rejected" || got[0].Of.Line != 3 || got[0].Of.Found != "the line is not valid JSON" {
		t.Errorf("rejected: %+v", got[0])
	}
	if got[1].Event != "wrote" || got[2].Event != "done" || got[2].Of.Added != 2 || got[2].Of.Rejected != 1 {
		t.Errorf("wrote: %+v", got[1:])
	}
	again := eventsOf(t, importOf(twoLines, "?format=claims").to(t, h).Body.String())
	if last := again[len(again)-1]; last.Of.Added != 0 || last.Of.Unchanged != 2 {
		t.Errorf("again: %+v", again)
	}
}

func TestImportRefused(t *testing.T) {
	h := handler(graphOf(t, 0, nil))
	for name, test := range map[string]struct {
		ask    ask
		status int
		says   string
	}{
		"a format that is none":  {importOf(twoLines, "?format=word"), 400, "format is one of "},
		"a parameter not known":  {importOf(twoLines, "?dryrun=true"), 400, "there are format, dryRun, replace and strict"},
		"a parameter twice":      {importOf(twoLines, "?strict=true&strict=false"), 400, "strict stands there more than once"},
		"no boolean":             {importOf(twoLines, "?replace=yes"), 400, "replace is true or false"},
		"a dossier with mistake": {importOf("dossier: 1\nsource: {id: x}\n", ""), 400, "is not the id of a source"},
		"strict":                 {importOf("no JSON\n"+twoLines, "?strict=true&format=claims"), 400, "the line is not valid JSON"},
		"truncated":              {importOf("\x1f\x8b\x08", ""), 400, "the file ends in the middle"},
		"a page of another site": {importOf(twoLines, "", "Sec-Fetch-Site", "cross-site"), 403, "other sites"},
		"GET":                    {ask{method: "GET", target: "/import"}, 405, ""},
		"a key that is none":     {importOf(twoLines, "", "Idempotency-Key", "ü"), 400, "Idempotency-Key is"},
	} {
		t.Run(name, func(t *testing.T) {
			w := test.ask.to(t, h)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	if w := importOf(twoLines, "").to(t, handler(fake{})); w.Code != 503 {
		t.Errorf("before the graph is open: %d", w.Code)
	}
}

func TestImportIsDoneOnceForAKey(t *testing.T) {
	h := handler(graphOf(t, 0, nil))
	first := importOf(twoLines, "", "Idempotency-Key", "k1").to(t, h)
	all := eventsOf(t, first.Body.String())
	again := importOf(twoLines, "", "Idempotency-Key", "k1").to(t, h)
	if again.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v", again.Header())
	}
	if got := eventsOf(t, again.Body.String()); len(got) != 1 || got[0].Of.Added != 2 || got[0].Event != all[len(all)-1].Event {
		t.Errorf("again: %+v", got)
	}
	if w := importOf(twoLines+"\n", "", "Idempotency-Key", "k1").to(t, h); w.Code != 422 {
		t.Errorf("another body: %d %s", w.Code, w.Body)
	}
	if w := importOf(twoLines, "?dryRun=true", "Idempotency-Key", "k1").to(t, h); w.Code != 422 {
		t.Errorf("another question: %d %s", w.Code, w.Body)
	}
}

// While a large body is still being sent, its batches are written and told of.
func TestImportStreams(t *testing.T) {
	url, _, _ := running(t, options(graphOf(t, 0, nil), io.Discard))
	in, out := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/import", in)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(out)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := range 12_000 {
			fmt.Fprintf(z, `{"source":"source:many","subject":"group:g%d","property":"name","value":{"text":"G %d"}}`+"\n", i, i)
		}
		_ = z.Flush()
	}()
	answer, err := newClient(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, answer.Body)
	lines := json.NewDecoder(answer.Body)
	var first, last told
	if err := lines.Decode(&first); err != nil || first.Event != "wrote" || first.Of.Rows == 0 {
		t.Fatalf("%v %+v", err, first)
	}
	<-sent
	_ = z.Close()
	closed(t, out)
	for lines.More() {
		last = told{}
		if err := lines.Decode(&last); err != nil {
			t.Fatal(err)
		}
	}
	if last.Event != "done" || last.Of.Added != 12_000 {
		t.Errorf("%+v", last)
	}
}
