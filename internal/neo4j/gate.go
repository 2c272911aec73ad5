package neo4j

import (
	"context"
	"sync"
)

// A gate keeps reads whole within one process: no statement reads while a
// commit is being applied. Statements share it for as long as they run, never
// for a whole View, so a slow View holds up no commit and a View within a View
// cannot lock itself out. A View that saw the graph move under it too often
// pins it: commits then wait until that View has ended.
type gate struct {
	reads sync.RWMutex // exclusive only around a commit
	mu    sync.Mutex
	pins  int
	freed chan struct{} // closed when pins falls to 0
}

// read runs one statement.
func (g *gate) read(statement func() error) error {
	g.reads.RLock()
	defer g.reads.RUnlock()
	return statement()
}

// pin keeps commits out until unpin.
func (g *gate) pin() {
	g.reads.RLock()
	defer g.reads.RUnlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pins == 0 {
		g.freed = make(chan struct{})
	}
	g.pins++
}

func (g *gate) unpin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pins--; g.pins == 0 {
		close(g.freed)
	}
}

// pinned gives what is closed when the last pin is gone, or nil.
func (g *gate) pinned() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pins == 0 {
		return nil
	}
	return g.freed
}

// commit runs a commit while nothing reads, or answers the context's error when
// that ends before the last pin is gone.
func (g *gate) commit(ctx context.Context, commit func() error) error {
	for {
		g.reads.Lock()
		freed := g.pinned()
		if freed == nil {
			defer g.reads.Unlock()
			return commit()
		}
		g.reads.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
