package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// Cut is a part of the graph, as it looks in a view.
type Cut struct {
	View intel.View
	// Around keeps to the entities that are at most Depth links from this one,
	// and to the links and claims between those; empty: the whole graph.
	Around string
	Depth  int
}

// Export is a part of the graph that is walked row by row, all of it as it was
// at one revision, in memory that does not grow with it. Walking it again gives
// the same rows. Rows are not to be changed.
type Export struct {
	store intel.Store
	meta  intel.Meta
	view  intel.View // with AtRevision: that of meta, or an earlier one
	// settled says that the settled rows answer the view, as long as the graph
	// stays at the revision.
	settled bool
	// ids are the entities of a neighbourhood, in order; in is the same.
	ids []string
	in  map[string]bool

	page   int // how many rows are read, and entities settled, together
	limits viewLimits
}

// maxNeighbourhood bounds the entities of a neighbourhood, whose ids are held.
const maxNeighbourhood = 100_000

// Export starts an export at the present revision. An entity to start from that
// is not in the graph of the view is ErrNotFound, a neighbourhood of more than
// 100,000 entities ErrLimit.
func (c *Catalog) Export(ctx context.Context, cut Cut) (*Export, error) {
	if cut.Depth < 0 {
		return nil, intel.Invalid("depth", "is 0 or more links, not %d", cut.Depth)
	}
	meta, err := c.Meta(ctx)
	if err != nil {
		return nil, err
	}
	at := meta.Last.Revision
	if asked := cut.View.AtRevision; asked != nil {
		at = min(at, *asked)
	}
	x := &Export{store: c.store, meta: meta, view: cut.View, page: scanPage, limits: exportLimits()}
	x.view.AtRevision = &at
	if cut.Around != "" {
		return x, x.grow(ctx, cut.Around, cut.Depth)
	}
	x.settled = cut.View.IsDefault() && meta.SettleVersion == intel.SettleVersion
	return x, nil
}

// Revision is the revision that the export shows.
func (x *Export) Revision() intel.Revision {
	return intel.Revision{Epoch: x.meta.Epoch, Counter: *x.view.AtRevision}
}

