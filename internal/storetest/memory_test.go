package storetest

import (
	"testing"

	"dragnet/internal/intel"
)

// TestModel runs the suite on the model, so that each is proven by the other.
func TestModel(t *testing.T) {
	kept := func(t testing.TB, m *model) intel.Store {
		t.Cleanup(func() { _ = m.Close() })
		return m
	}
	Run(t, Harness{
		Open:  func(t testing.TB) intel.Store { return kept(t, readyModel()) },
		Bare:  func(t testing.TB) intel.Store { return kept(t, newModel()) },
		Again: func(t testing.TB, s intel.Store) intel.Store { return kept(t, s.(*model).again()) },
		Newer: func(t testing.TB) intel.Store {
			m := newModel()
			m.db.newer = true
			return kept(t, m)
		},
	})
}
