package catalog_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that moves on by a second each time it is read.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Second)
	return c.at
}

func newClock() *clock { return &clock{at: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)} }

func open(t testing.TB, o everystore.Opener) *catalog.Catalog {
	t.Helper()
	c := catalog.New(o(t), newClock().now)
	t.Cleanup(c.Close)
	return c
}

func source(id, reliability, published string) *intel.SourceDraft {
	return &intel.SourceDraft{ID: id, Header: intel.Header{Title: id, Reliability: intel.Reliability(reliability), PublishedOn: date(published)}}
}

func date(s string) intel.PartialDate {
	if s == "" {
		return intel.PartialDate{}
	}
	return intel.MustDate(s)
}

func number(about string, p intel.Property, n int64) intel.Draft {
	return intel.Draft{Subject: intel.Ref{ID: about}, Property: p, Value: &intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n}}}
}

func text(about string, p intel.Property, s string) intel.Draft {
	return intel.Draft{Subject: intel.Ref{ID: about}, Property: p, Value: &intel.Value{Type: intel.TypeText, Text: s}}
}

func link(from string, lt intel.LinkType, to string) intel.Draft {
	return intel.Draft{Subject: intel.Ref{ID: from}, Link: &intel.LinkDraft{Type: lt, To: intel.Ref{ID: to}}}
}

func assert(t testing.TB, c *catalog.Catalog, in catalog.AssertInput) *catalog.AssertResult {
	t.Helper()
	in.By = "tester"
	res, err := c.Assert(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// node reads one entity with its facts and what they rest on; nil when it is
// not there.
func node(t testing.TB, c *catalog.Catalog, v intel.View, id string) (*intel.Node, []intel.Fact) {
	t.Helper()
	a, err := c.Read(t.Context(), v, intel.Selection{IDs: []string{id}, Node: intel.NodeSelection{Values: true, Evidence: true}})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Nodes) == 0 {
		return nil, nil
	}
	return a.Nodes[0], intel.Settle(intel.Gather(a.Nodes[0].Evidence, a.Sources, v), v.MinSupport)
}

func fact(t testing.TB, c *catalog.Catalog, v intel.View, id string, p intel.Property) *intel.Fact {
	t.Helper()
	_, fs := node(t, c, v, id)
	for i := range fs {
		if fs[i].Property == p {
			return &fs[i]
		}
	}
	return nil
}

func revision(t testing.TB, c *catalog.Catalog) int64 {
	t.Helper()
	m, err := c.Meta(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m.Last.Revision
}

func consistent(t testing.TB, c *catalog.Catalog) {
	t.Helper()
	if err := c.Check(t.Context(), func(s string) { t.Errorf("check: %s", s) }); err != nil {
		t.Fatal(err)
	}
}

func TestContradictingSources(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		const op = "operation:haechi"
		a := assert(t, c, catalog.AssertInput{Source: source("source:a", "B", "2023-12-01"), Claims: []intel.Draft{number(op, "arrests", 3500)}})
		before, err := c.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b := assert(t, c, catalog.AssertInput{Source: source("source:b", "B", "2024-02-01"), Claims: []intel.Draft{number(op, "arrests", 4000)}})

		f := fact(t, c, intel.View{}, op, "arrests")
		if got := f.Values[0].Value.Quantity.Value; got != 4000 {
			t.Errorf("arrests = %d, want 4000: the later of two equally supported values", got)
		}
		if !f.Contested || len(f.Alternatives) != 1 || f.Alternatives[0].Value.Quantity.Value != 3500 {
			t.Errorf("contested %t with alternatives %v, want it contested by 3500", f.Contested, f.Alternatives)
		}
		const reason = "The latest of 2 values with at least half of the best support, support 64 from “source:b” (B); strongest dissent: 3,500, support 64 from “source:a” (B)."
		if f.Reason != reason {
			t.Errorf("reason\n got %s\nwant %s", f.Reason, reason)
		}
		if len(b.Changes) != 1 || len(b.Changes[0].Facts) != 1 || b.Changes[0].Facts[0].Before.Value.Quantity.Value != 3500 || !b.Changes[0].Facts[0].ContestedAfter {
			t.Errorf("changes = %+v, want arrests from 3500 to a contested 4000", b.Changes)
		}

		for name, v := range map[string]intel.View{"knownAt": {KnownAt: before.Last.At}, "atRevision": {AtRevision: &before.Last.Revision}} {
			if old := fact(t, c, v, op, "arrests"); old.Contested || old.Values[0].Value.Quantity.Value != 3500 {
				t.Errorf("%s before the second source: %+v, want an uncontested 3500", name, old.Values[0])
			}
		}

		res, err := c.Retract(t.Context(), "tester", []string{b.Rows[0].Claim.ID}, "misread")
		if err != nil || res.Changed != 1 {
			t.Fatalf("retract: %+v, %v", res, err)
		}
		if f := fact(t, c, intel.View{}, op, "arrests"); f.Contested || f.Values[0].Value.Quantity.Value != 3500 {
			t.Errorf("after the retraction: %+v, want an uncontested 3500", f.Values[0])
		}
		again := assert(t, c, catalog.AssertInput{SourceID: "source:b", Claims: []intel.Draft{number(op, "arrests", 4000)}})
		if again.Claims[catalog.Suppressed] != 1 || again.Revision != res.Revision {
			t.Errorf("sent again: %+v, want it suppressed and no new revision", again)
		}
		if _, err := c.Reinstate(t.Context(), "tester", []string{b.Rows[0].Claim.ID}, "right after all"); err != nil {
			t.Fatal(err)
		}
		if f := fact(t, c, intel.View{}, op, "arrests"); !f.Contested {
			t.Error("after the reinstatement the fact is not contested")
		}
		if a.Created != 1 || b.Created != 0 {
			t.Errorf("created %d and %d, want 1 and 0", a.Created, b.Created)
		}
		consistent(t, c)
	})
}

