package subject

import (
	"context"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// Change is what a write did to one entity.
type Change struct {
	change *catalog.Change
	res    *Result
}

// The fields of a change.

func (c *Change) Revision() intel.Revision { return c.res.revision(c.change.Stamp.Revision) }
func (c *Change) At() time.Time            { return c.change.Stamp.At }
func (c *Change) By() string               { return c.change.Stamp.By }
func (c *Change) Added() []*Claim          { return c.claims(c.change.Added) }
func (c *Change) Retracted() []*Claim      { return c.claims(c.change.Retracted) }

func (c *Change) claims(cs []*intel.Claim) []*Claim {
	return rows(c.res, len(cs), func(i int) *Claim { return c.res.Claim(cs[i]) })
}

// Entity is the entity as the change left it, with what was read beside its
// record.
func (c *Change) Entity(ctx context.Context) AnyEntity {
	n := Absent(c.change.Record.ID)
	if read := c.res.Nodes[c.res.path(ctx)][c.change.Record.ID]; read != nil {
		own := *read
		n = &own
	}
	n.Record = c.change.Record
	return c.res.Any(n)
}

// Facts lists the properties shown otherwise.
func (c *Change) Facts() []*FactChange {
	return rows(c.res, len(c.change.Facts), func(i int) *FactChange { return &FactChange{change: &c.change.Facts[i], res: c.res} })
}

// Links lists the links that settled otherwise.
func (c *Change) Links() []*LinkChange {
	return rows(c.res, len(c.change.Links), func(i int) *LinkChange { return &LinkChange{change: &c.change.Links[i], res: c.res} })
}

// FactChange is a property that is shown otherwise.
type FactChange struct {
	change *catalog.FactChange
	res    *Result
}

// The fields of a change to a fact.

func (f *FactChange) Property() intel.Property { return f.change.Property }
func (f *FactChange) Slot() (string, bool)     { return given(f.change.Slot) }
func (f *FactChange) Before() Value            { return f.value(f.change.Before) }
func (f *FactChange) After() Value             { return f.value(f.change.After) }
func (f *FactChange) ContestedBefore() bool    { return f.change.ContestedBefore }
func (f *FactChange) ContestedAfter() bool     { return f.change.ContestedAfter }

func (f *FactChange) value(s *intel.Shown) Value {
	if s == nil {
		return nil
	}
	return f.res.value(s.Value, standing{res: f.res, shown: *s, change: true})
}

// LinkChange is a link that settled otherwise.
type LinkChange struct {
	change *catalog.LinkChange
	res    *Result
}

func (l *LinkChange) row() *intel.Link {
	if l.change.After != nil {
		return l.change.After
	}
	return l.change.Before
}

// Link is the link as the change left it, or as it was when it is gone, with
// what was read beside it.
func (l *LinkChange) Link(ctx context.Context) *Link {
	row := l.row()
	e := &intel.Edge{Parent: Absent(row.From), Node: Absent(row.To)}
	if read := l.res.Edges[l.res.path(ctx)][row.ID]; read != nil {
		own := *read
		e = &own
	}
	e.Link = row
	return &Link{edge: e, res: l.res, change: true}
}

// Before and After are its support.
func (l *LinkChange) Before() (int, bool) { return supportOf(l.change.Before) }

// After is its support now.
func (l *LinkChange) After() (int, bool) { return supportOf(l.change.After) }

func supportOf(l *intel.Link) (int, bool) {
	if l == nil {
		return 0, false
	}
	return l.Support.Percent(), true
}

// ChangePage is what changed after a revision.
type ChangePage struct {
	page *catalog.ChangePage
	res  *Result
}

// NewChangePage wraps what Changes of the catalog told.
func NewChangePage(r *Result, page *catalog.ChangePage) *ChangePage {
	return &ChangePage{page: page, res: r}
}

// The fields of the page.

func (p *ChangePage) Nodes() []*Change         { return p.res.changes(p.page.Changes) }
func (p *ChangePage) Revision() intel.Revision { return p.page.Revision }
func (p *ChangePage) HasMore() bool            { return p.page.More }

// HistoryConnection is a page of what became of an entity.
type HistoryConnection struct {
	page catalog.HistoryPage
	res  *Result
	list List
}

// History is a page of what became of the entity. One that is not in the graph
// has none.
func (e *Entity) History(ctx context.Context) *HistoryConnection {
	path := e.res.path(ctx)
	return &HistoryConnection{page: e.res.Histories[path][e.node.ID], res: e.res, list: e.res.list(path)}
}

// Nodes lists the changes.
func (h *HistoryConnection) Nodes() []*Change { return h.res.changes(h.page.Changes) }

// PageInfo says where the page lies.
func (h *HistoryConnection) PageInfo() *PageInfo {
	return pageInfo(h.list, h.page.More, len(h.page.Changes), func(i int) intel.Position {
		c := &h.page.Changes[i]
		return intel.Position{Keys: []intel.SortValue{{Int: c.Stamp.Revision}}, ID: c.Record.ID}
	})
}
