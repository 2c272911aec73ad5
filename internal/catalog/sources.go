package catalog

import (
	"context"
	"fmt"

	"dragnet/internal/intel"
)

// PutSources describes sources. All faults come back together; a differing
// header whose retrievedAt is missing or equal to a known one is a fault.
func (c *Catalog) PutSources(ctx context.Context, by string, drafts []intel.SourceDraft) (*SourcesResult, error) {
	good, err := checkSources(drafts)
	if err != nil {
		return nil, err
	}
	p := &putting{by: by, drafts: good}
	if err := c.write(ctx, p); err != nil {
		return nil, err
	}
	return &p.result, nil
}

// CheckSources gives the faults of sources that can be seen without the graph.
func CheckSources(drafts []intel.SourceDraft) error {
	_, err := checkSources(drafts)
	return err
}

func checkSources(drafts []intel.SourceDraft) (good []intel.SourceDraft, err error) {
	if len(drafts) > MaxSources {
		return nil, &intel.FieldError{Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d sources, at most %d go in one call: send them in parts", len(drafts), MaxSources)}
	}
	var faults intel.FieldErrors
	for i, d := range drafts {
		d, errs := checkSource(i, d)
		faults = append(faults, errs...)
		good = append(good, d)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return good, nil
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
