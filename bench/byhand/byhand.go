// Package byhand answers the benchmarks' questions as somebody would who knows
// the store's schema and writes for one question only: prepared statements on
// SQLite, one statement on Neo4j. It is what Select is measured against, and
// must be changed when a store's schema is.
package byhand

import (
	"context"
	"fmt"
	"strings"

	"dragnet/internal/intel"
)

// Hop is one level of a question: the first neighbours by name over the links
// of a type in a direction. Without a type it is all links in both directions.
type Hop struct {
	Type  intel.LinkType
	In    bool
	First int
}

// Item is an entity of the answer and the link that led to it.
type Item struct {
	ID, Name string
	Kind     intel.Kind
	Type     intel.LinkType // of the link; "" at the root
	In       bool           // the link leads to the entity above
	Support  int64          // of the link, in parts per million
	Below    []Item
}

// A Walker answers a tree. It is used by one goroutine at a time. Walk answers
// nil for a root that is not in the graph.
type Walker interface {
	Walk(ctx context.Context, root string, hops []Hop) (*Item, error)
	Close(ctx context.Context) error
}

// Count gives the number of entities in the tree, the root included.
func (it *Item) Count() int {
	if it == nil {
		return 0
	}
	n := 1
	for i := range it.Below {
		n += it.Below[i].Count()
	}
	return n
}

// Text writes the tree line by line, to compare answers.
func (it *Item) Text() string {
	var b strings.Builder
	it.write(&b, 0)
	return b.String()
}

func (it *Item) write(b *strings.Builder, depth int) {
	if it == nil {
		return
	}
	fmt.Fprintf(b, "%*s%s %q %s %s in=%t %d\n", 2*depth, "", it.ID, it.Name, it.Kind, it.Type, it.In, it.Support)
	for i := range it.Below {
		it.Below[i].write(b, depth+1)
	}
}

// FromNode turns what Select answered into an Item. key is the key of the links
// on every level.
func FromNode(n *intel.Node, key string) *Item {
	it := item(n, key)
	return &it
}

func item(n *intel.Node, key string) Item {
	it := Item{ID: n.ID, Name: n.Name, Kind: n.Kind}
	page := n.Links[key]
	if page == nil {
		return it
	}
	for _, e := range page.Edges {
		below := item(e.Node, key)
		below.Type, below.In, below.Support = e.Type, e.To == n.ID, int64(e.Support)
		it.Below = append(it.Below, below)
	}
	return it
}

// Selection is the same question for Select.
func Selection(root, key string, hops []Hop) intel.Selection {
	return intel.Selection{IDs: []string{root}, Node: nodeSelection(key, hops)}
}

func nodeSelection(key string, hops []Hop) intel.NodeSelection {
	if len(hops) == 0 {
		return intel.NodeSelection{}
	}
	h := hops[0]
	sel := intel.LinkSelection{Key: key, Page: intel.Page{First: h.First}, Node: nodeSelection(key, hops[1:])}
	if h.Type == "" {
		for _, t := range intel.LinkTypes() {
			sel.Ends = append(sel.Ends, intel.End{Type: t.Type, Direction: intel.Both})
		}
		return intel.NodeSelection{Links: []intel.LinkSelection{sel}}
	}
	d := intel.Out
	if h.In {
		d = intel.In
	}
	sel.Ends = []intel.End{{Type: h.Type, Direction: d}}
	return intel.NodeSelection{Links: []intel.LinkSelection{sel}}
}
