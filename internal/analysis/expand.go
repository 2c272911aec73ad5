package analysis

import (
	"cmp"
	"context"
	"slices"

	"dragnet/internal/intel"
)

// MaxExpandDepth is the furthest that an expansion goes, and MaxExpand the most
// entities it brings at once. Beyond the entities asked for it does not go
// through hubs, which have more than HubLinks links.
const (
	MaxExpandDepth = 3
	MaxExpand      = 1_000
	HubLinks       = 5_000
)

// ExpandQuery asks for what lies around entities.
type ExpandQuery struct {
	Narrow
	IDs     []string
	Kinds   []intel.Kind // of what is brought; empty: any
	Exclude []string     // is neither brought nor gone through
	Depth   int          // 1 to MaxExpandDepth
	Limit   int          // 1 to MaxExpand
	After   *Place       // the last row before those wanted
}

// Place is where an entity stands in an expansion: nearer ones come first, then
// those of higher rank, then by id.
type Place struct {
	Depth int     `json:"d"`
	Score float64 `json:"s"`
	ID    string  `json:"i"`
}

func (p Place) compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Depth, o.Depth), cmp.Compare(o.Score, p.Score), cmp.Compare(p.ID, o.ID))
}

// Neighborhood is a part of the graph.
type Neighborhood struct {
	Nodes []Place // best first
	// Links are those among the nodes and the entities asked for that end at a
	// node, by id.
	Links []string
	// Total is how many entities there are to bring, on all pages; what is behind
	// a hub, or was cut off, is not counted.
	Total int
	// Omitted counts the links to entities that come after this page.
	Omitted []intel.LinkCount
	Cut     Cut
}

// expand ranks a neighbour by the support of the best link to it times its
// rarity, and further ones by the product along the best way to them.
func expand(ctx context.Context, n net, eq ExpandQuery, b Budget) (*Neighborhood, error) {
	e := &expansion{question: ask(ctx, n, eq.Narrow, b), ExpandQuery: eq, best: map[node]Place{}, start: map[node]bool{}, shun: map[node]bool{}}
	for _, id := range eq.IDs {
		if at := n.find(id); at != nowhere {
			e.start[at] = true
		}
	}
	for _, id := range eq.Exclude {
		e.shun[n.find(id)] = true
	}
	for _, k := range eq.Kinds {
		e.kinds[kindNo[k]] = true
	}
	level := make([]node, 0, len(e.start))
	for at := range e.start {
		level = append(level, at)
	}
	for depth := 1; depth <= eq.Depth && !e.spent; depth++ {
		level = e.step(level, depth)
	}
	if e.err != nil {
		return nil, e.err
	}
	return e.answer(), nil
}

// expansion is one expansion under way.
type expansion struct {
	*question
	ExpandQuery
	kinds       [256]bool
	start, shun map[node]bool
	best        map[node]Place // what was reached
	hub         bool           // one was not gone through
}

// step goes one level further and gives the entities that are new.
func (e *expansion) step(from []node, depth int) []node {
	fresh := map[node]float64{}
	if depth == 1 {
		e.prepare(from)
	} else {
		e.prepare(slices.DeleteFunc(slices.Clone(from), func(n node) bool { return e.degree(n) > HubLinks }))
	}
	for _, n := range from {
		score := 1.0
		if !e.start[n] {
			if score = e.best[n].Score; e.degree(n) > HubLinks {
				e.hub = true
				continue
			}
		}
		e.walk(n, func(a arc) bool {
			if e.start[a.to] || e.shun[a.to] {
				return true
			}
			if _, before := e.best[a.to]; !before {
				fresh[a.to] = max(fresh[a.to], score*float64(e.support(a.edge))/1e6*rarity(e.degree(a.to)))
			}
			return true
		})
	}
	next := make([]node, 0, len(fresh))
	for n, score := range fresh {
		e.best[n] = Place{Depth: depth, Score: score, ID: e.id(n)}
		next = append(next, n)
	}
	return next
}

func (e *expansion) answer() *Neighborhood {
	out := &Neighborhood{}
	rows := make([]Place, 0, len(e.best))
	for n, p := range e.best {
		if len(e.Kinds) == 0 || e.kinds[e.kind(n)] {
			rows = append(rows, p)
		}
	}
	out.Total = len(rows)
	slices.SortFunc(rows, Place.compare)
	if e.After != nil {
		at, found := slices.BinarySearchFunc(rows, *e.After, Place.compare)
		if found {
			at++
		}
		rows = rows[at:]
	}
	page := rows[:min(len(rows), e.Limit)]
	out.Nodes = page
	shown := map[node]bool{}
	for _, p := range page {
		shown[e.find(p.ID)] = true
	}
	out.Links = e.linksOf(shown)
	later := map[node]bool{}
	for _, p := range rows[len(page):] {
		later[e.find(p.ID)] = true
	}
	out.Omitted = e.count(later)
	switch {
	case e.spent:
		out.Cut = CutTime
	case len(later) > 0:
		out.Cut = CutLimit
	case e.hub:
		out.Cut = CutHub
	}
	return out
}

// linksOf gives the links of the entities shown among themselves and with those
// asked for.
func (e *expansion) linksOf(shown map[node]bool) []string {
	set := map[node]bool{}
	for n := range shown {
		set[n] = true
	}
	for n := range e.start {
		set[n] = true
	}
	var out []string
	for _, id := range e.linksAmong(set) {
		if _, from, to, ok := intel.SplitLinkID(id); ok && (shown[e.find(from)] || shown[e.find(to)]) {
			out = append(out, id)
		}
	}
	return out
}

// count counts the links from the entities asked for to others, by what they
// are.
func (e *expansion) count(others map[node]bool) []intel.LinkCount {
	if len(others) == 0 {
		return nil
	}
	type key struct {
		way  way
		kind uint8
	}
	counts := map[key]int{}
	for n := range e.start {
		e.walk(n, func(a arc) bool {
			if others[a.to] {
				counts[key{a.way, e.kind(a.to)}]++
			}
			return true
		})
	}
	keys := make([]key, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.way, b.way), cmp.Compare(a.kind, b.kind)) })
	out := make([]intel.LinkCount, len(keys))
	for i, k := range keys {
		out[i] = intel.LinkCount{Type: k.way.info().Type, Direction: k.way.direction(), Kind: kinds[k.kind], Count: counts[k]}
	}
	return out
}

// among gives the links between entities.
func among(ctx context.Context, n net, ids []string, narrow Narrow, b Budget) ([]string, error) {
	q := ask(ctx, n, narrow, b)
	set := map[node]bool{}
	for _, id := range ids {
		if at := n.find(id); at != nowhere {
			set[at] = true
		}
	}
	out := q.linksAmong(set)
	return out, q.whole()
}
