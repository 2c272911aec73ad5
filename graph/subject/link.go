package subject

import (
	"context"
	"slices"

	"dragnet/internal/intel"
)

// Link is a settled link in an answer.
type Link struct {
	edge   *intel.Edge
	res    *Result
	change bool // it is of a change: the claim behind its amount is a crossing away
}

// Link wraps a link of the result.
func (r *Result) Link(e *intel.Edge) *Link { return &Link{edge: e, res: r} }

// IsNode marks the types of the interface.
func (l *Link) IsNode() {}

// The fields of a link.

func (l *Link) ID() string                           { return l.edge.Link.ID }
func (l *Link) Type() intel.LinkType                 { return l.edge.Link.Type }
func (l *Link) From() AnyEntity                      { return l.res.Any(l.edge.FromNode()) }
func (l *Link) To() AnyEntity                        { return l.res.Any(l.edge.ToNode()) }
func (l *Link) Support() int                         { return l.edge.Link.Support.Percent() }
func (l *Link) Origins() int                         { return l.edge.Link.Origins }
func (l *Link) Disputed() bool                       { return l.edge.Link.Disputed }
func (l *Link) ValidFrom() (intel.PartialDate, bool) { return some(l.edge.Link.ValidFrom) }
func (l *Link) ValidTo() (intel.PartialDate, bool)   { return some(l.edge.Link.ValidTo) }
func (l *Link) Role() (string, bool)                 { return l.edge.Link.Role, l.edge.Link.Role != "" }
func (l *Link) On() (intel.PartialDate, bool)        { return some(l.edge.Link.On) }

func some(d intel.PartialDate) (intel.PartialDate, bool) { return d, !d.IsZero() }

// Amount is what its claims settle to as its amount.
func (l *Link) Amount() *Quantity {
	a := l.edge.Link.Amount
	if a == nil {
		return nil
	}
	q := a.Value.Quantity
	return &Quantity{q: q, standing: standing{res: l.res, subject: l.edge.FromNode(), edge: l.edge, shown: *a, change: l.change, of: func() []*intel.Claim {
		return slices.DeleteFunc(slices.Clone(l.edge.Evidence), func(c *intel.Claim) bool {
			return c.Amount == nil || c.Amount.Value != q.Value || c.Amount.Max != q.Max || c.Amount.Unit != q.Unit
		})
	}}}
}

// Sources lists the sources of its claims.
func (l *Link) Sources() []*Source { return l.res.sourcesOf(l.edge.Evidence) }

// Claims is a page of the claims behind it.
func (l *Link) Claims(ctx context.Context) *ClaimConnection {
	path := l.res.path(ctx)
	return claimPage(l.res, path, l.edge.Claims[path], func(c *intel.Claim) *Claim {
		return &Claim{claim: c, subject: l.edge.FromNode(), edge: l.edge, res: l.res}
	}, l.edge.Claims == nil)
}

// AbsentEdge stands for a link that is not in the settled graph, as a claim or
// a change names it.
func AbsentEdge(id string, from, to *intel.Node) *intel.Edge {
	t, f, o, _ := intel.SplitLinkID(id)
	return &intel.Edge{Link: &intel.Link{ID: id, Type: t, From: f, To: o, Disputed: true}, Parent: from, Node: to}
}

// LinkPage wraps a page of links that was read at a path.
func (r *Result) LinkPage(path string, page *intel.LinkPage) *LinkConnection {
	return &LinkConnection{page: page, res: r, list: r.list(path)}
}

// LinkConnection is a page of links.
type LinkConnection struct {
	page *intel.LinkPage
	res  *Result
	list List
}

// Nodes lists the links.
func (c *LinkConnection) Nodes() []*Link {
	return rows(c.res, len(c.page.Edges), func(i int) *Link { return &Link{edge: c.page.Edges[i], res: c.res} })
}

// Edges lists them with their cursors.
func (c *LinkConnection) Edges() []*LinkEdge {
	return rows(c.res, len(c.page.Edges), func(i int) *LinkEdge { return &LinkEdge{edge: c.page.Edges[i], in: c} })
}

// PageInfo says where the page lies.
func (c *LinkConnection) PageInfo() *PageInfo {
	return pageInfo(c.list, c.page.More, len(c.page.Edges), func(i int) intel.Position { return c.page.Edges[i].Position })
}

// TotalCount counts the links of all pages.
func (c *LinkConnection) TotalCount() int { return c.page.Total }

// LinkEdge is one row of a LinkConnection.
type LinkEdge struct {
	edge *intel.Edge
	in   *LinkConnection
}

// Node is the link.
func (e *LinkEdge) Node() *Link { return &Link{edge: e.edge, res: e.in.res} }

// Cursor is the place of the row.
func (e *LinkEdge) Cursor() string { return EncodeCursor(e.in.list.Query, e.edge.Position) }

// Neighbor is the entity at the other end.
func (e *LinkEdge) Neighbor() AnyEntity { return e.in.res.Any(e.edge.Node) }
