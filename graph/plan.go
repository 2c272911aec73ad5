package graph

import (
	"slices"

	"dragnet/internal/intel"
)

// A plan says what a root field needs, before anything is read. Each ask is one
// read of the catalog: the root one, and one per crossing, that is a field that
// leads from claims, facts or changes to entities, links and sources.

// ask is what one read asks for.
type ask struct {
	ids    []string
	list   *intel.List
	entity *entityPlan

	linkIDs  []string
	linkList *intel.LinkList
	edge     *edgePlan
	from, to *entityPlan

	claimIDs  []string
	claimList *intel.ClaimSelection
	claim     *claimPlan

	sourceIDs  []string
	sourceList *intel.SourceList
	source     *sourcePlan
}

// crossing is an ask whose ids come from what was read before it. Its path is
// that of the field that crosses.
type crossing struct {
	ask
	path  string
	leads target
	seen  map[string]bool
	// changes, first and before are of a crossing to histories.
	changes changePlan
	first   int
	before  int64
}

// target is what a crossing leads to.
type target int

const (
	toEntities target = iota
	toLinks
	toSources
	toClaims
	toHistories
)

// add notes an id to read.
func (c *crossing) add(id string) {
	if id == "" || c.seen[id] {
		return
	}
	c.seen[id] = true
	switch c.leads {
	case toEntities, toHistories:
		c.ids = append(c.ids, id)
	case toLinks:
		c.linkIDs = append(c.linkIDs, id)
	case toSources:
		c.sourceIDs = append(c.sourceIDs, id)
	case toClaims:
		c.claimIDs = append(c.claimIDs, id)
	}
}

// entityPlan is what is wanted of the entities at one place of an answer, for
// all response fields that show them.
type entityPlan struct {
	record                   bool // more than id and kind
	values, evidence, counts bool
	links                    []*linkPlan
	claims                   []*claimList
	sources                  []*sourceList
	facts                    []*claimPlan // looked at in the evidence
	histories                []*history
}

// history is a crossing from entities of some kinds (nil: any) to what became of
// them.
type history struct {
	on []intel.Kind
	at *crossing
}

// linkPlan is a page of links. Of sel, what hangs on it is filled in last.
type linkPlan struct {
	sel  intel.LinkSelection
	edge edgePlan
	node entityPlan
}

// edgePlan is what is wanted of links.
type edgePlan struct {
	wanted   bool // links are shown at all, where they are asked for by id
	evidence bool
	claims   []*claimList
	behind   []*claimPlan // looked at in the evidence
}

type claimList struct {
	sel   intel.ClaimSelection
	claim claimPlan
}

type sourceList struct {
	sel    intel.SourceSelection
	source sourcePlan
}

// claimPlan is where the fields below a claim lead.
type claimPlan struct {
	properties              []intel.Property // of claims in evidence; nil: any
	subjects, saidBy, links []*crossing
	sources                 []*sourcePlan
	self                    []*claimPlan // the claim again, below its value
}

// sourcePlan is where the fields below a source lead.
type sourcePlan struct {
	claims               []*claimList // read with it
	again                []*crossing  // the source itself, to have its claims
	derivedFrom, origins []*crossing
}

// selection turns an ask into what the catalog reads.
func (a *ask) selection() intel.Selection {
	s := intel.Selection{IDs: a.ids, List: a.list, LinkIDs: a.linkIDs, LinkList: a.linkList, ClaimIDs: a.claimIDs, ClaimList: a.claimList, SourceIDs: a.sourceIDs, SourceList: a.sourceList}
	if a.entity != nil {
		s.Node = a.entity.selection()
	}
	if a.edge != nil {
		s.Link.Evidence, s.Link.Claims = a.edge.evidence, claimSelections(a.edge.claims)
		s.From, s.To = a.from.selection(), a.to.selection()
	}
	if a.source != nil {
		s.SourceClaims = claimSelections(a.source.claims)
	}
	return s
}

func (e *entityPlan) selection() intel.NodeSelection {
	n := intel.NodeSelection{Values: e.values, Evidence: e.evidence, Counts: e.counts, Claims: claimSelections(e.claims)}
	for _, l := range e.links {
		sel := l.sel
		sel.Evidence, sel.Claims, sel.Node = l.edge.evidence, claimSelections(l.edge.claims), l.node.selection()
		n.Links = append(n.Links, sel)
	}
	for _, s := range e.sources {
		n.Sources = append(n.Sources, s.sel)
	}
	return n
}

func claimSelections(cs []*claimList) []intel.ClaimSelection {
	var out []intel.ClaimSelection
	for _, c := range cs {
		out = append(out, c.sel)
	}
	return out
}

// beside says that more is wanted than the record with its values.
func (e *entityPlan) beside() bool {
	return e.evidence || e.counts || len(e.links)+len(e.claims)+len(e.sources)+len(e.histories) > 0
}

// needed says that an entity must be read, since its id does not say enough.
func (e *entityPlan) needed() bool { return e.record || e.values || e.beside() }

// merged wants what both want. Their keys differ, being paths.
func (e *entityPlan) merged(o *entityPlan) *entityPlan {
	return &entityPlan{
		record: e.record || o.record, values: e.values || o.values, evidence: e.evidence || o.evidence, counts: e.counts || o.counts,
		links: slices.Concat(e.links, o.links), claims: slices.Concat(e.claims, o.claims),
		sources: slices.Concat(e.sources, o.sources), facts: slices.Concat(e.facts, o.facts),
		histories: slices.Concat(e.histories, o.histories),
	}
}
