package subject

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"

	"dragnet/internal/intel"
)

// Connection is a page of entities: of a root list, or of a relation.
type Connection[T any] struct {
	rows  []row
	wrap  func(*Entity) T
	res   *Result
	list  List
	more  bool
	total int
}

// row is an entity in its place; edge is the link that leads to it.
type row struct {
	node *intel.Node
	edge *intel.Edge
	at   intel.Position
}

// Edge is one row of a Connection.
type Edge[T any] struct {
	row row
	in  *Connection[T]
}

// EntityConnection is a page of entities of several kinds.
type EntityConnection = Connection[AnyEntity]

// EntityEdge is one row of a page of entities of several kinds.
type EntityEdge = Edge[AnyEntity]

// Nodes lists the entities.
func (c *Connection[T]) Nodes() []T {
	return rows(c.res, len(c.rows), func(i int) T { return c.wrap(c.res.Entity(c.rows[i].node)) })
}

// Edges lists them with cursor and link.
func (c *Connection[T]) Edges() []*Edge[T] {
	return rows(c.res, len(c.rows), func(i int) *Edge[T] { return &Edge[T]{row: c.rows[i], in: c} })
}

// PageInfo says where the page lies.
func (c *Connection[T]) PageInfo() *PageInfo {
	return pageInfo(c.list, c.more, len(c.rows), func(i int) intel.Position { return c.rows[i].at })
}

// TotalCount counts the rows of all pages.
func (c *Connection[T]) TotalCount() int { return c.total }

// Node is the entity of the row.
func (e *Edge[T]) Node() T { return e.in.wrap(e.in.res.Entity(e.row.node)) }

// Cursor is the place of the row.
func (e *Edge[T]) Cursor() string { return EncodeCursor(e.in.list.Query, e.row.at) }

// Link is the link that leads to it; root lists have none.
func (e *Edge[T]) Link() *Link {
	if e.row.edge == nil {
		return nil
	}
	return &Link{edge: e.row.edge, res: e.in.res}
}

// PageInfo says where a page lies in its list.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

func pageInfo(l List, more bool, n int, at func(int) intel.Position) *PageInfo {
	p := &PageInfo{HasNextPage: more, HasPreviousPage: l.After}
	if n > 0 {
		from, to := EncodeCursor(l.Query, at(0)), EncodeCursor(l.Query, at(n-1))
		p.StartCursor, p.EndCursor = &from, &to
	}
	return p
}

// cursorHash is how many bytes of the query's hash a cursor carries.
const cursorHash = 6

// EncodeCursor makes the cursor of a row: its position, bound to the query it
// belongs to.
func EncodeCursor(query string, at intel.Position) string {
	b, err := json.Marshal(at)
	if err != nil {
		panic("graph: a position that cannot be JSON: " + err.Error())
	}
	sum := sha256.Sum256([]byte(query))
	return base64.RawURLEncoding.EncodeToString(append(sum[:cursorHash:cursorHash], b...))
}

// The ways in which a cursor is no good.
var (
	ErrBrokenCursor  = errors.New("is no cursor: give one that an answer showed, unchanged")
	ErrForeignCursor = errors.New("belongs to another query: a cursor fits only the field, filter, order and view that it came from")
)

// DecodeCursor takes a cursor of the query apart.
func DecodeCursor(query, cursor string) (at intel.Position, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < cursorHash || json.Unmarshal(b[cursorHash:], &at) != nil || at.ID == "" {
		return at, ErrBrokenCursor
	}
	if sum := sha256.Sum256([]byte(query)); string(sum[:cursorHash]) != string(b[:cursorHash]) {
		return at, ErrForeignCursor
	}
	return at, nil
}

// related is a page of a relation: what was read for the field being resolved.
func related[T any](ctx context.Context, e *Entity, wrap func(*Entity) T) *Connection[T] {
	path := e.res.path(ctx)
	page := linkPage(e, path)
	c := &Connection[T]{wrap: wrap, res: e.res, list: e.res.list(path), more: page.More, total: page.Total}
	c.rows = make([]row, len(page.Edges))
	for i, edge := range page.Edges {
		c.rows[i] = row{node: edge.Node, edge: edge, at: edge.Position}
	}
	return c
}

func linkPage(e *Entity, path string) *intel.LinkPage {
	if page := e.node.Links[path]; page != nil {
		return page
	}
	if !e.res.list(path).Void && !absent(e.node) {
		panic("graph: no page of links at " + path)
	}
	return &intel.LinkPage{}
}

// NewConnection is the page of a root list.
func NewConnection[T any](r *Result, path string, page *intel.NodePage, wrap func(*Entity) T) *Connection[T] {
	c := &Connection[T]{wrap: wrap, res: r, list: r.list(path), more: page.More, total: page.Total}
	c.rows = make([]row, len(page.Nodes))
	for i, n := range page.Nodes {
		c.rows[i] = row{node: n, at: page.Positions[i]}
	}
	return c
}
