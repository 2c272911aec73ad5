package server

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// graphOf is a backend with a small graph, and more groups, on a store, which it
// wraps.
func graphOf(t *testing.T, more int, wrap func(intel.Store) intel.Store) fake {
	t.Helper()
	store := everystore.SQLite(t)
	c := catalog.New(store, time.Now)
	name := func(id, text string) intel.Draft {
		return intel.Draft{Subject: intel.Ref{ID: id}, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: text}}
	}
	claims := []intel.Draft{
		name("group:example", "Example"), name("operation:example", "Operation Example"), name("group:lonely", "Lonely"),
		{Subject: intel.Ref{ID: "operation:example"}, Link: &intel.LinkDraft{Type: "TARGETED", To: intel.Ref{ID: "group:example"}}},
	}
	for i := range more {
		claims = append(claims, name(fmt.Sprint("group:more-", i), "One more of the groups"))
	}
	_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", Source: &intel.SourceDraft{ID: "source:one", Header: intel.Header{Title: "One", Reliability: "A", Marking: "GREEN"}}, Claims: claims})
	c.Close()
	if err != nil {
		t.Fatal(err)
	}
	if wrap != nil {
		store = wrap(store)
	}
	c = catalog.New(store, time.Now)
	t.Cleanup(c.Close)
	return fake{graph: c}
}

func TestExportOverHTTP(t *testing.T) {
	h := handler(graphOf(t, 0, nil))
	for _, test := range []struct{ format, media, file string }{
		{"jsonl", "application/x-ndjson; charset=utf-8", "dragnet.jsonl"},
		{"stix", "application/stix+json;version=2.1", "dragnet.stix.json"},
		{"graphml", "application/graphml+xml; charset=utf-8", "dragnet.graphml"},
		{"gexf", "application/gexf+xml; charset=utf-8", "dragnet.gexf"},
		{"cytoscape", "application/json; charset=utf-8", "dragnet.cyjs"},
		{"csv", "application/zip", "dragnet-csv.zip"},
		{"neo4j-csv", "application/zip", "dragnet-neo4j-csv.zip"},
	} {
		t.Run(test.format, func(t *testing.T) {
			w := ask{method: "GET", target: "/export/" + test.format}.to(t, h)
			if w.Code != 200 || w.Header().Get("Content-Type") != test.media || w.Header().Get("Content-Disposition") != `attachment; filename="`+test.file+`"` {
				t.Fatalf("%d %v", w.Code, w.Header())
			}
			if r := w.Header().Get(revisionHeader); !strings.HasSuffix(r, ".1") {
				t.Errorf("it shows revision %q", r)
			}
			body := w.Body.String()
			if test.media == "application/zip" {
				body = unzipped(t, w.Body.Bytes())
			}
			if !strings.Contains(body, "Operation Example") || !strings.Contains(body, "Lonely") {
				t.Errorf("not all of the graph: %s", body)
			}
			head := ask{method: "HEAD", target: "/export/" + test.format}.to(t, h)
			if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Type") != test.media {
				t.Errorf("HEAD: %d %v", head.Code, head.Header())
			}
		})
	}
}

func unzipped(t *testing.T, b []byte) (all string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all += f.Name + "\n" + string(text)
	}
	return all
}

