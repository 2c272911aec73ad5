package neo4j

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// filter compiles a condition on the entity n. A comparison with a value that
// is not there is null in Cypher, which is as good as false, but not below a
// NOT: strict asks for true or false.
func (c *compiler) filter(n string, f intel.Filter, strict bool) string {
	switch f := f.(type) {
	case intel.All:
		return c.joined(n, f, strict, " AND ", constant(n, true))
	case intel.Any:
		return c.joined(n, f, strict, " OR ", constant(n, false))
	case intel.Not:
		return "NOT " + c.filter(n, f.Filter, true)
	case intel.IDIn:
		return fmt.Sprintf("%s.id IN %s", n, c.param(anys(f)))
	case intel.KindIn:
		return "(" + labels(n, f) + ")"
	case intel.IsStub:
		if f {
			return n + ".stub"
		}
		return "(NOT " + n + ".stub)"
	case intel.TextIs:
		return definite(c.textIs(n, f), strict)
	case intel.IsNull:
		return isNull(n, f)
	case intel.RangeIs:
		return definite(c.rangeIs(n, f), strict)
	case intel.MoneyIs:
		return definite(c.moneyIs(n, f), strict)
	case intel.Related:
		return c.related(n, f)
	case intel.Within:
		return c.within(n, f)
	}
	return constant(n, true) // nil
}

// constant holds or does not hold for every node. The planner would take true
// and false out, and with them conditions that an index hint leans on.
func constant(n string, holds bool) string {
	if holds {
		return n + ".id IS NOT NULL"
	}
	return n + ".id IS NULL"
}

func (c *compiler) joined(n string, fs []intel.Filter, strict bool, op, none string) string {
	if len(fs) == 0 {
		return none
	}
	parts := make([]string, len(fs))
	for i, f := range fs {
		parts[i] = c.filter(n, f, strict)
	}
	return "(" + strings.Join(parts, op) + ")"
}

func definite(condition string, strict bool) string {
	if strict {
		return "coalesce(" + condition + ", false)"
	}
	return condition
}

func (c *compiler) textIs(n string, f intel.TextIs) string {
	info := intel.Property(f.Field).Info()
	switch {
	case f.Field == intel.FieldName:
		return "(NOT " + n + ".stub AND " + c.compare(n+".name", n+".nameKey", f.Op, f.Values) + ")"
	case f.Field == intel.FieldNameKey:
		return c.compare(n+".nameKey", n+".nameKey", f.Op, f.Values)
	case f.Field == intel.FieldAlias:
		return fmt.Sprintf("EXISTS { MATCH (%s)-[:KNOWN_AS]->(alias:Alias) WHERE %s }", n, c.compare("alias.name", "alias.nameKey", f.Op, f.Values))
	case f.Field == intel.FieldExternalID:
		if f.Op != intel.Equal {
			return fmt.Sprintf("any(x IN %s.externalIdKey WHERE %s)", n, c.compare("", "x", f.Op, f.Values))
		}
		return fmt.Sprintf("(any(x IN %[1]s.externalIdValue WHERE %[2]s) OR any(x IN %[1]s.externalId WHERE %[2]s))", n, c.compare("x", "", f.Op, f.Values))
	case info == nil || !info.Indexed() || info.Property == intel.PropNameKind:
		return constant(n, false)
	}
	column := n + "." + string(f.Field)
	switch {
	case info.Type == intel.TypeEnum:
		is := c.compare("x", "", intel.Equal, words(info, f))
		if info.Many {
			return fmt.Sprintf("any(x IN %s WHERE %s)", column, is)
		}
		return c.compare(column, "", intel.Equal, words(info, f))
	case info.Type == intel.TypeText:
		return c.compare(column, column+"Key", f.Op, f.Values)
	}
	return constant(n, false)
}

