package seeding_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
	"dragnet/seed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newCatalog(t *testing.T, s intel.Store) *catalog.Catalog {
	t.Helper()
	c := catalog.New(s, func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) })
	t.Cleanup(c.Close)
	return c
}

func sample() []seeding.File { return seeding.FromFS(seed.FS(), seed.Dossiers()) }

// text is a file of that content.
func text(name, content string) seeding.File {
	return seeding.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func hashOf(t *testing.T, c *catalog.Catalog) string {
	t.Helper()
	h, err := c.Hash(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSampleData(t *testing.T) {
	var hashes []string
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		cat := newCatalog(t, open(t))
		dry, err := seeding.Import(t.Context(), cat, sample(), seeding.Options{By: "tester", DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := cat.Meta(t.Context()); err != nil || m.Last.Revision != 0 {
			t.Fatalf("the dry run wrote: %+v, %v", m, err)
		}
		first, err := seeding.Import(t.Context(), cat, sample(), seeding.Options{By: "tester"})
		if err != nil {
			t.Fatal(err)
		}
		m, err := cat.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if first.Files != 4 || first.Rows == 0 || first.Added != int(m.Counts.Claims) || first.Entities != int(m.Counts.Entities) ||
			first.Sources != int(m.Counts.Sources) || first.Unchanged+first.Rejected+first.Suppressed != 0 {
			t.Errorf("reported %+v, the graph has %+v", first, m.Counts)
		}
		dry.Revision, dry.Stubs = first.Revision, first.Stubs // of what is there
		if diff := cmp.Diff(first, dry); diff != "" {
			t.Errorf("the dry run foretold otherwise (-did +foretold):\n%s", diff)
		}
		hash := hashOf(t, cat)
		files := sample()
		slices.Reverse(files)
		again, err := seeding.Import(t.Context(), cat, files, seeding.Options{By: "another"})
		if err != nil {
			t.Fatal(err)
		}
		if again.Added != 0 || again.Entities != 0 || again.Unchanged != first.Added || again.Revision != first.Revision {
			t.Errorf("the second import reports %+v", again)
		}
		if got := hashOf(t, cat); got != hash {
			t.Errorf("the second import changed the hash from %s to %s", hash, got)
		}
		hashes = append(hashes, hash)
	})
	if len(slices.Compact(hashes)) > 1 {
		t.Errorf("the stores differ: %v", hashes)
	}
}

const head = `dossier: 1
source: {id: "source:%s", title: A test, reliability: B}
statements:
`

func dossier(source, statements string) string { return fmt.Sprintf(head, source) + statements }

func TestMistakesAnywhereWriteNothing(t *testing.T) {
	cat := newCatalog(t, everystore.SQLite(t))
	files := []seeding.File{
		text("good.yaml", dossier("good", "  operation:one: {name: Operation One}\n")),
		text("bad.yaml", dossier("bad", "  operation:two:\n    - {arests: 3}\n    - {arrests: many}\n")),
		text("worse.yaml", dossier("worse", "  operation:three: {name: ok}\n  operatoin:four: {name: x}\n")),
	}
	var told []seeding.Event
	report, err := seeding.Import(t.Context(), cat, files, seeding.Options{By: "tester", Tell: func(e seeding.Event) { told = append(told, e) }})
	var wrong *seeding.MistakesError
	if !errors.As(err, &wrong) || !errors.Is(err, intel.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	for i, want := range []string{"bad.yaml:5:", "bad.yaml:6:", "worse.yaml:5:"} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Errorf("mistake %d is not at %s:\n%v", i, want, err)
		}
	}
	if m, err := cat.Meta(t.Context()); err != nil || m.Last.Revision != 0 || report.Rows != 0 {
		t.Errorf("something was written: %+v, %+v, %v", m, report, err)
	}
	if diff := cmp.Diff([]seeding.Event{seeding.Checked{File: "good.yaml", Rows: 1}}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	cat := newCatalog(t, everystore.SQLite(t))
	gone := seeding.File{Name: "gone.yaml", Open: func() (io.ReadCloser, error) { return nil, errors.New("it is gone") }}
	_, err := seeding.Import(t.Context(), cat, []seeding.File{gone}, seeding.Options{By: "tester"})
	if err == nil || err.Error() != "cannot open gone.yaml: it is gone" {
		t.Errorf("got %v", err)
	}
}

// many is a dossier with n statements about one subject.
func many(n int) string {
	var b strings.Builder
	b.WriteString("  operation:big:\n")
	for i := range n {
		fmt.Fprintf(&b, "    - {note: number %d, at: line %d}\n", i, i)
	}
	return dossier("big", b.String())
}

func TestBatches(t *testing.T) {
	cat := newCatalog(t, everystore.SQLite(t))
	n := catalog.MaxClaims + 5
	var told []seeding.Event
	o := seeding.Options{By: "tester", Tell: func(e seeding.Event) {
		if w, ok := e.(seeding.Wrote); ok {
			w.Changes = nil
			e = w
		}
		told = append(told, e)
	}}
	report, err := seeding.Import(t.Context(), cat, []seeding.File{text("big.yaml", many(n))}, o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := cat.Meta(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := func(n int64) string { return intel.Revision{Epoch: m.Epoch, Counter: n}.String() }
	all := seeding.Report{Files: 1, Sources: 1, Rows: n, Added: n, Entities: 1, Revision: at(2)}
	want := []seeding.Event{
		seeding.Checked{File: "big.yaml", Rows: n},
		seeding.Wrote{File: "big.yaml", Rows: n - 5, Batch: seeding.Report{Rows: n - 5, Added: n - 5, Entities: 1, Revision: at(1)}},
		seeding.Wrote{File: "big.yaml", Rows: n, Batch: seeding.Report{Rows: 5, Added: 5, Revision: at(2)}},
		seeding.Finished{File: "big.yaml", Report: all},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	all.Stubs = 1
	if diff := cmp.Diff(all, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestStopsAfterTheBatchInHandAndGoesOn(t *testing.T) {
	files := []seeding.File{
		text("a.yaml", dossier("a", "  operation:one: {name: Operation One, arrests: 5}\n")),
		text("b.yaml", dossier("b", "  operation:one: {arrests: 6}\n  operation:two: {name: Operation Two}\n")),
	}
	whole := newCatalog(t, everystore.SQLite(t))
	if _, err := seeding.Import(t.Context(), whole, files, seeding.Options{By: "tester"}); err != nil {
		t.Fatal(err)
	}
	cat := newCatalog(t, everystore.SQLite(t))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	report, err := seeding.Import(ctx, cat, files, seeding.Options{By: "tester", Tell: func(e seeding.Event) {
		if _, ok := e.(seeding.Wrote); ok {
			stop()
		}
	}})
	m, metaErr := cat.Meta(t.Context())
	if metaErr != nil {
		t.Fatal(metaErr)
	}
	if !errors.Is(err, seeding.ErrStopped) || report.Added != 2 || m.Counts.Claims != 2 || m.Last.Revision != 1 {
		t.Errorf("%v; reported %+v, the graph has %+v", err, report, m)
	}
	if _, err := seeding.Import(t.Context(), cat, files, seeding.Options{By: "tester"}); err != nil {
		t.Fatal(err)
	}
	if hashOf(t, cat) != hashOf(t, whole) {
		t.Error("what was gone on with is another graph")
	}
}

func TestSuppressedAndChangedHeaders(t *testing.T) {
	cat := newCatalog(t, everystore.SQLite(t))
	file := dossier("a", "  operation:one: {name: Operation One, arrests: 5}\n")
	load := func(content string) seeding.Report {
		t.Helper()
		r, err := seeding.Import(t.Context(), cat, []seeding.File{text("a.yaml", content)}, seeding.Options{By: "tester"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	load(file)
	a, err := cat.Read(t.Context(), intel.View{}, intel.Selection{IDs: []string{"operation:one"}, Node: intel.NodeSelection{Evidence: true}})
	if err != nil {
		t.Fatal(err)
	}
	var arrests string
	for _, c := range a.Nodes[0].Evidence {
		if c.Property == "arrests" {
			arrests = c.ID
		}
	}
	if _, err := cat.Retract(t.Context(), "tester", []string{arrests}, "wrong"); err != nil {
		t.Fatal(err)
	}
	if r := load(file); r.Suppressed != 1 || r.Unchanged != 1 || r.Added != 0 {
		t.Errorf("sent again: %+v", r)
	}
	// A header without retrievedAt that differs is kept too: files come in any order.
	if r := load(strings.Replace(file, "reliability: B", "reliability: C", 1)); r.Added != 0 || r.Suppressed != 1 {
		t.Errorf("with another header: %+v", r)
	}
}