func TestDerivedSourceAddsNoSupport(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		const op = "operation:haechi"
		one := []intel.Draft{number(op, "arrests", 3500)}
		assert(t, c, catalog.AssertInput{Source: source("source:a", "C", ""), Claims: one})
		copied := source("source:copy", "C", "")
		copied.DerivedFrom = []string{"source:a"}
		assert(t, c, catalog.AssertInput{Source: copied, Claims: one})
		if f := fact(t, c, intel.View{}, op, "arrests"); f.Support.Percent() != 48 || f.Origins != 1 {
			t.Errorf("support %d from %d origins, want 48 from 1: a copy adds nothing", f.Support.Percent(), f.Origins)
		}
		assert(t, c, catalog.AssertInput{Source: source("source:other", "C", ""), Claims: one})
		if f := fact(t, c, intel.View{}, op, "arrests"); f.Support.Percent() != 73 || f.Origins != 2 {
			t.Errorf("support %d from %d origins, want 73 from 2", f.Support.Percent(), f.Origins)
		}
		// Found out later: the other was a copy too.
		late := source("source:other", "C", "")
		late.DerivedFrom, late.RetrievedAt = []string{"source:copy"}, time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
		if _, err := c.PutSources(t.Context(), "tester", []intel.SourceDraft{*late}); err != nil {
			t.Fatal(err)
		}
		if f := fact(t, c, intel.View{}, op, "arrests"); f.Support.Percent() != 48 || f.Origins != 1 {
			t.Errorf("support %d from %d origins, want 48 from 1 once all are copies", f.Support.Percent(), f.Origins)
		}
		// And the first one turns out to be better than thought: its copies gain.
		better := source("source:a", "A", "")
		better.RetrievedAt = late.RetrievedAt
		if _, err := c.PutSources(t.Context(), "tester", []intel.SourceDraft{*better}); err != nil {
			t.Fatal(err)
		}
		if f := fact(t, c, intel.View{}, op, "arrests"); f.Support.Percent() != 76 {
			t.Errorf("support %d, want 76 = A at 80", f.Support.Percent())
		}
		consistent(t, c)
	})
}

