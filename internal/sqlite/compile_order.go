package sqlite

import (
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// sortKey is one key of an order: a column or expression, and what it holds.
type sortKey struct {
	expr     string
	property intel.Property // joined as prop under the alias that expr names
	text     bool
	nullable bool
	desc     bool
}

// keysOf turns an order of entities into keys; an empty one is by name.
func keysOf(order []intel.Order) []sortKey {
	if len(order) == 0 {
		order = []intel.Order{{By: intel.OrderName}}
	}
	keys := make([]sortKey, len(order))
	for i, o := range order {
		switch o.By {
		case intel.OrderName:
			keys[i] = sortKey{expr: "e.sort_key", text: true, desc: o.Desc}
		case intel.OrderChanged:
			keys[i] = sortKey{expr: "e.revision", desc: o.Desc}
		default:
			keys[i] = sortKey{expr: "k" + strconv.Itoa(i) + ".lo", property: intel.Property(o.By), nullable: true, desc: o.Desc}
		}
	}
	return keys
}

// joins writes the joins that keys of properties need.
func (q *query) joins(keys []sortKey) {
	for _, k := range keys {
		if k.property != "" && k.nullable {
			alias := strings.TrimSuffix(k.expr, ".lo")
			q.write(" LEFT JOIN prop ", alias, " ON ", alias, ".entity = e.no AND ", alias, ".seq = 0 AND ", alias, ".property = ").param(num(q.number(propertyWord, string(k.property))))
		}
	}
}

func (k sortKey) value(v intel.SortValue) value {
	if k.text {
		return txt(v.Text)
	}
	return num(v.Int)
}

// after writes that a row stands behind the place: beyond its keys, or level
// with them and with an id that compares so. Nulls come last.
func (q *query) after(keys []sortKey, at []intel.SortValue, compare, id string) {
	if len(keys) == 0 {
		q.write(compare).param(txt(id))
		return
	}
	k, v := keys[0], at[0]
	if v.Null {
		q.write("(", k.expr, " IS NULL AND ")
		q.after(keys[1:], at[1:], compare, id)
		q.write(")")
		return
	}
	beyond, from := " > ", " >= "
	if k.desc {
		beyond, from = " < ", " <= "
	}
	if !k.nullable {
		q.write(k.expr, from).param(k.value(v)).write(" AND ") // for the index
	}
	q.write("(", k.expr, beyond).param(k.value(v))
	if k.nullable {
		q.write(" OR ", k.expr, " IS NULL")
	}
	q.write(" OR (", k.expr, " = ").param(k.value(v)).write(" AND ")
	q.after(keys[1:], at[1:], compare, id)
	q.write("))")
}

// orderBy writes the order of keys and id.
func (q *query) orderBy(keys []sortKey, id string) {
	q.write(" ORDER BY ")
	for _, k := range keys {
		if k.nullable {
			q.write(k.expr, " IS NULL, ")
		}
		q.write(k.expr)
		if k.desc {
			q.write(" DESC")
		}
		q.write(", ")
	}
	q.write(id)
}
