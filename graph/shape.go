package graph

import (
	"context"
	"slices"
	"strconv"

	"dragnet/graph/subject"
	"dragnet/internal/analysis"
	"dragnet/internal/intel"
)

// How many ids the questions about the shape of the graph take, and how many
// answers they give at most.
const (
	maxShapeIDs    = 500
	maxExcluded    = 2_000
	maxCommonIDs   = 20
	maxAlike       = 200
	maxOccurrences = 1_000
)

// shapeOf plans a question about the shape of the graph: below are the fields
// that show entities and links, by the type of the object that has them.
func (p *planner) shapeOf(typeName string, entities, links []string) *ask {
	a := &ask{entity: &entityPlan{}, edge: &edgePlan{}, from: &entityPlan{}, to: &entityPlan{}}
	all := intel.Kinds()
	at := []linkSpot{{plan: a.edge, from: []spot{spotOf(a.from, all)}, to: []spot{spotOf(a.to, all)}}}
	for _, f := range p.below(p.root, typeName) {
		switch {
		case f.field.Name == "paths":
			for _, f := range p.below(f, "Path") {
				p.shapeField(f, a, at, []string{"nodes"}, []string{"links", "weakest"})
			}
		default:
			p.shapeField(f, a, at, entities, links)
		}
	}
	return a
}

func (p *planner) shapeField(f branch, a *ask, at []linkSpot, entities, links []string) {
	switch {
	case slices.Contains(entities, f.field.Name):
		p.entity(f, []spot{spotOf(a.entity, intel.Kinds())})
	case slices.Contains(links, f.field.Name):
		p.link(f, at)
		a.edge.wanted = true
	}
}

// from is the state of knowledge that a question is answered from.
func (p *planner) from() analysis.From {
	f := analysis.From{View: p.view}
	if p.args.has("minRevision") {
		f.Least = *p.counter(p.args, "minRevision")
	}
	return f
}

// shapes reads what is shown of the entities and links of an answer.
func (p *planner) shapes(ctx context.Context, a *ask, ids, links []string) (*subject.Shapes, error) {
	if a.ids = ids; a.edge.wanted {
		a.linkIDs = links
	}
	slices.Sort(a.ids)
	a.ids = slices.Compact(a.ids)
	slices.Sort(a.linkIDs)
	a.linkIDs = slices.Compact(a.linkIDs)
	answer, err := p.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	return subject.NewShapes(p.res, answer), nil
}

// within reads a number from 1 up to a bound.
func (p *planner) within(key string, most int) int {
	n := p.args.number(key)
	if n == nil {
		return 1
	}
	if *n < 1 || *n > most {
		p.args.fail(key, "must be 1 to %d, not %d", most, *n)
	}
	return *n
}

// idsOfAll reads a list of ids of entities, of bounded length.
func (p *planner) idsOfAll(key string, most int) []string {
	if n := len(list[string](p.args, key)); n > most {
		p.args.r.failed(p.args.place(key), tooMuch("holds %d ids, at most %d are taken", n, most))
		return nil
	}
	return p.args.ids(key, intel.ParseEntityID)
}

func (p *planner) narrow() analysis.Narrow {
	return analysis.Narrow{Types: several[intel.LinkType](p.args, "linkTypes"), Direction: intel.Direction(p.args.text("direction"))}
}

// shown gives the revision of an answer its epoch.
func (p *planner) shown(r intel.Revision) intel.Revision {
	return intel.Revision{Epoch: p.res.Epoch, Counter: r.Counter}
}

// Expand answers what lies around entities.
func (q query) Expand(ctx context.Context, _ []string, _ []intel.LinkType, _ *intel.Direction, _ []intel.Kind, _ []string, _, _ *int, _ *string, _ in) (*subject.Neighborhood, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	eq := analysis.ExpandQuery{Narrow: p.narrow(), IDs: p.idsOfAll("ids", maxShapeIDs), Kinds: several[intel.Kind](p.args, "kinds"), Exclude: p.idsOfAll("exclude", maxExcluded),
		Depth: p.within("depth", analysis.MaxExpandDepth), Limit: p.within("limit", analysis.MaxExpand)}
	cursors := p.query(p.root, p.args)
	eq.After = p.placeAfter(cursors)
	a := p.shapeOf("Neighborhood", []string{"nodes"}, []string{"links"})
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, revision, err := q.g.shape.Expand(ctx, p.from(), eq)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, n := range found.Nodes {
		ids = append(ids, n.ID)
	}
	of, err := p.shapes(ctx, a, ids, found.Links)
	if err != nil {
		return nil, err
	}
	return &subject.Neighborhood{Of: of, Found: found, Revision: p.shown(revision), Cursor: func(at analysis.Place) string {
		return subject.EncodeCursor(cursors, intel.Position{Keys: []intel.SortValue{{Int: int64(at.Depth)}, {Text: strconv.FormatFloat(at.Score, 'x', -1, 64)}}, ID: at.ID})
	}}, nil
}

// placeAfter reads the cursor of an expansion.
func (p *planner) placeAfter(cursors string) *analysis.Place {
	if !p.args.has("after") {
		return nil
	}
	at, err := subject.DecodeCursor(cursors, p.args.text("after"))
	var score float64
	if err == nil && len(at.Keys) == 2 {
		score, err = strconv.ParseFloat(at.Keys[1].Text, 64)
	} else if err == nil {
		err = subject.ErrBrokenCursor
	}
	if err != nil {
		p.args.r.failed(p.args.place("after"), err)
		return nil
	}
	return &analysis.Place{Depth: int(at.Keys[0].Int), Score: score, ID: at.ID}
}

