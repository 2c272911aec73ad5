package neo4j

import (
	"context"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

const (
	// freeTries is how often a View runs before it pins the gate.
	freeTries = 2
	// viewTries is how often it runs at all.
	viewTries = 8
	// readTries is how often one read is repeated because another process was
	// committing under it.
	readTries = 40
)

// View runs the function, again from the start when the graph moved between
// two of its reads.
func (s *Store) View(ctx context.Context, read func(intel.Reader) error) error {
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.check(ctx); err != nil {
		return err
	}
	for try := 1; ; try++ {
		r := &reader{store: s}
		err := s.runView(r, try > freeTries, read)
		if !r.moved || try == viewTries || ctx.Err() != nil {
			if r.moved && err == nil {
				err = errMoved
			}
			return err
		}
	}
}

func (s *Store) runView(r *reader, pin bool, read func(intel.Reader) error) error {
	if pin {
		s.gate.pin()
		defer s.gate.unpin()
	}
	return read(r)
}

// A reader reads for one View, or, with a transaction, for one Update.
type reader struct {
	store *Store
	tx    neo4j.ExplicitTransaction // nil in a View
	// What a View has seen of the commit counter.
	seen    bool
	commits int64
	moved   bool
	// cause is the driver's error that broke the transaction.
	cause error
}

// Every statement that reads begins and ends like this, so that it tells the
// commit counter of before and after. LIMIT keeps the planner from reading the
// first one late. The columns before and after come first.
const (
	readBegin = "MATCH (meta0:Meta {id: 'dragnet'})\nWITH meta0.commits AS before, meta0.revision AS revision LIMIT 1\n"
	readEnd   = "MATCH (meta1:Meta {id: 'dragnet'})\nRETURN before, meta1.commits AS after"
)

// read runs a statement made of readBegin and readEnd and gives the columns
// behind the two counters.
func (r *reader) read(ctx context.Context, doing, statement string, params map[string]any) ([]any, error) {
	ctx, cancel := timely(ctx)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.tx != nil {
		return r.readTx(ctx, doing, statement, params)
	}
	for try := 1; ; try++ {
		row, err := r.store.readWhole(ctx, doing, statement, params)
		if err != nil {
			return nil, err
		}
		if len(row) < 2 {
			return nil, errNotSetUp
		}
		before, after := number(row[0]), number(row[1])
		if before == after {
			return row[2:], r.note(after)
		}
		if try == readTries || wait(ctx, time.Duration(try)*time.Millisecond) != nil {
			r.moved = true
			return nil, errMoved
		}
	}
}

// readWhole runs a statement that no commit of this process overlaps.
func (s *Store) readWhole(ctx context.Context, doing, statement string, params map[string]any) (row []any, err error) {
	err = s.retry(ctx, func() error {
		return s.gate.read(ctx, func() error {
			row, err = s.once(ctx, neo4j.AccessModeRead, statement, params)
			return err
		})
	})
	return row, fault(ctx, doing, err)
}

// note holds what a View sees together.
func (r *reader) note(commits int64) error {
	if r.seen && r.commits != commits {
		r.moved = true
		return errMoved
	}
	r.seen, r.commits = true, commits
	return nil
}

func (r *reader) readTx(ctx context.Context, doing, statement string, params map[string]any) ([]any, error) {
	row, err := r.run(ctx, doing, statement, params)
	if err == nil && len(row) < 2 {
		err = errNotSetUp
	}
	if err != nil {
		return nil, err
	}
	return row[2:], nil
}

// run runs a statement of at most one row in the transaction.
func (r *reader) run(ctx context.Context, doing, statement string, params map[string]any) ([]any, error) {
	if r.cause != nil {
		return nil, fault(ctx, doing, r.cause) // the transaction has failed already
	}
	result, err := r.tx.Run(ctx, statement, params)
	if err == nil {
		var row []any
		if row, err = oneRow(ctx, result); err == nil {
			return row, nil
		}
	}
	r.cause = err
	return nil, fault(ctx, doing, err)
}
