package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"

	"dragnet/internal/intel"
)

// Retold is what one revision of another graph was told, to be told again.
type Retold struct {
	Stamp   intel.Stamp // By is not read
	Headers []RetoldHeader
	Claims  []RetoldClaim
	Events  []intel.ClaimEvent
}

// RetoldHeader is a header of a source, and who wrote it.
type RetoldHeader struct {
	intel.SourceDraft
	By string
}

// RetoldClaim is a claim, and who wrote it. It names entities by their ids.
type RetoldClaim struct {
	Source string
	Draft  intel.Draft
	By     string
}

// Relive tells an empty graph what another one was told, revision by revision as
// next gives them until io.EOF, each at its time and by who wrote it: views of
// the past answer as in the other. A graph that is not empty is ErrConflict. When
// it fails, what was told before the revision at fault is kept. Nobody else
// should write meanwhile.
func (c *Catalog) Relive(ctx context.Context, next func() (*Retold, error)) (revisions int64, err error) {
	meta, err := c.Meta(ctx)
	if err != nil {
		return 0, err
	}
	if meta.Last.Revision != 0 {
		return 0, fmt.Errorf("%w: a history is told to an empty graph only, and this one has revisions", intel.ErrConflict)
	}
	for {
		told, err := next()
		if errors.Is(err, io.EOF) {
			return revisions, nil
		}
		if err != nil {
			return revisions, err
		}
		if err := c.relive(ctx, told); err != nil {
			return revisions, fmt.Errorf("revision %d: %w", told.Stamp.Revision, err)
		}
		revisions++
	}
}

func (c *Catalog) relive(ctx context.Context, told *Retold) error {
	r := &reliving{told: told}
	if err := r.check(); err != nil {
		return err
	}
	return c.store.Update(ctx, func(w intel.Writer) error {
		meta, err := w.Meta(ctx)
		if err != nil {
			return err
		}
		if told.Stamp.Revision != meta.Last.Revision+1 {
			return intel.Invalid("revision", "does not follow revision %d", meta.Last.Revision)
		}
		if !told.Stamp.At.After(meta.Last.At) {
			return intel.Invalid("at", "is not later than that of the revision before")
		}
		s := newState(w, meta, told.Stamp)
		if _, err := s.load(ctx, r.need()); err != nil {
			return err
		}
		if err := r.apply(s); err != nil {
			return err
		}
		t, err := s.settle(ctx)
		if err != nil {
			return err
		}
		if t.empty() {
			return intel.Invalid("", "tells nothing new")
		}
		return w.Put(ctx, t.batch)
	})
}

// reliving is one revision on its way into the graph.
type reliving struct {
	told    *Retold
	headers []intel.SourceDraft
	claims  []*intel.Claim
}

// check brings headers and claims to the form in which they are kept.
func (r *reliving) check() error {
	var faults intel.FieldErrors
	for i, h := range r.told.Headers {
		d, errs := checkSource(i, h.SourceDraft)
		faults = append(faults, errs...)
		r.headers = append(r.headers, d)
	}
	for i, c := range r.told.Claims {
		source, err := intel.ParseSourceID(c.Source)
		if err != nil {
			faults = append(faults, intel.Invalid("source", "%s", err))
			continue
		}
		made, errs := checkDraft(i, source, c.Draft)
		if faults = append(faults, errs...); len(errs) > 0 {
			continue
		}
		if len(made.named)+len(made.also) > 0 {
			faults = append(faults, intel.Invalid("subject", "a history names entities by their ids"))
			continue
		}
		cl := *made.claim
		if cl.IsLink() {
			cl.Subject, cl.Object = cl.LinkType.Orient(cl.Subject, cl.Object)
			if cl.Subject == cl.Object {
				faults = append(faults, intel.Invalid("link.to", "an entity cannot be linked to itself (%s)", cl.Subject))
			}
		}
		cl.ID = cl.HashID()
		r.claims = append(r.claims, &cl)
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

func (r *reliving) need() intel.Need {
	var n intel.Need
	for _, h := range r.headers {
		n.Sources = append(n.Sources, h.ID)
		n.Sources = append(n.Sources, h.DerivedFrom...)
	}
	for _, c := range r.claims {
		n.Sources = append(n.Sources, c.Source)
		addNeed(&n, c)
	}
	for _, e := range r.told.Events {
		n.ClaimIDs = append(n.ClaimIDs, e.Claim)
	}
	n.Sources = distinct(n.Sources)
	return n
}

func (r *reliving) apply(s *state) error {
	for i, h := range r.headers {
		if _, _, err := s.putHeader(h, true, r.told.Headers[i].By); err != nil {
			return err
		}
	}
	for i, c := range r.claims {
		if s.claims[c.ID] != nil {
			return intel.Invalid("", "tells %s, which was told before", c.ID)
		}
		fresh := *c // a store may have this done again
		s.addClaim(&fresh, r.told.Claims[i].By)
	}
	for _, e := range r.told.Events {
		if s.claims[e.Claim] == nil {
			return &intel.FieldError{Field: "claim", Row: -1, Kind: intel.ErrNotFound, Msg: fmt.Sprintf("there is no claim %q", clip(e.Claim))}
		}
		event := e.Event
		event.Stamp = s.by(e.By)
		s.addEvent(e.Claim, event)
	}
	return nil
}
