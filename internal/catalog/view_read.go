package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// reading is one selection being answered under a view: the claims of the view
// that were read so far, and what was made of them.
type reading struct {
	r      intel.Reader
	view   intel.View
	now    intel.View // the view without its past: claims and sources are kept as they were then
	limits viewLimits
	a      *intel.Answer

	raw     map[string]*intel.Source // as read, with versions
	sources map[string]*intel.Source // as they counted in the view

	// The pool: claims of the view, live in it or not. What is loaded is whole:
	// all property claims of an entity, all claims of a link.
	known     map[string]bool           // claim ids
	about     map[string][]*intel.Claim // property claims, by subject
	claims    map[string][]*intel.Claim // link claims, by link id
	links     map[string][]string       // ids of links that have claims, by either end
	mentioned map[string]int64          // least adding revision of the live claims above, by entity
	loaded    loadedParts
	whole     bool // the pool holds every claim of the view

	outweighed bool // links asked for by id come even when they are outweighed

	mentioning []*intel.Claim // what loadMentioning read

	firsts  map[string]int64 // as mentioned, over all claims of the view; 0: none
	records map[string]*intel.Record
	settled map[string]*intel.Link // nil: not in the graph of the view
	rivals  map[intel.FromNeed]bool
	out     map[intel.Kind][]intel.LinkType
	areas   map[intel.Within]intel.IDIn
}

type loadedParts struct {
	about, out, links map[string]bool
	from              map[intel.FromNeed]bool
	touched           map[touch]bool
}

// touch is the links of one type, or of any (""), of an entity.
type touch struct {
	id string
	t  intel.LinkType
}

func newReading(r intel.Reader, v intel.View, limits viewLimits) *reading {
	g := &reading{r: r, view: v, now: v, limits: limits, a: &intel.Answer{Sources: map[string]*intel.Source{}},
		raw: map[string]*intel.Source{}, sources: map[string]*intel.Source{},
		known: map[string]bool{}, about: map[string][]*intel.Claim{}, claims: map[string][]*intel.Claim{}, links: map[string][]string{},
		mentioned: map[string]int64{}, firsts: map[string]int64{}, records: map[string]*intel.Record{},
		settled: map[string]*intel.Link{}, rivals: map[intel.FromNeed]bool{}, out: map[intel.Kind][]intel.LinkType{}, areas: map[intel.Within]intel.IDIn{},
		loaded: loadedParts{about: map[string]bool{}, out: map[string]bool{}, links: map[string]bool{}, from: map[intel.FromNeed]bool{}, touched: map[touch]bool{}}}
	g.now.KnownAt, g.now.AtRevision = intel.View{}.KnownAt, nil
	return g
}

// want is what one step needs of the store. What is loaded already is not read
// again.
type want struct {
	about   []string // entities whose property claims are wanted
	out     []string // entities whose link claims as subject are wanted
	touched []touch
	from    []intel.FromNeed
	links   []string // link ids
}

// wantNode wants what an entity needs as a node with that selection. The claims
// with it as subject are needed for its revision, whatever is selected.
func (g *reading) wantNode(w *want, id string, sel *intel.NodeSelection) {
	w.about = append(w.about, id)
	w.out = append(w.out, id)
	kind := intel.KindOf(id)
	if sel.Counts || slices.ContainsFunc(sel.Sources, func(s intel.SourceSelection) bool { return isOn(s.On, kind) }) {
		w.touched = append(w.touched, touch{id, ""})
		return
	}
	for i := range sel.Links {
		if !isOn(sel.Links[i].On, kind) {
			continue
		}
		for _, e := range sel.Links[i].Ends {
			if e.Direction != intel.Out { // the others leave it, and come with out
				w.touched = append(w.touched, touch{id, e.Type})
			}
		}
	}
}

func isOn(on []intel.Kind, k intel.Kind) bool { return len(on) == 0 || slices.Contains(on, k) }

// load brings what is wanted into the pool, in one Collect.
func (g *reading) load(ctx context.Context, w want, narrow string) error {
	if g.whole {
		return nil
	}
	n := g.need(w)
	if len(n.Subjects)+len(n.From)+len(n.Touching)+len(n.Links) == 0 {
		return nil
	}
	n.History, n.ClaimLimit = true, g.limits.claims
	ws, err := g.r.Collect(ctx, n)
	if err != nil {
		return g.narrower(err, narrow)
	}
	return g.add(ctx, ws)
}

