package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"dragnet/internal/intel"
)

// manyCases let many read while others write.
var manyCases = []check{
	{"concurrency/whole reads under large commits", func(t *testing.T, h Harness) { wholeReads(t, h, load{waves: 3, claims: 10_000, readers: 8}) }},
	{"concurrency/whole reads while another process commits", func(t *testing.T, h Harness) { wholeReads(t, h, load{waves: 4, claims: 300, readers: 4, other: true}) }},
	{"concurrency/paging under inserts", pagingUnderInserts},
	{"concurrency/readers share nothing", manyReaders},
}

const generations = 250 // groups that every large commit writes anew

// wave is a commit of n claims about groups that are all written anew: their
// revision, name and links change together.
func wave(revision int64, n int) intel.Batch {
	stamp := intel.Stamp{Revision: revision, At: epochStart.AddDate(0, 0, int(revision)), By: "wave"}
	source := fmt.Sprintf("w%d", revision)
	src := intel.StubSource("source:" + source)
	src.Claims = n
	b := intel.Batch{Stamp: stamp, Sources: []*intel.Source{src}, Counts: intel.Counts{Claims: int64(n), Sources: 1}}
	if revision == 1 {
		b.Counts.Entities = generations + 1
	}
	for i := range n {
		c := named(fmt.Sprintf("group:w%03d", i%generations), fmt.Sprintf("Name %d", i), source)
		c.Added = stamp
		b.Claims = append(b.Claims, c)
	}
	country := func(r int64) string { return []string{"country:FR", "country:CI"}[r%2] }
	b.Records = append(b.Records, plain(country(revision), "Here", revision))
	if revision > 1 {
		b.DropRecords = []string{country(revision - 1)}
	}
	for i := range generations {
		id := fmt.Sprintf("group:w%03d", i)
		b.Records = append(b.Records, plain(id, fmt.Sprintf("Wave %d", revision), revision))
		b.Links = append(b.Links, plainLink(id, "OPERATES_IN", country(revision), intel.PPM(revision)))
		if revision > 1 {
			b.DropLinks = append(b.DropLinks, intel.LinkID("OPERATES_IN", id, country(revision-1)))
		}
	}
	return b
}

// sight is what one View saw, over several reads.
type sight struct {
	meta, after intel.Meta
	first, rest *intel.NodePage
	revisions   []int64
	sources     []*intel.SourceNode
	last        []*intel.Claim
}

func look(ctx context.Context, s intel.Store, waves int64) (sight, error) {
	var g sight
	var ids []string
	for r := range waves {
		ids = append(ids, fmt.Sprintf("source:w%d", r+1))
	}
	node := linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Out, "OPERATES_IN"), Page: counted(3)})
	err := s.View(ctx, func(r intel.Reader) (err error) {
		g = sight{}
		if g.meta, err = r.Meta(ctx); err != nil {
			return err
		}
		l := &intel.List{Where: intel.KindIn{intel.KindGroup}, Page: counted(intel.MaxPage)}
		a, err := r.Select(ctx, intel.Selection{List: l, Node: node, SourceIDs: ids, SourceClaims: []intel.ClaimSelection{{Key: "all", Page: counted(0)}}})
		if err != nil {
			return err
		}
		g.first, g.sources, g.revisions = a.List, a.SourceNodes, []int64{a.Revision}
		if n := len(a.List.Positions); n > 0 {
			l.Page.After = &a.List.Positions[n-1]
		}
		b, err := r.Select(ctx, intel.Selection{List: l, Node: node})
		if err != nil {
			return err
		}
		g.rest, g.revisions = b.List, append(g.revisions, b.Revision)
		if g.after, err = r.Meta(ctx); err != nil {
			return err
		}
		ws, err := r.Collect(ctx, intel.Need{Subjects: []string{"group:w000"}})
		if err == nil {
			g.last = ws.Claims
		}
		return err
	})
	return g, err
}

// whole says what of a sight is not of one revision.
func (g sight) whole(n int) error {
	at := g.meta.Last.Revision
	if at == 0 {
		return nil
	}
	switch {
	case g.after != g.meta || g.revisions[0] != at || g.revisions[1] != at:
		return fmt.Errorf("one View shows the revisions %d, %v and %d", at, g.revisions, g.after.Last.Revision)
	case g.first.Total != generations || g.rest.Total != generations || len(g.first.Nodes)+len(g.rest.Nodes) != generations:
		return fmt.Errorf("at %d there are %d and %d of %d groups", at, len(g.first.Nodes), len(g.rest.Nodes), generations)
	case int64(len(g.sources)) != at || g.meta.Counts.Claims != at*int64(n):
		return fmt.Errorf("at %d there are %d sources and %+v", at, len(g.sources), g.meta.Counts)
	case int64(len(g.last)) != at*int64(n/generations)+min(1, int64(n%generations))*at:
		return fmt.Errorf("at %d there are %d claims about one group", at, len(g.last))
	}
	for _, s := range g.sources {
		if s.Claims["all"].Total != n {
			return fmt.Errorf("at %d the source %s has %d of %d claims", at, s.ID, s.Claims["all"].Total, n)
		}
	}
	for _, node := range append(slices.Clone(g.first.Nodes), g.rest.Nodes...) {
		p := node.Links["k"]
		if node.Revision != at || node.Name != fmt.Sprintf("Wave %d", at) || len(p.Edges) != 1 || int64(p.Edges[0].Support) != at || p.Edges[0].Node.Revision != at {
			return fmt.Errorf("at %d the group %s is of revision %d (%s) with %d links", at, node.ID, node.Revision, node.Name, len(p.Edges))
		}
	}
	return nil
}

