package sqlite

import (
	"encoding/json"
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// query assembles a statement from fixed fragments and parameters.
type query struct {
	text strings.Builder
	args []value
	// e and d are what the entity and the half of a link are called that
	// conditions are written on; deep is how many other entities they stand below.
	e, d string
	deep int
	// number gives the number of a word, noWord for one the store does not have.
	number func(class int, text string) int64
}

func (q *query) write(fragments ...string) *query {
	for _, f := range fragments {
		q.text.WriteString(f)
	}
	return q
}

// query begins a statement.
func (r *reader) query() *query {
	return &query{e: "e", d: "d", number: func(class int, text string) int64 {
		no, err := r.number(class, text)
		if err != nil {
			r.lost = err
		}
		return no
	}}
}

// fixed writes a fragment that numbers its own parameters from 1; it comes
// before every other parameter.
func (q *query) fixed(fragment string, vs ...value) {
	q.args = append(q.args, vs...)
	q.write(fragment)
}

// param adds a parameter and writes its place.
func (q *query) param(v value) *query {
	q.args = append(q.args, v)
	q.text.WriteByte('?')
	q.text.WriteString(strconv.Itoa(len(q.args)))
	return q
}

// limit ends a statement that answers at most n rows. SQLite prepares a
// statement anew whenever a parameter that is all of a LIMIT has been bound, so
// it is made part of a sum, here and in every other statement.
func (q *query) limit(n int) *query {
	return q.write(" LIMIT ").param(num(n)).write(" + 0")
}

// is writes that the expression before it is one of the values.
func (q *query) is(values []value) *query {
	if len(values) == 1 {
		return q.write(" = ").param(values[0])
	}
	return q.write(" IN (SELECT value FROM json_each(").param(txt(jsonList(values))).write("))")
}

func jsonList(values []value) string {
	list := make([]any, len(values))
	for i, v := range values {
		if v.sort == 'i' {
			list[i] = v.n
		} else {
			list[i] = v.s
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // numbers and texts are always JSON
	}
	return string(b)
}

func texts[T ~string](list []T) []value {
	out := make([]value, len(list))
	for i, s := range list {
		out[i] = txt(s)
	}
	return out
}

func numbers[T ~string](q *query, class int, list []T) []value {
	out := make([]value, len(list))
	for i, s := range list {
		out[i] = num(q.number(class, string(s)))
	}
	return out
}

// kindSet packs kinds into the bits of a number, by the kinds' own numbers.
func (q *query) kindSet(kinds []intel.Kind) (set int64) {
	for _, k := range kinds {
		if no := q.number(kindWord, string(k)); no != noWord {
			set |= 1 << no
		}
	}
	return set
}

// embed writes a whole other query; its parameters are numbered anew.
func (q *query) embed(o *query) *query {
	for i, part := range strings.Split(o.text.String(), "?") {
		if i == 0 {
			q.write(part)
			continue
		}
		n := 0
		for n < len(part) && part[n] >= '0' && part[n] <= '9' {
			n++
		}
		no, _ := strconv.Atoi(part[:n]) // param wrote it
		q.param(o.args[no-1]).write(part[n:])
	}
	return q
}
