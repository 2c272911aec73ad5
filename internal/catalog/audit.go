package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"dragnet/internal/intel"
)

// auditPage is how many ids are derived again at a time.
const auditPage = 1_000

// Check derives every settled row again from the claims and says, row by row,
// what the store has otherwise. It reads page by page and is meant for a graph
// that nobody writes to meanwhile.
func (c *Catalog) Check(ctx context.Context, differs func(string)) error {
	a := &audit{catalog: c, differs: differs}
	return a.run(ctx)
}

// Resettle derives every settled row again from the claims and mends those that
// differ, each page whole or not at all; it then marks the graph as settled by
// this binary's rules. Interrupted, it can be run again. headers are put first,
// without the bound on what a changed header may settle again. Nobody else
// should write meanwhile.
func (c *Catalog) Resettle(ctx context.Context, by string, headers []intel.SourceDraft, mended func(string)) error {
	if err := c.putUnsettled(ctx, by, headers); err != nil {
		return err
	}
	meta, err := c.Meta(ctx)
	if err != nil {
		return err
	}
	a := &audit{catalog: c, differs: mended, mend: true, rename: meta.NamesVersion != intel.NamesVersion}
	if err := a.run(ctx); err != nil {
		return err
	}
	return c.store.Update(ctx, func(w intel.Writer) error {
		return w.Put(ctx, intel.Batch{Settled: &[2]int{intel.SettleVersion, intel.NamesVersion}})
	})
}

// putUnsettled stores headers and marks the graph as not settled.
func (c *Catalog) putUnsettled(ctx context.Context, by string, headers []intel.SourceDraft) error {
	if len(headers) == 0 {
		return nil
	}
	good, err := checkSources(headers)
	if err != nil {
		return err
	}
	p := &putting{by: by, drafts: good}
	return c.store.Update(ctx, func(w intel.Writer) error {
		meta, err := w.Meta(ctx)
		if err != nil {
			return err
		}
		s := newState(w, meta, intel.NextStamp(meta.Last, c.now(), by))
		need, _ := p.need(nil)
		if _, err := s.load(ctx, need); err != nil {
			return err
		}
		if err := p.apply(ctx, s); err != nil {
			return err
		}
		weigh, err := s.reorigin(ctx)
		if err != nil {
			return err
		}
		clear(s.reweigh)
		t, err := s.settle(ctx)
		if err != nil || t.empty() {
			return err
		}
		t.batch.Reweighed = weigh
		t.batch.Settled = &[2]int{0, 0}
		return w.Put(ctx, t.batch)
	})
}

// audit compares what the store holds with what the claims say.
type audit struct {
	catalog *Catalog
	differs func(string)
	mend    bool
	// rename puts every entity again, so that its name is found by this
	// program's terms.
	rename bool
	said   []string // by the step under way
	counts intel.Counts
	// live claims by source, met on the way through the claims.
	claimsOf map[string]int
}

// page runs one step on one consistent state; what it wants mended is put.
func (a *audit) page(ctx context.Context, step func(r intel.Reader, b *intel.Batch) error) error {
	counts, said := a.counts, len(a.said)
	// A store may run the step again from the start.
	again := func() { a.counts, a.said = counts, a.said[:said] }
	var err error
	if a.mend {
		err = a.catalog.store.Update(ctx, func(w intel.Writer) error {
			again()
			var b intel.Batch
			if err := step(w, &b); err != nil || reflect.DeepEqual(b, intel.Batch{}) {
				return err
			}
			return w.Put(ctx, b)
		})
	} else {
		err = a.catalog.store.View(ctx, func(r intel.Reader) error {
			again()
			return step(r, &intel.Batch{})
		})
	}
	for _, s := range a.said {
		a.differs(s)
	}
	a.said = nil
	return err
}

func (a *audit) sayf(format string, args ...any) {
	a.said = append(a.said, fmt.Sprintf(format, args...))
}

func (a *audit) run(ctx context.Context) error {
	a.claimsOf = map[string]int{}
	// Sources first: what claims weigh follows from their headers and origins.
	for _, step := range []func(context.Context) error{a.countClaims, a.sources, a.entities, a.strayRecords, a.links, a.strayLinks} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return a.page(ctx, func(r intel.Reader, b *intel.Batch) error {
		m, err := r.Meta(ctx)
		if err != nil {
			return err
		}
		if m.Counts != a.counts {
			a.sayf("counts: the store has %+v, there are %+v", m.Counts, a.counts)
			b.Counts = a.counts.Plus(intel.Counts{Entities: -m.Counts.Entities, Stubs: -m.Counts.Stubs, Links: -m.Counts.Links, Claims: -m.Counts.Claims, Sources: -m.Counts.Sources})
		}
		return nil
	})
}

