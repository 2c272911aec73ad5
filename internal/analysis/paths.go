package analysis

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"
	"sync"

	"dragnet/internal/intel"
)

// MaxHops is the longest path that is looked for, MaxPaths the most of them.
const (
	MaxHops  = 6
	MaxPaths = 100
)

// PathQuery asks for the paths between two entities.
type PathQuery struct {
	Narrow
	From, To string
	MaxHops  int // 1 to MaxHops
	Limit    int // 1 to MaxPaths
	// AvoidKinds and Avoid are not passed through; a path may begin and end there.
	AvoidKinds []intel.Kind
	Avoid      []string
	// Strongest orders by the product of supports, then hops; otherwise fewest
	// hops come first, of equally long ones the strongest. Last come the ids.
	Strongest bool
}

// Path is a sequence of entities and the links between them, one fewer.
type Path struct {
	Nodes, Links []string
	// Supports are those of the links, Score is their product, 0 to 1.
	Supports []intel.PPM
	Score    float64
}

// Weakest is the place of the least supported link, the first of several; -1 of
// a path of no hops.
func (p *Path) Weakest() int {
	at := -1
	for i, s := range p.Supports {
		if at < 0 || s < p.Supports[at] {
			at = i
		}
	}
	return at
}

// Found says how much of what was asked for was found.
type Found string

// What was found.
const (
	FoundNone Found = "NONE"
	FoundSome Found = "SOME"
	FoundAll  Found = "ALL_SHORTEST" // every shortest path is among them
)

// PathAnswer holds paths, best first.
type PathAnswer struct {
	Paths    []Path
	Found    Found
	Explored int // entities looked at
	Cut      Cut // CutLimit: the search ended with the limit, and there may be more
}

// paths answers a PathQuery whose ends are in the net.
func paths(ctx context.Context, n net, pq PathQuery, b Budget) (*PathAnswer, error) {
	s := &search{question: ask(ctx, n, pq.Narrow, b), PathQuery: pq, out: &PathAnswer{Found: FoundNone}}
	s.from, s.to = n.find(pq.From), n.find(pq.To)
	for _, k := range pq.AvoidKinds {
		s.shunKinds[kindNo[k]] = true
	}
	s.shun = map[node]bool{}
	for _, id := range pq.Avoid {
		s.shun[n.find(id)] = true
	}
	if s.from == s.to {
		s.out.Paths, s.out.Found, s.out.Explored = []Path{{Nodes: []string{pq.From}, Score: 1}}, FoundAll, 1
		return s.out, nil
	}
	s.sides[0], s.sides[1] = sidePool.Get().(*side), sidePool.Get().(*side)
	defer sidePool.Put(s.sides[0])
	defer sidePool.Put(s.sides[1])
	s.sides[0].begin(n.size(), s.from)
	s.sides[1].begin(n.size(), s.to)
	if pq.Strongest {
		s.strongest()
	} else {
		s.fewest()
	}
	if s.err != nil {
		return nil, s.err
	}
	if s.spent {
		s.out.Cut = CutTime
	}
	return s.out, nil
}

var sidePool = sync.Pool{New: func() any { return &side{} }}

// side is a breadth-first search from one end.
type side struct {
	marks
	levels [][]node // by distance
}

func (s *side) begin(size int, n node) {
	s.marks.begin(size)
	s.set(n, 0)
	s.levels = append(s.levels[:0], []node{n})
}

func (s *side) depth() int { return len(s.levels) - 1 }

// search is one search for paths.
type search struct {
	*question
	PathQuery
	from, to  node
	sides     [2]*side // from either end
	shunKinds [256]bool
	shun      map[node]bool
	out       *PathAnswer
}

// passable says that a path may go through a node.
func (s *search) passable(n node) bool { return !s.shunKinds[s.kind(n)] && !s.shun[n] }

