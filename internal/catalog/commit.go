package catalog

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"dragnet/internal/intel"
)

const (
	// maxGroup bounds the rows that share one commit.
	maxGroup = 20_000
	// commitTimeout bounds one commit, which no caller's context can cancel.
	commitTimeout = 2 * time.Minute
)

// work is one caller's write. A commit calls its methods in this order, perhaps
// several times over, each time on a new state.
type work interface {
	// names lists the NameKeys it needs looked up.
	names() []string
	// need names what apply reads, once names are known.
	need(found []intel.NameRow) (intel.Need, error)
	// apply lays its changes over the state, all of them or, with an error, none.
	apply(ctx context.Context, s *state) error
	// report takes what became of it.
	report(t *settlement)
	// subjects lists the entities it may change; writes that share one do not
	// share a commit. nil: unknown, it commits alone.
	subjects() []string
	// size is its number of rows.
	size() int
}

// job is a work that waits for its commit.
type job struct {
	work
	// state is waiting, taken by the committer, or abandoned by its caller.
	state atomic.Int32
	err   error
	done  chan struct{}
}

const (
	waiting int32 = iota
	taken
	abandoned
)

// write queues a work and waits until it is committed. A caller that goes away
// while it waits abandons it; one that goes away later does not undo it.
func (c *Catalog) write(ctx context.Context, w work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{work: w, done: make(chan struct{})}
	select {
	case c.writes <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closing:
		return errClosed
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

// commitLoop is the one writer of this process: it groups what waits into
// commits until the catalog closes, and then finishes what it was given.
func (c *Catalog) commitLoop() {
	defer close(c.done)
	var queue []*job
	for {
		if len(queue) == 0 {
			select {
			case j := <-c.writes:
				queue = append(queue, j)
			case <-c.closing:
				return
			}
		}
		queue = c.gather(queue)
		var group []*job
		group, queue = pick(queue)
		if len(group) > 0 {
			c.commit(group)
		}
	}
}

// gather adds to the queue what waits. The callers that the last commit has just
// answered are about to write again: giving way to them until no more comes makes
// one commit of what would be two by turns.
func (c *Catalog) gather(queue []*job) []*job {
	for idle := 0; idle < 200 && len(queue) < maxGroup; {
		select {
		case j := <-c.writes:
			queue = append(queue, j)
			idle = 0
		default:
			idle++
			runtime.Gosched()
		}
	}
	return queue
}

// pick takes the first waiting job and all later ones that can share its
// commit, in order.
func pick(queue []*job) (group, rest []*job) {
	seen := map[string]bool{}
	rows := 0
	for _, j := range queue {
		if j.state.Load() == abandoned {
			continue
		}
		own := j.subjects()
		shares := own != nil && !slices.ContainsFunc(own, func(id string) bool { return seen[id] })
		fits := len(group) == 0 || shares && seen != nil && rows+j.size() <= maxGroup
		if !fits || !j.state.CompareAndSwap(waiting, taken) {
			if j.state.Load() == waiting {
				rest = append(rest, j)
				// A later job about the same subjects must not overtake this one.
				for _, id := range own {
					if seen != nil {
						seen[id] = true
					}
				}
			}
			continue
		}
		group = append(group, j)
		rows += j.size()
		if own == nil {
			seen = nil // it commits alone
			continue
		}
		for _, id := range own {
			seen[id] = true
		}
	}
	return group, rest
}

// commit writes a group in one Update. When that fails, each job is run again
// alone, so that one caller's trouble stays its own. When two of them in a row
// find the store unavailable, it is not they, and the rest are told so.
func (c *Catalog) commit(group []*job) {
	err := c.attempt(group)
	if err == nil || len(group) == 1 {
		for _, j := range group {
			j.end(err)
		}
		return
	}
	away := 0
	for _, j := range group {
		if away < 2 {
			j.err = nil
			if err = c.attempt([]*job{j}); errors.Is(err, intel.ErrUnavailable) {
				away++
			} else {
				away = 0
			}
		}
		j.end(err)
	}
}

// end gives a job its error, unless it has one of its own, and lets its caller
// go on.
func (j *job) end(err error) {
	if j.err == nil {
		j.err = err
	}
	close(j.done)
}

func (c *Catalog) attempt(group []*job) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	defer c.feed.committed()
	var t *settlement
	err := c.store.Update(ctx, func(w intel.Writer) error {
		for _, j := range group {
			j.err = nil
		}
		var good []*job
		var err error
		t, good, err = c.prepare(ctx, w, group)
		if err != nil {
			return err
		}
		if !t.empty() {
			if err := w.Put(ctx, t.batch); err != nil {
				return err
			}
		}
		for _, j := range good {
			j.report(t)
		}
		return nil
	})
	if err == nil && c.watch != nil && !t.empty() {
		c.watch(ctx, t.revision(), &t.batch)
	}
	return err
}

// prepare works out what a group changes. Jobs whose input is at fault get
// their error and drop out; the others are returned.
func (c *Catalog) prepare(ctx context.Context, r intel.Reader, group []*job) (*settlement, []*job, error) {
	meta, err := r.Meta(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := settledHere(meta); err != nil {
		return nil, nil, err
	}
	s := newState(r, meta, intel.NextStamp(meta.Last, c.now(), ""))
	good, err := s.readFor(ctx, group)
	if err != nil {
		return nil, nil, err
	}
	var applied []*job
	for _, j := range good {
		if j.err = j.apply(ctx, s); j.err == nil {
			applied = append(applied, j)
		} else if !isInput(j.err) {
			return nil, nil, j.err
		}
	}
	if len(applied) == 0 {
		// What a failed job laid over the state goes with it.
		s = newState(r, meta, s.stamp)
	}
	t, err := s.settle(ctx)
	return t, applied, err
}

// readFor looks up the names of a group and reads in one go what it needs.
func (s *state) readFor(ctx context.Context, group []*job) ([]*job, error) {
	var keys []string
	for _, j := range group {
		keys = append(keys, j.names()...)
	}
	var found []intel.NameRow
	if len(keys) > 0 {
		var err error
		if found, err = s.r.Names(ctx, distinct(keys)); err != nil {
			return nil, err
		}
	}
	var good []*job
	var all intel.Need
	for _, j := range group {
		n, err := j.need(found)
		if j.err = err; err != nil {
			continue
		}
		good = append(good, j)
		all = merge(all, n)
	}
	_, err := s.load(ctx, all)
	return good, err
}

func merge(a, b intel.Need) intel.Need {
	a.ClaimIDs = append(a.ClaimIDs, b.ClaimIDs...)
	a.Subjects = append(a.Subjects, b.Subjects...)
	a.Links = append(a.Links, b.Links...)
	a.From = append(a.From, b.From...)
	a.ClaimsOf = append(a.ClaimsOf, b.ClaimsOf...)
	a.Records = append(a.Records, b.Records...)
	a.Sources = distinct(append(a.Sources, b.Sources...))
	return a
}
