package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"dragnet/graph/subject"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

type mutation struct{ g *Graph }

// PutSources describes sources.
func (m mutation) PutSources(ctx context.Context, _ []in) (*subject.PutSourcesPayload, error) {
	p, err := m.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	var drafts []intel.SourceDraft
	for _, o := range p.args.objects("input") {
		drafts = append(drafts, readSource(o))
	}
	w := p.writing()
	if len(p.faults) > 0 {
		return nil, refuse(ctx, rowsOf(append(p.faults, p.others(inRows(catalog.CheckSources(drafts)))...)))
	}
	done, err := m.g.cat.PutSources(ctx, m.g.opts.Caller(ctx), drafts)
	if err != nil {
		return nil, refuseBatch(ctx, "input", inRows(err))
	}
	for _, s := range done.Sources {
		p.res.Sources[s.ID] = s
		w.follow().source(&w.sources, s)
	}
	return subject.PutSources(p.res, done), p.cross(ctx)
}

// inRows puts the rows of a batch that is the whole argument into the fields.
func inRows(err error) error {
	var many intel.FieldErrors
	if !errors.As(err, &many) {
		return err
	}
	out := make(intel.FieldErrors, len(many))
	for i, e := range many {
		out[i] = e
		if e.Row >= 0 {
			out[i] = e.At(fmt.Sprintf("[%d]", e.Row))
		}
	}
	return out
}

// rowsOf tells the row of faults that were found in reading a list.
func rowsOf(faults []fault) []fault {
	for i := range faults {
		if n := 0; faults[i].Row < 0 {
			if _, err := fmt.Sscanf(faults[i].Field, "input[%d]", &n); err == nil {
				faults[i].Row = n
			}
		}
	}
	return faults
}

// AssertClaims adds claims of one source.
func (m mutation) AssertClaims(ctx context.Context, _ in) (*subject.AssertClaimsPayload, error) {
	p, err := m.g.startWriting(ctx)
	if err != nil {
		return nil, err
	}
	raw, _ := p.root.field.ArgumentMap(p.op.Variables)["input"].(map[string]any)
	r := newReader(p.schema, m.g.opts.Limits)
	a := readAssertion(r, raw)
	p.settle(p.root, r)
	w := p.writing()
	if len(p.faults) > 0 {
		return nil, refuse(ctx, append(p.faults, p.others(m.g.rest(ctx, a))...))
	}
	a.By = m.g.opts.Caller(ctx)
	done, err := m.g.assert(ctx, a)
	if err != nil {
		return nil, refuseBatch(ctx, "input", err)
	}
	return subject.AssertClaims(p.res, done), w.read(ctx, done.Sources, claimsIn(done.Rows), done.Changes)
}

// assert sends what could be read and puts what could not beside its result.
// When a bad row stops the batch, the other rows are tried without writing, so
// that all faults come back together.
func (g *Graph) assert(ctx context.Context, a *assertion) (*catalog.AssertResult, error) {
	stop := len(a.bad) > 0 && (a.OnError != catalog.Skip || a.Mode == catalog.Replace)
	send := a.AssertInput
	send.DryRun = a.DryRun || stop
	done, err := g.cat.Assert(ctx, send)
	var faults intel.FieldErrors
	if err != nil && !errors.As(err, &faults) {
		return nil, err
	}
	faults = a.place(faults)
	if stop {
		faults = append(faults, a.bad...)
		slices.SortStableFunc(faults, func(x, y *intel.FieldError) int { return cmp.Compare(x.Row, y.Row) })
	}
	if len(faults) > 0 {
		return nil, inside(faults)
	}
	done.Rows = a.results(done.Rows)
	return done, nil
}

// rest gives the faults of an assertion beside those found in reading what
// stands above its rows; nothing is written.
func (g *Graph) rest(ctx context.Context, a *assertion) error {
	a.DryRun, a.OnError = true, catalog.Abort
	if a.SourceID == "" && a.Source == nil {
		a.SourceID = intel.SourcePrefix + "unread"
	}
	_, err := g.assert(ctx, a)
	return err
}

// others gives the faults in err of fields that have none yet.
func (p *planner) others(err error) []fault {
	var many intel.FieldErrors
	if !errors.As(err, &many) {
		return nil
	}
	var out []fault
	for _, e := range many {
		e = e.At("input")
		if !slices.ContainsFunc(p.faults, func(f fault) bool { return f.Field == e.Field }) {
			out = append(out, fault{FieldError: e, path: p.root.keys, at: p.root.field.Position})
		}
	}
	return out
}

// place numbers faults by the rows that were sent.
func (a *assertion) place(faults intel.FieldErrors) intel.FieldErrors {
	out := make(intel.FieldErrors, len(faults))
	for i, e := range faults {
		c := *e
		if c.Row >= 0 {
			c.Row = a.rows[c.Row]
			c = *c.At(fmt.Sprintf("claims[%d]", c.Row))
		}
		out[i] = &c
	}
	return out
}

// inside takes the argument's name off the fields of faults that were found in
// reading; it is put before all of them again.
func inside(faults intel.FieldErrors) intel.FieldErrors {
	const prefix = "input."
	for i, e := range faults {
		if len(e.Field) > len(prefix) && e.Field[:len(prefix)] == prefix {
			c := *e
			c.Field = e.Field[len(prefix):]
			faults[i] = &c
		}
	}
	return faults
}

// results numbers the rows as they were sent, with the bad ones among them.
func (a *assertion) results(rows []catalog.RowResult) []catalog.RowResult {
	out := make([]catalog.RowResult, len(a.refs))
	for i, r := range rows {
		r.Index = a.rows[i]
		out[r.Index] = r
	}
	for _, e := range a.bad {
		if out[e.Row].Err == nil {
			own := *e
			own.Field = belowRow(e)
			out[e.Row] = catalog.RowResult{Index: e.Row, ClientRef: a.refs[e.Row], Outcome: catalog.Rejected, Err: &own}
		}
	}
	return out
}

// belowRow is the field of a fault seen from its row.
func belowRow(e *intel.FieldError) string {
	row := fmt.Sprintf("input.claims[%d]", e.Row)
	if e.Field == row {
		return ""
	}
	return e.Field[len(row)+1:]
}

func claimsIn(rows []catalog.RowResult) []*intel.Claim {
	var out []*intel.Claim
	for _, r := range rows {
		if r.Claim != nil {
			out = append(out, r.Claim)
		}
	}
	return out
}

// RetractClaims withdraws claims.
func (m mutation) RetractClaims(ctx context.Context, _ []string, _ string) (*subject.ChangeClaimsPayload, error) {
	return m.change(ctx, m.g.cat.Retract)
}

// ReinstateClaims brings retracted claims back.
func (m mutation) ReinstateClaims(ctx context.Context, _ []string, _ string) (*subject.ChangeClaimsPayload, error) {
	return m.change(ctx, m.g.cat.Reinstate)
}

func (m mutation) change(ctx context.Context, do func(context.Context, string, []string, string) (*catalog.ChangeResult, error)) (*subject.ChangeClaimsPayload, error) {
	p, err := m.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	ids := list[string](p.args, "ids")
	for i, id := range ids {
		if err := claimID(id); err != nil {
			p.args.r.failed(p.args.place("ids").item(i), err)
		}
	}
	p.settle(p.root, p.args.r)
	w := p.writing()
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	done, err := do(ctx, m.g.opts.Caller(ctx), ids, p.args.text("reason"))
	if err != nil {
		return nil, refuseBatch(ctx, "", err)
	}
	return subject.ChangeClaims(p.res, done), w.read(ctx, done.Sources, nil, done.Changes)
}
