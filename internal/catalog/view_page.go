package catalog

import (
	"cmp"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// cutPage sorts rows, counts them when asked, and cuts a page out of them.
func cutPage[T any](rows []T, at func(T) intel.Position, desc []bool, p intel.Page) (page []T, more bool, total int) {
	if p.Count {
		total = len(rows)
	}
	type placed struct {
		row T
		at  intel.Position
	}
	var follow []placed
	for _, r := range rows {
		if pos := at(r); p.After == nil || intel.ComparePositions(pos, *p.After, desc) > 0 {
			follow = append(follow, placed{r, pos})
		}
	}
	slices.SortFunc(follow, func(a, b placed) int { return intel.ComparePositions(a.at, b.at, desc) })
	for _, f := range follow[:min(p.First, len(follow))] {
		page = append(page, f.row)
	}
	return page, len(follow) > p.First, total
}

// live gives the claims that are live, by id.
func live(claims []*intel.Claim) []*intel.Claim {
	var out []*intel.Claim
	for _, c := range claims {
		if c.Live() {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *intel.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// claimsAbout lists the claims with an entity as subject, live or not.
func (g *reading) claimsAbout(id string) []*intel.Claim {
	out := slices.Clone(g.about[id])
	for _, link := range g.links[id] {
		if _, from, _, _ := intel.SplitLinkID(link); from == id {
			out = append(out, g.claims[link]...)
		}
	}
	return out
}

func (g *reading) claimPage(sel *intel.ClaimSelection, of []*intel.Claim) *intel.ClaimPage {
	var rows []*intel.Claim
	for _, c := range of {
		if sel.Where.Match(c) {
			rows = append(rows, c)
		}
	}
	page := &intel.ClaimPage{}
	page.Claims, page.More, page.Total = cutPage(rows, intel.PositionOf, nil, sel.Page)
	g.cite(page.Claims)
	return page
}

// sourcePage is a page of the sources of live claims with an entity as subject
// or object.
func (g *reading) sourcePage(id string, p intel.Page) *intel.SourcePage {
	of := map[string]bool{}
	note := func(claims []*intel.Claim) {
		for _, c := range claims {
			if c.Live() {
				of[c.Source] = true
			}
		}
	}
	note(g.about[id])
	for _, link := range g.links[id] {
		note(g.claims[link])
	}
	at := func(id string) intel.Position { return intel.Position{ID: id} }
	page := &intel.SourcePage{}
	rows, more, total := cutPage(slices.Collect(maps.Keys(of)), at, nil, p)
	page.More, page.Total = more, total
	for _, id := range rows {
		page.Sources = append(page.Sources, &intel.SourceNode{Source: g.sources[id], Claims: map[string]*intel.ClaimPage{}})
		page.Positions = append(page.Positions, at(id))
	}
	return page
}

// cite brings the sources of claims into the answer.
func (g *reading) cite(claims []*intel.Claim) []*intel.Claim {
	for _, c := range claims {
		g.a.Sources[c.Source] = g.sources[c.Source]
	}
	return claims
}

// bounds are the ids and the kinds outside of which a filter holds for nothing;
// nil is no bound.
type bounds struct {
	ids   []string
	kinds []intel.Kind
}

func boundsOf(f intel.Filter) bounds {
	switch f := f.(type) {
	case intel.IDIn:
		return bounds{ids: append([]string{}, f...)}
	case intel.KindIn:
		return bounds{kinds: append([]intel.Kind{}, f...)}
	case intel.All:
		var b bounds
		for _, part := range f {
			p := boundsOf(part)
			b.ids, b.kinds = narrowed(b.ids, p.ids), narrowed(b.kinds, p.kinds)
		}
		return b
	case intel.Any:
		b := bounds{ids: []string{}, kinds: []intel.Kind{}}
		for _, part := range f {
			p := boundsOf(part)
			b.ids, b.kinds = widened(b.ids, p.ids), widened(b.kinds, p.kinds)
		}
		return b
	}
	return bounds{}
}

func narrowed[T comparable](a, b []T) []T {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	in := make(map[T]bool, len(b))
	for _, x := range b {
		in[x] = true
	}
	return slices.DeleteFunc(a, func(x T) bool { return !in[x] })
}

func widened[T comparable](a, b []T) []T {
	if a == nil || b == nil {
		return nil
	}
	return append(a, b...)
}
