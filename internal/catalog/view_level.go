package catalog

import (
	"cmp"
	"context"
	"slices"

	"dragnet/internal/intel"
)

// spot is a node of the answer that is still empty.
type spot struct {
	node *intel.Node
	id   string
	sel  *intel.NodeSelection
}

// branch is one page of links of a node before it is cut: every link that may
// stand on it.
type branch struct {
	parent *intel.Node
	sel    *intel.LinkSelection
	where  intel.Filter // of the neighbours, without areas
	hops   []hop
}

// hop is a link and the neighbour it leads to.
type hop struct {
	link  *intel.Link
	other string
}

// level fills the nodes of one level of the tree and gives the spots of the
// next: one Collect for the nodes' links, one for their neighbours' properties
// (which brings the neighbours' links too when they are few, so that the next
// level has nothing to read).
func (g *reading) level(ctx context.Context, spots []spot) ([]spot, error) {
	var w want
	var ids []string
	for _, s := range spots {
		g.wantNode(&w, s.id, s.sel)
		ids = append(ids, s.id)
	}
	if err := g.load(ctx, w, narrowTree); err != nil {
		return nil, err
	}
	if err := g.revise(ctx, ids, narrowTree); err != nil {
		return nil, err
	}
	var branches []branch
	for _, s := range spots {
		g.fillNode(s)
		for i := range s.sel.Links {
			if sel := &s.sel.Links[i]; isOn(sel.On, s.node.Kind) {
				where, err := g.withoutAreas(ctx, sel.Where)
				if err != nil {
					return nil, err
				}
				branches = append(branches, branch{s.node, sel, where, g.hops(s.id, sel)})
			}
		}
	}
	if err := g.loadNeighbours(ctx, branches); err != nil {
		return nil, err
	}
	var next []spot
	for _, b := range branches {
		next = append(next, g.linkPage(b)...)
	}
	return next, nil
}

// fillNode gives a node what does not depend on its neighbours.
func (g *reading) fillNode(s spot) {
	own := *g.record(s.id)
	if !s.sel.Values {
		own.Facts = nil
	}
	n := s.node
	*n = intel.Node{Record: &own, Links: map[string]*intel.LinkPage{}, Claims: map[string]*intel.ClaimPage{}, Sources: map[string]*intel.SourcePage{}}
	if s.sel.Evidence {
		n.Evidence = g.cite(live(g.about[s.id]))
	}
	if s.sel.Counts {
		n.Counts = g.linkCounts(s.id)
	}
	for i := range s.sel.Claims {
		if sel := &s.sel.Claims[i]; isOn(sel.On, n.Kind) {
			n.Claims[sel.Key] = g.claimPage(sel, g.claimsAbout(s.id))
		}
	}
	for _, sel := range s.sel.Sources {
		if isOn(sel.On, n.Kind) {
			n.Sources[sel.Key] = g.sourcePage(s.id, sel.Page)
		}
	}
}

// hops lists the links of an entity that a selection may show, as far as links
// and ids alone can tell.
func (g *reading) hops(id string, sel *intel.LinkSelection) []hop {
	// Rivals are not marked yet.
	undisputed := sel.Link
	undisputed.Disputed = nil
	var out []hop
	for _, link := range g.links[id] {
		t, from, to, _ := intel.SplitLinkID(link)
		other, ok := across(t, from, to, id, sel.Ends)
		if !ok || !isOn(sel.Kinds, intel.KindOf(other)) {
			continue
		}
		if l := g.link(link); l != nil && undisputed.Match(l, other) {
			out = append(out, hop{l, other})
		}
	}
	return out
}

// across walks a link from one of its ends, when the wanted ends allow it.
func across(t intel.LinkType, from, to, id string, ends []intel.End) (string, bool) {
	for _, e := range ends {
		switch {
		case e.Type != t:
		case from == id && e.Direction != intel.In:
			return to, true
		case to == id && e.Direction != intel.Out:
			return from, true
		}
	}
	return "", false
}

// needsRecords says that the page cannot be cut without knowing the neighbours.
func (b *branch) needsRecords() bool {
	return b.sel.Where != nil || b.sel.Page.First > 0 || b.sel.Page.After != nil
}

