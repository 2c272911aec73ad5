package analysis

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"dragnet/internal/intel"
)

// node is the number of an entity in one net. In a base numbers are in the order
// of ids.
type node int32

// nowhere is the number of an entity that is not in the graph.
const nowhere node = -1

// arc is one half of a link, seen from one of its ends.
type arc struct {
	to   node
	edge int32 // the number of the link
	way  way
}

// way is a type of link and the direction in which the arc walks it.
type way uint8

var (
	linkTypes = intel.LinkTypes()
	kinds     = intel.Kinds()
	typeNo    = numbered(linkTypes, func(t *intel.LinkTypeInfo) intel.LinkType { return t.Type })
	kindNo    = numbered(kinds, func(k intel.Kind) intel.Kind { return k })
)

func numbered[V any, K comparable](all []V, key func(V) K) map[K]uint8 {
	out := map[K]uint8{}
	for i, v := range all {
		out[key(v)] = uint8(i)
	}
	return out
}

// wayOf is the way of a type's arcs, against its direction when back is set.
// Symmetric links have one way.
func wayOf(t intel.LinkType, back bool) way {
	w := way(typeNo[t] << 1)
	if back && !t.Info().Symmetric {
		w++
	}
	return w
}

func (w way) info() *intel.LinkTypeInfo { return linkTypes[w>>1] }

// direction is OUT or IN, BOTH of a symmetric type.
func (w way) direction() intel.Direction {
	switch {
	case w.info().Symmetric:
		return intel.Both
	case w&1 == 1:
		return intel.In
	}
	return intel.Out
}

// link gives the id of the link that an arc from one entity to another walks.
func (w way) link(from, to string) string {
	if w&1 == 1 {
		from, to = to, from
	}
	return intel.LinkID(w.info().Type, from, to)
}

// base is a graph that does not change: compressed sparse rows in both
// directions, with surrogate numbers for entities and links. A link costs 9
// bytes for each half and 4 for its support; validity stands aside, for the
// links that have one.
type base struct {
	ids   idTable
	kinds []uint8
	// The arcs of node n are first[n] to first[n+1], by to, then way.
	first []int32
	to    []node
	edges []int32
	ways  []way
	// support is in PPM, by number of link.
	support []int32
	dated   validity
}

func (b *base) links() int { return len(b.support) }

// bytes is what the structure takes without the index of ids, and ids what that
// takes.
func (b *base) bytes() (structure, ids int64) {
	structure = int64(len(b.kinds)) + 4*int64(len(b.first)+len(b.to)+len(b.edges)+len(b.support)) + int64(len(b.ways)) + b.dated.bytes()
	return structure, b.ids.bytes()
}

// idTable holds ids in their order, end to end.
type idTable struct {
	text string
	ends []uint32
}

func (t *idTable) at(n node) string {
	begin := uint32(0)
	if n > 0 {
		begin = t.ends[n-1]
	}
	return t.text[begin:t.ends[n]]
}

func (t *idTable) find(id string) node {
	i := sort.Search(len(t.ends), func(i int) bool { return t.at(node(i)) >= id })
	if i < len(t.ends) && t.at(node(i)) == id {
		return node(i)
	}
	return nowhere
}

func (t *idTable) bytes() int64 { return int64(len(t.text)) + 4*int64(len(t.ends)) }

// validity holds the intervals of the links that have some.
type validity struct {
	links []int32 // by number
	ends  []int32 // in spans, in step with links
	spans []intel.Interval
}

func (v *validity) bytes() int64 { return 4*int64(len(v.links)+len(v.ends)) + 16*int64(len(v.spans)) }

// holds says that a link possibly held at some time in the interval.
func (v *validity) holds(edge int32, at intel.Interval) bool {
	i, dated := slices.BinarySearch(v.links, edge)
	if !dated {
		return true
	}
	begin := int32(0)
	if i > 0 {
		begin = v.ends[i-1]
	}
	return slices.ContainsFunc(v.spans[begin:v.ends[i]], at.Overlaps)
}

// builder collects a graph.
type builder struct {
	ids      []string
	number   map[string]node
	from, to []node
	types    []uint8
	support  []int32
	spans    map[int32][]intel.Interval
}

