package catalog

import (
	"context"
	"slices"

	"dragnet/internal/intel"
)

// readUnder answers a selection under any view, in the shape in which
// Reader.Select answers the default one: as if the store had only ever received
// the claims that count in the view. Nothing of it is materialised, so the tree
// is read and settled level by level.
//
// For a view of the past the answer is of then: claims carry the events seen by
// then, sources the header that counted then. So what an answer holds is settled
// again under a view that has MinSupport alone, not under the view itself.
//
// Three things are as in the default view: which sources SourceIDs and
// SourceList name, and their rows; Source.Claims, which would need a scan; and,
// when only KnownAt is given, Answer.Revision.
func readUnder(ctx context.Context, r intel.Reader, v intel.View, s intel.Selection) (*intel.Answer, error) {
	return newReading(r, v, theLimits()).answer(ctx, s)
}

// viewLimits bound what one reading under a view takes.
type viewLimits struct {
	claims     int // read at once, for one level
	candidates int // entities, claims that a root list looks at
	// together is how many entities have their links read along with their
	// properties, before it is known which of them are on a page.
	together int
	// whole is how many claims the sources of a view may have for all of them
	// to be read at once.
	whole int
	// firsts is how many of the claims that mention an entity are read, step by
	// step, to find the first that counts; 0 is all.
	firsts []int
}

func theLimits() viewLimits {
	return viewLimits{claims: 200_000, candidates: 20_000, together: 256, whole: 10_000, firsts: []int{8, 512, 0}}
}

func (g *reading) answer(ctx context.Context, s intel.Selection) (*intel.Answer, error) {
	meta, err := g.r.Meta(ctx)
	if err != nil {
		return nil, err
	}
	g.a.Revision = meta.Last.Revision
	if at := g.view.AtRevision; at != nil {
		g.a.Revision = min(*at, g.a.Revision)
	}
	for _, part := range []func(context.Context, intel.Selection) error{g.loadWhole, g.tree, g.claimRoots, g.claimList, g.sourceRoots} {
		if err := part(ctx, s); err != nil {
			return nil, err
		}
	}
	return g.a, nil
}

// tree answers IDs, List and LinkIDs and all below them.
func (g *reading) tree(ctx context.Context, s intel.Selection) error {
	var w want
	for _, id := range s.IDs {
		g.wantNode(&w, id, &s.Node)
	}
	for _, id := range s.LinkIDs {
		g.wantLink(&w, id, &s)
	}
	if err := g.load(ctx, w, narrowTree); err != nil {
		return err
	}
	if err := g.findOut(ctx, s.IDs, narrowTree); err != nil {
		return err
	}
	var spots []spot
	for _, id := range distinct(s.IDs) {
		if g.exists(id) {
			n := &intel.Node{}
			g.a.Nodes = append(g.a.Nodes, n)
			spots = append(spots, spot{n, id, &s.Node})
		}
	}
	for _, id := range s.LinkIDs {
		if l := g.rootOf(id); l != nil {
			e := g.rootLink(l, &s.Link)
			g.a.Links = append(g.a.Links, e)
			spots = append(spots, spot{e.Parent, l.From, &s.From}, spot{e.Node, l.To, &s.To})
		}
	}
	if s.List != nil {
		listed, err := g.list(ctx, s.List, &s.Node)
		if err != nil {
			return err
		}
		spots = append(spots, listed...)
	}
	if s.LinkList != nil {
		listed, err := g.linkList(ctx, s.LinkList, &s)
		if err != nil {
			return err
		}
		spots = append(spots, listed...)
	}
	for len(spots) > 0 {
		var err error
		if spots, err = g.level(ctx, spots); err != nil {
			return err
		}
	}
	return nil
}

// wantLink wants what a root link and its ends need. The ends are known before
// the link is read.
func (g *reading) wantLink(w *want, id string, s *intel.Selection) {
	if _, from, to, ok := intel.SplitLinkID(id); ok {
		w.links = append(w.links, id)
		g.wantNode(w, from, &s.From) // brings the link's rivals too
		g.wantNode(w, to, &s.To)
	}
}

func (g *reading) rootLink(l *intel.Link, sel *intel.LinkSelection) *intel.Edge {
	g.markRivals(l)
	e := &intel.Edge{Link: l, Parent: &intel.Node{}, Node: &intel.Node{}}
	g.backLink(e, sel)
	return e
}

// list answers a root list and gives the spots of its nodes.
func (g *reading) list(ctx context.Context, l *intel.List, sel *intel.NodeSelection) ([]spot, error) {
	filter, err := g.withoutAreas(ctx, l.Where)
	if err != nil {
		return nil, err
	}
	ids, err := g.listCandidates(ctx, filter)
	if err != nil {
		return nil, err
	}
	w := want{about: ids}
	if len(ids) <= g.limits.together {
		for _, id := range ids {
			g.wantNode(&w, id, sel)
		}
	}
	if err := g.load(ctx, w, narrowList); err != nil {
		return nil, err
	}
	if err := g.findOut(ctx, ids, narrowList); err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return !g.exists(id) })
	var asked questions
	asked.add(ids, filter, l.Order)
	if err := g.loadAsked(ctx, want{}, asked, narrowList); err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(ids, func(id string) bool { return !g.matches(filter, id) })
	at := func(id string) intel.Position { return intel.PositionOfRecord(g.record(id), l.Order) }
	page := &intel.NodePage{}
	rows, page.More, page.Total = cutPage(rows, at, intel.Descending(l.Order), l.Page)
	var spots []spot
	for _, id := range rows {
		n := &intel.Node{}
		page.Nodes = append(page.Nodes, n)
		page.Positions = append(page.Positions, at(id))
		spots = append(spots, spot{n, id, sel})
	}
	g.a.List = page
	return spots, nil
}

