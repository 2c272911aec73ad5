package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// planner looks ahead: from the selection below a root field it makes the plan
// of what to read. The functions that add to it come one per type of the
// schema; each takes the selection below a field, and the places of the plan
// that the field shows.
type planner struct {
	g         *Graph
	op        *graphql.OperationContext
	res       *subject.Result
	root      branch
	args      object // of the root field
	view      intel.View
	viewKey   string
	crossings []*crossing
	faults    []fault
	schema    *ast.Schema
}

// branch is a field to plan: types that bear it, and where it stands.
type branch struct {
	field graphql.CollectedField
	types []string
	path  string
	keys  ast.Path // the response path, for errors
}

// startPlan begins the plan of the root field that is being resolved, and reads
// its arguments and its view.
func (g *Graph) startPlan(ctx context.Context) (*planner, error) {
	p, err := g.startWriting(ctx)
	if err != nil {
		return nil, err
	}
	p.args = p.arguments(p.root)
	if v, given := p.args.object("view"); given {
		p.view = p.readView(v)
		p.res.MinSupport = p.view.MinSupport
		p.viewKey = canonical(v.m)
		p.settle(p.root, p.args.r)
	}
	return p, nil
}

// startWriting begins the plan of a root field and leaves its arguments to the
// caller.
func (g *Graph) startWriting(ctx context.Context) (*planner, error) {
	fc, op := graphql.GetFieldContext(ctx), graphql.GetOperationContext(ctx)
	epoch, err := g.epoch(ctx)
	if err != nil {
		return nil, err
	}
	p := &planner{g: g, op: op, schema: g.schema, res: subject.NewResult(intel.View{}, epoch)}
	p.res.Tally, _ = ctx.Value(tallyKey{}).(*subject.Tally)
	p.root = branch{field: fc.Field, path: fc.Field.Alias, keys: ast.Path{ast.PathName(fc.Field.Alias)}}
	return p, nil
}

// arguments reads the arguments of a field. What is wrong with them is noted,
// and planning goes on.
func (p *planner) arguments(b branch) object {
	r := newReader(p.schema, p.g.opts.Limits)
	o := r.arguments(b.field.Definition.Arguments, b.field.ArgumentMap(p.op.Variables))
	p.settle(b, r)
	return o
}

// settle takes the faults of a reader as those of a field.
func (p *planner) settle(b branch, r *reader) {
	for _, f := range r.faults {
		p.faults = append(p.faults, fault{FieldError: f, path: b.keys, at: b.field.Position})
	}
	r.faults = nil
}

// crossing adds a crossing at a field.
func (p *planner) crossing(b branch, leads target) *crossing {
	c := &crossing{path: b.path, leads: leads, seen: map[string]bool{}}
	switch leads {
	case toEntities:
		c.entity = &entityPlan{}
	case toLinks:
		c.edge, c.from, c.to = &edgePlan{}, &entityPlan{}, &entityPlan{}
		p.res.Edges[b.path] = map[string]*intel.Edge{}
	case toSources:
		c.source = &sourcePlan{}
	case toClaims:
		c.claim = &claimPlan{}
		p.res.Claims[b.path] = map[string]*intel.Claim{}
	}
	p.crossings = append(p.crossings, c)
	return c
}

// drop takes the last crossing back: it turned out that nothing need be read.
func (p *planner) drop(c *crossing) {
	p.crossings = slices.DeleteFunc(p.crossings, func(x *crossing) bool { return x == c })
}

// below collects the fields below a field of an object type.
func (p *planner) below(b branch, typeName string) []branch {
	return p.collect(b, []string{typeName})
}

// collect collects the fields below a field that may show any of the types. A
// response key that stands for different fields on different types makes one
// branch for each, and the result learns how to tell them apart.
func (p *planner) collect(b branch, types []string) []branch {
	var out []branch
	for _, t := range types {
		for _, f := range graphql.CollectFields(p.op, b.field.Selections, p.satisfies(t)) {
			i := slices.IndexFunc(out, func(o branch) bool { return sameField(o.field, f) })
			if i < 0 {
				i = len(out)
				keys := append(slices.Clone(b.keys), ast.PathName(f.Alias))
				out = append(out, branch{field: f, path: b.path + "." + f.Alias, keys: keys})
			}
			out[i].types = append(out[i].types, t)
		}
	}
	if len(types) > 1 {
		p.tellApart(out)
	}
	return out
}

func (p *planner) tellApart(out []branch) {
	for i := range out {
		if len(out[i].field.Selections) == 0 {
			continue
		}
		key := out[i].path
		rivals := slices.ContainsFunc(out, func(o branch) bool {
			return o.field.Alias == out[i].field.Alias && !sameField(o.field, out[i].field) && len(o.field.Selections) > 0
		})
		if !rivals {
			continue
		}
		if p.res.Variants[key] == nil {
			p.res.Variants[key] = map[string]string{}
		}
		for _, t := range out[i].types {
			p.res.Variants[key][t] = "@" + out[i].types[0]
		}
		out[i].path = key + "@" + out[i].types[0]
	}
}

// sameField says that two types bear one field, with one selection below it.
func sameField(a, b graphql.CollectedField) bool {
	return a.Field == b.Field && slices.Equal(a.Selections, b.Selections)
}

// satisfies lists the type conditions that a type meets, as the generated code
// does, so that both share what was collected.
func (p *planner) satisfies(t string) []string {
	return append([]string{t}, p.schema.Types[t].Interfaces...)
}

// only says that nothing but these fields is selected below a field.
func only(bs []branch, fields ...string) bool {
	return !slices.ContainsFunc(bs, func(b branch) bool { return b.field.Name != "__typename" && !slices.Contains(fields, b.field.Name) })
}