// LinksAmong answers which links join entities.
func (q query) LinksAmong(ctx context.Context, _ []string, _ []intel.LinkType, _ in) ([]*subject.Link, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	ids := p.idsOfAll("ids", maxShapeIDs)
	a := &ask{edge: &edgePlan{wanted: true}, from: &entityPlan{}, to: &entityPlan{}, entity: &entityPlan{}}
	p.link(p.root, []linkSpot{{plan: a.edge, from: []spot{spotOf(a.from, intel.Kinds())}, to: []spot{spotOf(a.to, intel.Kinds())}}})
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	links, err := q.g.shape.Among(ctx, p.from(), ids, p.narrow())
	if err != nil {
		return nil, err
	}
	of, err := p.shapes(ctx, a, nil, slices.Clone(links))
	if err != nil {
		return nil, err
	}
	return of.Links(links), nil
}

// Paths answers how two entities are joined.
func (q query) Paths(ctx context.Context, _, _ string, _, _ *int, _ []intel.LinkType, _ []intel.Kind, _ []string, _ *string, _ *intel.Revision, _ in) (*subject.PathSet, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	pq := analysis.PathQuery{Narrow: p.narrow(), From: p.args.id("from", intel.ParseEntityID), To: p.args.id("to", intel.ParseEntityID),
		MaxHops: p.within("maxHops", analysis.MaxHops), Limit: p.within("limit", analysis.MaxPaths),
		AvoidKinds: several[intel.Kind](p.args, "avoidKinds"), Avoid: p.idsOfAll("avoid", maxShapeIDs), Strongest: p.args.text("order") == "STRONGEST_EVIDENCE"}
	from := p.from()
	a := p.shapeOf("PathSet", nil, nil)
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, revision, err := q.g.shape.Paths(ctx, from, pq)
	if err != nil {
		return nil, err
	}
	var ids, links []string
	for _, path := range found.Paths {
		ids, links = append(ids, path.Nodes...), append(links, path.Links...)
	}
	of, err := p.shapes(ctx, a, ids, links)
	if err != nil {
		return nil, err
	}
	return &subject.PathSet{Of: of, Answer: found, Revision: p.shown(revision)}, nil
}

// CommonNeighbors answers which neighbours entities share.
func (q query) CommonNeighbors(ctx context.Context, _ []string, _ []intel.LinkType, _ []intel.Kind, _ *int, _ in) ([]*subject.CommonNeighbor, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	ids, limit := p.idsOfAll("ids", maxCommonIDs), p.within("limit", maxAlike)
	a := p.shapeOf("CommonNeighbor", []string{"entity"}, []string{"links"})
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, err := q.g.shape.Common(ctx, p.from(), ids, p.narrow(), several[intel.Kind](p.args, "kinds"), limit)
	if err != nil {
		return nil, err
	}
	var shown, links []string
	for _, c := range found {
		shown, links = append(shown, c.ID), append(links, c.Links...)
	}
	of, err := p.shapes(ctx, a, shown, links)
	if err != nil {
		return nil, err
	}
	out := []*subject.CommonNeighbor{}
	for _, c := range found {
		if e := of.Entity(c.ID); e != nil {
			out = append(out, &subject.CommonNeighbor{Entity: e, Score: c.Score, Links: of.Links(c.Links)})
		}
	}
	return out, nil
}

// Similar answers which entities are linked to the same as one.
func (q query) Similar(ctx context.Context, _ string, _ *int, _ in) ([]*subject.SimilarEntity, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	id, limit := p.args.id("id", intel.ParseEntityID), p.within("limit", maxAlike)
	a := p.shapeOf("SimilarEntity", []string{"entity", "shared"}, nil)
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, err := q.g.shape.Similar(ctx, p.from(), id, limit)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range found {
		ids = append(append(ids, s.ID), s.Shared...)
	}
	of, err := p.shapes(ctx, a, ids, nil)
	if err != nil {
		return nil, err
	}
	out := []*subject.SimilarEntity{}
	for _, s := range found {
		if e := of.Entity(s.ID); e != nil {
			out = append(out, &subject.SimilarEntity{Entity: e, Score: s.Score, Shared: of.Entities(s.Shared)})
		}
	}
	return out, nil
}

// CoOccurrence answers which entities share what they are linked to.
func (q query) CoOccurrence(ctx context.Context, kind intel.Kind, via []intel.LinkType, _ []string, _ *int, _ in) ([]*subject.CoOccurrence, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	ids, limit := p.idsOfAll("ids", maxShapeIDs), p.within("limit", maxOccurrences)
	a := p.shapeOf("CoOccurrence", []string{"left", "right", "shared"}, nil)
	p.settle(p.root, p.args.r)
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	found, err := q.g.shape.CoOccurrence(ctx, p.from(), kind, via, ids, limit)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, c := range found {
		all = append(append(all, c.Left, c.Right), c.Shared...)
	}
	of, err := p.shapes(ctx, a, all, nil)
	if err != nil {
		return nil, err
	}
	out := []*subject.CoOccurrence{}
	for _, c := range found {
		left, right := of.Entity(c.Left), of.Entity(c.Right)
		if left != nil && right != nil {
			out = append(out, &subject.CoOccurrence{Left: left, Right: right, Score: c.Score, Shared: of.Entities(c.Shared), SharedTotal: c.Total})
		}
	}
	return out, nil
}
