package load_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/bench/gen"
	"dragnet/bench/load"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
	"dragnet/internal/sqlite"
)

// TestSameGraph loads one graph in both ways and finds no difference: the same
// settled hash, the same totals, and nothing that check would mend.
func TestSameGraph(t *testing.T) {
	g, err := gen.New(1, gen.MinEntities)
	if err != nil {
		t.Fatal(err)
	}
	fast, fastStore := open(t)
	if err := load.Fast(t.Context(), fastStore, g, time.Now, load.Options{Chunk: 300}); err != nil {
		t.Fatal(err)
	}
	through, _ := open(t)
	if err := load.Through(t.Context(), through, g, load.Options{Chunk: 300, Workers: 4}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*catalog.Catalog{"fast": fast, "through": through} {
		if err := c.Check(t.Context(), func(what string) { t.Errorf("%s: %s", name, what) }); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := hash(t, fast), hash(t, through); a != b {
		t.Errorf("fast gives the hash %s, through %s", a, b)
	}
	if d := cmp.Diff(meta(t, through).Counts, meta(t, fast).Counts); d != "" {
		t.Errorf("totals differ (-through +fast):\n%s", d)
	}
}

func open(t *testing.T) (*catalog.Catalog, intel.Store) {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(t.TempDir(), "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := catalog.New(s, time.Now)
	t.Cleanup(c.Close)
	return c, s
}

func hash(t *testing.T, c *catalog.Catalog) string {
	t.Helper()
	h, err := c.Hash(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func meta(t *testing.T, c *catalog.Catalog) intel.Meta {
	t.Helper()
	m, err := c.Meta(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}
