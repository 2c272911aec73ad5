// Package storetest is the conformance suite of intel.Store. Every store runs
// all of it: there is no skip list and no exception for an adapter. It knows
// the contract and nothing of any database.
//
// Beside the cases stands a naive model of a store (model.go), which says in
// the simplest code what the contract means. The suite runs on the model too,
// so that both are proven before an adapter is.
package storetest

import (
	"testing"

	"dragnet/internal/intel"
)

// Harness is how a store joins the suite. All fields are needed. The stores
// they give are closed by t.Cleanup, which must not mind that a case has
// closed one already. A case works on one database at a time: giving a fresh
// one may destroy the one before.
type Harness struct {
	// Open gives a store on a fresh, empty database, already Setup.
	Open func(t testing.TB) intel.Store
	// Again gives a second handle on the database of a store that Open or Bare
	// gave, as another process would have. It does not call Setup.
	Again func(t testing.TB, s intel.Store) intel.Store
	// Bare gives a store on an empty database that was never Setup.
	Bare func(t testing.TB) intel.Store
	// Newer gives a store on a database whose schema is one version newer than
	// this binary knows.
	Newer func(t testing.TB) intel.Store
}

// Run runs the whole suite.
func Run(t *testing.T, h Harness) {
	if h.Open == nil || h.Again == nil || h.Bare == nil || h.Newer == nil {
		t.Fatal("every field of the harness is needed")
	}
	for _, group := range [][]check{lifeCases, writeCases, readCases, hostileCases, manyCases, randomCases} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) { c.run(t, h) })
		}
	}
}

// check is one case of the suite.
type check struct {
	name string
	run  func(*testing.T, Harness)
}
