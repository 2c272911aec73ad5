package graph

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// defaultPage is what a page holds unless first says otherwise.
const defaultPage = 25

// maxOrder bounds how many keys a list is ordered by.
const maxOrder = 10

// wants says what of a connection is asked for.
type wants struct{ rows, total bool }

// page reads first and after of a list, notes how the list's cursors are made,
// and returns the page. keys is how many keys its positions have.
func (p *planner) page(b branch, o object, keys int, w wants) intel.Page {
	l := subject.List{Query: p.query(b, o), After: o.has("after")}
	page := intel.Page{First: defaultPage, Count: w.total}
	if n := o.number("first"); n != nil {
		page.First = *n
	}
	if page.First < 0 || page.First > intel.MaxPage {
		o.fail("first", "must be 0 to %d, not %d", intel.MaxPage, page.First)
	}
	if !w.rows {
		page.First = 0
	}
	if l.After {
		at, err := subject.DecodeCursor(l.Query, o.text("after"))
		if err == nil && len(at.Keys) != keys {
			err = subject.ErrBrokenCursor
		}
		if err != nil {
			o.r.failed(o.place("after"), err)
		}
		page.After = &at
	}
	p.res.Lists[b.path] = l
	return page
}

// query is what a cursor is bound to: the field, its arguments but for the
// page's own, and the view.
func (p *planner) query(b branch, o object) string {
	args := map[string]any{}
	for k, v := range o.m {
		if v != nil && k != "first" && k != "after" && k != "view" {
			args[k] = v
		}
	}
	return canonical([]any{b.field.Name, b.field.Definition.Type.Name(), args, p.viewKey})
}

// canonical writes what was read of arguments; maps come in order of their keys.
func canonical(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("graph: arguments that cannot be JSON: " + err.Error())
	}
	return string(text)
}

// order reads an orderBy of entities; nil is the default, by name.
func order(o object) []intel.Order {
	var out []intel.Order
	for _, word := range orderWords(o) {
		by, desc := direction(word)
		out = append(out, intel.Order{By: orderKeys[by], Desc: desc})
	}
	return out
}

func orderWords(o object) []string {
	words := list[string](o, "orderBy")
	if len(words) > maxOrder {
		o.fail("orderBy", "takes at most %d keys", maxOrder)
		return nil
	}
	return words
}

func direction(word string) (by string, desc bool) {
	if by, ok := strings.CutSuffix(word, "_DESC"); ok {
		return by, true
	}
	return strings.TrimSuffix(word, "_ASC"), false
}

// orderKeys maps the words of the orders to what they order by.
var orderKeys = func() map[string]intel.OrderKey {
	m := map[string]intel.OrderKey{"NAME": intel.OrderName, "CHANGED": intel.OrderChanged}
	for _, p := range intel.Properties() {
		if p.Sortable {
			m[screaming(string(p.Property))] = intel.OrderKey(p.Property)
		}
	}
	return m
}()

// screaming turns firstSeen into FIRST_SEEN.
func screaming(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// sourceOrder reads an orderBy of sources; nil is the default, by title.
func sourceOrder(o object) []intel.SourceOrder {
	keys := map[string]intel.SourceKeyName{"TITLE": intel.ByTitle, "PUBLISHED_ON": intel.ByPublished, "CLAIM_COUNT": intel.ByClaims}
	var out []intel.SourceOrder
	for _, word := range orderWords(o) {
		by, desc := direction(word)
		out = append(out, intel.SourceOrder{By: keys[by], Desc: desc})
	}
	return out
}

// common is what two lists share; a nil list stands for everything.
func common[T comparable](a, b []T) []T {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
}
