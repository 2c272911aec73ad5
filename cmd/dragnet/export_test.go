package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/neo4jtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dossiers are what the exports of these tests are of: the sample documents
// without the countries of the world, and what else a format must cope with.
func dossiers(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "seed", "00*.yaml"))
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	return append(files, filepath.Join("testdata", "export", "open.yaml"), filepath.Join("testdata", "export", "marked.yaml"))
}

// dragnet runs a command and gives what it printed.
func dragnet(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &complaint, getenv: os.Getenv, now: func() time.Time {
		return now
	}}
	if code := p.main(context.Background(), args); code != exitGood {
		t.Fatalf("dragnet %v ended with %d: %s", args, code, complaint.String())
	}
	return out.String()
}

// overStores runs a test with the address of each store, empty.
func overStores(t *testing.T, test func(t *testing.T, store string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "graph.db")) })
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.URI(t)
		neo4jtest.Clear(t, uri)
		test(t, uri)
	})
}

// exportedFiles gives all that an export writes, by name.
func exportedFiles(t *testing.T, store string, f exchange.Output, args ...string) map[string]string {
	t.Helper()
	args = append([]string{"export", "--store", store, "--format", f.Name}, args...)
	if f.Write != nil {
		return map[string]string{f.Name + f.Ending: dragnet(t, args...)}
	}
	folder := filepath.Join(t.TempDir(), "out")
	dragnet(t, append(args, "--out", folder)...)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name+"-"+e.Name()] = string(b)
	}
	return files
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "export", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (- want, + got):\n%s", name, d)
	}
}

// TestExports writes every format from both stores: the same bytes.
func TestExports(t *testing.T) {
	overStores(t, func(t *testing.T, store string) {
		dragnet(t, append([]string{"import", "--store", store}, dossiers(t)...)...)
		for _, f := range exchange.Outputs() {
			for name, got := range exportedFiles(t, store, f) {
				golden(t, name, got)
			}
		}
		t.Run("again", func(t *testing.T) { comesBack(t, store) })
		t.Run("marked", func(t *testing.T) { holdsBack(t, store) })
		t.Run("around", func(t *testing.T) { staysAround(t, store) })
	})
}

// comesBack says that claims JSONL, and the claims in STIX, read into an empty
// graph make the same graph.
func comesBack(t *testing.T, store string) {
	for name, lines := range map[string]func(*testing.T, string) []*exchange.Line{"jsonl": linesOf, "stix": linesInSTIX} {
		f, _ := exchange.OutputNamed(name)
		written := exportedFiles(t, store, f)[f.Name+f.Ending]
		again := "sqlite:" + filepath.Join(t.TempDir(), "again.db")
		readBack(t, again, lines(t, written))
		for _, settled := range []string{"--settled=false", "--settled"} {
			if got, want := dragnet(t, "hash", "--store", again, settled), dragnet(t, "hash", "--store", store, settled); got != want {
				t.Errorf("%s %s: read back it is another graph: %s, not %s", name, settled, got, want)
			}
		}
		jsonl, _ := exchange.OutputNamed("jsonl")
		if d := cmp.Diff(exportedFiles(t, store, jsonl), exportedFiles(t, again, jsonl)); d != "" {
			t.Errorf("%s: exported again it differs (- before, + after):\n%s", name, d)
		}
	}
}

func linesOf(t *testing.T, text string) (lines []*exchange.Line) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		l, err := exchange.DecodeLine([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, l)
	}
	return lines
}

// linesInSTIX finds what the objects of a bundle carry of claims and sources.
func linesInSTIX(t *testing.T, text string) (lines []*exchange.Line) {
	t.Helper()
	var bundle struct {
		Objects []struct {
			Extensions map[string]struct {
				Claim   json.RawMessage       `json:"claim"`
				Headers []exchange.LineSource `json:"headers"`
			} `json:"extensions"`
		} `json:"objects"`
	}
	if err := json.Unmarshal([]byte(text), &bundle); err != nil {
		t.Fatal(err)
	}
	for _, o := range bundle.Objects {
		for _, e := range o.Extensions {
			for _, h := range e.Headers {
				lines = append(lines, &exchange.Line{Source: h})
			}
			if e.Claim != nil {
				lines = append(lines, linesOf(t, string(e.Claim))...)
			}
		}
	}
	return lines
}

