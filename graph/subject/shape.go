package subject

import (
	"dragnet/internal/analysis"
	"dragnet/internal/intel"
)

// Shapes shows what an analysis answered: it gives ids, and here is what was read
// of them. What is gone meanwhile is left out.
type Shapes struct {
	res   *Result
	nodes map[string]*intel.Node
	edges map[string]*intel.Edge
}

// NewShapes shows ids by what was read of them.
func NewShapes(r *Result, a *intel.Answer) *Shapes {
	s := &Shapes{res: r, nodes: map[string]*intel.Node{}, edges: map[string]*intel.Edge{}}
	for _, n := range a.Nodes {
		s.nodes[n.ID] = n
	}
	for _, e := range a.Links {
		s.edges[e.Link.ID] = e
	}
	return s
}

// Entity is an entity, nil when it is gone.
func (s *Shapes) Entity(id string) AnyEntity {
	if n := s.nodes[id]; n != nil {
		return s.res.Any(n)
	}
	return nil
}

// Entities are those that are there.
func (s *Shapes) Entities(ids []string) []AnyEntity {
	var there []*intel.Node
	for _, id := range ids {
		if n := s.nodes[id]; n != nil {
			there = append(there, n)
		}
	}
	return rows(s.res, len(there), func(i int) AnyEntity { return s.res.Any(there[i]) })
}

// Links are those that are there.
func (s *Shapes) Links(ids []string) []*Link {
	var there []*intel.Edge
	for _, id := range ids {
		if e := s.edges[id]; e != nil {
			there = append(there, e)
		}
	}
	return rows(s.res, len(there), func(i int) *Link { return s.res.Link(there[i]) })
}

// Neighborhood is a part of the graph.
type Neighborhood struct {
	Of       *Shapes
	Found    *analysis.Neighborhood
	Revision intel.Revision
	// Cursor makes the cursor of a place.
	Cursor func(analysis.Place) string
}

// Nodes lists the entities.
func (n *Neighborhood) Nodes() []AnyEntity {
	ids := make([]string, len(n.Found.Nodes))
	for i, p := range n.Found.Nodes {
		ids[i] = p.ID
	}
	return n.Of.Entities(ids)
}

// The fields of a part of the graph.

func (n *Neighborhood) Links() []*Link              { return n.Of.Links(n.Found.Links) }
func (n *Neighborhood) Total() int                  { return n.Found.Total }
func (n *Neighborhood) Returned() int               { return len(n.Found.Nodes) }
func (n *Neighborhood) TruncatedBy() *analysis.Cut  { return cutOf(n.Found.Cut) }
func (n *Neighborhood) Omitted() []*intel.LinkCount { return pointers(n.Found.Omitted) }

// EndCursor goes on after the part, when there is more.
func (n *Neighborhood) EndCursor() *string {
	if n.Found.Cut != analysis.CutLimit || len(n.Found.Nodes) == 0 {
		return nil
	}
	c := n.Cursor(n.Found.Nodes[len(n.Found.Nodes)-1])
	return &c
}

func cutOf(c analysis.Cut) *analysis.Cut {
	if c == "" {
		return nil
	}
	return &c
}

func pointers[T any](all []T) []*T {
	out := make([]*T, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

// PathSet is the answer to a question about paths.
type PathSet struct {
	Of       *Shapes
	Answer   *analysis.PathAnswer
	Revision intel.Revision
}

// The fields of a set of paths.

func (p *PathSet) Found() analysis.Found      { return p.Answer.Found }
func (p *PathSet) Explored() int              { return p.Answer.Explored }
func (p *PathSet) TruncatedBy() *analysis.Cut { return cutOf(p.Answer.Cut) }

// Paths lists the paths, without those that some link left meanwhile.
func (p *PathSet) Paths() []*Path {
	var out []*Path
	for i := range p.Answer.Paths {
		path := &Path{of: p.Of, path: &p.Answer.Paths[i]}
		if path.whole() {
			out = append(out, path)
		}
	}
	return out
}

// Path is one path.
type Path struct {
	of   *Shapes
	path *analysis.Path
}

func (p *Path) whole() bool {
	for _, id := range p.path.Links {
		if len(p.of.edges) > 0 && p.of.edges[id] == nil {
			return false
		}
	}
	return true
}

// The fields of a path.

func (p *Path) Hops() int          { return len(p.path.Links) }
func (p *Path) Nodes() []AnyEntity { return p.of.Entities(p.path.Nodes) }
func (p *Path) Links() []*Link     { return p.of.Links(p.path.Links) }
func (p *Path) Score() float64     { return p.path.Score }

// Weakest is the least supported link.
func (p *Path) Weakest() *Link {
	at := p.path.Weakest()
	if at < 0 {
		return nil
	}
	if e := p.of.edges[p.path.Links[at]]; e != nil {
		return p.of.res.Link(e)
	}
	return nil
}

// CommonNeighbor is a neighbour that entities share.
type CommonNeighbor struct {
	Entity AnyEntity
	Score  float64
	Links  []*Link
}

// SimilarEntity is an entity that is like another.
type SimilarEntity struct {
	Entity AnyEntity
	Score  float64
	Shared []AnyEntity
}

// CoOccurrence is two entities that share what they are linked to.
type CoOccurrence struct {
	Left, Right AnyEntity
	Score       float64
	Shared      []AnyEntity
	SharedTotal int
}

// ProjectionState says what is kept of the graph in memory.
type ProjectionState struct {
	Ready        bool
	Revision     *intel.Revision
	Bytes        int64
	Nodes, Links int
}
