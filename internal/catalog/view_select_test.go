package catalog

import (
	"context"
	"slices"

	"dragnet/internal/intel"
)

// Select answers from the settled rows, walking over everything.
func (m *memGraph) Select(_ context.Context, s intel.Selection) (*intel.Answer, error) {
	w := memAnswer{m, &intel.Answer{Revision: m.last.Revision, Sources: map[string]*intel.Source{}}}
	for _, id := range distinct(s.IDs) {
		if m.records[id] != nil {
			w.a.Nodes = append(w.a.Nodes, w.node(id, s.Node))
		}
	}
	if s.List != nil {
		w.a.List = w.list(*s.List, s.Node)
	}
	for _, id := range s.LinkIDs {
		if l := m.links[id]; l != nil {
			e := &intel.Edge{Link: l, Parent: w.node(l.From, s.From), Node: w.node(l.To, s.To)}
			w.back(e, s.Link)
			w.a.Links = append(w.a.Links, e)
		}
	}
	if s.LinkList != nil {
		w.a.LinkList = w.linkList(s)
	}
	for _, id := range s.ClaimIDs {
		if c := m.claims[id]; c != nil {
			w.a.Claims = append(w.a.Claims, c)
		}
	}
	w.cite(w.a.Claims)
	if s.ClaimList != nil {
		w.a.ClaimList = w.claimPage(*s.ClaimList, func(*intel.Claim) bool { return true })
	}
	for _, id := range s.SourceIDs {
		if src := m.sources[id]; src != nil {
			w.a.SourceNodes = append(w.a.SourceNodes, w.sourceNode(src, s.SourceClaims))
		}
	}
	if l := s.SourceList; l != nil {
		at := func(x *intel.Source) intel.Position { return intel.PositionOfSource(x, l.Order) }
		w.a.SourceList = w.sources(keepIf(values(m.sources), l.Where.Match), at, l.Page, s.SourceClaims)
	}
	return w.a, nil
}

type memAnswer struct {
	*memGraph
	a *intel.Answer
}

func (w memAnswer) cite(cs []*intel.Claim) []*intel.Claim {
	for _, c := range cs {
		w.a.Sources[c.Source] = w.memGraph.sources[c.Source]
	}
	return cs
}

func cut[V any](rows []V, at func(V) intel.Position, desc []bool, p intel.Page) (out []V, more bool, total int) {
	if p.Count {
		total = len(rows)
	}
	if p.After != nil {
		rows = keepIf(rows, func(v V) bool { return intel.ComparePositions(at(v), *p.After, desc) > 0 })
	}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b V) int { return intel.ComparePositions(at(a), at(b), desc) })
	return rows[:min(p.First, len(rows))], len(rows) > p.First, total
}

func (w memAnswer) holds(f intel.Filter, id string) bool { return intel.Match(f, w.subject(id)) }

func (w memAnswer) subject(id string) intel.Subject {
	return intel.Subject{Record: w.records[id], Linked: func(ends []intel.End) []intel.Neighbor {
		var all []intel.Neighbor
		for _, l := range values(w.links) {
			if other, ok := overEnds(l, id, ends); ok {
				all = append(all, intel.Neighbor{ID: other, Link: l, Subject: func() intel.Subject { return w.subject(other) }})
			}
		}
		return all
	}}
}

func overEnds(l *intel.Link, id string, ends []intel.End) (other string, ok bool) {
	i := slices.IndexFunc(ends, func(e intel.End) bool {
		return e.Type == l.Type && (l.From == id && e.Direction != intel.In || l.To == id && e.Direction != intel.Out)
	})
	if l.From == id {
		return l.To, i >= 0
	}
	return l.From, i >= 0
}

func (w memAnswer) list(l intel.List, sel intel.NodeSelection) *intel.NodePage {
	at := func(r *intel.Record) intel.Position { return intel.PositionOfRecord(r, l.Order) }
	rows := keepIf(values(w.records), func(r *intel.Record) bool { return w.holds(l.Where, r.ID) })
	p := &intel.NodePage{}
	rows, p.More, p.Total = cut(rows, at, intel.Descending(l.Order), l.Page)
	for _, r := range rows {
		p.Nodes = append(p.Nodes, w.node(r.ID, sel))
		p.Positions = append(p.Positions, at(r))
	}
	return p
}

func (w memAnswer) node(id string, sel intel.NodeSelection) *intel.Node {
	r := *w.records[id]
	if !sel.Values {
		r.Facts = nil
	}
	n := &intel.Node{Record: &r, Links: map[string]*intel.LinkPage{}, Claims: map[string]*intel.ClaimPage{}, Sources: map[string]*intel.SourcePage{}}
	if sel.Counts {
		n.Counts = w.counts(id)
	}
	if sel.Evidence {
		n.Evidence = w.cite(keepIf(w.all(), func(c *intel.Claim) bool { return c.Live() && !c.IsLink() && c.Subject == id }))
	}
	for _, l := range sel.Links {
		if isOn(l.On, r.Kind) {
			n.Links[l.Key] = w.linkPage(n, l)
		}
	}
	for _, c := range sel.Claims {
		if isOn(c.On, r.Kind) {
			n.Claims[c.Key] = w.claimPage(c, func(x *intel.Claim) bool { return x.Subject == id })
		}
	}
	for _, p := range sel.Sources {
		if isOn(p.On, r.Kind) {
			of := map[string]*intel.Source{}
			for _, c := range w.all() {
				if c.Live() && (c.Subject == id || c.Object == id) {
					of[c.Source] = w.memGraph.sources[c.Source]
				}
			}
			n.Sources[p.Key] = w.sources(values(of), func(s *intel.Source) intel.Position { return intel.Position{ID: s.ID} }, p.Page, nil)
		}
	}
	return n
}

