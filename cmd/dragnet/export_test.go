package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
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
		now = now.Add(time.Second)
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
		t.Run("marked", func(t *testing.T) { holdsBack(t, store) })
		t.Run("around", func(t *testing.T) { staysAround(t, store) })
	})
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
