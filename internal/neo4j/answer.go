package neo4j

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// Select answers a whole tree with one statement.
func (r *reader) Select(ctx context.Context, s intel.Selection) (*intel.Answer, error) {
	q := compile(s)
	row, err := r.read(ctx, "select", q.text, q.params)
	if err != nil {
		return nil, err
	}
	a := &answering{Answer: &intel.Answer{Sources: map[string]*intel.Source{}}, known: map[string]*intel.Source{}}
	in := cursor{row: row}
	a.Revision = number(in.next())
	a.readNodes(&in, s)
	a.readList(&in, s)
	a.readLinks(&in, s)
	a.readLinkList(&in, s)
	a.readClaims(&in, s)
	if s.ClaimList != nil {
		a.ClaimList = a.claimPage(&in, *s.ClaimList)
	}
	a.readSources(&in, s)
	if a.err == nil && in.bad {
		a.err = errShape
	}
	if a.err != nil {
		return nil, a.err
	}
	return a.Answer, nil
}

// A cursor takes items off the front of a row.
type cursor struct {
	row []any
	at  int
	bad bool
}

func (c *cursor) next() any {
	if c.at >= len(c.row) {
		c.bad = true
		return nil
	}
	c.at++
	return c.row[c.at-1]
}

// answering reads a row as compile laid it out.
type answering struct {
	*intel.Answer
	known map[string]*intel.Source // by row: the same ones come again and again
	err   error
}

func (a *answering) fail(err error) {
	if err != nil && a.err == nil {
		a.err = err
	}
}

func (a *answering) readNodes(in *cursor, s intel.Selection) {
	if len(s.IDs) == 0 {
		return
	}
	byID := map[string]*intel.Node{}
	for _, item := range list(in.next()) {
		n := a.node(&cursor{row: list(item)}, s.Node)
		byID[n.ID] = n
	}
	for _, id := range s.IDs {
		if n := byID[id]; n != nil {
			a.Nodes = append(a.Nodes, n)
			delete(byID, id)
		}
	}
}

func (a *answering) readList(in *cursor, s intel.Selection) {
	if s.List == nil {
		return
	}
	p := &intel.NodePage{}
	for _, item := range list(in.next()) {
		row := &cursor{row: list(item)}
		if p.More = number(row.next()) > int64(s.List.Page.First); s.List.Page.First == 0 {
			break
		}
		kept := keptValues(row, s.List.Order)
		n := a.node(row, s.Node)
		p.Nodes = append(p.Nodes, n)
		p.Positions = append(p.Positions, position(n.Record, s.List.Order, kept))
	}
	p.Total = a.total(in, s.List.Page)
	a.List = p
}

func (a *answering) total(in *cursor, p intel.Page) int {
	if !p.Count {
		return 0
	}
	return int(number(in.next()))
}

// keptValues are the values of an order's properties, which come with the row.
func keptValues(row *cursor, order []intel.Order) []any {
	var out []any
	for _, o := range order {
		if o.By != intel.OrderName && o.By != intel.OrderChanged {
			out = append(out, row.next())
		}
	}
	return out
}

func position(r *intel.Record, order []intel.Order, kept []any) intel.Position {
	p := intel.Position{ID: r.ID}
	if len(order) == 0 {
		p.Keys = []intel.SortValue{{Text: r.SortKey}}
		return p
	}
	p.Keys = make([]intel.SortValue, len(order))
	for i, o := range order {
		switch o.By {
		case intel.OrderName:
			p.Keys[i].Text = r.SortKey
		case intel.OrderChanged:
			p.Keys[i].Int = r.Revision
		default:
			p.Keys[i] = intel.SortValue{Null: kept[0] == nil, Int: number(kept[0])}
			kept = kept[1:]
		}
	}
	return p
}

