package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"dragnet/internal/intel"
)

// net is the graph that a question is asked of: a snapshot, or what of a store
// has been looked at. Numbers of entities and links hold for one net.
type net interface {
	find(id string) node
	id(node) string
	kind(node) uint8
	size() int
	// each hands out all entities of a kind until yield has enough.
	each(kind uint8, yield func(node) bool)
	arcs(node, func(arc) bool)
	degree(node) int
	support(edge int32) intel.PPM
	holds(edge int32, at intel.Interval) bool
	// prepare says that the arcs of these nodes are about to be walked.
	prepare([]node)
	// trouble says why the arcs that were handed out may not be all: that it
	// took too long, or an error.
	trouble() (late bool, failed error)
}

// Narrow says which links a question walks.
type Narrow struct {
	Types      []intel.LinkType // empty: any
	Direction  intel.Direction  // OUT or IN; else both
	ValidAt    intel.PartialDate
	MinSupport int // percent
}

// Budget bounds the work of one question.
type Budget struct {
	Time time.Duration // 0: only the context bounds it
}

// Cut says what cut an answer short; empty: nothing did.
type Cut string

// What cuts answers short.
const (
	CutLimit Cut = "LIMIT"
	CutTime  Cut = "TIME_BUDGET"
	CutDepth Cut = "DEPTH"
	CutHub   Cut = "HUB"
)

// question is one question under way.
type question struct {
	net
	ctx      context.Context
	all      bool // every way is walked
	ways     [256]bool
	least    intel.PPM
	at       *intel.Interval
	deadline time.Time
	left     int // arcs until the time is looked at
	spent    bool
	err      error // of the context
}

// lookEvery is how many arcs are walked between looks at the clock.
const lookEvery = 4096

func ask(ctx context.Context, n net, narrow Narrow, b Budget) *question {
	q := &question{net: n, ctx: ctx, left: lookEvery, all: len(narrow.Types) == 0 && narrow.Direction != intel.Out && narrow.Direction != intel.In}
	types := narrow.Types
	if len(types) == 0 {
		for _, t := range linkTypes {
			types = append(types, t.Type)
		}
	}
	for _, t := range types {
		q.ways[wayOf(t, false)] = narrow.Direction != intel.In || t.Info().Symmetric
		q.ways[wayOf(t, true)] = narrow.Direction != intel.Out || t.Info().Symmetric
	}
	if narrow.MinSupport > 0 {
		q.least = intel.PercentFloor(narrow.MinSupport)
	}
	if d := narrow.ValidAt; !d.IsZero() {
		q.at = &intel.Interval{From: d.First(), To: d.Last()}
	}
	if b.Time > 0 {
		q.deadline = time.Now().Add(b.Time)
	}
	return q
}

// walk hands out the arcs of a node that the question may walk, until yield has
// enough or the budget is spent.
func (q *question) walk(n node, yield func(arc) bool) {
	q.arcs(n, func(a arc) bool {
		if q.left--; q.left <= 0 && !q.look() {
			return false
		}
		if !q.all && !q.ways[a.way] || q.least > 0 && q.support(a.edge) < q.least || q.at != nil && !q.holds(a.edge, *q.at) {
			return true
		}
		return yield(a)
	})
	if late, failed := q.trouble(); failed != nil || late {
		q.spent = true
		if q.err == nil {
			q.err = failed
		}
	}
}

// whole is the error of an answer that cannot say that it was cut short.
func (q *question) whole() error {
	if q.err == nil && q.spent {
		return fmt.Errorf("%w: the question took longer than it may: ask about fewer entities, or name link types", intel.ErrLimit)
	}
	return q.err
}

// look says whether there is time left.
func (q *question) look() bool {
	q.left = lookEvery
	if q.err = q.ctx.Err(); q.err != nil {
		q.spent = true
	}
	if !q.deadline.IsZero() && time.Now().After(q.deadline) {
		q.spent = true
	}
	return !q.spent
}

