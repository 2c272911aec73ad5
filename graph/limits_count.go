package graph

import (
	"maps"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dragnet/internal/analysis"
	"dragnet/internal/intel"
)

// count takes the measure of a document that is not validated yet. Every
// selection is looked at a bounded number of times: what a fragment comes to is
// worked out once, so that spreads in spreads cost nothing. A fragment that
// spreads itself counts as nothing where it does; validation refuses it.
type count struct {
	schema    *ast.Schema
	doc       *ast.QueryDocument
	variables map[string]any
	limits    Limits

	aliases     int
	longest     int // name
	values      int // depth of lists and objects in arguments
	badNumber   *ast.Value
	introspects bool
	looked      int // selections looked at, for the tests

	shapes map[string]*shape
	costs  map[string]int64
	open   map[string]bool // fragments being walked through
	batch  int64           // rows that a mutation sends
	limit  int64           // candidates that each name brings
}

// shape is what a selection set comes to with fragments spread out. Sums stop
// at a large number.
type shape struct{ fields, top, depth int64 }

const plenty = math.MaxInt32

// and is what two roots come to; of root fields and depth the larger counts.
func (s shape) and(o shape) shape {
	return shape{fields: sum(s.fields, o.fields), top: max(s.top, o.top), depth: max(s.depth, o.depth)}
}

func newCount(s *ast.Schema, doc *ast.QueryDocument, variables map[string]any, l Limits) *count {
	return &count{schema: s, doc: doc, variables: variables, limits: l, shapes: map[string]*shape{}, costs: map[string]int64{}, open: map[string]bool{}}
}

// document checks what holds for all operations together.
func (c *count) document() *gqlerror.Error {
	if n := len(c.doc.Fragments); n > c.limits.Fragments {
		return over("the query has %d fragments, at most %d are taken", n, c.limits.Fragments)
	}
	var roots []ast.SelectionSet
	var all shape
	for _, op := range c.doc.Operations {
		c.name(op.Name)
		for _, v := range op.VariableDefinitions {
			c.name(v.Variable)
			c.value(v.DefaultValue, 0)
		}
		c.directives(op.Directives)
		roots = append(roots, op.SelectionSet)
		all = all.and(c.shape(op.SelectionSet))
	}
	top := all.top
	for _, f := range c.doc.Fragments { // those that nothing spreads are validated too
		if c.shapes[f.Name] == nil {
			roots = append(roots, f.SelectionSet)
			all = all.and(*c.fragment(f.Name))
		}
	}
	if err := c.sizes(all, top); err != nil {
		return err
	}
	pairs := int64(0)
	for _, set := range roots {
		m := &meeting{}
		c.meet(m, set)
		pairs = sum(pairs, m.pairs())
	}
	if pairs > c.limits.Pairs {
		return over("the query has %d pairs of fields with one response key, which are all compared; at most %d are taken: ask for each field once", pairs, c.limits.Pairs)
	}
	return nil
}

// sizes compares what was counted with the limits.
func (c *count) sizes(all shape, top int64) *gqlerror.Error {
	l := c.limits
	switch {
	case c.longest > l.Name:
		return over("the query holds a name of %d bytes, at most %d are taken", c.longest, l.Name)
	case all.depth > int64(l.Depth):
		return over("the query nests %d levels deep, at most %d are taken", all.depth, l.Depth)
	case c.values > l.Depth:
		return over("an argument of the query nests %d levels deep, at most %d are taken", c.values, l.Depth)
	case c.aliases > l.Aliases:
		return over("the query has %d aliases, at most %d are taken", c.aliases, l.Aliases)
	case top > int64(l.RootFields):
		return over("an operation has %d root fields, at most %d are taken", top, l.RootFields)
	case all.fields > int64(l.Fields):
		return over("with its fragments spread out the query has %s fields, at most %d are taken", atLeast(all.fields), l.Fields)
	case c.badNumber != nil:
		return &gqlerror.Error{
			Message:    quoted(c.badNumber.Raw) + " is too large for a number",
			Locations:  []gqlerror.Location{{Line: c.badNumber.Position.Line, Column: c.badNumber.Position.Column}},
			Extensions: map[string]any{"code": codeInput},
		}
	}
	return nil
}

func atLeast(n int64) string {
	if n >= plenty {
		return "countless"
	}
	return strconv.FormatInt(n, 10)
}

