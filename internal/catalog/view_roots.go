package catalog

import (
	"context"
	"fmt"

	"dragnet/internal/intel"
)

// claimList answers the list of all claims with those that the view leaves room
// for, live in it or not.
func (g *reading) claimList(ctx context.Context, s intel.Selection) error {
	if s.ClaimList == nil {
		return nil
	}
	page, need := &intel.ClaimPage{}, s.ClaimList.Page.First+1
	live := s.ClaimList.Where.Live
	where := s.ClaimList.Where
	where.Live = nil
	var after *intel.Position
	if !s.ClaimList.Page.Count {
		after = s.ClaimList.Page.After
	}
	err := g.eachClaim(ctx, where, after, func(c *intel.Claim) bool {
		if live != nil && *live != c.Live() {
			return true
		}
		page.Total++
		if at := s.ClaimList.Page.After; at == nil || intel.ComparePositions(intel.PositionOf(c), *at, nil) > 0 {
			page.Claims = append(page.Claims, c)
		}
		return s.ClaimList.Page.Count || len(page.Claims) < need
	})
	if err != nil {
		return err
	}
	if !s.ClaimList.Page.Count {
		page.Total = 0
	}
	if page.More = len(page.Claims) >= need; page.More {
		page.Claims = page.Claims[:need-1]
	}
	g.cite(page.Claims)
	g.a.ClaimList = page
	return nil
}

// eachClaim gives the claims of the view that a filter holds for, in their
// order, until it is told to stop. The order is that of the store, whatever the
// view, so they are read in pages of the store's own list.
func (g *reading) eachClaim(ctx context.Context, where intel.ClaimFilter, after *intel.Position, take func(*intel.Claim) bool) error {
	if g.view.Sources != nil {
		if where.Sources == nil {
			where.Sources = g.view.Sources
		} else {
			where.Sources = narrowed(append([]string{}, where.Sources...), g.view.Sources)
		}
	}
	page := intel.Page{After: after}
	for read := 0; ; {
		page.First = min(intel.MaxPage, g.limits.candidates-read)
		a, err := g.r.Select(ctx, intel.Selection{ClaimList: &intel.ClaimSelection{Where: where, Page: page}})
		if err != nil {
			return err
		}
		claims, err := g.visibleOf(ctx, a.ClaimList.Claims)
		if err != nil {
			return err
		}
		for _, c := range a.ClaimList.Claims {
			if !g.view.Saw(c.Added) {
				return nil // all that follow were added later still
			}
			if then := claims[c.ID]; then != nil && !take(then) {
				return nil
			}
			page.After = new(intel.PositionOf(c))
		}
		if !a.ClaimList.More {
			return nil
		}
		if read += len(a.ClaimList.Claims); read >= g.limits.candidates {
			return tooManyClaims(g.limits.candidates, where)
		}
	}
}

// visibleOf gives those of some claims that the view leaves room for, as they
// were then, by id.
func (g *reading) visibleOf(ctx context.Context, claims []*intel.Claim) (map[string]*intel.Claim, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	n := intel.Need{History: true}
	for _, c := range claims {
		n.ClaimIDs = append(n.ClaimIDs, c.ID)
	}
	ws, err := g.r.Collect(ctx, n)
	if err != nil {
		return nil, err
	}
	seen, err := g.visible(ctx, ws)
	out := make(map[string]*intel.Claim, len(seen))
	for _, c := range seen {
		out[c.ID] = c
	}
	return out, err
}

// linkList answers a list of all links with those of the view, and gives the
// spots of their ends.
func (g *reading) linkList(ctx context.Context, l *intel.LinkList, s *intel.Selection) ([]spot, error) {
	ids, err := g.linkCandidates(ctx, l.Where)
	if err != nil {
		return nil, err
	}
	w := want{links: ids}
	for _, id := range ids {
		if t, from, to, ok := intel.SplitLinkID(id); ok && isExclusive(t, from, to) {
			w.from = append(w.from, intel.FromNeed{From: from, Type: t})
		}
	}
	if err := g.load(ctx, w, narrowList); err != nil {
		return nil, err
	}
	var links []*intel.Link
	for _, id := range ids {
		if link := g.link(id); link != nil {
			g.markRivals(link)
			if l.Where.MatchEnds(link) {
				links = append(links, link)
			}
		}
	}
	page := &intel.LinkPage{}
	links, page.More, page.Total = cutPage(links, intel.PositionOfLink, nil, l.Page)
	var spots []spot
	for _, link := range links {
		e := g.rootLink(link, &s.Link)
		e.Position = intel.PositionOfLink(link)
		page.Edges = append(page.Edges, e)
		spots = append(spots, spot{e.Parent, link.From, &s.From}, spot{e.Node, link.To, &s.To})
	}
	g.a.LinkList = page
	return spots, nil
}

// linkCandidates lists the links that a filter may hold for and that claims of
// the view are about.
func (g *reading) linkCandidates(ctx context.Context, f intel.LinkFilter) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	take := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	switch {
	case g.whole:
		for id := range g.claims {
			take(id)
		}
		return ids, nil
	case f.IDs != nil:
		var w want
		for _, id := range f.IDs {
			w.touched = append(w.touched, touch{id, ""})
		}
		if err := g.load(ctx, w, narrowList); err != nil {
			return nil, err
		}
		for _, id := range f.IDs {
			for _, link := range g.links[id] {
				take(link)
			}
		}
		return ids, nil
	}
	where := intel.ClaimFilter{LinkTypes: f.Types}
	if where.LinkTypes == nil {
		for _, t := range intel.LinkTypes() {
			where.LinkTypes = append(where.LinkTypes, t.Type)
		}
	}
	err := g.eachClaim(ctx, where, nil, func(c *intel.Claim) bool { take(c.LinkID()); return true })
	return ids, err
}

func tooManyClaims(most int, f intel.ClaimFilter) error {
	how := "add subject or source to where, of links add ids, or name sources in the view"
	if f.Subjects != nil || f.Sources != nil {
		how = "name fewer subjects or sources"
	}
	return &intel.FieldError{Field: "where", Row: -1, Kind: intel.ErrLimit,
		Msg: fmt.Sprintf("under a view such a list looks at most at %d claims, and here there are more: %s", most, how)}
}