// compare works on the text or, by its key, on the form of it that names are
// found by.
func (c *compiler) compare(text, key string, op intel.TextOp, values []string) string {
	switch op {
	case intel.Contains:
		return fmt.Sprintf("%s CONTAINS %s", key, c.param(values[0]))
	case intel.HasPrefix:
		return fmt.Sprintf("%s STARTS WITH %s", key, c.param(values[0]))
	}
	return fmt.Sprintf("%s IN %s", text, c.param(anys(values)))
}

// words are those of the vocabulary that a comparison lets through.
func words(info *intel.PropertyInfo, f intel.TextIs) []string {
	if f.Op == intel.Equal {
		return f.Values
	}
	return slices.DeleteFunc(slices.Clone(info.Vocabulary), func(w string) bool {
		key := intel.NameKey(w)
		if f.Op == intel.HasPrefix {
			return !strings.HasPrefix(key, f.Values[0])
		}
		return !strings.Contains(key, f.Values[0])
	})
}

func isNull(n string, f intel.IsNull) string {
	not := map[bool]string{true: "", false: "NOT "}[f.Null]
	info := intel.Property(f.Field).Info()
	switch {
	case f.Field == intel.FieldName:
		return "(" + not + n + ".stub)"
	case f.Field == intel.FieldNameKey:
		return constant(n, !f.Null)
	case f.Field == intel.FieldAlias:
		return fmt.Sprintf("(%sNOT EXISTS { (%s)-[:KNOWN_AS]->() })", not, n)
	case info == nil || !info.Indexed() || info.Property == intel.PropNameKind:
		return constant(n, f.Null)
	}
	return fmt.Sprintf("(%s%s.%s IS NULL)", not, n, f.Field)
}

