package intel

import (
	"cmp"
	"slices"
)

// Clusters says which entities count as one.
type Clusters struct {
	of    map[string]*Cluster
	apart []*Judgement
}

// Cluster is a set of entities that judgements join.
type Cluster struct {
	Members []string // by id, at least one
	// Joining are the SAME_AS between members, Conflicts those that would have
	// joined a member to another cluster but for a DISTINCT_FROM. Both stand by
	// score, the highest first, then by id.
	Joining, Conflicts []*Judgement
}

// Representative is the member that the cluster is shown as: the least id. It
// depends on the judgements alone, so that no claim, and no view of the claims,
// moves it.
func (c *Cluster) Representative() string { return c.Members[0] }

// NewClusters joins entities by live judgements, each given once, those that
// rules derive among them; their order does not matter. SAME_AS are taken by
// score, the highest first, then by id. One that would bring the two of a
// DISTINCT_FROM into one cluster is skipped and is a conflict of both clusters;
// one by rule about the very pair of a DISTINCT_FROM is overridden and is none.
// UNSURE_SAME joins nothing.
func NewClusters(live []*Judgement) *Clusters {
	f := forest{roots: map[string]string{}, members: map[string][]string{}, foes: map[string][]string{}}
	cs := &Clusters{of: map[string]*Cluster{}}
	pairs := map[[2]string]bool{}
	var same, skipped []*Judgement
	for _, j := range strongestFirst(live) {
		switch j.Verdict {
		case SameAs:
			same = append(same, j)
		case DistinctFrom:
			cs.apart = append(cs.apart, j)
			pairs[[2]string{j.Left, j.Right}] = true
			f.part(j.Left, j.Right)
		}
	}
	var joining []*Judgement
	for _, j := range same {
		switch {
		case j.ByRule() && pairs[[2]string{j.Left, j.Right}]:
		case f.join(j.Left, j.Right):
			joining = append(joining, j)
		default:
			skipped = append(skipped, j)
		}
	}
	cs.fill(f, joining, skipped)
	return cs
}

func (cs *Clusters) fill(f forest, joining, skipped []*Judgement) {
	for _, members := range f.members {
		slices.Sort(members)
		c := &Cluster{Members: members}
		for _, id := range members {
			cs.of[id] = c
		}
	}
	for _, j := range joining {
		c := cs.of[j.Left]
		c.Joining = append(c.Joining, j)
	}
	for _, j := range skipped {
		for _, id := range []string{j.Left, j.Right} {
			c := cs.of[id]
			c.Conflicts = append(c.Conflicts, j)
		}
	}
}

func strongestFirst(js []*Judgement) []*Judgement {
	return slices.SortedFunc(slices.Values(js), func(a, b *Judgement) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
}

// Of gives the cluster of an entity; one that nothing joins is alone in its own.
func (cs *Clusters) Of(id string) *Cluster {
	if c := cs.of[id]; c != nil {
		return c
	}
	return &Cluster{Members: []string{id}}
}

// Apart gives the strongest DISTINCT_FROM that keeps the clusters of two
// entities apart, or nil.
func (cs *Clusters) Apart(a, b string) *Judgement {
	from, to := cs.Of(a).Representative(), cs.Of(b).Representative()
	for _, j := range cs.apart {
		left, right := cs.Of(j.Left).Representative(), cs.Of(j.Right).Representative()
		if left == from && right == to || left == to && right == from {
			return j
		}
	}
	return nil
}

// Chain gives a shortest run of SAME_AS that joins two entities, from the first
// to the second; none when they are not joined or are one.
func (cs *Clusters) Chain(a, b string) []*Judgement {
	by := map[string]*Judgement{a: nil} // by which a member was reached
	for queue := []string{a}; len(queue) > 0; queue = queue[1:] {
		for _, j := range cs.Of(a).Joining {
			next := j.other(queue[0])
			if _, seen := by[next]; next != "" && !seen {
				by[next] = j
				queue = append(queue, next)
			}
		}
	}
	var chain []*Judgement
	for at := b; by[at] != nil; at = by[at].other(at) {
		chain = append(chain, by[at])
	}
	slices.Reverse(chain)
	return chain
}

// other gives the other one of the pair, or "" when id is not of it.
func (j *Judgement) other(id string) string {
	switch id {
	case j.Left:
		return j.Right
	case j.Right:
		return j.Left
	}
	return ""
}

// forest holds sets of entities and which sets may not become one. The smaller
// side moves into the larger, so that joining n entities moves n log n.
type forest struct {
	roots   map[string]string
	members map[string][]string // of each root
	foes    map[string][]string // of each root: whom its members are distinct from
}

func (f forest) root(id string) string {
	if r, ok := f.roots[id]; ok {
		return r
	}
	f.roots[id], f.members[id] = id, []string{id}
	return id
}

func (f forest) part(a, b string) {
	a, b = f.root(a), f.root(b)
	f.foes[a], f.foes[b] = append(f.foes[a], b), append(f.foes[b], a)
}

// join makes the sets of two entities one; false says that they must stay apart.
func (f forest) join(a, b string) bool {
	a, b = f.root(a), f.root(b)
	if a == b {
		return true
	}
	few, other := a, b
	if len(f.foes[b]) < len(f.foes[a]) {
		few, other = b, a
	}
	if slices.ContainsFunc(f.foes[few], func(id string) bool { return f.roots[id] == other }) {
		return false
	}
	if len(f.members[a])+len(f.foes[a]) < len(f.members[b])+len(f.foes[b]) {
		a, b = b, a
	}
	for _, id := range f.members[b] {
		f.roots[id] = a
	}
	f.members[a], f.foes[a] = append(f.members[a], f.members[b]...), append(f.foes[a], f.foes[b]...)
	delete(f.members, b)
	delete(f.foes, b)
	return true
}
