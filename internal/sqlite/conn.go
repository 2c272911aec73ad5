package sqlite

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"
)

// maxStatements bounds the prepared statements that a connection keeps.
const maxStatements = 400

// conn is one connection with its prepared statements.
type conn struct {
	*sqlite.Conn
	statements map[string]*stmt
	done       <-chan struct{}
}

// stmt is a prepared statement; bound is whoever bound its parameters last, for
// callers that run one statement many times with few changes.
type stmt struct {
	*sqlite.Stmt
	bound any
}

// open opens the file, which must be there and set up.
func open(path string, writes bool) (*conn, error) {
	raw, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, missing(err)
	}
	c := &conn{Conn: raw, statements: map[string]*stmt{}}
	raw.SetBusyTimeout(busyLimit)
	settings := []string{"PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY"}
	if writes {
		settings = append(settings, "PRAGMA cache_size = -65536", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 4000")
	} else {
		// Mapped pages need no room of their own and no lock that all connections
		// share; SQLite maps at most 2 GB and reads what lies beyond.
		settings = append(settings, "PRAGMA query_only = ON", "PRAGMA cache_size = -16384", "PRAGMA mmap_size = 2147418112")
	}
	for _, q := range settings {
		if err := c.once(q); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
	}
	if err := c.checkSchema(); err != nil {
		return nil, errors.Join(err, c.close())
	}
	if writes {
		// Writers wait in lock, where the context can end the waiting.
		raw.SetBusyTimeout(0)
	}
	return c, nil
}

func (c *conn) close() error {
	for _, st := range c.statements {
		_ = st.Finalize() // it repeats the last error of the statement
	}
	return c.Conn.Close()
}

// watch makes statements end when the context does.
func (c *conn) watch(ctx context.Context) *conn {
	if done := ctx.Done(); done != c.done {
		c.SetInterrupt(done)
		c.done = done
	}
	return c
}

// prepare gives the statement of a text, ready to be bound. Statements are kept
// by text; a caller ends with Reset, so that none is in use twice.
func (c *conn) prepare(query string) (*stmt, error) {
	if st := c.statements[query]; st != nil {
		return st, nil
	}
	raw, _, err := c.PrepareTransient(query)
	if err != nil {
		return nil, err
	}
	st := &stmt{Stmt: raw}
	c.statements[query] = st
	return st, nil
}

// trim forgets statements when there are many. It is called between
// transactions, when none is in use.
func (c *conn) trim() {
	if len(c.statements) <= maxStatements {
		return
	}
	for q, st := range c.statements {
		_ = st.Finalize()
		delete(c.statements, q)
	}
}

// once runs a statement that is not worth keeping.
func (c *conn) once(query string) error {
	st, _, err := c.PrepareTransient(query)
	if err != nil {
		return err
	}
	for {
		if more, err := st.Step(); err != nil || !more {
			return errors.Join(err, st.Finalize())
		}
	}
}

// value is a parameter of a statement.
type value struct {
	sort byte // 'i', 't', 'b' or 0 for null
	n    int64
	s    string
}

func num[T ~int | ~int64](n T) value      { return value{sort: 'i', n: int64(n)} }
func txt[T ~string](s T) value            { return value{sort: 't', s: string(s)} }
func blob[T ~string | ~[]byte](b T) value { return value{sort: 'b', s: string(b)} }

// opt is a text that is null when it is empty.
func opt[T ~string](s T) value {
	if s == "" {
		return value{}
	}
	return txt(s)
}

func (v value) String() string {
	switch v.sort {
	case 'i':
		return strconv.FormatInt(v.n, 10)
	case 0:
		return "NULL"
	}
	return strconv.Quote(v.s)
}

func truth(b bool) value {
	if b {
		return num(1)
	}
	return num(0)
}

func (st *stmt) bind(from int, vs ...value) {
	for i, v := range vs {
		switch v.sort {
		case 'i':
			st.BindInt64(from+i, v.n)
		case 't':
			st.BindText(from+i, v.s)
		case 'b':
			st.BindBytes(from+i, []byte(v.s))
		default:
			st.BindNull(from + i)
		}
	}
}

// run runs a statement that answers no rows.
func (c *conn) run(query string, vs ...value) error {
	return c.each(query, nil, vs...)
}

// each runs a statement and hands over its rows. The function must not use the
// same statement.
func (c *conn) each(query string, row func(*stmt) error, vs ...value) error {
	st, err := c.prepare(query)
	if err != nil {
		return err
	}
	st.bind(1, vs...)
	st.bound = nil
	for {
		more, err := st.Step()
		if err != nil {
			return err
		}
		if !more {
			return st.Reset()
		}
		if row == nil {
			continue
		}
		if err := row(st); err != nil {
			_ = st.Reset() // the row's own error says more
			return err
		}
	}
}

func (c *conn) begin(how string) error { return c.run(how) }

// lock begins a write transaction, waiting for other processes.
func (c *conn) lock(ctx context.Context) error {
	return patiently(ctx, func() error { return c.run("BEGIN IMMEDIATE") })
}

// patiently tries again as long as another process is in the way, up to
// busyLimit. SQLite's own waiting does not see that the context ends, and leaves
// some cases out.
func patiently(ctx context.Context, try func() error) error {
	give := time.Now().Add(busyLimit)
	wait := 200 * time.Microsecond
	for {
		err := try()
		if err == nil || sqlite.ErrCode(err).ToPrimary() != sqlite.ResultBusy || time.Now().After(give) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait/2 + rand.N(wait)):
		}
		wait = min(2*wait, 20*time.Millisecond)
	}
}

// rollback ends a transaction that is still open, whatever the context says.
func (c *conn) rollback() {
	c.watch(context.Background())
	if !c.AutocommitEnabled() {
		_ = c.run("ROLLBACK") // it fails only when there is nothing left to undo
	}
	c.trim()
}
