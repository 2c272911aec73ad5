// Package graph is the GraphQL room: it plans what a query needs, has the
// catalog read it in as few calls as can be, and shows it. It knows no store
// and no transport.
package graph

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dragnet/graph/generated"
	"dragnet/graph/subject"
	"dragnet/internal/analysis"
	"dragnet/internal/catalog"
)

// Options say how a graph is served. Log is needed.
type Options struct {
	// Name, Version and Store are what the service says of itself.
	Version, Store string
	Limits         Limits // zero: DefaultLimits
	// More are limits of what stands before the graph, to be listed with its own.
	More []subject.Limit
	// NoIntrospection refuses questions about the schema.
	NoIntrospection bool
	// Caller gives who a request is from, RequestID its id; nil: "local" and "".
	Caller, RequestID func(context.Context) string
	Log               *slog.Logger
}

// Graph answers GraphQL requests from a catalog. It is safe for use by many
// goroutines.
type Graph struct {
	cat    *catalog.Catalog
	shape  *analysis.Analysis
	opts   Options
	schema *ast.Schema
	exec   *executor.Executor
	docs   documents

	mu    sync.Mutex
	known string // the store's epoch
}

// documents keeps queries that were parsed and found valid, by their text. Long
// ones are not kept: parsed, they take a hundred times their size.
type documents struct {
	*lru.LRU[*ast.QueryDocument]
}

const (
	keptDocuments = 500
	keptBytes     = 8 << 10
)

// Add keeps a document.
func (d documents) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= keptBytes {
		d.LRU.Add(ctx, query, doc)
	}
}

// New makes a graph on a catalog, with an analysis of the same store.
func New(cat *catalog.Catalog, shape *analysis.Analysis, o Options) *Graph {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	if o.Caller == nil {
		o.Caller = func(context.Context) string { return "local" }
	}
	if o.RequestID == nil {
		o.RequestID = func(context.Context) string { return "" }
	}
	g := &Graph{cat: cat, shape: shape, opts: o, docs: documents{lru.New[*ast.QueryDocument](keptDocuments)}}
	resolvers := root{g}
	g.schema = served(generated.NewExecutableSchema(generated.Config{Resolvers: resolvers}).Schema())
	g.exec = executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: resolvers, Schema: g.schema}))
	g.exec.SetQueryCache(g.docs)
	g.exec.SetParserTokenLimit(o.Limits.Tokens)
	g.exec.SetDisableSuggestion(o.NoIntrospection)
	g.exec.SetErrorPresenter(g.present)
	g.exec.SetRecoverFunc(g.recovered)
	return g
}

// served is the schema without what gqlgen adds to every schema and no
// transport of this service can carry: answers in parts.
func served(s *ast.Schema) *ast.Schema {
	own := *s
	own.Directives = maps.Clone(s.Directives)
	delete(own.Directives, "defer")
	return &own
}

// Execute answers a request. Numbers in its variables are json.Number. A
// response without Data says that the request was refused before anything ran;
// Data is the JSON null when the operation ran and nothing is left of it.
func (g *Graph) Execute(ctx context.Context, params *graphql.RawParams) *graphql.Response {
	op, refused := g.start(&ctx, params)
	if refused != nil {
		return refused
	}
	if op.Operation.Operation == ast.Subscription {
		return g.exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{{Extensions: map[string]any{"code": codeInput},
			Message: "a subscription is answered as server-sent events (Accept: text/event-stream) or over WebSocket (graphql-transport-ws)"}})
	}
	tally := subject.NewTally(g.opts.Limits.Objects)
	next, ctx := g.exec.DispatchOperation(context.WithValue(ctx, tallyKey{}, tally), op)
	resp := next(ctx)
	if tally.Full() {
		resp = g.exec.DispatchError(ctx, gqlerror.List{tooLong(op.Operation, g.opts.Limits.Objects)})
		resp.Data = json.RawMessage("null")
		return resp
	}
	if resp == nil { // the context had ended
		return g.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(ctx.Err())})
	}
	return g.cut(resp)
}

// start checks a request and makes ready to run it, or refuses it.
func (g *Graph) start(ctx *context.Context, params *graphql.RawParams) (*graphql.OperationContext, *graphql.Response) {
	*ctx = graphql.StartOperationTrace(*ctx)
	if err := g.check(*ctx, params); err != nil {
		return nil, g.exec.DispatchError(graphql.WithOperationContext(*ctx, &graphql.OperationContext{}), gqlerror.List{err})
	}
	op, errs := g.exec.CreateOperationContext(*ctx, params)
	if errs != nil {
		if own := g.variables(op.Operation, params.Variables); own != nil {
			errs = own
		}
		return nil, g.cut(g.exec.DispatchError(graphql.WithOperationContext(*ctx, op), errs))
	}
	op.DisableIntrospection = g.opts.NoIntrospection
	return op, nil
}

// tallyKey finds the operation's tally in its context.
type tallyKey struct{}

func tooLong(op *ast.OperationDefinition, most int64) *gqlerror.Error {
	kept := ""
	if op.Operation == ast.Mutation {
		kept = "; what it wrote is kept"
	}
	return over("the answer holds more than %d objects: ask for less below facts, claims and sources%s", most, kept)
}

// cut keeps an answer's errors to a number; how many were left out is said.
func (g *Graph) cut(r *graphql.Response) *graphql.Response {
	most := g.opts.Limits.Errors
	if len(r.Errors) <= most {
		return r
	}
	r.Extensions = map[string]any{"errorsLeftOut": len(r.Errors) - most}
	r.Errors = r.Errors[:most]
	return r
}

// epoch is the epoch of the store, which never changes.
func (g *Graph) epoch(ctx context.Context) (string, error) {
	g.mu.Lock()
	epoch := g.known
	g.mu.Unlock()
	if epoch != "" {
		return epoch, nil
	}
	m, err := g.cat.Meta(ctx)
	if err != nil {
		return "", err
	}
	g.mu.Lock()
	g.known = m.Epoch
	g.mu.Unlock()
	return m.Epoch, nil
}
