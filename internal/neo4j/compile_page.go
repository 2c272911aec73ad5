package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// A walk is the way that a page of links takes from a node.
type walk struct{ out, in []intel.LinkType } // in the ontology's order

func walkOf(s intel.LinkSelection) walk {
	var w walk
	for _, l := range intel.LinkTypes() {
		if s.Link.Types != nil && !slices.Contains(s.Link.Types, l.Type) {
			continue
		}
		along := func(not intel.Direction) bool {
			return slices.ContainsFunc(s.Ends, func(e intel.End) bool { return e.Type == l.Type && e.Direction != not })
		}
		if along(intel.In) {
			w.out = append(w.out, l.Type)
		}
		if along(intel.Out) {
			w.in = append(w.in, l.Type)
		}
	}
	return w
}

func (w walk) none() bool { return len(w.out)+len(w.in) == 0 }

func (w walk) types() []intel.LinkType {
	var all []intel.LinkType
	for _, l := range intel.LinkTypes() {
		if slices.Contains(w.out, l.Type) || slices.Contains(w.in, l.Type) {
			all = append(all, l.Type)
		}
	}
	return all
}

func union(types []intel.LinkType) string {
	parts := make([]string, len(types))
	for i, t := range types {
		parts[i] = string(t)
	}
	return strings.Join(parts, "|")
}

// claims says that claims may arrive the same way: by ABOUT.
func (w walk) claims() bool { return slices.Contains(w.in, "ABOUT") }

// plain says that the pattern alone names the links.
func (w walk) plain() bool {
	return !w.claims() && (len(w.out) == 0 || len(w.in) == 0 || slices.Equal(w.out, w.in))
}

// indexed says that the page is read off the index of its type in order of
// name, however many links the node has: one type, one direction.
func (w walk) indexed(s intel.LinkSelection) bool {
	byName := len(s.Order) == 0 || len(s.Order) == 1 && s.Order[0].By == intel.OrderName
	return byName && len(w.out)+len(w.in) == 1
}

// keys are the columns of that index: own id, the neighbour's name and id.
func (w walk) keys() (self, sort, other string) {
	if len(w.out) == 1 {
		return "fromKey", "toSort", "toKey"
	}
	return "toKey", "fromSort", "fromKey"
}

func (w walk) pattern(n, r, m string) string {
	left, right := "-", "->"
	switch {
	case len(w.out) == 0:
		left, right = "<-", "-"
	case len(w.in) > 0:
		right = "-"
	}
	return fmt.Sprintf("(%s)%s[%s:%s]%s(%s)", n, left, r, union(w.types()), right, m)
}

// condition is what the pattern leaves open. Claims arrive by relationships
// without properties.
func (w walk) condition(n, r string) []string {
	if w.plain() {
		return nil
	}
	var out []string
	if len(w.out) > 0 && len(w.in) > 0 && !slices.Equal(w.out, w.in) {
		out = append(out, fmt.Sprintf("(startNode(%[1]s) = %[2]s AND %[1]s:%[3]s OR endNode(%[1]s) = %[2]s AND %[1]s:%[4]s)", r, n, union(w.out), union(w.in)))
	}
	if w.claims() {
		out = append(out, r+".idKey IS NOT NULL")
	}
	return out
}

// neighbor is the other end of a link that was walked.
func (w walk) neighbor(n, r string) string {
	switch {
	case len(w.in) == 0:
		return "endNode(" + r + ")"
	case len(w.out) == 0:
		return "startNode(" + r + ")"
	}
	return fmt.Sprintf("CASE WHEN startNode(%[1]s) = %[2]s THEN endNode(%[1]s) ELSE startNode(%[1]s) END", r, n)
}

// An orderKey is one column of an order.
type orderKey struct {
	column   string
	text     bool
	desc     bool
	nullable bool
	kept     bool // its value is part of the row, for the position
}

func orderKeys(n string, order []intel.Order) []orderKey {
	if len(order) == 0 {
		return []orderKey{{column: n + ".sortKey", text: true}}
	}
	out := make([]orderKey, 0, len(order))
	for _, o := range order {
		k := orderKey{desc: o.Desc}
		switch info := intel.Property(o.By).Info(); {
		case o.By == intel.OrderName:
			k.column, k.text = n+".sortKey", true
		case o.By == intel.OrderChanged:
			k.column = n + ".revision"
		case info == nil || !info.Sortable:
			k.column, k.nullable, k.kept = "null", true, true
		default:
			k.column, k.nullable, k.kept = n+"."+orderColumn(info), true, true
		}
		out = append(out, k)
	}
	return out
}

// ordering is the ORDER BY of keys and the ids behind them. Cypher has nulls
// last upwards and first downwards; here they are always last.
func ordering(keys []orderKey, ids ...string) string {
	var parts []string
	for _, k := range keys {
		switch {
		case !k.desc:
			parts = append(parts, k.column)
		case k.nullable:
			parts = append(parts, k.column+" IS NULL", k.column+" DESC")
		default:
			parts = append(parts, k.column+" DESC")
		}
	}
	return strings.Join(append(parts, ids...), ", ")
}

// keyset writes the condition that a row follows a position, if there is one.
func (c *compiler) keyset(keys []orderKey, after *intel.Position, ids ...string) {
	if after == nil {
		return
	}
	last := []string{idKey(after.ID), idKey(after.Link)}
	cond := ""
	for i := len(ids) - 1; i >= 0; i-- {
		id := c.param(last[i])
		if cond == "" {
			cond = fmt.Sprintf("%s > %s", ids[i], id)
			continue
		}
		cond = fmt.Sprintf("(%[1]s >= %[2]s AND (%[1]s <> %[2]s OR %[3]s))", ids[i], id, cond)
	}
	for i := len(keys) - 1; i >= 0; i-- {
		var v intel.SortValue
		if i < len(after.Keys) {
			v = after.Keys[i]
		}
		cond = c.follows(keys[i], v, cond)
	}
	c.addf(" AND %s", cond)
}

// follows says that a row stands behind the value, or with it and behind it by
// what comes after. An index can seek the half in front of the AND; the planner
// leaves the other half alone, since <> cannot be sought, and so the index's
// order is kept.
func (c *compiler) follows(k orderKey, v intel.SortValue, then string) string {
	if v.Null {
		return fmt.Sprintf("(%s IS NULL AND %s)", k.column, then)
	}
	var value string
	if k.text {
		value = c.param(v.Text)
	} else {
		value = c.param(v.Int)
	}
	op := ">"
	if k.desc {
		op = "<"
	}
	if k.nullable {
		return fmt.Sprintf("(%[1]s IS NULL OR %[1]s %[2]s %[3]s OR %[1]s = %[3]s AND %[4]s)", k.column, op, value, then)
	}
	return fmt.Sprintf("(%[1]s %[2]s= %[3]s AND (%[1]s <> %[3]s OR %[4]s))", k.column, op, value, then)
}

// labels is a label expression: of one of these kinds.
func labels(n string, kinds []intel.Kind) string {
	var parts []string
	for _, k := range kinds {
		if k.Valid() {
			parts = append(parts, k.Label())
		}
	}
	if len(parts) == 0 {
		return constant(n, false)
	}
	return n + ":" + strings.Join(parts, "|")
}
