package catalog_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// told is a graph's worth of claims and headers to tell in any order.
type told struct {
	claims  []catalog.AssertInput // of one claim each
	headers []intel.SourceDraft
}

// tell makes claims that contradict, deny, repeat and refer forward.
func tell(n int) told {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var t told
	for i := range 12 {
		d := source(fmt.Sprintf("source:s%d", i), pick("A", "B", "C", "D", "E", "F"), pick("", "2023", "2023-05", "2024-01-02"))
		if i > 3 && r.IntN(2) == 0 {
			d.DerivedFrom = []string{fmt.Sprintf("source:s%d", r.IntN(i)), "source:nobody-described"}
		}
		d.RetrievedAt = time.Date(2024, 1, 1+r.IntN(20), 0, 0, 0, 0, time.UTC)
		t.headers = append(t.headers, *d)
		if r.IntN(3) == 0 { // a second version of the header
			again := *d
			again.Reliability, again.RetrievedAt = "B", d.RetrievedAt.Add(time.Duration(1+r.IntN(48))*time.Hour)
			t.headers = append(t.headers, again)
		}
	}
	entity := func(kind string) string { return fmt.Sprintf("%s:e%d", kind, r.IntN(8)) }
	for range n {
		var d intel.Draft
		switch r.IntN(8) {
		case 0:
			d = number(entity("operation"), "arrests", int64(3000+100*r.IntN(20)))
		case 1:
			d = text(entity("group"), "name", pick("OPERA1ER", "Opera1er", "Common Raven", "NX$M$"))
		case 2:
			d = link(entity("group"), "BASED_IN", "country:"+pick("CI", "FR", "SN"))
		case 3:
			d = link(entity("group"), "KNOWN_AS", entity("alias"))
		case 4:
			d = link(entity("group"), "ALLIED_WITH", "group:ally")
		case 5:
			d = intel.Draft{Subject: intel.Ref{ID: entity("group")}, Property: "firstSeen", Value: &intel.Value{Type: intel.TypeDate, Date: date(pick("2016", "2016-05", "2017~", "2018-01-01"))}}
		case 6:
			d = text(entity("group"), "groupType", pick("criminal", "SPY", "Hacker"))
		default:
			d = link(entity("agency"), intel.LinkType(pick("LED", "TOOK_PART_IN")), entity("operation"))
		}
		if r.IntN(5) == 0 {
			d.Stance = intel.Denies
		}
		conf := 20 * (1 + r.IntN(5))
		d.Confidence = &conf
		if r.IntN(4) == 0 {
			d.ValidFrom = date(pick("2019", "2021-06"))
		}
		t.claims = append(t.claims, catalog.AssertInput{By: "tester", SourceID: fmt.Sprintf("source:s%d", r.IntN(14)), Claims: []intel.Draft{d}})
	}
	return t
}

