package load

import (
	"context"
	"time"

	"dragnet/bench/gen"
	"dragnet/internal/intel"
)

// sourceBatch is how many sources go into one commit.
const sourceBatch = 1_000

// Fast settles the graph in memory and puts it straight into an empty store, as
// the catalog would have left it. now stamps the changes.
func Fast(ctx context.Context, s intel.Store, g *gen.Graph, now func() time.Time, o Options) error {
	o = o.filled()
	if err := mustBeEmpty(ctx, s); err != nil {
		return err
	}
	f := &fast{store: s, now: now, sources: map[string]*intel.Source{}}
	if err := f.putSources(ctx, g); err != nil {
		return err
	}
	// The workers read headers while the counts of claims change here.
	headers := map[string]*intel.Source{}
	for id, src := range f.sources {
		headers[id] = src
	}
	claims := 0
	return inTurn(ctx, g, o, func(from, to int) *chunk { return settle(g, headers, from, to) }, func(c *chunk, p Progress) error {
		if err := f.put(ctx, c); err != nil {
			return err
		}
		claims += len(c.claims)
		p.Claims = claims
		o.Progress(p)
		return nil
	})
}

type fast struct {
	store   intel.Store
	now     func() time.Time
	sources map[string]*intel.Source // as they are in the store
}

// update puts one batch; fill completes it once its stamp is known.
func (f *fast) update(ctx context.Context, fill func(*intel.Batch)) error {
	return f.store.Update(ctx, func(w intel.Writer) error {
		m, err := w.Meta(ctx)
		if err != nil {
			return err
		}
		b := intel.Batch{Stamp: intel.NextStamp(m.Last, f.now(), by)}
		if m.SettleVersion == 0 {
			b.Settled = &[2]int{intel.SettleVersion, intel.NamesVersion}
		}
		fill(&b)
		return w.Put(ctx, b)
	})
}

func (f *fast) putSources(ctx context.Context, g *gen.Graph) error {
	for from := 0; from < g.Sources(); from += sourceBatch {
		var drafts []intel.SourceDraft
		for s := from; s < min(from+sourceBatch, g.Sources()); s++ {
			d := g.Source(s)
			drafts = append(drafts, d)
			f.sources[d.ID] = &intel.Source{ID: d.ID, Header: d.Header}
			// Parents come first, so that their headers are known.
			f.sources[d.ID].Origins = intel.OriginsOf(d.ID, func(id string) []string { return f.sources[id].DerivedFrom })
		}
		err := f.update(ctx, func(b *intel.Batch) {
			b.Versions = map[string][]intel.HeaderVersion{}
			for _, d := range drafts {
				b.Versions[d.ID] = []intel.HeaderVersion{{Header: d.Header, Hash: intel.HeaderHash(d.ID, d.Header), Added: b.Stamp}}
				b.Sources = append(b.Sources, f.sources[d.ID])
			}
			b.Counts.Sources = int64(len(drafts))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// chunk is a run of entities, settled but for what the commit knows.
type chunk struct {
	claims  []*intel.Claim
	records []*intel.Record
	links   []*intel.Link
	stubs   int64
	uses    map[string]int // claims by source
}

func (c *chunk) add(r *intel.Record) {
	c.records = append(c.records, r)
	if r.Stub { // its name may be denied, too
		c.stubs++
	}
}

func (f *fast) put(ctx context.Context, c *chunk) error {
	counts := intel.Counts{Entities: int64(len(c.records)), Stubs: c.stubs, Links: int64(len(c.links)), Claims: int64(len(c.claims))}
	var changed []*intel.Source
	for id, n := range c.uses {
		row := f.sources[id]
		if row == nil {
			row = intel.StubSource(id)
			counts.Sources++
		}
		next := *row
		next.Claims += n
		f.sources[id] = &next
		changed = append(changed, &next)
	}
	return f.update(ctx, func(b *intel.Batch) {
		for _, cl := range c.claims {
			cl.Added = b.Stamp
		}
		for _, r := range c.records {
			r.Revision = b.Stamp.Revision
		}
		b.Claims, b.Records, b.Links, b.Sources, b.Counts = c.claims, c.records, c.links, changed, counts
	})
}

// settle works out a run of entities. All claims about an entity, and about a
// link, are in its own run; a stub is mentioned by one entity only.
func settle(g *gen.Graph, sources map[string]*intel.Source, from, to int) *chunk {
	c := &chunk{uses: map[string]int{}}
	for i := from; i < to; i++ {
		claims := g.Claims(i)
		c.claims = append(c.claims, claims...)
		var own []*intel.Claim
		links := newLinks()
		stubs := map[string]bool{}
		for _, cl := range claims {
			c.uses[cl.Source]++
			if cl.IsLink() {
				links.add(cl)
			} else {
				own = append(own, cl)
			}
			for _, id := range []string{cl.Object, cl.SaidBy} {
				if gen.IsStub(id) {
					stubs[id] = true
				}
			}
		}
		facts := intel.Settle(intel.Gather(own, sources, intel.View{}), 0)
		c.add(intel.NewRecord(g.ID(i), intel.Compact(facts), 0))
		for id := range stubs {
			c.add(intel.NewRecord(id, nil, 0))
		}
		c.links = append(c.links, links.settled(sources)...)
	}
	return c
}

// links groups the link claims of one entity by link, in the order of their
// first claims.
type links struct {
	ids    []string
	claims map[string][]*intel.Claim
}

func newLinks() *links { return &links{claims: map[string][]*intel.Claim{}} }

func (l *links) add(c *intel.Claim) {
	id := c.LinkID()
	if l.claims[id] == nil {
		l.ids = append(l.ids, id)
	}
	l.claims[id] = append(l.claims[id], c)
}

func (l *links) settled(sources map[string]*intel.Source) []*intel.Link {
	var out []*intel.Link
	rivals := map[intel.LinkType][]*intel.Link{}
	for _, id := range l.ids {
		if link := intel.SettleLink(intel.Gather(l.claims[id], sources, intel.View{})); link != nil {
			out = append(out, link)
			rivals[link.Type] = append(rivals[link.Type], link)
		}
	}
	for _, set := range rivals {
		intel.MarkRivals(set)
	}
	return out
}
