package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// TestExportMemory says that an export holds as much of a graph as of one ten
// times as large.
func TestExportMemory(t *testing.T) {
	held := map[int]map[string]uint64{}
	for _, n := range []int{2_000, 20_000} {
		held[n] = map[string]uint64{}
		s, err := config.ParseStore("sqlite:"+filepath.Join(t.TempDir(), "graph.db"), "", config.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		p := &program{now: time.Now}
		err = p.withCatalog(t.Context(), s, true, func(cat *catalog.Catalog) error {
			if err := fill(t, cat, n); err != nil {
				return err
			}
			x, err := cat.Export(t.Context(), catalog.Cut{})
			if err != nil {
				return err
			}
			for _, name := range []string{"jsonl", "stix", "gexf"} {
				f, _ := exchange.OutputNamed(name)
				w := &heapWatch{}
				if err := f.Write(t.Context(), w, x); err != nil {
					return err
				}
				if w.looks < 3 {
					t.Errorf("%s of %d: only %d looks", name, n, w.looks)
				}
				held[n][name] = w.most
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, small := range held[2_000] {
		if large := held[20_000][name]; large > small+small/2+4<<20 {
			t.Errorf("%s holds %d KB of 2,000 entities and %d KB of 20,000", name, small>>10, large>>10)
		}
	}
}

// fill makes n entities with a name and a link each.
func fill(t *testing.T, cat *catalog.Catalog, n int) error {
	t.Helper()
	for from := 0; from < n; from += catalog.MaxClaims / 2 {
		var claims []intel.Draft
		for i := from; i < min(n, from+catalog.MaxClaims/2); i++ {
			id := intel.Ref{ID: fmt.Sprint("group:g", i)}
			claims = append(claims,
				intel.Draft{Subject: id, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: fmt.Sprint("Group number ", i)}},
				intel.Draft{Subject: id, Link: &intel.LinkDraft{Type: "TARGETS", To: intel.Ref{ID: fmt.Sprint("sector:s", i%7)}}})
		}
		if _, err := cat.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: fmt.Sprint("source:", from), Claims: claims}); err != nil {
			return err
		}
	}
	return nil
}

// heapWatch notes the most that is on the heap, looking now and then.
type heapWatch struct {
	most           uint64
	written, looks int
}

func (h *heapWatch) Write(b []byte) (int, error) {
	h.written += len(b)
	if h.written >= h.looks*(h.looks+1)/2*(128<<10) { // ever more seldom
		h.looks++
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	return len(b), nil
}
