package sqlite

import (
	"context"

	"dragnet/internal/intel"
)

// walk answers one Selection.
type walk struct {
	*reader
	cited map[string]*intel.Source // sources of claims in the answer
	cells []cell                   // room for rows to come
}

// cell is the room for one row of a page of links or of a list, so that a row
// costs few allocations.
type cell struct {
	edge   intel.Edge
	link   intel.Link
	node   intel.Node
	record intel.Record
	key    [1]intel.SortValue
	days   [1]intel.Interval
	no     int64 // of the entity
}

// Select implements intel.Reader.
func (r *reader) Select(ctx context.Context, s intel.Selection) (*intel.Answer, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	w := &walk{reader: r, cited: map[string]*intel.Source{}}
	a := &intel.Answer{Revision: r.revision, Sources: w.cited}
	err := w.roots(&s, a)
	if err == nil {
		err = w.claimRoots(&s, a)
	}
	if err == nil {
		err = w.sourceRoots(&s, a)
	}
	if err == nil {
		err = r.lost
	}
	if err != nil {
		return nil, failure(ctx, "select", err)
	}
	return a, nil
}

func (w *walk) roots(s *intel.Selection, a *intel.Answer) error {
	if len(s.IDs) > 0 || s.List != nil {
		plan, err := w.planNode(&s.Node)
		if err != nil {
			return err
		}
		if a.Nodes, err = w.byID(s.IDs, plan); err != nil {
			return err
		}
		if s.List != nil {
			if a.List, err = w.list(s.List, plan); err != nil {
				return err
			}
		}
	}
	if len(s.LinkIDs) > 0 || s.LinkList != nil {
		return w.linkRoots(s, a)
	}
	return nil
}

// byID answers entities with these ids, each once, in their order.
func (w *walk) byID(ids []string, plan *nodePlan) ([]*intel.Node, error) {
	var out []*intel.Node
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		n, err := w.oneNode(id, plan)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out = append(out, n)
		}
	}
	return out, nil
}

// oneNode answers an entity of the settled graph, or nil.
func (w *walk) oneNode(id string, plan *nodePlan) (*intel.Node, error) {
	c, err := w.entity(id)
	if c == nil || err != nil {
		return nil, err
	}
	return &c.node, w.fill(c, plan)
}

func (w *walk) entity(id string) (found *cell, err error) {
	err = w.c.each("SELECT "+recordColumns+" FROM entity e WHERE e.id = ? AND e.sort_key IS NOT NULL", func(st *stmt) error {
		found = w.cell(1)
		found.no = st.ColumnInt64(0)
		return w.record(st, &found.record)
	}, txt(id))
	return found, err
}

// cell gives room for one row; more is how many are likely to follow.
func (w *walk) cell(more int) *cell {
	if len(w.cells) == 0 {
		w.cells = make([]cell, max(1, min(more, 16)))
	}
	c := &w.cells[0]
	w.cells = w.cells[1:]
	c.node.Record = &c.record
	return c
}

// nodePlan is a NodeSelection made ready: statements prepared once, run for
// every entity.
type nodePlan struct {
	*intel.NodeSelection
	links []linkPlan
	leaf  bool // nothing is wanted beside the record
}

