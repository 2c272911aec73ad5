package subject

import (
	"context"
	"slices"
	"time"

	"dragnet/internal/intel"
)

// Source is a source in an answer.
type Source struct {
	node *intel.SourceNode
	res  *Result
}

// Source wraps a source of the result.
func (r *Result) Source(n *intel.SourceNode) *Source { return &Source{node: n, res: r} }

// IsNode marks the types of the interface.
func (s *Source) IsNode() {}

// The fields of a source.

func (s *Source) ID() string                             { return s.node.ID }
func (s *Source) Title() string                          { return s.node.Title }
func (s *Source) Publisher() (string, bool)              { return given(s.node.Publisher) }
func (s *Source) URL() (string, bool)                    { return given(s.node.URL) }
func (s *Source) PublishedOn() (intel.PartialDate, bool) { return some(s.node.PublishedOn) }
func (s *Source) Language() (string, bool)               { return given(s.node.Language) }
func (s *Source) Reliability() intel.Reliability         { return s.node.Reliability }
func (s *Source) Marking() intel.Marking                 { return s.node.Marking }
func (s *Source) Stub() bool                             { return s.node.Stub }
func (s *Source) ClaimCount() int                        { return s.node.Source.Claims }

func given(s string) (string, bool) { return s, s != "" }

// RetrievedAt says when it was looked at.
func (s *Source) RetrievedAt() (time.Time, bool) {
	t := s.node.RetrievedAt
	return t, !t.IsZero()
}

// DerivedFrom lists the sources it takes its content from.
func (s *Source) DerivedFrom(ctx context.Context) []*Source {
	return s.res.sourcesAt(s.res.path(ctx), s.node.DerivedFrom)
}

// Origins lists the sources at the end of its chains.
func (s *Source) Origins(ctx context.Context) []*Source {
	return s.res.sourcesAt(s.res.path(ctx), s.node.Origins)
}

// sourcesAt gives sources that were read at a crossing; one that nobody
// described and no claim names is a stub.
func (r *Result) sourcesAt(path string, ids []string) []*Source {
	return rows(r, len(ids), func(i int) *Source {
		n := r.SourceNodes[path][ids[i]]
		if n == nil {
			n = &intel.SourceNode{Source: intel.StubSource(ids[i])}
		}
		return &Source{node: n, res: r}
	})
}

// Claims is a page of the claims that rest on it: read with it, or at a
// crossing.
func (s *Source) Claims(ctx context.Context) *ClaimConnection {
	path := s.res.path(ctx)
	page := s.node.Claims[path]
	if page == nil {
		if n := s.res.SourceNodes[path][s.node.ID]; n != nil {
			page = n.Claims[path]
		}
	}
	return claimPage(s.res, path, page, s.res.Claim, true)
}

// sourcesOf lists the sources of claims by id, each once.
func (r *Result) sourcesOf(claims []*intel.Claim) []*Source {
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.Source)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return rows(r, len(ids), func(i int) *Source { return r.source(ids[i]) })
}

// SourceConnection is a page of sources.
type SourceConnection struct {
	page *intel.SourcePage
	res  *Result
	list List
}

// SourcePage wraps a page of sources that was read at a path.
func (r *Result) SourcePage(path string, page *intel.SourcePage) *SourceConnection {
	return &SourceConnection{page: page, res: r, list: r.list(path)}
}

// Nodes lists the sources.
func (c *SourceConnection) Nodes() []*Source {
	return rows(c.res, len(c.page.Sources), func(i int) *Source { return c.res.Source(c.page.Sources[i]) })
}

// Edges lists them with their cursors.
func (c *SourceConnection) Edges() []*SourceEdge {
	return rows(c.res, len(c.page.Sources), func(i int) *SourceEdge { return &SourceEdge{i: i, in: c} })
}

// PageInfo says where the page lies.
func (c *SourceConnection) PageInfo() *PageInfo {
	return pageInfo(c.list, c.page.More, len(c.page.Sources), func(i int) intel.Position { return c.page.Positions[i] })
}

// TotalCount counts the sources of all pages.
func (c *SourceConnection) TotalCount() int { return c.page.Total }

// SourceEdge is one row of a SourceConnection.
type SourceEdge struct {
	i  int
	in *SourceConnection
}

// Node is the source.
func (e *SourceEdge) Node() *Source { return e.in.res.Source(e.in.page.Sources[e.i]) }

// Cursor is the place of the row.
func (e *SourceEdge) Cursor() string { return EncodeCursor(e.in.list.Query, e.in.page.Positions[e.i]) }
