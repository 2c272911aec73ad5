package graph

import (
	"context"
	"maps"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// writing is where the fields below a payload lead.
type writing struct {
	p       *planner
	sources sourcePlan
	rows    claimPlan
	changes changePlan
}

// changePlan is where the fields below changes lead.
type changePlan struct {
	entities         []*crossing
	added, retracted claimPlan
	before, after    []*crossing // to the claims behind values
	links            []*crossing
	amounts          []*crossing // to the claims behind amounts of links
}

// writing plans what is asked of a payload.
func (p *planner) writing() *writing {
	w := &writing{p: p}
	for _, f := range p.below(p.root, p.root.field.Definition.Type.Name()) {
		switch f.field.Name {
		case "sources":
			p.source(f, []*sourcePlan{&w.sources}, false)
		case "results":
			for _, r := range p.below(f, "ClaimResult") {
				if r.field.Name == "claim" {
					p.claim(r, []claimSpot{{plan: &w.rows}})
				}
			}
		case "changes":
			p.changes(f, &w.changes)
		}
	}
	return w
}

func (p *planner) changes(b branch, to *changePlan) {
	for _, f := range p.below(b, "Change") {
		switch f.field.Name {
		case "entity":
			c := p.crossing(f, toEntities)
			p.entity(f, []spot{spotOf(c.entity, intel.Kinds())})
			if !c.entity.beside() { // the change brings the record
				p.drop(c)
				continue
			}
			to.entities = append(to.entities, c)
		case "added":
			p.claim(f, []claimSpot{{plan: &to.added}})
		case "retracted":
			p.claim(f, []claimSpot{{plan: &to.retracted}})
		case "facts":
			for _, v := range p.below(f, "FactChange") {
				switch v.field.Name {
				case "before":
					to.before = append(to.before, p.shownClaims(p.collect(v, p.typesOf(v)))...)
				case "after":
					to.after = append(to.after, p.shownClaims(p.collect(v, p.typesOf(v)))...)
				}
			}
		case "links":
			for _, l := range p.below(f, "LinkChange") {
				if l.field.Name == "link" {
					p.changedLink(l, to)
				}
			}
		}
	}
}

// shownClaims plans crossings to the claims behind values of changes.
func (p *planner) shownClaims(fields []branch) []*crossing {
	var out []*crossing
	for _, f := range fields {
		switch f.field.Name {
		case "claim":
			c := p.crossing(f, toClaims)
			p.claim(f, []claimSpot{{plan: c.claim}})
			out = append(out, c)
		case "sources":
			c := p.crossing(f, toClaims)
			p.claimSource(f, []claimSpot{{plan: c.claim}})
			out = append(out, c)
		}
	}
	return out
}

// changedLink plans the link of a change, which brings its own row.
func (p *planner) changedLink(b branch, to *changePlan) {
	c := p.crossing(b, toLinks)
	at := []linkSpot{{plan: c.edge, from: []spot{spotOf(c.from, intel.Kinds())}, to: []spot{spotOf(c.to, intel.Kinds())}}}
	for _, f := range p.below(b, "Link") {
		if f.field.Name == "amount" {
			to.amounts = append(to.amounts, p.shownClaims(p.below(f, "Quantity"))...)
			continue
		}
		p.linkField(f, at)
	}
	if !c.edge.evidence && len(c.edge.claims) == 0 && !c.from.needed() && !c.to.needed() {
		p.drop(c)
		return
	}
	to.links = append(to.links, c)
}

// read reads what is shown beside what a write did.
func (w *writing) read(ctx context.Context, sources map[string]*intel.Source, rows []*intel.Claim, changes []catalog.Change) error {
	w.p.followChanges(&w.changes, sources, rows, changes)
	w.follow().claims(&w.rows, rows)
	return w.p.cross(ctx)
}

// followChanges takes in the sources behind changes, and notes for the crossings
// what the changes lead to. Claims that are known beside those of the changes
// are given.
func (p *planner) followChanges(plan *changePlan, sources map[string]*intel.Source, known []*intel.Claim, changes []catalog.Change) {
	maps.Copy(p.res.Sources, sources)
	f := changeFollower{follower: follower{p.res}, known: map[string]*intel.Claim{}}
	f.learn(known)
	for i := range changes {
		f.learn(changes[i].Added)
		f.learn(changes[i].Retracted)
	}
	for i := range changes {
		f.change(plan, &changes[i])
	}
}

func (w *writing) follow() follower { return follower{w.p.res} }

// changeFollower walks changes along their plan. Claims that they bring are not
// read again; those of a dry run could not be.
type changeFollower struct {
	follower
	known map[string]*intel.Claim
}

func (f changeFollower) learn(claims []*intel.Claim) {
	for _, c := range claims {
		f.known[c.ID] = c
	}
}

func (f changeFollower) change(p *changePlan, c *catalog.Change) {
	for _, x := range p.entities {
		x.add(c.Record.ID)
	}
	f.claims(&p.added, c.Added)
	f.claims(&p.retracted, c.Retracted)
	for _, fact := range c.Facts {
		f.shown(p.before, fact.Before)
		f.shown(p.after, fact.After)
	}
	for _, l := range c.Links {
		row := l.After
		if row == nil {
			row = l.Before
		}
		for _, x := range p.links {
			x.add(row.ID)
		}
		f.shown(p.amounts, row.Amount)
	}
}

func (f changeFollower) shown(crossings []*crossing, s *intel.Shown) {
	if s == nil {
		return
	}
	for _, x := range crossings {
		if c := f.known[s.Claim]; c != nil {
			f.res.Claims[x.path][c.ID] = c
			f.claims(x.claim, []*intel.Claim{c})
			continue
		}
		x.add(s.Claim)
	}
}
