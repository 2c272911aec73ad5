package sqlite

import (
	"slices"

	"dragnet/internal/intel"
)

// fewCandidates is how many entities a condition may leave for a list to be
// made of them by sorting. With more, walking the list in its order finds
// enough rows soon. A kind of no more than manyEntities is walked anyhow.
const (
	fewCandidates = 2000
	manyEntities  = 500
)

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
		var source *query
		if p.where != nil && people[kind] > w.s.manyEntities {
			if source, _, err = w.fewest(p.where, kind); err != nil {
				return nil, err
			}
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
	kinds, all, rest := onlyKinds(p.Where)
	p.where = rest
	people := map[int64]int64{}
	err := w.c.each("SELECT kind, n FROM population WHERE n > 0 ORDER BY kind", func(st *stmt) error {
		no := st.ColumnInt64(0)
		k, err := w.kind(no)
		if err != nil || !all && !slices.Contains(kinds, k) {
			return err
		}
		people[no] = st.ColumnInt64(1)
		p.kinds = append(p.kinds, no)
		return nil
	})
	return people, err
}

// fewest picks the condition that leaves the fewest entities of a kind, when it
// leaves few: a statement that gives their numbers, and how many it gives. It is
// nil when walking finds enough rows soon.
func (w *walk) fewest(where intel.Filter, kind int64) (best *query, n int64, err error) {
	for _, d := range w.drivers(where, kind) {
		most := int64(fewCandidates + 1)
		if best != nil {
			most = n
		}
		q := w.query().upTo(d, int(most))
		count, err := w.no(q.text.String(), q.args...)
		if err != nil {
			return nil, 0, err
		}
		if count < most {
			best, n = d, count
		}
	}
	return best, n, nil
}

func (w *walk) countKind(p *listPlan, kind, people int64, candidates *query) (int64, error) {
	if p.where == nil {
		return people, nil
	}
	q := w.listCountQuery(p, kind, candidates)
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

// listRows runs a statement of a list.
func (w *walk) listRows(q *query, p *listPlan, keys []sortKey, rows []*cell) ([]*cell, error) {
	err := w.c.each(q.text.String(), func(st *stmt) error {
		c := w.cell(p.Page.First + 1)
		c.no = st.ColumnInt64(0)
		if err := w.record(st, &c.record); err != nil {
			return err
		}
		c.edge.Position = intel.Position{Keys: positionKeys(st, recordWidth, keys), ID: c.record.ID}
		rows = append(rows, c)
		return nil
	}, q.args...)
	return rows, err
}
