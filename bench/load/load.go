// Package load brings a generated graph into a store, in one of two ways that
// give the same graph: Through sends it to the catalog, as everybody does; Fast
// settles it in memory and puts whole chunks, for graphs of a size where the
// catalog's care would take hours. It is for benchmarks only.
package load

import (
	"context"
	"errors"
	"fmt"

	"dragnet/bench/gen"
	"dragnet/internal/intel"
)

// by is the author of everything that is loaded.
const by = "bench"

// Progress says how far a load has come.
type Progress struct {
	Entities, Claims int
}

// Options of a load. Zero values are replaced by good ones.
type Options struct {
	// Chunk is how many entities go into one commit (Fast) or are spread over
	// calls at a time (Through).
	Chunk int
	// Workers is how many goroutines settle (Fast) or send (Through).
	Workers int
	// Progress is called now and then; it may be nil.
	Progress func(Progress)
}

func (o Options) filled() Options {
	if o.Chunk <= 0 {
		o.Chunk = 1_000
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

// mustBeEmpty refuses a store that holds something.
func mustBeEmpty(ctx context.Context, s intel.Store) error {
	return s.View(ctx, func(r intel.Reader) error {
		m, err := r.Meta(ctx)
		if err == nil && m.Last.Revision != 0 {
			err = errors.New("load: the store is not empty")
		}
		return err
	})
}

// inTurn works out chunks of a graph by several goroutines and hands them on in
// order, a few at a time.
func inTurn[T any](ctx context.Context, g *gen.Graph, o Options, work func(from, to int) T, use func(T, Progress) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	turns := startWorkers(ctx, g, o, work)
	sent := Progress{}
	for turn := range turns {
		select {
		case chunk := <-turn.done:
			sent.Entities = turn.to
			if err := use(chunk, sent); err != nil {
				return fmt.Errorf("load entities up to %d: %w", turn.to, err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// turn is a chunk under way.
type turn[T any] struct {
	from, to int
	done     chan T
}

func startWorkers[T any](ctx context.Context, g *gen.Graph, o Options, settle func(from, to int) T) <-chan turn[T] {
	work, turns := make(chan turn[T]), make(chan turn[T], 2*o.Workers)
	for range o.Workers {
		go func() {
			for t := range work {
				t.done <- settle(t.from, t.to)
			}
		}()
	}
	go func() {
		defer close(turns)
		defer close(work)
		for from := 0; from < g.Len(); from += o.Chunk {
			t := turn[T]{from, min(from+o.Chunk, g.Len()), make(chan T, 1)}
			select {
			case turns <- t:
			case <-ctx.Done():
				return
			}
			select {
			case work <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	return turns
}