func (c *compiler) rangeIs(n string, f intel.RangeIs) string {
	info := f.Property.Info()
	if info == nil || info.Type != intel.TypeDate && info.Type != intel.TypeQuantity {
		return constant(n, false)
	}
	lo, hi := n+"."+orderColumn(info), n+"."+string(f.Property)+"Hi"
	parts := []string{lo + " IS NOT NULL"}
	if f.Lo != nil {
		parts = append(parts, fmt.Sprintf("%s >= %s", hi, c.param(*f.Lo)))
	}
	if f.Hi != nil {
		parts = append(parts, fmt.Sprintf("%s <= %s", lo, c.param(*f.Hi)))
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func (c *compiler) moneyIs(n string, f intel.MoneyIs) string {
	info := f.Property.Info()
	if info == nil || info.Type != intel.TypeMoney {
		return constant(n, false)
	}
	column := n + "." + string(f.Property)
	parts := []string{fmt.Sprintf("%sCurrency[i] = %s", column, c.param(f.Currency))}
	if f.AssetClass != "" {
		parts = append(parts, fmt.Sprintf("%sClass[i] = %s", column, c.param(string(f.AssetClass))))
	}
	if f.Lo != "" {
		parts = append(parts, fmt.Sprintf("%sHi[i] >= %s", column, c.param(f.Lo.SortKey())))
	}
	if f.Hi != "" {
		parts = append(parts, fmt.Sprintf("%sLo[i] <= %s", column, c.param(f.Hi.SortKey())))
	}
	return fmt.Sprintf("any(i IN range(0, size(coalesce(%s, [])) - 1) WHERE %s)", column, strings.Join(parts, " AND "))
}

// related asks for one link that leads to such a neighbour.
func (c *compiler) related(n string, f intel.Related) string {
	w := walkOf(intel.LinkSelection{Ends: f.Ends, Link: f.Link})
	if w.none() {
		return constant(n, false)
	}
	r, m := c.name("r"), c.name("n")
	where := append(w.condition(n, r), c.linkConditions(r, m, f.Link)...)
	if len(f.Kinds) > 0 {
		where = append(where, "("+labels(m, f.Kinds)+")")
	}
	if f.Where != nil {
		where = append(where, c.filter(m, f.Where, false))
	}
	return fmt.Sprintf("EXISTS { MATCH %s WHERE %s }", w.pattern(n, r, m), and(where...))
}

// within climbs to the area. SHORTEST goes through each entity once, also where
// areas are part of each other in a circle.
func (c *compiler) within(n string, f intel.Within) string {
	area := func(pattern string) string {
		a := c.name("area")
		return fmt.Sprintf("EXISTS { MATCH (%[1]s:Entity {id: %[2]s}) MATCH ANY SHORTEST "+pattern+" }", a, c.param(f.Area), n)
	}
	inside := area("(%[3]s)-[:PART_OF]->*(%[1]s)")
	if !f.Broader {
		return inside
	}
	return "(" + inside + " OR " + area("(%[1]s)-[:PART_OF]->*(%[3]s)") + ")"
}

// conjuncts are the conditions that all must hold.
func conjuncts(f intel.Filter) []intel.Filter {
	if f == nil {
		return nil
	}
	all, ok := f.(intel.All)
	if !ok {
		return []intel.Filter{f}
	}
	var out []intel.Filter
	for _, part := range all {
		out = append(out, conjuncts(part)...)
	}
	return out
}

// seed is a MATCH of the few entities that one of the conditions lets through,
// where an index finds them: by id, external id, name, alias or code, their own
// or a neighbour's. The conditions are checked again on what it finds.
func (c *compiler) seed(n string, parts []intel.Filter) string {
	for _, part := range parts {
		if ids, ok := part.(intel.IDIn); ok {
			return fmt.Sprintf("UNWIND %s AS id\nMATCH (%s:Entity {id: id})", c.param(anys(ids)), n)
		}
	}
	for _, part := range parts {
		if t, ok := part.(intel.TextIs); ok && t.Op == intel.Equal {
			if s := c.textSeed(n, t); s != "" {
				return s
			}
		}
	}
	for _, part := range parts {
		if r, ok := part.(intel.Related); ok {
			if s := c.relatedSeed(n, r); s != "" {
				return s
			}
		}
	}
	return ""
}

// relatedSeed walks back from the neighbours that an index finds.
func (c *compiler) relatedSeed(n string, f intel.Related) string {
	w := walkOf(intel.LinkSelection{Ends: f.Ends, Link: f.Link})
	if w.none() {
		return ""
	}
	m := c.name("n")
	parts := conjuncts(f.Where)
	if f.Link.IDs != nil {
		parts = append(parts, intel.IDIn(f.Link.IDs))
	}
	from := c.seed(m, parts)
	if from == "" {
		return ""
	}
	// Claims are ABOUT entities too, and are none.
	return fmt.Sprintf("%s\nMATCH %s\nWITH DISTINCT %s", from, w.pattern(n+":Entity", "", m), n)
}

func (c *compiler) textSeed(n string, t intel.TextIs) string {
	info := intel.Property(t.Field).Info()
	switch {
	case t.Field == intel.FieldExternalID:
		return fmt.Sprintf("UNWIND %s AS q\nCALL db.index.fulltext.queryNodes('%s', q) YIELD node AS %s\nWITH %s", c.param(rows(t.Values, phrase)), externalIDs, n, n)
	case t.Field == intel.FieldName || t.Field == intel.FieldNameKey:
		return fmt.Sprintf("UNWIND %s AS k\nMATCH (%[2]s:Entity) USING INDEX SEEK %[2]s:Entity(sortKey, idKey)\nWHERE %[2]s.sortKey = k AND %[2]s.idKey IS NOT NULL\nWITH %[2]s", c.param(rows(t.Values, sortKeyOf)), n)
	case t.Field == intel.FieldAlias:
		return fmt.Sprintf("UNWIND %s AS k\nMATCH (a:Alias) USING INDEX SEEK a:Alias(sortKey, idKey)\nWHERE a.sortKey = k AND a.idKey IS NOT NULL\nMATCH (%[2]s:Entity)-[:KNOWN_AS]->(a)\nWITH %[2]s", c.param(rows(t.Values, sortKeyOf)), n)
	case info != nil && info.Type == intel.TypeText && indexedColumn(info) != "" && len(info.Kinds) == 1:
		return fmt.Sprintf("UNWIND %s AS k\nMATCH (%[2]s:%[3]s) USING INDEX SEEK %[2]s:%[3]s(%[4]s, idKey)\nWHERE %[2]s.%[4]s = k AND %[2]s.idKey IS NOT NULL\nWITH %[2]s", c.param(anys(t.Values)), n, info.Kinds[0].Label(), t.Field)
	}
	return ""
}

func sortKeyOf(name string) any { return intel.SortKey(name) }

// phrase writes a text as a phrase of Lucene's query language; the analyser of
// the index takes it as one word.
func phrase(s string) any {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// unfiltered says that a link filter holds nothing but types.
func unfiltered(f intel.LinkFilter) bool {
	f.Types = nil
	return reflect.ValueOf(f).IsZero()
}

// linkConditions are those on the link r and its neighbour m.
func (c *compiler) linkConditions(r, m string, f intel.LinkFilter) []string {
	var out []string
	add := func(format, of string, v any) { out = append(out, fmt.Sprintf(format, of, c.param(v))) }
	if f.MinSupport != nil {
		add("%s.support >= %s", r, int64(intel.PercentFloor(*f.MinSupport)))
	}
	if f.MaxSupport != nil {
		add("%s.support < %s", r, int64(intel.PercentFloor(*f.MaxSupport+1)))
	}
	if f.MinOrigins != nil {
		add("%s.origins >= %s", r, *f.MinOrigins)
	}
	if f.MaxOrigins != nil {
		add("%s.origins <= %s", r, *f.MaxOrigins)
	}
	if f.Role != nil {
		out = append(out, c.optionalText(r+".role", *f.Role))
	}
	if f.Disputed != nil {
		add("%s.disputed = %s", r, *f.Disputed)
	}
	if d := f.ValidAt; !d.IsZero() {
		out = append(out, fmt.Sprintf("(%[1]s.days IS NULL OR any(i IN range(0, size(%[1]s.days) - 1, 2) WHERE %[1]s.days[i] <= %[2]s AND %[1]s.days[i + 1] >= %[3]s))", r, c.param(d.Last()), c.param(d.First())))
	}
	if f.Kinds != nil {
		out = append(out, "("+labels(m, f.Kinds)+")")
	}
	if f.IDs != nil {
		add("%s.id IN %s", m, anys(f.IDs))
	}
	return out
}

// optionalText is a condition on a text that is not there when it is empty; its
// name key stands beside it.
func (c *compiler) optionalText(column string, f intel.OptionalTextIs) string {
	switch {
	case f.Null == nil:
		return c.compare(column, column+"Key", f.Op, f.Values)
	case *f.Null:
		return column + " IS NULL"
	}
	return column + " IS NOT NULL"
}

func (c *compiler) sourceConditions(s string, f intel.SourceFilter) []string {
	var out []string
	add := func(format string, v any) { out = append(out, fmt.Sprintf(format, s, c.param(v))) }
	if f.IDs != nil {
		add("%s.id IN %s", anys(f.IDs))
	}
	if f.Title != nil {
		out = append(out, c.optionalText(s+".title", *f.Title))
	}
	if f.Publisher != nil {
		out = append(out, c.optionalText(s+".publisher", *f.Publisher))
	}
	if f.Reliability != nil {
		add("%s.reliability IN %s", anys(f.Reliability))
	}
	if f.Marking != nil {
		add("%s.marking IN %s", anys(f.Marking))
	}
	if f.PublishedNull != nil {
		out = append(out, fmt.Sprintf("(%s.publishedOn IS NULL) = %s", s, c.param(*f.PublishedNull)))
	}
	if f.PublishedLo != nil {
		add("%s.publishedHi >= %s", *f.PublishedLo)
	}
	if f.PublishedHi != nil {
		add("%s.publishedLo <= %s", *f.PublishedHi)
	}
	return out
}
