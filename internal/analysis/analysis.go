package analysis

import (
	"context"
	"time"

	"dragnet/internal/intel"
)

// Analysis answers questions about the shape of one graph. It is safe for use by
// many goroutines.
type Analysis struct {
	projection *projection
	read       Reader
	budget     time.Duration
}

// New makes an analysis of the graph in a store, which read reads under views.
// Until Run has built the projection, questions are answered through read. One
// question takes no longer than the budget; what it has found by then is its
// answer.
func New(s intel.Store, read Reader, budget time.Duration) *Analysis {
	return &Analysis{projection: newProjection(s), read: read, budget: budget}
}

// Run builds the projection and keeps it up until the context ends.
func (a *Analysis) Run(ctx context.Context) { a.projection.run(ctx) }

// Build builds the projection now.
func (a *Analysis) Build(ctx context.Context) error { return a.projection.rebuilt(ctx) }

// Committed takes in a change that this process has made, before those who asked
// for it are told.
func (a *Analysis) Committed(ctx context.Context, r intel.Revision, b *intel.Batch) {
	d := Delta{Revision: r, Gone: b.DropRecords, Links: b.Links, LinksGone: b.DropLinks}
	for _, rec := range b.Records {
		d.Entities = append(d.Entities, rec.ID)
	}
	a.projection.committed(ctx, d)
}

// State says what the projection holds.
type State struct {
	Ready    bool
	Revision intel.Revision
	Bytes    int64 // of the structure; the index of ids takes IDBytes more
	IDBytes  int64
	Entities int
	Links    int
}

// State describes the projection.
func (a *Analysis) State() State {
	s := a.projection.current.Load()
	if s == nil {
		return State{}
	}
	bytes, ids := s.base.bytes()
	return State{Ready: true, Revision: s.revision, Bytes: bytes, IDBytes: ids, Entities: s.size() - len(s.gone), Links: s.links() + len(s.newSupport)}
}

// From is the state of knowledge that a question is answered from.
type From struct {
	View intel.View
	// Least is the revision that the answer must have come to.
	Least int64
}

// net gives the graph to ask: the projection where it can tell, that is where the
// view leaves out no claims, or else the Reader. The question then looks at
// validity and support itself.
func (a *Analysis) net(ctx context.Context, f From, narrow *Narrow) (net, func() intel.Revision, error) {
	v := f.View
	narrow.ValidAt, narrow.MinSupport = v.ValidAt, v.MinSupport
	v.ValidAt, v.MinSupport = intel.PartialDate{}, 0
	if v.IsDefault() {
		s, err := a.projection.at(ctx, f.Least)
		if err != nil {
			return nil, nil, err
		}
		if s != nil {
			return s, func() intel.Revision { return s.revision }, nil
		}
	}
	l := newLazy(ctx, a.read, v, time.Now().Add(a.budget))
	return l, func() intel.Revision { return intel.Revision{Counter: l.revision} }, nil
}

// answer asks one question. The revision that answered it has no epoch where the
// projection did not.
func answer[T any](ctx context.Context, a *Analysis, f From, narrow *Narrow, question func(net, Budget) (T, error)) (out T, r intel.Revision, err error) {
	n, revision, err := a.net(ctx, f, narrow)
	if err != nil {
		return out, r, err
	}
	out, err = question(n, Budget{Time: a.budget})
	return out, revision(), err
}

// Expand answers what lies around entities.
func (a *Analysis) Expand(ctx context.Context, f From, q ExpandQuery) (*Neighborhood, intel.Revision, error) {
	return answer(ctx, a, f, &q.Narrow, func(n net, b Budget) (*Neighborhood, error) { return expand(ctx, n, q, b) })
}

// Among answers which links join entities of a set, by id.
func (a *Analysis) Among(ctx context.Context, f From, ids []string, narrow Narrow) ([]string, error) {
	out, _, err := answer(ctx, a, f, &narrow, func(n net, b Budget) ([]string, error) { return among(ctx, n, ids, narrow, b) })
	return out, err
}

// Paths answers how two entities are joined. One that is not in the graph is
// intel.ErrNotFound.
func (a *Analysis) Paths(ctx context.Context, f From, q PathQuery) (*PathAnswer, intel.Revision, error) {
	return answer(ctx, a, f, &q.Narrow, func(n net, b Budget) (*PathAnswer, error) {
		for _, end := range [...]struct{ field, id string }{{"from", q.From}, {"to", q.To}} {
			at := n.find(end.id)
			if _, failed := n.trouble(); failed != nil {
				return nil, failed
			}
			if at == nowhere {
				return nil, &intel.FieldError{Field: end.field, Row: -1, Kind: intel.ErrNotFound, Msg: "there is no " + end.id + " in the graph"}
			}
		}
		return paths(ctx, n, q, b)
	})
}

// Common answers which neighbours entities share.
func (a *Analysis) Common(ctx context.Context, f From, ids []string, narrow Narrow, kinds []intel.Kind, limit int) ([]Common, error) {
	out, _, err := answer(ctx, a, f, &narrow, func(n net, b Budget) ([]Common, error) { return common(ctx, n, ids, narrow, kinds, limit, b) })
	return out, err
}

// Similar answers which entities of a kind are linked to the same as one.
func (a *Analysis) Similar(ctx context.Context, f From, id string, limit int) ([]Alike, error) {
	var narrow Narrow
	out, _, err := answer(ctx, a, f, &narrow, func(n net, b Budget) ([]Alike, error) { return similar(ctx, n, id, narrow, limit, b) })
	return out, err
}

// CoOccurrence answers which entities of a kind share what they are linked to.
func (a *Analysis) CoOccurrence(ctx context.Context, f From, kind intel.Kind, via []intel.LinkType, ids []string, limit int) ([]Pair, error) {
	narrow := Narrow{Types: via}
	out, _, err := answer(ctx, a, f, &narrow, func(n net, b Budget) ([]Pair, error) { return coOccurrence(ctx, n, kind, narrow, ids, limit, b) })
	return out, err
}
