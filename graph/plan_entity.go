package graph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// spot is a place of the plan where entities can stand, and the kinds of them
// that are spoken of: all that can stand there, or those of one branch.
type spot struct {
	plan  *entityPlan
	kinds []intel.Kind
	whole bool // the kinds are all that can stand there
}

func spotOf(plan *entityPlan, kinds []intel.Kind) spot {
	return spot{plan: plan, kinds: kinds, whole: true}
}

// on is the restriction of what is planned at the spot; nil when there is none.
func (s spot) on() []intel.Kind {
	if s.whole {
		return nil
	}
	return s.kinds
}

var kindOfLabel = func() map[string]intel.Kind {
	m := map[string]intel.Kind{}
	for _, k := range intel.Kinds() {
		m[k.Label()] = k
	}
	return m
}()

// typesOf lists the object types that a field can show.
func (p *planner) typesOf(b branch) []string {
	name := b.field.Definition.Type.Name()
	var out []string
	for _, d := range p.schema.GetPossibleTypes(p.schema.Types[name]) {
		if d.Kind == ast.Object { // interfaces that implement an interface are listed too
			out = append(out, d.Name)
		}
	}
	slices.Sort(out)
	return out
}

// entity plans what is asked of the entities that a field shows.
func (p *planner) entity(b branch, spots []spot) {
	for _, f := range p.collect(b, p.typesOf(b)) {
		if f.field.Name == "__typename" {
			continue
		}
		p.entityField(f, on(spots, f.types))
	}
}

// on narrows spots to the kinds of a branch.
func on(spots []spot, types []string) []spot {
	var out []spot
	for _, s := range spots {
		var kinds []intel.Kind
		for _, k := range s.kinds {
			if slices.Contains(types, k.Label()) {
				kinds = append(kinds, k)
			}
		}
		if len(kinds) > 0 {
			out = append(out, spot{s.plan, kinds, s.whole && len(kinds) == len(s.kinds)})
		}
	}
	return out
}

func (p *planner) entityField(b branch, spots []spot) {
	for _, s := range spots {
		s.plan.record = s.plan.record || b.field.Name != "id" && b.field.Name != "kind"
	}
	switch b.field.Name {
	case "id", "kind", "name", "nameKind", "stub", "revision", "nameKey":
	case "summary", "notes":
		values(spots)
	case "externalIds":
		values(spots)
		p.backing(b, spots, []intel.Property{intel.PropExternalID}, "ExternalId")
	case "facts", "fact":
		p.facts(b, spots)
	case "claims":
		p.entityClaims(b, spots)
	case "links":
		p.links(b, spots)
	case "linkCounts":
		for _, s := range spots {
			s.plan.counts = true
		}
	case "sources":
		p.entitySources(b, spots)
	case "history":
		p.history(b, spots)
	default:
		p.kindField(b, spots)
	}
}

// kindField plans a field that only some kinds have: a property or a relation.
func (p *planner) kindField(b branch, spots []spot) {
	kind := kindOfLabel[b.types[0]]
	if _, ok := subject.RelationOf(kind, b.field.Name); ok {
		p.relation(b, spots)
		return
	}
	property := intel.Property(b.field.Name)
	info := property.Info()
	if info == nil {
		panic("graph: " + b.types[0] + "." + b.field.Name + " is neither property nor relation")
	}
	values(spots)
	switch info.Type {
	case intel.TypeQuantity:
		p.backing(b, spots, []intel.Property{property}, "Quantity")
	case intel.TypeMoney:
		p.backing(b, spots, []intel.Property{property}, "Money")
	}
}

func values(spots []spot) {
	for _, s := range spots {
		s.plan.values = true
	}
}

// evidence wants the claims of the properties, and gives the places where they
// are looked at.
func evidence(spots []spot, properties []intel.Property) []claimSpot {
	var out []claimSpot
	for _, s := range spots {
		c := &claimPlan{properties: properties}
		s.plan.evidence = true
		s.plan.facts = append(s.plan.facts, c)
		out = append(out, claimSpot{plan: c, subjects: []spot{s}})
	}
	return out
}

// backing plans claim and sources of a value, when they are asked for.
func (p *planner) backing(b branch, spots []spot, properties []intel.Property, typeName string) {
	for _, f := range p.below(b, typeName) {
		switch f.field.Name {
		case "claim":
			p.claim(f, evidence(spots, properties))
		case "sources":
			p.claimSource(f, evidence(spots, properties))
		}
	}
}

// facts plans facts and fact.
func (p *planner) facts(b branch, spots []spot) {
	args := p.arguments(b)
	properties := several[intel.Property](args, "properties")
	if args.has("property") {
		properties = []intel.Property{intel.Property(args.text("property"))}
	}
	p.settle(b, args.r)
	at := evidence(spots, properties)
	for _, f := range p.below(b, "Fact") {
		switch f.field.Name {
		case "entity":
			p.entity(f, spots)
		case "value", "values":
			p.value(f, at)
		case "sources":
			p.claimSource(f, at)
		case "claims":
			p.claim(f, at)
		case "alternatives":
			p.alternatives(f, at)
		}
	}
}

func (p *planner) alternatives(b branch, at []claimSpot) {
	for _, f := range p.below(b, "FactAlternative") {
		switch f.field.Name {
		case "value":
			p.value(f, at)
		case "claims":
			p.claim(f, at)
		}
	}
}

// entityClaims plans a page of the claims with an entity as subject.
func (p *planner) entityClaims(b branch, spots []spot) {
	sel := p.claimSelection(b)
	var at []claimSpot
	for _, s := range spots {
		l := &claimList{sel: sel}
		l.sel.On = s.on()
		s.plan.claims = append(s.plan.claims, l)
		at = append(at, claimSpot{plan: &l.claim, subjects: []spot{s}})
	}
	p.claimPage(b, at)
}

// entitySources plans a page of the sources of an entity's claims.
func (p *planner) entitySources(b branch, spots []spot) {
	args := p.arguments(b)
	page := p.page(b, args, 0, p.wanted(b, "SourceConnection"))
	p.settle(b, args.r)
	var at []*sourcePlan
	for _, s := range spots {
		l := &sourceList{sel: intel.SourceSelection{Key: b.path, On: s.on(), Page: page}}
		s.plan.sources = append(s.plan.sources, l)
		at = append(at, &l.source)
	}
	p.sourcePage(b, at, false)
}

// wanted says what of a connection is asked for.
func (p *planner) wanted(b branch, typeName string) wants {
	var w wants
	for _, f := range p.below(b, typeName) {
		switch f.field.Name {
		case "totalCount":
			w.total = true
		case "nodes", "edges", "pageInfo":
			w.rows = true
		}
	}
	return w
}
