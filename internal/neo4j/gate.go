package neo4j

import (
	"context"
	"sync"
	"time"
)

const (
	// patience is how long a commit waits for statements that read. Those that
	// last longer are overtaken, and repeat themselves.
	patience = 50 * time.Millisecond
	// overtakes is how often one statement lets itself be overtaken before it
	// pins the gate.
	overtakes = 2
)

// A gate keeps reads whole within one process: no statement's answer counts
// that was read while a commit was being applied. Statements hold the gate for
// as long as they run, never for a whole View, so a View within a View cannot
// lock itself out. A commit holds back new statements, waits a little for those
// that run, and overtakes the slow; so neither a slow read nor a slow View
// holds up others. Who was overtaken too often pins the gate, and commits wait
// until it is done.
type gate struct {
	mu      sync.Mutex
	active  int           // statements that run
	commits int           // commits that began
	pins    int           // who must not be overtaken
	open    chan struct{} // while a commit holds statements back; closed by its end
	drained chan struct{} // while a commit waits for statements; closed when none runs
	freed   chan struct{} // while there are pins; closed when there are none
}

// read runs a statement, again when a commit overtook it.
func (g *gate) read(ctx context.Context, statement func() error) error {
	for try := 0; ; try++ {
		if try == overtakes {
			g.pin()
			defer g.unpin()
		}
		began, err := g.enter(ctx)
		if err != nil {
			return err
		}
		err = statement()
		if overtaken := g.leave(began); !overtaken || err != nil {
			return err
		}
	}
}

func (g *gate) enter(ctx context.Context) (commits int, err error) {
	for {
		g.mu.Lock()
		if g.open == nil {
			g.active++
			defer g.mu.Unlock()
			return g.commits, nil
		}
		open := g.open
		g.mu.Unlock()
		select {
		case <-open:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// leave says whether a commit began since enter.
func (g *gate) leave(commits int) (overtaken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active--
	if g.active == 0 && g.drained != nil {
		close(g.drained)
		g.drained = nil
	}
	return g.commits != commits
}

// pin keeps commits out until unpin.
func (g *gate) pin() {
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

// commit runs a commit, or answers the context's error when that ends while it
// waits. One commit runs at a time, which the caller sees to.
func (g *gate) commit(ctx context.Context, commit func() error) error {
	drained, err := g.hold(ctx)
	if err != nil {
		return err
	}
	defer g.release()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-drained:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	g.commits++
	g.mu.Unlock()
	return commit()
}

// hold waits for pins and then holds new statements back. The channel is
// closed when those that run have ended.
func (g *gate) hold(ctx context.Context) (<-chan struct{}, error) {
	for {
		g.mu.Lock()
		if g.pins == 0 {
			defer g.mu.Unlock()
			g.open = make(chan struct{})
			drained := make(chan struct{})
			if g.active == 0 {
				close(drained)
			} else {
				g.drained = drained
			}
			return drained, nil
		}
		freed := g.freed
		g.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.open)
	g.open, g.drained = nil, nil
}
