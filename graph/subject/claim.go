package subject

import (
	"context"
	"time"

	"dragnet/internal/intel"
)

// Claim is a claim in an answer. subject and edge are given where it was read
// with its subject or its link; else they were read at a crossing.
type Claim struct {
	claim   *intel.Claim
	subject *intel.Node
	edge    *intel.Edge
	res     *Result
}

// Claim wraps a claim of the result; nil stays nil.
func (r *Result) Claim(c *intel.Claim) *Claim {
	if c == nil {
		return nil
	}
	return &Claim{claim: c, res: r}
}

// IsNode marks the types of the interface.
func (c *Claim) IsNode() {}

// The fields of a claim.

func (c *Claim) ID() string                           { return c.claim.ID }
func (c *Claim) Property() (intel.Property, bool)     { return c.claim.Property, !c.claim.IsLink() }
func (c *Claim) Stance() intel.Stance                 { return c.claim.Stance }
func (c *Claim) Confidence() int                      { return c.claim.Confidence }
func (c *Claim) Source() *Source                      { return c.res.source(c.claim.Source) }
func (c *Claim) Locator() (string, bool)              { return c.claim.Locator, c.claim.Locator != "" }
func (c *Claim) Quote() (string, bool)                { return c.claim.Quote, c.claim.Quote != "" }
func (c *Claim) Role() (string, bool)                 { return c.claim.Role, c.claim.Role != "" }
func (c *Claim) On() (intel.PartialDate, bool)        { return some(c.claim.On) }
func (c *Claim) ValidFrom() (intel.PartialDate, bool) { return some(c.claim.ValidFrom) }
func (c *Claim) ValidTo() (intel.PartialDate, bool)   { return some(c.claim.ValidTo) }
func (c *Claim) RecordedAt() time.Time                { return c.claim.Added.At }
func (c *Claim) RecordedBy() string                   { return c.claim.Added.By }
func (c *Claim) Revision() intel.Revision             { return c.res.revision(c.claim.Added.Revision) }

// Subject is whom the claim is about.
func (c *Claim) Subject(ctx context.Context) AnyEntity {
	if c.subject != nil {
		return c.res.Any(c.subject)
	}
	return c.res.entityAt(c.res.path(ctx), c.claim.Subject)
}

// Value is what a property claim states.
func (c *Claim) Value() Value {
	if c.claim.IsLink() {
		return nil
	}
	return c.res.value(c.claim.Value, standing{res: c.res, subject: c.subject, self: c})
}

// Link is what a link claim is about.
func (c *Claim) Link(ctx context.Context) *Link {
	if !c.claim.IsLink() {
		return nil
	}
	e := c.edge
	if e == nil {
		e = c.res.Edges[c.res.path(ctx)][c.claim.LinkID()]
	}
	if e == nil {
		e = AbsentEdge(c.claim.LinkID(), Absent(c.claim.Subject), Absent(c.claim.Object))
	}
	return &Link{edge: e, res: c.res}
}

// SaidBy is whom the document quotes.
func (c *Claim) SaidBy(ctx context.Context) AnyEntity {
	if c.claim.SaidBy == "" {
		return nil
	}
	return c.res.entityAt(c.res.path(ctx), c.claim.SaidBy)
}

// RetractedAt says when it was withdrawn.
func (c *Claim) RetractedAt() (time.Time, bool) {
	if e := c.claim.Retraction(); e != nil {
		return e.At, true
	}
	return time.Time{}, false
}

// RetractedBy says who withdrew it.
func (c *Claim) RetractedBy() (string, bool) {
	if e := c.claim.Retraction(); e != nil {
		return e.By, true
	}
	return "", false
}

// RetractReason says why it was withdrawn.
func (c *Claim) RetractReason() (string, bool) {
	if e := c.claim.Retraction(); e != nil {
		return e.Reason, true
	}
	return "", false
}

// ClaimConnection is a page of claims.
type ClaimConnection struct {
	page *intel.ClaimPage
	wrap func(*intel.Claim) *Claim
	res  *Result
	list List
}

// claimPage is a page of claims as it was read at the path; nothing is read
// where there was nothing to read from.
func claimPage(r *Result, path string, page *intel.ClaimPage, wrap func(*intel.Claim) *Claim, none bool) *ClaimConnection {
	if page == nil {
		if !none {
			panic("graph: no page of claims at " + path)
		}
		page = &intel.ClaimPage{}
	}
	return &ClaimConnection{page: page, wrap: wrap, res: r, list: r.list(path)}
}

// ClaimPage wraps a page of claims that was read at a path.
func (r *Result) ClaimPage(path string, page *intel.ClaimPage) *ClaimConnection {
	return claimPage(r, path, page, r.Claim, false)
}

// Nodes lists the claims.
func (c *ClaimConnection) Nodes() []*Claim {
	return rows(c.res, len(c.page.Claims), func(i int) *Claim { return c.wrap(c.page.Claims[i]) })
}

// Edges lists them with their cursors.
func (c *ClaimConnection) Edges() []*ClaimEdge {
	return rows(c.res, len(c.page.Claims), func(i int) *ClaimEdge { return &ClaimEdge{claim: c.page.Claims[i], in: c} })
}

// PageInfo says where the page lies.
func (c *ClaimConnection) PageInfo() *PageInfo {
	return pageInfo(c.list, c.page.More, len(c.page.Claims), func(i int) intel.Position { return intel.PositionOf(c.page.Claims[i]) })
}

// TotalCount counts the claims of all pages.
func (c *ClaimConnection) TotalCount() int { return c.page.Total }

// ClaimEdge is one row of a ClaimConnection.
type ClaimEdge struct {
	claim *intel.Claim
	in    *ClaimConnection
}

// Node is the claim.
func (e *ClaimEdge) Node() *Claim { return e.in.wrap(e.claim) }

// Cursor is the place of the row.
func (e *ClaimEdge) Cursor() string { return EncodeCursor(e.in.list.Query, intel.PositionOf(e.claim)) }
