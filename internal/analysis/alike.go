package analysis

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// SharedHub is how many links a shared neighbour may have to count as something
// in common: nearly everything is linked to larger ones.
const SharedHub = 2_000

// Common is a neighbour that entities share.
type Common struct {
	ID    string
	Score float64
	Links []string // to each of the entities, by id
}

// common ranks the neighbours that all of some entities have, the rarest first.
func common(ctx context.Context, n net, ids []string, narrow Narrow, wanted []intel.Kind, limit int, b Budget) ([]Common, error) {
	q := ask(ctx, n, narrow, b)
	own := map[node]bool{}
	for _, id := range ids {
		own[n.find(id)] = true
	}
	delete(own, nowhere)
	// The entity with the fewest links brings the candidates.
	all := slices.SortedFunc(maps.Keys(own), func(a, b node) int { return cmp.Or(q.degree(a)-q.degree(b), q.compare(a, b)) })
	if len(all) == 0 {
		return nil, q.err
	}
	seen := map[node]bool{}
	var out []Common
	q.walk(all[0], func(a arc) bool {
		if seen[a.to] || own[a.to] || len(wanted) > 0 && !slices.Contains(wanted, kinds[q.kind(a.to)]) {
			return true
		}
		seen[a.to] = true
		if links, ok := q.linksToAll(a.to, all); ok {
			out = append(out, Common{ID: q.id(a.to), Score: rarity(q.degree(a.to)), Links: links})
		}
		return true
	})
	slices.SortFunc(out, func(a, b Common) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)], q.whole()
}

func (q *question) linksToAll(n node, all []node) (links []string, ok bool) {
	for _, m := range all {
		before := len(links)
		q.between(m, n, func(a arc) { links = append(links, a.way.link(q.id(m), q.id(n))) })
		if len(links) == before {
			return nil, false
		}
	}
	slices.Sort(links)
	return links, true
}

// Alike is an entity that has neighbours in common with another.
type Alike struct {
	ID     string
	Score  float64  // 0 to 1
	Shared []string // the rarest first, at most sharedShown
}

// similar ranks entities of one kind by the weighted Jaccard index of their
// links: what both are linked to in the same way, over what either is, each
// weighted by its rarity.
func similar(ctx context.Context, n net, id string, narrow Narrow, limit int, b Budget) ([]Alike, error) {
	q := ask(ctx, n, narrow, b)
	at := n.find(id)
	if at == nowhere {
		return nil, q.err
	}
	type feature struct {
		way way
		to  node
	}
	own := map[feature]bool{}
	total := 0.0
	shared := map[node][]feature{}
	q.walk(at, func(a arc) bool {
		f := feature{a.way, a.to}
		if own[f] || q.degree(a.to) > SharedHub {
			return true
		}
		own[f] = true
		total += rarity(q.degree(a.to))
		q.walk(a.to, func(back arc) bool {
			if back.way == a.way.back() && back.to != at && q.kind(back.to) == q.kind(at) {
				shared[back.to] = append(shared[back.to], f)
			}
			return true
		})
		return true
	})
	var out []Alike
	for other, features := range shared {
		both, theirs := 0.0, 0.0
		q.walk(other, func(a arc) bool {
			if q.degree(a.to) <= SharedHub {
				theirs += rarity(q.degree(a.to))
			}
			return true
		})
		slices.SortFunc(features, func(a, b feature) int {
			return cmp.Or(q.degree(a.to)-q.degree(b.to), q.compare(a.to, b.to), cmp.Compare(a.way, b.way))
		})
		one := Alike{ID: q.id(other)}
		for _, f := range features {
			both += rarity(q.degree(f.to))
			if s := q.id(f.to); len(one.Shared) < sharedShown && !slices.Contains(one.Shared, s) {
				one.Shared = append(one.Shared, s)
			}
		}
		one.Score = both / (total + theirs - both)
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Alike) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)], q.whole()
}

// Pair is two entities tied by what they share.
type Pair struct {
	Left, Right string // Left has the smaller id
	Score       float64
	Shared      []string // the rarest first, at most sharedShown
	Total       int      // how many they share
}

const sharedShown = 25

// coOccurrence ranks pairs of entities of a kind by the neighbours they share
// over links of some types, each counted by its rarity. With ids, one of the two
// is among them. Neighbours with more than SharedHub links are left out.
func coOccurrence(ctx context.Context, n net, kind intel.Kind, narrow Narrow, ids []string, limit int, b Budget) ([]Pair, error) {
	q := ask(ctx, n, narrow, b)
	own := map[node]bool{}
	for _, id := range ids {
		own[n.find(id)] = true
	}
	type pair struct{ left, right node }
	found := map[pair][]node{}
	take := func(via node) {
		if q.degree(via) > SharedHub {
			return
		}
		var members []node
		q.walk(via, func(a arc) bool {
			if kinds[q.kind(a.to)] == kind && !slices.Contains(members, a.to) {
				members = append(members, a.to)
			}
			return true
		})
		for i, a := range members {
			for _, b := range members[i+1:] {
				if len(ids) > 0 && !own[a] && !own[b] {
					continue
				}
				p := pair{a, b}
				if q.compare(b, a) < 0 {
					p = pair{b, a}
				}
				found[p] = append(found[p], via)
			}
		}
	}
	for _, via := range q.sharedBy(kind, own, len(ids) > 0) {
		if take(via); q.spent {
			break
		}
	}
	out := make([]Pair, 0, len(found))
	for p, via := range found {
		score := 0.0
		slices.SortFunc(via, func(a, b node) int { return cmp.Or(q.degree(a)-q.degree(b), q.compare(a, b)) })
		for _, v := range via {
			score += rarity(q.degree(v))
		}
		one := Pair{Left: q.id(p.left), Right: q.id(p.right), Score: score, Total: len(via)}
		for _, v := range via[:min(len(via), sharedShown)] {
			one.Shared = append(one.Shared, q.id(v))
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return out[:min(len(out), limit)], q.whole()
}

// sharedBy lists what the entities of a kind, or some of them, are linked to.
func (q *question) sharedBy(kind intel.Kind, own map[node]bool, some bool) []node {
	seen := map[node]bool{}
	add := func(n node) {
		q.walk(n, func(a arc) bool {
			seen[a.to] = true
			return !q.spent
		})
	}
	if some {
		for n := range own {
			if n != nowhere && kinds[q.kind(n)] == kind {
				add(n)
			}
		}
	} else {
		q.each(kindNo[kind], func(n node) bool {
			add(n)
			return !q.spent
		})
	}
	return slices.SortedFunc(maps.Keys(seen), q.compare)
}
