package catalog

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// drawn draws one value from a seed, the same each time.
func drawn[V any](seed int, of func(dice) V) V {
	return rapid.Custom(func(t *rapid.T) V { return of(dice{t}) }).Example(seed)
}

// TestReadUnderOverStores writes a history into real stores, notes after each
// write what the default view answers, and reads that again under AtRevision
// when all is written. Other views are held against the oracle.
func TestReadUnderOverStores(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		readUnderOverStore(t, open(t))
	})
}

func readUnderOverStore(t *testing.T, store intel.Store) {
	now := worldStart
	c := New(store, func() time.Time { now = now.Add(time.Hour); return now })
	defer c.Close()
	history := drawn(1, func(d dice) *memGraph {
		for m := d.history(); ; m = d.history() {
			if len(m.claims) > 25 {
				return m
			}
		}
	})
	var selections []intel.Selection
	// Few and small: a server plans each for seconds, and again when the graph
	// has grown. Any trees are TestReadUnderIsAGraphOfItsOwn's.
	for i := range 2 {
		selections = append(selections, drawn(10+i, func(d dice) intel.Selection { return d.selection(history, 1) }))
	}
	read := func(v intel.View, s intel.Selection) *intel.Answer {
		t.Helper()
		a, err := c.Read(t.Context(), v, s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	then := map[int64][]*intel.Answer{}
	replay(t, c, history, func() {
		for i, s := range selections {
			a := read(intel.View{}, s)
			if i == 0 {
				then[a.Revision] = nil
			}
			then[a.Revision] = append(then[a.Revision], a)
		}
	})
	for at, answers := range then {
		for i, want := range answers {
			same(t, fmt.Sprint("at revision ", at), want, read(intel.View{AtRevision: &at}, selections[i]))
		}
	}
	written := fromStore(t, store)
	for i, s := range selections {
		same(t, "the default in disguise", read(intel.View{}, s), read(intel.View{MinConfidence: 1}, s))
		for j := range 8 {
			v := drawn(100+10*i+j, func(d dice) intel.View { return d.view(written.last.Revision) })
			want, err := written.under(v).Select(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("view %+v", v), want, read(v, s))
		}
	}
}

// replay writes a history through the catalog and says after each of its
// revisions (which take several of the store's) that it is done.
func replay(t *testing.T, c *Catalog, history *memGraph, done func()) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for at := int64(1); at <= history.last.Revision; at++ {
		for _, id := range worldSources {
			in := AssertInput{By: "somebody", SourceID: id}
			for _, claim := range history.all() {
				if claim.Source == id && claim.Added.Revision == at {
					in.Claims = append(in.Claims, draftOf(claim))
				}
			}
			for _, v := range history.versions[id] {
				if v.Added.Revision == at {
					in.Source, in.SourceID, in.KeepHeader = &intel.SourceDraft{ID: id, Header: v.Header}, "", true
				}
			}
			if len(in.Claims) > 0 || in.Source != nil {
				_, err := c.Assert(t.Context(), in)
				check(err)
			}
		}
		for _, claim := range history.all() {
			for _, e := range claim.Events {
				if e.Revision != at {
					continue
				}
				decide := c.Reinstate
				if e.Retracted {
					decide = c.Retract
				}
				_, err := decide(t.Context(), "somebody", []string{claim.ID}, e.Reason)
				check(err)
			}
		}
		done()
	}
}

func draftOf(c *intel.Claim) intel.Draft {
	d := intel.Draft{Subject: intel.Ref{ID: c.Subject}, Property: c.Property, Stance: c.Stance, Confidence: &c.Confidence, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo}
	if c.SaidBy != "" {
		d.SaidBy = &intel.Ref{ID: c.SaidBy}
	}
	if c.IsLink() {
		d.Link = &intel.LinkDraft{Type: c.LinkType, To: intel.Ref{ID: c.Object}, Role: c.Role, On: c.On}
		return d
	}
	v := c.Value
	if v.Type == intel.TypeEnum {
		v.Type = intel.TypeText // a word of a vocabulary is sent as text
	}
	d.Value = &v
	return d
}

// fromStore reads all that a store was told into the oracle.
func fromStore(t *testing.T, store intel.Store) *memGraph {
	t.Helper()
	claims, versions := map[string]*intel.Claim{}, map[string][]intel.HeaderVersion{}
	var last intel.Stamp
	err := store.View(t.Context(), func(r intel.Reader) error {
		m, err := r.Meta(t.Context())
		if err != nil {
			return err
		}
		last = m.Last
		ws, err := r.Scan(t.Context(), intel.PartClaims, "", 10_000)
		if err != nil {
			return err
		}
		for _, c := range ws.Claims {
			claims[c.ID] = c
		}
		ws, err = r.Scan(t.Context(), intel.PartSources, "", 10_000)
		if err != nil {
			return err
		}
		for id, s := range ws.Sources {
			if len(s.Versions) > 0 {
				versions[id] = s.Versions
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return newMemGraph(last, claims, versions, 0)
}
