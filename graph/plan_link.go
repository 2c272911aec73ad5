package graph

import (
	"slices"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// linkSpot is a place of the plan where links can stand, and the places where
// their ends can.
type linkSpot struct {
	plan     *edgePlan
	from, to []spot
	node     []spot // the neighbour
}

// relation plans a field that lists the neighbours over links of some types.
func (p *planner) relation(b branch, spots []spot) {
	args := p.arguments(b)
	typeName := b.field.Definition.Type.Name()
	where, _ := args.object("where")
	linkWhere, _ := args.object("linkWhere")
	base := intel.LinkSelection{Key: b.path, Link: linkFilter(linkWhere), Order: order(args)}
	if f := entityFilter(listed(typeName), where); !always(f) {
		base.Where = f
	}
	base.Page = p.page(b, args, max(1, len(base.Order)), p.wanted(b, typeName))
	p.settle(b, args.r)

	var at []linkSpot
	for _, s := range spots {
		for _, part := range sameRelation(s, b.field.Name) {
			at = p.linkBranch(b, part.spot, base, part.relation.Ends, part.relation.Neighbors, at)
		}
	}
	p.connection(b, at)
}

// always says that a filter holds for all.
func always(f intel.Filter) bool {
	all, ok := f.(intel.All)
	return f == nil || ok && len(all) == 0
}

// listed is the kind that a connection lists, "" when it lists several.
func listed(connection string) intel.Kind {
	return kindOfLabel[connection[:len(connection)-len("Connection")]]
}

type relationPart struct {
	spot     spot
	relation subject.Relation
}

// sameRelation parts a spot by what the field reads of its kinds: aliases read
// the same of all of them, any other relation belongs to one.
func sameRelation(s spot, field string) []relationPart {
	if field == "aliases" {
		r, _ := subject.RelationOf(s.kinds[0], field)
		return []relationPart{{s, r}}
	}
	var out []relationPart
	for _, k := range s.kinds {
		r, _ := subject.RelationOf(k, field)
		out = append(out, relationPart{spot{s.plan, []intel.Kind{k}, s.whole && len(s.kinds) == 1}, r})
	}
	return out
}

// linkBranch adds a page of links to a spot. Ends that cannot be met are left
// out; a branch without any is void.
func (p *planner) linkBranch(b branch, s spot, base intel.LinkSelection, ends []intel.End, neighbors []intel.Kind, at []linkSpot) []linkSpot {
	sel := base
	var reach, kinds []intel.Kind
	parent, neighbor := false, false // can be the from end
	for _, e := range ends {
		if sel.Link.Types != nil && !slices.Contains(sel.Link.Types, e.Type) {
			continue
		}
		hit := reachOf(s.kinds, e)
		allowed := common(common(hit, neighbors), sel.Link.Kinds)
		if len(allowed) == 0 {
			continue
		}
		sel.Ends = append(sel.Ends, e)
		reach, kinds = union(reach, hit), union(kinds, allowed)
		parent = parent || e.Direction != intel.In
		neighbor = neighbor || e.Direction != intel.Out
	}
	if len(sel.Ends) == 0 {
		p.void(b)
		return at
	}
	sel.On = s.on()
	sel.Link.Types, sel.Link.Kinds = nil, nil // the ends and kinds below say it
	if len(kinds) < len(reach) {
		sel.Kinds = kinds
	}
	l := &linkPlan{sel: sel}
	s.plan.links = append(s.plan.links, l)
	other := spotOf(&l.node, kinds)
	ls := linkSpot{plan: &l.edge, node: []spot{other}}
	if parent {
		ls.from, ls.to = append(ls.from, s), append(ls.to, other)
	}
	if neighbor {
		ls.from, ls.to = append(ls.from, other), append(ls.to, s)
	}
	return append(at, ls)
}

// void notes that some entities have no page of the list at a field: no link
// can lead from them.
func (p *planner) void(b branch) {
	l := p.res.Lists[b.path]
	l.Void = true
	p.res.Lists[b.path] = l
}

// leave says that links can leave some of the kinds over an end.
func leave(kinds []intel.Kind, e intel.End) bool { return len(reachOf(kinds, e)) > 0 }

// reachOf lists the kinds that an end can lead to from any of the kinds.
func reachOf(kinds []intel.Kind, e intel.End) []intel.Kind {
	var out []intel.Kind
	for _, k := range kinds {
		out = union(out, subject.Reach(k, e))
	}
	if out == nil {
		return []intel.Kind{}
	}
	return out
}

// union joins two lists of kinds, in the ontology's order.
func union(a, b []intel.Kind) []intel.Kind {
	var out []intel.Kind
	for _, k := range intel.Kinds() {
		if slices.Contains(a, k) || slices.Contains(b, k) {
			out = append(out, k)
		}
	}
	return out
}

// links plans the links of an entity, of every type.
func (p *planner) links(b branch, spots []spot) {
	args := p.arguments(b)
	where, _ := args.object("where")
	base := intel.LinkSelection{Key: b.path, Link: linkFilter(where)}
	base.Link.Kinds = common(several[intel.Kind](args, "kinds"), base.Link.Kinds)
	base.Page = p.page(b, args, 1, p.wanted(b, "LinkConnection"))
	p.settle(b, args.r)
	want := intel.Direction(args.text("direction"))
	if want == "" {
		want = intel.Both
	}
	var at []linkSpot
	for _, s := range spots {
		at = p.linkBranch(b, s, base, endsOf(s.kinds, want), nil, at)
	}
	p.linkConnection(b, at)
}

// linkConnection plans what is asked of a page of links.
func (p *planner) linkConnection(b branch, at []linkSpot) {
	for _, f := range p.below(b, "LinkConnection") {
		switch f.field.Name {
		case "nodes":
			p.link(f, at)
		case "edges":
			for _, e := range p.below(f, "LinkEdge") {
				switch e.field.Name {
				case "node":
					p.link(e, at)
				case "neighbor":
					p.entity(e, neighbors(at))
				}
			}
		}
	}
}

// endsOf lists the ends by which links can leave entities of the kinds, each in
// the directions that are possible. Symmetric links have no direction, so only
// BOTH finds them.
func endsOf(kinds []intel.Kind, want intel.Direction) []intel.End {
	var out []intel.End
	for _, info := range intel.LinkTypes() {
		if info.Symmetric {
			if e := (intel.End{Type: info.Type, Direction: intel.Both}); want == intel.Both && leave(kinds, e) {
				out = append(out, e)
			}
			continue
		}
		leaves := want != intel.In && leave(kinds, intel.End{Type: info.Type, Direction: intel.Out})
		arrives := want != intel.Out && leave(kinds, intel.End{Type: info.Type, Direction: intel.In})
		switch {
		case leaves && arrives:
			out = append(out, intel.End{Type: info.Type, Direction: intel.Both})
		case leaves:
			out = append(out, intel.End{Type: info.Type, Direction: intel.Out})
		case arrives:
			out = append(out, intel.End{Type: info.Type, Direction: intel.In})
		}
	}
	return out
}

func neighbors(at []linkSpot) []spot {
	var out []spot
	for _, l := range at {
		out = append(out, l.node...)
	}
	return out
}

// connection plans a page of entities that links lead to.
func (p *planner) connection(b branch, at []linkSpot) {
	typeName := b.field.Definition.Type.Name()
	for _, f := range p.below(b, typeName) {
		switch f.field.Name {
		case "nodes":
			p.entity(f, neighbors(at))
		case "edges":
			for _, e := range p.below(f, f.field.Definition.Type.Name()) {
				switch e.field.Name {
				case "node":
					p.entity(e, neighbors(at))
				case "link":
					p.link(e, at)
				}
			}
		}
	}
}

// link plans what is asked of links.
func (p *planner) link(b branch, at []linkSpot) {
	for _, f := range p.below(b, "Link") {
		p.linkField(f, at)
	}
}

func (p *planner) linkField(f branch, at []linkSpot) {
	switch f.field.Name {
	case "from":
		p.entity(f, ends(at, func(l linkSpot) []spot { return l.from }))
	case "to":
		p.entity(f, ends(at, func(l linkSpot) []spot { return l.to }))
	case "sources":
		p.claimSource(f, behind(at))
	case "amount":
		for _, q := range p.below(f, "Quantity") {
			switch q.field.Name {
			case "claim":
				p.claim(q, behind(at))
			case "sources":
				p.claimSource(q, behind(at))
			}
		}
	case "claims":
		sel := p.claimSelection(f)
		var spots []claimSpot
		for _, l := range at {
			c := &claimList{sel: sel}
			l.plan.claims = append(l.plan.claims, c)
			spots = append(spots, claimSpot{plan: &c.claim, subjects: l.from, link: &l})
		}
		p.claimPage(f, spots)
	}
}

func ends(at []linkSpot, of func(linkSpot) []spot) []spot {
	var out []spot
	for _, l := range at {
		out = append(out, of(l)...)
	}
	return out
}

// behind wants the claims of links, and gives the places where they are looked
// at.
func behind(at []linkSpot) []claimSpot {
	var out []claimSpot
	for _, l := range at {
		c := &claimPlan{}
		l.plan.evidence = true
		l.plan.behind = append(l.plan.behind, c)
		out = append(out, claimSpot{plan: c, subjects: l.from, link: &l})
	}
	return out
}