// readBack writes what lines say into an empty store.
func readBack(t *testing.T, address string, lines []*exchange.Line) {
	t.Helper()
	s, err := config.ParseStore(address, "", config.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{now: time.Now}
	err = p.withCatalog(t.Context(), s, true, func(cat *catalog.Catalog) error {
		for _, l := range lines {
			in := catalog.AssertInput{By: "tester", SourceID: l.Source.ID, KeepHeader: true}
			if h := l.Source.Header; h != nil {
				in.SourceID, in.Source = "", &intel.SourceDraft{ID: l.Source.ID, Header: *h}
			}
			if l.IsClaim() {
				d, err := l.Draft()
				if err != nil {
					return err
				}
				in.Claims = []intel.Draft{d}
			}
			if _, err := cat.Assert(t.Context(), in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestHistoryComesBack writes the history of a graph, tells it to empty ones, and
// finds the same history, hashes and past there.
func TestHistoryComesBack(t *testing.T) {
	overStores(t, func(t *testing.T, store string) {
		revisions := live(t, store)
		path := filepath.Join(t.TempDir(), "history.jsonl")
		told := dragnet(t, "export", "--store", store, "--format", "jsonl", "--history")
		if err := os.WriteFile(path, []byte(told), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{`"by":"analyst"`, `"retracted":true`, `"retracted":false`, `"byReplace":true`, "Second edition", "Header alone"} {
			if !strings.Contains(told, word) {
				t.Errorf("the history does not tell %s:\n%s", word, told)
			}
		}
		hashes := func(store string) string {
			return dragnet(t, "hash", "--store", store) + dragnet(t, "hash", "--store", store, "--settled")
		}
		past := func(store string) (all []string) {
			f, _ := exchange.OutputNamed("graphml")
			for _, at := range revisions {
				all = append(all, exportedFiles(t, store, f, "--known-at", at)["graphml.graphml"])
			}
			return all
		}
		wantHashes, wantPast := hashes(store), past(store)
		again := []string{"sqlite:" + filepath.Join(t.TempDir(), "again.db")}
		if !strings.HasPrefix(store, "sqlite:") {
			neo4jtest.Clear(t, store)
			again = append(again, store)
		}
		for _, to := range again {
			dragnet(t, "import", "--store", to, "--history", path)
			if d := cmp.Diff(told, dragnet(t, "export", "--store", to, "--format", "jsonl", "--history")); d != "" {
				t.Errorf("the history is another one (- before, + after):\n%s", d)
			}
			if got := hashes(to); got != wantHashes {
				t.Errorf("the hashes are others: %s, not %s", got, wantHashes)
			}
			if d := cmp.Diff(wantPast, past(to)); d != "" {
				t.Errorf("the past is another one (- before, + after):\n%s", d)
			}
			if got := dragnet(t, "check", "--store", to); got != "nothing differs\n" {
				t.Error(got)
			}
		}
	})
}

// live makes a graph in which claims were retracted and reinstated, sources
// described again, and gives a moment for each revision.
func live(t *testing.T, address string) (moments []string) {
	t.Helper()
	s, err := config.ParseStore(address, "", config.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := &program{now: func() time.Time { return now }}
	name := func(id, text string) intel.Draft {
		return intel.Draft{Subject: intel.Ref{ID: id}, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: text}}
	}
	header := func(id, title, reliability string, day int) *intel.SourceDraft {
		return &intel.SourceDraft{ID: id, Header: intel.Header{Title: title, Reliability: intel.Reliability(reliability), RetrievedAt: time.Date(2025, 1, day, 0, 0, 0, 0, time.UTC)}}
	}
	err = p.withCatalog(t.Context(), s, true, func(cat *catalog.Catalog) error {
		var ids []string
		assert := func(in catalog.AssertInput) func() error {
			return func() error {
				r, err := cat.Assert(t.Context(), in)
				if err == nil {
					for _, row := range r.Rows {
						ids = append(ids, row.Claim.ID)
					}
				}
				return err
			}
		}
		target := intel.Draft{Subject: intel.Ref{ID: "operation:one"}, Link: &intel.LinkDraft{Type: "TARGETED", To: intel.Ref{ID: "group:one"}}}
		for _, step := range []func() error{
			assert(catalog.AssertInput{By: "local", SourceID: "source:stub", Claims: []intel.Draft{name("group:one", "One")}}),
			assert(catalog.AssertInput{By: "local", Source: header("source:a", "First edition", "C", 1), Claims: []intel.Draft{name("group:one", "Uno"), name("operation:one", "Operation One"), target}}),
			func() error {
				_, err := cat.PutSources(t.Context(), "analyst", []intel.SourceDraft{*header("source:b", "Header alone", "A", 1)})
				return err
			},
			assert(catalog.AssertInput{By: "analyst", Source: header("source:a", "Second edition", "A", 2), Mode: catalog.Replace, Claims: []intel.Draft{name("group:one", "Uno")}}),
			func() error {
				_, err := cat.Retract(t.Context(), "analyst", ids[:1], "a misprint")
				return err
			},
			func() error {
				_, err := cat.Reinstate(t.Context(), "local", ids[:1], "not a misprint")
				return err
			},
			assert(catalog.AssertInput{By: "local", SourceID: "source:a", Mode: catalog.Replace, Claims: []intel.Draft{name("group:one", "Uno"), target}}),
		} {
			now = now.Add(time.Minute)
			moments = append(moments, now.Format(time.RFC3339))
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return moments
}

// TestSTIXIsClosed says that a bundle holds all that its objects refer to, each
// once, whatever part of the graph it is of.
func TestSTIXIsClosed(t *testing.T) {
	store := "sqlite:" + filepath.Join(t.TempDir(), "graph.db")
	dragnet(t, append([]string{"import", "--store", store}, dossiers(t)...)...)
	f, _ := exchange.OutputNamed("stix")
	for _, args := range [][]string{nil, {"--max-marking", "clear"}, {"--around", "group:example"}, {"--around", "alias:common-raven", "--depth", "0"}, {"--around", "report:opera1er-2022", "--depth", "1"},
		{"--min-support", "40"}, {"--min-reliability", "B"}, {"--sources", "source:nobody"}, {"--valid-at", "2021"}, {"--known-at", "2020-01-01T00:00:00Z"}} {
		var bundle struct {
			Type, ID string
			Objects  []map[string]any
		}
		if err := json.Unmarshal([]byte(exportedFiles(t, store, f, args...)[f.Name+f.Ending]), &bundle); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, o := range bundle.Objects {
			id := o["id"].(string)
			if ids[id] {
				t.Errorf("%v: %s stands there twice", args, id)
			}
			ids[id] = true
		}
		for _, o := range bundle.Objects {
			for _, ref := range references(o) {
				if !ids[ref] {
					t.Errorf("%v: %s refers to %s, which is not in the bundle", args, o["id"], ref)
				}
			}
		}
		if bundle.Type != "bundle" || len(bundle.Objects) < 3 {
			t.Errorf("%v: a %s of %d objects", args, bundle.Type, len(bundle.Objects))
		}
	}
}

// references lists what the properties of an object refer to, and the extensions
// that are Dragnet's own.
func references(o map[string]any) (refs []string) {
	for key, value := range o {
		switch v := value.(type) {
		case string:
			if strings.HasSuffix(key, "_ref") {
				refs = append(refs, v)
			}
		case []any:
			for _, part := range v {
				if id, ok := part.(string); ok && strings.HasSuffix(key, "_refs") {
					refs = append(refs, id)
				}
				if inner, ok := part.(map[string]any); ok {
					refs = append(refs, references(inner)...)
				}
			}
		case map[string]any:
			for name, inner := range v {
				if key == "extensions" && o["type"] != "marking-definition" {
					refs = append(refs, name)
				}
				if inner, ok := inner.(map[string]any); ok {
					refs = append(refs, references(inner)...)
				}
			}
		}
	}
	return refs
}

// holdsBack says that what only sources say that are marked higher is nowhere,
// in any format, whole or in part.
func holdsBack(t *testing.T, store string) {
	secret := []string{"secretmarked", "777777", "777,777", "888888", "888,888", "country:XS"}
	for _, f := range exchange.Outputs() {
		for _, more := range [][]string{nil, {"--around", "group:example", "--depth", "3"}, {"--min-support", "1"}} {
			for name, got := range exportedFiles(t, store, f, append(more, "--max-marking", "green")...) {
				for _, word := range secret {
					if strings.Contains(strings.ToLower(got), strings.ToLower(word)) {
						t.Errorf("%s %v holds %q, which only a source marked AMBER says", name, more, word)
					}
				}
				if f.Name != "neo4j-csv" && f.Name != "csv" && !strings.Contains(got, "Operation Example") {
					t.Errorf("%s %v has not what the others say", name, more)
				}
			}
		}
		all := ""
		for _, got := range exportedFiles(t, store, f) {
			all += got
		}
		if !strings.Contains(all, "ecretmarked") {
			t.Errorf("%s: the test looks for what is never written", f.Name)
		}
	}
}

// staysAround says that a neighbourhood holds what lies that near, and nothing else.
func staysAround(t *testing.T, store string) {
	f, _ := exchange.OutputNamed("cytoscape")
	near := exportedFiles(t, store, f, "--around", "operation:nervone")["cytoscape.cyjs"]
	for _, id := range []string{`"id":"operation:nervone"`, `"id":"group:opera1er"`, `"id":"agency:interpol"`} {
		if !strings.Contains(near, id) {
			t.Errorf("%s is not in the neighbourhood", id)
		}
	}
	if strings.Contains(near, "operation:cyberclean") || strings.Contains(near, "alias:") {
		t.Errorf("the neighbourhood reaches too far:\n%s", near)
	}
	alone := exportedFiles(t, store, f, "--around", "operation:nervone", "--depth", "0")["cytoscape.cyjs"]
	if n := strings.Count(alone, `"id":`); n != 1 {
		t.Errorf("%d things are at most 0 links away, want 1", n)
	}
}
