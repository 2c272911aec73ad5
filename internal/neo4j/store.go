package neo4j

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"dragnet/internal/intel"
)

// longest bounds every call whose context has no deadline of its own.
const longest = 10 * time.Minute

// Store is an intel.Store on a Neo4j database.
//
// Neo4j isolates no further than read committed, and one statement can see half
// of a commit. Within this process a gate keeps reads and commits apart. Across
// processes every read looks at the commit counter first and last, and is
// repeated when it moved; a View of several reads is run again from the start.
type Store struct {
	driver     neo4j.DriverWithContext
	bookmarks  neo4j.BookmarkManager
	gate       gate
	writing    chan struct{} // holds a token while an Update of this process runs
	ready      atomic.Bool   // Setup was seen to have happened
	connected  atomic.Bool   // a first connection has been made
	connecting chan struct{} // holds whoever makes it

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var _ intel.Store = (*Store)(nil)

// Open makes a store on the server at the URI: bolt://, bolt+s://, neo4j:// or
// neo4j+s://, without user and password in it. An empty user means that the
// server asks for none. It connects when it is first used.
func Open(uri, user, password string) (*Store, error) {
	auth := neo4j.NoAuth()
	if user != "" {
		auth = neo4j.BasicAuth(user, password, "")
	}
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Host == "" || parsed.User != nil {
		// The parser's error shows the URI, and with it perhaps a password.
		return nil, intel.Invalid("", "the address of Neo4j is a URI such as neo4j://host:7687, with user and password apart from it")
	}
	bookmarks := neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})
	driver, err := neo4j.NewDriverWithContext(uri, auth, func(c *config.Config) {
		c.UserAgent = "dragnet"
		c.TelemetryDisabled = true
		c.NotificationsMinSeverity = notifications.DisabledLevel
	})
	if err != nil {
		return nil, intel.Invalid("", "the address of Neo4j does not begin with one of bolt://, bolt+s://, bolt+ssc://, neo4j://, neo4j+s://, neo4j+ssc://")
	}
	return &Store{driver: driver, bookmarks: bookmarks, writing: make(chan struct{}, 1), connecting: make(chan struct{}, 1)}, nil
}

// Close waits for what runs and gives the connections back.
func (s *Store) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	if closed {
		return errClosed
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return fault(ctx, "close", s.driver.Close(ctx))
}

// begin counts a call as running and gives its context a deadline.
func (s *Store) begin(ctx context.Context) (context.Context, func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if !s.enter() {
		return nil, nil, errClosed
	}
	ctx, cancel := timely(ctx)
	done := func() { cancel(); s.running.Done() }
	if err := s.connect(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return ctx, done, nil
}

func (s *Store) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.running.Add(1)
	}
	return !s.closed
}

// connect makes the first connection. The driver (5.28.5) then sets itself up
// without a lock, so one call does it, and the others wait for it as long as
// they may.
func (s *Store) connect(ctx context.Context) error {
	if s.connected.Load() {
		return nil
	}
	select {
	case s.connecting <- struct{}{}:
		defer func() { <-s.connecting }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.connected.Load() {
		return nil
	}
	if err := s.driver.VerifyConnectivity(ctx); err != nil {
		return fault(ctx, "connect", err)
	}
	s.connected.Store(true)
	return nil
}

// timely gives a context a deadline when it has none.
func timely(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, longest)
}

// timeout is what the server is told to bound a transaction by: what the
// context leaves, so that nothing runs on for a caller that is gone.
func timeout(ctx context.Context) func(*neo4j.TransactionConfig) {
	left := longest
	if at, ok := ctx.Deadline(); ok {
		left = max(time.Until(at), time.Millisecond)
	}
	return neo4j.WithTxTimeout(left.Round(time.Millisecond))
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, BookmarkManager: s.bookmarks, FetchSize: neo4j.FetchAll})
}

// one runs a statement that answers at most one row, in a transaction of its
// own; nil means that it answered none. It tries again when the server says
// that this may help.
func (s *Store) one(ctx context.Context, mode neo4j.AccessMode, doing, statement string, params map[string]any) (row []any, err error) {
	err = s.retry(ctx, func() error {
		row, err = s.once(ctx, mode, statement, params)
		return err
	})
	return row, fault(ctx, doing, err)
}

func (s *Store) once(ctx context.Context, mode neo4j.AccessMode, statement string, params map[string]any) (row []any, err error) {
	session := s.session(ctx, mode)
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	result, err := session.Run(ctx, statement, params, timeout(ctx))
	if err != nil {
		return nil, err
	}
	return oneRow(ctx, result)
}

func oneRow(ctx context.Context, result neo4j.ResultWithContext) ([]any, error) {
	records, err := result.Collect(ctx)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records[0].Values, nil
}

// retry runs work again, after longer and longer pauses, while its errors are
// of those that pass: a second for a lost connection, 15 for a busy server.
func (s *Store) retry(ctx context.Context, work func() error) error {
	pause := 5 * time.Millisecond
	began := time.Now()
	for {
		err := work()
		if err == nil || !passing(err) || ctx.Err() != nil {
			return err
		}
		patience := 15 * time.Second
		if lost(err) {
			patience = time.Second
		}
		if time.Since(began)+pause > patience {
			return err
		}
		if wait(ctx, pause) != nil {
			return err
		}
		pause *= 2
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// check answers an error unless Setup has been called on the database.
func (s *Store) check(ctx context.Context) error {
	if s.ready.Load() {
		return nil
	}
	row, err := s.one(ctx, neo4j.AccessModeRead, "look at the schema", readMeta, nil)
	if err != nil {
		return err
	}
	if row == nil {
		return errNotSetUp
	}
	s.ready.Store(true)
	return nil
}

// Rows come as lists of values whose types the statements fix.

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func each[T any](items []any, read func([]any) (T, error)) ([]T, error) {
	out := make([]T, 0, len(items))
	for _, item := range items {
		v, err := read(list(item))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

var errShape = errors.New("neo4j store: an answer of the server has not the shape that was asked for")
