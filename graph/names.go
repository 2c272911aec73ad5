package graph

import (
	"context"
	"slices"

	"dragnet/graph/subject"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

const (
	// maxCandidates bounds the candidates of one name.
	maxCandidates = 50
	// defaultCandidates is what a resolution brings unless limit says otherwise.
	defaultCandidates = 5
	// searchKeys is how many keys the positions of a search have.
	searchKeys = 2
)

// Search finds names that go on or read like what was typed.
func (q query) Search(ctx context.Context, text string, _ []intel.Kind, _ *int, _ *string, _ in) (*subject.SearchConnection, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	page := p.page(p.root, p.args, searchKeys, p.wanted(p.root, "SearchConnection"))
	p.checkName(p.args, "text")
	kinds := several[intel.Kind](p.args, "kinds")
	p.settle(p.root, p.args.r)
	plan := &entityPlan{}
	p.connection(p.root, []linkSpot{{plan: &edgePlan{}, node: []spot{spotOf(plan, intel.Kinds())}}})
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, err := q.g.cat.Search(ctx, p.view, text, kinds)
	if err != nil {
		return nil, err
	}
	rest := found
	if page.After != nil {
		rest = rest[searchedTo(found, *page.After):]
	}
	rows := rest[:min(page.First, len(rest))]
	a := &ask{entity: plan}
	for _, f := range rows {
		a.ids = append(a.ids, f.ID)
	}
	answer, err := p.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	return subject.NewSearch(p.res, p.root.path, rows, answer.Nodes, len(rest) > len(rows), len(found)), nil
}

// searchedTo is the index of the first row after a position.
func searchedTo(found []catalog.Found, after intel.Position) int {
	i := slices.IndexFunc(found, func(f catalog.Found) bool { return catalog.ComparePositions(f.Position(), after) > 0 })
	if i < 0 {
		return len(found)
	}
	return i
}

// Resolve says who a name means.
func (q query) Resolve(ctx context.Context, _ string, _ []intel.Kind, _ in, _ *int, _ in) (*subject.Resolution, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	all, err := p.resolve(ctx, []object{p.args})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// ResolveMany says who names mean.
func (q query) ResolveMany(ctx context.Context, _ []in, _ *int, _ in) ([]*subject.Resolution, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	names := p.args.objects("names")
	if len(names) > catalog.MaxResolve {
		p.args.r.failed(p.args.place("names"), tooMuch("holds %d names; at most %d are taken: send several calls", len(names), catalog.MaxResolve))
		names = nil
	}
	return p.resolve(ctx, names)
}

func (p *planner) resolve(ctx context.Context, names []object) ([]*subject.Resolution, error) {
	limit := defaultCandidates
	if n := p.args.number("limit"); n != nil {
		limit = *n
	}
	if limit < 1 || limit > maxCandidates {
		p.args.fail("limit", "must be 1 to %d, not %d", maxCandidates, limit)
	}
	inputs := make([]catalog.ResolveInput, len(names))
	for i, o := range names {
		inputs[i] = p.resolveInput(o)
	}
	p.settle(p.root, p.args.r)
	plan := &entityPlan{}
	for _, f := range p.below(p.root, "Resolution") {
		if f.field.Name == "candidates" {
			for _, c := range p.below(f, "Candidate") {
				if c.field.Name == "entity" {
					p.entity(c, []spot{spotOf(plan, intel.Kinds())})
				}
			}
		}
	}
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, err := p.g.cat.Resolve(ctx, p.view, inputs, limit)
	if err != nil {
		return nil, err
	}
	a := &ask{entity: plan}
	for _, r := range found {
		for _, c := range r.Candidates {
			a.ids = append(a.ids, c.ID)
		}
	}
	slices.Sort(a.ids)
	a.ids = slices.Compact(a.ids)
	answer, err := p.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	return p.resolutions(names, found, byID(answer.Nodes, func(n *intel.Node) string { return n.ID })), nil
}

func (p *planner) resolveInput(o object) catalog.ResolveInput {
	p.checkName(o, "name")
	out := catalog.ResolveInput{Name: o.text("name"), Kinds: several[intel.Kind](o, "kinds")}
	if c, given := o.object("context"); given {
		for _, key := range []string{"countries", "sectors", "related"} {
			out.Context.Linked = append(out.Context.Linked, c.ids(key, intel.ParseEntityID)...)
		}
		out.Context.SeenIn = c.date("seenIn")
	}
	if len(o.text("clientRef")) > intel.MaxCodeBytes {
		o.fail("clientRef", "is %d bytes long; at most %d are taken", len(o.text("clientRef")), intel.MaxCodeBytes)
	}
	return out
}

// checkName checks what is to be found as a name that could be kept.
func (p *planner) checkName(o object, key string) {
	if n := len(o.text(key)); n > intel.MaxNameBytes {
		o.fail(key, "is %d bytes long; a name has at most %d", n, intel.MaxNameBytes)
	}
}

func (p *planner) resolutions(names []object, found []catalog.Resolution, nodes map[string]*intel.Node) []*subject.Resolution {
	out := make([]*subject.Resolution, len(found))
	for i := range found {
		r := &subject.Resolution{Name: names[i].text("name"), ClientRef: pointer[string](names[i], "clientRef"), Verdict: found[i].Verdict}
		for j := range found[i].Candidates {
			c := &found[i].Candidates[j]
			if n := nodes[c.ID]; n != nil {
				r.Candidates = append(r.Candidates, &subject.Candidate{Candidate: c, Entity: p.res.Any(n)})
			}
		}
		out[i] = r
	}
	return out
}
