// Package catalog is the portable layer above a store: it checks what is sent,
// derives ids, resolves names, settles and materialises on write, groups
// commits, pages and answers under a View. It holds every rule that all stores
// share and knows no database and no transport.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dragnet/internal/intel"
)

// Catalog reads and writes a graph kept in a store. It is safe for use by many
// goroutines.
type Catalog struct {
	store   intel.Store
	now     func() time.Time
	writes  chan *job
	closing chan struct{}
	done    chan struct{}
	once    sync.Once
	watch   func(context.Context, intel.Revision, *intel.Batch)
	feed    feed
}

// New starts a catalog on a store. now is the clock that stamps changes.
// Close must be called; it does not close the store.
func New(store intel.Store, now func() time.Time) *Catalog {
	c := &Catalog{store: store, now: now, writes: make(chan *job), closing: make(chan struct{}), done: make(chan struct{})}
	c.feed.read, c.feed.wake = c.Changes, make(chan struct{}, 1)
	go c.commitLoop()
	return c
}

// Watch has a function called with every change that this catalog commits, after
// it is in the store and before those who asked for it are told. It must be set
// before anything is written, and must not write.
func (c *Catalog) Watch(f func(context.Context, intel.Revision, *intel.Batch)) { c.watch = f }

// Close waits for the writes under way and refuses new ones. Who follows changes
// gets none any more.
func (c *Catalog) Close() {
	c.once.Do(func() { close(c.closing) })
	<-c.done
	c.feed.close()
}

// Meta describes the state of the store.
func (c *Catalog) Meta(ctx context.Context) (m intel.Meta, err error) {
	err = c.store.View(ctx, func(r intel.Reader) error {
		m, err = r.Meta(ctx)
		return err
	})
	return m, err
}

// Read answers a selection under a view: in one call of the store for the
// default view, level by level from claims for any other. Of LinkIDs it answers
// those too that are outweighed, as long as some claim about them counts.
func (c *Catalog) Read(ctx context.Context, v intel.View, s intel.Selection) (a *intel.Answer, err error) {
	err = c.store.View(ctx, func(r intel.Reader) error {
		if v.IsDefault() {
			a, err = r.Select(ctx, s)
		} else {
			a, err = readUnder(ctx, r, v, s)
		}
		if err != nil || len(a.Links) == len(s.LinkIDs) {
			return err
		}
		return addOutweighed(ctx, r, v, s, a)
	})
	return a, err
}

// ErrResettle says that the store was settled under other rules than this
// binary's, so that it must be resettled before it is written to.
var ErrResettle = fmt.Errorf("%w: the graph was settled under other rules; run: dragnet resettle", intel.ErrConflict)

// Ready says what keeps the graph from being served: nil, or an error that
// says what is missing. It matches ErrResettle when a resettle is needed.
func (c *Catalog) Ready(ctx context.Context) error {
	m, err := c.Meta(ctx)
	if err != nil {
		return err
	}
	return settledHere(m)
}

func settledHere(m intel.Meta) error {
	if m.SettleVersion == intel.SettleVersion && m.NamesVersion == intel.NamesVersion {
		return nil
	}
	// An empty store is settled under any rules.
	if m.Last.Revision == 0 {
		return nil
	}
	if m.SettleVersion > intel.SettleVersion || m.NamesVersion > intel.NamesVersion {
		return fmt.Errorf("%w: the graph was settled by a newer dragnet; use that one", intel.ErrConflict)
	}
	return ErrResettle
}

var errClosed = fmt.Errorf("%w: shutting down", intel.ErrUnavailable)

// isInput says that an error is the caller's to mend.
func isInput(err error) bool {
	return errors.Is(err, intel.ErrInvalid) || errors.Is(err, intel.ErrConflict) || errors.Is(err, intel.ErrNotFound) || errors.Is(err, intel.ErrLimit)
}