func (a *answering) node(in *cursor, s intel.NodeSelection) *intel.Node {
	row, facts := text(in.next()), ""
	if s.Values {
		facts = text(in.next())
	}
	record, err := readRecord(row, facts)
	a.fail(err)
	n := &intel.Node{Record: record}
	if s.Counts {
		n.Counts = toCounts(list(in.next()), list(in.next()))
	}
	if s.Evidence {
		n.Evidence = a.evidence(in.next())
	}
	on := func(kinds []intel.Kind) bool { return len(kinds) == 0 || slices.Contains(kinds, record.Kind) }
	if len(s.Links) > 0 {
		n.Links = make(map[string]*intel.LinkPage, len(s.Links))
	}
	for _, l := range s.Links {
		if p := a.linkPage(in, n, l); on(l.On) {
			n.Links[l.Key] = p
		}
	}
	if len(s.Claims) > 0 {
		n.Claims = make(map[string]*intel.ClaimPage, len(s.Claims))
	}
	for _, c := range s.Claims {
		if p := a.claimPage(in, c); on(c.On) {
			n.Claims[c.Key] = p
		}
	}
	if len(s.Sources) > 0 {
		n.Sources = make(map[string]*intel.SourcePage, len(s.Sources))
	}
	for _, c := range s.Sources {
		if p := a.sourcePage(in, c.Page); on(c.On) {
			n.Sources[c.Key] = p
		}
	}
	return n
}

// toCounts orders the counts, and adds both ways of symmetric types up.
func toCounts(leaving, arriving []any) []intel.LinkCount {
	var out []intel.LinkCount
	for way, rows := range [][]any{leaving, arriving} {
		for _, item := range rows {
			row := list(item)
			c := intel.LinkCount{Type: intel.LinkType(text(row[0])), Kind: intel.Kind(text(row[1])), Direction: intel.Out, Count: int(number(row[2]))}
			if way == 1 {
				c.Direction = intel.In
			}
			if c.Type.Info().Symmetric {
				c.Direction = intel.Both
			}
			same := func(o intel.LinkCount) bool { o.Count = c.Count; return o == c }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i].Count += c.Count
				continue
			}
			out = append(out, c)
		}
	}
	kinds, types := intel.Kinds(), intel.LinkTypes()
	directions := []intel.Direction{intel.Out, intel.In, intel.Both}
	slices.SortFunc(out, func(a, b intel.LinkCount) int {
		return cmp.Or(
			cmp.Compare(slices.Index(types, a.Type.Info()), slices.Index(types, b.Type.Info())),
			cmp.Compare(slices.Index(directions, a.Direction), slices.Index(directions, b.Direction)),
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)))
	})
	return out
}

func (a *answering) linkPage(in *cursor, parent *intel.Node, s intel.LinkSelection) *intel.LinkPage {
	rows := list(in.next())
	p := &intel.LinkPage{Total: a.total(in, s.Page)}
	if len(rows) > 0 {
		p.Edges = make([]*intel.Edge, 0, len(rows))
	}
	for _, item := range rows {
		row := &cursor{row: list(item)}
		if p.More = number(row.next()) > int64(s.Page.First); s.Page.First == 0 {
			break
		}
		link, err := readLink(text(row.next()))
		a.fail(err)
		kept := keptValues(row, s.Order)
		e := &intel.Edge{Link: link, Parent: parent, Node: a.node(row, s.Node)}
		e.Position = position(e.Node.Record, s.Order, kept)
		e.Position.Link = link.ID
		a.backing(row, e, s)
		p.Edges = append(p.Edges, e)
	}
	return p
}

func (a *answering) backing(in *cursor, e *intel.Edge, s intel.LinkSelection) {
	if s.Evidence {
		e.Evidence = a.evidence(in.next())
	}
	if len(s.Claims) > 0 {
		e.Claims = make(map[string]*intel.ClaimPage, len(s.Claims))
	}
	for _, c := range s.Claims {
		e.Claims[c.Key] = a.claimPage(in, c)
	}
}

// cited reads a list of claims with their sources, and how many were found.
func (a *answering) cited(item any) (claims []*intel.Claim, found int64) {
	in := cursor{row: list(item)}
	found = number(in.next())
	claims, err := each(list(in.next()), toClaim)
	a.fail(err)
	for _, row := range list(in.next()) {
		if s := a.source(text(row)); s != nil {
			a.Sources[s.ID] = s
		}
	}
	for _, c := range claims {
		if a.Sources[c.Source] == nil {
			a.Sources[c.Source] = intel.StubSource(c.Source)
		}
	}
	if in.bad {
		a.fail(errShape)
	}
	return claims, found
}

func (a *answering) evidence(item any) []*intel.Claim {
	claims, _ := a.cited(item)
	slices.SortFunc(claims, func(x, y *intel.Claim) int { return strings.Compare(x.ID, y.ID) })
	return claims
}