func TestHeaderNeedsALaterLook(t *testing.T) {
	c := open(t, everystore.SQLite)
	put := func(d *intel.SourceDraft) (*catalog.SourcesResult, error) {
		return c.PutSources(t.Context(), "tester", []intel.SourceDraft{*d})
	}
	first := source("source:a", "C", "")
	if res, err := put(first); err != nil || res.Added != 1 {
		t.Fatalf("first: %+v, %v", res, err)
	}
	if res, err := put(first); err != nil || res.Unchanged != 1 || res.Revision.Counter != 1 {
		t.Fatalf("again: %+v, %v; want it unchanged at revision 1", res, err)
	}
	other := source("source:a", "A", "")
	var fe *intel.FieldError
	if _, err := put(other); !errors.As(err, &fe) || fe.Field != "retrievedAt" || fe.Row != 0 {
		t.Errorf("differing without a date: %v, want a fault of retrievedAt in row 0", err)
	}
	other.RetrievedAt = time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	if res, err := put(other); err != nil || res.Changed != 1 {
		t.Errorf("with a date: %+v, %v", res, err)
	}
	third := source("source:a", "B", "")
	third.RetrievedAt = other.RetrievedAt
	if _, err := put(third); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("differing with an equal date: %v, want it refused", err)
	}
	older := source("source:a", "D", "")
	older.RetrievedAt = other.RetrievedAt.Add(-time.Hour)
	res, err := put(older)
	if err != nil || res.Sources[0].Reliability != "A" {
		t.Errorf("an older look: %+v, %v; want it kept but not counting", res, err)
	}
}

func TestReplace(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		one, two := text("group:a", "summary", "one"), text("group:b", "summary", "two")
		three := text("group:c", "summary", "three")
		in := func(m catalog.Mode, ds ...intel.Draft) catalog.AssertInput {
			return catalog.AssertInput{SourceID: "source:feed", Mode: m, Claims: ds}
		}
		assert(t, c, in(catalog.Add, one, two, three))
		res := assert(t, c, in(catalog.Replace, one))
		if res.Retracted != 2 || res.Claims[catalog.Unchanged] != 1 {
			t.Fatalf("first replace: %+v, want 2 retracted and 1 unchanged", res)
		}
		if n, _ := node(t, c, intel.View{}, "group:b"); n != nil {
			t.Error("group:b is still there, though nothing live mentions it")
		}
		// A plain ADD does not bring back what the feed dropped; a REPLACE does.
		if res := assert(t, c, in(catalog.Add, two)); res.Claims[catalog.Suppressed] != 1 {
			t.Errorf("add after replace: %+v, want it suppressed", res.Rows)
		}
		if res := assert(t, c, in(catalog.Replace, one, two)); res.Claims[catalog.Added] != 1 || res.Retracted != 0 {
			t.Errorf("second replace: %+v, want 1 added", res)
		}
		// What a person retracted stays so.
		if _, err := c.Retract(t.Context(), "tester", []string{res.Rows[0].Claim.ID}, "wrong"); err != nil {
			t.Fatal(err)
		}
		if res := assert(t, c, in(catalog.Replace, one, two)); res.Claims[catalog.Suppressed] != 1 || res.Claims[catalog.Unchanged] != 1 {
			t.Errorf("replace after a person: %+v, want 1 suppressed, 1 unchanged", res.Rows)
		}
		// A bad row writes nothing, also under SKIP.
		at := revision(t, c)
		_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: "source:feed", Mode: catalog.Replace, OnError: catalog.Skip, Claims: []intel.Draft{one, number("group:a", "arrests", 1)}})
		if !errors.Is(err, intel.ErrInvalid) || revision(t, c) != at {
			t.Errorf("replace with a bad row: %v at revision %d, want it refused at %d", err, revision(t, c), at)
		}
		consistent(t, c)
	})
}

func TestStubs(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		res := assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{link("person:x", "MEMBER_OF", "group:later")}})
		if res.Created != 2 {
			t.Errorf("created %d, want 2", res.Created)
		}
		n, _ := node(t, c, intel.View{}, "group:later")
		if n == nil || !n.Stub || n.Name != "later" || n.Revision != 1 {
			t.Fatalf("group:later = %+v, want a stub shown by its key since revision 1", n)
		}
		assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{text("group:later", "name", "Later On")}})
		if n, _ = node(t, c, intel.View{}, "group:later"); n.Stub || n.Name != "Later On" || n.Revision != 2 {
			t.Errorf("group:later = %+v, want it named at revision 2", n.Record)
		}
		if _, err := c.Retract(t.Context(), "tester", []string{res.Rows[0].Claim.ID}, "wrong"); err != nil {
			t.Fatal(err)
		}
		if n, _ := node(t, c, intel.View{}, "person:x"); n != nil {
			t.Error("person:x is still there, though nothing live mentions it")
		}
		m, err := c.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want := (intel.Counts{Entities: 1, Claims: 1, Sources: 1}); m.Counts != want {
			t.Errorf("counts %+v, want %+v", m.Counts, want)
		}
		consistent(t, c)
	})
}

