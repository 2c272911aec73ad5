package graph

import (
	"context"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// Claims lists all claims.
func (q query) Claims(ctx context.Context, _ in, _ *int, _ *string, _ in) (*subject.ClaimConnection, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	where, given := p.args.object("where")
	sel := &intel.ClaimSelection{Where: p.claimFilter(where, given)}
	sel.Page = p.page(p.root, p.args, 1, p.wanted(p.root, "ClaimConnection"))
	p.settle(p.root, p.args.r)
	plan := &claimPlan{}
	p.claimPage(p.root, []claimSpot{{plan: plan}})
	answer, err := p.ask(ctx, &ask{claimList: sel, claim: plan})
	if err != nil {
		return nil, err
	}
	return p.res.ClaimPage(p.root.path, answer.ClaimList), nil
}

// Links lists all links of the settled graph.
func (q query) Links(ctx context.Context, _ in, _ *int, _ *string, _ in) (*subject.LinkConnection, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	where, _ := p.args.object("where")
	l := &intel.LinkList{Where: linkFilter(where)}
	l.Page = p.page(p.root, p.args, 0, p.wanted(p.root, "LinkConnection"))
	p.settle(p.root, p.args.r)
	a := &ask{linkList: l, edge: &edgePlan{}, from: &entityPlan{}, to: &entityPlan{}}
	from, to := spotOf(a.from, intel.Kinds()), spotOf(a.to, intel.Kinds())
	p.linkConnection(p.root, []linkSpot{{plan: a.edge, from: []spot{from}, to: []spot{to}, node: []spot{to}}})
	answer, err := p.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	return p.res.LinkPage(p.root.path, answer.LinkList), nil
}