// Entities gives the entities, by id. Their Revision is not told.
func (x *Export) Entities(ctx context.Context, do func(*intel.Record) error) error {
	after, left, err := x.scanSettled(ctx, intel.PartEntities, func(ws *intel.WorkingSet) error {
		return each(ws.Records, do)
	})
	if err != nil || !left {
		return err
	}
	return x.settlePages(ctx, x.eachID(ctx, after), reach{about: true, exist: true}, func(ids []string, g *reading) error {
		for _, id := range ids {
			if g.exists(id) {
				if err := do(g.record(id)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Links gives the links between the entities, by id.
func (x *Export) Links(ctx context.Context, do func(*intel.Link) error) error {
	after, left, err := x.scanSettled(ctx, intel.PartLinks, func(ws *intel.WorkingSet) error {
		return each(ws.Links, do)
	})
	if err != nil || !left {
		return err
	}
	return x.settlePages(ctx, inLinkOrder(x.eachID(ctx, "")), reach{out: true}, func(ids []string, g *reading) error {
		for _, id := range ids {
			rest := slices.DeleteFunc(x.linksFrom(g, id), func(l *intel.Link) bool { return l.ID <= after })
			if err := each(rest, do); err != nil {
				return err
			}
		}
		return nil
	})
}

// linksFrom gives the links that leave an entity for another of the export, by
// id.
func (x *Export) linksFrom(g *reading, id string) []*intel.Link {
	var out []*intel.Link
	for _, link := range slices.Sorted(slices.Values(g.links[id])) {
		_, from, to, _ := intel.SplitLinkID(link)
		if from != id || x.ids != nil && !x.in[to] {
			continue
		}
		if l := g.link(link); l != nil {
			g.markRivals(l)
			out = append(out, l)
		}
	}
	return out
}

// Claims gives the live claims that the view leaves room for, each with its
// source as it counted then. With a least support these are the claims about the
// facts and links that have it; of a neighbourhood, those about its entities and
// the links between them.
func (x *Export) Claims(ctx context.Context, do func(*intel.Claim, *intel.Source) error) error {
	if x.ids == nil && x.view.MinSupport == 0 {
		return x.scanClaims(ctx, do)
	}
	return x.settlePages(ctx, x.eachID(ctx, ""), reach{about: true, out: true}, func(ids []string, g *reading) error {
		for _, id := range ids {
			for _, c := range x.claimsFrom(g, id) {
				if err := do(c, g.sources[c.Source]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// claimsFrom gives the claims with an entity as subject that belong to the
// export, by id.
func (x *Export) claimsFrom(g *reading, id string) []*intel.Claim {
	var out []*intel.Claim
	facts := map[intel.Property]map[string]bool{}
	for _, f := range g.record(id).Facts {
		if facts[f.Property] == nil {
			facts[f.Property] = map[string]bool{}
		}
		facts[f.Property][f.Slot] = true
	}
	for _, c := range g.about[id] {
		slot := ""
		if c.Property.Info().Slotted() {
			slot = c.Value.Slot()
		}
		if x.view.MinSupport == 0 || facts[c.Property][slot] {
			out = append(out, c)
		}
	}
	for _, link := range g.links[id] {
		_, from, to, _ := intel.SplitLinkID(link)
		if from == id && (x.ids == nil || x.in[to]) && (x.view.MinSupport == 0 || g.link(link) != nil) {
			out = append(out, g.claims[link]...)
		}
	}
	return live(out)
}

// maxKnownSources bounds the sources that a walk through claims keeps, since the
// next claims are often of the same.
const maxKnownSources = 20_000

// scanClaims gives the claims of the whole graph, by id.
func (x *Export) scanClaims(ctx context.Context, do func(*intel.Claim, *intel.Source) error) error {
	after := ""
	var g *reading
	for {
		var last string
		var claims []*intel.Claim
		err := x.store.View(ctx, func(r intel.Reader) (err error) {
			if g == nil || len(g.sources) > maxKnownSources {
				g = newReading(r, x.view, x.limits)
			}
			g.r = r
			if claims, last, err = g.scanVisible(ctx, after, x.page); err != nil {
				g = nil // what it knows may be half of it
			}
			return err
		})
		if err != nil || last == "" {
			return err
		}
		for _, c := range claims {
			if c.Live() {
				if err := do(c, g.sources[c.Source]); err != nil {
					return err
				}
			}
		}
		after = last
	}
}

// scanVisible gives the claims of a page that the view leaves room for, and the
// id of the page's last one.
func (g *reading) scanVisible(ctx context.Context, after string, limit int) (claims []*intel.Claim, last string, err error) {
	ws, err := g.r.Scan(ctx, intel.PartClaims, after, limit)
	if err != nil {
		return nil, "", err
	}
	unknown := map[string]bool{}
	for _, c := range ws.Claims {
		unknown[c.Source] = g.sources[c.Source] == nil
	}
	maps.DeleteFunc(unknown, func(_ string, is bool) bool { return !is })
	if len(unknown) > 0 {
		with, err := g.r.Collect(ctx, intel.Need{Sources: sorted(unknown)})
		if err != nil {
			return nil, "", err
		}
		ws.Sources = with.Sources
	}
	claims, err = g.visible(ctx, ws)
	return claims, lastOf(intel.PartClaims, ws), err
}

// Portraits gives the entities, by id, with what draws each alone.
func (x *Export) Portraits(ctx context.Context, do func(*intel.Portrait) error) error {
	return x.settlePages(ctx, x.eachID(ctx, ""), reach{about: true, exist: true, portrait: true}, func(ids []string, g *reading) error {
		var all, bare []*intel.Portrait
		for _, id := range ids {
			if !g.exists(id) {
				continue
			}
			p := x.portrait(g, id)
			if all = append(all, p); p.Marking == "" {
				bare = append(bare, p)
			}
		}
		if err := x.seeMentions(ctx, bare); err != nil {
			return err
		}
		return each(all, do)
	})
}

// portrait draws an entity as far as claims about it and its aliases tell.
func (x *Export) portrait(g *reading, id string) *intel.Portrait {
	p := &intel.Portrait{Record: g.record(id)}
	see := func(claims []*intel.Claim) {
		for _, c := range claims {
			p.See(c)
			if m := g.sources[c.Source].Marking; c.Live() && (p.Marking == "" || m.Above(p.Marking)) {
				p.Marking = m
			}
		}
	}
	see(g.about[id])
	for _, l := range g.aliasLinks(id) {
		p.Aliases = append(p.Aliases, g.record(l.To).Name)
		see(g.claims[l.ID])
		see(g.about[l.To])
	}
	slices.Sort(p.Aliases)
	p.Aliases = slices.Compact(p.Aliases)
	for _, l := range x.linksFrom(g, id) {
		if l.Type == reportAbout {
			p.About = append(p.About, l.To)
		}
	}
	return p
}

// reportAbout leads from a report to what it is about.
const reportAbout intel.LinkType = "ABOUT"

// seeMentions draws the entities that only claims about others mention.
func (x *Export) seeMentions(ctx context.Context, bare []*intel.Portrait) error {
	of := map[string]*intel.Portrait{}
	var ids []string
	for _, p := range bare {
		of[p.ID] = p
		ids = append(ids, p.ID)
	}
	return x.settlePages(ctx, seqOf(ids), reach{mentions: true}, func(ids []string, g *reading) error {
		for _, c := range g.mentioning {
			for _, id := range c.Mentions() {
				p := of[id]
				if p == nil {
					continue
				}
				p.See(c)
				if m := g.sources[c.Source].Marking; p.Marking == "" || p.Marking.Above(m) {
					p.Marking = m
				}
			}
		}
		return nil
	})
}

// grow finds the neighbourhood of an entity.
func (x *Export) grow(ctx context.Context, around string, depth int) error {
	id, err := intel.ParseEntityID(around)
	if err != nil {
		return intel.Invalid("around", "%s", err)
	}
	x.ids, x.in = []string{id}, map[string]bool{id: true}
	err = x.settlePages(ctx, x.eachID(ctx, ""), reach{about: true, exist: true}, func(_ []string, g *reading) error {
		if !g.exists(id) {
			return &intel.FieldError{Field: "around", Row: -1, Kind: intel.ErrNotFound, Msg: fmt.Sprintf("there is no entity %q here", clip(id))}
		}
		return nil
	})
	front := x.ids
	for ; err == nil && depth > 0 && len(front) > 0; depth-- {
		front, err = x.growOnce(ctx, front)
	}
	x.ids = sorted(x.in)
	return err
}

// growOnce takes in the neighbours of entities and gives those that are new.
func (x *Export) growOnce(ctx context.Context, front []string) ([]string, error) {
	var next []string
	err := x.settlePages(ctx, seqOf(front), reach{around: true}, func(ids []string, g *reading) error {
		for _, id := range ids {
			for _, link := range g.links[id] {
				_, from, to, _ := intel.SplitLinkID(link)
				other := to
				if to == id {
					other = from
				}
				if x.in[other] || g.link(link) == nil {
					continue
				}
				x.in[other] = true
				next = append(next, other)
			}
		}
		if len(x.in) > maxNeighbourhood {
			return &intel.FieldError{Field: "depth", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("more than %d entities lie within: ask for fewer links, or for the whole graph", maxNeighbourhood)}
		}
		return nil
	})
	slices.Sort(next)
	return next, err
}

// Sources gives the sources, by id, as they counted in the view, with the
// header versions that it saw: those that the view leaves room for, or, of a
// neighbourhood, those of its claims and what these derive from.
func (x *Export) Sources(ctx context.Context, do func(*intel.Source) error) error {
	if x.ids == nil {
		return x.scanSources(ctx, do)
	}
	ids := map[string]bool{}
	if err := x.Claims(ctx, func(c *intel.Claim, _ *intel.Source) error {
		ids[c.Source] = true
		return nil
	}); err != nil {
		return err
	}
	own := maps.Clone(ids)
	for page := range slices.Chunk(sorted(own), x.page) {
		ws, err := x.collectSources(ctx, page)
		if err != nil {
			return err
		}
		for id := range ws.Sources {
			ids[id] = true
		}
	}
	for page := range slices.Chunk(sorted(ids), x.page) {
		ws, err := x.collectSources(ctx, page)
		if err != nil {
			return err
		}
		for _, id := range page {
			if s := x.sourceThen(ws.Sources[id]); s != nil && (own[id] || !s.Stub) {
				if err := do(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (x *Export) collectSources(ctx context.Context, ids []string) (ws *intel.WorkingSet, err error) {
	err = x.store.View(ctx, func(r intel.Reader) error {
		ws, err = r.Collect(ctx, intel.Need{Sources: ids})
		return err
	})
	return ws, err
}
