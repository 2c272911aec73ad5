package catalog

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"dragnet/internal/intel"
)

const (
	// pollEvery is how often the store is asked for what other processes wrote.
	pollEvery = 500 * time.Millisecond
	// fedAtOnce is how many changes the feed reads at once.
	fedAtOnce = 500
	// keptChanges bounds the changes, and what they tell, that are kept for those
	// who follow.
	keptChanges = 100_000
)

// feed reads new changes once for all who follow them. It runs while somebody
// does.
type feed struct {
	read func(ctx context.Context, since int64, first int) (*ChangePage, error)
	wake chan struct{} // holds a token when this process has committed

	mu        sync.Mutex
	followers int
	stop      context.CancelFunc // of the run; nil: it does not run
	ended     chan struct{}      // closed at the end of the run
	recent    []fed              // of revisions that follow each other
	kept      int
	upTo      int64         // the revision to go on from
	more      chan struct{} // closed when upTo moves
}

// fed is what the revisions after from up to to did.
type fed struct {
	from, to int64
	page     *ChangePage
	err      error // why it cannot be told
	weight   int
}

// committed tells the feed that this process has made a revision.
func (f *feed) committed() {
	select {
	case f.wake <- struct{}{}:
	default: // it is about to look
	}
}

// join begins to follow at the state of the graph.
func (f *feed) join(now int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.followers++; f.followers > 1 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	before := f.ended
	f.stop, f.ended = cancel, make(chan struct{})
	f.recent, f.kept, f.upTo, f.more = nil, 0, now, make(chan struct{})
	go f.run(ctx, before, f.ended)
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.followers--; f.followers == 0 {
		f.stop()
		f.recent = nil
	}
}

// close ends the run and waits for it. Who still follows gets nothing any more.
func (f *feed) close() {
	f.mu.Lock()
	ended := f.ended
	if f.stop != nil {
		f.stop()
	}
	f.mu.Unlock()
	if ended != nil {
		<-ended
	}
}

// run reads what is new until nobody follows. The run before it has ended first.
func (f *feed) run(ctx context.Context, before <-chan struct{}, ended chan<- struct{}) {
	defer close(ended)
	if before != nil {
		<-before
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		for f.catchUp(ctx) {
		}
		select {
		case <-f.wake:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// catchUp reads one page and says whether more follow. When the store cannot be
// read it is asked again later: whoever follows waits.
func (f *feed) catchUp(ctx context.Context) bool {
	f.mu.Lock()
	from := f.upTo
	f.mu.Unlock()
	page, err := f.read(ctx, from, fedAtOnce)
	untellable := errors.Is(err, intel.ErrLimit) && page != nil
	if err != nil && !untellable || ctx.Err() != nil {
		return false
	}
	to := page.Revision.Counter
	if to == from {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil { // somebody else's run begins
		return false
	}
	next := fed{from: from, to: to, page: page, err: err, weight: page.weight()}
	f.recent = append(f.recent, next)
	f.kept += next.weight
	for f.kept > keptChanges && len(f.recent) > 1 {
		f.kept -= f.recent[0].weight
		f.recent = slices.Clone(f.recent[1:])
	}
	f.upTo = to
	close(f.more)
	f.more = make(chan struct{})
	return page.More
}

// weight is about how much a page tells.
func (p *ChangePage) weight() int {
	n := 1
	for i := range p.Changes {
		c := &p.Changes[i]
		n += 1 + len(c.Added) + len(c.Retracted) + len(c.Facts) + len(c.Links)
	}
	return n
}

// after gives what follows a revision as far as it is kept: something, or a
// channel to wait on for it, or neither when it is no longer kept.
func (f *feed) after(at int64) (*fed, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at >= f.upTo {
		return nil, f.more
	}
	for i := range f.recent {
		if r := f.recent[i]; r.from <= at && at < r.to {
			return &r, nil
		}
	}
	return nil, nil
}

// Follower gets every change after a revision once, in order.
type Follower struct {
	c    *Catalog
	at   int64
	once sync.Once
}

// Follow begins to follow the changes after a revision, or, when since is nil,
// those from now on. The follower must be closed, before the catalog is.
func (c *Catalog) Follow(ctx context.Context, since *int64) (*Follower, error) {
	m, err := c.Meta(ctx)
	if err != nil {
		return nil, err
	}
	f := &Follower{c: c, at: m.Last.Revision}
	if since != nil {
		if f.at = *since; f.at > m.Last.Revision {
			return nil, notYet(f.at, m)
		}
	}
	c.feed.join(m.Last.Revision)
	return f, nil
}

// Close ends it.
func (f *Follower) Close() { f.once.Do(f.c.feed.leave) }

// Next waits for changes and gives those of the next revisions, each whole. Old
// ones are read from the store until those are reached that all who follow
// share. An error that matches intel.ErrLimit says that the changes of one
// revision are too many to tell.
func (f *Follower) Next(ctx context.Context) (*ChangePage, error) {
	for {
		page, err := f.next(ctx)
		if err != nil {
			return nil, err
		}
		if len(page.Changes) > 0 {
			return page, nil
		}
	}
}

func (f *Follower) next(ctx context.Context) (*ChangePage, error) {
	next, wait := f.c.feed.after(f.at)
	if next != nil {
		at := f.at
		f.at = next.to
		if next.err != nil {
			return nil, next.err
		}
		return next.page.after(at), nil
	}
	if wait != nil {
		select {
		case <-wait:
			return &ChangePage{}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	page, err := f.c.Changes(ctx, f.at, fedAtOnce/5)
	if err != nil {
		return nil, err
	}
	f.at = page.Revision.Counter
	return page, nil
}

// after leaves out the changes up to a revision.
func (p *ChangePage) after(at int64) *ChangePage {
	first := slices.IndexFunc(p.Changes, func(c Change) bool { return c.Stamp.Revision > at })
	switch first {
	case 0:
		return p
	case -1:
		return &ChangePage{}
	}
	rest := *p
	rest.Changes = p.Changes[first:]
	return &rest
}
