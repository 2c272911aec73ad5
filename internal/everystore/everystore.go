// Package everystore runs tests over every store there is. It must be imported
// by tests and benchmarks only.
package everystore

import (
	"path/filepath"
	"testing"

	"dragnet/internal/intel"
	"dragnet/internal/neo4j"
	"dragnet/internal/neo4jtest"
	"dragnet/internal/sqlite"
)

// Opener gives a fresh empty store, set up, closed when the test ends. A
// Neo4j has one database, so a test may hold one such store at a time: each
// call empties it.
type Opener func(t testing.TB) intel.Store

// Run runs a test once per store.
func Run(t *testing.T, test func(t *testing.T, open Opener)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite) })
	t.Run("neo4j", func(t *testing.T) {
		// Held here, the server keeps its schema from one store to the next.
		neo4jtest.URI(t)
		test(t, Neo4j)
	})
}

// SQLite opens a fresh file.
func SQLite(t testing.TB) intel.Store {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(t.TempDir(), "graph.db"))
	return ready(t, s, err)
}

// Neo4j empties the test server's database.
func Neo4j(t testing.TB) intel.Store {
	t.Helper()
	uri := neo4jtest.URI(t)
	neo4jtest.Clear(t, uri)
	s, err := neo4j.Open(uri, "", "")
	return ready(t, s, err)
}

func ready(t testing.TB, s intel.Store, err error) intel.Store {
	t.Helper()
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
	return s
}
