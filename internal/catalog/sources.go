package catalog

import (
	"context"
	"fmt"

	"dragnet/internal/intel"
)

// PutSources describes sources. All faults come back together; a differing
// header whose retrievedAt is missing or equal to a known one is a fault.
func (c *Catalog) PutSources(ctx context.Context, by string, drafts []intel.SourceDraft) (*SourcesResult, error) {
	p := &putting{by: by}
	var faults intel.FieldErrors
	if len(drafts) > MaxSources {
		return nil, &intel.FieldError{Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d sources, at most %d go in one call: send them in parts", len(drafts), MaxSources)}
	}
	for i, d := range drafts {
		good, errs := checkSource(i, d)
		faults = append(faults, errs...)
		p.drafts = append(p.drafts, good)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	if err := c.write(ctx, p); err != nil {
		return nil, err
	}
	return &p.result, nil
}

// putting is the work of one PutSources.
type putting struct {
	by     string
	drafts []intel.SourceDraft
	result SourcesResult
}

func (p *putting) names() []string    { return nil }
func (p *putting) subjects() []string { return nil }
func (p *putting) size() int          { return len(p.drafts) }

func (p *putting) need([]intel.NameRow) (intel.Need, error) {
	var n intel.Need
	for _, d := range p.drafts {
		n.Sources = append(n.Sources, d.ID)
		n.Sources = append(n.Sources, d.DerivedFrom...)
	}
	n.Sources = distinct(n.Sources)
	return n, nil
}

func (p *putting) apply(_ context.Context, s *state) error {
	p.result = SourcesResult{}
	var faults intel.FieldErrors
	for i, d := range p.drafts {
		added, changed, err := s.putHeader(d, false, p.by)
		if fe, ok := err.(*intel.FieldError); ok { //nolint:errorlint // made right here, never wrapped
			fe.Row = i
			faults = append(faults, fe)
			continue
		}
		switch {
		case err != nil:
			return err
		case added:
			p.result.Added++
		case changed:
			p.result.Changed++
		default:
			p.result.Unchanged++
		}
	}
	// A put commits alone: with a fault the whole state is thrown away.
	if len(faults) > 0 {
		return faults
	}
	return nil
}

func (p *putting) report(t *settlement) {
	p.result.Sources = nil
	for _, d := range p.drafts {
		p.result.Sources = append(p.result.Sources, t.sources[d.ID])
	}
	p.result.Revision = t.revision()
}