// load is what a store has to bear.
type load struct {
	waves   int64
	claims  int // of each wave
	readers int
	other   bool // another handle writes
}

func wholeReads(t *testing.T, h Harness, l load) {
	s := h.Open(t)
	writer := s
	if l.other {
		writer = h.Again(t, s)
	}
	var done atomic.Bool
	var g errgroup.Group
	g.Go(func() error {
		defer done.Store(true)
		for r := range l.waves {
			b := wave(r+1, l.claims)
			if err := tryPut(t.Context(), writer, b); err != nil {
				return fmt.Errorf("wave %d: %w", r+1, err)
			}
		}
		return nil
	})
	for range l.readers {
		g.Go(func() error {
			var seen int64
			for stop := false; !stop; {
				stop = done.Load()
				got, err := look(t.Context(), s, l.waves)
				if l.other && errors.Is(err, intel.ErrUnavailable) { // gave up under load
					continue
				}
				if err == nil {
					err = got.whole(l.claims)
				}
				if err == nil && got.meta.Last.Revision < seen {
					err = fmt.Errorf("a reader that saw revision %d sees %d", seen, got.meta.Last.Revision)
				}
				if err != nil {
					return err
				}
				seen = got.meta.Last.Revision
			}
			if seen != l.waves {
				return fmt.Errorf("the last View shows revision %d of %d", seen, l.waves)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// pagingUnderInserts walks a list while rows come and go around those that
// stay: none of them may be missed or come twice.
func pagingUnderInserts(t *testing.T, h Harness) {
	s := h.Open(t)
	const n = 300
	name := func(i int) string { return fmt.Sprintf("Row %04d", i/2) } // two share a name
	row := func(i int) *intel.Record { return plain(fmt.Sprintf("group:p%04d", i), name(i), 1) }
	var stay, coming intel.Batch
	stay.Records = append(stay.Records, plain(hubID, "France", 1))
	var want []string
	for i := 0; i < n; i += 3 {
		stay.Records = append(stay.Records, row(i))
		stay.Links = append(stay.Links, plainLink(row(i).ID, "OPERATES_IN", hubID, 1))
		want = append(want, row(i).ID)
	}
	put(t, s, stay)
	var walking atomic.Bool
	walking.Store(true)
	var g errgroup.Group
	g.Go(func() error {
		for i := 1; walking.Load(); i = (i + 7) % n {
			if i%3 == 0 {
				continue
			}
			coming = intel.Batch{Records: []*intel.Record{row(i)}, Links: []*intel.Link{plainLink(row(i).ID, "OPERATES_IN", hubID, 1)}}
			if err := tryPut(t.Context(), s, coming); err != nil {
				return err
			}
			gone := intel.Batch{DropRecords: []string{coming.Records[0].ID}, DropLinks: []string{coming.Links[0].ID}}
			if i%2 == 0 {
				if err := tryPut(t.Context(), s, gone); err != nil {
					return err
				}
			}
		}
		return nil
	})
	staying := func(ids []string) []string {
		return where(ids, func(id string) bool { _, found := slices.BinarySearch(want, id); return found })
	}
	for range 3 {
		list, links := walkWild(t, s)
		same(t, "rows of the list", want, staying(list))
		same(t, "rows of the links", want, staying(links))
	}
	walking.Store(false)
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// walkWild walks both lists of a store that changes meanwhile.
func walkWild(t *testing.T, s intel.Store) (list, links []string) {
	var after, afterLink *intel.Position
	for more := true; more; {
		p := choose(t, s, intel.Selection{List: &intel.List{Where: intel.KindIn{intel.KindGroup}, Page: intel.Page{First: 7, After: after}}}).List
		for i, n := range p.Nodes {
			list = append(list, n.ID)
			after = &p.Positions[i]
		}
		more = p.More && len(p.Nodes) > 0
	}
	for more := true; more; {
		p := choose(t, s, one(hubID, linked(intel.LinkSelection{Key: "k", Ends: hubEnds, Page: intel.Page{First: 7, After: afterLink}}))).Nodes[0].Links["k"]
		for _, e := range p.Edges {
			links = append(links, e.Node.ID)
			afterLink = &e.Position
		}
		more = p.More && len(p.Edges) > 0
	}
	slices.Sort(list)
	slices.Sort(links)
	return list, links
}

// manyReaders asks different things of one store from many goroutines.
func manyReaders(t *testing.T, h Harness) {
	sm := newSample()
	s, m := twins(t, h, sm.batches...)
	cases := append(slices.Clone(linkCases), filterCases...)
	var g errgroup.Group
	for i := range 8 {
		g.Go(func() error {
			for n := range len(cases) / 2 {
				c := cases[(n+i*7)%len(cases)]
				var got *intel.Answer
				err := s.View(t.Context(), func(r intel.Reader) (err error) {
					got, err = r.Select(t.Context(), c.sel)
					return err
				})
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				if d := diff(sm.outline(choose(t, m, c.sel)), sm.outline(got)); d != "" {
					return fmt.Errorf("%s differs:\n%s", c.name, d)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}
