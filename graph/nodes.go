package graph

import (
	"context"
	"slices"
	"strings"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// maxNodes is how many ids the field nodes takes.
const maxNodes = 200

func (q query) Node(ctx context.Context, _ string, _ in) (subject.Node, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	id := p.args.id("id", parseID)
	p.settle(p.root, p.args.r)
	out, err := p.nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func (q query) Nodes(ctx context.Context, _ []string, _ in) ([]subject.Node, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	if n := len(list[string](p.args, "ids")); n > maxNodes {
		p.args.r.failed(p.args.place("ids"), tooMuch("holds %d ids, at most %d are taken", n, maxNodes))
	}
	ids := p.args.ids("ids", parseID)
	p.settle(p.root, p.args.r)
	return p.nodes(ctx, ids)
}

// parseID checks the id of anything and gives the form in which it is kept.
func parseID(id string) (string, error) {
	switch {
	case strings.HasPrefix(id, intel.ClaimPrefix):
		return id, claimID(id)
	case strings.HasPrefix(id, intel.SourcePrefix):
		return intel.ParseSourceID(id)
	case strings.Contains(id, "|"):
		return linkID(id)
	}
	return intel.ParseEntityID(id)
}

// hashDigits is how many hexadecimal digits follow the prefix of a claim's id.
const hashDigits = 64

func claimID(id string) error {
	digits := strings.TrimPrefix(id, intel.ClaimPrefix)
	if len(digits) != hashDigits || strings.Trim(digits, "0123456789abcdef") != "" {
		return intel.Invalid("", "%s is not the id of a claim: write claim: and %d hexadecimal digits", quoted(id), hashDigits)
	}
	return nil
}

func linkID(id string) (string, error) {
	t, from, to, ok := intel.SplitLinkID(id)
	if !ok {
		return "", intel.Invalid("", "%s is not the id of a link: write from|TYPE|to", quoted(id))
	}
	var err error
	if from, err = intel.ParseEntityID(from); err != nil {
		return "", err
	}
	if to, err = intel.ParseEntityID(to); err != nil {
		return "", err
	}
	return intel.LinkID(t, from, to), nil
}

// nodes reads anything by its id, in the order of the ids, nil where there is
// nothing.
func (p *planner) nodes(ctx context.Context, ids []string) ([]subject.Node, error) {
	a := &ask{entity: &entityPlan{}, edge: &edgePlan{}, from: &entityPlan{}, to: &entityPlan{}, claim: &claimPlan{}, source: &sourcePlan{}}
	for _, id := range ids {
		switch {
		case strings.HasPrefix(id, intel.ClaimPrefix):
			a.claimIDs = append(a.claimIDs, id)
		case strings.HasPrefix(id, intel.SourcePrefix):
			a.sourceIDs = append(a.sourceIDs, id)
		case strings.Contains(id, "|"):
			a.linkIDs = append(a.linkIDs, id)
		default:
			a.ids = append(a.ids, id)
		}
	}
	p.anything(p.root, a)
	answer, err := p.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	found := map[string]subject.Node{}
	for _, n := range answer.Nodes {
		found[n.ID] = p.res.Any(n)
	}
	for _, e := range answer.Links {
		found[e.Link.ID] = p.res.Link(e)
	}
	for _, c := range answer.Claims {
		found[c.ID] = p.res.Claim(c)
	}
	for _, s := range answer.SourceNodes {
		found[s.ID] = p.res.Source(s)
	}
	out := make([]subject.Node, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// anything plans what is asked of a Node, of whatever type.
func (p *planner) anything(b branch, a *ask) {
	spots := []spot{spotOf(a.entity, intel.Kinds())}
	link := []linkSpot{{plan: a.edge, from: []spot{spotOf(a.from, intel.Kinds())}, to: []spot{spotOf(a.to, intel.Kinds())}}}
	for _, f := range p.collect(b, p.typesOf(b)) {
		if f.field.Name == "__typename" || f.field.Name == "id" {
			continue
		}
		if kinds := on(spots, f.types); len(kinds) > 0 {
			p.entityField(f, kinds)
			continue
		}
		switch {
		case slices.Contains(f.types, "Link"):
			p.linkField(f, link)
		case slices.Contains(f.types, "Claim"):
			p.claimField(f, []claimSpot{{plan: a.claim}})
		case slices.Contains(f.types, "Source"):
			p.sourceField(f, []*sourcePlan{a.source}, true)
		}
	}
}
