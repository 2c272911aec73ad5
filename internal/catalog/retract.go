package catalog

import (
	"context"
	"fmt"

	"dragnet/internal/intel"
)

// Retract withdraws claims; those withdrawn already stay as they are. The
// reason is kept with each.
func (c *Catalog) Retract(ctx context.Context, by string, ids []string, reason string) (*ChangeResult, error) {
	return c.decide(ctx, &decision{by: by, ids: ids, reason: reason, retract: true})
}

// Reinstate takes retractions back; live claims stay as they are.
func (c *Catalog) Reinstate(ctx context.Context, by string, ids []string, reason string) (*ChangeResult, error) {
	return c.decide(ctx, &decision{by: by, ids: ids, reason: reason})
}

func (c *Catalog) decide(ctx context.Context, d *decision) (*ChangeResult, error) {
	if len(d.ids) > MaxChanges {
		return nil, &intel.FieldError{Field: "ids", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d ids, at most %d go in one call: send them in parts", len(d.ids), MaxChanges)}
	}
	ck := &checker{row: -1}
	d.reason = ck.text("reason", d.reason, intel.Prose, intel.MaxReasonBytes, true)
	if len(ck.errs) > 0 {
		return nil, ck.errs
	}
	if err := c.write(ctx, d); err != nil {
		return nil, err
	}
	return &d.result, nil
}

// decision is the work of one Retract or Reinstate.
type decision struct {
	by      string
	ids     []string
	reason  string
	retract bool
	// byReplace: a new edition withdraws them, no person.
	byReplace bool
	result    ChangeResult
}

func (d *decision) names() []string    { return nil }
func (d *decision) subjects() []string { return nil } // known only when the claims are read
func (d *decision) size() int          { return len(d.ids) }

func (d *decision) need([]intel.NameRow) (intel.Need, error) {
	return intel.Need{ClaimIDs: distinct(d.ids)}, nil
}

func (d *decision) apply(_ context.Context, s *state) error {
	d.result = ChangeResult{}
	var faults intel.FieldErrors
	for i, id := range d.ids {
		if s.claims[id] == nil {
			faults = append(faults, &intel.FieldError{Field: indexed("ids", i), Row: i, Kind: intel.ErrNotFound, Msg: fmt.Sprintf("there is no claim %q", clip(id))})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	for _, id := range distinct(d.ids) {
		// What a REPLACE withdrew would come back with the next one: a person's word
		// against it counts beside that.
		withdrawn := d.retract && !d.byReplace && !s.claims[id].Live() && s.claims[id].Retraction().ByReplace
		if s.claims[id].Live() != d.retract && !withdrawn {
			d.result.Unchanged++
			continue
		}
		s.addEvent(id, intel.Event{Stamp: s.by(d.by), Retracted: d.retract, Reason: d.reason, ByReplace: d.byReplace})
		d.result.Changed++
	}
	return nil
}

func (d *decision) report(t *settlement) {
	d.result.Changes = t.changesOf(nil, d.by)
	d.result.Sources = t.sources
	d.result.Revision = t.revision()
}
