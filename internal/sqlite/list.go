package sqlite

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// fewCandidates is how many entities a condition may leave for a list to be
// made of them by sorting. With more, walking the list in its order finds
// enough rows soon.
const fewCandidates = 2000

// listPlan is a root list made ready.
type listPlan struct {
	*intel.List
	kinds []int64
	where intel.Filter // without the kinds
	keys  []sortKey
	desc  []bool
	node  *nodePlan
}

// list answers a page of the entities of the settled graph.
func (w *walk) list(l *intel.List, node *nodePlan) (*intel.NodePage, error) {
	p := &listPlan{List: l, keys: keysOf(l.Order), desc: intel.Descending(l.Order), node: node}
	page := &intel.NodePage{}
	people, err := w.populations(p)
	if err != nil {
		return nil, err
	}
	var rows []*cell
	for _, kind := range p.kinds {
		source, err := w.candidates(p, kind, people[kind])
		if err != nil {
			return nil, err
		}
		if l.Page.Count {
			n, err := w.countKind(p, kind, people[kind], source)
			if err != nil {
				return nil, err
			}
			page.Total += int(n)
		}
		if rows, err = w.listKind(p, kind, source, rows); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(rows, func(a, b *cell) int {
		return intel.ComparePositions(a.edge.Position, b.edge.Position, p.desc)
	})
	if len(rows) > l.Page.First {
		rows, page.More = rows[:l.Page.First], true
	}
	for _, c := range rows {
		if err := w.fill(c, node); err != nil {
			return nil, err
		}
		page.Nodes = append(page.Nodes, &c.node)
		page.Positions = append(page.Positions, c.edge.Position)
	}
	return page, nil
}

// populations finds the kinds that a list has to look at, and how many
// entities there are of each.
func (w *walk) populations(p *listPlan) (map[int64]int64, error) {
	kinds, any, rest := onlyKinds(p.Where)
	p.where = rest
	people := map[int64]int64{}
	err := w.c.each("SELECT kind, n FROM population WHERE n > 0 ORDER BY kind", func(st *stmt) error {
		no := st.ColumnInt64(0)
		if !any {
			k, err := w.kind(no)
			if err != nil || !slices.Contains(kinds, k) {
				return err
			}
		}
		people[no] = st.ColumnInt64(1)
		p.kinds = append(p.kinds, no)
		return nil
	})
	return people, err
}

// candidates picks the condition that leaves the fewest entities, when it
// leaves few: a statement that gives their numbers. It is nil when the list is
// better walked.
func (w *walk) candidates(p *listPlan, kind, people int64) (best *query, err error) {
	if p.where == nil || people <= fewCandidates/4 {
		return nil, nil
	}
	least := int64(fewCandidates + 1)
	for _, d := range w.drivers(p.where, kind) {
		q := w.query()
		q.fixed("SELECT count(*) FROM ("+d.text.String(), d.args...).write(" LIMIT ").param(num(least)).write(")")
		n, err := w.no(q.text.String(), q.args...)
		if err != nil {
			return nil, err
		}
		if n < least {
			best, least = d, n
		}
	}
	return best, nil
}

// from writes where the entities of a kind are read from: the candidates, or
// the index of their order.
func (q *query) from(kind int64, candidates *query, index string) {
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

func (w *walk) countKind(p *listPlan, kind, people int64, candidates *query) (int64, error) {
	if p.where == nil {
		return people, nil
	}
	q := w.query().write("SELECT count(*) ")
	q.from(kind, candidates, "entity_by_name")
	q.write(" WHERE e.kind = ").param(num(kind)).write(" AND e.sort_key IS NOT NULL")
	q.among(candidates, p.where)
	return w.no(q.text.String(), q.args...)
}

// listKind adds the first rows of one kind, one more than the page holds.
//
// The list is walked in stages: the rows that have a value for the first key,
// in the order of its index; then, when some may have none, those that lack it,
// in the order of the second key, and so on; at last those that lack all, by
// id.
func (w *walk) listKind(p *listPlan, kind int64, candidates *query, rows []*cell) ([]*cell, error) {
	want := len(rows) + p.Page.First + 1
	if candidates != nil {
		return w.listRows(w.candidateQuery(p, kind, candidates), p, p.keys, rows)
	}
	for stage := range len(p.keys) + 1 {
		if stage > 0 && !p.keys[stage-1].nullable {
			break
		}
		at, skip := p.startOf(stage)
		if skip {
			continue
		}
		var err error
		if rows, err = w.listRows(w.stageQuery(p, kind, stage, at, want-len(rows)), p, p.keys, rows); err != nil {
			return nil, err
		}
		if len(rows) >= want {
			break
		}
	}
	return rows, nil
}

// startOf says where in a stage the page begins: nil at its beginning; skip
// says that the stage lies before the page.
func (p *listPlan) startOf(stage int) (at *intel.Position, skip bool) {
	at = p.Page.After
	if at == nil || len(at.Keys) != len(p.keys) {
		return nil, false
	}
	nulls := 0
	for nulls < len(p.keys) && at.Keys[nulls].Null {
		nulls++
	}
	switch {
	case stage < nulls:
		return nil, true
	case stage == nulls:
		return at, false
	}
	return nil, false
}

// candidateQuery sorts the candidates.
func (w *walk) candidateQuery(p *listPlan, kind int64, candidates *query) *query {
	q := w.listColumns(p)
	q.from(kind, candidates, "")
	q.joins(p.keys)
	q.write(" WHERE e.kind = ").param(num(kind)).write(" AND e.sort_key IS NOT NULL")
	q.among(candidates, p.where)
	if at := p.Page.After; at != nil && len(at.Keys) == len(p.keys) {
		q.write(" AND ")
		q.after(p.keys, at.Keys, "e.id > ", at.ID)
	}
	q.orderBy(p.keys, "e.id")
	q.write(" LIMIT ").param(num(p.Page.First + 1))
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
	q.write(" LIMIT ").param(num(limit))
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

// listRows runs a statement of a list.
func (w *walk) listRows(q *query, p *listPlan, keys []sortKey, rows []*cell) ([]*cell, error) {
	err := w.c.each(q.text.String(), func(st *stmt) error {
		c := w.cell(p.Page.First + 1)
		c.no = st.ColumnInt64(0)
		if err := w.record(st, 0, &c.record); err != nil {
			return err
		}
		c.edge.Position = intel.Position{Keys: positionKeys(st, recordWidth, keys), ID: c.record.ID}
		rows = append(rows, c)
		return nil
	}, q.args...)
	return rows, err
}
