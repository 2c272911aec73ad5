package catalog

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// TestChangesWithinLimits reads what takes more claims at once than may be: in
// smaller parts, and past a revision that is too much by itself.
func TestChangesWithinLimits(t *testing.T) {
	store := everystore.SQLite(t)
	c := New(store, time.Now)
	t.Cleanup(c.Close)
	header := intel.SourceDraft{ID: "source:s", Header: intel.Header{Title: "S", Reliability: "C", RetrievedAt: worldStart}}
	for n := range 30 {
		var drafts []intel.Draft
		for _, name := range []string{"One", "Two", "Three"} {
			drafts = append(drafts, intel.Draft{Subject: intel.Ref{ID: fmt.Sprintf("group:g%d", n/2)}, Property: "name", Value: &intel.Value{Type: intel.TypeText, Text: fmt.Sprint(name, n)}})
		}
		if _, err := c.Assert(t.Context(), AssertInput{By: "t", Source: &header, Claims: drafts}); err != nil {
			t.Fatal(err)
		}
	}
	header.Reliability, header.RetrievedAt = "A", worldStart.Add(time.Hour)
	if _, err := c.PutSources(t.Context(), "t", []intel.SourceDraft{header}); err != nil {
		t.Fatal(err)
	}
	read := func(since int64, most int) (page *ChangePage, err error) {
		err = store.View(t.Context(), func(r intel.Reader) error {
			s := &sincePage{past: newPast(r, intel.View{}), first: 100, budget: maxReplayed}
			s.limits.claims = most
			page, err = s.read(t.Context(), since)
			return err
		})
		return page, err
	}
	whole, err := read(0, 1000)
	if err != nil || len(whole.Changes) != 45 || whole.More {
		t.Fatalf("%d changes, %v", len(whole.Changes), err)
	}
	var got []Change
	for since := int64(0); since < 30; {
		page, err := read(since, 20)
		if err != nil {
			t.Fatalf("after %d: %v", since, err)
		}
		got, since = append(got, page.Changes...), page.Revision.Counter
	}
	if d := cmp.Diff(whole.Changes[:30], got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b })); d != "" {
		t.Errorf("in parts:\n%s", d)
	}
	page, err := read(30, 20)
	if !errors.Is(err, intel.ErrLimit) || page.Revision.Counter != 31 {
		t.Errorf("too much at once: %+v, %v", page, err)
	}
}
