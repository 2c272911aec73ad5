package subject

import (
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// SearchConnection is a page of what a search found.
type SearchConnection struct {
	rows  []*SearchEdge
	res   *Result
	list  List
	more  bool
	total int
}

// SearchEdge is one row of it.
type SearchEdge struct {
	node  AnyEntity
	found catalog.Found
	in    *SearchConnection
}

// NewSearch is a page of a search, without those rows whose entity is gone
// meanwhile.
func NewSearch(r *Result, path string, page []catalog.Found, nodes []*intel.Node, more bool, total int) *SearchConnection {
	c := &SearchConnection{res: r, list: r.list(path), more: more, total: total}
	byID := map[string]*intel.Node{}
	for _, n := range nodes {
		byID[n.ID] = n
	}
	for _, f := range page {
		if n := byID[f.ID]; n != nil {
			c.rows = append(c.rows, &SearchEdge{node: r.Any(n), found: f, in: c})
		}
	}
	return c
}

// The fields of a page of a search.

func (c *SearchConnection) Edges() []*SearchEdge { return c.rows }
func (c *SearchConnection) TotalCount() int      { return c.total }

// Nodes lists the entities.
func (c *SearchConnection) Nodes() []AnyEntity {
	return rows(c.res, len(c.rows), func(i int) AnyEntity { return c.rows[i].node })
}

// PageInfo says where the page lies.
func (c *SearchConnection) PageInfo() *PageInfo {
	return pageInfo(c.list, c.more, len(c.rows), func(i int) intel.Position { return c.rows[i].found.Position() })
}

// The fields of a row.

func (e *SearchEdge) Node() AnyEntity     { return e.node }
func (e *SearchEdge) Cursor() string      { return EncodeCursor(e.in.list.Query, e.found.Position()) }
func (e *SearchEdge) Score() float64      { return e.found.Score }
func (e *SearchEdge) MatchedName() string { return e.found.MatchedName }

// Resolution says who a name means.
type Resolution struct {
	Name       string
	ClientRef  *string
	Verdict    catalog.Verdict
	Candidates []*Candidate
}

// Candidate is an entity that a name may mean.
type Candidate struct {
	*catalog.Candidate
	Entity AnyEntity
}

// Reasons are what speaks for it and against it.
func (c *Candidate) Reasons() []*catalog.MatchReason { return pointers(c.Candidate.Reasons) }
