package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"dragnet/internal/intel"
)

// busyLimit is how long a call waits for another process that writes, before
// it gives up with ErrUnavailable.
const busyLimit = 20 * time.Second

// longLog is the size in bytes at which the log is emptied by force.
const longLog = 128 << 20

// Store is a store in one file. It is safe for use by many goroutines and by
// several processes at once.
type Store struct {
	path string
	// vocabulary holds the words of the database as far as they are known; it is
	// replaced, never changed.
	vocabulary atomic.Pointer[vocabulary]

	manyEntities int64     // see there; tests set it low
	longLog      int64     // bytes of log that are too many
	shortened    time.Time // when the log was last emptied by force; the writer's

	readers chan *conn    // idle ones
	room    chan struct{} // one token for each reader that may exist
	turn    chan *conn    // the one writer, nil until it is needed

	mu      sync.Mutex
	running int
	closed  bool
	idle    chan struct{} // closed when closed and nothing runs any more
}

var _ intel.Store = (*Store)(nil)

// Open makes a store of the file at path, which must lie in an existing
// folder. The file itself is made by Setup. The error does not name the path.
func Open(path string) (*Store, error) {
	switch info, err := os.Stat(filepath.Dir(path)); { //nolint:gosec // the path is where the user wants the store
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("open the store: %w: the folder of the file does not exist", intel.ErrUnavailable)
	case err != nil:
		return nil, fmt.Errorf("open the store: %w: the folder of the file cannot be read", intel.ErrUnavailable)
	case !info.IsDir():
		return nil, fmt.Errorf("open the store: %w: what should be the folder of the file is none", intel.ErrUnavailable)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() { //nolint:gosec // as above
		return nil, fmt.Errorf("open the store: %w: the file is a folder", intel.ErrUnavailable)
	}
	n := max(8, 2*runtime.GOMAXPROCS(0))
	s := &Store{path: path, manyEntities: manyEntities, longLog: longLog, readers: make(chan *conn, n), room: make(chan struct{}, n), turn: make(chan *conn, 1), idle: make(chan struct{})}
	for range n {
		s.room <- struct{}{}
	}
	s.turn <- nil
	s.vocabulary.Store(&vocabulary{})
	return s, nil
}

// View implements intel.Store: one read transaction.
func (s *Store) View(ctx context.Context, read func(intel.Reader) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	c, err := s.reader(ctx)
	if err != nil {
		return failure(ctx, "read", err)
	}
	defer s.giveBack(c)
	defer c.watch(context.Background())
	r := &reader{s: s, c: c, vocabulary: s.vocabulary.Load()}
	if err := c.watch(ctx).begin("BEGIN"); err != nil {
		return failure(ctx, "read", err)
	}
	defer c.rollback()
	if err := r.look(); err != nil {
		return failure(ctx, "read", err)
	}
	return read(r)
}

// Update implements intel.Store: one write transaction. The function runs once.
func (s *Store) Update(ctx context.Context, write func(intel.Writer) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	var c *conn
	select {
	case c = <-s.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.turn <- c }()
	if c == nil {
		var err error
		if c, err = open(s.path, true); err != nil {
			return failure(ctx, "write", err)
		}
	}
	defer c.watch(context.Background())
	w := &writer{reader: reader{s: s, c: c.watch(ctx), vocabulary: s.vocabulary.Load(), writes: true}}
	if err := c.lock(ctx); err != nil {
		return failure(ctx, "write", err)
	}
	defer c.rollback()
	if err := errors.Join(c.checkSchema(), w.look()); err != nil {
		return failure(ctx, "write", err)
	}
	if err := write(w); err != nil {
		return err
	}
	if w.failed != nil {
		return w.failed
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// From here on the call can no longer be cancelled: its answer says for
	// certain whether the change is kept.
	if err := c.watch(context.Background()).run("COMMIT"); err != nil {
		return failure(context.Background(), "commit", err)
	}
	s.learn(w.vocabulary)
	s.shorten(c)
	return nil
}

// shorten empties the log when it has grown long. Mostly the commits see to that
// themselves, but they cannot begin the log anew while some reader is always at
// work; this waits a moment for those that are.
func (s *Store) shorten(c *conn) {
	info, err := os.Stat(s.path + "-wal") //nolint:gosec // it lies beside the store
	if err != nil || info.Size() < s.longLog || time.Since(s.shortened) < time.Second {
		return
	}
	s.shortened = time.Now()
	c.SetBusyTimeout(100 * time.Millisecond)
	_ = c.once("PRAGMA wal_checkpoint(TRUNCATE)") // the next commit tries again
	c.SetBusyTimeout(0)
}

// Close implements intel.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	if !again && s.running == 0 {
		close(s.idle)
	}
	s.mu.Unlock()
	<-s.idle
	if again {
		return fmt.Errorf("%w: it is closed", intel.ErrUnavailable)
	}
	var errs []error
	if c := <-s.turn; c != nil {
		errs = append(errs, c.close())
	}
	for len(s.readers) > 0 {
		errs = append(errs, (<-s.readers).close())
	}
	if err := errors.Join(errs...); err != nil {
		return failure(context.Background(), "close", err)
	}
	return nil
}

// enter counts a call in; leave counts it out.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("%w: it is closed", intel.ErrUnavailable)
	}
	s.running++
	return nil
}

func (s *Store) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.closed && s.running == 0 {
		close(s.idle)
	}
}

// reader takes an idle reader, or makes one while there is room.
func (s *Store) reader(ctx context.Context) (*conn, error) {
	select {
	case c := <-s.readers:
		return c, nil
	default:
	}
	select {
	case c := <-s.readers:
		return c, nil
	case <-s.room:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := open(s.path, false)
	if err != nil {
		s.room <- struct{}{}
	}
	return c, err
}

func (s *Store) giveBack(c *conn) { s.readers <- c }
