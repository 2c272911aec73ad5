package graph

import (
	"dragnet/internal/intel"
)

// claimSpot is a place of the plan where claims can stand. subjects and link
// are given where claims are read with what they are about; elsewhere what they
// are about is a crossing away.
type claimSpot struct {
	plan     *claimPlan
	subjects []spot
	link     *linkSpot
}

// claimSelection reads the arguments of a page of claims.
func (p *planner) claimSelection(b branch) intel.ClaimSelection {
	args := p.arguments(b)
	where, given := args.object("where")
	sel := intel.ClaimSelection{Key: b.path, Where: p.claimFilter(where, given)}
	sel.Page = p.page(b, args, 1, p.wanted(b, "ClaimConnection"))
	p.settle(b, args.r)
	return sel
}

// claimPage plans what is asked of a page of claims.
func (p *planner) claimPage(b branch, at []claimSpot) {
	for _, f := range p.below(b, "ClaimConnection") {
		switch f.field.Name {
		case "nodes":
			p.claim(f, at)
		case "edges":
			for _, e := range p.below(f, "ClaimEdge") {
				if e.field.Name == "node" {
					p.claim(e, at)
				}
			}
		}
	}
}

// claim plans what is asked of claims.
func (p *planner) claim(b branch, at []claimSpot) {
	for _, f := range p.below(b, "Claim") {
		p.claimField(f, at)
	}
}

func (p *planner) claimField(f branch, at []claimSpot) {
	switch f.field.Name {
	case "subject":
		p.claimSubject(f, at)
	case "saidBy":
		if c := p.entities(f); c != nil {
			for _, s := range at {
				s.plan.saidBy = append(s.plan.saidBy, c)
			}
		}
	case "link":
		p.claimLink(f, at)
	case "value":
		p.value(f, at)
	case "source":
		p.claimSource(f, at)
	}
}

// entities plans a crossing to entities; nil when their ids say enough.
func (p *planner) entities(b branch) *crossing {
	c := p.crossing(b, toEntities)
	p.entity(b, []spot{spotOf(c.entity, intel.Kinds())})
	if !c.entity.needed() {
		p.drop(c)
		return nil
	}
	return c
}

func (p *planner) claimSubject(b branch, at []claimSpot) {
	var own []spot
	for _, s := range at {
		own = append(own, s.subjects...)
	}
	if len(own) > 0 || len(at) == 0 {
		p.entity(b, own)
		return
	}
	if c := p.entities(b); c != nil {
		for _, s := range at {
			s.plan.subjects = append(s.plan.subjects, c)
		}
	}
}

func (p *planner) claimLink(b branch, at []claimSpot) {
	var own []linkSpot
	for _, s := range at {
		if s.link != nil {
			own = append(own, *s.link)
		}
	}
	if len(own) > 0 || len(at) == 0 {
		p.link(b, own)
		return
	}
	if only(p.below(b, "Link"), "id", "type") {
		return
	}
	c := p.linkCrossing(b)
	for _, s := range at {
		s.plan.links = append(s.plan.links, c)
	}
}

// linkCrossing plans a crossing to links.
func (p *planner) linkCrossing(b branch) *crossing {
	c := p.crossing(b, toLinks)
	p.link(b, []linkSpot{{plan: c.edge, from: []spot{spotOf(c.from, intel.Kinds())}, to: []spot{spotOf(c.to, intel.Kinds())}}})
	return c
}

// value plans what is asked of values, whose claims stand at those places; a
// claim's own value rests on the claim itself.
func (p *planner) value(b branch, at []claimSpot) {
	for _, f := range p.collect(b, p.typesOf(b)) {
		if f.field.Name != "claim" && f.field.Name != "sources" {
			continue
		}
		var again []claimSpot
		for _, s := range at {
			c := &claimPlan{}
			s.plan.self = append(s.plan.self, c)
			again = append(again, claimSpot{plan: c, subjects: s.subjects, link: s.link})
		}
		if f.field.Name == "claim" {
			p.claim(f, again)
		} else {
			p.claimSource(f, again)
		}
	}
}

// claimSource plans what is asked of the sources of claims.
func (p *planner) claimSource(b branch, at []claimSpot) {
	s := &sourcePlan{}
	for _, c := range at {
		c.plan.sources = append(c.plan.sources, s)
	}
	p.source(b, []*sourcePlan{s}, false)
}

// sourcePage plans what is asked of a page of sources; direct ones can be read
// with pages of their claims.
func (p *planner) sourcePage(b branch, at []*sourcePlan, direct bool) {
	for _, f := range p.below(b, "SourceConnection") {
		switch f.field.Name {
		case "nodes":
			p.source(f, at, direct)
		case "edges":
			for _, e := range p.below(f, "SourceEdge") {
				if e.field.Name == "node" {
					p.source(e, at, direct)
				}
			}
		}
	}
}

// source plans what is asked of sources.
func (p *planner) source(b branch, at []*sourcePlan, direct bool) {
	for _, f := range p.below(b, "Source") {
		p.sourceField(f, at, direct)
	}
}

func (p *planner) sourceField(f branch, at []*sourcePlan, direct bool) {
	switch f.field.Name {
	case "claims":
		p.sourceClaims(f, at, direct)
	case "derivedFrom":
		if c := p.sources(f); c != nil {
			for _, s := range at {
				s.derivedFrom = append(s.derivedFrom, c)
			}
		}
	case "origins":
		if c := p.sources(f); c != nil {
			for _, s := range at {
				s.origins = append(s.origins, c)
			}
		}
	}
}

// sources plans a crossing to other sources; nil when their ids say enough.
func (p *planner) sources(b branch) *crossing {
	if only(p.below(b, "Source"), "id") {
		return nil
	}
	c := p.crossing(b, toSources)
	p.source(b, []*sourcePlan{c.source}, true)
	return c
}

// sourceClaims plans a page of the claims of sources: read with them, or at a
// crossing to the same sources.
func (p *planner) sourceClaims(b branch, at []*sourcePlan, direct bool) {
	l := &claimList{sel: p.claimSelection(b)}
	if direct {
		for _, s := range at {
			s.claims = append(s.claims, l)
		}
	} else {
		c := p.crossing(b, toSources)
		c.source.claims = append(c.source.claims, l)
		for _, s := range at {
			s.again = append(s.again, c)
		}
	}
	p.claimPage(b, []claimSpot{{plan: &l.claim}})
}