func TestExportOfAPart(t *testing.T) {
	h := handler(graphOf(t, 0, nil))
	for query, want := range map[string][]string{
		"around=group:example&depth=0":        {"group:example"},
		"around=group:example":                {"group:example", "operation:example"},
		"maxMarking=clear":                    nil,
		"maxMarking=GREEN&minReliability=b":   {"group:example", "group:lonely", "operation:example"},
		"sources=source:one&sources=source:x": {"group:example", "group:lonely", "operation:example"},
		"sources=source:x":                    nil,
		"minConfidence=81":                    nil,
		"knownAt=2001-01-01T00:00:00Z":        nil,
	} {
		w := ask{method: "GET", target: "/export/cytoscape?" + query}.to(t, h)
		var answer struct {
			Elements struct {
				Nodes []struct{ Data struct{ ID string } }
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != 200 || err != nil {
			t.Errorf("%s: %d %v %s", query, w.Code, err, w.Body)
		}
		var got []string
		for _, n := range answer.Elements.Nodes {
			got = append(got, n.Data.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
}

func TestExportRefused(t *testing.T) {
	open := graphOf(t, 0, nil)
	for _, test := range []struct {
		method, target string
		backend        fake
		status         int
		code, says     string
	}{
		{"GET", "/export/stocks", open, 404, "NOT_FOUND", "there are jsonl, stix, graphml"},
		{"POST", "/export/gexf", open, 405, "BAD_USER_INPUT", "GET"},
		{"DELETE", "/export/gexf", open, 405, "BAD_USER_INPUT", "GET"},
		{"GET", "/export/gexf", fake{}, 503, "UNAVAILABLE", "/readyz"},
		{"GET", "/export/gexf?colour=red", open, 400, "BAD_USER_INPUT", "there are around, depth, validAt"},
		{"GET", "/export/gexf?depth=1&depth=2", open, 400, "BAD_USER_INPUT", "depth: stands there more than once"},
		{"GET", "/export/gexf?around=%zz", open, 400, "BAD_USER_INPUT", "not well-formed"},
		{"GET", "/export/gexf?around=nobody", open, 400, "BAD_USER_INPUT", "around: "},
		{"GET", "/export/gexf?around=group:nobody", open, 404, "NOT_FOUND", `around: there is no entity "group:nobody" here`},
		{"GET", "/export/gexf?depth=3", open, 400, "BAD_USER_INPUT", "depth: is for around"},
		{"GET", "/export/gexf?around=group:example&depth=-1", open, 400, "BAD_USER_INPUT", "depth: is a number from 0"},
		{"GET", "/export/gexf?minSupport=many", open, 400, "BAD_USER_INPUT", "minSupport: is a number from 0 to 100"},
		{"GET", "/export/gexf?atRevision=x.1", open, 400, "BAD_USER_INPUT", "atRevision: "},
		{"GET", "/export/gexf?sources=one", open, 400, "BAD_USER_INPUT", "sources: "},
	} {
		w := ask{method: test.method, target: test.target}.to(t, handler(test.backend))
		code, message := errorOf(t, w)
		if w.Code != test.status || code != test.code || !strings.Contains(message, test.says) || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s %s: %d %s %q %v", test.method, test.target, w.Code, code, message, w.Header())
		}
	}
	w := ask{method: "GET", target: "/export/gexf", header: map[string]string{"Sec-Fetch-Site": "cross-site"}}.to(t, handler(open))
	if code, _ := errorOf(t, w); code != codeForbidden {
		t.Errorf("a page of another site may read the graph: %d", w.Code)
	}
}

// failing is a store whose scans of links fail, or wait for their context.
type failing struct {
	intel.Store
	wait    bool
	waiting chan struct{}
}

func (f failing) View(ctx context.Context, read func(intel.Reader) error) error {
	return f.Store.View(ctx, func(r intel.Reader) error { return read(failingReader{r, f}) })
}

type failingReader struct {
	intel.Reader
	f failing
}

func (r failingReader) Scan(ctx context.Context, part intel.Part, after string, limit int) (*intel.WorkingSet, error) {
	if part != intel.PartLinks {
		return r.Reader.Scan(ctx, part, after, limit)
	}
	if r.f.wait {
		close(r.f.waiting)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w: secret trouble", intel.ErrUnavailable)
}

// TestExportBrokenOff says that an answer which fails half way cannot be taken
// for whole, and that a reader who goes away ends the walk.
func TestExportBrokenOff(t *testing.T) {
	var log buffer
	o := options(graphOf(t, 1000, func(s intel.Store) intel.Store { return failing{Store: s} }), &log)
	url, _, stop := running(t, o)
	r, err := newClient(t).Get(url + "/export/graphml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(r.Body)
	closed(t, r.Body)
	if r.StatusCode != 200 || err == nil {
		t.Errorf("%d, %v: want an answer that breaks off", r.StatusCode, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if lines := log.lines(t); lines[0]["msg"] != "answer broken off" || !strings.Contains(fmt.Sprint(lines[0]["error"]), "secret trouble") {
		t.Errorf("logged %v", lines)
	}

	// Nothing was sent yet: the failure is answered.
	w := ask{method: "GET", target: "/export/graphml"}.to(t, handler(graphOf(t, 0, func(s intel.Store) intel.Store { return failing{Store: s} })))
	if code, message := errorOf(t, w); w.Code != 503 || code != "UNAVAILABLE" || strings.Contains(message, "secret") {
		t.Errorf("%d %s %q", w.Code, code, message)
	}
}

func TestExportEndsWithItsReader(t *testing.T) {
	waiting := make(chan struct{})
	url, _, stop := running(t, options(graphOf(t, 0, func(s intel.Store) intel.Store { return failing{s, true, waiting} }), io.Discard))
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(ctx, "GET", url+"/export/gexf", nil)
		if err != nil {
			gone <- err
			return
		}
		w, err := newClient(t).Do(r)
		if err == nil {
			_, err = io.ReadAll(w.Body)
			_ = w.Body.Close() // it was only read
		}
		gone <- err
	}()
	<-waiting
	leave()
	if err := <-gone; err == nil {
		t.Error("the reader got a whole answer")
	}
	// The walk has ended when nothing is left to wait for.
	if err := stop(); err != nil {
		t.Error(err)
	}
}
