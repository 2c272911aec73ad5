// Package subject holds the Go types that the schema's object types are bound
// to: thin views of what one root field read. It plans nothing and fetches
// nothing; what a field shows was read before rendering began, and is found by
// the field's path.
package subject

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// Result is what one root field read. Paths are response paths from the root
// field's key on, without list indices, joined by dots. It is filled before
// rendering and not changed by it.
type Result struct {
	// MinSupport is what the view asks of facts. Nothing else of the view is
	// left to do: what an answer holds is already as the view has it.
	MinSupport int
	Epoch      string
	// Variants tells response keys apart that stand for different fields on
	// different types: by path, then by the name of the type that bears the
	// field, what is appended to the key. Paths elsewhere carry it.
	Variants map[string]map[string]string
	// Lists says of each planned list how its cursors are made.
	Lists map[string]List
	// Sources holds the source of every claim, by id.
	Sources map[string]*intel.Source
	// Nodes, Edges, SourceNodes and Claims hold what was read at a crossing, by
	// the path of the field that crosses, then by id.
	Nodes       map[string]map[string]*intel.Node
	Edges       map[string]map[string]*intel.Edge
	SourceNodes map[string]map[string]*intel.SourceNode
	Claims      map[string]map[string]*intel.Claim
	// Histories holds what became of entities, by the path of the field, then by
	// id.
	Histories map[string]map[string]catalog.HistoryPage

	// Tally counts what rendering hands out; nil: nothing is counted.
	Tally *Tally

	mu    sync.Mutex
	facts map[*intel.Node][]intel.Fact
}

// List is what rendering needs to know of a planned list.
type List struct {
	// Query identifies the list in its cursors.
	Query string
	// After says that the page follows a cursor.
	After bool
	// Void lists hold nothing and were not asked for: no link of the types
	// wanted can join the kinds wanted.
	Void bool
}

// Tally counts the objects in lists that an operation shows. How many there are
// below lists that have no page size is not known before they are shown.
type Tally struct {
	most int64
	n    atomic.Int64
}

// NewTally returns a count that is full at most objects.
func NewTally(most int64) *Tally { return &Tally{most: most} }

// Reset begins to count anew.
func (t *Tally) Reset() { t.n.Store(0) }

// Full says that there was more to show than may be.
func (t *Tally) Full() bool { return t.n.Load() > t.most }

// rows lays out a list of n objects: none, once the operation has shown all that
// it may, since its answer is then thrown away.
func rows[T any](r *Result, n int, at func(int) T) []T {
	if t := r.Tally; t != nil && t.n.Add(int64(n)) > t.most {
		return []T{}
	}
	out := make([]T, n)
	for i := range out {
		out[i] = at(i)
	}
	return out
}

// NewResult returns an empty result.
func NewResult(v intel.View, epoch string) *Result {
	return &Result{
		MinSupport: v.MinSupport, Epoch: epoch,
		Variants: map[string]map[string]string{}, Lists: map[string]List{}, Sources: map[string]*intel.Source{},
		Nodes: map[string]map[string]*intel.Node{}, Edges: map[string]map[string]*intel.Edge{},
		SourceNodes: map[string]map[string]*intel.SourceNode{}, Claims: map[string]map[string]*intel.Claim{},
		Histories: map[string]map[string]catalog.HistoryPage{},
		facts:     map[*intel.Node][]intel.Fact{},
	}
}

// path is where the field that is being resolved stands.
func (r *Result) path(ctx context.Context) string {
	return r.pathOf(graphql.GetFieldContext(ctx))
}

func (r *Result) pathOf(fc *graphql.FieldContext) string {
	var fields []*graphql.FieldContext
	for ; fc != nil; fc = fc.Parent {
		if fc.Index == nil && fc.Field.Field != nil {
			fields = append(fields, fc)
		}
	}
	var b strings.Builder
	for i := len(fields) - 1; i >= 0; i-- {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(fields[i].Field.Alias)
		if len(r.Variants) > 0 {
			b.WriteString(r.Variants[b.String()][fields[i].Object])
		}
	}
	return b.String()
}

// list is how the list at a path was planned. A path that was not planned is a
// mistake of this program.
func (r *Result) list(path string) List {
	l, ok := r.Lists[path]
	if !ok {
		panic("graph: no list was planned at " + path)
	}
	return l
}

func (r *Result) revision(counter int64) intel.Revision {
	return intel.Revision{Epoch: r.Epoch, Counter: counter}
}

// factsOf settles the facts of an entity from the claims that were read with
// it, once.
func (r *Result) factsOf(n *intel.Node) []intel.Fact {
	r.mu.Lock()
	defer r.mu.Unlock()
	fs, ok := r.facts[n]
	if !ok {
		fs = intel.Settle(intel.Gather(n.Evidence, r.Sources, intel.View{}), r.MinSupport)
		r.facts[n] = fs
	}
	return fs
}

// source gives the source of a claim.
func (r *Result) source(id string) *Source {
	s := r.Sources[id]
	if s == nil {
		s = intel.StubSource(id)
	}
	return &Source{node: &intel.SourceNode{Source: s}, res: r}
}

// entityAt gives an entity that was read at a crossing. One that has left the
// graph since, or that the view does not show, is a stub.
func (r *Result) entityAt(path, id string) AnyEntity {
	n := r.Nodes[path][id]
	if n == nil {
		n = Absent(id)
	}
	return r.Any(n)
}

// Absent stands for an entity that is not in the graph: a stub without links
// and claims.
func Absent(id string) *intel.Node {
	return &intel.Node{Record: intel.NewRecord(id, nil, 0)}
}

func absent(n *intel.Node) bool { return n.Links == nil && n.Claims == nil && n.Sources == nil }
