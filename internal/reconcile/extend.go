package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

const (
	// MaxExtended is how many entities one call extends.
	MaxExtended = 1000
	// MaxColumns is by how many properties one call extends them.
	MaxColumns = 50
	// maxLinked bounds the entities in one cell.
	maxLinked = intel.MaxPage
)

// Proposal lists properties that entities of a type may have.
type Proposal struct {
	Type       string `json:"type,omitempty"`
	Limit      int    `json:"limit,omitempty"`
	Properties []Type `json:"properties"`
}

// Propose lists at most limit properties (0: all) of a type (empty: of any).
func Propose(kind string, limit int) (*Proposal, error) {
	out := &Proposal{Type: kind, Limit: limit, Properties: linkProperties()}
	all := intel.Properties()
	if kind != "" {
		k, err := kindNamed("type", kind)
		if err != nil {
			return nil, err
		}
		all = intel.PropertiesOf(k)
	}
	for _, p := range all {
		out.Properties = append(out.Properties, factType(p))
	}
	if limit > 0 {
		out.Properties = out.Properties[:min(limit, len(out.Properties))]
	}
	return out, nil
}

// Extension holds cells by the id of an entity and that of a property.
type Extension struct {
	Meta []Column                     `json:"meta"`
	Rows map[string]map[string][]Cell `json:"rows"`
}

// Column is a property that was fetched.
type Column struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type *Type  `json:"type,omitempty"`
}

// Cell is one value: an Entity, or a map of one key: str, int or date.
type Cell any

// Extend fetches properties of entities: facts as they are settled, and linked
// entities, of which one cell holds the first 200 by name. Who is not in the graph
// has empty cells.
func (s Service) Extend(ctx context.Context, text []byte) (*Extension, error) {
	var asked struct {
		IDs        []string
		Properties []struct{ ID string }
	}
	if err := json.Unmarshal(text, &asked); err != nil || asked.IDs == nil || asked.Properties == nil {
		return nil, intel.Invalid("extend", "is not a JSON object with ids and properties")
	}
	if len(asked.IDs) > MaxExtended || len(asked.Properties) > MaxColumns {
		return nil, &intel.FieldError{Field: "extend", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("asks for %d properties of %d entities; at most %d of %d are taken: send several calls", len(asked.Properties), len(asked.IDs), MaxColumns, MaxExtended)}
	}
	out := &Extension{Meta: []Column{}, Rows: map[string]map[string][]Cell{}}
	sel := intel.NodeSelection{Values: true}
	for i, p := range asked.Properties {
		column, err := columnOf(fmt.Sprintf("extend.properties[%d].id", i), p.ID)
		if err != nil {
			return nil, err
		}
		out.Meta = append(out.Meta, column)
		if kinds, links := linkedKinds(p.ID); links {
			sel.Links = append(sel.Links, linksTo(p.ID, kinds, maxLinked))
		}
	}
	nodes, err := s.extended(ctx, asked.IDs, sel)
	if err != nil {
		return nil, err
	}
	for _, id := range asked.IDs {
		row := map[string][]Cell{}
		for _, c := range out.Meta {
			row[c.ID] = cells(nodes[id], c.ID)
		}
		out.Rows[id] = row
	}
	return out, nil
}

func columnOf(field, id string) (Column, error) {
	for _, p := range linkProperties() {
		if p.ID != id {
			continue
		}
		c := Column{ID: id, Name: p.Name}
		if kinds, _ := linkedKinds(id); len(kinds) == 1 {
			c.Type = &typeOf(kinds[0])[0]
		}
		return c, nil
	}
	if info := intel.Property(id).Info(); info != nil {
		return Column{ID: id, Name: factType(info).Name}, nil
	}
	return Column{}, intel.Invalid(field, "%q is no property that can be fetched", clip(id))
}

// linksTo reads the neighbours of some kinds.
func linksTo(key string, kinds []intel.Kind, first int) intel.LinkSelection {
	l := intel.LinkSelection{Key: key, Kinds: kinds, Page: intel.Page{First: first}}
	for _, t := range intel.LinkTypes() {
		l.Ends = append(l.Ends, intel.End{Type: t.Type, Direction: intel.Both})
	}
	return l
}

// extended reads entities by their ids as they are written.
func (s Service) extended(ctx context.Context, ids []string, sel intel.NodeSelection) (map[string]*intel.Node, error) {
	meant := map[string]string{}
	for _, text := range ids {
		if id, err := intel.ParseEntityID(text); err == nil {
			meant[text] = id
		}
	}
	nodes, err := s.read(ctx, slices.Collect(maps.Values(meant)), sel)
	if err != nil {
		return nil, err
	}
	out := map[string]*intel.Node{}
	for text, id := range meant {
		out[text] = nodes[id]
	}
	return out, nil
}

// cells are the values of a property of an entity, each once.
func cells(n *intel.Node, property string) []Cell {
	out := []Cell{}
	if n == nil {
		return out
	}
	if page := n.Links[property]; page != nil {
		seen := map[string]bool{}
		for _, e := range page.Edges {
			if !seen[e.Node.ID] {
				seen[e.Node.ID] = true
				out = append(out, Entity{ID: e.Node.ID, Name: e.Node.Name})
			}
		}
		return out
	}
	for _, f := range n.Facts {
		if f.Property == intel.Property(property) {
			for _, v := range f.Values {
				out = append(out, cell(v.Value))
			}
		}
	}
	return out
}

// cell keeps to numbers and days where the value says no less and no more.
func cell(v intel.Value) Cell {
	switch {
	case v.Type == intel.TypeQuantity && v.Quantity.Qualifier == intel.Exact && v.Quantity.Unit == "":
		return map[string]any{"int": v.Quantity.Value}
	case v.Type == intel.TypeDate && v.Date.Precision() == 3 && !v.Date.Qualified():
		return map[string]any{"date": v.Date.String() + "T00:00:00Z"}
	}
	return map[string]any{"str": v.Written()}
}
