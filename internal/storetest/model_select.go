package storetest

import (
	"cmp"
	"context"
	"slices"

	"dragnet/internal/intel"
)

func (s *state) Select(ctx context.Context, sel intel.Selection) (*intel.Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &answering{state: s, a: &intel.Answer{Revision: s.meta.Last.Revision, Sources: map[string]*intel.Source{}}}
	seen := map[string]bool{}
	for _, id := range sel.IDs {
		if r := s.records[id]; r != nil && !seen[id] {
			seen[id] = true
			w.a.Nodes = append(w.a.Nodes, w.node(r, sel.Node))
		}
	}
	if sel.List != nil {
		w.a.List = w.list(*sel.List, sel.Node)
	}
	for _, id := range sel.LinkIDs {
		if l := s.links[id]; l != nil {
			w.a.Links = append(w.a.Links, w.rootLink(l, sel))
		}
	}
	if sel.LinkList != nil {
		w.a.LinkList = w.linkList(sel)
	}
	for _, id := range sel.ClaimIDs {
		if c := s.claims[id]; c != nil {
			w.a.Claims = append(w.a.Claims, c)
		}
	}
	w.cite(w.a.Claims)
	if sel.ClaimList != nil {
		w.a.ClaimList = w.claimPage(*sel.ClaimList, func(*intel.Claim) bool { return true })
	}
	for _, id := range sel.SourceIDs {
		if src := s.sources[id]; src != nil {
			w.a.SourceNodes = append(w.a.SourceNodes, w.sourceNode(src, sel.SourceClaims))
		}
	}
	if sel.SourceList != nil {
		w.a.SourceList = w.sourceList(*sel.SourceList, sel.SourceClaims)
	}
	return w.a, nil
}

// answering builds one answer.
type answering struct {
	*state
	a *intel.Answer
}

// cite brings the sources of claims into the answer.
func (w *answering) cite(cs []*intel.Claim) []*intel.Claim {
	for _, c := range cs {
		w.a.Sources[c.Source] = w.sources[c.Source]
	}
	return cs
}

// page sorts rows, counts them and cuts a page out of them.
func page[V any](rows []V, at func(V) intel.Position, desc []bool, p intel.Page) (out []V, more bool, total int) {
	slices.SortFunc(rows, func(a, b V) int { return intel.ComparePositions(at(a), at(b), desc) })
	if p.Count {
		total = len(rows)
	}
	if p.After != nil {
		rows = where(rows, func(v V) bool { return intel.ComparePositions(at(v), *p.After, desc) > 0 })
	}
	return first(rows, p.First), len(rows) > p.First, total
}

func (s *state) subject(r *intel.Record) intel.Subject {
	return intel.Subject{Record: r, Linked: func(ends []intel.End) []intel.Neighbor {
		var all []intel.Neighbor
		for _, l := range listed(s.links) {
			if other, ok := across(l, r.ID, ends); ok {
				all = append(all, intel.Neighbor{ID: other, Link: l, Subject: func() intel.Subject { return s.subject(s.records[other]) }})
			}
		}
		return all
	}}
}

func (s *state) holds(f intel.Filter, r *intel.Record) bool {
	return f == nil || intel.Match(f, s.subject(r))
}

func (w *answering) list(l intel.List, sel intel.NodeSelection) *intel.NodePage {
	at := func(r *intel.Record) intel.Position { return intel.PositionOfRecord(r, l.Order) }
	rows := where(listed(w.records), func(r *intel.Record) bool { return w.holds(l.Where, r) })
	out := &intel.NodePage{}
	rows, out.More, out.Total = page(rows, at, intel.Descending(l.Order), l.Page)
	for _, r := range rows {
		out.Nodes = append(out.Nodes, w.node(r, sel))
		out.Positions = append(out.Positions, at(r))
	}
	return out
}

func (w *answering) node(r *intel.Record, sel intel.NodeSelection) *intel.Node {
	own := *r
	if !sel.Values {
		own.Facts = nil
	}
	n := &intel.Node{Record: &own, Links: map[string]*intel.LinkPage{}, Claims: map[string]*intel.ClaimPage{}, Sources: map[string]*intel.SourcePage{}}
	if sel.Counts {
		n.Counts = w.counts(r.ID)
	}
	if sel.Evidence {
		n.Evidence = w.cite(w.claimsWhere(func(c *intel.Claim) bool { return c.Live() && !c.IsLink() && c.Subject == r.ID }))
	}
	on := func(kinds []intel.Kind) bool { return len(kinds) == 0 || slices.Contains(kinds, r.Kind) }
	for _, l := range sel.Links {
		if on(l.On) {
			n.Links[l.Key] = w.linkPage(n, l)
		}
	}
	for _, c := range sel.Claims {
		if on(c.On) {
			n.Claims[c.Key] = w.claimPage(c, func(x *intel.Claim) bool { return x.Subject == r.ID })
		}
	}
	for _, p := range sel.Sources {
		if on(p.On) {
			n.Sources[p.Key] = w.sourcePage(r.ID, p.Page)
		}
	}
	return n
}

func (s *state) claimsWhere(keep func(*intel.Claim) bool) []*intel.Claim {
	return where(listed(s.claims), keep)
}

func (w *answering) claimPage(sel intel.ClaimSelection, of func(*intel.Claim) bool) *intel.ClaimPage {
	rows := w.claimsWhere(func(c *intel.Claim) bool { return of(c) && sel.Where.Match(c) })
	out := &intel.ClaimPage{}
	out.Claims, out.More, out.Total = page(rows, intel.PositionOf, nil, sel.Page)
	w.cite(out.Claims)
	return out
}

