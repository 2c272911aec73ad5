package subject

import (
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// PutSourcesPayload is what became of sources.
type PutSourcesPayload struct {
	result *catalog.SourcesResult
	res    *Result
}

// PutSources wraps what PutSources of the catalog did.
func PutSources(r *Result, result *catalog.SourcesResult) *PutSourcesPayload {
	return &PutSourcesPayload{result: result, res: r}
}

// The fields of the payload.

func (p *PutSourcesPayload) Added() int               { return p.result.Added }
func (p *PutSourcesPayload) Changed() int             { return p.result.Changed }
func (p *PutSourcesPayload) Unchanged() int           { return p.result.Unchanged }
func (p *PutSourcesPayload) Revision() intel.Revision { return p.result.Revision }

// Sources lists the sources as they are now.
func (p *PutSourcesPayload) Sources() []*Source {
	out := make([]*Source, len(p.result.Sources))
	for i, s := range p.result.Sources {
		out[i] = p.res.Source(&intel.SourceNode{Source: s})
	}
	return out
}

// AssertClaimsPayload is what became of claims.
type AssertClaimsPayload struct {
	result *catalog.AssertResult
	res    *Result
}

// AssertClaims wraps what Assert of the catalog did.
func AssertClaims(r *Result, result *catalog.AssertResult) *AssertClaimsPayload {
	return &AssertClaimsPayload{result: result, res: r}
}

// The fields of the payload.

func (p *AssertClaimsPayload) Added() int               { return p.result.Claims[catalog.Added] }
func (p *AssertClaimsPayload) Unchanged() int           { return p.result.Claims[catalog.Unchanged] }
func (p *AssertClaimsPayload) Suppressed() int          { return p.result.Claims[catalog.Suppressed] }
func (p *AssertClaimsPayload) Rejected() int            { return p.result.Rejected() }
func (p *AssertClaimsPayload) Retracted() int           { return p.result.Retracted }
func (p *AssertClaimsPayload) EntitiesCreated() int     { return p.result.Created }
func (p *AssertClaimsPayload) Revision() intel.Revision { return p.result.Revision }
func (p *AssertClaimsPayload) Changes() []*Change       { return p.res.changes(p.result.Changes) }

// Results lists what became of each row.
func (p *AssertClaimsPayload) Results() []*ClaimResult {
	out := make([]*ClaimResult, len(p.result.Rows))
	for i := range p.result.Rows {
		out[i] = &ClaimResult{row: &p.result.Rows[i], res: p.res}
	}
	return out
}

// Change wraps a change of the result.
func (r *Result) Change(c *catalog.Change) *Change { return &Change{change: c, res: r} }

func (r *Result) changes(cs []catalog.Change) []*Change {
	return rows(r, len(cs), func(i int) *Change { return r.Change(&cs[i]) })
}

// ClaimResult is what became of one row.
type ClaimResult struct {
	row *catalog.RowResult
	res *Result
}

// The fields of the result of a row.

func (r *ClaimResult) Index() int                { return r.row.Index }
func (r *ClaimResult) ClientRef() (string, bool) { return given(r.row.ClientRef) }
func (r *ClaimResult) Outcome() catalog.Outcome  { return r.row.Outcome }
func (r *ClaimResult) Claim() *Claim             { return r.res.Claim(r.row.Claim) }
func (r *ClaimResult) Subject() (string, bool)   { return given(r.row.Subject) }

// Error says what is wrong with the row.
func (r *ClaimResult) Error() (string, bool) {
	if r.row.Err == nil {
		return "", false
	}
	return r.row.Err.Msg, true
}

// Field says where it is wrong.
func (r *ClaimResult) Field() (string, bool) {
	if r.row.Err == nil {
		return "", false
	}
	return given(r.row.Err.Field)
}

// ChangeClaimsPayload is what a retraction or reinstatement changed.
type ChangeClaimsPayload struct {
	result *catalog.ChangeResult
	res    *Result
}

// ChangeClaims wraps what Retract or Reinstate of the catalog did.
func ChangeClaims(r *Result, result *catalog.ChangeResult) *ChangeClaimsPayload {
	return &ChangeClaimsPayload{result: result, res: r}
}

// The fields of the payload.

func (p *ChangeClaimsPayload) Changed() int             { return p.result.Changed }
func (p *ChangeClaimsPayload) Unchanged() int           { return p.result.Unchanged }
func (p *ChangeClaimsPayload) Revision() intel.Revision { return p.result.Revision }
func (p *ChangeClaimsPayload) Changes() []*Change       { return p.res.changes(p.result.Changes) }
