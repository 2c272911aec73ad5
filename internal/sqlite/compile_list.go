package sqlite

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// conjuncts takes a filter apart into parts that must all hold.
func conjuncts(f intel.Filter) []intel.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case intel.All:
		var out []intel.Filter
		for _, p := range f {
			out = append(out, conjuncts(p)...)
		}
		return out
	}
	return []intel.Filter{f}
}

// onlyKinds splits the kinds that a filter allows at its top from the rest;
// all says that it names none.
func onlyKinds(f intel.Filter) (kinds []intel.Kind, all bool, rest intel.Filter) {
	all = true
	var parts intel.All
	for _, p := range conjuncts(f) {
		in, ok := p.(intel.KindIn)
		if !ok {
			parts = append(parts, p)
			continue
		}
		if all {
			kinds, all = slices.Clone(in), false
			continue
		}
		kinds = slices.DeleteFunc(kinds, func(k intel.Kind) bool { return !slices.Contains(in, k) })
	}
	if len(parts) == 0 {
		return kinds, all, nil
	}
	return kinds, all, parts
}

// from writes where entities are read from: by number, when there are
// candidates, or from the index of their order.
func (q *query) from(candidates *query, index string) {
	if candidates == nil {
		q.write("FROM entity e INDEXED BY ", index)
		return
	}
	q.write("FROM entity e NOT INDEXED")
}

func (q *query) among(candidates *query, where intel.Filter) {
	if candidates != nil {
		q.write(" AND e.no IN (")
		q.embed(candidates)
		q.write(")")
	}
	if where != nil {
		q.write(" AND ")
		q.where(where)
	}
}

// candidateQuery sorts the candidates.
func (w *walk) candidateQuery(p *listPlan, kind int64, candidates *query) *query {
	q := w.listColumns(p)
	q.from(candidates, "")
	q.joins(p.keys)
	q.write(" WHERE e.kind = ").param(num(kind)).write(" AND e.sort_key IS NOT NULL")
	q.among(candidates, p.where)
	if at := p.Page.After; at != nil && len(at.Keys) == len(p.keys) {
		q.write(" AND ")
		q.after(p.keys, at.Keys, "e.id > ", at.ID)
	}
	q.orderBy(p.keys, "e.id")
	q.limit(p.Page.First + 1)
	return q
}

func (w *walk) listColumns(p *listPlan) *query {
	q := w.query().write("SELECT ", recordColumns)
	for _, k := range p.keys {
		q.write(", ", k.expr)
	}
	return q.write(" ")
}

// stageQuery walks one stage in the order of its key's index.
func (w *walk) stageQuery(p *listPlan, kind int64, stage int, at *intel.Position, limit int) *query {
	keys := slices.Clone(p.keys)
	q := w.listColumns(p)
	rest := keys[stage:]
	id := "e.id"
	switch {
	case stage == len(keys):
		q.write("FROM entity e INDEXED BY sqlite_autoindex_entity_1")
	case keys[stage].nullable:
		rest[0].nullable = false
		alias := strings.TrimSuffix(rest[0].expr, ".lo")
		id = alias + ".id"
		q.write("FROM sortable ", alias, " CROSS JOIN entity e ON e.no = ", alias, ".entity")
	case keys[stage].text:
		q.write("FROM entity e INDEXED BY entity_by_name")
	default:
		q.write("FROM entity e INDEXED BY entity_by_change")
	}
	q.joins(keys)
	q.stageWhere(kind, stage, keys, rest, w.vocabulary.kinds[kind])
	q.among(nil, p.where)
	if at != nil {
		q.write(" AND ")
		q.after(rest, at.Keys[stage:], id+" > ", at.ID)
	}
	q.orderBy(rest, id)
	q.limit(limit)
	return q
}

// stageWhere writes which rows are of a stage.
func (q *query) stageWhere(kind int64, stage int, keys, rest []sortKey, name intel.Kind) {
	q.write(" WHERE ")
	if stage < len(keys) && rest[0].property != "" {
		alias := strings.TrimSuffix(rest[0].expr, ".lo")
		q.write(alias, ".kind = ").param(num(kind)).write(" AND ", alias, ".property = ").param(num(q.number(propertyWord, string(rest[0].property))))
	} else {
		q.write("e.kind = ").param(num(kind)).write(" AND e.sort_key IS NOT NULL")
	}
	switch {
	case stage == len(keys):
		q.write(" AND e.id >= ").param(txt(name.Prefix() + ":")).write(" AND e.id < ").param(txt(name.Prefix() + ";"))
	case rest[0].property == "" && !rest[0].text:
		q.write(" AND e.revision IS NOT NULL")
	}
	for _, k := range keys[:stage] {
		q.write(" AND ", k.expr, " IS NULL")
	}
}

// listCountQuery counts what a list of one kind holds.
func (w *walk) listCountQuery(p *listPlan, kind int64, candidates *query) *query {
	q := w.query().write("SELECT count(*) ")
	q.from(candidates, "entity_by_name")
	q.write(" WHERE e.kind = ").param(num(kind)).write(" AND e.sort_key IS NOT NULL")
	q.among(candidates, p.where)
	return q
}

// upTo counts the rows of another query, but no more than so many.
func (q *query) upTo(of *query, most int) *query {
	q.write("SELECT count(*) FROM (")
	return q.embed(of).limit(most).write(")")
}
