package sqlite

import (
	"errors"
	"slices"

	"dragnet/internal/intel"
)

// sequence is one run of an entity's links: those of one type in one
// direction. A page is merged from the sequences of its selection.
type sequence struct {
	typ  intel.LinkType
	kind int64 // number of typ
	dir  int64 // 0 out, 1 in
	n    int64 // how many there are, 0 when that was not looked up
}

// linkPlan is a LinkSelection made ready.
type linkPlan struct {
	*intel.LinkSelection
	sequences []sequence
	kinds     int64 // set of kinds of neighbours, when restricted
	few       bool  // restricted to kinds
	empty     bool  // nothing can be found
	byName    bool
	desc      []bool
	node      *nodePlan
	claims    bool  // claims of the links are wanted
	plain     bool  // degrees give the total
	walk      links // in the order of the tree
	// narrow begins at the neighbours that the filter can hold for, when they
	// are few: no more than candidates.
	narrow     *links
	candidates int64
}

// links are the statements of one way to read a plan's links, with their
// parameters from the fourth on.
type links struct {
	page, count         *stmt // count is nil when it is not wanted
	pageArgs, countArgs []value
	byName              bool // rows of one name come in no order
}

func (w *walk) planLinks(p *linkPlan, sel *intel.LinkSelection) (err error) {
	p.LinkSelection = sel
	p.desc = intel.Descending(sel.Order)
	p.claims = sel.Evidence || len(sel.Claims) > 0
	p.byName = len(sel.Order) == 0 || len(sel.Order) == 1 && sel.Order[0].By == intel.OrderName
	if p.node, err = w.planNode(&sel.Node); err != nil {
		return err
	}
	if err := w.planEnds(p); err != nil {
		return err
	}
	if p.few = len(sel.Kinds) > 0; p.few {
		p.kinds = w.query().kindSet(sel.Kinds)
	}
	if p.empty = len(p.sequences) == 0 || p.few && p.kinds == 0; p.empty {
		return nil
	}
	bare := sel.Link
	bare.Types = nil
	p.plain = sel.Where == nil && isZero(&bare)
	if err := w.prepareLinks(p, &p.walk, nil); err != nil || sel.Where == nil && sel.Link.IDs == nil {
		return err
	}
	narrow := intel.All{sel.Where}
	if sel.Where == nil {
		narrow = nil
	}
	if sel.Link.IDs != nil {
		narrow = append(narrow, intel.IDIn(sel.Link.IDs))
	}
	best, n, err := w.fewest(narrow, noWord)
	if err != nil || best == nil {
		return err
	}
	p.narrow, p.candidates = &links{}, n
	return w.prepareLinks(p, p.narrow, best)
}

// prepareLinks prepares the statements of one way, whose first three parameters
// are bound for each entity.
func (w *walk) prepareLinks(p *linkPlan, l *links, candidates *query) (err error) {
	l.byName = p.byName && candidates == nil
	q := w.query().linkPage(p.LinkSelection, candidates)
	l.pageArgs = q.args[3:]
	if l.page, err = w.c.prepare(q.text.String()); err != nil || p.plain || !p.Page.Count {
		return err
	}
	q = w.query().linkCount(p.LinkSelection, candidates)
	l.countArgs = q.args[3:]
	l.count, err = w.c.prepare(q.text.String())
	return err
}

// by picks the way to read links of which there are so many.
func (p *linkPlan) by(degree int64) *links {
	if p.narrow != nil && degree > 4*p.candidates {
		return p.narrow
	}
	return &p.walk
}

func isZero(f *intel.LinkFilter) bool {
	return f.Types == nil && f.MinSupport == nil && f.MaxSupport == nil && f.MinOrigins == nil && f.MaxOrigins == nil &&
		f.Role == nil && f.Disputed == nil && f.ValidAt.IsZero() && f.Kinds == nil && f.IDs == nil
}

