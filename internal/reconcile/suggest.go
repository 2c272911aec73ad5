package reconcile

import (
	"context"
	"strings"

	"dragnet/internal/intel"
)

// pageSize is how many suggestions come at once.
const pageSize = 20

// Suggestions are what a box in which somebody types offers.
type Suggestions[T any] struct {
	Result []T `json:"result"`
}

// Entity is an entity that is suggested, or the value of a property.
type Entity struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Notable     []Type `json:"notable,omitempty"`
}

// SuggestEntities suggests entities by their names and aliases, and the one
// whose id was typed. skip leaves out the first.
func (s Service) SuggestEntities(ctx context.Context, prefix string, skip int) (*Suggestions[Entity], error) {
	prefix = strings.TrimSpace(prefix)
	if len(prefix) > intel.MaxNameBytes {
		return nil, intel.Invalid("prefix", "is %d bytes long; a name has at most %d", len(prefix), intel.MaxNameBytes)
	}
	found, err := s.Catalog.Search(ctx, intel.View{}, prefix, nil)
	if err != nil {
		return nil, err
	}
	var ids []string
	called := map[string]string{}
	if id, err := intel.ParseEntityID(prefix); err == nil {
		own, err := s.named(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		if own[id] != nil {
			ids, called[id] = append(ids, id), own[id].Name
		}
	}
	for _, f := range found {
		if _, typed := called[f.ID]; !typed {
			ids, called[f.ID] = append(ids, f.ID), f.MatchedName
		}
	}
	ids = pageOf(ids, skip)
	named, err := s.named(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &Suggestions[Entity]{Result: []Entity{}}
	for _, id := range ids {
		if n := named[id]; n != nil {
			out.Result = append(out.Result, Entity{ID: id, Name: n.Name, Description: describe(n, called[id]), Notable: typeOf(n.Kind)})
		}
	}
	return out, nil
}

// SuggestTypes suggests kinds of entities.
func SuggestTypes(prefix string, skip int) *Suggestions[Type] {
	return &Suggestions[Type]{pageOf(types(prefix), skip)}
}

// SuggestProperties suggests what helps to find who is meant.
func SuggestProperties(prefix string, skip int) *Suggestions[Type] {
	out := []Type{}
	for _, p := range contextProperties() {
		if has(prefix, p.ID, p.Name, p.Description) {
			out = append(out, p)
		}
	}
	return &Suggestions[Type]{pageOf(out, skip)}
}

func pageOf[T any](all []T, skip int) []T {
	all = all[min(skip, len(all)):]
	return all[:min(pageSize, len(all))]
}