func TestDryRunWritesNothing(t *testing.T) {
	c := open(t, everystore.SQLite)
	res := assert(t, c, catalog.AssertInput{Source: source("source:a", "C", ""), DryRun: true, Claims: []intel.Draft{number("operation:x", "arrests", 5), link("person:x", "ARRESTED_IN", "operation:x")}})
	if res.Claims[catalog.Added] != 2 || res.Created != 2 || len(res.Changes) != 2 || res.Changes[0].Facts[0].After == nil {
		t.Errorf("dry run: %+v, want what would change", res)
	}
	if revision(t, c) != 0 {
		t.Error("a dry run wrote")
	}
	if n, _ := node(t, c, intel.View{}, "operation:x"); n != nil {
		t.Error("a dry run left an entity")
	}
}

func TestNamedReferences(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{
			text("group:one", "name", "Blue Bottle"), text("group:two", "name", "Two"), text("alias:bb", "name", "BLUE-BOTTLE"),
		}})
		named := func() error {
			d := text("", "summary", "x")
			d.Subject = intel.Ref{Named: &intel.NamedEntity{Kind: intel.KindGroup, Name: "blue bottle"}}
			_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: "source:a", Claims: []intel.Draft{d}})
			return err
		}
		if err := named(); err != nil {
			t.Errorf("one group has the name: %v", err)
		}
		assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{link("group:two", "KNOWN_AS", "alias:bb")}})
		var fe *intel.FieldError
		if err := named(); !errors.Is(err, intel.ErrConflict) || !errors.As(err, &fe) || fe.Field != "subject.name" || fe.Row != 0 {
			t.Errorf("two groups have the name: %v, want a conflict at subject.name of row 0", err)
		}
	})
}

func TestCancelledCallerLeavesOthersAlone(t *testing.T) {
	c := open(t, everystore.SQLite)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Assert(ctx, catalog.AssertInput{By: "tester", SourceID: "source:a", Claims: []intel.Draft{number("operation:x", "arrests", 5)}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v, want context.Canceled", err)
	}
	assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{number("operation:y", "arrests", 5)}})
	if n, _ := node(t, c, intel.View{}, "operation:x"); n != nil {
		t.Error("a write that was cancelled before it began happened")
	}
}

func TestOutweighedLinkIsShownByID(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		l, denial := link("agency:x", "LED", "operation:y"), link("agency:x", "LED", "operation:y")
		denial.Stance = intel.Denies
		assert(t, c, catalog.AssertInput{Source: source("source:weak", "D", ""), Claims: []intel.Draft{l, link("agency:x", "LED", "operation:z")}})
		assert(t, c, catalog.AssertInput{Source: source("source:strong", "A", ""), Claims: []intel.Draft{denial}})
		weighed, settled := "agency:x|LED|operation:y", "agency:x|LED|operation:z"
		sel := intel.Selection{LinkIDs: []string{weighed, "agency:x|LED|operation:none", settled}, Link: intel.LinkSelection{Evidence: true}, To: intel.NodeSelection{Counts: true}}
		for name, v := range map[string]intel.View{"now": {}, "a view": {MinConfidence: 1}} {
			a, err := c.Read(t.Context(), v, sel)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Links) != 2 || a.Links[0].Link.ID != weighed || a.Links[1].Link.ID != settled {
				t.Fatalf("%s: links %v, want the outweighed one and the settled one", name, a.Links)
			}
			// D at 80 = .32, denied by A at 80 = .76: .32 × .24 = .0768
			e := a.Links[0]
			if e.Support.Percent() != 8 || !e.Disputed || len(e.Evidence) != 2 || e.Node.ID != "operation:y" || len(e.Node.Counts) != 0 {
				t.Errorf("%s: %+v with %d claims, want support 8, disputed, both claims and an end without links", name, e.Link, len(e.Evidence))
			}
		}
	})
}
