// Package reconcile speaks the Reconciliation Service API 0.2 of the W3C
// community group (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/)
// above the catalog, so that OpenRefine matches tables against the graph. It
// reads and makes documents, matches nothing itself, and knows no HTTP.
package reconcile

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

const (
	// MaxQueries is how many queries one batch has.
	MaxQueries = catalog.MaxResolve
	// MaxCandidates bounds the candidates of one query; who asks for more gets
	// these.
	MaxCandidates = 50
	// defaultCandidates is what a query brings unless its limit says otherwise.
	defaultCandidates = 5
)

// Service answers from one graph, under its default view.
type Service struct{ Catalog *catalog.Catalog }

// Type is a kind of entity, as the protocol writes it.
type Type struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// Candidate is an entity that a query may mean.
type Candidate struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Type        []Type    `json:"type"`
	Score       float64   `json:"score"` // 0 to 100
	Match       bool      `json:"match"`
	Features    []Feature `json:"features,omitempty"`
}

// Feature is what one sort of reason adds to a score, in points of 100.
type Feature struct {
	ID    string  `json:"id"`
	Value float64 `json:"value"`
}

// Result holds the candidates of one query, the likeliest first.
type Result struct {
	Result []Candidate `json:"result"`
}

// Reconcile answers a batch, whose queries are JSON by their keys. The first
// candidate is a match exactly when the name resolves as MATCH, or when the
// query is the id of an entity. Faults of a batch are ErrInvalid, too many
// queries ErrLimit.
func (s Service) Reconcile(ctx context.Context, batch []byte) (map[string]Result, error) {
	queries, err := readBatch(batch)
	if err != nil {
		return nil, err
	}
	if err := s.readValues(ctx, queries); err != nil {
		return nil, err
	}
	keys := slices.Sorted(maps.Keys(queries))
	inputs := make([]catalog.ResolveInput, len(keys))
	most := 1
	for i, key := range keys {
		inputs[i] = queries[key].input
		most = max(most, queries[key].limit)
	}
	found, err := s.Catalog.Resolve(ctx, intel.View{}, inputs, most)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i, key := range keys {
		ids = append(ids, queries[key].id)
		for _, c := range found[i].Candidates {
			ids = append(ids, c.ID)
		}
	}
	named, err := s.named(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]Result{}
	for i, key := range keys {
		out[key] = Result{queries[key].candidates(found[i], named)}
	}
	return out, nil
}

// named reads the entities with these ids, as far as they are in the graph.
func (s Service) named(ctx context.Context, ids []string) (map[string]*intel.Node, error) {
	return s.read(ctx, ids, intel.NodeSelection{})
}

// read reads of entities, as far as they are in the graph, what is selected.
func (s Service) read(ctx context.Context, ids []string, sel intel.NodeSelection) (map[string]*intel.Node, error) {
	out := map[string]*intel.Node{}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for part := range slices.Chunk(slices.DeleteFunc(ids, func(id string) bool { return id == "" }), intel.MaxPage) {
		a, err := s.Catalog.Read(ctx, intel.View{}, intel.Selection{IDs: part, Node: sel})
		if err != nil {
			return nil, err
		}
		for _, n := range a.Nodes {
			out[n.ID] = n
		}
	}
	return out, nil
}

// candidates writes what was found for a query.
func (q *query) candidates(r catalog.Resolution, named map[string]*intel.Node) []Candidate {
	out := []Candidate{}
	if q.never {
		return out
	}
	// An id says whom it means.
	own := named[q.id]
	if own != nil && (len(q.input.Kinds) == 0 || slices.Contains(q.input.Kinds, own.Kind)) {
		out = append(out, Candidate{ID: own.ID, Name: own.Name, Type: typeOf(own.Kind), Score: 100, Match: true, Features: []Feature{{"id", 100}}})
	}
	byID := len(out) > 0
	for i, c := range r.Candidates {
		n := named[c.ID]
		if n == nil || byID && c.ID == own.ID {
			continue
		}
		out = append(out, Candidate{
			ID: c.ID, Name: n.Name, Description: describe(n, c.MatchedName), Type: typeOf(n.Kind), Score: points(c.Score),
			Match: i == 0 && r.Verdict == catalog.Match && !byID, Features: features(c.Reasons),
		})
	}
	return out[:min(len(out), q.limit)]
}

// points writes a score of 0 to 1 as one of 0 to 100, to two decimals.
func points(score float64) float64 { return math.Round(score*1e4) / 100 }

func typeOf(k intel.Kind) []Type { return []Type{{ID: string(k), Name: k.Label()}} }

// describe says what an entity is, and by which other name it was found.
func describe(n *intel.Node, name string) string {
	if name == n.Name {
		return n.Kind.Label()
	}
	return fmt.Sprintf("%s, also called %s", n.Kind.Label(), name)
}

// features add up what the reasons of each sort weigh.
func features(reasons []catalog.MatchReason) (out []Feature) {
	for _, r := range reasons {
		id := strings.ToLower(string(r.Kind))
		if i := slices.IndexFunc(out, func(f Feature) bool { return f.ID == id }); i >= 0 {
			out[i].Value = math.Round((out[i].Value+points(r.Weight))*100) / 100
			continue
		}
		out = append(out, Feature{id, points(r.Weight)})
	}
	return out
}