// sourcePage is a page of the sources of live claims about an entity, by id.
func (w *answering) sourcePage(id string, p intel.Page) *intel.SourcePage {
	of := map[string]*intel.Source{}
	for _, c := range w.claims {
		if c.Live() && (c.Subject == id || c.Object == id) {
			of[c.Source] = w.sources[c.Source]
		}
	}
	return w.cutSources(listed(of), func(s *intel.Source) intel.Position { return intel.Position{ID: s.ID} }, nil, p, nil)
}

func (w *answering) cutSources(rows []*intel.Source, at func(*intel.Source) intel.Position, desc []bool, p intel.Page, claims []intel.ClaimSelection) *intel.SourcePage {
	out := &intel.SourcePage{}
	rows, out.More, out.Total = page(rows, at, desc, p)
	for _, s := range rows {
		out.Sources = append(out.Sources, w.sourceNode(s, claims))
		out.Positions = append(out.Positions, at(s))
	}
	return out
}

func (w *answering) sourceList(l intel.SourceList, claims []intel.ClaimSelection) *intel.SourcePage {
	var desc []bool
	for _, o := range l.Order {
		desc = append(desc, o.Desc)
	}
	rows := where(listed(w.sources), l.Where.Match)
	return w.cutSources(rows, func(s *intel.Source) intel.Position { return intel.PositionOfSource(s, l.Order) }, desc, l.Page, claims)
}

func (w *answering) sourceNode(s *intel.Source, claims []intel.ClaimSelection) *intel.SourceNode {
	n := &intel.SourceNode{Source: s, Claims: map[string]*intel.ClaimPage{}}
	for _, c := range claims {
		n.Claims[c.Key] = w.claimPage(c, func(x *intel.Claim) bool { return x.Source == s.ID })
	}
	return n
}

func (w *answering) linkPage(parent *intel.Node, sel intel.LinkSelection) *intel.LinkPage {
	var rows []*intel.Edge
	for _, l := range listed(w.links) {
		other, ok := across(l, parent.ID, sel.Ends)
		if !ok {
			continue
		}
		r := w.records[other]
		if len(sel.Kinds) > 0 && !slices.Contains(sel.Kinds, r.Kind) || !sel.Link.Match(l, other) || !w.holds(sel.Where, r) {
			continue
		}
		e := &intel.Edge{Link: l, Parent: parent, Node: &intel.Node{Record: r}}
		e.Position = intel.PositionOfRecord(r, sel.Order)
		e.Position.Link = l.ID
		rows = append(rows, e)
	}
	out := &intel.LinkPage{}
	out.Edges, out.More, out.Total = page(rows, func(e *intel.Edge) intel.Position { return e.Position }, intel.Descending(sel.Order), sel.Page)
	for _, e := range out.Edges {
		e.Node = w.node(e.Node.Record, sel.Node)
		w.backing(e, sel)
	}
	return out
}

// across walks a link from one of its ends, when the ends wanted allow it.
func across(l *intel.Link, from string, ends []intel.End) (string, bool) {
	for _, e := range ends {
		switch {
		case e.Type != l.Type:
		case l.From == from && e.Direction != intel.In:
			return l.To, true
		case l.To == from && e.Direction != intel.Out:
			return l.From, true
		}
	}
	return "", false
}

// backing brings what is wanted of a link's claims.
func (w *answering) backing(e *intel.Edge, sel intel.LinkSelection) {
	of := func(c *intel.Claim) bool { return c.LinkID() == e.ID }
	if sel.Evidence {
		e.Evidence = w.cite(w.claimsWhere(func(c *intel.Claim) bool { return c.Live() && of(c) }))
	}
	e.Claims = map[string]*intel.ClaimPage{}
	for _, c := range sel.Claims {
		e.Claims[c.Key] = w.claimPage(c, of)
	}
}

func (w *answering) rootLink(l *intel.Link, sel intel.Selection) *intel.Edge {
	e := &intel.Edge{Link: l, Parent: w.node(w.records[l.From], sel.From), Node: w.node(w.records[l.To], sel.To)}
	w.backing(e, sel.Link)
	return e
}

func (w *answering) linkList(sel intel.Selection) *intel.LinkPage {
	out := &intel.LinkPage{}
	var rows []*intel.Link
	rows, out.More, out.Total = page(where(listed(w.links), sel.LinkList.Where.MatchEnds), intel.PositionOfLink, nil, sel.LinkList.Page)
	for _, l := range rows {
		e := w.rootLink(l, sel)
		e.Position = intel.PositionOfLink(l)
		out.Edges = append(out.Edges, e)
	}
	return out
}

func (s *state) counts(id string) []intel.LinkCount {
	n := map[intel.LinkCount]int{}
	for _, l := range s.links {
		way, other := intel.Out, l.To
		switch {
		case l.To == id:
			way, other = intel.In, l.From
		case l.From != id:
			continue
		}
		if l.Type.Info().Symmetric {
			way = intel.Both
		}
		n[intel.LinkCount{Type: l.Type, Direction: way, Kind: intel.KindOf(other)}]++
	}
	var out []intel.LinkCount
	for c, count := range n {
		c.Count = count
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b intel.LinkCount) int {
		return cmp.Or(
			cmp.Compare(slices.Index(intel.LinkTypes(), a.Type.Info()), slices.Index(intel.LinkTypes(), b.Type.Info())),
			cmp.Compare(slices.Index(directions, a.Direction), slices.Index(directions, b.Direction)),
			cmp.Compare(slices.Index(intel.Kinds(), a.Kind), slices.Index(intel.Kinds(), b.Kind)),
		)
	})
	return out
}

var directions = []intel.Direction{intel.Out, intel.In, intel.Both}
