package graph

import (
	"context"

	"dragnet/graph/subject"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// history plans what is asked of what became of entities: one more read, for all
// of them.
func (p *planner) history(b branch, spots []spot) {
	c := p.crossing(b, toHistories)
	args := p.arguments(b)
	page := p.page(b, args, 1, p.wanted(b, "HistoryConnection"))
	p.settle(b, args.r)
	c.first = page.First
	if page.After != nil && len(page.After.Keys) == 1 {
		c.before = page.After.Keys[0].Int
	}
	for _, s := range spots {
		s.plan.histories = append(s.plan.histories, &history{on: s.on(), at: c})
	}
	for _, f := range p.below(b, "HistoryConnection") {
		if f.field.Name == "nodes" {
			p.changes(f, &c.changes)
		}
	}
}

// histories reads what became of the entities of a crossing.
func (p *planner) histories(ctx context.Context, c *crossing) error {
	pages, sources, err := p.g.cat.Histories(ctx, p.view, c.ids, c.first, c.before)
	if err != nil {
		return err
	}
	p.res.Histories[c.path] = pages
	var all []catalog.Change
	for _, id := range c.ids {
		all = append(all, pages[id].Changes...)
	}
	p.followChanges(&c.changes, sources, nil, all)
	return nil
}

// Changes lists what changed after a revision.
func (q query) Changes(ctx context.Context, _ *intel.Revision, _ *int) (*subject.ChangePage, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	since := p.since(p.args)
	first := p.args.number("first")
	if first == nil {
		p.args.fail("first", "must not be null")
	} else if *first < 0 || *first > intel.MaxPage {
		p.args.fail("first", "must be 0 to %d, not %d", intel.MaxPage, *first)
	}
	p.settle(p.root, p.args.r)
	var plan changePlan
	for _, f := range p.below(p.root, "ChangePage") {
		if f.field.Name == "nodes" {
			p.changes(f, &plan)
		}
	}
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	var from int64
	if since != nil {
		from = *since
	}
	page, err := q.g.cat.Changes(ctx, from, *first)
	if err != nil {
		return nil, refuseBatch(ctx, "", err)
	}
	p.followChanges(&plan, page.Sources, nil, page.Changes)
	return subject.NewChangePage(p.res, page), p.cross(ctx)
}

// since reads from which revision on to tell changes; nil when it is left out.
func (p *planner) since(o object) *int64 {
	if !o.has("since") {
		return nil
	}
	return p.counter(o, "since")
}