func (w *walk) planNode(sel *intel.NodeSelection) (*nodePlan, error) {
	p := &nodePlan{NodeSelection: sel}
	p.leaf = !sel.Values && !sel.Evidence && !sel.Counts && len(sel.Links) == 0 && len(sel.Claims) == 0 && len(sel.Sources) == 0
	p.links = make([]linkPlan, len(sel.Links))
	for i := range sel.Links {
		if err := w.planLinks(&p.links[i], &sel.Links[i]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// fill reads what a plan wants of an entity beside its record.
func (w *walk) fill(c *cell, p *nodePlan) (err error) {
	if p.leaf {
		return nil
	}
	if p.Values {
		if c.record.Facts, err = w.facts(c.no); err != nil {
			return err
		}
	}
	if p.Evidence {
		if c.node.Evidence, err = w.cite(w.propertyClaims(c.no)); err != nil {
			return err
		}
	}
	if p.Counts {
		if c.node.Counts, err = w.linkCounts(c.no); err != nil {
			return err
		}
	}
	if len(p.links) > 0 {
		if err := w.fillLinks(c, p); err != nil {
			return err
		}
	}
	return w.fillPages(c, p)
}

// fillLinks reads the pages of links; the map holds those whose kinds agree.
func (w *walk) fillLinks(c *cell, p *nodePlan) error {
	for i := range p.links {
		if !on(p.links[i].On, c.record.Kind) {
			continue
		}
		page, err := w.links(c, &p.links[i])
		if err != nil {
			return err
		}
		if c.node.Links == nil {
			c.node.Links = make(map[string]*intel.LinkPage, len(p.links))
		}
		c.node.Links[p.links[i].Key] = page
	}
	return nil
}

func on(kinds []intel.Kind, k intel.Kind) bool {
	for _, have := range kinds {
		if have == k {
			return true
		}
	}
	return len(kinds) == 0
}

// fillPages reads the pages of claims and sources.
func (w *walk) fillPages(c *cell, p *nodePlan) error {
	for i := range p.Claims {
		sel := &p.Claims[i]
		if !on(sel.On, c.record.Kind) {
			continue
		}
		page, err := w.claimPage(sel, claimsAbout, num(c.no))
		if err != nil {
			return err
		}
		if c.node.Claims == nil {
			c.node.Claims = map[string]*intel.ClaimPage{}
		}
		c.node.Claims[sel.Key] = page
		if _, err := w.cite(page.Claims, nil); err != nil {
			return err
		}
	}
	for i := range p.Sources {
		sel := &p.Sources[i]
		if !on(sel.On, c.record.Kind) {
			continue
		}
		page, err := w.sourcesOf(sel, c.no)
		if err != nil {
			return err
		}
		if c.node.Sources == nil {
			c.node.Sources = map[string]*intel.SourcePage{}
		}
		c.node.Sources[sel.Key] = page
	}
	return nil
}

// propertyClaims reads all live property claims about an entity, by id.
func (r *reader) propertyClaims(no int64) ([]*intel.Claim, error) {
	claims, err := r.claims("SELECT "+claimColumns+` FROM claim c INDEXED BY claim_by_subject
		WHERE c.subject = ? AND c.live = 1 AND c.type IS NULL`, num(no))
	return byID(claims), err
}

// linkClaims reads all live claims about a link, by id.
func (r *reader) linkClaims(kind int64, from, to int64) ([]*intel.Claim, error) {
	claims, err := r.claims("SELECT "+claimColumns+` FROM claim c INDEXED BY claim_by_link
		WHERE c.subject = ? AND c.type = ? AND c.object = ? AND c.live = 1`, num(from), num(kind), num(to))
	return byID(claims), err
}

// cite sees to it that the answer holds the sources of claims.
func (w *walk) cite(claims []*intel.Claim, err error) ([]*intel.Claim, error) {
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		if w.cited[c.Source] != nil {
			continue
		}
		s, err := w.sourceByID(c.Source)
		if err != nil {
			return nil, err
		}
		if s != nil {
			w.cited[c.Source] = s
		}
	}
	return claims, nil
}

// sourceByID reads a source, nil when there is none.
func (r *reader) sourceByID(id string) (s *intel.Source, err error) {
	err = r.c.each("SELECT "+sourceColumns+" FROM source s WHERE s.id = ? AND s.body IS NOT NULL", func(st *stmt) error {
		s, err = source(st)
		return err
	}, txt(id))
	return s, err
}

// claimRoots answers claims with given ids, live or not.
func (w *walk) claimRoots(s *intel.Selection, a *intel.Answer) error {
	for _, id := range s.ClaimIDs {
		found, err := w.cite(w.claimByID(id))
		if err != nil {
			return err
		}
		a.Claims = append(a.Claims, found...)
	}
	if s.ClaimList == nil {
		return nil
	}
	page, err := w.claimPage(s.ClaimList, allClaims(&s.ClaimList.Where))
	if err != nil {
		return err
	}
	a.ClaimList = page
	_, err = w.cite(page.Claims, nil)
	return err
}

func (r *reader) claimByID(id string) ([]*intel.Claim, error) {
	hash := hashOf(id)
	if hash == "" {
		return nil, nil
	}
	return r.claims("SELECT "+claimColumns+" FROM claim c WHERE c.id = ?", blob(hash))
}

// linkRoots answers settled links with given ids and as a list.
func (w *walk) linkRoots(s *intel.Selection, a *intel.Answer) error {
	plan := &rootLinks{sel: &s.Link}
	var err error
	if plan.from, err = w.planNode(&s.From); err != nil {
		return err
	}
	if plan.to, err = w.planNode(&s.To); err != nil {
		return err
	}
	if a.Links, err = w.rootLinks(s.LinkIDs, plan); err != nil || s.LinkList == nil {
		return err
	}
	a.LinkList, err = w.linkList(s.LinkList, plan)
	return err
}

// rootLinks is what is wanted of links that are roots, made ready.
type rootLinks struct {
	sel      *intel.LinkSelection
	from, to *nodePlan
}

// rootLinks reads the settled links with these ids.
func (w *walk) rootLinks(ids []string, plan *rootLinks) (out []*intel.Edge, err error) {
	for _, id := range ids {
		e, kind, err := w.linkByID(id)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		if err := w.fill(e.parent, plan.from); err != nil {
			return nil, err
		}
		if err := w.fill(e.cell, plan.to); err != nil {
			return nil, err
		}
		if err := w.edgeClaims(&e.edge, plan.sel, kind, e.parent.no, e.no); err != nil {
			return nil, err
		}
		out = append(out, &e.edge)
	}
	return out, nil
}

// ends is a link with the entities at its ends.
type ends struct {
	*cell
	parent *cell
}

// linkByID reads a settled link and its ends, nil when there is none.
func (w *walk) linkByID(id string) (*ends, int64, error) {
	typ, from, to, ok := intel.SplitLinkID(id)
	if !ok {
		return nil, 0, nil
	}
	kind, err := w.number(typeWord, string(typ))
	if err != nil {
		return nil, 0, err
	}
	f, err := w.entity(from)
	if f == nil || err != nil {
		return nil, 0, err
	}
	t, err := w.entity(to)
	if t == nil || err != nil {
		return nil, 0, err
	}
	found := false
	err = w.c.each("SELECT "+linkColumns+` FROM edge d
		WHERE d.here = ? AND d.type = ? AND d.dir = 0 AND d.there_sort = ? AND d.there = ?`, func(st *stmt) error {
		found = true
		t.link = intel.Link{ID: id, Type: typ, From: f.record.ID, To: t.record.ID}
		return w.link(st, 0, &t.link, &t.days)
	}, num(f.no), num(kind), txt(t.record.SortKey), num(t.no))
	if !found || err != nil {
		return nil, 0, err
	}
	t.edge = intel.Edge{Link: &t.link, Parent: &f.node, Node: &t.node}
	return &ends{cell: t, parent: f}, kind, nil
}

// edgeClaims reads the claims of a link that its selection wants.
func (w *walk) edgeClaims(e *intel.Edge, sel *intel.LinkSelection, kind, from, to int64) (err error) {
	if sel.Evidence {
		if e.Evidence, err = w.cite(w.linkClaims(kind, from, to)); err != nil {
			return err
		}
	}
	for i := range sel.Claims {
		page, err := w.claimPage(&sel.Claims[i], claimsOnLink, num(from), num(kind), num(to))
		if err != nil {
			return err
		}
		if _, err := w.cite(page.Claims, nil); err != nil {
			return err
		}
		if e.Claims == nil {
			e.Claims = make(map[string]*intel.ClaimPage, len(sel.Claims))
		}
		e.Claims[sel.Claims[i].Key] = page
	}
	return nil
}
