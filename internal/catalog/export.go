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

// scanClaims gives the claims of the whole graph, by id.
func (x *Export) scanClaims(ctx context.Context, do func(*intel.Claim, *intel.Source) error) error {
	after := ""
	for {
		var last string
		var claims []*intel.Claim
		var g *reading
		err := x.store.View(ctx, func(r intel.Reader) error {
			ws, err := r.Scan(ctx, intel.PartClaims, after, x.page)
			if last = lastOf(intel.PartClaims, ws); err != nil || last == "" {
				return err
			}
			if ws.Sources, err = sourcesOf(ctx, r, ws.Claims); err != nil {
				return err
			}
			g = newReading(r, x.view, x.limits)
			claims, err = g.visible(ctx, ws)
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

func sourcesOf(ctx context.Context, r intel.Reader, claims []*intel.Claim) (map[string]*intel.Source, error) {
	ids := map[string]bool{}
	for _, c := range claims {
		ids[c.Source] = true
	}
	ws, err := r.Collect(ctx, intel.Need{Sources: sorted(ids)})
	if err != nil {
		return nil, err
	}
	return ws.Sources, nil
}

// Subjects gives the entities, by id, with the names of their aliases, each once
// and in order, and the strictest marking of what is shown of each: of the
// claims about it and its aliases; of an entity that nothing but claims about
// others mention, the most open marking among the first of those.
func (x *Export) Subjects(ctx context.Context, do func(*intel.Record, []string, intel.Marking) error) error {
	return x.settlePages(ctx, x.eachID(ctx, ""), reach{about: true, exist: true, aliases: true}, func(ids []string, g *reading) error {
		bare, err := x.bareMarkings(ctx, g, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !g.exists(id) {
				continue
			}
			names, m := g.aliasesOf(id)
			for _, c := range live(g.about[id]) {
				m = stricter(m, g.sources[c.Source].Marking)
			}
			if m == "" {
				m = bare[id]
			}
			if err := do(g.record(id), names, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// aliasesOf gives the names of an entity's aliases and the strictest marking of
// the claims that say so.
func (g *reading) aliasesOf(id string) (names []string, m intel.Marking) {
	for _, l := range g.aliasLinks(id) {
		names = append(names, g.record(l.To).Name)
		for _, c := range append(live(g.claims[l.ID]), live(g.about[l.To])...) {
			m = stricter(m, g.sources[c.Source].Marking)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), m
}

func stricter(a, b intel.Marking) intel.Marking {
	if a == "" || b.Above(a) {
		return b
	}
	return a
}

// bareMarkings gives the most open marking of the claims that mention each of
// the entities that no claim is about.
func (x *Export) bareMarkings(ctx context.Context, g *reading, ids []string) (map[string]intel.Marking, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return len(live(g.about[id])) > 0 || len(g.aliasLinks(id)) > 0 || !g.exists(id)
	})
	out := map[string]intel.Marking{}
	err := x.settlePages(ctx, seqOf(ids), reach{mentions: true}, func(ids []string, g *reading) error {
		for _, c := range g.mentioning {
			for _, id := range c.Mentions() {
				if m := g.sources[c.Source].Marking; out[id] == "" || out[id].Above(m) {
					out[id] = m
				}
			}
		}
		return nil
	})
	return out, err
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