// grow searches one level further from an end.
func (s *search) grow(which int) {
	sd := s.sides[which]
	far := uint8(len(sd.levels))
	var next []node
	s.prepare(sd.levels[sd.depth()])
	for _, n := range sd.levels[sd.depth()] {
		if far > 1 && !s.passable(n) {
			continue
		}
		s.walk(n, func(a arc) bool {
			if sd.set(a.to, far) {
				next = append(next, a.to)
			}
			return true
		})
		if s.spent {
			break
		}
	}
	s.out.Explored += len(next)
	sd.levels = append(sd.levels, next)
}

// reach grows the sides until they are so many hops deep together; the one with
// fewer entities to go on from grows first.
func (s *search) reach(hops int) bool {
	for s.sides[0].depth()+s.sides[1].depth() < hops {
		a, b := s.sides[0], s.sides[1]
		which := 0
		if len(b.levels[b.depth()]) < len(a.levels[a.depth()]) {
			which = 1
		}
		s.grow(which)
		if s.spent {
			return false
		}
	}
	return true
}

// fewest collects paths by their length.
func (s *search) fewest() {
	for hops := 1; hops <= s.MaxHops; hops++ {
		if !s.reach(hops) {
			return
		}
		first := len(s.out.Paths) == 0
		more := s.collect(s.layers(hops, false))
		switch {
		case s.spent:
			if len(s.out.Paths) > 0 && s.out.Found == FoundNone {
				s.out.Found = FoundSome
			}
			return
		case len(s.out.Paths) == 0:
			continue
		case first && more:
			s.out.Found = FoundSome
		case first:
			s.out.Found = FoundAll
		}
		if more || len(s.out.Paths) >= s.Limit {
			if more || hops < s.MaxHops {
				s.out.Cut = CutLimit // longer ones were not looked for
			}
			return
		}
	}
}

// strongest collects paths of any length by what supports them.
func (s *search) strongest() {
	if !s.reach(s.MaxHops) {
		return
	}
	more := s.collect(s.layers(s.MaxHops, true))
	if len(s.out.Paths) == 0 {
		return
	}
	s.out.Found = FoundSome
	if more {
		s.out.Cut = CutLimit
	}
	if !more && !s.spent {
		s.out.Found = FoundAll // all paths are, so the shortest are
	}
}

// bound is the least that is still to come from a node at a place in the path.
type bound struct {
	cost int64
	hops int
}

func (b bound) compare(o bound) int {
	return cmp.Or(cmp.Compare(b.cost, o.cost), cmp.Compare(b.hops, o.hops))
}

var never = bound{cost: math.MaxInt64}

// layers says, for each place in a path of so many hops, which nodes can stand
// there and what is the least from there to the end. With upTo the path may end
// earlier.
func (s *search) layers(hops int, upTo bool) []map[node]bound {
	at := s.sides[0].depth()
	sets := make([]map[node]bound, hops+1)
	// allowed says that a node can stand at a place.
	allowed := func(n node, i int) bool {
		switch n {
		case s.from:
			return i == 0
		case s.to:
			return i == hops || upTo && i > 0
		}
		return i > 0 && i < hops && s.passable(n)
	}
	sets[at] = map[node]bound{}
	for _, level := range s.sides[0].levels {
		for _, n := range level {
			if far, ok := s.sides[1].get(n); ok && int(far) <= hops-at && allowed(n, at) {
				sets[at][n] = never
			}
		}
	}
	next := func(i int, set map[node]bound, near, most int) {
		sets[i] = map[node]bound{}
		if allowed(s.to, i) {
			sets[i][s.to] = never
		}
		for n := range set {
			s.walk(n, func(a arc) bool {
				if far, ok := s.sides[near].get(a.to); ok && int(far) <= most && allowed(a.to, i) {
					sets[i][a.to] = never
				}
				return true
			})
			if s.spent {
				return
			}
		}
	}
	if allowed(s.to, at) {
		sets[at][s.to] = never
	}
	for i := at - 1; i >= 0; i-- {
		next(i, sets[i+1], 0, i)
	}
	for i := at + 1; i <= hops; i++ {
		next(i, sets[i-1], 1, hops-i)
	}
	s.settle(sets, upTo)
	return sets
}

