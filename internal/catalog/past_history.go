package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// HistoryPage is what became of one entity, newest first.
type HistoryPage struct {
	Changes []Change
	More    bool
}

// Histories tells what became of entities, of each the first changes whose
// revision is less than before (0: all), newest first. It is what Changes tells
// of them, under the view: of revisions that the view did not see, and of claims
// that do not count in it, nothing is told. All claims with one of the entities
// as subject are read, and there may be 200,000 of them.
func (c *Catalog) Histories(ctx context.Context, v intel.View, ids []string, first int, before int64) (pages map[string]HistoryPage, sources map[string]*intel.Source, err error) {
	err = c.store.View(ctx, func(r intel.Reader) error {
		p := newPast(r, v)
		pages, err = p.histories(ctx, ids, first, before)
		sources = p.a.Sources
		return err
	})
	return pages, sources, err
}

func (p *past) histories(ctx context.Context, ids []string, first int, before int64) (map[string]HistoryPage, error) {
	n := p.need(want{about: ids, out: ids})
	n.History, n.ClaimLimit = true, p.limits.claims
	ws, err := p.r.Collect(ctx, n)
	if errors.Is(err, intel.ErrLimit) {
		return nil, &intel.FieldError{Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("a history is told from all claims about the entities, and of these there are more than %d: ask for that of fewer entities at once", p.limits.claims)}
	}
	if err != nil {
		return nil, err
	}
	if err := p.add(ctx, ws); err != nil {
		return nil, err
	}
	if err := p.climb(ctx); err != nil {
		return nil, err
	}
	out := map[string]HistoryPage{}
	for _, id := range distinct(ids) {
		out[id] = p.history(id, first, before)
	}
	return out, nil
}

// history tells of one entity, all of whose claims are loaded.
func (p *past) history(id string, first int, before int64) HistoryPage {
	var page HistoryPage
	stirred := map[int64]*stir{}
	for _, c := range p.own(id) {
		for _, s := range stampsOf(c) {
			at := stirred[s.Revision]
			if at == nil {
				at = &stir{}
				stirred[s.Revision] = at
			}
			if n := len(at.touched); n == 0 || at.touched[n-1] != c {
				at.touched = append(at.touched, c)
			}
		}
	}
	for revision, stamp := range p.headers {
		if stirred[revision] == nil && p.view.Saw(stamp) {
			stirred[revision] = &stir{}
		}
	}
	revisions := slices.Sorted(maps.Keys(stirred))
	slices.Reverse(revisions)
	for _, revision := range revisions {
		if before > 0 && revision >= before {
			continue
		}
		s := stirred[revision]
		if stamp, ok := p.headers[revision]; ok && p.view.Saw(stamp) {
			s.reweighed = p.reweighedAt(id, revision)
		}
		ch := p.change(revision, id, s)
		if ch == nil {
			continue
		}
		if len(page.Changes) == first {
			page.More = true
			return page
		}
		p.cite(ch.Added)
		p.cite(ch.Retracted)
		page.Changes = append(page.Changes, *ch)
	}
	return page
}

// reweighedAt lists the claims with the entity as subject whose sources weigh
// otherwise since a revision.
func (p *past) reweighedAt(id string, revision int64) []*intel.Claim {
	weighs := map[string]bool{}
	var out []*intel.Claim
	for _, c := range p.own(id) {
		other, known := weighs[c.Source]
		if !known {
			other = p.weighsOtherwise(c.Source, revision)
			weighs[c.Source] = other
		}
		if other && c.LiveAt(revision) {
			out = append(out, c)
		}
	}
	return out
}

func (p *past) weighsOtherwise(source string, revision int64) bool {
	was, is := p.headerAt(source, revision-1), p.headerAt(source, revision)
	return was.Reliability != is.Reliability || was.PublishedOn != is.PublishedOn || !slices.Equal(p.originsAt(source, revision-1), p.originsAt(source, revision))
}

func (p *past) headerAt(source string, revision int64) intel.Header {
	s := p.raw[source]
	if s == nil {
		return intel.StubHeader(source)
	}
	h, _ := atRevision(revision).Header(s)
	return h
}

func (p *past) originsAt(source string, revision int64) []string {
	return intel.OriginsOf(source, func(id string) []string { return p.headerAt(id, revision).DerivedFrom })
}
