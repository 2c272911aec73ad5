package analysis

import (
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// snapshot is the graph at one revision: a base, and what has changed since. It
// does not change; the next one shares with it what stayed.
type snapshot struct {
	*base
	revision intel.Revision
	// Entities that the base does not have, numbered after its own.
	newIDs    []string
	newNumber map[string]node
	gone      map[node]bool
	// patches are what changed of the arcs of a node, in parts so that a change
	// copies little.
	patches [patchParts]map[node]*patch
	// Links that the base does not have, numbered after its own.
	newSupport []int32
	newSpans   map[int32][]intel.Interval
	changed    int // halves in patches
}

const patchParts = 256

// patch is what changed of the arcs of a node.
type patch struct {
	added   []arc // by to, then way
	removed map[int32]bool
}

func (s *snapshot) patch(n node) *patch { return s.patches[n%patchParts][n] }

// find gives the number of an entity, or nowhere.
func (s *snapshot) find(id string) node {
	n, ok := s.newNumber[id]
	if !ok {
		n = s.base.ids.find(id)
	}
	if n != nowhere && s.gone[n] {
		return nowhere
	}
	return n
}

func (s *snapshot) id(n node) string {
	if own := len(s.base.kinds); int(n) >= own {
		return s.newIDs[int(n)-own]
	}
	return s.base.ids.at(n)
}

func (s *snapshot) kind(n node) uint8 {
	if own := len(s.base.kinds); int(n) >= own {
		return kindNo[intel.KindOf(s.newIDs[int(n)-own])]
	}
	return s.base.kinds[n]
}

// size bounds the numbers of entities.
func (s *snapshot) size() int { return len(s.base.kinds) + len(s.newIDs) }

func (s *snapshot) each(kind uint8, yield func(node) bool) {
	for i := range s.size() {
		if n := node(i); s.kind(n) == kind && !s.gone[n] && !yield(n) {
			return
		}
	}
}

// arcs hands out the arcs of a node until yield says that it has enough.
func (s *snapshot) arcs(n node, yield func(arc) bool) {
	p := s.patch(n)
	if int(n) < len(s.base.kinds) {
		b := s.base
		for i := b.first[n]; i < b.first[n+1]; i++ {
			if p != nil && p.removed[b.edges[i]] {
				continue
			}
			if !yield(arc{b.to[i], b.edges[i], b.ways[i]}) {
				return
			}
		}
	}
	if p != nil {
		for _, a := range p.added {
			if !yield(a) {
				return
			}
		}
	}
}

// degree is the number of arcs of a node.
func (s *snapshot) degree(n node) int {
	d := 0
	if int(n) < len(s.base.kinds) {
		d = int(s.base.first[n+1] - s.base.first[n])
	}
	if p := s.patch(n); p != nil {
		d += len(p.added) - len(p.removed)
	}
	return d
}

func (s *snapshot) prepare([]node)                     {}
func (s *snapshot) trouble() (late bool, failed error) { return false, nil }

func (s *snapshot) support(edge int32) intel.PPM {
	if own := int32(len(s.base.support)); edge >= own {
		return intel.PPM(s.newSupport[edge-own])
	}
	return intel.PPM(s.base.support[edge])
}

func (s *snapshot) holds(edge int32, at intel.Interval) bool {
	if int(edge) >= len(s.base.support) {
		spans := s.newSpans[edge]
		return spans == nil || slices.ContainsFunc(spans, at.Overlaps)
	}
	return s.base.dated.holds(edge, at)
}

// Delta is what a change of the graph did to its settled rows.
type Delta struct {
	Revision intel.Revision
	// Entities came into being or were there, Gone left.
	Entities, Gone []string
	Links          []*intel.Link // as they are now
	LinksGone      []string
}

// with gives the snapshot after a change. Telling a change again does nothing.
func (s *snapshot) with(d Delta) *snapshot {
	e := &edit{snapshot: *s, own: map[node]bool{}, parts: map[int]bool{}}
	e.revision = d.Revision
	for _, id := range d.Entities {
		e.entity(id)
	}
	for _, l := range d.Links {
		e.unlink(l.Type, l.From, l.To)
		e.link(l)
	}
	for _, id := range d.LinksGone {
		if t, from, to, ok := intel.SplitLinkID(id); ok {
			e.unlink(t, from, to)
		}
	}
	for _, id := range d.Gone {
		if n := e.find(id); n != nowhere {
			if !e.ownGone {
				e.gone, e.ownGone = maps.Clone(e.gone), true
				if e.gone == nil {
					e.gone = map[node]bool{}
				}
			}
			e.gone[n] = true
		}
	}
	return &e.snapshot
}

// edit is a snapshot in the making; what it shares with the one before is copied
// when it is first written to.
type edit struct {
	snapshot
	own               map[node]bool // patches
	parts             map[int]bool
	ownNames, ownGone bool
	ownSpans          bool
}

func (e *edit) entity(id string) node {
	n, ok := e.newNumber[id]
	if !ok {
		n = e.base.ids.find(id)
	}
	if n != nowhere {
		if e.gone[n] {
			if !e.ownGone {
				e.gone, e.ownGone = maps.Clone(e.gone), true
			}
			delete(e.gone, n)
		}
		return n
	}
	if !e.ownNames {
		e.newNumber, e.ownNames = maps.Clone(e.newNumber), true
		if e.newNumber == nil {
			e.newNumber = map[string]node{}
		}
	}
	n = node(e.size())
	// Others may hold the same array: only what lies beyond their length changes.
	e.newIDs = append(e.newIDs, id)
	e.newNumber[id] = n
	return n
}

// write gives the patch of a node to write to.
func (e *edit) write(n node) *patch {
	part := int(n % patchParts)
	if !e.parts[part] {
		e.parts[part] = true
		e.patches[part] = maps.Clone(e.patches[part])
		if e.patches[part] == nil {
			e.patches[part] = map[node]*patch{}
		}
	}
	if !e.own[n] {
		e.own[n] = true
		p := &patch{removed: map[int32]bool{}}
		if was := e.patches[part][n]; was != nil {
			p.added, p.removed = slices.Clone(was.added), maps.Clone(was.removed)
		}
		e.patches[part][n] = p
	}
	return e.patches[part][n]
}

func (e *edit) link(l *intel.Link) {
	from, to := e.entity(l.From), e.entity(l.To)
	edge := int32(len(e.base.support) + len(e.newSupport))
	e.newSupport = append(e.newSupport, int32(l.Support))
	if len(l.Validity) > 1 || len(l.Validity) == 1 && !l.Validity[0].Always() {
		if !e.ownSpans {
			e.newSpans, e.ownSpans = maps.Clone(e.newSpans), true
			if e.newSpans == nil {
				e.newSpans = map[int32][]intel.Interval{}
			}
		}
		e.newSpans[edge] = l.Validity
	}
	e.put(from, arc{to, edge, wayOf(l.Type, false)})
	e.put(to, arc{from, edge, wayOf(l.Type, true)})
}

func (e *edit) put(n node, a arc) {
	p := e.write(n)
	i, _ := slices.BinarySearchFunc(p.added, a, byTo)
	p.added = slices.Insert(p.added, i, a)
	e.changed++
}

func byTo(a, b arc) int {
	if a.to != b.to {
		return int(a.to) - int(b.to)
	}
	return int(a.way) - int(b.way)
}

// unlink takes a link away, if it is there.
func (e *edit) unlink(t intel.LinkType, fromID, toID string) {
	from, to := e.find(fromID), e.find(toID)
	if from == nowhere || to == nowhere {
		return
	}
	out, back := wayOf(t, false), wayOf(t, true)
	edge := e.edge(from, to, out)
	if edge < 0 {
		return
	}
	e.take(from, arc{to, edge, out})
	e.take(to, arc{from, edge, back})
}

// edge finds the number of the link that an arc walks, or -1.
func (e *edit) edge(from, to node, w way) int32 {
	p := e.patch(from)
	if p != nil {
		if i, ok := slices.BinarySearchFunc(p.added, arc{to: to, way: w}, byTo); ok {
			return p.added[i].edge
		}
	}
	if int(from) >= len(e.base.kinds) {
		return -1
	}
	b := e.base
	lo, hi := int(b.first[from]), int(b.first[from+1])
	for lo < hi {
		mid := (lo + hi) / 2
		if b.to[mid] < to || b.to[mid] == to && b.ways[mid] < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < int(b.first[from+1]) && b.to[lo] == to && b.ways[lo] == w && (p == nil || !p.removed[b.edges[lo]]) {
		return b.edges[lo]
	}
	return -1
}

func (e *edit) take(n node, a arc) {
	p := e.write(n)
	if i, ok := slices.BinarySearchFunc(p.added, a, byTo); ok && p.added[i].edge == a.edge {
		p.added = slices.Delete(p.added, i, i+1)
		e.changed--
		return
	}
	p.removed[a.edge] = true
	e.changed++
}

// compact makes a base of the snapshot, with nothing changed since.
func (s *snapshot) compact() *snapshot {
	b := &builder{spans: map[int32][]intel.Interval{}}
	now := make([]node, s.size())
	for n := range now {
		if now[n] = nowhere; !s.gone[node(n)] {
			now[n] = node(len(b.ids))
			b.ids = append(b.ids, s.id(node(n)))
		}
	}
	for n := range now {
		s.arcs(node(n), func(a arc) bool {
			info := a.way.info()
			first := a.way&1 == 0 && (!info.Symmetric || s.id(node(n)) < s.id(a.to))
			if !first || now[n] == nowhere || now[a.to] == nowhere {
				return true
			}
			b.add(now[n], now[a.to], uint8(a.way>>1), int32(s.support(a.edge)), s.spans(a.edge))
			return true
		})
	}
	return &snapshot{base: b.build(), revision: s.revision}
}

func (s *snapshot) spans(edge int32) []intel.Interval {
	if int(edge) >= len(s.base.support) {
		return s.newSpans[edge]
	}
	v := &s.base.dated
	i, ok := slices.BinarySearch(v.links, edge)
	if !ok {
		return nil
	}
	begin := int32(0)
	if i > 0 {
		begin = v.ends[i-1]
	}
	return v.spans[begin:v.ends[i]]
}
