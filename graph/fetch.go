package graph

import (
	"context"
	"slices"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// read carries the plan out: one read for the root, then one for each crossing
// that something led to, in the order of the query, so that what leads to a
// crossing is there before it.
func (p *planner) read(ctx context.Context, root *ask) (*intel.Answer, error) {
	a, err := p.one(ctx, root)
	if err != nil {
		return nil, err
	}
	return a, p.cross(ctx)
}

func (p *planner) one(ctx context.Context, a *ask) (*intel.Answer, error) {
	answer, err := p.g.cat.Read(ctx, p.view, a.selection())
	if err != nil {
		return nil, err
	}
	for id, s := range answer.Sources {
		p.res.Sources[id] = s
	}
	if len(p.crossings) > 0 {
		a.follow(answer, p.res)
	}
	return answer, nil
}

// cross reads the crossings.
func (p *planner) cross(ctx context.Context) error {
	for _, c := range p.crossings {
		if len(c.seen) == 0 {
			continue
		}
		if c.leads == toHistories {
			if err := p.histories(ctx, c); err != nil {
				return err
			}
			continue
		}
		answer, err := p.one(ctx, &c.ask)
		if err != nil {
			return err
		}
		p.keep(c, answer)
		if c.leads == toLinks {
			if err := p.ends(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep puts what a crossing brought where rendering finds it.
func (p *planner) keep(c *crossing, a *intel.Answer) {
	switch c.leads {
	case toEntities:
		p.res.Nodes[c.path] = byID(a.Nodes, func(n *intel.Node) string { return n.ID })
	case toLinks:
		p.res.Edges[c.path] = byID(a.Links, func(e *intel.Edge) string { return e.Link.ID })
	case toSources:
		p.res.SourceNodes[c.path] = byID(a.SourceNodes, func(s *intel.SourceNode) string { return s.ID })
	case toClaims:
		for id, claim := range byID(a.Claims, func(c *intel.Claim) string { return c.ID }) {
			p.res.Claims[c.path][id] = claim
		}
	}
}

func byID[T any](rows []T, id func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[id(r)] = r
	}
	return m
}

// ends reads the ends of links that are named but not in the settled graph,
// when something of them is asked for.
func (p *planner) ends(ctx context.Context, c *crossing) error {
	both := c.from.merged(c.to)
	if !both.needed() {
		return nil
	}
	var missing, ids []string
	for _, id := range c.linkIDs {
		if p.res.Edges[c.path][id] == nil {
			_, from, to, _ := intel.SplitLinkID(id)
			missing, ids = append(missing, id), append(ids, from, to)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(ids)
	answer, err := p.one(ctx, &ask{ids: slices.Compact(ids), entity: both})
	if err != nil {
		return err
	}
	nodes := byID(answer.Nodes, func(n *intel.Node) string { return n.ID })
	end := func(id string) *intel.Node {
		if n := nodes[id]; n != nil {
			return n
		}
		return subject.Absent(id)
	}
	for _, id := range missing {
		_, from, to, _ := intel.SplitLinkID(id)
		p.res.Edges[c.path][id] = subject.AbsentEdge(id, end(from), end(to))
	}
	return nil
}

// follow notes for the crossings what the answer leads to.
func (a *ask) follow(answer *intel.Answer, res *subject.Result) {
	f := follower{res}
	for _, n := range answer.Nodes {
		f.entity(a.entity, n)
	}
	if answer.List != nil {
		for _, n := range answer.List.Nodes {
			f.entity(a.entity, n)
		}
	}
	links := answer.Links
	if answer.LinkList != nil {
		links = append(links, answer.LinkList.Edges...)
	}
	for _, e := range links {
		f.edge(a.edge, e)
		f.entity(a.from, e.Parent)
		f.entity(a.to, e.Node)
	}
	f.claims(a.claim, answer.Claims)
	if answer.ClaimList != nil {
		f.claims(a.claim, answer.ClaimList.Claims)
	}
	for _, s := range answer.SourceNodes {
		f.sourceNode(a.source, s)
	}
	if answer.SourceList != nil {
		for _, s := range answer.SourceList.Sources {
			f.sourceNode(a.source, s)
		}
	}
}

// follower walks an answer along its plan.
type follower struct{ res *subject.Result }

func (f follower) entity(p *entityPlan, n *intel.Node) {
	if p == nil || n == nil {
		return
	}
	for _, c := range p.facts {
		f.claims(c, n.Evidence)
	}
	for _, h := range p.histories {
		if h.on == nil || slices.Contains(h.on, n.Kind) {
			h.at.add(n.ID)
		}
	}
	for _, l := range p.claims {
		if page := n.Claims[l.sel.Key]; page != nil {
			f.claims(&l.claim, page.Claims)
		}
	}
	for _, l := range p.sources {
		if page := n.Sources[l.sel.Key]; page != nil {
			for _, s := range page.Sources {
				f.sourceNode(&l.source, s)
			}
		}
	}
	for _, l := range p.links {
		page := n.Links[l.sel.Key]
		if page == nil {
			continue
		}
		for _, e := range page.Edges {
			f.edge(&l.edge, e)
			f.entity(&l.node, e.Node)
		}
	}
}

func (f follower) edge(p *edgePlan, e *intel.Edge) {
	if p == nil {
		return
	}
	for _, c := range p.behind {
		f.claims(c, e.Evidence)
	}
	for _, l := range p.claims {
		if page := e.Claims[l.sel.Key]; page != nil {
			f.claims(&l.claim, page.Claims)
		}
	}
}

func (f follower) claims(p *claimPlan, claims []*intel.Claim) {
	if p == nil {
		return
	}
	for _, c := range claims {
		if p.properties == nil || slices.Contains(p.properties, c.Property) {
			f.claim(p, c)
		}
	}
}

func (f follower) claim(p *claimPlan, c *intel.Claim) {
	for _, x := range p.subjects {
		x.add(c.Subject)
	}
	for _, x := range p.saidBy {
		x.add(c.SaidBy)
	}
	for _, x := range p.links {
		x.add(c.LinkID())
	}
	for _, s := range p.sources {
		f.source(s, f.res.Sources[c.Source])
	}
	for _, again := range p.self {
		f.claim(again, c)
	}
}

func (f follower) sourceNode(p *sourcePlan, s *intel.SourceNode) {
	if p == nil {
		return
	}
	f.source(p, s.Source)
	for _, l := range p.claims {
		if page := s.Claims[l.sel.Key]; page != nil {
			f.claims(&l.claim, page.Claims)
		}
	}
}

func (f follower) source(p *sourcePlan, s *intel.Source) {
	if s == nil {
		return
	}
	for _, x := range p.again {
		x.add(s.ID)
	}
	for _, x := range p.derivedFrom {
		for _, id := range s.DerivedFrom {
			x.add(id)
		}
	}
	for _, x := range p.origins {
		for _, id := range s.Origins {
			x.add(id)
		}
	}
}
