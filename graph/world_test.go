package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/internal/analysis"
	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
	"dragnet/seed"
)

// world is a graph on a store that counts its calls.
type world struct {
	*Graph
	t     testing.TB
	store *counting
	logs  *bytes.Buffer
}

// counting counts what is asked of a store.
type counting struct {
	intel.Store
	views, selects, collects atomic.Int64
}

func (c *counting) View(ctx context.Context, read func(intel.Reader) error) error {
	c.views.Add(1)
	return c.Store.View(ctx, func(r intel.Reader) error { return read(countingReader{r, c}) })
}

type countingReader struct {
	intel.Reader
	c *counting
}

func (r countingReader) Select(ctx context.Context, s intel.Selection) (*intel.Answer, error) {
	r.c.selects.Add(1)
	return r.Reader.Select(ctx, s)
}

func (r countingReader) Collect(ctx context.Context, n intel.Need) (*intel.WorkingSet, error) {
	r.c.collects.Add(1)
	return r.Reader.Collect(ctx, n)
}

// newWorld opens an empty store. Time there begins at a fixed moment and moves
// on by a second with every change.
func newWorld(t testing.TB, open everystore.Opener, o Options) *world {
	t.Helper()
	w := &world{t: t, store: &counting{Store: open(t)}, logs: &bytes.Buffer{}}
	var seconds atomic.Int64
	cat := catalog.New(w.store, func() time.Time {
		return time.Date(2026, 1, 2, 3, 4, int(seconds.Add(1)), 0, time.UTC)
	})
	t.Cleanup(cat.Close)
	o.Log = slog.New(slog.NewTextHandler(w.logs, nil))
	if o.Version == "" {
		o.Version, o.Store = "test", "test"
	}
	shape := analysis.New(w.store, cat, time.Minute)
	cat.Watch(shape.Committed)
	w.Graph = New(cat, shape, o)
	return w
}

// sampled is a world with the sample data in it.
func sampled(t testing.TB, open everystore.Opener) *world {
	t.Helper()
	w := newWorld(t, open, Options{})
	if _, err := seeding.Import(t.Context(), w.cat, seeding.FromFS(seed.FS(), seed.Dossiers()), seeding.Options{By: "seed"}); err != nil {
		t.Fatal(err)
	}
	return w
}

// ask runs an operation. Variables are JSON text, "" for none.
func (w *world) ask(query, variables string) *graphql.Response {
	w.t.Helper()
	p := &graphql.RawParams{Query: query}
	if variables != "" {
		d := json.NewDecoder(bytes.NewBufferString(variables))
		d.UseNumber()
		if err := d.Decode(&p.Variables); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.Execute(w.t.Context(), p)
}

// get runs an operation that must have no errors and gives its data.
func (w *world) get(query, variables string) string {
	w.t.Helper()
	r := w.ask(query, variables)
	if len(r.Errors) > 0 {
		w.t.Fatalf("%s\n%v\n%s", query, pretty(w.t, r), w.logs)
	}
	return pretty(w.t, r.Data)
}

func pretty(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