func (a *answering) claimPage(in *cursor, s intel.ClaimSelection) *intel.ClaimPage {
	p := &intel.ClaimPage{}
	claims, found := a.cited(in.next())
	p.Claims, p.More = claims, found > int64(s.Page.First)
	p.Total = a.total(in, s.Page)
	return p
}

func (a *answering) source(row string) *intel.Source {
	if s := a.known[row]; s != nil {
		return s
	}
	s, err := readSource(row)
	a.fail(err)
	a.known[row] = s
	return s
}

func (a *answering) readLinks(in *cursor, s intel.Selection) {
	if len(s.LinkIDs) == 0 {
		return
	}
	byID := map[string]*intel.Edge{}
	for _, item := range list(in.next()) {
		e := a.rootLink(&cursor{row: list(item)}, s)
		byID[e.ID] = e
	}
	for _, id := range s.LinkIDs {
		if e := byID[id]; e != nil {
			a.Links = append(a.Links, e)
		}
	}
}

func (a *answering) rootLink(row *cursor, s intel.Selection) *intel.Edge {
	link, err := readLink(text(row.next()))
	a.fail(err)
	e := &intel.Edge{Link: link}
	a.backing(row, e, s.Link)
	e.Parent, e.Node = a.node(row, s.From), a.node(row, s.To)
	return e
}

func (a *answering) readLinkList(in *cursor, s intel.Selection) {
	if s.LinkList == nil {
		return
	}
	p := &intel.LinkPage{}
	for _, item := range list(in.next()) {
		row := &cursor{row: list(item)}
		if p.More = number(row.next()) > int64(s.LinkList.Page.First); s.LinkList.Page.First == 0 {
			break
		}
		e := a.rootLink(row, s)
		e.Position = intel.PositionOfLink(e.Link)
		p.Edges = append(p.Edges, e)
	}
	p.Total = a.total(in, s.LinkList.Page)
	a.LinkList = p
}

func (a *answering) readClaims(in *cursor, s intel.Selection) {
	if len(s.ClaimIDs) == 0 {
		return
	}
	claims, _ := a.cited(in.next())
	byID := map[string]*intel.Claim{}
	for _, c := range claims {
		byID[c.ID] = c
	}
	for _, id := range s.ClaimIDs {
		if c := byID[id]; c != nil {
			a.Claims = append(a.Claims, c)
		}
	}
}

func (a *answering) readSources(in *cursor, s intel.Selection) {
	if len(s.SourceIDs) > 0 {
		byID := map[string]*intel.SourceNode{}
		for _, item := range list(in.next()) {
			n := a.sourceNode(&cursor{row: list(item)}, s.SourceClaims)
			byID[n.ID] = n
		}
		for _, id := range s.SourceIDs {
			if n := byID[id]; n != nil {
				a.SourceNodes = append(a.SourceNodes, n)
			}
		}
	}
	if s.SourceList == nil {
		return
	}
	p := &intel.SourcePage{}
	for _, item := range list(in.next()) {
		row := &cursor{row: list(item)}
		if p.More = number(row.next()) > int64(s.SourceList.Page.First); s.SourceList.Page.First == 0 {
			break
		}
		n := a.sourceNode(row, s.SourceClaims)
		p.Sources = append(p.Sources, n)
		p.Positions = append(p.Positions, intel.PositionOfSource(n.Source, s.SourceList.Order))
	}
	p.Total = a.total(in, s.SourceList.Page)
	a.SourceList = p
}

func (a *answering) sourceNode(in *cursor, claims []intel.ClaimSelection) *intel.SourceNode {
	n := &intel.SourceNode{Source: a.source(text(in.next()))}
	if len(claims) > 0 {
		n.Claims = make(map[string]*intel.ClaimPage, len(claims))
	}
	for _, c := range claims {
		n.Claims[c.Key] = a.claimPage(in, c)
	}
	return n
}

// sourcePage reads rows of how many were found and the source.
func (a *answering) sourcePage(in *cursor, page intel.Page) *intel.SourcePage {
	p := &intel.SourcePage{}
	for _, item := range list(in.next()) {
		row := list(item)
		if p.More = number(row[0]) > int64(page.First); page.First == 0 {
			break
		}
		s := a.source(text(row[1]))
		p.Sources = append(p.Sources, &intel.SourceNode{Source: s})
		p.Positions = append(p.Positions, intel.Position{ID: s.ID})
	}
	p.Total = a.total(in, page)
	return p
}
