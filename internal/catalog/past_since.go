package catalog

import (
	"context"
	"errors"
	"fmt"

	"dragnet/internal/intel"
)

// maxReplayed bounds the claims that one page of changes looks at, beyond one
// revision.
const maxReplayed = 20_000

// ChangePage is what the revisions after one did, oldest first, those of one
// revision by entity.
type ChangePage struct {
	Changes []Change
	// Sources holds the source of every claim in Changes, as it is now.
	Sources map[string]*intel.Source
	// Revision is the one to go on from; More says that others follow it.
	Revision intel.Revision
	More     bool
}

// Changes lists what the revisions after since did: at most first changes,
// except that a revision is never parted, so that the first one may bring more.
// Revisions that changed nothing of any entity, such as one that described a new
// source, are passed over. A page that is full, or had much to look at, says
// More. When the changes of one revision are too many to tell, the error matches
// intel.ErrLimit, and the page leads past that revision.
func (c *Catalog) Changes(ctx context.Context, since int64, first int) (page *ChangePage, err error) {
	err = c.store.View(ctx, func(r intel.Reader) error {
		s := &sincePage{past: newPast(r, intel.View{}), first: first, budget: maxReplayed}
		page, err = s.read(ctx, since)
		return err
	})
	return page, err
}

func notYet(since int64, m intel.Meta) error {
	return intel.Invalid("since", "the graph has not come to %d yet: it stands at %s", since, intel.Revision{Epoch: m.Epoch, Counter: m.Last.Revision})
}

// sincePage is a page of changes being made.
type sincePage struct {
	*past
	first, budget int
	page          ChangePage
}

func (s *sincePage) read(ctx context.Context, since int64) (*ChangePage, error) {
	meta, err := s.r.Meta(ctx)
	if err != nil {
		return nil, err
	}
	last := meta.Last.Revision
	s.page = ChangePage{Revision: intel.Revision{Epoch: meta.Epoch, Counter: since}, Sources: s.a.Sources}
	switch {
	case since < 0 || since > last:
		return nil, notYet(since, meta)
	case since == last:
		return &s.page, nil
	}
	for s.budget > 0 && len(s.page.Changes) < s.first {
		rows, err := s.r.Touched(ctx, s.page.Revision.Counter, min(s.budget, max(2*s.first, 50)))
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			s.page.Revision.Counter = last
			return &s.page, nil
		}
		if full, err := s.add(ctx, rows); err != nil || full {
			s.page.More = true
			return &s.page, err
		}
	}
	following, err := s.r.Touched(ctx, s.page.Revision.Counter, 1)
	if err != nil {
		return nil, err
	}
	if s.page.More = len(following) > 0; !s.page.More {
		s.page.Revision.Counter = last
	}
	return &s.page, nil
}

// add tells what revisions did, as far as there is room on the page. What cannot
// be told is an error only when it comes first: the page then leads past it.
func (s *sincePage) add(ctx context.Context, rows []intel.Touched) (full bool, err error) {
	stirred, all, err := s.stirred(ctx, rows)
	if errors.Is(err, intel.ErrLimit) {
		if len(s.page.Changes) == 0 {
			s.page.Revision.Counter = rows[0].Revision
			return false, err
		}
		return true, nil
	}
	if err != nil {
		return false, err
	}
	rows = all
	for i, row := range rows {
		changes := s.tell(row.Revision, stirred[i])
		if have := len(s.page.Changes); have > 0 && have+len(changes) > s.first {
			return true, nil
		}
		for j := range changes {
			s.cite(changes[j].Added)
			s.cite(changes[j].Retracted)
		}
		s.page.Changes = append(s.page.Changes, changes...)
		s.page.Revision.Counter = row.Revision
		s.budget -= len(row.Claims) + len(row.Sources)
	}
	return false, nil
}

