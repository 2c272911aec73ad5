package graph

import (
	"os"
	"path/filepath"
	"testing"

	"dragnet/internal/everystore"
)

// TestExamples: what the playground opens with answers on the sample data, each
// in one or two calls of the store.
func TestExamples(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	w.get(`{ group(id: "group:x") { id } }`, "")
	files, err := filepath.Glob("../internal/web/examples/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			w.t = t
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			w.store.views.Store(0)
			w.get(string(text), "")
			if n := w.store.views.Load(); n > 3 {
				t.Errorf("%d calls of the store", n)
			}
		})
	}
}
