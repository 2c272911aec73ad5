package catalog

import (
	"context"
	"errors"
	"iter"
	"math"
	"slices"

	"dragnet/internal/intel"
)

// exportLimits bound what is held of entities that are settled together: the
// claims about them and, of links and aliases, about others. Those about one
// entity are held whole.
func exportLimits() viewLimits {
	l := theLimits()
	l.claims, l.together = 20_000, 256
	return l
}

// scanSettled walks settled rows as long as the graph does not move on. What is
// left then, and all when settled rows do not answer the view, is to be settled
// from the claims of the revision, which gives the same: after is the id of the
// last row that was walked.
func (x *Export) scanSettled(ctx context.Context, part intel.Part, page func(*intel.WorkingSet) error) (after string, left bool, err error) {
	for x.settled {
		var ws *intel.WorkingSet
		err := x.store.View(ctx, func(r intel.Reader) error {
			ws = nil
			m, err := r.Meta(ctx)
			if err != nil || m.Last.Revision != x.meta.Last.Revision {
				return err
			}
			ws, err = r.Scan(ctx, part, after, x.page)
			return err
		})
		if err != nil {
			return "", false, err
		}
		if ws == nil {
			return after, true, nil
		}
		last := lastOf(part, ws)
		if last == "" {
			return "", false, nil
		}
		if err := page(ws); err != nil {
			return "", false, err
		}
		after = last
	}
	return "", true, nil
}

