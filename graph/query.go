package graph

import (
	"context"

	"dragnet/graph/generated"
	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// root gives the resolvers of the root types; all others are methods of the
// types in package subject. What gqlgen read of the arguments is not used: the
// planner reads them.
type root struct{ g *Graph }

func (r root) Query() generated.QueryResolver               { return query(r) }
func (r root) Mutation() generated.MutationResolver         { return mutation(r) }
func (r root) Subscription() generated.SubscriptionResolver { return subscription(r) }

type query struct{ g *Graph }

// in is an input as gqlgen read it.
type in = map[string]any

// ask plans below and reads: the common end of every root field.
func (p *planner) ask(ctx context.Context, a *ask) (*intel.Answer, error) {
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	answer, err := p.read(ctx, a)
	if err != nil {
		return nil, err
	}
	if at := p.view.AtRevision; at != nil && *at > answer.Revision {
		view, _ := p.args.object("view")
		view.fail("atRevision", "the graph has not come to %d yet: it stands at %s", *at, intel.Revision{Epoch: p.res.Epoch, Counter: answer.Revision})
		p.settle(p.root, p.args.r)
		return nil, refuse(ctx, p.faults)
	}
	return answer, nil
}

// entityByID reads one entity of some kinds; nil when there is none.
func (g *Graph) entityByID(ctx context.Context, kinds ...intel.Kind) (*subject.Entity, error) {
	p, err := g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	id := p.args.id("id", intel.ParseEntityID)
	p.settle(p.root, p.args.r)
	plan := &entityPlan{}
	p.entity(p.root, []spot{spotOf(plan, kinds)})
	a := &ask{ids: []string{id}, entity: plan}
	if len(p.faults) == 0 && len(common(kinds, []intel.Kind{intel.KindOf(id)})) == 0 {
		return nil, nil
	}
	answer, err := p.ask(ctx, a)
	if err != nil || len(answer.Nodes) == 0 {
		return nil, err
	}
	return p.res.Entity(answer.Nodes[0]), nil
}

// one reads an entity of one kind.
func one[T any](ctx context.Context, q query, kind intel.Kind, wrap func(*subject.Entity) T) (*T, error) {
	e, err := q.g.entityByID(ctx, kind)
	if err != nil || e == nil {
		return nil, err
	}
	t := wrap(e)
	return &t, nil
}

// many reads a root list of entities of some kinds.
func many[T any](ctx context.Context, q query, kind intel.Kind, wrap func(*subject.Entity) T) (*subject.Connection[T], error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	kinds := intel.Kinds()
	where, _ := p.args.object("where")
	filter := entityFilter(kind, where)
	if kind != "" {
		kinds = []intel.Kind{kind}
		filter = intel.All{intel.KindIn(kinds), filter}
	}
	if always(filter) {
		filter = nil
	}
	l := &intel.List{Where: filter, Order: order(p.args)}
	l.Page = p.page(p.root, p.args, max(1, len(l.Order)), p.wanted(p.root, p.root.field.Definition.Type.Name()))
	p.settle(p.root, p.args.r)
	plan := &entityPlan{}
	p.connection(p.root, []linkSpot{{plan: &edgePlan{}, node: []spot{spotOf(plan, kinds)}}})
	answer, err := p.ask(ctx, &ask{list: l, entity: plan})
	if err != nil {
		return nil, err
	}
	return subject.NewConnection(p.res, p.root.path, answer.List, wrap), nil
}

func (q query) Entity(ctx context.Context, _ string, _ in) (subject.AnyEntity, error) {
	e, err := q.g.entityByID(ctx, intel.Kinds()...)
	if err != nil || e == nil {
		return nil, err
	}
	return subject.AsEntity(e), nil
}

func (q query) Entities(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.EntityConnection, error) {
	return many(ctx, q, "", subject.AsEntity)
}

// EntityByExternalID finds the entities that hold an id elsewhere. Filters find
// it by scheme:value as well as by value, so what only looks alike is left out.
func (q query) EntityByExternalID(ctx context.Context, scheme, value string, _ in) ([]subject.AnyEntity, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	plan := &entityPlan{values: true}
	p.entity(p.root, []spot{spotOf(plan, intel.Kinds())})
	l := &intel.List{Page: intel.Page{First: intel.MaxPage}, Where: intel.TextIs{
		Field: intel.FieldExternalID, Op: intel.Equal, Values: []string{scheme + ":" + value},
	}}
	answer, err := p.ask(ctx, &ask{list: l, entity: plan})
	if err != nil {
		return nil, err
	}
	if answer.List.More {
		return nil, tooMuch("more than %d entities hold %s:%s; list them by entities(where: {externalId: …})", intel.MaxPage, scheme, value)
	}
	out := []subject.AnyEntity{}
	for _, n := range answer.List.Nodes {
		for _, s := range n.All(intel.PropExternalID) {
			if s.Value.ExternalID == (intel.ExternalID{Scheme: scheme, Value: value}) {
				out = append(out, p.res.Any(n))
				break
			}
		}
	}
	return out, nil
}

func (q query) Source(ctx context.Context, _ string) (*subject.Source, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	id := p.args.id("id", intel.ParseSourceID)
	p.settle(p.root, p.args.r)
	plan := &sourcePlan{}
	p.source(p.root, []*sourcePlan{plan}, true)
	answer, err := p.ask(ctx, &ask{sourceIDs: []string{id}, source: plan})
	if err != nil || len(answer.SourceNodes) == 0 {
		return nil, err
	}
	return p.res.Source(answer.SourceNodes[0]), nil
}

func (q query) Sources(ctx context.Context, _ in, _ []string, _ *int, _ *string) (*subject.SourceConnection, error) {
	p, err := q.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	where, _ := p.args.object("where")
	l := &intel.SourceList{Where: sourceFilter(where), Order: sourceOrder(p.args)}
	l.Page = p.page(p.root, p.args, max(1, len(l.Order)), p.wanted(p.root, "SourceConnection"))
	p.settle(p.root, p.args.r)
	plan := &sourcePlan{}
	p.sourcePage(p.root, []*sourcePlan{plan}, true)
	answer, err := p.ask(ctx, &ask{sourceList: l, source: plan})
	if err != nil {
		return nil, err
	}
	return p.res.SourcePage(p.root.path, answer.SourceList), nil
}

func (q query) Ontology(context.Context) (*subject.Ontology, error) { return &subject.Ontology{}, nil }

func (q query) Service(ctx context.Context) (*subject.Service, error) {
	m, err := q.g.cat.Meta(ctx)
	if err != nil {
		return nil, err
	}
	n := m.Counts
	return &subject.Service{
		Name: "dragnet", Version: q.g.opts.Version, Store: q.g.opts.Store, Revision: intel.Revision{Epoch: m.Epoch, Counter: m.Last.Revision},
		Entities: int(n.Entities), Links: int(n.Links), Claims: int(n.Claims), Sources: int(n.Sources), Stubs: int(n.Stubs),
		Projection: q.g.projection(), Limits: append(q.g.opts.Limits.list(), q.g.opts.More...),
	}, nil
}

// projection describes what is kept of the graph in memory.
func (g *Graph) projection() *subject.ProjectionState {
	s := g.shape.State()
	p := &subject.ProjectionState{Ready: s.Ready, Bytes: s.Bytes + s.IDBytes, Nodes: s.Entities, Links: s.Links}
	if s.Ready {
		p.Revision = &s.Revision
	}
	return p
}