// compare orders entities by id.
func (q *question) compare(a, b node) int {
	if s, ok := q.net.(*snapshot); ok && int(max(a, b)) < len(s.base.kinds) {
		return int(a) - int(b)
	}
	return cmp.Compare(q.id(a), q.id(b))
}

// rarity is what a neighbour says that has so many links: 1 for few, less for
// hubs. The form is that of Adamic and Adar (2003), kept finite.
func rarity(degree int) float64 { return 1 / math.Log2(2+float64(degree)) }

// cost turns a support into what paths add up: -ln of it, in units of 1e-12, so
// that the order of paths is one of whole numbers and does not hang on the order
// of adding.
func cost(p intel.PPM) int64 { return int64(math.Round(-math.Log(float64(p)/1e6) * 1e12)) }

// best is the arc from a node that the best supported of parallel links gives:
// of equal ones that with the least id.
func (q *question) best(from, to node) (arc, bool) {
	var out arc
	found := false
	q.between(from, to, func(a arc) {
		if !found || q.support(a.edge) > q.support(out.edge) ||
			q.support(a.edge) == q.support(out.edge) && a.way.link(q.id(from), q.id(to)) < out.way.link(q.id(from), q.id(to)) {
			out, found = a, true
		}
	})
	return out, found
}

// between hands out the arcs from one node to another.
func (q *question) between(from, to node, yield func(arc)) {
	back := q.degree(to) < q.degree(from)
	n, other := from, to
	if back {
		n, other = to, from
	}
	q.arcs(n, func(a arc) bool {
		if a.to != other {
			return true
		}
		if back {
			a = arc{to, a.edge, a.way.back()}
		}
		if q.ways[a.way] && (q.least == 0 || q.support(a.edge) >= q.least) && (q.at == nil || q.holds(a.edge, *q.at)) {
			yield(a)
		}
		return true
	})
}

// back is the way of the other half.
func (w way) back() way {
	if w.info().Symmetric {
		return w
	}
	return w ^ 1
}

// marks remembers of nodes how far they are; one is used again for many
// questions without being cleared.
type marks struct {
	stamp []uint32
	far   []uint8
	now   uint32
}

func (m *marks) begin(size int) {
	if len(m.stamp) < size {
		m.stamp, m.far, m.now = make([]uint32, size), make([]uint8, size), 0
	}
	if m.now++; m.now == 0 {
		clear(m.stamp)
		m.now = 1
	}
}

// set marks a node, and says whether it was not marked before.
func (m *marks) set(n node, far uint8) bool {
	if int(n) >= len(m.stamp) {
		grown := max(2*len(m.stamp), int(n)+1)
		m.stamp = append(m.stamp, make([]uint32, grown-len(m.stamp))...)
		m.far = append(m.far, make([]uint8, grown-len(m.far))...)
	}
	if m.stamp[n] == m.now {
		return false
	}
	m.stamp[n], m.far[n] = m.now, far
	return true
}

// get says how far a node is; ok is false when it is not marked.
func (m *marks) get(n node) (far uint8, ok bool) {
	if int(n) >= len(m.stamp) || m.stamp[n] != m.now {
		return 0, false
	}
	return m.far[n], true
}

// linksAmong gives the ids of the links between entities of a set, in order.
func (q *question) linksAmong(set map[node]bool) []string {
	var out []string
	for n := range set {
		own := func(a arc) {
			if q.compare(n, a.to) < 0 {
				out = append(out, a.way.link(q.id(n), q.id(a.to)))
			}
		}
		if q.degree(n) > 8*len(set) {
			for m := range set {
				if m != n {
					q.between(n, m, own)
				}
			}
			continue
		}
		q.walk(n, func(a arc) bool {
			if set[a.to] {
				own(a)
			}
			return true
		})
	}
	slices.Sort(out)
	return out
}