// listCandidates lists the entities that a filter may hold for, in the view or
// not.
func (g *reading) listCandidates(ctx context.Context, f intel.Filter) ([]string, error) {
	b := boundsOf(f)
	var ids []string
	switch {
	case b.ids != nil:
		ids = distinct(b.ids)
	case b.kinds != nil && len(b.kinds) == 0:
		return nil, nil // of no kind at all; Mentioned would take it for any
	case g.whole:
		for id := range g.mentioned {
			if b.kinds == nil || slices.Contains(b.kinds, intel.KindOf(id)) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		return ids, nil
	default:
		var err error
		if ids, err = g.r.Mentioned(ctx, b.kinds, "", g.limits.candidates+1); err != nil {
			return nil, err
		}
	}
	if len(ids) > g.limits.candidates {
		return nil, tooManyCandidates(g.limits.candidates, b)
	}
	return ids, nil
}

// claimRoots answers ClaimIDs: those the view leaves room for, live in it or
// not.
func (g *reading) claimRoots(ctx context.Context, s intel.Selection) error {
	if len(s.ClaimIDs) == 0 {
		return nil
	}
	ws, err := g.r.Collect(ctx, intel.Need{ClaimIDs: distinct(s.ClaimIDs), History: true})
	if err != nil {
		return err
	}
	claims, err := g.visible(ctx, ws)
	if err != nil {
		return err
	}
	byID := map[string]*intel.Claim{}
	for _, c := range claims {
		byID[c.ID] = c
	}
	for _, id := range s.ClaimIDs {
		if c := byID[id]; c != nil {
			g.a.Claims = append(g.a.Claims, c)
		}
	}
	g.cite(g.a.Claims)
	return nil
}

// sourceRoots answers SourceIDs and SourceList as the default view does; the
// claims below them obey the view.
func (g *reading) sourceRoots(ctx context.Context, s intel.Selection) error {
	if len(s.SourceIDs) == 0 && s.SourceList == nil {
		return nil
	}
	a, err := g.r.Select(ctx, intel.Selection{SourceIDs: s.SourceIDs, SourceList: s.SourceList})
	if err != nil {
		return err
	}
	g.a.SourceNodes, g.a.SourceList = a.SourceNodes, a.SourceList
	nodes := slices.Clone(a.SourceNodes)
	if a.SourceList != nil {
		nodes = append(nodes, a.SourceList.Sources...)
	}
	if len(nodes) == 0 || len(s.SourceClaims) == 0 {
		return nil
	}
	need := intel.Need{History: true, ClaimLimit: g.limits.claims}
	for _, n := range nodes {
		need.ClaimsOf = append(need.ClaimsOf, n.ID)
	}
	need.ClaimsOf = distinct(need.ClaimsOf)
	ws, err := g.r.Collect(ctx, need)
	if err != nil {
		return g.narrower(err, narrowSources)
	}
	claims, err := g.visible(ctx, ws)
	if err != nil {
		return err
	}
	bySource := map[string][]*intel.Claim{}
	for _, c := range claims {
		bySource[c.Source] = append(bySource[c.Source], c)
	}
	for _, n := range nodes {
		n.Claims = map[string]*intel.ClaimPage{}
		for i := range s.SourceClaims {
			n.Claims[s.SourceClaims[i].Key] = g.claimPage(&s.SourceClaims[i], bySource[n.ID])
		}
	}
	return nil
}

// addOutweighed adds to an answer those of the links asked for by id that are
// not in the settled graph of the view and that claims of it are about.
func addOutweighed(ctx context.Context, r intel.Reader, v intel.View, s intel.Selection, a *intel.Answer) error {
	byID := map[string]*intel.Edge{}
	for _, e := range a.Links {
		byID[e.Link.ID] = e
	}
	missing := intel.Selection{Link: s.Link, From: s.From, To: s.To}
	for _, id := range distinct(s.LinkIDs) {
		if byID[id] == nil {
			missing.LinkIDs = append(missing.LinkIDs, id)
		}
	}
	// Most ids that are not found are of no link at all, and their ends need not
	// be read.
	ws, err := r.Collect(ctx, intel.Need{Links: missing.LinkIDs, History: true, ClaimLimit: theLimits().claims})
	if err != nil {
		return err
	}
	claimed := map[string]bool{}
	for _, c := range ws.Claims {
		claimed[c.LinkID()] = true
	}
	missing.LinkIDs = slices.DeleteFunc(missing.LinkIDs, func(id string) bool { return !claimed[id] })
	if len(missing.LinkIDs) == 0 {
		return nil
	}
	g := newReading(r, v, theLimits())
	g.outweighed = true
	more, err := g.answer(ctx, missing)
	if err != nil {
		return err
	}
	for _, e := range more.Links {
		byID[e.Link.ID] = e
	}
	for id, src := range more.Sources {
		a.Sources[id] = src
	}
	a.Links = a.Links[:0]
	for _, id := range s.LinkIDs {
		if e := byID[id]; e != nil {
			a.Links = append(a.Links, e)
		}
	}
	return nil
}
