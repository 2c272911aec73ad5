package analysis

import (
	"context"
	"slices"
	"time"

	"dragnet/internal/intel"
)

// Reader reads the graph under a view, as the catalog does.
type Reader interface {
	Read(ctx context.Context, v intel.View, s intel.Selection) (*intel.Answer, error)
}

// lazy is what of a graph has been looked at through a Reader: entities are read
// when they are walked from, a level of a search at a time.
type lazy struct {
	ctx      context.Context
	read     Reader
	view     intel.View
	deadline time.Time
	failed   error
	late     bool
	revision int64 // of the last answer

	ids    []string
	number map[string]node
	there  map[node]bool
	rows   map[node][]arc
	counts map[node]int // degrees
	links  []*intel.Link
	linkNo map[string]int32
}

func newLazy(ctx context.Context, r Reader, v intel.View, deadline time.Time) *lazy {
	return &lazy{ctx: ctx, read: r, view: v, deadline: deadline, number: map[string]node{}, there: map[node]bool{}, rows: map[node][]arc{}, counts: map[node]int{}, linkNo: map[string]int32{}}
}

const (
	// readNodes is how many entities are read at a time, each with so many links.
	readNodes = 20
	readLinks = intel.MaxPage
)

func (l *lazy) of(id string) node {
	n, ok := l.number[id]
	if !ok {
		n = node(len(l.ids))
		l.number[id] = n
		l.ids = append(l.ids, id)
	}
	return n
}

func (l *lazy) find(id string) node {
	n := l.of(id)
	l.prepare([]node{n})
	if !l.there[n] {
		return nowhere
	}
	return n
}

func (l *lazy) id(n node) string                   { return l.ids[n] }
func (l *lazy) kind(n node) uint8                  { return kindNo[intel.KindOf(l.ids[n])] }
func (l *lazy) size() int                          { return len(l.ids) }
func (l *lazy) support(e int32) intel.PPM          { return l.links[e].Support }
func (l *lazy) degree(n node) int                  { return l.counts[n] }
func (l *lazy) trouble() (late bool, failed error) { return l.late, l.failed }

func (l *lazy) holds(e int32, at intel.Interval) bool {
	return slices.ContainsFunc(l.links[e].Validity, at.Overlaps)
}

func (l *lazy) each(kind uint8, yield func(node) bool) {
	list := &intel.List{Where: intel.KindIn{kinds[kind]}, Page: intel.Page{First: intel.MaxPage}}
	for {
		a := l.ask(intel.Selection{List: list, Node: intel.NodeSelection{Counts: true}})
		if a == nil {
			return
		}
		for _, e := range a.List.Nodes {
			n := l.of(e.ID)
			l.there[n], l.counts[n] = true, total(e.Counts)
			if !yield(n) {
				return
			}
		}
		if !a.List.More {
			return
		}
		list.Page.After = &a.List.Positions[len(a.List.Positions)-1]
	}
}

func (l *lazy) arcs(n node, yield func(arc) bool) {
	l.prepare([]node{n})
	for _, a := range l.rows[n] {
		if !yield(a) {
			return
		}
	}
}

// prepare reads the links of entities that were not read yet.
func (l *lazy) prepare(all []node) {
	var missing []string
	for _, n := range all {
		if _, read := l.rows[n]; !read {
			l.rows[n] = nil
			missing = append(missing, l.ids[n])
		}
	}
	for ids := range slices.Chunk(missing, readNodes) {
		sel := everyLink(nil)
		a := l.ask(intel.Selection{IDs: ids, Node: intel.NodeSelection{Counts: true, Links: []intel.LinkSelection{sel}}})
		if a == nil {
			return
		}
		for _, n := range a.Nodes {
			l.add(n)
			l.rest(n.ID, n.Links[sel.Key])
		}
	}
}

// rest reads the further pages of an entity's links.
func (l *lazy) rest(id string, page *intel.LinkPage) {
	for page != nil && page.More {
		sel := everyLink(&page.Edges[len(page.Edges)-1].Position)
		a := l.ask(intel.Selection{IDs: []string{id}, Node: intel.NodeSelection{Counts: true, Links: []intel.LinkSelection{sel}}})
		if a == nil || len(a.Nodes) == 0 {
			return
		}
		l.add(a.Nodes[0])
		page = a.Nodes[0].Links[sel.Key]
	}
}

func everyLink(after *intel.Position) intel.LinkSelection {
	s := intel.LinkSelection{Key: "all", Page: intel.Page{First: readLinks, After: after}, Node: intel.NodeSelection{Counts: true}}
	for _, t := range linkTypes {
		s.Ends = append(s.Ends, intel.End{Type: t.Type, Direction: intel.Both})
	}
	return s
}

func (l *lazy) ask(s intel.Selection) *intel.Answer {
	if l.failed != nil || l.late {
		return nil
	}
	if !l.deadline.IsZero() && time.Now().After(l.deadline) {
		l.late = true
		return nil
	}
	a, err := l.read.Read(l.ctx, l.view, s)
	if l.failed = err; err != nil {
		return nil
	}
	l.revision = a.Revision
	return a
}

func (l *lazy) add(n *intel.Node) {
	from := l.of(n.ID)
	l.there[from] = true
	l.counts[from] = total(n.Counts)
	for _, page := range n.Links {
		for _, e := range page.Edges {
			other := l.of(e.Node.ID)
			l.there[other] = true
			l.counts[other] = total(e.Node.Counts)
			no, known := l.linkNo[e.Link.ID]
			if !known {
				no = int32(len(l.links))
				l.linkNo[e.Link.ID] = no
				l.links = append(l.links, e.Link)
			}
			l.rows[from] = append(l.rows[from], arc{other, no, wayOf(e.Link.Type, e.Link.To == n.ID && e.Link.From != n.ID)})
		}
	}
}

func total(counts []intel.LinkCount) int {
	n := 0
	for _, c := range counts {
		n += c.Count
	}
	return n
}
