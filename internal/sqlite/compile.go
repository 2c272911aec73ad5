package sqlite

// The compiler of Selection turns filters, orders and places in a list into
// fixed fragments and parameters. Everything that comes from a caller is a
// parameter. All statements whose text depends on their shape are assembled
// here and in the other files named compile; this one has the filters. In all
// statements e is the entity that a filter looks at, d the half of a link seen
// from one end, c a claim and s a source.

import (
	"strconv"

	"dragnet/internal/intel"
)

// never writes what holds for no entity. A constant would leave no use for the
// index that a statement names, which SQLite takes for an error.
func (q *query) never() { q.write(q.e, ".no < 0") }

// where writes a filter on e. What it writes is never null.
func (q *query) where(f intel.Filter) {
	switch f := f.(type) {
	case nil:
		q.write("1")
	case intel.All:
		if len(f) == 0 {
			q.write("1")
			return
		}
		q.join(f, " AND ")
	case intel.Any:
		if len(f) == 0 {
			q.never()
			return
		}
		q.join(f, " OR ")
	case intel.Not:
		q.write("NOT (")
		q.where(f.Filter)
		q.write(")")
	case intel.IDIn:
		q.write(q.e, ".id").is(texts(f))
	case intel.KindIn:
		q.write("(1 << ", q.e, ".kind) & ").param(num(q.kindSet(f))).write(" <> 0")
	case intel.IsStub:
		q.write(q.e, ".stub = ").param(truth(bool(f)))
	case intel.TextIs:
		q.textIs(f)
	case intel.IsNull:
		q.isNull(f)
	case intel.RangeIs:
		q.prop(f.Property)
		q.span("p.hi", "p.lo", f.Lo, f.Hi).write(")")
	case intel.MoneyIs:
		q.moneyIs(f)
	case intel.Related:
		q.related(f)
	case intel.Within:
		q.write(q.e, ".no IN (").area(f).write(")")
	default:
		panic("sqlite: a filter of no known type")
	}
}