// send tells everything in an order and in batches drawn from the seed, by so
// many writers at once.
func send(t *testing.T, c *catalog.Catalog, what told, seed uint64, writers int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	var work []func() error
	for _, h := range what.headers {
		work = append(work, func() error {
			_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", Source: &h, KeepHeader: true})
			return err
		})
	}
	bySource := map[string][]intel.Draft{}
	for _, in := range what.claims {
		bySource[in.SourceID] = append(bySource[in.SourceID], in.Claims...)
	}
	for id, drafts := range bySource {
		r.Shuffle(len(drafts), func(i, j int) { drafts[i], drafts[j] = drafts[j], drafts[i] })
		for size := 1 + r.IntN(40); len(drafts) > 0; {
			n := min(size, len(drafts))
			batch := drafts[:n]
			drafts = drafts[n:]
			work = append(work, func() error {
				_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: id, Claims: batch})
				return err
			})
		}
	}
	r.Shuffle(len(work), func(i, j int) { work[i], work[j] = work[j], work[i] })
	var wg sync.WaitGroup
	next := make(chan func() error)
	for range writers {
		wg.Go(func() {
			for do := range next {
				if err := do(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, do := range work {
		next <- do
	}
	close(next)
	wg.Wait()
}

func hashes(t testing.TB, c *catalog.Catalog) [2]string {
	t.Helper()
	var out [2]string
	for i, settled := range []bool{false, true} {
		h, err := c.Hash(t.Context(), settled)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = h
	}
	return out
}

// sendInBulk tells everything in an order drawn from the seed, many sources to a
// commit.
func sendInBulk(t *testing.T, c *catalog.Catalog, what told, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	var all []catalog.AssertInput
	for _, h := range what.headers {
		all = append(all, catalog.AssertInput{Source: &h, KeepHeader: true})
	}
	all = append(all, what.claims...)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for part := range slices.Chunk(all, 1+r.IntN(200)) {
		res, err := c.AssertAll(t.Context(), catalog.BulkInput{By: "tester", Inputs: part})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(res.Errs...); err != nil {
			t.Fatal(err)
		}
	}
}

// golden is shared by both stores: one graph, whatever the store.
func TestAnyOrderGivesOneGraph(t *testing.T) {
	what := tell(300)
	var want [2]string
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		for seed := range uint64(20) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				c := open(t, o)
				writers := 1
				if seed%2 == 1 {
					writers = 8
				}
				if seed%4 == 2 {
					sendInBulk(t, c, what, seed)
				} else {
					send(t, c, what, seed, writers)
				}
				got := hashes(t, c)
				if want == [2]string{} {
					want = got
				}
				if got != want {
					t.Errorf("hashes %v, want %v", got, want)
				}
				if seed%5 == 0 {
					at := revision(t, c)
					send(t, c, what, seed+100, writers)
					if now := revision(t, c); now != at {
						t.Errorf("telling it all again moved the revision from %d to %d", at, now)
					}
					consistent(t, c)
				}
			})
		}
	})
}

// TestMaterialisedIsDerived runs random histories of every kind of write and
// has every settled row derived again after each.
func TestMaterialisedIsDerived(t *testing.T) {
	what := tell(120)
	histories := map[string]uint64{"sqlite": 60, "neo4j": 8}
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		for seed := range histories[path.Base(t.Name())] {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				c := open(t, o)
				h := history{t: t, c: c, what: what, r: rand.New(rand.NewPCG(seed, 3))}
				for range 1 + h.r.IntN(12) {
					h.step()
				}
				consistent(t, c)
			})
		}
	})
}

// history makes random writes.
type history struct {
	t    *testing.T
	c    *catalog.Catalog
	what told
	r    *rand.Rand
	ids  []string
}

func (h *history) step() {
	claim := func() catalog.AssertInput { return h.what.claims[h.r.IntN(len(h.what.claims))] }
	switch h.r.IntN(5) {
	case 0:
		header := h.what.headers[h.r.IntN(len(h.what.headers))]
		assert(h.t, h.c, catalog.AssertInput{Source: &header, KeepHeader: true})
	case 1:
		h.decide()
	case 2:
		in := claim()
		in.Mode = catalog.Replace
		assert(h.t, h.c, in)
	default:
		for range 1 + h.r.IntN(10) {
			h.ids = append(h.ids, assert(h.t, h.c, claim()).Rows[0].Claim.ID)
		}
	}
}

// decide retracts or reinstates some claims, now and then one that is not there.
func (h *history) decide() {
	var ids []string
	for range min(len(h.ids), h.r.IntN(6)) {
		ids = append(ids, h.ids[h.r.IntN(len(h.ids))])
	}
	unknown := h.r.IntN(4) == 0
	if unknown {
		ids = append(ids, "claim:none")
	}
	do := h.c.Reinstate
	if h.r.IntN(2) == 0 {
		do = h.c.Retract
	}
	if _, err := do(h.t.Context(), "tester", ids, "drawn"); errors.Is(err, intel.ErrNotFound) != unknown || err != nil && !unknown {
		h.t.Fatalf("deciding over %v: %v", ids, err)
	}
}
