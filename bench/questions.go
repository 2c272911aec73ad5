package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dragnet/bench/byhand"
	"dragnet/bench/gen"
	"dragnet/internal/intel"
)

// question is a shape of tree and the entities it is asked of.
type question struct {
	name string
	goal float64 // how many times as long as by hand Select may take; 0: none is set
	hops []byhand.Hop
	root func(g *gen.Graph, i int) string
}

// technique is a root with many links: one of the first techniques.
func technique(g *gen.Graph, i int) string {
	return g.Of(intel.KindTechnique, i%min(60, g.Count(intel.KindTechnique)))
}

// known is a group that much is known of: one of the first.
func known(g *gen.Graph, i int) string {
	return g.Of(intel.KindGroup, i%min(60, g.Count(intel.KindGroup)))
}

// anyone is an entity like most: a group.
func anyone(g *gen.Graph, i int) string {
	return g.Of(intel.KindGroup, i*7919%g.Count(intel.KindGroup))
}

var questions = []question{
	// Who uses a technique, what else they use, and who uses that.
	{"tree 10×10×10", 1.3, []byhand.Hop{{Type: "USES", In: true, First: 10}, {Type: "USES", First: 10}, {Type: "USES", In: true, First: 10}}, technique},
	{"neighbours 25", 1.5, []byhand.Hop{{Type: "USES", In: true, First: 25}}, technique},
	// The links of every type, three levels deep: what the explorer draws.
	{"any tree 10×10×10", 1.3, []byhand.Hop{{First: 10}, {First: 10}, {First: 10}}, technique},
	{"any neighbours 25", 1.5, []byhand.Hop{{First: 25}}, anyone},
	{"entity", 0, nil, anyone},
}

// key is the key of the links on each level of a question.
const key = "links"

// ask answers a question as the server would: through the catalog, under a
// deadline.
func (g *graph) ask(ctx context.Context, sel intel.Selection) (*intel.Node, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	a, err := g.cat.Read(ctx, intel.View{}, sel)
	if err != nil {
		return nil, err
	}
	if len(a.Nodes) != 1 {
		return nil, fmt.Errorf("%v is not in the graph: was it loaded with the same --seed?", sel.IDs)
	}
	return a.Nodes[0], nil
}

// sides are a question asked of a store, and the same by hand.
func (q question) sides(g *graph, w byhand.Walker, of *gen.Graph) []side {
	return []side{
		{"Select", func(ctx context.Context, i int) error {
			_, err := g.ask(ctx, byhand.Selection(q.root(of, i), key, q.hops))
			return err
		}},
		{"by hand", func(ctx context.Context, i int) error {
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			_, err := w.Walk(ctx, q.root(of, i), q.hops)
			return err
		}},
	}
}

var errDiffer = errors.New("the answers of Select and of the walk by hand differ")

// compare asks a question both ways and gives the mean number of entities in
// the answers.
func (q question) compare(ctx context.Context, g *graph, w byhand.Walker, of *gen.Graph, roots int) (float64, error) {
	sum := 0
	for i := range roots {
		root := q.root(of, i)
		n, err := g.ask(ctx, byhand.Selection(root, key, q.hops))
		if err != nil {
			return 0, err
		}
		it, err := w.Walk(ctx, root, q.hops)
		if err != nil {
			return 0, err
		}
		if a, b := byhand.FromNode(n, key).Text(), it.Text(); a != b {
			return 0, fmt.Errorf("%w: %s of %s:\nSelect:\n%s\nby hand:\n%s", errDiffer, q.name, root, a, b)
		}
		sum += it.Count()
	}
	return float64(sum) / float64(roots), nil
}