// need turns what is wanted and not there into a Need, and counts it as loaded.
func (g *reading) need(w want) intel.Need {
	n := intel.Need{Subjects: unloaded(w.about, g.loaded.about), Links: unloaded(w.links, g.loaded.links)}
	for _, id := range unloaded(w.out, g.loaded.out) {
		for _, t := range g.typesFrom(intel.KindOf(id)) {
			w.from = append(w.from, intel.FromNeed{From: id, Type: t})
		}
	}
	n.From = unloaded(w.from, g.loaded.from)
	// A Need names the types once for all entities that are touched, so a few
	// links too many may come.
	anyType := false
	for _, t := range unloaded(w.touched, g.loaded.touched) {
		if g.loaded.touched[touch{t.id, ""}] && t.t != "" {
			continue
		}
		n.Touching = append(n.Touching, t.id)
		n.TouchingTypes = append(n.TouchingTypes, t.t)
		anyType = anyType || t.t == ""
	}
	n.Touching, n.TouchingTypes = distinct(n.Touching), distinct(n.TouchingTypes)
	if anyType {
		n.TouchingTypes = nil
	}
	return n
}

// unloaded gives what is not loaded yet, each once, and counts it as loaded.
func unloaded[T comparable](in []T, loaded map[T]bool) []T {
	return slices.DeleteFunc(distinct(in), func(x T) bool {
		was := loaded[x]
		loaded[x] = true
		return was
	})
}

// typesFrom lists the types of links that claims about entities of the kind may
// have. Of a symmetric type either end may be the subject.
func (g *reading) typesFrom(k intel.Kind) []intel.LinkType {
	if types, ok := g.out[k]; ok {
		return types
	}
	var types []intel.LinkType
	for _, info := range intel.LinkTypes() {
		if slices.ContainsFunc(info.Ends, func(e intel.Ends) bool { return e.From == k || info.Symmetric && e.To == k }) {
			types = append(types, info.Type)
		}
	}
	g.out[k] = types
	return types
}

// loadWhole reads every claim of a view that names its sources, when these are
// few: then one Collect answers the whole tree, and what such a view mostly
// holds, entities that nothing in it names, need not be looked for among all
// claims about them.
func (g *reading) loadWhole(ctx context.Context, _ intel.Selection) error {
	if g.view.Sources == nil {
		return nil
	}
	ids := distinct(g.view.Sources)
	ws, err := g.r.Collect(ctx, intel.Need{Sources: ids})
	if err != nil {
		return err
	}
	n := 0
	for _, id := range ids {
		if s := ws.Sources[id]; s != nil {
			n += s.Claims
		}
	}
	if n > g.limits.whole {
		return nil
	}
	ws, err = g.r.Collect(ctx, intel.Need{ClaimsOf: ids, History: true, ClaimLimit: g.limits.claims})
	switch {
	case errors.Is(err, intel.ErrLimit): // that many are retracted: level by level, then
		return nil
	case err != nil:
		return err
	}
	g.whole = true
	return g.add(ctx, ws)
}

// add puts claims into the pool.
func (g *reading) add(ctx context.Context, ws *intel.WorkingSet) error {
	claims, err := g.visible(ctx, ws)
	for _, c := range claims {
		if !g.known[c.ID] {
			g.known[c.ID] = true
			g.keep(c)
		}
	}
	return err
}

func (g *reading) keep(c *intel.Claim) {
	if !c.IsLink() {
		g.about[c.Subject] = append(g.about[c.Subject], c)
	} else {
		id := c.LinkID()
		if g.claims[id] == nil {
			for _, end := range distinct([]string{c.Subject, c.Object}) {
				g.links[end] = append(g.links[end], id)
			}
		}
		g.claims[id] = append(g.claims[id], c)
	}
	if !c.Live() {
		return
	}
	for _, id := range c.Mentions() {
		if first := g.mentioned[id]; first == 0 || c.Added.Revision < first {
			g.mentioned[id] = c.Added.Revision
		}
	}
}

