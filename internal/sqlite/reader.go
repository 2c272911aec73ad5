package sqlite

import (
	"context"
	"time"

	"dragnet/internal/intel"
)

// reader reads one transaction's state.
type reader struct {
	s          *Store
	c          *conn
	vocabulary *vocabulary
	writes     bool
	coined     bool // the vocabulary holds words that are not committed
	revision   int64
	room       textRoom
	lost       error // why a word could not be looked up
	// ids hold the texts of ids by number, as far as they were needed.
	entities, sources map[int64]string
}

var _ intel.Reader = (*reader)(nil)

// use readies the connection for a call. The context is usually the one that
// the transaction began with.
func (r *reader) use(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.c.watch(ctx)
	return nil
}

// look reads the revision, which pins the state that all reads see.
func (r *reader) look() error {
	return r.c.each("SELECT revision FROM meta", func(st *stmt) error {
		r.revision = st.ColumnInt64(0)
		return nil
	})
}

// Meta implements intel.Reader.
func (r *reader) Meta(ctx context.Context) (m intel.Meta, err error) {
	if err := r.use(ctx); err != nil {
		return m, err
	}
	err = r.c.each(`SELECT epoch, revision, at, author, settle_version, names_version,
		entities, stubs, links, claims, sources FROM meta`, func(st *stmt) error {
		m.Epoch = st.ColumnText(0)
		m.Last = intel.Stamp{Revision: st.ColumnInt64(1), At: momentAt(st, 2), By: st.ColumnText(3)}
		m.SettleVersion, m.NamesVersion = st.ColumnInt(4), st.ColumnInt(5)
		m.Counts = intel.Counts{Entities: st.ColumnInt64(6), Stubs: st.ColumnInt64(7), Links: st.ColumnInt64(8), Claims: st.ColumnInt64(9), Sources: st.ColumnInt64(10)}
		return nil
	})
	return m, failure(ctx, "read the state", err)
}

// moment is a time in whole microseconds; the zero time is null.
func moment(t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	return num(t.UnixMicro())
}

func momentAt(st *stmt, col int) time.Time {
	if st.ColumnIsNull(col) {
		return time.Time{}
	}
	return time.UnixMicro(st.ColumnInt64(col)).UTC()
}

// entityID gives the id of an entity's number.
func (r *reader) entityID(no int64) (string, error) {
	return r.id(&r.entities, "SELECT id FROM entity WHERE no = ?", no)
}

func (r *reader) sourceID(no int64) (string, error) {
	return r.id(&r.sources, "SELECT id FROM source WHERE no = ?", no)
}

func (r *reader) id(known *map[int64]string, query string, no int64) (id string, err error) {
	if id, ok := (*known)[no]; ok {
		return id, nil
	}
	err = r.c.each(query, func(st *stmt) error {
		id = st.ColumnText(0)
		return nil
	}, num(no))
	if err != nil {
		return "", err
	}
	if *known == nil {
		*known = map[int64]string{}
	}
	(*known)[no] = id
	return id, nil
}

// entityNo gives the number of an entity's id, 0 when the store has none.
func (r *reader) entityNo(id string) (int64, error) {
	return r.no("SELECT no FROM entity WHERE id = ?", txt(id))
}

func (r *reader) sourceNo(id string) (int64, error) {
	return r.no("SELECT no FROM source WHERE id = ?", txt(id))
}

func (r *reader) no(query string, vs ...value) (no int64, err error) {
	err = r.c.each(query, func(st *stmt) error {
		no = st.ColumnInt64(0)
		return nil
	}, vs...)
	return no, err
}