func sum(a, b int64) int64 { return min(a+b, plenty) }

func (c *count) name(s string) { c.longest = max(c.longest, len(s)) }

func (c *count) shape(set ast.SelectionSet) shape {
	var out shape
	for _, sel := range set {
		c.looked++
		var s shape
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Alias != sel.Name {
				c.aliases++
			}
			c.name(sel.Alias)
			c.name(sel.Name)
			c.arguments(sel.Arguments)
			c.directives(sel.Directives)
			c.introspects = c.introspects || sel.Name == "__schema" || sel.Name == "__type"
			sub := c.shape(sel.SelectionSet)
			s = shape{fields: sum(1, sub.fields), top: 1, depth: sub.depth + 1}
		case *ast.InlineFragment:
			c.directives(sel.Directives)
			s = c.shape(sel.SelectionSet)
		case *ast.FragmentSpread:
			c.directives(sel.Directives)
			s = *c.fragment(sel.Name)
		}
		out = shape{fields: sum(out.fields, s.fields), top: sum(out.top, s.top), depth: max(out.depth, s.depth)}
	}
	return out
}

func (c *count) fragment(name string) *shape {
	if s := c.shapes[name]; s != nil {
		return s
	}
	c.name(name)
	s := &shape{}
	c.shapes[name] = s
	if f := c.doc.Fragments.ForName(name); f != nil {
		c.directives(f.Directives)
		*s = c.shape(f.SelectionSet)
	}
	return s
}

func (c *count) arguments(args ast.ArgumentList) {
	for _, a := range args {
		c.value(a.Value, 0)
	}
}

func (c *count) directives(ds ast.DirectiveList) {
	for _, d := range ds {
		c.name(d.Name)
		c.arguments(d.Arguments)
	}
}

func (c *count) value(v *ast.Value, depth int) {
	if v == nil {
		return
	}
	if v.Kind == ast.ListValue || v.Kind == ast.ObjectValue {
		depth++
	}
	c.values = max(c.values, depth)
	if !number(v) && c.badNumber == nil {
		c.badNumber = v
	}
	for _, child := range v.Children {
		c.looked++
		c.value(child.Value, depth)
	}
}

// operation checks how many objects the operation that will run asks for.
func (c *count) operation(name string) *gqlerror.Error {
	op := c.doc.Operations.ForName(name)
	if op == nil {
		return nil
	}
	root := c.schema.Query
	switch op.Operation {
	case ast.Mutation:
		root = c.schema.Mutation
	case ast.Subscription:
		root = c.schema.Subscription
	}
	c.variables = withDefaults(op, c.variables)
	if n := c.cost(op.SelectionSet, root, false); n > c.limits.Objects {
		return over("the query asks for %s objects, the product of its page sizes; at most %d are taken: lower first, or ask for less below", atLeast(n), c.limits.Objects)
	}
	return nil
}

// withDefaults gives the variables of an operation with the defaults of those
// that are not set.
func withDefaults(op *ast.OperationDefinition, set map[string]any) map[string]any {
	out := maps.Clone(set)
	if out == nil {
		out = map[string]any{}
	}
	for _, v := range op.VariableDefinitions {
		if _, given := out[v.Variable]; !given && v.DefaultValue != nil {
			out[v.Variable], _ = v.DefaultValue.Value(nil)
		}
	}
	return out
}

// plainList is what a list counts that takes no first.
const plainList = 3

// cost counts the objects of a selection. Entries of a page count below the
// page's own size, so the lists that hold them do not count again.
func (c *count) cost(set ast.SelectionSet, on *ast.Definition, page bool) int64 {
	var n int64
	for _, sel := range set {
		c.looked++
		switch sel := sel.(type) {
		case *ast.Field:
			n = sum(n, c.fieldCost(sel, on, page))
		case *ast.InlineFragment:
			to := on
			if sel.TypeCondition != "" {
				to = c.schema.Types[sel.TypeCondition]
			}
			n = sum(n, c.cost(sel.SelectionSet, to, page))
		case *ast.FragmentSpread:
			n = sum(n, c.fragmentCost(sel.Name))
		}
	}
	return n
}

