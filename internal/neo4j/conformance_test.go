package neo4j

import (
	"testing"

	"dragnet/internal/intel"
	"dragnet/internal/neo4jtest"
	"dragnet/internal/storetest"
)

func TestConformance(t *testing.T) {
	uri := neo4jtest.URI(t)
	storetest.Run(t, storetest.Harness{
		Open:  func(t testing.TB) intel.Store { return fresh(t, uri) },
		Again: func(t testing.TB, _ intel.Store) intel.Store { return open(t, uri) },
		Bare: func(t testing.TB) intel.Store {
			neo4jtest.Clear(t, uri)
			return open(t, uri)
		},
		Newer: func(t testing.TB) intel.Store {
			s := fresh(t, uri)
			run(t, s, "MATCH (m:Meta) SET m.schema = $schema", map[string]any{"schema": schemaVersion + 1})
			return open(t, uri)
		},
	})
}

// open opens a store that is closed when the test ends.
func open(t testing.TB, uri string) *Store {
	t.Helper()
	s, err := Open(uri, "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // the test may have closed it
	return s
}

// fresh opens a store on the emptied database.
func fresh(t testing.TB, uri string) *Store {
	t.Helper()
	neo4jtest.Clear(t, uri)
	s := open(t, uri)
	if err := s.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// run runs a statement of the test's own.
func run(t testing.TB, s *Store, statement string, params map[string]any) []any {
	t.Helper()
	row, err := s.one(t.Context(), 0, "test", statement, params)
	if err != nil {
		t.Fatal(err)
	}
	return row
}