// planEnds turns ends into sequences, each once.
func (w *walk) planEnds(p *linkPlan) error {
	p.sequences = make([]sequence, 0, len(p.Ends))
	add := func(s sequence) {
		if !slices.Contains(p.sequences, s) {
			p.sequences = append(p.sequences, s)
		}
	}
	for _, e := range p.Ends {
		if p.Link.Types != nil && !slices.Contains(p.Link.Types, e.Type) {
			continue
		}
		no, err := w.number(typeWord, string(e.Type))
		if err != nil {
			return err
		}
		if no == noWord {
			continue
		}
		if e.Direction != intel.In {
			add(sequence{typ: e.Type, kind: no})
		}
		if e.Direction != intel.Out {
			add(sequence{typ: e.Type, kind: no, dir: 1})
		}
	}
	return nil
}

// links reads one page of an entity's links.
func (w *walk) links(parent *cell, p *linkPlan) (*intel.LinkPage, error) {
	page := &intel.LinkPage{}
	if p.empty {
		return page, nil
	}
	sequences, err := w.present(parent, p, page)
	if err != nil {
		return nil, err
	}
	rows := make([]*cell, 0, min(p.Page.First, 16)+1)
	for _, q := range sequences {
		if rows, err = w.sequence(parent, p, q, rows, page); err != nil {
			return nil, err
		}
	}
	if len(sequences) > 1 {
		slices.SortFunc(rows, func(a, b *cell) int {
			return intel.ComparePositions(a.edge.Position, b.edge.Position, p.desc)
		})
		if len(rows) > p.Page.First {
			rows, page.More = rows[:p.Page.First], true
		}
	}
	page.Edges = make([]*intel.Edge, len(rows))
	for i, c := range rows {
		page.Edges[i] = &c.edge
	}
	return page, w.below(parent, p, rows)
}

// below reads what is wanted of the links and neighbours of a page.
func (w *walk) below(parent *cell, p *linkPlan, rows []*cell) error {
	if p.node.leaf && !p.claims {
		return nil
	}
	for _, c := range rows {
		if err := w.fill(c, p.node); err != nil {
			return err
		}
		if !p.claims {
			continue
		}
		kind, err := w.number(typeWord, string(c.link.Type))
		if err != nil {
			return err
		}
		from, to := parent.no, c.no
		if c.link.From != parent.record.ID {
			from, to = to, from
		}
		if err := w.edgeClaims(&c.edge, p.LinkSelection, kind, from, to); err != nil {
			return err
		}
	}
	return nil
}

// present gives the sequences that the entity has links in, and the total when
// it is wanted.
func (w *walk) present(parent *cell, p *linkPlan, page *intel.LinkPage) ([]sequence, error) {
	if len(p.sequences) == 1 && !p.Page.Count && p.narrow == nil {
		return p.sequences, nil
	}
	degrees, err := w.degrees(parent.no)
	if err != nil {
		return nil, err
	}
	var out []sequence
	for _, q := range p.sequences {
		for _, d := range degrees {
			if d.kind == q.kind && d.dir == q.dir && (!p.few || p.kinds>>d.there&1 != 0) {
				q.n += d.n
			}
		}
		if q.n == 0 {
			continue
		}
		out = append(out, q)
		n := q.n
		if !p.Page.Count {
			continue
		}
		if !p.plain {
			if n, err = p.by(q.n).total(p, parent.no, q); err != nil {
				return nil, err
			}
		}
		page.Total += int(n)
	}
	return out, nil
}

// total counts the links of a sequence.
func (l *links) total(p *linkPlan, here int64, q sequence) (int64, error) {
	l.count.ready(p, here, q, l.countArgs)
	if _, err := l.count.Step(); err != nil {
		return 0, err
	}
	n := l.count.ColumnInt64(0)
	return n, l.count.Reset()
}

// ready binds the parameters of a statement about one sequence. Those that are
// the same for every entity stay bound while the statement has the same owner.
func (st *stmt) ready(owner *linkPlan, here int64, q sequence, rest []value) {
	st.BindInt64(1, here)
	st.BindInt64(2, q.kind)
	st.BindInt64(3, q.dir)
	if st.bound != owner {
		st.bind(4, rest...)
		st.bound = owner
	}
}