func (w memAnswer) claimPage(sel intel.ClaimSelection, of func(*intel.Claim) bool) *intel.ClaimPage {
	p := &intel.ClaimPage{}
	rows := keepIf(w.all(), func(c *intel.Claim) bool { return of(c) && sel.Where.Match(c) })
	p.Claims, p.More, p.Total = cut(rows, intel.PositionOf, nil, sel.Page)
	w.cite(p.Claims)
	return p
}

func (w memAnswer) linkList(s intel.Selection) *intel.LinkPage {
	p := &intel.LinkPage{}
	var rows []*intel.Link
	rows, p.More, p.Total = cut(keepIf(values(w.links), s.LinkList.Where.MatchEnds), intel.PositionOfLink, nil, s.LinkList.Page)
	for _, l := range rows {
		e := &intel.Edge{Link: l, Parent: w.node(l.From, s.From), Node: w.node(l.To, s.To), Position: intel.PositionOfLink(l)}
		w.back(e, s.Link)
		p.Edges = append(p.Edges, e)
	}
	return p
}

func (w memAnswer) sources(rows []*intel.Source, at func(*intel.Source) intel.Position, page intel.Page, claims []intel.ClaimSelection) *intel.SourcePage {
	p := &intel.SourcePage{}
	rows, p.More, p.Total = cut(rows, at, nil, page)
	for _, s := range rows {
		p.Sources = append(p.Sources, w.sourceNode(s, claims))
		p.Positions = append(p.Positions, at(s))
	}
	return p
}

func (w memAnswer) sourceNode(s *intel.Source, claims []intel.ClaimSelection) *intel.SourceNode {
	n := &intel.SourceNode{Source: s, Claims: map[string]*intel.ClaimPage{}}
	for _, c := range claims {
		n.Claims[c.Key] = w.claimPage(c, func(x *intel.Claim) bool { return x.Source == s.ID })
	}
	return n
}

func (w memAnswer) linkPage(parent *intel.Node, sel intel.LinkSelection) *intel.LinkPage {
	var rows []*intel.Edge
	for _, l := range values(w.links) {
		other, ok := overEnds(l, parent.ID, sel.Ends)
		if !ok {
			continue
		}
		if !isOn(sel.Kinds, intel.KindOf(other)) || !sel.Link.Match(l, other) || !w.holds(sel.Where, other) {
			continue
		}
		e := &intel.Edge{Link: l, Parent: parent, Node: &intel.Node{Record: w.records[other]}, Position: intel.PositionOfRecord(w.records[other], sel.Order)}
		e.Position.Link = l.ID
		rows = append(rows, e)
	}
	p := &intel.LinkPage{}
	p.Edges, p.More, p.Total = cut(rows, func(e *intel.Edge) intel.Position { return e.Position }, intel.Descending(sel.Order), sel.Page)
	for _, e := range p.Edges {
		e.Node = w.node(e.Node.ID, sel.Node)
		w.back(e, sel)
	}
	return p
}

func (w memAnswer) back(e *intel.Edge, sel intel.LinkSelection) {
	of := func(c *intel.Claim) bool { return c.LinkID() == e.Link.ID }
	if sel.Evidence {
		e.Evidence = w.cite(keepIf(w.all(), func(c *intel.Claim) bool { return c.Live() && of(c) }))
	}
	e.Claims = map[string]*intel.ClaimPage{}
	for _, c := range sel.Claims {
		e.Claims[c.Key] = w.claimPage(c, of)
	}
}

func (w memAnswer) counts(id string) []intel.LinkCount {
	var out []intel.LinkCount
	for _, t := range intel.LinkTypes() {
		for _, d := range []intel.Direction{intel.Out, intel.In, intel.Both} {
			for _, k := range intel.Kinds() {
				n := len(keepIf(values(w.links), func(l *intel.Link) bool {
					out, in := l.From == id && intel.KindOf(l.To) == k, l.To == id && intel.KindOf(l.From) == k
					switch {
					case l.Type != t.Type || t.Symmetric != (d == intel.Both):
						return false
					case d == intel.Both:
						return out || in
					}
					return out && d == intel.Out || in && d == intel.In
				}))
				if n > 0 {
					out = append(out, intel.LinkCount{Type: t.Type, Direction: d, Kind: k, Count: n})
				}
			}
		}
	}
	return out
}
