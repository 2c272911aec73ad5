package catalog

import (
	"cmp"
	"context"
	"slices"

	"dragnet/internal/intel"
)

func (g *reading) evidence(claims []*intel.Claim) []intel.Evidence {
	return intel.Gather(claims, g.sources, g.now)
}

// record gives an entity as it settles in the view, with its facts. Its
// property claims are loaded; its revision is 0 until revise was called.
func (g *reading) record(id string) *intel.Record {
	r := g.records[id]
	if r == nil {
		r = intel.NewRecord(id, intel.Compact(intel.Settle(g.evidence(g.about[id]), g.view.MinSupport)), 0)
		g.records[id] = r
	}
	return r
}

// link gives a loaded link as it settles in the view, or nil when it is not in
// the graph. Whether a rival disputes it is known after markRivals.
func (g *reading) link(id string) *intel.Link {
	l, ok := g.settled[id]
	if !ok {
		l = intel.SettleLink(g.evidence(g.claims[id]))
		if l != nil && l.Support.Percent() < g.view.MinSupport {
			l = nil
		}
		g.settled[id] = l
	}
	return l
}

// rootOf gives a link asked for by its id: as link does, or, when outweighed
// links are wanted, as its claims weigh.
func (g *reading) rootOf(id string) *intel.Link {
	if l := g.link(id); l != nil || !g.outweighed {
		return l
	}
	l := intel.WeighLink(g.evidence(g.claims[id]))
	if l != nil && l.Support.Percent() < g.view.MinSupport {
		return nil
	}
	return l
}

func isExclusive(t intel.LinkType, from, to string) bool {
	_, exclusive := t.Allows(intel.KindOf(from), intel.KindOf(to))
	return exclusive
}

// markRivals marks a link, and those that exclude it, as disputed. All links of
// its type from its from end are loaded when the type is exclusive.
func (g *reading) markRivals(l *intel.Link) {
	of := intel.FromNeed{From: l.From, Type: l.Type}
	if g.rivals[of] || !isExclusive(l.Type, l.From, l.To) {
		return
	}
	g.rivals[of] = true
	var set []*intel.Link
	for _, id := range g.links[l.From] {
		if o := g.link(id); o != nil && o.From == l.From && o.Type == l.Type {
			set = append(set, o)
		}
	}
	intel.MarkRivals(set)
}

// exists says that a claim that counts in the view mentions the entity. What
// the pool does not show was found out by findOut.
func (g *reading) exists(id string) bool { return g.mentioned[id] > 0 || g.firsts[id] > 0 }

// findOut looks for claims that mention those entities of which the pool does
// not show that they exist.
func (g *reading) findOut(ctx context.Context, ids []string, narrow string) error {
	var unsure []string
	for _, id := range ids {
		if g.mentioned[id] == 0 {
			unsure = append(unsure, id)
		}
	}
	return g.findFirsts(ctx, unsure, narrow)
}

// revise gives the records of entities their revision: that of the last change
// in the view to a claim with it as subject, else that of the first live claim
// which mentions it.
func (g *reading) revise(ctx context.Context, ids []string, narrow string) error {
	ids = distinct(ids)
	if err := g.load(ctx, want{about: ids, out: ids}, narrow); err != nil {
		return err
	}
	var orphans []string
	for _, id := range ids {
		if g.ownRevision(id) == 0 {
			orphans = append(orphans, id)
		}
	}
	if err := g.findFirsts(ctx, orphans, narrow); err != nil {
		return err
	}
	for _, id := range ids {
		g.record(id).Revision = cmp.Or(g.ownRevision(id), g.first(id))
	}
	return nil
}

func (g *reading) ownRevision(id string) int64 {
	var last int64
	for _, c := range g.about[id] {
		last = max(last, c.Changed())
	}
	for _, link := range g.links[id] {
		for _, c := range g.claims[link] {
			if c.Subject == id {
				last = max(last, c.Changed())
			}
		}
	}
	return last
}

func (g *reading) first(id string) int64 {
	if g.whole {
		return g.mentioned[id]
	}
	return g.firsts[id]
}

// findFirsts finds the first live claim of the view that mentions each entity.
// Claims are read in the order of their adding, few at first: most entities are
// mentioned in the view by one of the first that mention them at all, and an
// entity that joins everything must not bring all of its claims.
func (g *reading) findFirsts(ctx context.Context, ids []string, narrow string) error {
	if g.whole {
		return nil
	}
	ids = slices.DeleteFunc(distinct(ids), func(id string) bool { _, done := g.firsts[id]; return done })
	left := g.limits.claims
	for _, most := range g.limits.firsts {
		if len(ids) == 0 {
			return nil
		}
		if left <= 0 {
			return g.narrower(intel.ErrLimit, narrow)
		}
		ws, err := g.r.Collect(ctx, intel.Need{Mentioning: ids, FirstMentions: most, History: g.view.Past(), ClaimLimit: left})
		if err != nil {
			return g.narrower(err, narrow)
		}
		left -= len(ws.Claims)
		if ids, err = g.sift(ctx, ws, ids, most); err != nil {
			return err
		}
	}
	return nil
}

// sift notes what a read of the first claims that mention each entity shows,
// and gives the entities about which it does not show enough.
func (g *reading) sift(ctx context.Context, ws *intel.WorkingSet, ids []string, most int) ([]string, error) {
	claims, err := g.visible(ctx, ws)
	if err != nil {
		return nil, err
	}
	counts := map[string]bool{}
	for _, c := range claims {
		counts[c.ID] = c.Live()
	}
	all := map[string][]*intel.Claim{}
	for _, c := range ws.Claims {
		for _, id := range distinct(c.Mentions()) {
			all[id] = append(all[id], c)
		}
	}
	var more []string
	for _, id := range ids {
		first, enough := g.firstOf(all[id], counts, most)
		if !enough {
			more = append(more, id)
			continue
		}
		g.firsts[id] = first
	}
	return more, nil
}

// firstOf gives the adding revision of the first claim that counts among those
// that mention an entity, 0 when none does. It is not enough when later claims,
// which were not read, may count. Claims beyond the most that were asked for
// came for another entity, and there may be gaps before them.
func (g *reading) firstOf(claims []*intel.Claim, counts map[string]bool, most int) (first int64, enough bool) {
	slices.SortFunc(claims, func(a, b *intel.Claim) int {
		return intel.ComparePositions(intel.PositionOf(a), intel.PositionOf(b), nil)
	})
	for i, c := range claims {
		switch {
		case most > 0 && i == most:
			return 0, false
		case counts[c.ID]:
			return c.Added.Revision, true
		case !g.view.Saw(c.Added):
			return 0, true // all that follow were added later still
		}
	}
	return 0, most == 0 || len(claims) < most
}
