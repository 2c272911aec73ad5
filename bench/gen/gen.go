// Package gen makes graphs that look like the real thing, of any size and the
// same for the same seed: kinds in a realistic mix, in-degrees after Zipf, a few
// countries that everything leads to, several claims per fact from sources of
// all grades, contradictions, denials and sources that copy each other. It knows
// the domain and no store.
package gen

import (
	"fmt"

	"dragnet/internal/intel"
)

// MinEntities is the least size of a graph: the fixed part (countries, regions,
// sectors and so on) stands at the beginning of every graph.
const MinEntities = 1_000

// Graph is a graph of n numbered entities. Each entity and each source is
// worked out from the seed and its number alone, so that a graph of any size
// takes no memory; a Graph is safe for use by many goroutines.
type Graph struct {
	seed    uint64
	n       int
	layout  layout
	sources int
}

// New describes a graph. n is the number of its entities, stubs apart: a few
// more ids are mentioned and never named.
func New(seed uint64, n int) (*Graph, error) {
	if n < MinEntities {
		return nil, fmt.Errorf("a graph has at least %d entities, not %d", MinEntities, n)
	}
	return &Graph{seed: seed, n: n, layout: newLayout(), sources: feeds + max(n/perDocument, 40)}, nil
}

// Len is the number of entities.
func (g *Graph) Len() int { return g.n }

// ID gives the id of an entity by its number.
func (g *Graph) ID(i int) string {
	kind, k := g.layout.at(i)
	return g.id(kind, k)
}

// Of gives the id of the k-th entity of a kind, "" beyond the last. Those with
// small numbers have the most links.
func (g *Graph) Of(kind intel.Kind, k int) string {
	if k < 0 || k >= g.layout.before(kind, g.n) {
		return ""
	}
	return g.id(kind, k)
}

// Count is how many entities of a kind there are.
func (g *Graph) Count(kind intel.Kind) int { return g.layout.before(kind, g.n) }

// Claims gives all claims with the i-th entity as subject, in the form in which
// they are kept and with their ids. All claims about one link, and all links of
// one type from one entity, come together; links lead to entities with smaller
// numbers, or to stubs that nothing else mentions.
func (g *Graph) Claims(i int) []*intel.Claim {
	kind, k := g.layout.at(i)
	b := &builder{Graph: g, draw: newDraw(g.seed, uint64(i)<<1), i: i, kind: kind, id: g.id(kind, k)}
	b.home = feeds + i*(g.sources-feeds)/g.n
	b.facts(k)
	b.links()
	return b.claims
}

// builder writes the claims about one entity.
type builder struct {
	*Graph
	draw
	i      int
	kind   intel.Kind
	id     string
	home   int // the document that reports on it first
	claims []*intel.Claim
}

// add completes a claim. A claim that says again what another one said word for
// word is one claim and is left out.
func (b *builder) add(c *intel.Claim) {
	c.Subject = b.id
	c.ID = c.HashID()
	for _, have := range b.claims {
		if have.ID == c.ID {
			return
		}
	}
	b.claims = append(b.claims, c)
}

// spread says how many sources speak of one fact: mostly one, at most four.
func (b *builder) spread() int {
	switch p := b.Float64(); {
	case p < 0.78:
		return 1
	case p < 0.92:
		return 2
	case p < 0.97:
		return 3
	}
	return 4
}

// state writes the claims about one fact or link: claim gives the wording of
// the first, again that of the others, perhaps with another value.
func (b *builder) state(claim func() *intel.Claim, again func(*intel.Claim)) {
	n := b.spread()
	var used []string
	for j := range n {
		c := claim()
		if c.Stance = intel.Asserts; j > 0 {
			again(c)
			if b.chance(0.05) {
				c.Stance = intel.Denies
			}
		}
		c.Confidence = b.confidence()
		c.Source = b.source(j, used)
		used = append(used, c.Source)
		c.Locator = b.locator()
		if b.chance(0.02) {
			c.Quote = b.sentence()
		}
		if b.chance(0.03) {
			c.SaidBy = b.speaker()
		}
		b.add(c)
	}
}

// speaker is whom a document quotes: mostly somebody known, sometimes a person
// whom nothing else mentions.
func (b *builder) speaker() string {
	kind := pick(b.draw, intel.KindAgency, intel.KindFirm, intel.KindPerson)
	m := b.layout.before(kind, b.i)
	if m == 0 || b.chance(0.15) {
		return fmt.Sprintf("person:spokesperson-%d", b.i)
	}
	return b.Graph.id(kind, b.zipf(m, 20))
}
