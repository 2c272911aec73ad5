package neo4j

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// Update runs the function in one transaction that holds the Meta node's lock,
// so that Updates of all processes stand in line. It runs it again when the
// server says that this may help, and when the connection broke.
func (s *Store) Update(ctx context.Context, write func(intel.Writer) error) error {
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.check(ctx); err != nil {
		return err
	}
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writing }()
	var own error
	err = s.retry(ctx, func() error {
		w := &writer{token: rand.Text()}
		w.store = s
		own = nil
		failed := s.attempt(ctx, w, write)
		if w.cause != nil && passing(w.cause) {
			return w.cause
		}
		own = failed
		return nil
	})
	if own != nil {
		return own
	}
	return fault(ctx, "write", err)
}

// attempt runs one transaction. Its error is the function's, or that of a
// context; the driver's goes to the writer's cause.
func (s *Store) attempt(ctx context.Context, w *writer, write func(intel.Writer) error) error {
	session := s.session(ctx, neo4j.AccessModeWrite)
	// A context that has ended could not give the connection back in order.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	defer func() { _ = session.Close(closing) }() // what was to happen has happened, or has failed already
	tx, err := session.BeginTransaction(ctx, timeout(ctx))
	if err != nil {
		w.cause = err
		return fault(ctx, "begin to write", err)
	}
	w.tx = tx
	if err := w.lock(ctx); err != nil {
		return errors.Join(err, tx.Close(closing))
	}
	if err := write(w); err != nil || !w.wrote {
		_ = tx.Close(closing) // nothing of it is to stay
		return err
	}
	if err := ctx.Err(); err != nil {
		_ = tx.Close(closing)
		return err
	}
	err = s.gate.commit(ctx, func() error { return tx.Commit(ctx) })
	if err == nil {
		return nil
	}
	if lost(err) && s.committed(closing, w) {
		return nil
	}
	w.cause = err
	return fault(ctx, "commit", err)
}

// committed says that the transaction whose commit nobody answered was
// committed all the same: its token stands in the Meta node.
func (s *Store) committed(ctx context.Context, w *writer) bool {
	row, err := s.one(ctx, neo4j.AccessModeRead, "look for a commit", readToken, nil)
	return err == nil && len(row) == 1 && text(row[0]) == w.token
}

const readToken = `MATCH (m:Meta {id: 'dragnet'}) RETURN m.token`

// lockMeta writes before it reads: the lock is taken by the write, and what is
// read afterwards is what the last commit left.
const lockMeta = `MATCH (m:Meta {id: 'dragnet'})
SET m.token = $token
WITH m
RETURN ` + metaColumns

// A writer reads and writes in one Update.
type writer struct {
	reader
	token   string
	meta    intel.Meta // as it will be
	wrote   bool
	stamped bool // this Update has made its revision
}

func (w *writer) lock(ctx context.Context) error {
	row, err := w.run(ctx, "wait for other writers", lockMeta, map[string]any{"token": w.token})
	if err != nil {
		return err
	}
	if row == nil {
		return errNotSetUp
	}
	w.meta, err = toMeta(row)
	return err
}

// Meta is what the commit will leave.
func (w *writer) Meta(ctx context.Context) (intel.Meta, error) { return w.meta, ctx.Err() }
