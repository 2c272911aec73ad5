package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dragnet/internal/intel"
)

// BulkResult is what AssertAll did, or with dryRun would do.
type BulkResult struct {
	// Results are those of the inputs, in their order; their Changes, Created and
	// Sources are not set. Of an input that is at fault there is none, but an
	// error in Errs.
	Results []*AssertResult
	Errs    []error
	Changes []Change
	Created int // entities that came into being
	// Revision is that of the graph after the commit.
	Revision intel.Revision
}

// BulkInput is what one call of AssertAll sends.
type BulkInput struct {
	By string // the caller
	// Inputs have no By and no DryRun of their own.
	Inputs []AssertInput
	// Whole writes nothing when any row of any input is at fault.
	Whole  bool
	DryRun bool
}

// ErrFaulty says that a Whole bulk was not written; the faults are in the result.
var ErrFaulty = fmt.Errorf("%w: nothing was written", intel.ErrInvalid)

// AssertAll writes the claims of many sources in one commit, which reads and
// settles once what they share. An input that is at fault (as Assert would say)
// has an error of its own and leaves the others alone. The error is ErrFaulty,
// beside a result, when the input is Whole and something is at fault.
func (c *Catalog) AssertAll(ctx context.Context, in BulkInput) (*BulkResult, error) {
	b := &bulk{by: in.By, whole: in.Whole, assertions: make([]*assertion, len(in.Inputs)), faults: make([]error, len(in.Inputs))}
	for i, in := range in.Inputs {
		in.By = b.by
		if b.whole {
			in.OnError = Abort
		}
		a, err := newAssertion(in)
		if b.faults[i] = err; err != nil {
			continue
		}
		a.late = true
		b.assertions[i] = a
		b.rows += a.size()
	}
	if n := b.rows - len(in.Inputs); n > MaxClaims {
		return nil, &intel.FieldError{Field: "claims", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d claims in all, at most %d go in one call: send them in parts", n, MaxClaims)}
	}
	write := c.write
	if in.DryRun {
		write = c.try
	}
	err := write(ctx, b)
	if errors.Is(err, ErrFaulty) {
		return &BulkResult{Results: make([]*AssertResult, len(b.errs)), Errs: b.errs}, err
	}
	if err != nil {
		return nil, err
	}
	return &b.result, nil
}

// bulk is the work of one AssertAll.
type bulk struct {
	by         string
	whole      bool
	assertions []*assertion // nil where the input is at fault
	faults     []error      // of the inputs as they are
	rows       int
	errs       []error // and what the state of the graph adds
	result     BulkResult
}

func (b *bulk) subjects() []string { return nil } // it commits alone

func (b *bulk) size() int { return b.rows }

func (b *bulk) names() []string {
	var out []string
	for _, a := range b.assertions {
		if a != nil {
			out = append(out, a.names()...)
		}
	}
	return out
}

func (b *bulk) need(found []intel.NameRow) (intel.Need, error) {
	b.errs = append([]error(nil), b.faults...)
	var all intel.Need
	for i, a := range b.assertions {
		if a == nil {
			continue
		}
		n, err := a.need(found)
		if b.errs[i] = err; err == nil {
			all = merge(all, n)
		}
	}
	return all, nil
}

func (b *bulk) apply(ctx context.Context, s *state) error {
	for i, a := range b.assertions {
		if b.errs[i] != nil {
			continue
		}
		if err := a.apply(ctx, s); isInput(err) {
			b.errs[i] = err
		} else if err != nil {
			return err
		}
	}
	if b.whole && slices.ContainsFunc(b.errs, func(err error) bool { return err != nil }) {
		return ErrFaulty
	}
	return nil
}

func (b *bulk) report(t *settlement) {
	b.result = BulkResult{Results: make([]*AssertResult, len(b.assertions)), Errs: b.errs, Changes: t.changesOf(nil, b.by), Created: len(t.created), Revision: t.revision()}
	for i, a := range b.assertions {
		if b.errs[i] == nil {
			a.outcomes(t)
			b.result.Results[i] = &a.result
		}
	}
}