// sequence reads the first rows of a sequence and adds them to others.
func (w *walk) sequence(parent *cell, p *linkPlan, q sequence, rows []*cell, page *intel.LinkPage) ([]*cell, error) {
	by := p.by(q.n)
	by.page.ready(p, parent.no, q, by.pageArgs)
	begin := len(rows)
	rows, ties, err := w.steps(by, parent, p, q, rows, page)
	if err := errors.Join(err, by.page.Reset()); err != nil {
		return nil, err
	}
	if ties {
		// The tree holds neighbours of one name by number, not by id.
		slices.SortFunc(rows[begin:], func(a, b *cell) int {
			return intel.ComparePositions(a.edge.Position, b.edge.Position, p.desc)
		})
	}
	if len(rows)-begin > p.Page.First {
		rows, page.More = rows[:begin+p.Page.First], true
	}
	return rows, nil
}

// steps reads rows until the page is full and, by name, no more of the last
// name follow; ties says that some rows have one name.
func (w *walk) steps(by *links, parent *cell, p *linkPlan, q sequence, rows []*cell, page *intel.LinkPage) (_ []*cell, ties bool, err error) {
	st, begin, after := by.page, len(rows), p.Page.After
	for {
		if more, err := st.Step(); err != nil || !more {
			return rows, ties, err
		}
		sort := w.room.column(st, 0)
		n := len(rows) - begin
		tie := n > 0 && by.byName && rows[len(rows)-1].record.SortKey == sort
		if n >= p.Page.First && !tie && after == nil {
			page.More = true
			return rows, ties, nil
		}
		c, err := w.edge(st, parent, p, q, sort)
		if err != nil {
			return nil, false, err
		}
		if after != nil && intel.ComparePositions(c.edge.Position, *after, p.desc) <= 0 {
			continue
		}
		if n >= p.Page.First && !tie {
			page.More = true
			return rows, ties, nil
		}
		ties = ties || tie
		rows = append(rows, c)
	}
}

// edgeColumns are what edge reads, in its order.
const edgeColumns = "d.there_sort, d.there, " + linkColumns + ", e.id, e.revision, e.name, e.rest"

// edgeWidth is the number of edgeColumns; the keys of other orders follow.
const edgeWidth = 6 + linkWidth

// edge reads a row of a page of links.
func (w *walk) edge(st *stmt, parent *cell, p *linkPlan, q sequence, sort string) (*cell, error) {
	c := w.cell(p.Page.First)
	kind, err := w.kind(gist(st.ColumnInt64(2)).there())
	if err != nil {
		return nil, err
	}
	c.no = st.ColumnInt64(1)
	c.record.ID, c.record.Kind, c.record.SortKey = w.room.column(st, 4), kind, sort
	if err := w.recordRest(st, 5, &c.record); err != nil {
		return nil, err
	}
	c.link.Type = q.typ
	c.link.From, c.link.To = parent.record.ID, c.record.ID
	if q.dir == 1 {
		c.link.From, c.link.To = c.link.To, c.link.From
	}
	c.link.ID = w.room.join(c.link.From, "|", string(q.typ), "|", c.link.To)
	if err := w.link(st, 2, &c.link, &c.days); err != nil {
		return nil, err
	}
	c.edge.Link, c.edge.Parent, c.edge.Node = &c.link, &parent.node, &c.node
	c.edge.Position.ID, c.edge.Position.Link = c.record.ID, c.link.ID
	if p.byName {
		c.key[0].Text = sort
		c.edge.Position.Keys = c.key[:]
		return c, nil
	}
	c.edge.Position.Keys = positionKeys(st, edgeWidth, keysOf(p.Order))
	return c, nil
}

// positionKeys reads the values of keys from columns.
func positionKeys(st *stmt, at int, keys []sortKey) []intel.SortValue {
	out := make([]intel.SortValue, len(keys))
	for i, k := range keys {
		switch {
		case st.ColumnIsNull(at + i):
			out[i].Null = true
		case k.text:
			out[i].Text = st.ColumnText(at + i)
		default:
			out[i].Int = st.ColumnInt64(at + i)
		}
	}
	return out
}
