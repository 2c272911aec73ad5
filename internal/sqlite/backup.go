package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"

	"zombiezen.com/go/sqlite"

	"dragnet/internal/intel"
)

// Backup copies the store in one file to another, as it is at one moment, while
// others go on reading and writing it. What is at the other path is replaced,
// once the copy is whole and on the disk.
func Backup(ctx context.Context, from, to string) error {
	return failure(ctx, "back up", copyStore(ctx, from, to))
}

// Restore puts a backup in the place of a store. It is ErrConflict when somebody
// has that open, and ErrUnavailable when the backup is damaged; then nothing is
// changed.
func Restore(ctx context.Context, from, to string) error {
	for _, step := range []func() error{
		func() error { return sound(ctx, from) },
		func() error { return unused(ctx, to) },
		func() error { return copyStore(ctx, from, to) },
	} {
		if err := step(); err != nil {
			return failure(ctx, "restore", err)
		}
	}
	return nil
}

// withFile runs a piece of work on a file that holds a store of this program or
// an older one.
func withFile(ctx context.Context, path string, work func(*conn) error) error {
	raw, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return missing(err)
	}
	c := &conn{Conn: raw, statements: map[string]*stmt{}}
	c.watch(ctx)
	raw.SetBusyTimeout(busyLimit)
	if err = c.checkSchema(); err == nil || errors.Is(err, errOlder) {
		err = work(c)
	}
	c.watch(context.Background())
	return errors.Join(err, c.close())
}

// copyStore writes a copy beside its place, and puts it there when it is whole.
func copyStore(ctx context.Context, from, to string) error {
	part := to + ".part"
	defer removeStore(part)
	removeStore(part) // of a copy that was broken off
	err := withFile(ctx, from, func(c *conn) error { return c.run("VACUUM INTO ?", txt(part)) })
	if err != nil {
		return err
	}
	// A copy does not log ahead of itself before it is told to.
	if err := withFile(ctx, part, (*conn).logAhead); err != nil {
		return err
	}
	if err := flushed(part); err != nil {
		return err
	}
	// The log of what is replaced is not that of the copy.
	for _, of := range []string{"-wal", "-shm"} {
		if err := os.Remove(to + of); err != nil && !errors.Is(err, os.ErrNotExist) {
			return unwritten(err)
		}
	}
	return unwritten(os.Rename(part, to))
}

// removeStore removes a file with its log, as far as they are there.
func removeStore(path string) {
	for _, of := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + of)
	}
}

func flushed(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return unwritten(err)
	}
	return unwritten(errors.Join(f.Sync(), f.Close()))
}

func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: the copy cannot be put in its place", intel.ErrUnavailable)
}

// sound says that a file holds a store which is not damaged.
func sound(ctx context.Context, path string) error {
	return withFile(ctx, path, func(c *conn) error {
		verdict := ""
		err := c.each("PRAGMA integrity_check(1)", func(st *stmt) error {
			verdict = st.ColumnText(0)
			return nil
		})
		if err == nil && verdict != "ok" {
			return fmt.Errorf("%w: the backup is damaged", intel.ErrUnavailable)
		}
		return err
	})
}

// unused says that nobody has a store open: the last one to leave may end its
// log. What is no store, or a damaged one, is used by nobody.
func unused(ctx context.Context, path string) error {
	err := withFile(ctx, path, func(c *conn) error {
		c.SetBusyTimeout(0)
		return c.once("PRAGMA journal_mode = DELETE")
	})
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return fmt.Errorf("%w: somebody has the store open; stop Dragnet first", intel.ErrConflict)
	}
	return ctx.Err()
}