func (q *query) join(parts []intel.Filter, word string) {
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
func (q *query) prop(p intel.Property) {
	q.write("EXISTS (SELECT 1 FROM prop p WHERE p.entity = ", q.e, ".no AND p.property = ").param(num(q.number(propertyWord, string(p))))
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

// alias begins a condition on an alias n; the caller closes it.
func (q *query) alias() *query {
	q.write("EXISTS (SELECT 1 FROM edge a JOIN entity n ON n.no = a.there WHERE a.here = ", q.e, ".no AND a.dir = 0 AND a.type = ")
	return q.param(num(q.number(typeWord, string(intel.KnownAs))))
}

func (q *query) textIs(f intel.TextIs) {
	if len(f.Values) == 0 {
		q.never()
		return
	}
	switch f.Field {
	case intel.FieldName:
		q.write("(", q.e, ".stub = 0 AND ").compare(q.e+".name", q.e+".name_key", f.Op, f.Values).write(")")
	case intel.FieldNameKey:
		q.compare(q.e+".name_key", q.e+".name_key", f.Op, f.Values)
	case intel.FieldAlias:
		q.alias().write(" AND ").compare("n.name", "n.name_key", f.Op, f.Values).write(")")
	default:
		q.prop(intel.Property(f.Field))
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
		q.write("(", q.e, ".stub = 0)")
	case intel.FieldNameKey:
		q.write("1")
	case intel.FieldAlias:
		q.alias().write(")")
	default:
		q.prop(intel.Property(f.Field))
		q.write(")")
	}
}

func (q *query) moneyIs(f intel.MoneyIs) {
	q.prop(f.Property)
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

// related writes that some link over the ends leads to such a neighbour; each
// end is one range of the tree of edges.
func (q *query) related(f intel.Related) {
	if len(f.Ends) == 0 {
		q.never()
		return
	}
	q.write("(")
	for i, end := range f.Ends {
		if i > 0 {
			q.write(" OR ")
		}
		q.relatedBy(end, f)
	}
	q.write(")")
}

func (q *query) relatedBy(end intel.End, f intel.Related) {
	here, above := q.e, q.d
	q.deep++
	q.e, q.d = "e"+strconv.Itoa(q.deep), "d"+strconv.Itoa(q.deep)
	q.write("EXISTS (SELECT 1 FROM edge ", q.d, " CROSS JOIN entity ", q.e, " ON ", q.e, ".no = ", q.d, ".there WHERE ", q.d, ".here = ", here, ".no")
	q.over(end, false)
	if len(f.Kinds) > 0 {
		q.write(" AND (1 << ", q.d, ".there_kind) & ").param(num(q.kindSet(f.Kinds))).write(" <> 0")
	}
	q.linkWhere(&f.Link)
	if f.Where != nil {
		q.write(" AND ")
		q.where(f.Where)
	}
	q.write(")")
	q.deep--
	q.e, q.d = here, above
}

// over writes that the half of a link stands at an end, or, back, that the other
// half does.
func (q *query) over(end intel.End, back bool) {
	q.write(" AND ", q.d, ".type = ").param(num(q.number(typeWord, string(end.Type))))
	if end.Direction == intel.Out || end.Direction == intel.In {
		q.write(" AND ", q.d, ".dir = ").param(truth((end.Direction == intel.In) != back))
	}
}

// area writes a query of the numbers of all entities within an area. UNION ends
// it also where areas are part of each other in a circle.
func (q *query) area(f intel.Within) *query {
	part := num(q.number(typeWord, string(intel.PartOf)))
	q.write("WITH RECURSIVE inside(no) AS (SELECT x.no FROM entity x WHERE x.id = ").param(txt(f.Area))
	q.write(" UNION SELECT x.there FROM inside a CROSS JOIN edge x ON x.here = a.no AND x.dir = 1 AND x.type = ").param(part).write(")")
	if f.Broader {
		q.write(", around(no) AS (SELECT x.no FROM entity x WHERE x.id = ").param(txt(f.Area))
		q.write(" UNION SELECT x.there FROM around a CROSS JOIN edge x ON x.here = a.no AND x.dir = 0 AND x.type = ").param(part).write(")")
	}
	q.write(" SELECT no FROM inside")
	if f.Broader {
		q.write(" UNION SELECT no FROM around")
	}
	return q
}

// linkWhere writes a filter on d and its neighbour e, each part after an AND.
func (q *query) linkWhere(f *intel.LinkFilter) {
	if f.Types != nil {
		q.write(" AND ", q.d, ".type").is(numbers(q, typeWord, f.Types))
	}
	if f.MinSupport != nil {
		q.write(" AND ", q.d, ".support >= ").param(num(intel.PercentFloor(*f.MinSupport)))
	}
	if f.MaxSupport != nil {
		q.write(" AND ", q.d, ".support < ").param(num(intel.PercentFloor(*f.MaxSupport + 1)))
	}
	if f.MinOrigins != nil {
		q.write(" AND ", q.d, ".origins >= ").param(num(*f.MinOrigins))
	}
	if f.MaxOrigins != nil {
		q.write(" AND ", q.d, ".origins <= ").param(num(*f.MaxOrigins))
	}
	if f.Role != nil {
		q.write(" AND ")
		q.optional(q.d+".role", q.d+".role_key", *f.Role)
	}
	if f.Disputed != nil {
		q.write(" AND ", q.d, ".disputed = ").param(truth(*f.Disputed))
	}
	if !f.ValidAt.IsZero() {
		q.validAt(f.ValidAt)
	}
	if f.Kinds != nil {
		q.write(" AND (1 << ", q.d, ".there_kind) & ").param(num(q.kindSet(f.Kinds))).write(" <> 0")
	}
	if f.IDs != nil {
		q.write(" AND ", q.e, ".id").is(texts(f.IDs))
	}
}

// validAt writes that the days of the link meet those of the date.
func (q *query) validAt(d intel.PartialDate) {
	first, last := num(d.First()), num(d.Last())
	q.write(" AND ", q.d, ".valid_lo <= ").param(last).write(" AND ", q.d, ".valid_hi >= ").param(first)
	q.write(" AND (", q.d, ".validity IS NULL OR EXISTS (SELECT 1 FROM json_each(", q.d, ".validity) v WHERE v.value ->> 'from' <= ").param(last)
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
