package catalog

import (
	"context"
	"slices"

	"dragnet/internal/intel"
)

// questions are what filters and orders ask of entities beside their own
// properties.
type questions struct {
	aliases  []string // entities whose aliases' names are asked for
	revision []string // entities whose revision is asked for
	related  []relatedTo
}

// relatedTo asks whether entities are related as a condition says.
type relatedTo struct {
	intel.Related
	ids []string
}

func (q *questions) add(ids []string, f intel.Filter, order []intel.Order) {
	if slices.ContainsFunc(order, func(o intel.Order) bool { return o.By == intel.OrderChanged }) {
		q.revision = append(q.revision, ids...)
	}
	q.ask(ids, f)
}

func (q *questions) ask(ids []string, f intel.Filter) {
	alias := func(of intel.Field) {
		if of == intel.FieldAlias {
			q.aliases = append(q.aliases, ids...)
		}
	}
	switch f := f.(type) {
	case intel.All:
		for _, p := range f {
			q.ask(ids, p)
		}
	case intel.Any:
		for _, p := range f {
			q.ask(ids, p)
		}
	case intel.Not:
		q.ask(ids, f.Filter)
	case intel.TextIs:
		alias(f.Field)
	case intel.IsNull:
		alias(f.Field)
	case intel.Related:
		q.related = append(q.related, relatedTo{f, ids})
	}
}

// loadAsked loads what is wanted, then what answers the questions.
func (g *reading) loadAsked(ctx context.Context, w want, q questions, narrow string) error {
	for _, id := range q.aliases {
		w.from = append(w.from, intel.FromNeed{From: id, Type: intel.KnownAs})
	}
	for _, r := range q.related {
		for _, id := range r.ids {
			for _, e := range r.Ends {
				if e.Direction == intel.Out {
					w.from = append(w.from, intel.FromNeed{From: id, Type: e.Type})
				} else {
					w.touched = append(w.touched, touch{id, e.Type})
				}
			}
		}
	}
	if err := g.load(ctx, w, narrow); err != nil {
		return err
	}
	var names want
	for _, id := range q.aliases {
		for _, l := range g.aliasLinks(id) {
			names.about = append(names.about, l.To)
		}
	}
	var deeper questions
	for _, r := range q.related {
		var others []string
		for _, id := range r.ids {
			for _, h := range g.hops(id, r.selection()) {
				g.wantRivals(&names, h)
				others = append(others, h.other)
			}
		}
		names.about = append(names.about, others...)
		deeper.ask(others, r.Where)
	}
	next := g.load
	if len(deeper.aliases)+len(deeper.related) > 0 {
		next = func(ctx context.Context, w want, narrow string) error { return g.loadAsked(ctx, w, deeper, narrow) }
	}
	if err := next(ctx, names, narrow); err != nil {
		return err
	}
	return g.revise(ctx, q.revision, narrow)
}

func (r relatedTo) selection() *intel.LinkSelection {
	return &intel.LinkSelection{Ends: r.Ends, Kinds: r.Kinds, Link: r.Link}
}

func (g *reading) aliasLinks(id string) []*intel.Link {
	var out []*intel.Link
	for _, h := range g.hops(id, &intel.LinkSelection{Ends: []intel.End{{Type: intel.KnownAs, Direction: intel.Out}}}) {
		out = append(out, h.link)
	}
	return out
}

// matches evaluates a filter without areas on an entity; loadAsked has loaded
// what it asks.
func (g *reading) matches(f intel.Filter, id string) bool {
	return f == nil || intel.Match(f, g.subject(id))
}

func (g *reading) subject(id string) intel.Subject {
	return intel.Subject{Record: g.record(id), Linked: func(ends []intel.End) []intel.Neighbor {
		var out []intel.Neighbor
		for _, h := range g.hops(id, &intel.LinkSelection{Ends: ends}) {
			g.markRivals(h.link)
			out = append(out, intel.Neighbor{ID: h.other, Link: h.link, Subject: func() intel.Subject { return g.subject(h.other) }})
		}
		return out
	}}
}

// withoutAreas puts, for every condition on an area, the ids of what is within
// it in the view.
func (g *reading) withoutAreas(ctx context.Context, f intel.Filter) (intel.Filter, error) {
	each := func(fs []intel.Filter) ([]intel.Filter, error) {
		out := make([]intel.Filter, len(fs))
		for i, p := range fs {
			var err error
			if out[i], err = g.withoutAreas(ctx, p); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	switch f := f.(type) {
	case intel.All:
		out, err := each(f)
		return intel.All(out), err
	case intel.Any:
		out, err := each(f)
		return intel.Any(out), err
	case intel.Not:
		inner, err := g.withoutAreas(ctx, f.Filter)
		return intel.Not{Filter: inner}, err
	case intel.Related:
		where, err := g.withoutAreas(ctx, f.Where)
		f.Where = where
		return f, err
	case intel.Within:
		return g.within(ctx, f)
	}
	return f, nil
}

// within lists what is within an area, and with Broader what it is within.
func (g *reading) within(ctx context.Context, f intel.Within) (intel.IDIn, error) {
	if ids, ok := g.areas[f]; ok {
		return ids, nil
	}
	ids := intel.IDIn{f.Area}
	ways := []intel.Direction{intel.In}
	if f.Broader {
		ways = append(ways, intel.Out)
	}
	for _, way := range ways {
		seen := map[string]bool{f.Area: true}
		for level := []string{f.Area}; len(level) > 0; {
			var w want
			for _, id := range level {
				w.touched = append(w.touched, touch{id, intel.PartOf})
			}
			if err := g.load(ctx, w, narrowTree); err != nil {
				return nil, err
			}
			var next []string
			for _, id := range level {
				for _, h := range g.hops(id, &intel.LinkSelection{Ends: []intel.End{{Type: intel.PartOf, Direction: way}}}) {
					if !seen[h.other] {
						seen[h.other] = true
						next = append(next, h.other)
					}
				}
			}
			ids, level = append(ids, next...), next
		}
	}
	g.areas[f] = ids
	return ids, nil
}
