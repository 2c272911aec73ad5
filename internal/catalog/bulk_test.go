package catalog_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

func TestBulk(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		a := catalog.AssertInput{Source: source("source:a", "B", "2024"), OnError: catalog.Skip, Claims: []intel.Draft{
			text("group:x", "name", "The X"), number("group:x", "arrests", 1), link("group:x", "ALLIED_WITH", "group:y"),
		}}
		bad := catalog.AssertInput{Source: source("source:bad", "Z", ""), Claims: []intel.Draft{text("group:z", "name", "Z")}}
		b := catalog.AssertInput{SourceID: "source:b", Claims: []intel.Draft{text("group:x", "name", "The X")}}

		trial, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: []catalog.AssertInput{a, bad, b}, DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		if n := revision(t, c); n != 0 || trial.Created != 2 {
			t.Errorf("after a dry run the revision is %d, %d would come into being", n, trial.Created)
		}
		whole, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: []catalog.AssertInput{b, a}, Whole: true})
		if !errors.Is(err, catalog.ErrFaulty) || whole.Errs[0] != nil || !errors.Is(whole.Errs[1], intel.ErrInvalid) {
			t.Errorf("a whole bulk with a bad row: %v, %+v", err, whole)
		}
		if n := revision(t, c); n != 0 {
			t.Errorf("it was written: revision %d", n)
		}
		res, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: []catalog.AssertInput{a, bad, b}})
		if err != nil {
			t.Fatal(err)
		}
		if !errors.Is(res.Errs[1], intel.ErrInvalid) || res.Errs[0] != nil || res.Errs[2] != nil || res.Results[1] != nil {
			t.Errorf("errors: %v", res.Errs)
		}
		var outcomes []catalog.Outcome
		for _, i := range []int{0, 2} {
			for _, row := range res.Results[i].Rows {
				outcomes = append(outcomes, row.Outcome)
			}
		}
		if diff := cmp.Diff([]catalog.Outcome{catalog.Added, catalog.Rejected, catalog.Added, catalog.Added}, outcomes); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if res.Created != 2 || len(res.Changes) != 1 || len(res.Changes[0].Added) != 3 || revision(t, c) != 1 {
			t.Errorf("%d created, changes %+v, revision %d", res.Created, res.Changes, revision(t, c))
		}
		again, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: []catalog.AssertInput{a, b}})
		if err != nil || again.Results[0].Claims[catalog.Unchanged] != 2 || again.Results[1].Claims[catalog.Unchanged] != 1 || revision(t, c) != 1 {
			t.Errorf("again: %v, %+v", err, again)
		}
		consistent(t, c)
	})
}

func TestBulkIsBounded(t *testing.T) {
	c := open(t, everystore.SQLite)
	half := catalog.AssertInput{SourceID: "source:a"}
	for range catalog.MaxClaims/2 + 1 {
		half.Claims = append(half.Claims, number("operation:x", "arrests", 1))
	}
	if _, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: []catalog.AssertInput{half, half}}); !errors.Is(err, intel.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

// A new edition may come in parts; Withdraw then does what a REPLACE does at once.
func TestEditionInParts(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		one, two, three := number("operation:x", "arrests", 1), number("operation:x", "arrests", 2), number("operation:x", "arrests", 3)
		edition := func(drafts ...intel.Draft) (added, withdrawn int) {
			t.Helper()
			kept := map[string]bool{}
			for _, d := range drafts {
				res := assert(t, c, catalog.AssertInput{SourceID: "source:feed", Mode: catalog.Edition, Claims: []intel.Draft{d}})
				added += res.Claims[catalog.Added]
				kept[res.Rows[0].Claim.ID] = true
			}
			n, err := c.Withdraw(t.Context(), "tester", "source:feed", func(id string) bool { return kept[id] })
			if err != nil {
				t.Fatal(err)
			}
			return added, n
		}
		for i, step := range []struct {
			drafts           []intel.Draft
			added, withdrawn int
		}{
			{[]intel.Draft{one, two}, 2, 0},
			{[]intel.Draft{two, three}, 1, 1},
			{[]intel.Draft{one, two, three}, 1, 0}, // one comes back
			{nil, 0, 3},
		} {
			if added, withdrawn := edition(step.drafts...); added != step.added || withdrawn != step.withdrawn {
				t.Errorf("edition %d: %d added, %d withdrawn; want %d and %d", i, added, withdrawn, step.added, step.withdrawn)
			}
		}
		// What a person retracted stays retracted.
		id := assert(t, c, catalog.AssertInput{SourceID: "source:feed", Mode: catalog.Edition, Claims: []intel.Draft{one}}).Rows[0].Claim.ID
		if _, err := c.Retract(t.Context(), "tester", []string{id}, "wrong"); err != nil {
			t.Fatal(err)
		}
		if res := assert(t, c, catalog.AssertInput{SourceID: "source:feed", Mode: catalog.Edition, Claims: []intel.Draft{one}}); res.Claims[catalog.Suppressed] != 1 {
			t.Errorf("%+v", res.Claims)
		}
		if n, err := c.Withdraw(t.Context(), "tester", "source:nobody", func(string) bool { return false }); n != 0 || err != nil {
			t.Errorf("of a source that is not there: %d, %v", n, err)
		}
		consistent(t, c)
	})
}
