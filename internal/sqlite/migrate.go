package sqlite

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"dragnet/internal/intel"
)

// migrations are the steps of the schema in order of their names. Step n brings
// user_version from n-1 to n. A step that has been released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours: "DRGN".
const applicationID = 0x4452474e

func steps() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return names
}

// Setup implements intel.Store. It makes the file when there is none.
func (s *Store) Setup(ctx context.Context) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	raw, err := sqlite.OpenConn(s.path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return failure(ctx, "set up", err)
	}
	c := &conn{Conn: raw, statements: map[string]*stmt{}}
	err = c.watch(ctx).migrate(ctx)
	c.watch(context.Background())
	return failure(ctx, "set up", errors.Join(err, c.close()))
}

func (c *conn) migrate(ctx context.Context) error {
	c.SetBusyTimeout(0)
	if err := patiently(ctx, c.checkSchema); !behind(err) {
		return err
	}
	if err := patiently(ctx, c.logAhead); err != nil {
		return err
	}
	for {
		if done, err := c.step(ctx); err != nil || done {
			return err
		}
	}
}

// behind says that the schema has steps yet to come.
func behind(err error) bool { return errors.Is(err, errNotSetUp) || errors.Is(err, errOlder) }

// logAhead puts the file into write-ahead logging, so that readers and the
// writer do not wait for each other. Some network file systems cannot do it.
func (c *conn) logAhead() error {
	mode := ""
	err := c.each("PRAGMA journal_mode = WAL", func(st *stmt) error {
		mode = st.ColumnText(0)
		return nil
	})
	if err == nil && mode != "wal" {
		return errNoLog
	}
	return err
}

// step does the next step of the schema, whole or not at all; done says that
// there was none.
func (c *conn) step(ctx context.Context) (done bool, err error) {
	if err := c.lock(ctx); err != nil {
		return false, err
	}
	defer c.rollback()
	if err := c.checkSchema(); !behind(err) {
		return true, err
	}
	at, err := c.pragma("PRAGMA user_version")
	if err != nil {
		return false, err
	}
	script, err := migrations.ReadFile(steps()[at])
	if err != nil {
		return false, err
	}
	if err := sqlitex.ExecScript(c.Conn, string(script)); err != nil {
		return false, err
	}
	if at == 0 {
		if err := c.found(); err != nil {
			return false, err
		}
	}
	if err := c.once("PRAGMA user_version = " + strconv.FormatInt(at+1, 10)); err != nil {
		return false, err
	}
	return false, c.run("COMMIT")
}

// found writes what a new store begins with: its epoch and the words of the
// ontology.
func (c *conn) found() error {
	if err := c.once("PRAGMA application_id = " + strconv.Itoa(applicationID)); err != nil {
		return err
	}
	var epoch [6]byte
	if _, err := rand.Read(epoch[:]); err != nil {
		return err
	}
	if err := c.run("INSERT INTO meta (one, epoch) VALUES (1, ?)", txt(hex.EncodeToString(epoch[:]))); err != nil {
		return err
	}
	add := func(class, i int, text string) error {
		return c.run("INSERT INTO word (class, no, text) VALUES (?, ?, ?)", num(class), num(i+1), txt(text))
	}
	for i, k := range intel.Kinds() {
		if err := add(kindWord, i, string(k)); err != nil {
			return err
		}
	}
	for i, t := range intel.LinkTypes() {
		if err := add(typeWord, i, string(t.Type)); err != nil {
			return err
		}
	}
	for i, p := range intel.Properties() {
		if err := add(propertyWord, i, string(p.Property)); err != nil {
			return err
		}
	}
	return nil
}

// checkSchema says whether the file has the schema this program knows. It looks
// at one state of the file, as another process may just be setting it up.
func (c *conn) checkSchema() error {
	if !c.AutocommitEnabled() {
		return c.schema()
	}
	if err := c.run("BEGIN"); err != nil {
		return err
	}
	err := c.schema()
	return errors.Join(err, c.run("ROLLBACK"))
}

func (c *conn) schema() error {
	version, err := c.pragma("PRAGMA user_version")
	if err != nil {
		return err
	}
	id, err := c.pragma("PRAGMA application_id")
	if err != nil {
		return err
	}
	switch known := int64(len(steps())); {
	case version == 0 && id == 0:
		tables, err := c.pragma("SELECT count(*) FROM sqlite_schema")
		if err != nil {
			return err
		}
		if tables > 0 {
			return errForeign
		}
		return errNotSetUp
	case id != applicationID:
		return errForeign
	case version > known:
		return fmt.Errorf("%w (it is at step %d, this program knows %d)", errNewer, version, known)
	case version < known:
		return errOlder
	}
	return nil
}

func (c *conn) pragma(query string) (n int64, err error) {
	err = c.each(query, func(st *stmt) error {
		n = st.ColumnInt64(0)
		return nil
	})
	return n, err
}
