package neo4j

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
	"dragnet/internal/neo4jtest"
)

// TestUpgrade takes from a database what schema 2 brought, and has it brought
// again.
func TestUpgrade(t *testing.T) {
	s := fresh(t, neo4jtest.URI(t))
	claim := intel.Claim{Subject: "group:a", Property: intel.PropName, Value: intel.Value{Type: intel.TypeText, Text: "A"}, Stance: intel.Asserts, Source: "source:a"}
	claim.ID = claim.HashID()
	header := intel.HeaderVersion{Header: intel.Header{Title: "A", Reliability: "A", Marking: "CLEAR"}, Hash: "h"}
	for n := range int64(3) {
		b := intel.Batch{Stamp: intel.Stamp{Revision: n + 1}}
		if n == 0 {
			claim.Added, header.Added = b.Stamp, b.Stamp
			b.Claims, b.Versions, b.Reweighed = []*intel.Claim{&claim}, map[string][]intel.HeaderVersion{"source:a": {header}}, []string{"source:a"}
			b.Sources = []*intel.Source{{ID: "source:a", Header: header.Header, Origins: []string{"source:a"}}}
		} else {
			b.Events = []intel.ClaimEvent{{Claim: claim.ID, Event: intel.Event{Stamp: b.Stamp, Retracted: n == 1}}}
		}
		if err := s.Update(t.Context(), func(w intel.Writer) error { return w.Put(t.Context(), b) }); err != nil {
			t.Fatal(err)
		}
	}
	touched := func() (out []intel.Touched) {
		if err := s.View(t.Context(), func(r intel.Reader) (err error) {
			out, err = r.Touched(t.Context(), 0, 99)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := touched()
	run(t, s, "MATCH (t:Touched) DETACH DELETE t", nil)
	run(t, s, "MATCH (m:Meta) SET m.schema = 1", nil)
	for range 2 { // a second time changes nothing
		if err := s.Setup(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, touched()); d != "" {
			t.Error(d)
		}
	}
	if len(want) != 3 {
		t.Errorf("%d revisions", len(want))
	}
}
