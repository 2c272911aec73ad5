package sqlite

// This file is all of the compiler of Selection: filters, orders and places in
// a list become fixed fragments and parameters. Everything that comes from a
// caller is a parameter. In all statements e is the entity that a filter looks
// at, d the half of a link seen from one end, c a claim and s a source.

import (
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// never holds for no entity. A constant would leave no use for the index that a
// statement names, which SQLite takes for an error.
const never = "e.no < 0"

// where writes a filter on e. What it writes is never null.
func (q *query) where(f intel.Filter) {
	switch f := f.(type) {
	case nil:
		q.write("1")
	case intel.All:
		q.join(f, " AND ", "1")
	case intel.Any:
		q.join(f, " OR ", never)
	case intel.Not:
		q.write("NOT (")
		q.where(f.Filter)
		q.write(")")
	case intel.IDIn:
		q.write("e.id").is(texts(f))
	case intel.KindIn:
		q.write("(1 << e.kind) & ").param(num(q.kindSet(f))).write(" <> 0")
	case intel.IsStub:
		q.write("e.marks & 1 = ").param(truth(bool(f)))
	case intel.TextIs:
		q.textIs(f)
	case intel.IsNull:
		q.isNull(f)
	case intel.RangeIs:
		q.prop("p", f.Property)
		q.span("p.hi", "p.lo", f.Lo, f.Hi).write(")")
	case intel.MoneyIs:
		q.moneyIs(f)
	default:
		panic("sqlite: a filter of no known type")
	}
}

func (q *query) join(parts []intel.Filter, word, none string) {
	if len(parts) == 0 {
		q.write(none)
		return
	}
	q.write("(")
	for i, p := range parts {
		if i > 0 {
			q.write(word)
		}
		q.where(p)
	}
	q.write(")")
}

// prop begins a condition on the values of a property; the caller closes it.
func (q *query) prop(alias string, p intel.Property) {
	q.write("EXISTS (SELECT 1 FROM prop ", alias, " WHERE ", alias, ".entity = e.no AND ", alias, ".property = ").param(num(q.number(propertyWord, string(p))))
}

// span writes that the run of days or numbers from lo to hi meets the bounds.
func (q *query) span(hi, lo string, least, most *int64) *query {
	if least != nil {
		q.write(" AND ", hi, " >= ").param(num(*least))
	}
	if most != nil {
		q.write(" AND ", lo, " <= ").param(num(*most))
	}
	return q
}

const aliasFrom = "EXISTS (SELECT 1 FROM edge a JOIN entity n ON n.no = a.there WHERE a.here = e.no AND a.dir = 0 AND a.type = "

func (q *query) textIs(f intel.TextIs) {
	if len(f.Values) == 0 {
		q.write(never)
		return
	}
	switch f.Field {
	case intel.FieldName:
		q.write("(e.marks & 1 = 0 AND ").compare("e.name", "e.name_key", f.Op, f.Values).write(")")
	case intel.FieldNameKey:
		q.compare("e.name_key", "e.name_key", f.Op, f.Values)
	case intel.FieldAlias:
		q.write(aliasFrom).param(num(q.number(typeWord, string(intel.KnownAs)))).write(" AND ").compare("n.name", "n.name_key", f.Op, f.Values).write(")")
	default:
		q.prop("p", intel.Property(f.Field))
		q.write(" AND ")
		if f.Field == intel.FieldExternalID && f.Op == intel.Equal {
			q.write("(p.text").is(texts(f.Values)).write(" OR p.slot || ':' || p.text").is(texts(f.Values)).write("))")
			return
		}
		q.compare("p.text", "p.key", f.Op, f.Values).write(")")
	}
}

// compare writes a comparison of a text whose NameKey stands in key.
func (q *query) compare(text, key string, op intel.TextOp, values []string) *query {
	switch op {
	case intel.Contains:
		return q.write("instr(", key, ", ").param(txt(values[0])).write(") > 0")
	case intel.HasPrefix:
		q.write(key, " >= ").param(txt(values[0]))
		return q.write(" AND ", key, " < ").param(txt(values[0] + pastEnd))
	}
	return q.write(text).is(texts(values))
}

// pastEnd is a byte greater than any of UTF-8: a text with it at its end is
// above every text that begins alike.
const pastEnd = "\xff"

func (q *query) isNull(f intel.IsNull) {
	if f.Null {
		q.write("NOT ")
	}
	switch f.Field {
	case intel.FieldName:
		q.write("(e.marks & 1 = 0)")
	case intel.FieldNameKey:
		q.write("1")
	case intel.FieldAlias:
		q.write(aliasFrom).param(num(q.number(typeWord, string(intel.KnownAs)))).write(")")
	default:
		q.prop("p", intel.Property(f.Field))
		q.write(")")
	}
}

func (q *query) moneyIs(f intel.MoneyIs) {
	q.prop("p", f.Property)
	q.write(" AND p.text = ").param(txt(f.Currency))
	if f.AssetClass != "" {
		q.write(" AND p.slot = ").param(txt(f.AssetClass))
	}
	if f.Lo != "" {
		q.write(" AND p.hi_key >= ").param(txt(f.Lo.SortKey()))
	}
	if f.Hi != "" {
		q.write(" AND p.lo_key <= ").param(txt(f.Hi.SortKey()))
	}
	q.write(")")
}

// linkWhere writes a filter on d and its neighbour e, each part after an AND.
func (q *query) linkWhere(f *intel.LinkFilter) {
	if f.Types != nil {
		q.write(" AND d.type").is(numbers(q, typeWord, f.Types))
	}
	if f.MinSupport != nil {
		q.write(" AND d.support >= ").param(num(intel.PercentFloor(*f.MinSupport)))
	}
	if f.MaxSupport != nil {
		q.write(" AND d.support < ").param(num(intel.PercentFloor(*f.MaxSupport + 1)))
	}
	if f.MinOrigins != nil {
		q.write(" AND d.origins >= ").param(num(*f.MinOrigins))
	}
	if f.MaxOrigins != nil {
		q.write(" AND d.origins <= ").param(num(*f.MaxOrigins))
	}
	if f.Role != nil {
		q.write(" AND ")
		q.optional("d.role", "d.role_key", *f.Role)
	}
	if f.Disputed != nil {
		q.write(" AND d.marks & 1 = ").param(truth(*f.Disputed))
	}
	if !f.ValidAt.IsZero() {
		q.validAt(f.ValidAt)
	}
	if f.Kinds != nil {
		q.write(" AND (1 << d.there_kind) & ").param(num(q.kindSet(f.Kinds))).write(" <> 0")
	}
	if f.IDs != nil {
		q.write(" AND e.id").is(texts(f.IDs))
	}
}

// validAt writes that the days of the link meet those of the date.
func (q *query) validAt(d intel.PartialDate) {
	first, last := num(d.First()), num(d.Last())
	q.write(" AND d.valid_lo <= ").param(last).write(" AND d.valid_hi >= ").param(first)
	q.write(" AND (d.validity IS NULL OR EXISTS (SELECT 1 FROM json_each(d.validity) v WHERE v.value ->> 'from' <= ").param(last)
	q.write(" AND v.value ->> 'to' >= ").param(first).write("))")
}

// optional writes a condition on a text that may be null.
func (q *query) optional(text, key string, f intel.OptionalTextIs) {
	switch {
	case f.Null != nil && *f.Null:
		q.write(text, " IS NULL")
	case f.Null != nil:
		q.write(text, " IS NOT NULL")
	case len(f.Values) == 0:
		q.write("coalesce(", text, " < '', 0)") // never, and not a constant
	default:
		q.write("(", text, " IS NOT NULL AND ").compare(text, key, f.Op, f.Values).write(")")
	}
}

// claimWhere writes a filter on c, each part after an AND. Subjects are asked
// for by number.
func (q *query) claimWhere(f *intel.ClaimFilter) {
	if f.Properties != nil || f.LinkTypes != nil {
		q.write(" AND (c.property IS NOT NULL AND c.property").is(numbers(q, propertyWord, f.Properties))
		q.write(" OR c.type IS NOT NULL AND c.type").is(numbers(q, typeWord, f.LinkTypes)).write(")")
	}
	if f.Subjects != nil {
		q.write(" AND c.subject IN (SELECT x.no FROM entity x WHERE x.id").is(texts(f.Subjects)).write(")")
	}
	if f.Sources != nil {
		q.write(" AND c.source IN (SELECT x.no FROM source x WHERE x.id").is(texts(f.Sources)).write(")")
	}
	if f.Live != nil {
		q.write(" AND c.live = ").param(truth(*f.Live))
	}
	if f.Stance != "" {
		q.write(" AND c.stance = ").param(num(q.number(otherWord, string(f.Stance))))
	}
	if f.MinConfidence != nil {
		q.write(" AND c.confidence >= ").param(num(*f.MinConfidence))
	}
	if f.MaxConfidence != nil {
		q.write(" AND c.confidence <= ").param(num(*f.MaxConfidence))
	}
	if !f.RecordedAfter.IsZero() {
		q.write(" AND c.at > ").param(moment(f.RecordedAfter))
	}
	if f.SinceRevision != nil {
		q.write(" AND c.revision > ").param(num(*f.SinceRevision))
	}
}

// sourceWhere writes a filter on s, each part after an AND.
func (q *query) sourceWhere(f *intel.SourceFilter) {
	if f.IDs != nil {
		q.write(" AND s.id").is(texts(f.IDs))
	}
	if f.Title != nil {
		q.write(" AND ")
		q.optional("s.title", "s.title_key", *f.Title)
	}
	if f.Publisher != nil {
		q.write(" AND ")
		q.optional("s.publisher", "s.publisher_key", *f.Publisher)
	}
	if f.Reliability != nil {
		q.write(" AND s.reliability").is(texts(f.Reliability))
	}
	if f.Marking != nil {
		q.write(" AND s.marking").is(texts(f.Marking))
	}
	q.span("s.published_hi", "s.published_lo", f.PublishedLo, f.PublishedHi)
	switch {
	case f.PublishedNull != nil && *f.PublishedNull:
		q.write(" AND s.published_lo IS NULL")
	case f.PublishedNull != nil:
		q.write(" AND s.published_lo IS NOT NULL")
	}
}

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

// linkPageQuery reads the links of one entity, type and direction: parameters 1
// to 3. By name, rows of one name come in no order, and as many rows as the
// caller steps to; by another order, from the place on and one more than the
// page.
func linkPageQuery(q *query, sel *intel.LinkSelection, kinds int64) *query {
	q.args = make([]value, 3, 8)
	keys := keysOf(sel.Order)
	byName := len(keys) == 1 && keys[0].text
	q.write("SELECT ", edgeColumns)
	if byName {
		keys[0].expr = "d.there_sort"
	} else {
		for _, k := range keys {
			q.write(", ", k.expr)
		}
	}
	q.linkFrom(sel, keys, kinds)
	if at := sel.Page.After; at != nil && len(at.Keys) == len(keys) {
		q.write(" AND ")
		switch {
		case byName && keys[0].desc:
			q.write("d.there_sort <= ").param(txt(at.Keys[0].Text))
		case byName:
			q.write("d.there_sort >= ").param(txt(at.Keys[0].Text))
		default:
			q.after(keys, at.Keys, "e.id >= ", at.ID)
		}
	}
	if !byName {
		q.orderBy(keys, "e.id")
		q.write(" LIMIT ").param(num(sel.Page.First + 2))
		return q
	}
	q.write(" ORDER BY d.there_sort")
	if keys[0].desc {
		q.write(" DESC")
	}
	return q
}

// linkCountQuery counts what linkPageQuery would read without a page.
func linkCountQuery(q *query, sel *intel.LinkSelection, kinds int64) *query {
	q.args = make([]value, 3, 8)
	q.write("SELECT count(*)").linkFrom(sel, nil, kinds)
	return q
}

func (q *query) linkFrom(sel *intel.LinkSelection, keys []sortKey, kinds int64) {
	q.write(" FROM edge d CROSS JOIN entity e ON e.no = d.there")
	q.joins(keys)
	q.write(" WHERE d.here = ?1 AND d.type = ?2 AND d.dir = ?3")
	if len(sel.Kinds) > 0 {
		q.write(" AND (1 << d.there_kind) & ").param(num(kinds)).write(" <> 0")
	}
	rest := sel.Link
	rest.Types = nil // the ends have it
	q.linkWhere(&rest)
	if sel.Where != nil {
		q.write(" AND ")
		q.where(sel.Where)
	}
}

// drivers lists statements that each give the numbers of all entities for
// which a filter can hold, and perhaps of some others.
func (w *walk) drivers(f intel.Filter, kind int64) (out []*query) {
	switch f := f.(type) {
	case intel.All:
		for _, p := range f {
			out = append(out, w.drivers(p, kind)...)
		}
	case intel.Any:
		return w.unionDriver(f, kind)
	case intel.IDIn:
		q := w.query().write("SELECT x.no FROM entity x WHERE x.id").is(texts(f))
		return []*query{q}
	case intel.TextIs:
		if f.Op == intel.Contains || len(f.Values) == 0 {
			return nil
		}
		return []*query{w.textDriver(f)}
	case intel.RangeIs:
		return w.rangeDriver(f, kind)
	}
	return out
}

// unionDriver joins drivers of all parts, when each has one.
func (w *walk) unionDriver(f intel.Any, kind int64) []*query {
	q := w.query()
	for i, p := range f {
		ds := w.drivers(p, kind)
		if len(ds) == 0 {
			return nil
		}
		if i > 0 {
			q.write(" UNION ALL ")
		}
		q.write("SELECT * FROM (").embed(ds[0])
		q.write(")")
	}
	if len(f) == 0 {
		return nil
	}
	return []*query{q}
}

func (w *walk) textDriver(f intel.TextIs) *query {
	q := w.query()
	keys := f.Values
	if f.Op == intel.Equal {
		keys = nil
		for _, v := range f.Values {
			keys = append(keys, intel.NameKey(v))
		}
	}
	switch f.Field {
	case intel.FieldName, intel.FieldNameKey:
		q.write("SELECT x.no FROM entity x INDEXED BY entity_by_key WHERE ").byKey("x.name_key", f.Op, keys)
	case intel.FieldAlias:
		q.write("SELECT d.there FROM entity x INDEXED BY entity_by_key CROSS JOIN edge d ON d.here = x.no AND d.dir = 1 AND d.type = ")
		q.param(num(q.number(typeWord, string(intel.KnownAs)))).write(" WHERE ").byKey("x.name_key", f.Op, keys)
	default:
		p := num(q.number(propertyWord, string(f.Field)))
		if f.Op == intel.HasPrefix {
			q.write("SELECT p.entity FROM prop p INDEXED BY prop_by_key WHERE p.property = ").param(p).write(" AND ").byKey("p.key", f.Op, keys)
			break
		}
		values := f.Values
		if f.Field == intel.FieldExternalID {
			values = withoutSchemes(values)
		}
		q.write("SELECT p.entity FROM prop p INDEXED BY prop_by_text WHERE p.property = ").param(p).write(" AND p.text").is(texts(values))
	}
	return q
}

// byKey writes a comparison of a NameKey that an index answers.
func (q *query) byKey(key string, op intel.TextOp, keys []string) *query {
	if op == intel.Equal {
		return q.write(key).is(texts(keys))
	}
	return q.compare("", key, op, keys)
}

// withoutSchemes adds what may follow the scheme in each value.
func withoutSchemes(values []string) []string {
	out := append([]string(nil), values...)
	for _, v := range values {
		for i := range len(v) {
			if v[i] == ':' {
				out = append(out, v[i+1:])
			}
		}
	}
	return out
}

// rangeDriver bounds the beginnings of values that can reach the interval by
// the widest value there is.
func (w *walk) rangeDriver(f intel.RangeIs, kind int64) []*query {
	info := f.Property.Info()
	if info == nil || !info.Sortable || info.Many {
		return nil
	}
	q := w.query()
	p := num(q.number(propertyWord, string(f.Property)))
	q.write("SELECT o.entity FROM sortable o WHERE o.kind = ").param(num(kind)).write(" AND o.property = ").param(p)
	if f.Lo != nil {
		q.write(" AND o.lo >= ").param(num(*f.Lo)).write(" - (SELECT x.width FROM extent x WHERE x.kind = ").param(num(kind))
		q.write(" AND x.property = ").param(p).write(")")
	}
	q.span("o.hi", "o.lo", f.Lo, f.Hi)
	return []*query{q}
}