// visible gives the claims of a working set that the view leaves room for, live
// in it or not, as they were then.
func (g *reading) visible(ctx context.Context, ws *intel.WorkingSet) ([]*intel.Claim, error) {
	if err := g.addSources(ctx, ws); err != nil {
		return nil, err
	}
	var out []*intel.Claim
	for _, c := range ws.Claims {
		if c = asThen(c, g.view); c == nil {
			continue
		}
		unhindered := *c
		unhindered.Events = nil
		if g.now.Admits(&unhindered, g.sources[c.Source].Header) {
			out = append(out, c)
		}
	}
	return out, nil
}

// asThen gives a claim with the events that the view saw, or nil when it did
// not see the claim at all.
func asThen(c *intel.Claim, v intel.View) *intel.Claim {
	if !v.Saw(c.Added) {
		return nil
	}
	n := len(c.Events)
	for n > 0 && !v.Saw(c.Events[n-1].Stamp) {
		n--
	}
	if n == len(c.Events) {
		return c
	}
	then := *c
	then.Events = c.Events[:n:n]
	return &then
}

// addSources takes in the sources of a working set's claims, as they counted in
// the view. For a view of the past that is worked out from the versions of all
// that they derive from.
func (g *reading) addSources(ctx context.Context, ws *intel.WorkingSet) error {
	var fresh, derived []string
	for _, c := range ws.Claims {
		if g.sources[c.Source] != nil {
			continue
		}
		s := ws.Sources[c.Source]
		if s == nil {
			s = intel.StubSource(c.Source)
		}
		g.raw[s.ID] = s
		g.sources[s.ID] = s
		fresh = append(fresh, s.ID)
		if slices.ContainsFunc(s.Versions, func(v intel.HeaderVersion) bool { return len(v.DerivedFrom) > 0 }) {
			derived = append(derived, s.ID)
		}
	}
	if g.view.Past() {
		if err := g.addOrigins(ctx, derived); err != nil {
			return err
		}
	}
	for _, id := range fresh {
		g.sources[id] = g.sourceThen(g.raw[id])
	}
	return nil
}

// addOrigins reads all that sources derive from or ever derived from, however
// far.
func (g *reading) addOrigins(ctx context.Context, ids []string) error {
	seen := map[string]bool{}
	for len(ids) > 0 {
		for _, id := range ids {
			seen[id] = true
		}
		up, err := g.r.Collect(ctx, intel.Need{Sources: ids, History: true})
		if err != nil {
			return err
		}
		maps.Copy(g.raw, up.Sources)
		ids = nil
		for id, s := range up.Sources {
			seen[id] = true // it came with all its versions
			for _, v := range s.Versions {
				ids = append(ids, v.DerivedFrom...)
			}
		}
		ids = slices.DeleteFunc(distinct(ids), func(id string) bool { return seen[id] })
	}
	return nil
}

// sourceThen gives a source with the header and the origins it had in the view.
func (g *reading) sourceThen(s *intel.Source) *intel.Source {
	then := *s
	then.Versions = nil
	if g.view.Past() {
		then.Header, then.Stub = g.view.Header(s)
		then.Origins = intel.OriginsOf(s.ID, func(id string) []string {
			if up := g.raw[id]; up != nil {
				h, _ := g.view.Header(up)
				return h.DerivedFrom
			}
			return nil
		})
	}
	return &then
}

// What to do about a limit, by what was being read.
const (
	narrowTree    = "ask for fewer entities or links at once, or name link types"
	narrowList    = "narrow the list by id, by kind or by what the entities are"
	narrowSources = "ask for fewer sources at once"
)

// narrower explains a limit on claims to who can do something about it.
func (g *reading) narrower(err error, how string) error {
	if !errors.Is(err, intel.ErrLimit) {
		return err
	}
	return &intel.FieldError{Row: -1, Kind: intel.ErrLimit,
		Msg: fmt.Sprintf("under a view at most %d claims are settled for one level of an answer, and here there are more: %s", g.limits.claims, how)}
}

func tooManyCandidates(most int, b bounds) error {
	how := "add id: {in: [\u2026]} or a kind to where"
	if b.ids != nil {
		how = "name fewer ids"
	} else if b.kinds != nil {
		how = "add id: {in: [\u2026]} to where"
	}
	return &intel.FieldError{Field: "where", Row: -1, Kind: intel.ErrLimit,
		Msg: fmt.Sprintf("a list under a view settles at most %d entities, and more may match: %s", most, how)}
}
