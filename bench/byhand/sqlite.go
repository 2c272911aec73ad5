package byhand

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"dragnet/internal/intel"
)

// SQLite walks a store's file by prepared statements on a connection of its own.
type SQLite struct {
	conn  *sqlite.Conn
	kinds map[int64]intel.Kind
	types map[int64]intel.LinkType
	no    map[intel.LinkType]int64

	begin, end, root, degree, level, all, name *sqlite.Stmt
}

const (
	// One type in one direction: a range of the tree of edges, in its order but
	// for neighbours of one name.
	levelSQL = `SELECT d.there, d.there_kind, d.support, e.id, e.name, d.there_sort
		FROM edge d CROSS JOIN entity e ON e.no = d.there
		WHERE d.here = ?1 AND d.type = ?2 AND d.dir = ?3
		ORDER BY d.there_sort`

	// All links of an entity that has few, without the neighbours: sorted here,
	// only the first ones are looked up.
	allSQL = "SELECT there, there_kind, support, there_sort, type, dir FROM edge WHERE here = ?1"

	nameSQL = "SELECT id, name FROM entity WHERE no = ?"

	rootSQL   = "SELECT no, kind, id, name FROM entity WHERE id = ? AND sort_key IS NOT NULL"
	degreeSQL = "SELECT type, dir, sum(n) FROM degree WHERE entity = ? GROUP BY type, dir"
)

