package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// query is one question of a batch.
type query struct {
	input catalog.ResolveInput
	limit int
	id    string // of whom it asks, when it asks by id
	never bool   // nothing can be all that it asks for
	// linked are names of what it is linked to, by the kinds they may be of.
	linked []catalog.ResolveInput
}

// sent is a query as it is written.
type sent struct {
	Query      string      `json:"query"`
	Type       words       `json:"type"`
	Limit      *float64    `json:"limit"`
	TypeStrict string      `json:"type_strict"`
	Properties []sentValue `json:"properties"`
}

type sentValue struct {
	PID string `json:"pid"`
	V   values `json:"v"`
}

// words are one text or several.
type words []string

// UnmarshalJSON reads a text or a list of texts.
func (w *words) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		*w = make(words, 1)
		return json.Unmarshal(b, &(*w)[0])
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// values are the texts of property values; of entities their ids.
type values []string

// UnmarshalJSON reads a value or a list of values.
func (v *values) UnmarshalJSON(b []byte) error {
	parts := []json.RawMessage{b}
	if b[0] == '[' {
		if err := json.Unmarshal(b, &parts); err != nil {
			return err
		}
	}
	for _, p := range parts {
		text, err := valueOf(p)
		if err != nil {
			return err
		}
		*v = append(*v, text)
	}
	return nil
}

// valueOf reads a text, a number, a boolean or an entity.
func valueOf(b json.RawMessage) (string, error) {
	switch b[0] {
	case '"':
		var text string
		err := json.Unmarshal(b, &text)
		return text, err
	case '{':
		var entity struct{ ID string }
		err := json.Unmarshal(b, &entity)
		return entity.ID, err
	case '[', 'n':
		return "", fmt.Errorf("%s is no value", b)
	}
	return string(b), nil
}

// readBatch reads the queries of a batch.
func readBatch(batch []byte) (map[string]*query, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(batch, &all); err != nil || all == nil {
		return nil, intel.Invalid("queries", "is not a JSON object of queries by keys of your own: {\"q0\": {\"query\": \"…\"}}")
	}
	if len(all) > MaxQueries {
		return nil, &intel.FieldError{Field: "queries", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d queries; at most %d are taken: send several batches", len(all), MaxQueries)}
	}
	out := map[string]*query{}
	for key, text := range all {
		q, err := readQuery("queries."+clip(key), text)
		if err != nil {
			return nil, err
		}
		out[key] = q
	}
	return out, nil
}

func readQuery(place string, text []byte) (*query, error) {
	var s sent
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, intel.Invalid(place, "is not a query as version 0.2 of the protocol has it")
	}
	name := strings.TrimSpace(s.Query)
	if name == "" && len(s.Properties) == 0 {
		return nil, intel.Invalid(place+".query", "is missing")
	}
	q := &query{limit: defaultCandidates}
	if s.Limit != nil {
		if *s.Limit < 1 || *s.Limit != math.Trunc(*s.Limit) {
			return nil, intel.Invalid(place+".limit", "must be a positive integer")
		}
		q.limit = int(min(*s.Limit, MaxCandidates))
	}
	if len(name) <= intel.MaxNameBytes { // no longer one is in the graph
		q.input.Name = name
	}
	if id, err := intel.ParseEntityID(name); err == nil {
		q.id = id
	}
	if err := q.readTypes(place, s); err != nil {
		return nil, err
	}
	for i, p := range s.Properties {
		if err := q.readProperty(fmt.Sprintf("%s.properties[%d].pid", place, i), p); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// readTypes reads which kinds are asked for. An entity has one kind: all of
// several is none.
func (q *query) readTypes(place string, s sent) error {
	var kinds []intel.Kind
	for _, word := range s.Type {
		k, err := kindNamed(place+".type", word)
		if err != nil {
			return err
		}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	switch s.TypeStrict {
	case "", "any":
		q.input.Kinds = kinds
	case "all":
		q.input.Kinds, q.never = kinds, len(kinds) > 1
	case "should":
	default:
		return intel.Invalid(place+".type_strict", "must be any, all or should")
	}
	return nil
}

// kindNamed reads the id of a type.
func kindNamed(field, word string) (intel.Kind, error) {
	if k := intel.Kind(strings.ToUpper(word)); k.Valid() {
		return k, nil
	}
	return "", intel.Invalid(field, "%q is no type here: there are %s", clip(word), strings.Join(kindIDs(), ", "))
}

func kindIDs() (out []string) {
	for _, k := range intel.Kinds() {
		out = append(out, string(k))
	}
	return out
}

// readProperty takes what is known of the one who is meant. Values come from
// cells of tables: those that cannot be read are as if the cell were empty.
func (q *query) readProperty(field string, p sentValue) error {
	k, known := linkedKinds(p.PID)
	for _, v := range p.V {
		id, err := intel.ParseEntityID(v)
		switch {
		case p.PID == propSeenIn:
			if d, err := intel.ParseDate(v); err == nil {
				q.input.Context.SeenIn = d
			}
		case err == nil:
			q.input.Context.Linked = append(q.input.Context.Linked, id)
		case strings.TrimSpace(v) != "" && len(v) <= intel.MaxNameBytes:
			q.linked = append(q.linked, catalog.ResolveInput{Name: v, Kinds: k})
		}
	}
	if !known && p.PID != propSeenIn {
		return intel.Invalid(field, "%q does not help to find who is meant: %s, %s, %s and %s do", clip(p.PID), propCountries, propSectors, propRelated, propSeenIn)
	}
	return nil
}

// readValues finds the entities that values name, where one stands out.
func (s Service) readValues(ctx context.Context, queries map[string]*query) error {
	var names []catalog.ResolveInput
	at := map[string]int{}
	place := func(in catalog.ResolveInput) string { return fmt.Sprint(in.Kinds, in.Name) }
	for _, q := range queries {
		for _, in := range q.linked {
			if _, seen := at[place(in)]; !seen {
				at[place(in)] = len(names)
				names = append(names, in)
			}
		}
	}
	if len(names) > 2*MaxQueries {
		return &intel.FieldError{Field: "queries", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("have %d property values; at most %d different ones are taken: send several batches", len(names), 2*MaxQueries)}
	}
	if len(names) == 0 {
		return nil
	}
	found, err := s.Catalog.Resolve(ctx, intel.View{}, names, 1)
	if err != nil {
		return err
	}
	for _, q := range queries {
		for _, in := range q.linked {
			if r := found[at[place(in)]]; r.Verdict == catalog.Match {
				q.input.Context.Linked = append(q.input.Context.Linked, r.Candidates[0].ID)
			}
		}
	}
	return nil
}

// clip shortens what is repeated of a request.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
