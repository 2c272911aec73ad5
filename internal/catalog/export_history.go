package catalog

import (
	"cmp"
	"context"
	"slices"

	"dragnet/internal/intel"
)

// History gives what the whole graph was told, revision by revision, whatever
// the view of the export but for its revision. What is held beside one revision
// is where each header version belongs.
func (x *Export) History(ctx context.Context, do func(*intel.Told) error) error {
	headers, err := x.headerPlaces(ctx)
	if err != nil {
		return err
	}
	h := &historyWalk{x: x, headers: headers, do: do}
	for since := int64(0); ; {
		page, claims, err := x.touched(ctx, since)
		if err != nil {
			return err
		}
		for _, t := range page {
			if t.Revision > x.Revision().Counter {
				page = nil
				break
			}
			since = t.Revision
			if err := h.revision(ctx, t, claims); err != nil {
				return err
			}
		}
		if len(page) == 0 {
			return h.headersBefore(ctx, x.Revision().Counter+1)
		}
	}
}

// touched reads a page of what revisions touched, with the claims.
func (x *Export) touched(ctx context.Context, since int64) (page []intel.Touched, claims map[string]*intel.Claim, err error) {
	err = x.store.View(ctx, func(r intel.Reader) error {
		if page, err = r.Touched(ctx, since, x.page); err != nil {
			return err
		}
		var ids []string
		for _, t := range page {
			ids = append(ids, t.Claims...)
		}
		ws, err := r.Collect(ctx, intel.Need{ClaimIDs: distinct(ids)})
		if err != nil {
			return err
		}
		claims = map[string]*intel.Claim{}
		for _, c := range ws.Claims {
			claims[c.ID] = c
		}
		return nil
	})
	return page, claims, err
}

// headerPlace says which header version of a source a revision brought.
type headerPlace struct {
	revision int64
	source   string
	hash     string
}

// headerPlaces lists where all header versions belong, by revision, source and
// hash.
func (x *Export) headerPlaces(ctx context.Context) (all []headerPlace, err error) {
	whole := *x
	whole.view = intel.View{AtRevision: x.view.AtRevision}
	err = whole.scanSources(ctx, func(s *intel.Source) error {
		for _, v := range s.Versions {
			all = append(all, headerPlace{v.Added.Revision, s.ID, v.Hash})
		}
		return nil
	})
	slices.SortFunc(all, func(a, b headerPlace) int {
		return cmp.Or(cmp.Compare(a.revision, b.revision), cmp.Compare(a.source, b.source), cmp.Compare(a.hash, b.hash))
	})
	return all, err
}

// historyWalk puts headers and claims together.
type historyWalk struct {
	x       *Export
	headers []headerPlace // that were not given yet
	do      func(*intel.Told) error
}

// revision gives a revision that touched claims, after those before it that
// brought headers alone.
func (h *historyWalk) revision(ctx context.Context, t intel.Touched, claims map[string]*intel.Claim) error {
	if err := h.headersBefore(ctx, t.Revision); err != nil {
		return err
	}
	told, err := h.headersOf(ctx, t.Revision)
	if err != nil {
		return err
	}
	for _, id := range t.Claims {
		c := claims[id]
		if c.Added.Revision == t.Revision {
			told.Claims = append(told.Claims, c)
			told.Stamp = c.Added
		}
		for _, e := range c.Events {
			if e.Revision == t.Revision {
				told.Events = append(told.Events, intel.ClaimEvent{Claim: id, Event: e})
				told.Stamp = e.Stamp
			}
		}
	}
	if len(told.Claims)+len(told.Events)+len(told.Headers) == 0 {
		return nil // it only made claims weigh otherwise
	}
	return h.do(told)
}

// headersBefore gives the revisions before one that brought headers alone.
func (h *historyWalk) headersBefore(ctx context.Context, revision int64) error {
	for len(h.headers) > 0 && h.headers[0].revision < revision {
		told, err := h.headersOf(ctx, h.headers[0].revision)
		if err != nil {
			return err
		}
		if err := h.do(told); err != nil {
			return err
		}
	}
	return nil
}

// headersOf takes the header versions that a revision brought.
func (h *historyWalk) headersOf(ctx context.Context, revision int64) (*intel.Told, error) {
	told := &intel.Told{}
	n := 0
	for n < len(h.headers) && h.headers[n].revision == revision {
		n++
	}
	mine := h.headers[:n]
	h.headers = h.headers[n:]
	for page := range slices.Chunk(mine, h.x.page) {
		var ids []string
		for _, p := range page {
			ids = append(ids, p.source)
		}
		ws, err := h.x.collectSources(ctx, distinct(ids))
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			for _, v := range ws.Sources[p.source].Versions {
				if v.Hash == p.hash && v.Added.Revision == revision {
					told.Headers = append(told.Headers, intel.ToldHeader{Source: p.source, HeaderVersion: v})
					told.Stamp = v.Added
				}
			}
		}
	}
	return told, nil
}