func newBuilder() *builder {
	return &builder{number: map[string]node{}, spans: map[int32][]intel.Interval{}}
}

func (b *builder) entity(id string) node {
	n, ok := b.number[id]
	if !ok {
		n = node(len(b.ids))
		b.number[id] = n
		b.ids = append(b.ids, id)
	}
	return n
}

func (b *builder) link(l *intel.Link) {
	b.add(b.entity(l.From), b.entity(l.To), typeNo[l.Type], int32(l.Support), l.Validity)
}

func (b *builder) add(from, to node, t uint8, support int32, spans []intel.Interval) {
	if len(spans) > 1 || len(spans) == 1 && !spans[0].Always() {
		b.spans[int32(len(b.support))] = spans
	}
	b.from, b.to, b.types, b.support = append(b.from, from), append(b.to, to), append(b.types, t), append(b.support, support)
}

// build makes the base, with numbers in the order of ids.
func (b *builder) build() *base {
	out := &base{support: b.support}
	order := b.renumber()
	var text strings.Builder
	out.ids.ends = make([]uint32, len(b.ids))
	out.kinds = make([]uint8, len(b.ids))
	for n, was := range order {
		id := b.ids[was]
		text.WriteString(id)
		out.ids.ends[n] = uint32(text.Len())
		out.kinds[n] = kindNo[intel.KindOf(id)]
	}
	out.ids.text = text.String()
	b.fill(out)
	b.date(&out.dated)
	return out
}

// renumber puts the ends of links into the order of ids, and gives the numbers
// that were, by the new ones.
func (b *builder) renumber() []node {
	order := make([]node, len(b.ids))
	for i := range order {
		order[i] = node(i)
	}
	if !slices.IsSorted(b.ids) {
		slices.SortFunc(order, func(x, y node) int { return cmp.Compare(b.ids[x], b.ids[y]) })
		now := make([]node, len(order))
		for n, was := range order {
			now[was] = node(n)
		}
		for i := range b.from {
			b.from[i], b.to[i] = now[b.from[i]], now[b.to[i]]
		}
	}
	b.number = nil
	return order
}

// fill sorts the halves of all links into rows.
func (b *builder) fill(out *base) {
	out.first = make([]int32, len(b.ids)+1)
	for i := range b.from {
		out.first[b.from[i]+1]++
		out.first[b.to[i]+1]++
	}
	for n := range b.ids {
		out.first[n+1] += out.first[n]
	}
	at := slices.Clone(out.first[:len(b.ids)])
	halves := 2 * len(b.from)
	out.to, out.edges, out.ways = make([]node, halves), make([]int32, halves), make([]way, halves)
	put := func(n, to node, edge int32, w way) {
		out.to[at[n]], out.edges[at[n]], out.ways[at[n]] = to, edge, w
		at[n]++
	}
	for i := range b.from {
		t := linkTypes[b.types[i]].Type
		put(b.from[i], b.to[i], int32(i), wayOf(t, false))
		put(b.to[i], b.from[i], int32(i), wayOf(t, true))
	}
	for n := range b.ids {
		sort.Sort(&row{out, int(out.first[n]), int(out.first[n+1])})
	}
}

// row sorts the arcs of one node.
type row struct {
	*base
	begin, end int
}

func (r *row) Len() int { return r.end - r.begin }

func (r *row) Less(i, j int) bool {
	i, j = r.begin+i, r.begin+j
	return r.to[i] < r.to[j] || r.to[i] == r.to[j] && r.ways[i] < r.ways[j]
}

func (r *row) Swap(i, j int) {
	i, j = r.begin+i, r.begin+j
	r.to[i], r.to[j] = r.to[j], r.to[i]
	r.edges[i], r.edges[j] = r.edges[j], r.edges[i]
	r.ways[i], r.ways[j] = r.ways[j], r.ways[i]
}

func (b *builder) date(v *validity) {
	v.links = make([]int32, 0, len(b.spans))
	for edge := range b.spans {
		v.links = append(v.links, edge)
	}
	slices.Sort(v.links)
	for _, edge := range v.links {
		v.spans = append(v.spans, b.spans[edge]...)
		v.ends = append(v.ends, int32(len(v.spans)))
	}
}
