package graph

import "github.com/vektah/gqlparser/v2/ast"

// Validation compares every two fields that answer to one path of response
// keys. meeting counts the fields of a path, and of the paths below it.
type meeting struct {
	fields int64
	below  map[string]*meeting
}

func (m *meeting) at(key string) *meeting {
	sub := m.below[key]
	if sub == nil {
		sub = &meeting{}
		if m.below == nil {
			m.below = map[string]*meeting{}
		}
		m.below[key] = sub
	}
	return sub
}

// pairs counts what there is to compare.
func (m *meeting) pairs() int64 {
	n := m.fields * (m.fields - 1) / 2
	for _, sub := range m.below {
		n = sum(n, sub.pairs())
	}
	return n
}

// meet walks through a selection with its fragments spread out. It is called
// when it is known how few fields that are.
func (c *count) meet(m *meeting, set ast.SelectionSet) {
	for _, sel := range set {
		c.looked++
		switch sel := sel.(type) {
		case *ast.Field:
			sub := m.at(sel.Alias)
			sub.fields++
			c.meet(sub, sel.SelectionSet)
		case *ast.InlineFragment:
			c.meet(m, sel.SelectionSet)
		case *ast.FragmentSpread:
			f := c.doc.Fragments.ForName(sel.Name)
			if f == nil || c.open[sel.Name] {
				continue
			}
			c.open[sel.Name] = true
			c.meet(m, f.SelectionSet)
			delete(c.open, sel.Name)
		}
	}
}
