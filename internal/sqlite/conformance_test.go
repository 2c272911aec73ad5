package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"

	"dragnet/internal/intel"
	"dragnet/internal/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:  func(t testing.TB) intel.Store { return fresh(t) },
		Bare:  func(t testing.TB) intel.Store { return at(t, filepath.Join(t.TempDir(), "bare.db")) },
		Again: func(t testing.TB, s intel.Store) intel.Store { return at(t, s.(*Store).path) },
		Newer: func(t testing.TB) intel.Store {
			s := fresh(t)
			raw(t, s, "PRAGMA user_version = 999")
			return at(t, s.path)
		},
	})
}

// at opens a store for the time of a test.
func at(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// fresh makes an empty store.
func fresh(t testing.TB) *Store {
	t.Helper()
	s := at(t, filepath.Join(t.TempDir(), "test.db"))
	if err := s.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// raw runs a statement beside the store.
func raw(t testing.TB, s *Store, query string) {
	t.Helper()
	c, err := sqlite.OpenConn(s.path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join((&conn{Conn: c}).once(query), c.Close()); err != nil {
		t.Fatal(err)
	}
}
