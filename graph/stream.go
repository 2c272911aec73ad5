package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dragnet/graph/subject"
)

// Stream gives the answers of a request one after another. It is used by one
// goroutine.
type Stream struct {
	g       *Graph
	ctx     context.Context
	stop    context.CancelFunc
	op      *graphql.OperationContext
	next    graphql.ResponseHandler
	tally   *subject.Tally
	running sync.WaitGroup
	more    chan bool             // of each change, before it is sent
	root    *graphql.FieldContext // of a subscription
	cause   error                 // why a subscription ended; to be read when nothing runs
	single  bool                  // a query or a mutation
	done    bool
}

// streamKey finds the stream of a subscription in its context.
type streamKey struct{}

// Subscribe begins a request of any kind. A response says that it was refused
// before anything ran. Else next waits for the next answer, nil when there is no
// other one; an answer without Data tells why a subscription ended, and more says
// that another one of the same revision is at hand. stop must be called at the
// end, by the same goroutine. An answer's Data holds until next is called again.
func (g *Graph) Subscribe(ctx context.Context, params *graphql.RawParams) (next func() (r *graphql.Response, more bool), stop func(), refused *graphql.Response) {
	s, refused := g.stream(ctx, params)
	if refused != nil {
		return nil, nil, refused
	}
	return s.Next, s.Close, nil
}

func (g *Graph) stream(ctx context.Context, params *graphql.RawParams) (*Stream, *graphql.Response) {
	op, refused := g.start(&ctx, params)
	if refused != nil {
		return nil, refused
	}
	if fault := oneRoot(op); fault != nil {
		return nil, g.exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{fault})
	}
	s := &Stream{g: g, op: op, tally: subject.NewTally(g.opts.Limits.Objects), more: make(chan bool, 1), single: op.Operation.Operation != ast.Subscription}
	ctx, s.stop = context.WithCancel(context.WithValue(ctx, streamKey{}, s))
	s.next, s.ctx = g.exec.DispatchOperation(context.WithValue(ctx, tallyKey{}, s.tally), op)
	if s.root != nil { // gqlgen renders each answer without it
		s.ctx = graphql.WithFieldContext(s.ctx, s.root)
	}
	return s, nil
}

// oneRoot says that a subscription has other than one root field.
func oneRoot(op *graphql.OperationContext) *gqlerror.Error {
	if op.Operation.Operation != ast.Subscription {
		return nil
	}
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Subscription"})
	if len(fields) == 1 && fields[0].Name != "__typename" {
		return nil
	}
	return &gqlerror.Error{Message: "a subscription has one root field", Extensions: map[string]any{"code": codeInput}}
}

// Next waits for the next answer.
func (s *Stream) Next() (r *graphql.Response, more bool) {
	if s.done {
		return nil, false
	}
	s.tally.Reset()
	r = s.next(s.ctx)
	if r != nil && r.Data != nil && !s.single {
		more = <-s.more
	}
	s.done = s.single || r == nil || r.Data == nil
	switch {
	case s.tally.Full():
		s.done = true
		r = s.failed(tooLong(s.op.Operation, s.g.opts.Limits.Objects))
	case r == nil:
		s.running.Wait()
		if s.cause == nil || s.ctx.Err() != nil {
			return nil, false
		}
		r = s.failed(s.cause)
	}
	return s.g.cut(r), more && !s.done
}

func (s *Stream) failed(err error) *graphql.Response {
	ctx := graphql.WithResponseContext(s.ctx, func(ctx context.Context, err error) *gqlerror.Error { return s.g.present(ctx, err) }, s.g.recovered)
	graphql.AddError(ctx, err)
	return &graphql.Response{Errors: graphql.GetErrors(ctx)}
}

// Close ends the stream and waits for what runs of it.
func (s *Stream) Close() {
	s.stop()
	s.running.Wait()
}