// eachID gives, in order, the ids after one of all entities that may be in the
// export.
func (x *Export) eachID(ctx context.Context, after string) iter.Seq2[string, error] {
	if x.ids != nil {
		return seqOf(x.ids)
	}
	return func(yield func(string, error) bool) {
		for {
			var ids []string
			err := x.store.View(ctx, func(r intel.Reader) (err error) {
				ids, err = r.Mentioned(ctx, nil, after, x.page)
				return err
			})
			if err != nil {
				yield("", err)
			}
			if err != nil || len(ids) == 0 {
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
			after = ids[len(ids)-1]
		}
	}
}

func seqOf(ids []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// inLinkOrder puts ids, which come in their own order, into that of their links,
// whose ids begin with theirs and a bar. An id waits until those have passed that
// continue it with what stands before a bar.
func inLinkOrder(ids iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var waiting []string
		for id, err := range ids {
			if err != nil {
				yield("", err)
				return
			}
			for len(waiting) > 0 && !passesLinks(id, waiting[len(waiting)-1]) {
				if !yield(waiting[len(waiting)-1], nil) {
					return
				}
				waiting = waiting[:len(waiting)-1]
			}
			waiting = append(waiting, id)
		}
		for _, id := range slices.Backward(waiting) {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// passesLinks says that an id continues another and that its links come before
// the other's.
func passesLinks(id, begin string) bool {
	return len(id) > len(begin) && id[:len(begin)] == begin && id[len(begin)] < '|'
}

// reach is what is read of entities.
type reach struct {
	about  bool // the claims about their properties
	exist  bool // whether a claim mentions them
	out    bool // the claims with them as subject of a link
	around bool // the claims about all their links
	// portrait is their aliases and what these are called, and what reports are
	// about.
	portrait bool
	// mentions is the live claims that mention them, into reading.mentioning.
	mentions bool
}

// settlePages reads entities, page by page, and hands out what they settle to.
// Where so many have too many claims to be held together, a page is halved.
func (x *Export) settlePages(ctx context.Context, ids iter.Seq2[string, error], h reach, do func([]string, *reading) error) error {
	page := make([]string, 0, x.limits.together)
	for id, err := range ids {
		if err != nil {
			return err
		}
		if page = append(page, id); len(page) == x.limits.together {
			if err := x.settlePage(ctx, page, h, do); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if len(page) == 0 {
		return nil
	}
	return x.settlePage(ctx, page, h, do)
}

func (x *Export) settlePage(ctx context.Context, ids []string, h reach, do func([]string, *reading) error) error {
	var g *reading
	err := x.store.View(ctx, func(r intel.Reader) error {
		limits := x.limits
		if len(ids) == 1 {
			limits.claims = math.MaxInt32
		}
		g = newReading(r, x.view, limits)
		return h.read(ctx, g, ids)
	})
	if errors.Is(err, intel.ErrLimit) && len(ids) > 1 {
		half := len(ids) / 2
		if err := x.settlePage(ctx, ids[:half], h, do); err != nil {
			return err
		}
		return x.settlePage(ctx, ids[half:], h, do)
	}
	if err != nil {
		return err
	}
	return do(ids, g)
}

func (h reach) read(ctx context.Context, g *reading, ids []string) error {
	var w want
	var q questions
	if h.about {
		w.about = ids
	}
	if h.out {
		w.out = ids
	}
	if h.portrait {
		q.aliases = ids
	}
	for _, id := range ids {
		if h.around {
			w.touched = append(w.touched, touch{id, ""})
		}
		if h.portrait && intel.KindOf(id) == intel.KindReport {
			w.from = append(w.from, intel.FromNeed{From: id, Type: reportAbout})
		}
	}
	if h.mentions {
		return g.loadMentioning(ctx, ids)
	}
	if err := g.loadAsked(ctx, w, q, narrowTree); err != nil || !h.exist {
		return err
	}
	return g.findOut(ctx, ids, narrowTree)
}

// loadMentioning reads the live claims of the view that mention entities.
func (g *reading) loadMentioning(ctx context.Context, ids []string) error {
	ws, err := g.r.Collect(ctx, intel.Need{Mentioning: ids, History: true, ClaimLimit: g.limits.claims})
	if err != nil {
		return err
	}
	claims, err := g.visible(ctx, ws)
	g.mentioning = live(claims)
	return err
}

// scanSources gives the sources of the whole graph that the view leaves room
// for. Of one that nobody had described, only a claim tells that it was there.
func (x *Export) scanSources(ctx context.Context, do func(*intel.Source) error) error {
	after := ""
	for {
		var page []*intel.Source
		last := ""
		err := x.store.View(ctx, func(r intel.Reader) error {
			ws, err := r.Scan(ctx, intel.PartSources, after, x.page)
			if err != nil {
				return err
			}
			last = lastOf(intel.PartSources, ws)
			if page = page[:0]; last == "" {
				return nil
			}
			for _, s := range sourcesByID(ws) {
				if s = x.sourceThen(s); s != nil {
					page = append(page, s)
				}
			}
			page, err = x.claimedOrDescribed(ctx, r, page)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		if err := each(page, do); err != nil {
			return err
		}
		after = last
	}
}

// sourceThen gives a source as it counted in the view, with the versions that
// the view saw and may show; nil when it has no place in it.
func (x *Export) sourceThen(s *intel.Source) *intel.Source {
	if s == nil {
		return nil
	}
	then := *s
	then.Header, then.Stub = x.view.Header(s)
	// What the view asks of a claim's source, asked of a claim that passes else.
	probe := intel.Claim{Source: s.ID, Confidence: 100}
	asked := intel.View{MinReliability: x.view.MinReliability, MaxMarking: x.view.MaxMarking, Sources: x.view.Sources}
	if !asked.Admits(&probe, then.Header) {
		return nil
	}
	then.Versions = nil
	for _, v := range s.Versions {
		if x.view.Saw(v.Added) && (x.view.MaxMarking == "" || !v.Marking.Above(x.view.MaxMarking)) {
			then.Versions = append(then.Versions, v)
		}
	}
	return &then
}

// claimedOrDescribed leaves out the sources that were neither in the view.
func (x *Export) claimedOrDescribed(ctx context.Context, r intel.Reader, all []*intel.Source) ([]*intel.Source, error) {
	var stubs []string
	for _, s := range all {
		if s.Stub {
			stubs = append(stubs, s.ID)
		}
	}
	claimed := map[string]bool{}
	for ids := range slices.Chunk(stubs, intel.MaxPage) {
		a, err := r.Select(ctx, intel.Selection{SourceIDs: ids, SourceClaims: []intel.ClaimSelection{{Key: "first", Page: intel.Page{First: 1}}}})
		if err != nil {
			return nil, err
		}
		for _, n := range a.SourceNodes {
			for _, c := range n.Claims["first"].Claims {
				claimed[n.ID] = x.view.Saw(c.Added)
			}
		}
	}
	return slices.DeleteFunc(all, func(s *intel.Source) bool { return s.Stub && !claimed[s.ID] }), nil
}

func each[T any](all []T, do func(T) error) error {
	for _, x := range all {
		if err := do(x); err != nil {
			return err
		}
	}
	return nil
}