// loadNeighbours reads what cutting the pages needs: the neighbours' names and
// properties, what filters and orders ask beside them, and the rivals of
// exclusive links that lead to the parents.
func (g *reading) loadNeighbours(ctx context.Context, branches []branch) error {
	var w want
	var asked questions
	others := map[string]bool{}
	for _, b := range branches {
		var own []string
		for _, h := range b.hops {
			g.wantRivals(&w, h)
			if b.needsRecords() {
				own = append(own, h.other)
				others[h.other] = true
			}
		}
		w.about = append(w.about, own...)
		asked.add(own, b.where, b.sel.Order)
	}
	if len(others) <= g.limits.together {
		for _, b := range branches {
			for _, h := range b.hops {
				if others[h.other] {
					g.wantNode(&w, h.other, &b.sel.Node)
				}
			}
		}
	}
	return g.loadAsked(ctx, w, asked, narrowTree)
}

// wantRivals wants what tells whether a rival disputes a link.
func (g *reading) wantRivals(w *want, h hop) {
	if isExclusive(h.link.Type, h.link.From, h.link.To) {
		w.from = append(w.from, intel.FromNeed{From: h.link.From, Type: h.link.Type})
	}
}

// linkPage cuts a page of links and gives the spots of the neighbours on it.
func (g *reading) linkPage(b branch) []spot {
	page := &intel.LinkPage{}
	b.parent.Links[b.sel.Key] = page
	var edges []*intel.Edge
	for _, h := range b.hops {
		g.markRivals(h.link)
		if !b.sel.Link.Match(h.link, h.other) || !g.matches(b.where, h.other) {
			continue
		}
		e := &intel.Edge{Link: h.link, Parent: b.parent, Position: intel.Position{ID: h.other}}
		if b.needsRecords() {
			e.Position = intel.PositionOfRecord(g.record(h.other), b.sel.Order)
		}
		e.Position.Link = h.link.ID
		edges = append(edges, e)
	}
	at := func(e *intel.Edge) intel.Position { return e.Position }
	page.Edges, page.More, page.Total = cutPage(edges, at, intel.Descending(b.sel.Order), b.sel.Page)
	var spots []spot
	for _, e := range page.Edges {
		g.backLink(e, b.sel)
		e.Node = &intel.Node{}
		spots = append(spots, spot{e.Node, e.Position.ID, &b.sel.Node})
	}
	return spots
}

// backLink brings what is wanted of a link's claims.
func (g *reading) backLink(e *intel.Edge, sel *intel.LinkSelection) {
	if sel.Evidence {
		e.Evidence = g.cite(live(g.claims[e.Link.ID]))
	}
	e.Claims = map[string]*intel.ClaimPage{}
	for i := range sel.Claims {
		e.Claims[sel.Claims[i].Key] = g.claimPage(&sel.Claims[i], g.claims[e.Link.ID])
	}
}

// linkCounts counts all links of an entity.
func (g *reading) linkCounts(id string) []intel.LinkCount {
	n := map[intel.LinkCount]int{}
	for _, link := range g.links[id] {
		l := g.link(link)
		if l == nil {
			continue
		}
		c := intel.LinkCount{Type: l.Type, Direction: intel.Out, Kind: intel.KindOf(l.To)}
		if l.To == id {
			c.Direction, c.Kind = intel.In, intel.KindOf(l.From)
		}
		if l.Type.Info().Symmetric {
			c.Direction = intel.Both
		}
		n[c]++
	}
	types, kinds := intel.LinkTypes(), intel.Kinds()
	directions := []intel.Direction{intel.Out, intel.In, intel.Both}
	out := make([]intel.LinkCount, 0, len(n))
	for c, count := range n {
		c.Count = count
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b intel.LinkCount) int {
		return cmp.Or(
			cmp.Compare(slices.Index(types, a.Type.Info()), slices.Index(types, b.Type.Info())),
			cmp.Compare(slices.Index(directions, a.Direction), slices.Index(directions, b.Direction)),
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
		)
	})
	return out
}
