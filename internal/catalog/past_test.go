package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// settledNow is the settled graph as a store holds it.
type settledNow struct {
	records map[string]*intel.Record
	links   map[string]*intel.Link
}

func settledIn(t *testing.T, s intel.Store) settledNow {
	t.Helper()
	out := settledNow{map[string]*intel.Record{}, map[string]*intel.Link{}}
	err := s.View(t.Context(), func(r intel.Reader) error {
		for _, part := range []intel.Part{intel.PartEntities, intel.PartLinks} {
			ws, err := r.Scan(t.Context(), part, "", 1_000_000)
			if err != nil {
				return err
			}
			for _, x := range ws.Records {
				out.records[x.ID] = x
			}
			for _, x := range ws.Links {
				out.links[x.ID] = x
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// movedIn lists the entities and links whose settled rows differ.
func movedIn(before, after settledNow) map[string]bool {
	out := map[string]bool{}
	facts := func(r *intel.Record) []intel.Settled {
		if r == nil {
			return nil
		}
		return r.Facts
	}
	for _, both := range []settledNow{before, after} {
		for id := range both.records {
			if !cmp.Equal(facts(before.records[id]), facts(after.records[id]), sameValues, cmpopts.EquateEmpty()) {
				out[id] = true
			}
		}
		for id := range both.links {
			if !cmp.Equal(before.links[id], after.links[id], sameValues) {
				out[id] = true
			}
		}
	}
	return out
}

var sameValues = cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b })

// toldOf lists the entities and links of which changes tell facts or links.
func toldOf(changes []catalog.Change) map[string]bool {
	out := map[string]bool{}
	for _, c := range changes {
		if len(c.Facts) > 0 {
			out[c.Record.ID] = true
		}
		for _, l := range c.Links {
			if l.After != nil {
				out[l.After.ID] = true
			} else {
				out[l.Before.ID] = true
			}
		}
	}
	return out
}

// scribbler makes random writes.
type scribbler struct {
	*rand.Rand
	c     *catalog.Catalog
	what  told
	added []string // claim ids
}

// write makes one write and gives what it told of its changes; told is false of
// writes that tell nothing.
func (s *scribbler) write(ctx context.Context) (changes []catalog.Change, told bool, err error) {
	one := s.what.claims[s.IntN(len(s.what.claims))]
	header := s.what.headers[s.IntN(len(s.what.headers))]
	if s.IntN(3) == 0 {
		header.RetrievedAt = header.RetrievedAt.Add(time.Duration(s.IntN(60)) * time.Hour)
		header.Reliability = intel.Reliabilities()[s.IntN(6)]
		if s.IntN(2) == 0 {
			header.DerivedFrom = []string{fmt.Sprintf("source:s%d", s.IntN(14))}
			if header.DerivedFrom[0] == header.ID {
				header.DerivedFrom = nil
			}
		}
	}
	ids := make([]string, min(len(s.added), 1+s.IntN(3)))
	for i := range ids {
		ids[i] = s.added[s.IntN(len(s.added))]
	}
	switch s.IntN(8) {
	case 0:
		_, err := s.c.PutSources(ctx, "putter", []intel.SourceDraft{header})
		if errors.Is(err, intel.ErrInvalid) { // older than what is known
			err = nil
		}
		return nil, false, err
	case 1:
		r, err := s.c.Retract(ctx, "retractor", ids, "wrong")
		return r.Changes, true, err
	case 2:
		r, err := s.c.Reinstate(ctx, "reinstator", ids, "right after all")
		return r.Changes, true, err
	case 3:
		one.Mode = catalog.Replace
	case 4:
		one.SourceID, one.Source, one.KeepHeader = "", &header, true
	}
	for range s.IntN(4) {
		one.Claims = append(slices.Clone(one.Claims), s.what.claims[s.IntN(len(s.what.claims))].Claims...)
	}
	r, err := s.c.Assert(ctx, one)
	if err != nil {
		return nil, false, err
	}
	for _, row := range r.Rows {
		s.added = append(s.added, row.Claim.ID)
	}
	return r.Changes, true, nil
}

// TestChangesTellWhatWritesTold writes at random and compares what Changes and
// Histories tell afterwards with what each write told, and with what it did to
// the settled rows.
func TestChangesTellWhatWritesTold(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		for seed := range uint64(2) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) { scribble(t, open(t), seed) })
		}
	})
}

func scribble(t *testing.T, store intel.Store, seed uint64) {
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	c := catalog.New(store, func() time.Time { now = now.Add(time.Minute); return now })
	t.Cleanup(c.Close)
	s := &scribbler{Rand: rand.New(rand.NewPCG(seed, 3)), c: c, what: tell(60)}
	told, moved, known := map[int64][]catalog.Change{}, map[int64]map[string]bool{}, map[int64]bool{}
	before := settledIn(t, store)
	for range 90 {
		changes, tells, err := s.write(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		after := settledIn(t, store)
		if at := m.Last.Revision; moved[at] == nil {
			moved[at], told[at], known[at] = movedIn(before, after), changes, tells
		}
		before = after
	}
	all := pages(t, c, 7)
	got := map[int64][]catalog.Change{}
	for _, ch := range all {
		got[ch.Stamp.Revision] = append(got[ch.Stamp.Revision], ch)
	}
	moves := 0
	for at, want := range moved {
		if d := cmp.Diff(want, toldOf(got[at])); d != "" {
			t.Errorf("revision %d moved other rows (- moved, + told):\n%s", at, d)
		}
		if known[at] {
			if d := cmp.Diff(told[at], got[at], sameValues, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("revision %d (- told by the write, + told afterwards):\n%s", at, d)
			}
		} else {
			moves += len(want)
		}
	}
	if len(got) < 40 || moves < 5 {
		t.Errorf("only %d revisions told anything, and headers moved only %d rows", len(got), moves)
	}
	histories(t, c, all)
}

// pages follows Changes from the beginning.
func pages(t *testing.T, c *catalog.Catalog, first int) (all []catalog.Change) {
	t.Helper()
	for since := int64(0); ; {
		p, err := c.Changes(t.Context(), since, first)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(p.Changes); n > first && p.Changes[0].Stamp.Revision != p.Changes[n-1].Stamp.Revision {
			t.Errorf("a page of %d holds %d changes of several revisions", first, n)
		}
		all = append(all, p.Changes...)
		if !p.More {
			return all
		}
		if p.Revision.Counter <= since {
			t.Fatalf("the page after %d leads to %d", since, p.Revision.Counter)
		}
		since = p.Revision.Counter
	}
}

// histories compares the history of every entity with the changes that are told
// of it.
func histories(t *testing.T, c *catalog.Catalog, all []catalog.Change) {
	want := map[string][]catalog.Change{}
	for _, ch := range all {
		want[ch.Record.ID] = append([]catalog.Change{ch}, want[ch.Record.ID]...)
	}
	for id, changes := range want {
		var got []catalog.Change
		for before := int64(0); ; {
			pages, _, err := c.Histories(t.Context(), intel.View{}, []string{id}, 3, before)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, pages[id].Changes...)
			if !pages[id].More {
				break
			}
			before = got[len(got)-1].Stamp.Revision
		}
		if d := cmp.Diff(changes, got, sameValues, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("the history of %s (- as changes tell, + as the history does):\n%s", id, d)
		}
	}
}
