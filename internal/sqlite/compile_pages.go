package sqlite

import (
	"slices"

	"dragnet/internal/intel"
)

// linkPage reads the links of one entity, type and direction: parameters 1 to
// 3. By name, rows of one name come in no order, and as many rows as the caller
// steps to. By another order, and among candidates, they come in their order,
// from the place on and one more than the page.
func (q *query) linkPage(sel *intel.LinkSelection, candidates *query) *query {
	q.args = make([]value, 3, 8)
	keys := keysOf(sel.Order)
	byName := len(keys) == 1 && keys[0].text && candidates == nil
	q.write("SELECT ", edgeColumns)
	if len(keys) > 1 || !keys[0].text {
		for _, k := range keys {
			q.write(", ", k.expr)
		}
	}
	if byName {
		keys[0].expr = "d.there_sort"
	}
	q.linkFrom(sel, keys, candidates)
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
		return q.limit(sel.Page.First + 2)
	}
	q.write(" ORDER BY d.there_sort")
	if keys[0].desc {
		q.write(" DESC")
	}
	return q
}

// linkCount counts what linkPage would read without a page.
func (q *query) linkCount(sel *intel.LinkSelection, candidates *query) *query {
	q.args = make([]value, 3, 8)
	q.write("SELECT count(*)")
	q.linkFrom(sel, nil, candidates)
	return q
}

func (q *query) linkFrom(sel *intel.LinkSelection, keys []sortKey, candidates *query) {
	const one = "d.here = ?1 AND d.type = ?2 AND d.dir = ?3"
	if candidates == nil {
		q.write(" FROM edge d CROSS JOIN entity e ON e.no = d.there")
		q.joins(keys)
		q.write(" WHERE " + one)
	} else {
		q.write(" FROM entity e NOT INDEXED CROSS JOIN edge d ON " + one + " AND d.there_sort = e.sort_key AND d.there = e.no")
		q.joins(keys)
		q.write(" WHERE e.no IN (").embed(candidates).write(")")
	}
	if len(sel.Kinds) > 0 {
		q.write(" AND (1 << d.there_kind) & ").param(num(q.kindSet(sel.Kinds))).write(" <> 0")
	}
	rest := sel.Link
	rest.Types = nil // the ends have it
	q.linkWhere(&rest)
	if sel.Where != nil {
		q.write(" AND ")
		q.where(sel.Where)
	}
}

// sourceKeys turns an order of sources into keys, and names the index of the
// first; an empty order is by title.
func sourceKeys(order []intel.SourceOrder) (keys []sortKey, index string) {
	if len(order) == 0 {
		order = []intel.SourceOrder{{By: intel.ByTitle}}
	}
	for _, o := range order {
		k := sortKey{expr: "s.title_sort", text: true, desc: o.Desc}
		by := "source_by_title"
		switch o.By {
		case intel.ByPublished:
			k, by = sortKey{expr: "s.published_lo", nullable: true, desc: o.Desc}, "source_by_date"
		case intel.ByClaims:
			k, by = sortKey{expr: "s.claims", desc: o.Desc}, "source_by_claims"
		}
		if index == "" {
			index = by
		}
		keys = append(keys, k)
	}
	return keys, index
}

func (w *walk) sourceStage(l *intel.SourceList, keys []sortKey, index string, null bool, at *intel.Position, limit int) *query {
	q := w.query().write("SELECT ", sourceColumns)
	for _, k := range keys {
		q.write(", ", k.expr)
	}
	q.write(" FROM source s INDEXED BY ", index, " WHERE s.body IS NOT NULL")
	var values []intel.SortValue
	if at != nil {
		values = at.Keys
	}
	if keys[0].nullable {
		q.write(" AND ", keys[0].expr)
		if null {
			q.write(" IS NULL")
			keys = keys[1:]
			if at != nil {
				values = values[1:]
			}
		} else {
			q.write(" IS NOT NULL")
			keys[0].nullable = false
		}
	}
	q.sourceWhere(&l.Where)
	if at != nil {
		q.write(" AND ")
		q.after(keys, values, "s.id > ", at.ID)
	}
	q.orderBy(keys, "s.id")
	return q.limit(limit)
}

// How the statements of pages of claims begin, by what the claims
// are claims of.
const (
	claimsAbout  = "FROM claim c INDEXED BY claim_by_subject WHERE c.subject = ?1"
	claimsOnLink = "FROM claim c INDEXED BY claim_by_link WHERE c.subject = ?1 AND c.type = ?2 AND c.object = ?3"
	claimsSaying = "FROM claim c INDEXED BY claim_by_source WHERE c.source = ?1"
)

