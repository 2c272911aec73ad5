package catalog_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// twice runs every function twice, as stores may.
type twice struct{ intel.Store }

func (s twice) View(ctx context.Context, read func(intel.Reader) error) error {
	return s.Store.View(ctx, func(r intel.Reader) error {
		if err := read(r); err != nil {
			return err
		}
		return read(r)
	})
}

func (s twice) Update(ctx context.Context, write func(intel.Writer) error) error {
	return s.Store.Update(ctx, func(w intel.Writer) error {
		if err := write(lost{w}); err != nil {
			return err
		}
		return write(w)
	})
}

// lost is the writer of a first attempt.
type lost struct{ intel.Writer }

func (lost) Put(context.Context, intel.Batch) error { return nil }

// TestWritesAreRepeatable links by name against the order of a symmetric link's
// ends on a store that runs everything twice.
func TestWritesAreRepeatable(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := catalog.New(twice{o(t)}, newClock().now)
		t.Cleanup(c.Close)
		assert(t, c, catalog.AssertInput{Source: source("source:a", "B", ""), Claims: []intel.Draft{text("agency:a", "name", "Alpha"), text("agency:z", "name", "Zulu")}})
		d := intel.Draft{Subject: intel.Ref{ID: "agency:z"}, Link: &intel.LinkDraft{Type: "PARTNER_OF", To: intel.Ref{Named: &intel.NamedEntity{Kind: intel.KindAgency, Name: "Alpha"}}}}
		res := assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{d}})
		if cl := res.Rows[0].Claim; res.Claims[catalog.Added] != 1 || cl.Subject != "agency:a" || cl.Object != "agency:z" {
			t.Errorf("%+v, want one link from agency:a to agency:z", res)
		}
	})
}

// TestKnownHeaderAgain puts an older header again, which is no news.
func TestKnownHeaderAgain(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		first, later := source("source:a", "B", ""), source("source:a", "C", "")
		later.RetrievedAt = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		assert(t, c, catalog.AssertInput{Source: later, KeepHeader: true})
		assert(t, c, catalog.AssertInput{Source: first, KeepHeader: true})
		at := revision(t, c)
		res, err := c.PutSources(t.Context(), "tester", []intel.SourceDraft{*first})
		if err != nil || res.Unchanged != 1 || revision(t, c) != at {
			t.Errorf("%+v, %v: a known header again", res, err)
		}
	})
}

// TestOriginsOfThen: a source derived from another through a third, and does no
// longer; a view of the past still has its origin of then.
func TestOriginsOfThen(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		derived := func(id string, from ...string) *intel.SourceDraft {
			d := source(id, "B", "")
			d.DerivedFrom = from
			return d
		}
		assert(t, c, catalog.AssertInput{Source: derived("source:p", "source:q")})
		for _, d := range []*intel.SourceDraft{derived("source:s", "source:p"), derived("source:s2", "source:q")} {
			assert(t, c, catalog.AssertInput{Source: d, Claims: []intel.Draft{number("operation:x", "arrests", 5)}})
		}
		at := revision(t, c)
		shown := func(v intel.View) string {
			n, _ := node(t, c, v, "operation:x")
			return fmt.Sprint(n.Facts[0].Values[0].Origins, n.Facts[0].Values[0].Support)
		}
		was := shown(intel.View{})
		again := derived("source:s")
		again.RetrievedAt = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		if _, err := c.PutSources(t.Context(), "tester", []intel.SourceDraft{*again}); err != nil {
			t.Fatal(err)
		}
		if then := shown(intel.View{AtRevision: &at}); then != was || shown(intel.View{}) == was {
			t.Errorf("origins and support were %s, the view of then has %s, now they are %s", was, then, shown(intel.View{}))
		}
	})
}

// TestRetractingWhatWasWithdrawn: a person's retraction of a claim that a
// REPLACE withdrew keeps the next edition from bringing it back.
func TestRetractingWhatWasWithdrawn(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		one, two := number("operation:x", "arrests", 5), number("operation:x", "arrests", 6)
		res := assert(t, c, catalog.AssertInput{Source: source("source:a", "B", ""), Claims: []intel.Draft{one, two}})
		assert(t, c, catalog.AssertInput{SourceID: "source:a", Mode: catalog.Replace, Claims: []intel.Draft{two}})
		done, err := c.Retract(t.Context(), "analyst", []string{res.Rows[0].Claim.ID}, "it is wrong")
		if err != nil || done.Changed != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		if res := assert(t, c, catalog.AssertInput{SourceID: "source:a", Mode: catalog.Replace, Claims: []intel.Draft{one, two}}); res.Rows[0].Outcome != catalog.Suppressed {
			t.Errorf("the retracted claim is %s in the next edition", res.Rows[0].Outcome)
		}
		if done, err = c.Retract(t.Context(), "analyst", []string{res.Rows[0].Claim.ID}, "still"); err != nil || done.Changed != 0 {
			t.Errorf("retracted once more: %+v, %v", done, err)
		}
		consistent(t, c)
	})
}

// TestChangesOfSets tells of each value of a set that came or went, not of the
// one that happens to be first.
func TestChangesOfSets(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		told := func(changes []catalog.Change) (out []string) {
			for _, f := range changes[0].Facts {
				side := func(s *intel.Shown) string {
					if s == nil {
						return "nothing"
					}
					return s.Value.Text
				}
				out = append(out, fmt.Sprintf("%s: %s to %s", f.Property, side(f.Before), side(f.After)))
			}
			return out
		}
		note := func(s string) intel.Draft { return text("group:x", "note", s) }
		first := assert(t, c, catalog.AssertInput{Source: source("source:a", "B", ""), Claims: []intel.Draft{note("one")}})
		second := assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{note("two"), note("three")}})
		third, err := c.Retract(t.Context(), "tester", []string{first.Rows[0].Claim.ID}, "gone")
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(told(first.Changes), told(second.Changes), told(third.Changes))
		if want := "[note: nothing to one] [note: nothing to three note: nothing to two] [note: one to nothing]"; got != want {
			t.Errorf("told %s\nwant %s", got, want)
		}
	})
}