// settle works out the bounds from the end backwards.
func (s *search) settle(sets []map[node]bound, upTo bool) {
	for i := len(sets) - 1; i >= 0; i-- {
		for n := range sets[i] {
			b := never
			if n == s.to && (upTo || i == len(sets)-1) {
				b = bound{}
			} else if n != s.to && i < len(sets)-1 {
				b = s.leastAfter(n, sets[i+1])
			}
			sets[i][n] = b
			if s.spent {
				return
			}
		}
	}
}

// leastAfter is the least over the steps from a node into the next set.
func (s *search) leastAfter(n node, next map[node]bound) bound {
	b := never
	s.walk(n, func(a arc) bool {
		if after, ok := next[a.to]; ok && after != never {
			if via := (bound{after.cost + cost(s.support(a.edge)), after.hops + 1}); via.compare(b) < 0 {
				b = via
			}
		}
		return true
	})
	return b
}

// partial is the beginning of a path.
type partial struct {
	nodes []node
	cost  int64
	least bound // of the whole, with all that must come
}

// queue holds beginnings, the most promising first: by least cost, then hops,
// then ids.
type queue struct {
	*search
	all []*partial
}

func (q *queue) Len() int      { return len(q.all) }
func (q *queue) Swap(i, j int) { q.all[i], q.all[j] = q.all[j], q.all[i] }
func (q *queue) Push(x any)    { q.all = append(q.all, x.(*partial)) }
func (q *queue) Pop() any {
	last := q.all[len(q.all)-1]
	q.all = q.all[:len(q.all)-1]
	return last
}

func (q *queue) Less(i, j int) bool {
	a, b := q.all[i], q.all[j]
	return cmp.Or(a.least.compare(b.least), slices.CompareFunc(a.nodes, b.nodes, q.compare)) < 0
}

// collect takes the best paths out of layers, until there are enough, and says
// whether there are more. A beginning is worked on only when none can become a
// better path; so each path that comes out is the next best one.
func (s *search) collect(sets []map[node]bound) (more bool) {
	b, ok := sets[0][s.from]
	if !ok || b == never || s.spent {
		return false
	}
	q := &queue{search: s, all: []*partial{{nodes: []node{s.from}, least: b}}}
	for q.Len() > 0 {
		if s.left--; s.left <= 0 && !s.look() {
			return true
		}
		p := heap.Pop(q).(*partial)
		if p.nodes[len(p.nodes)-1] == s.to {
			if len(s.out.Paths) == s.Limit {
				return true
			}
			s.out.Paths = append(s.out.Paths, s.path(p.nodes))
			continue
		}
		s.extend(q, p, sets[len(p.nodes)])
	}
	return false
}

// extend puts the beginnings one hop longer into the queue.
func (s *search) extend(q *queue, p *partial, next map[node]bound) {
	cheapest := map[node]int64{}
	n := p.nodes[len(p.nodes)-1]
	s.walk(n, func(a arc) bool {
		after, ok := next[a.to]
		if !ok || after == never || slices.Contains(p.nodes, a.to) {
			return true
		}
		c := cost(s.support(a.edge))
		if was, ok := cheapest[a.to]; !ok || c < was {
			cheapest[a.to] = c
		}
		return true
	})
	for to, c := range cheapest {
		after := next[to]
		whole := bound{p.cost + c + after.cost, len(p.nodes) + after.hops}
		heap.Push(q, &partial{nodes: append(slices.Clone(p.nodes), to), cost: p.cost + c, least: whole})
	}
}

// path writes a path out, each hop by its best supported link.
func (s *search) path(nodes []node) Path {
	p := Path{Score: 1}
	for i, n := range nodes {
		p.Nodes = append(p.Nodes, s.id(n))
		if i == 0 {
			continue
		}
		a, _ := s.best(nodes[i-1], n)
		support := s.support(a.edge)
		p.Links = append(p.Links, a.way.link(s.id(nodes[i-1]), s.id(n)))
		p.Supports = append(p.Supports, support)
		p.Score *= float64(support) / 1e6
	}
	return p
}