// OpenSQLite opens the file of a store that is set up.
func OpenSQLite(path string) (*SQLite, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	s := &SQLite{conn: conn, kinds: map[int64]intel.Kind{}, types: map[int64]intel.LinkType{}, no: map[intel.LinkType]int64{}}
	if err := s.ready(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

func (s *SQLite) ready() error {
	for _, q := range []string{"PRAGMA query_only = ON", "PRAGMA cache_size = -65536", "PRAGMA temp_store = MEMORY"} {
		st, _, err := s.conn.PrepareTransient(q)
		if err != nil {
			return err
		}
		if _, err := st.Step(); err != nil {
			return err
		}
		if err := st.Finalize(); err != nil {
			return err
		}
	}
	for query, into := range map[string]**sqlite.Stmt{
		"BEGIN": &s.begin, "COMMIT": &s.end, rootSQL: &s.root, degreeSQL: &s.degree, levelSQL: &s.level, allSQL: &s.all, nameSQL: &s.name,
	} {
		st, err := s.conn.Prepare(query)
		if err != nil {
			return err
		}
		*into = st
	}
	return s.readWords()
}

// readWords reads the numbers of kinds (class 0) and link types (class 1).
func (s *SQLite) readWords() error {
	st, err := s.conn.Prepare("SELECT class, no, text FROM word WHERE class < 2")
	if err != nil {
		return err
	}
	for {
		more, err := st.Step()
		if err != nil || !more {
			return errors.Join(err, st.Reset())
		}
		no, text := st.ColumnInt64(1), st.ColumnText(2)
		if st.ColumnInt(0) == 0 {
			s.kinds[no] = intel.Kind(text)
			continue
		}
		s.types[no], s.no[intel.LinkType(text)] = intel.LinkType(text), no
	}
}

// Close implements Walker.
func (s *SQLite) Close(context.Context) error { return s.conn.Close() }

// Walk implements Walker: one transaction.
func (s *SQLite) Walk(_ context.Context, root string, hops []Hop) (*Item, error) {
	if _, err := s.begin.Step(); err != nil {
		return nil, err
	}
	it, err := s.walk(root, hops)
	_, end := s.end.Step()
	return it, errors.Join(err, s.begin.Reset(), end, s.end.Reset())
}

func (s *SQLite) walk(root string, hops []Hop) (*Item, error) {
	s.root.BindText(1, root)
	found, err := s.root.Step()
	if err != nil || !found {
		return nil, errors.Join(err, s.root.Reset())
	}
	no := s.root.ColumnInt64(0)
	it := &Item{ID: s.root.ColumnText(2), Name: s.root.ColumnText(3), Kind: s.kinds[s.root.ColumnInt64(1)]}
	if err := s.root.Reset(); err != nil {
		return nil, err
	}
	it.Below, err = s.below(no, it.ID, hops)
	return it, err
}

// row is an item with its number and its place in the order.
type row struct {
	Item
	no   int64
	sort string
}

func (s *SQLite) below(here int64, id string, hops []Hop) ([]Item, error) {
	if len(hops) == 0 {
		return nil, nil
	}
	var rows []row
	var err error
	if h := hops[0]; h.Type == "" {
		rows, err = s.everything(here, id, h.First)
	} else {
		rows, err = s.sequence(here, s.no[h.Type], h.In, h.First)
	}
	if err != nil {
		return nil, err
	}
	out := make([]Item, len(rows))
	for i := range rows {
		out[i] = rows[i].Item
		if out[i].Below, err = s.below(rows[i].no, rows[i].ID, hops[1:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sequence reads the first neighbours over one type in one direction.
func (s *SQLite) sequence(here, typ int64, in bool, first int) ([]row, error) {
	st, name, ties := s.level, s.types[typ], false
	st.BindInt64(1, here)
	st.BindInt64(2, typ)
	st.BindBool(3, in)
	rows := make([]row, 0, first+1)
	for {
		more, err := st.Step()
		if err != nil {
			return nil, errors.Join(err, st.Reset())
		}
		if !more {
			break
		}
		sort := st.ColumnText(5)
		if n := len(rows); n > 0 && rows[n-1].sort == sort {
			ties = true
		} else if n >= first {
			break
		}
		rows = append(rows, row{
			Item: Item{ID: st.ColumnText(3), Name: st.ColumnText(4), Kind: s.kinds[st.ColumnInt64(1)], Type: name, In: in, Support: st.ColumnInt64(2)},
			no:   st.ColumnInt64(0), sort: sort,
		})
	}
	if ties {
		slices.SortFunc(rows, compare)
	}
	return rows[:min(first, len(rows))], st.Reset()
}

// compare orders rows by name, then id.
func compare(a, b row) int {
	return cmp.Or(strings.Compare(a.sort, b.sort), strings.Compare(a.ID, b.ID))
}

// compareLinks orders links from one entity further, by their own ids.
func compareLinks(here string) func(a, b row) int {
	link := func(r row) string {
		if r.In {
			return r.ID + "|" + string(r.Type) + "|" + here
		}
		return here + "|" + string(r.Type) + "|" + r.ID
	}
	return func(a, b row) int {
		if c := compare(a, b); c != 0 {
			return c
		}
		return strings.Compare(link(a), link(b))
	}
}

// few is up to how many links an entity's links are read and sorted whole.
const few = 60

// everything reads the first neighbours over all links.
func (s *SQLite) everything(here int64, id string, first int) ([]row, error) {
	type run struct {
		typ int64
		in  bool
	}
	var runs []run
	total := int64(0)
	s.degree.BindInt64(1, here)
	for {
		more, err := s.degree.Step()
		if err != nil {
			return nil, errors.Join(err, s.degree.Reset())
		}
		if !more {
			break
		}
		if n := s.degree.ColumnInt64(2); n > 0 {
			runs = append(runs, run{s.degree.ColumnInt64(0), s.degree.ColumnBool(1)})
			total += n
		}
	}
	if err := s.degree.Reset(); err != nil {
		return nil, err
	}
	if total <= few {
		return s.allOf(here, id, first)
	}
	var rows []row
	for _, r := range runs {
		part, err := s.sequence(here, r.typ, r.in, first)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	slices.SortFunc(rows, compareLinks(id))
	return rows[:min(first, len(rows))], nil
}

// allOf reads all links of an entity, and of the first ones the neighbours.
func (s *SQLite) allOf(here int64, id string, first int) ([]row, error) {
	st := s.all
	st.BindInt64(1, here)
	rows := make([]row, 0, 32)
	for {
		more, err := st.Step()
		if err != nil {
			return nil, errors.Join(err, st.Reset())
		}
		if !more {
			break
		}
		rows = append(rows, row{
			Item: Item{Kind: s.kinds[st.ColumnInt64(1)], Type: s.types[st.ColumnInt64(4)], In: st.ColumnBool(5), Support: st.ColumnInt64(2)},
			no:   st.ColumnInt64(0), sort: st.ColumnText(3),
		})
	}
	if err := st.Reset(); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.sort, b.sort) })
	end := min(first, len(rows))
	for end > 0 && end < len(rows) && rows[end].sort == rows[end-1].sort {
		end++
	}
	rows = rows[:end]
	for i := range rows {
		if err := s.lookUp(&rows[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(rows, compareLinks(id))
	return rows[:min(first, len(rows))], nil
}

func (s *SQLite) lookUp(r *row) error {
	s.name.BindInt64(1, r.no)
	_, err := s.name.Step()
	r.ID, r.Name = s.name.ColumnText(0), s.name.ColumnText(1)
	return errors.Join(err, s.name.Reset())
}
