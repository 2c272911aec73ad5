package main

import (
	"path/filepath"
	"testing"
	"time"

	"dragnet/bench/byhand"
	"dragnet/bench/gen"
	"dragnet/bench/load"
	"dragnet/internal/neo4jtest"
)

// TestByHand holds the walks by hand to what Select answers, on both stores, so
// that a changed schema cannot leave them measuring something else.
func TestByHand(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { testByHand(t, "sqlite:"+filepath.Join(t.TempDir(), "graph.db")) })
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.URI(t)
		neo4jtest.Clear(t, uri)
		testByHand(t, uri)
	})
}

func testByHand(t *testing.T, address string) {
	ctx := t.Context()
	of, err := gen.New(1, gen.MinEntities)
	if err != nil {
		t.Fatal(err)
	}
	g, err := openStore(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := g.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := load.Fast(ctx, g.store, of, time.Now, load.Options{Chunk: 250}); err != nil {
		t.Fatal(err)
	}
	var w byhand.Walker
	if w, err = g.byHand(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	for _, q := range questions {
		mean, err := q.compare(ctx, g, w, of, 8)
		if err != nil {
			t.Error(err)
		}
		if least := float64(len(q.hops)); mean <= least {
			t.Errorf("%s: %.1f entities in an answer, want more than %.0f", q.name, mean, least)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]size{"10k": 10_000, "1M": 1_000_000, "1500": 1_500} {
		var s size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%s: got %d, %v, want %d", text, s, err, want)
		}
	}
	if s := size(100_000); s.String() != "100k" {
		t.Errorf("100000 is written as %s", s)
	}
}
