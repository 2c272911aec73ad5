package analysis

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dragnet/internal/intel"
)

const (
	// followEvery is how often the store is asked for what other processes wrote.
	followEvery = 500 * time.Millisecond
	// followAtOnce is how many claims and sources are followed at a time.
	followAtOnce = 2_000
	// compactFrom is from how many changed halves of links on a new base is made;
	// also when they are a twentieth of all.
	compactFrom = 20_000
)

// projection keeps the graph of a store in memory and follows its changes.
type projection struct {
	store   intel.Store
	current atomic.Pointer[snapshot] // nil until it is built

	mu sync.Mutex
	// told are the changes since a base in the making was begun.
	told   []Delta
	making bool
	moved  chan struct{} // closed when the current one changes
	again  chan struct{} // holds a token when all must be built anew
}

func newProjection(s intel.Store) *projection {
	return &projection{store: s, moved: make(chan struct{}), again: make(chan struct{}, 1)}
}

// run builds the projection and follows the store until the context ends. While
// the store cannot be read, it tries again.
func (p *projection) run(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	stale := true
	for ctx.Err() == nil {
		if stale {
			stale = p.rebuilt(ctx) != nil
		}
		select {
		case <-ctx.Done():
			return
		case <-p.again:
			stale = true
		case <-tick.C:
			p.mu.Lock()
			whole, err := p.follow(ctx)
			p.mu.Unlock()
			stale = stale || err == nil && !whole
		}
		if s := p.current.Load(); s != nil && s.changed > max(compactFrom, len(s.base.to)/20) {
			_ = p.make(func() (*snapshot, error) { return s.compact(), nil }) // it cannot fail
		}
	}
}

// rebuilt builds the projection from the store.
func (p *projection) rebuilt(ctx context.Context) error {
	return p.make(func() (*snapshot, error) { return build(ctx, p.store) })
}

// make makes a new snapshot and brings it up with what changed meanwhile.
func (p *projection) make(how func() (*snapshot, error)) error {
	p.mu.Lock()
	p.making, p.told = true, nil
	p.mu.Unlock()
	s, err := how()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		for _, d := range p.told {
			if d.Revision.Counter > s.revision.Counter {
				s = s.with(d)
			}
		}
		p.show(s)
	}
	p.making, p.told = false, nil
	return err
}

// show puts a snapshot in the place of the current one.
func (p *projection) show(s *snapshot) {
	p.current.Store(s)
	close(p.moved)
	p.moved = make(chan struct{})
}

// committed takes in a change that this process has made.
func (p *projection) committed(ctx context.Context, d Delta) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change(d)
	s := p.current.Load()
	if s == nil || d.Revision.Counter <= s.revision.Counter {
		return
	}
	if d.Revision.Counter == s.revision.Counter+1 {
		p.show(s.with(d))
		return
	}
	// Another process wrote in between.
	if whole, err := p.follow(ctx); err != nil || !whole {
		p.rebuild()
	}
}

func (p *projection) change(d Delta) {
	if p.making {
		p.told = append(p.told, d)
	}
}

func (p *projection) rebuild() {
	select {
	case p.again <- struct{}{}:
	default:
	}
}

// follow takes in what the store tells since the current revision. It is not
// whole when a source came to weigh otherwise: then everything may have changed.
func (p *projection) follow(ctx context.Context) (whole bool, err error) {
	s := p.current.Load()
	if s == nil {
		return true, nil
	}
	for {
		d := Delta{Revision: s.revision}
		var sources int
		err := p.store.View(ctx, func(r intel.Reader) (err error) {
			d, sources, err = touched(ctx, r, s.revision)
			return err
		})
		if err != nil {
			return false, err
		}
		if sources > 0 {
			return false, nil
		}
		if d.Revision.Counter <= s.revision.Counter {
			return true, nil
		}
		p.change(d)
		s = s.with(d)
		p.show(s)
	}
}

// touched reads the settled rows that revisions after one touched, as they are
// now, and counts the sources that weigh otherwise.
func touched(ctx context.Context, r intel.Reader, since intel.Revision) (d Delta, sources int, err error) {
	d.Revision = since
	m, err := r.Meta(ctx)
	if err != nil || m.Last.Revision <= since.Counter {
		return d, 0, err
	}
	revisions, err := r.Touched(ctx, since.Counter, followAtOnce)
	if err != nil {
		return d, 0, err
	}
	links, entities := map[string]bool{}, map[string]bool{}
	d.Revision.Counter = m.Last.Revision
	var claims []string
	for _, t := range revisions {
		sources += len(t.Sources)
		claims = append(claims, t.Claims...)
		if len(claims)+sources >= followAtOnce {
			d.Revision.Counter = t.Revision // more follow
		}
	}
	ws, err := r.Collect(ctx, intel.Need{ClaimIDs: claims})
	if err != nil {
		return d, 0, err
	}
	for _, c := range ws.Claims {
		for _, id := range c.Mentions() {
			entities[id] = true
		}
		if c.IsLink() {
			links[c.LinkID()] = true
		}
	}
	ask := intel.Selection{IDs: keys(entities), LinkIDs: keys(links)}
	a, err := r.Select(ctx, ask)
	if err != nil {
		return d, 0, err
	}
	for _, e := range a.Nodes {
		d.Entities = append(d.Entities, e.ID)
		delete(entities, e.ID)
	}
	for _, e := range a.Links {
		d.Links = append(d.Links, e.Link)
		delete(links, e.Link.ID)
	}
	d.Gone, d.LinksGone = keys(entities), keys(links)
	return d, sources, nil
}

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// at gives the current snapshot once it has come to a revision, nil while there
// is none.
func (p *projection) at(ctx context.Context, least int64) (*snapshot, error) {
	for {
		p.mu.Lock()
		moved := p.moved
		p.mu.Unlock()
		s := p.current.Load()
		if s == nil || s.revision.Counter >= least {
			return s, nil
		}
		p.mu.Lock()
		_, err := p.follow(ctx)
		p.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if s = p.current.Load(); s.revision.Counter >= least {
			return s, nil
		}
		select {
		case <-moved:
		case <-time.After(followEvery):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