// stirred loads what rows name and all that tells what became of it. When that
// is too much for all rows, it is of the first ones alone, which it gives.
func (p *past) stirred(ctx context.Context, rows []intel.Touched) ([]map[string]*stir, []intel.Touched, error) {
	for {
		out, err := p.stir(ctx, rows)
		if !errors.Is(err, intel.ErrLimit) {
			return out, rows, err
		}
		if len(rows) == 1 {
			return nil, nil, tooMuchAtOnce(rows[0].Revision, p.limits.claims)
		}
		rows = rows[:len(rows)/2]
		p.startAgain()
	}
}

// startAgain forgets what is loaded, which may not be whole.
func (p *past) startAgain() {
	fresh := newReading(p.r, p.view, p.limits)
	fresh.a = p.a
	p.reading, p.climbed = fresh, map[string]bool{}
}

func tooMuchAtOnce(revision int64, most int) error {
	return &intel.FieldError{Field: "since", Row: -1, Kind: intel.ErrLimit,
		Msg: fmt.Sprintf("revision %d changed what a source is worth on which more than %d claims rest, too many to tell one by one: read again what you hold, and go on since that revision", revision, most)}
}

func (p *past) stir(ctx context.Context, rows []intel.Touched) ([]map[string]*stir, error) {
	need := intel.Need{History: true, ClaimLimit: p.limits.claims}
	for _, row := range rows {
		need.ClaimIDs = append(need.ClaimIDs, row.Claims...)
		need.ClaimsOf = append(need.ClaimsOf, row.Sources...)
	}
	need.ClaimIDs, need.ClaimsOf = distinct(need.ClaimIDs), distinct(need.ClaimsOf)
	ws, err := p.r.Collect(ctx, need)
	if err != nil {
		return nil, err
	}
	claims, err := p.visible(ctx, ws)
	if err != nil {
		return nil, err
	}
	out := sortOut(rows, claims)
	var w want
	for _, stirred := range out {
		for id, s := range stirred {
			w.add(id, s)
		}
	}
	if n := p.need(w); len(n.Subjects)+len(n.Links)+len(n.From) > 0 {
		n.History, n.ClaimLimit = true, p.limits.claims
		if ws, err = p.r.Collect(ctx, n); err != nil {
			return nil, err
		}
		if err := p.add(ctx, ws); err != nil {
			return nil, err
		}
	}
	return out, p.climb(ctx)
}

// add wants what tells what became of an entity.
func (w *want) add(id string, s *stir) {
	w.about = append(w.about, id)
	if len(s.touched) == 0 {
		w.out = append(w.out, id)
	}
	for _, c := range s.all() {
		if !c.IsLink() {
			continue
		}
		w.links = append(w.links, c.LinkID())
		if isExclusive(c.LinkType, c.Subject, c.Object) {
			w.from = append(w.from, intel.FromNeed{From: c.Subject, Type: c.LinkType})
		}
	}
}

// sortOut gives, for each row, the claims that it names by their subjects.
func sortOut(rows []intel.Touched, claims []*intel.Claim) []map[string]*stir {
	byID, bySource := map[string]*intel.Claim{}, map[string][]*intel.Claim{}
	for _, c := range claims {
		byID[c.ID] = c
		bySource[c.Source] = append(bySource[c.Source], c)
	}
	out := make([]map[string]*stir, len(rows))
	for i, row := range rows {
		stirred := map[string]*stir{}
		of := func(c *intel.Claim) *stir {
			s := stirred[c.Subject]
			if s == nil {
				s = &stir{}
				stirred[c.Subject] = s
			}
			return s
		}
		for _, id := range row.Claims {
			if c := byID[id]; c != nil {
				of(c).touched = append(of(c).touched, c)
			}
		}
		for _, source := range row.Sources {
			for _, c := range bySource[source] {
				if c.LiveAt(row.Revision) {
					of(c).reweighed = append(of(c).reweighed, c)
				}
			}
		}
		out[i] = stirred
	}
	return out
}
