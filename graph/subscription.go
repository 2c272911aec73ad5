package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/graph/subject"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

type subscription struct{ g *Graph }

// Changes follows the changes to entities until the context ends. Why it ends
// before that is left in the stream of the context.
func (s subscription) Changes(ctx context.Context, _ *intel.Revision, _ *string, _ []intel.Kind, _ []string) (<-chan *subject.Change, error) {
	p, err := s.g.startPlan(ctx)
	if err != nil {
		return nil, err
	}
	w := p.watch()
	p.changes(p.root, &changePlan{}) // its faults are told before anything is sent
	if len(p.faults) > 0 {
		return nil, refuse(ctx, p.faults)
	}
	follower, err := s.g.cat.Follow(ctx, w.from)
	if err != nil {
		return nil, refuseBatch(ctx, "", err)
	}
	out := make(chan *subject.Change)
	stream, _ := ctx.Value(streamKey{}).(*Stream)
	stream.root = graphql.GetFieldContext(ctx)
	stream.running.Go(func() {
		defer close(out)
		defer follower.Close()
		defer func() {
			if value := recover(); value != nil {
				stream.cause = s.g.recovered(ctx, value)
			}
		}()
		stream.cause = w.send(ctx, s.g, follower, stream.more, out)
	})
	return out, nil
}

// watch is what a subscription wants to see.
type watch struct {
	from  *int64 // the revision to begin after
	since int64  // what was given; of this revision only what is behind after
	after string
	kinds []intel.Kind
	ids   []string
}

// watch reads the arguments of a subscription.
func (p *planner) watch() *watch {
	a := p.args
	w := &watch{from: p.since(a), kinds: several[intel.Kind](a, "kinds"), ids: a.ids("ids", intel.ParseEntityID)}
	if a.has("after") {
		w.after = a.id("after", intel.ParseEntityID)
		switch {
		case w.from == nil:
			a.fail("after", "is inside a revision: give that as since")
		case *w.from > 0:
			w.since = *w.from
			before := w.since - 1
			w.from = &before
		}
	}
	p.settle(p.root, a.r)
	return w
}

// wants says that a change is to be sent.
func (w *watch) wants(c *catalog.Change) bool {
	switch {
	case w.after != "" && c.Stamp.Revision == w.since && c.Record.ID <= w.after:
	case w.kinds != nil && !slices.Contains(w.kinds, c.Record.Kind):
	case w.ids != nil && !slices.Contains(w.ids, c.Record.ID):
	default:
		return true
	}
	return false
}

// send sends what the follower gets, as far as it is wanted, and before each
// change whether another one of its revision follows.
func (w *watch) send(ctx context.Context, g *Graph, follower *catalog.Follower, more chan<- bool, out chan<- *subject.Change) error {
	for {
		page, err := follower.Next(ctx)
		if err != nil {
			return err
		}
		changes := make([]catalog.Change, 0, len(page.Changes))
		for i := range page.Changes {
			if w.wants(&page.Changes[i]) {
				changes = append(changes, page.Changes[i])
			}
		}
		if len(changes) == 0 {
			continue
		}
		p, err := g.startWriting(ctx)
		if err != nil {
			return err
		}
		var plan changePlan
		p.changes(p.root, &plan)
		p.followChanges(&plan, page.Sources, nil, changes)
		if err := p.cross(ctx); err != nil {
			return err
		}
		for i := range changes {
			follows := i+1 < len(changes) && changes[i+1].Stamp.Revision == changes[i].Stamp.Revision
			select {
			case more <- follows:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case out <- p.res.Change(&changes[i]):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}