func (a *audit) countClaims(ctx context.Context) error {
	return a.catalog.scan(ctx, intel.PartClaims, func(ws *intel.WorkingSet) error {
		for _, c := range ws.Claims {
			if id := c.HashID(); id != c.ID {
				a.differs(fmt.Sprintf("%s: its content hashes to %s", c.ID, id))
			}
			if c.Live() {
				a.claimsOf[c.Source]++
				a.counts.Claims++
			}
		}
		return nil
	})
}

func (a *audit) sources(ctx context.Context) error {
	after := ""
	for {
		var last string
		err := a.page(ctx, func(r intel.Reader, b *intel.Batch) error {
			ws, err := r.Scan(ctx, intel.PartSources, after, auditPage)
			if err != nil {
				return err
			}
			ids := slices.Sorted(maps.Keys(ws.Sources))
			if last = ""; len(ids) == 0 {
				return nil
			}
			last = ids[len(ids)-1]
			all, err := r.Collect(ctx, intel.Need{Sources: ids})
			if err != nil {
				return err
			}
			for _, id := range ids {
				a.source(id, all.Sources, b)
			}
			return nil
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

func (a *audit) source(id string, all map[string]*intel.Source, b *intel.Batch) {
	counting := func(id string) (intel.Header, bool) {
		if s := all[id]; s != nil {
			if v, ok := intel.Counting(s.Versions); ok {
				return v.Header, true
			}
		}
		return intel.StubHeader(id), false
	}
	is := *all[id]
	was := is
	h, described := counting(id)
	is.Header, is.Stub, is.Claims = h, !described, a.claimsOf[id]
	is.Origins = intel.OriginsOf(id, func(id string) []string {
		h, _ := counting(id)
		return h.DerivedFrom
	})
	a.counts.Sources++
	if intel.HeaderHash(id, is.Header) != intel.HeaderHash(id, was.Header) || is.Stub != was.Stub || is.Claims != was.Claims || !slices.Equal(is.Origins, was.Origins) {
		a.sayf("%s: the store has %s, stub %t, origins %v, %d claims; its headers and claims say %s, stub %t, origins %v, %d claims", id, was.Reliability, was.Stub, was.Origins, was.Claims, is.Reliability, is.Stub, is.Origins, is.Claims)
		b.Sources = append(b.Sources, &is)
	}
}

func (a *audit) entities(ctx context.Context) error {
	after := ""
	for {
		var last string
		err := a.page(ctx, func(r intel.Reader, b *intel.Batch) error {
			ids, err := r.Mentioned(ctx, nil, after, auditPage)
			if last = ""; err != nil || len(ids) == 0 {
				return err
			}
			last = ids[len(ids)-1]
			ws, err := r.Collect(ctx, intel.Need{Subjects: ids, Records: ids, Mentions: ids})
			if err != nil {
				return err
			}
			claims := map[string][]*intel.Claim{}
			for _, c := range ws.Claims {
				claims[c.Subject] = append(claims[c.Subject], c)
			}
			was := map[string]*intel.Record{}
			for _, rec := range ws.Records {
				was[rec.ID] = rec
			}
			for _, id := range ids {
				a.entity(id, was[id], derive(id, claims[id], ws), b)
			}
			return nil
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

// derive gives the record of an entity from its claims alone, nil when no live
// claim mentions it.
func derive(id string, claims []*intel.Claim, ws *intel.WorkingSet) *intel.Record {
	m := ws.Mentions[id]
	if m.First == 0 {
		return nil
	}
	facts := intel.Settle(intel.Gather(claims, ws.Sources, intel.View{}), 0)
	return intel.NewRecord(id, intel.Compact(facts), cmp.Or(m.Own, m.First))
}

func (a *audit) entity(id string, was, is *intel.Record, b *intel.Batch) {
	if is != nil {
		a.counts.Entities++
		a.counts.Stubs += one(is.Stub)
	}
	switch {
	case was == nil && is == nil:
	case was != nil && is != nil && reflect.DeepEqual(was, is):
		if a.rename {
			b.Records = append(b.Records, is)
		}
	case is == nil:
		a.sayf("%s", id+": is in the store, but no live claim mentions it")
		b.DropRecords = append(b.DropRecords, id)
		b.Counts.Entities--
		b.Counts.Stubs -= one(was.Stub)
	case was == nil:
		a.sayf("%s", id+": is not in the store, but a live claim mentions it")
		b.Records = append(b.Records, is)
		b.Counts.Entities++
		b.Counts.Stubs += one(is.Stub)
	default:
		a.sayf("%s: the store has %q with %d facts at revision %d, its claims say %q with %d facts at revision %d", id, was.Name, len(was.Facts), was.Revision, is.Name, len(is.Facts), is.Revision)
		b.Records = append(b.Records, is)
		b.Counts.Stubs += one(is.Stub) - one(was.Stub)
	}
}