func (c *count) fragmentCost(name string) int64 {
	if n, known := c.costs[name]; known {
		return n
	}
	c.costs[name] = 0
	f := c.doc.Fragments.ForName(name)
	if f == nil {
		return 0
	}
	n := c.cost(f.SelectionSet, c.schema.Types[f.TypeCondition], isPage(f.TypeCondition))
	c.costs[name] = n
	return n
}

func isPage(typeName string) bool {
	return strings.HasSuffix(typeName, "Connection") || typeName == "ChangePage"
}

func (c *count) fieldCost(f *ast.Field, on *ast.Definition, page bool) int64 {
	if len(f.SelectionSet) == 0 {
		return 0
	}
	var def *ast.FieldDefinition
	if on != nil {
		def = on.Fields.ForName(f.Name)
	}
	if f.Name == "__schema" || f.Name == "__type" {
		def = &ast.FieldDefinition{Type: ast.NamedType("__"+strings.ToUpper(f.Name[2:3])+f.Name[3:], nil)}
	}
	if def == nil { // validation refuses it
		return c.cost(f.SelectionSet, nil, false)
	}
	switch {
	case on == c.schema.Mutation:
		c.batch = c.rows(f)
	case on == c.schema.Query && def.Arguments.ForName("limit") != nil:
		c.limit = c.number(f, "limit", defaultOf(def.Arguments.ForName("limit"), plainList), mostLimit)
	}
	name := def.Type.Name()
	below := c.cost(f.SelectionSet, c.schema.Types[name], isPage(name))
	if !isPage(name) {
		below = sum(below, 1)
	}
	return min(times(c.size(f, def, on, page), below), plenty)
}

func times(a, b int64) int64 {
	if a != 0 && b > plenty/a {
		return plenty
	}
	return a * b
}

// size is how many objects a field stands for.
func (c *count) size(f *ast.Field, def *ast.FieldDefinition, on *ast.Definition, page bool) int64 {
	switch {
	case isPage(def.Type.Name()):
		return c.first(f, def)
	case def.Type.Elem == nil || page:
		return 1
	case on != nil && strings.HasPrefix(on.Name, "__"):
		return c.schemaList(f.Name)
	case on == c.schema.Query && (def.Name == "nodes" || def.Name == "resolveMany"):
		return c.rows(f)
	case on == c.schema.Query && def.Arguments.ForName("limit") != nil,
		on != nil && (on.Name == "Resolution" || on.Name == "Neighborhood" || on.Name == "PathSet"):
		return max(c.limit, 1)
	case on != nil && strings.HasSuffix(on.Name, "Payload"):
		return max(c.batch, 1)
	}
	return plainList
}

// rows is how many values the longest list in a field's arguments has.
func (c *count) rows(f *ast.Field) int64 {
	n := 1
	for _, a := range f.Arguments {
		v, err := a.Value.Value(c.variables)
		if m, isMap := v.(map[string]any); isMap {
			v = m["claims"]
		}
		if rows, isList := v.([]any); isList && err == nil {
			n = max(n, len(rows))
		}
	}
	return int64(n)
}

// first is the page size that a field asks for.
func (c *count) first(f *ast.Field, def *ast.FieldDefinition) int64 {
	return c.number(f, "first", defaultOf(def.Arguments.ForName("first"), defaultPage), intel.MaxPage)
}

// defaultOf is the default of an argument, when it has one.
func defaultOf(a *ast.ArgumentDefinition, otherwise int64) int64 {
	if a == nil || a.DefaultValue == nil {
		return otherwise
	}
	n, err := strconv.ParseInt(a.DefaultValue.Raw, 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// mostLimit is the largest limit that any field takes.
const mostLimit = max(maxCandidates, analysis.MaxExpand, maxOccurrences)

// number is a size that a field asks for in an argument.
func (c *count) number(f *ast.Field, name string, otherwise, most int64) int64 {
	a := f.Arguments.ForName(name)
	if a == nil {
		return otherwise
	}
	v, err := a.Value.Value(c.variables)
	if err != nil || v == nil {
		return otherwise
	}
	n, err := readWhole(v)
	if err != nil || n < 0 {
		return otherwise
	}
	return min(n, most)
}

// schemaList is about how long the lists of introspection are here, so that the
// question that tools ask passes and its product with itself does not.
func (c *count) schemaList(field string) int64 {
	switch field {
	case "types":
		return int64(len(c.schema.Types))
	case "fields", "inputFields", "enumValues":
		return 10
	}
	return 2
}