// allClaims is how the statement of a list of all claims begins: at its
// subjects, at its sources, or at the first claim.
func allClaims(f *intel.ClaimFilter) string {
	switch {
	case f.Subjects != nil:
		return "FROM claim c INDEXED BY claim_by_subject WHERE true"
	case f.Sources != nil:
		return "FROM claim c INDEXED BY claim_by_source WHERE true"
	}
	return "FROM claim c NOT INDEXED WHERE true"
}

// linkListPage reads the ids of the ends and the types of links that are roots,
// in order of the id of the from end, then of their own.
func (w *walk) linkListPage(l *intel.LinkList, p linkPart, limit int) *query {
	q := w.query()
	from, to := q.linkListFrom(l, p)
	link := from + " || '|' || x.text || '|' || " + to
	if at := l.Page.After; at != nil {
		q.write(" AND ", from, " >= ").param(txt(at.ID)).write(" AND (", from, " > ").param(txt(at.ID))
		q.write(" OR ", link, " > ").param(txt(at.Link)).write(")")
	}
	return q.write(" ORDER BY ", from, ", ", link).limit(limit)
}

// linkListCount counts what linkListPage would read without a page.
func (w *walk) linkListCount(l *intel.LinkList, p linkPart) *query {
	q := w.query().write("SELECT count(*) FROM (")
	q.linkListFrom(l, p)
	return q.write(")")
}

// linkListFrom writes a statement of a part up to its place, and gives the ids
// of the ends.
func (q *query) linkListFrom(l *intel.LinkList, p linkPart) (from, to string) {
	rest := l.Where
	rest.Kinds, rest.IDs = nil, nil
	kinds := q.kindSet(l.Where.Kinds)
	begin := "SELECT "
	if from, to = "f.id", "e.id"; p.kind == "" { // a link between two of the ids is found twice
		begin, from, to = "SELECT DISTINCT ", "iif(d.dir, e.id, f.id)", "iif(d.dir, f.id, e.id)"
	}
	q.write(begin, from, ", x.text, ", to, " FROM entity f ")
	if p.kind != "" {
		q.write("INDEXED BY sqlite_autoindex_entity_1 ")
		rest.Types = p.types
	}
	q.write("CROSS JOIN edge d ON d.here = f.no CROSS JOIN entity e ON e.no = d.there CROSS JOIN word x ON x.class = ")
	q.param(num(typeWord)).write(" AND x.no = d.type WHERE ")
	if p.kind == "" {
		q.write("f.id").is(texts(l.Where.IDs))
		if l.Where.Kinds != nil {
			q.write(" AND (1 << f.kind) & ").param(num(kinds)).write(" <> 0")
		}
	} else {
		q.write("d.dir = 0 AND f.id >= ").param(txt(p.kind.Prefix() + ":")).write(" AND f.id < ").param(txt(p.kind.Prefix() + ";"))
		if l.Where.Kinds != nil && !slices.Contains(l.Where.Kinds, p.kind) {
			q.write(" AND (1 << d.there_kind) & ").param(num(kinds)).write(" <> 0")
		}
	}
	q.linkWhere(&rest)
	return from, to
}

// claimPage reads one claim more than a page holds, from a place on. Numbers
// follow the order of (revision, id).
func (q *query) claimPage(sel *intel.ClaimSelection, place int64, from string, vs []value) *query {
	q.fixed("SELECT "+claimColumns+" "+from, vs...)
	q.claimWhere(&sel.Where)
	if place > 0 {
		q.write(" AND c.no > ").param(num(place))
	}
	return q.write(" ORDER BY c.no").limit(sel.Page.First + 1)
}

// claimCount counts what claimPage would read without a page.
func (q *query) claimCount(sel *intel.ClaimSelection, from string, vs []value) *query {
	q.fixed("SELECT count(*) "+from, vs...)
	q.claimWhere(&sel.Where)
	return q
}

// touching ends the statements for link claims that touch the entity of the
// first parameter.
func (q *query) touching(live string, types []intel.LinkType) *query {
	q.fixed(" = ?1 AND c.type IS NOT NULL"+live, value{})
	if len(types) > 0 {
		q.write(" AND c.type").is(numbers(q, typeWord, types))
	}
	return q
}
