package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// This file is the one that turns errors into what callers see: a code, the
// field of the answer, the argument or row at fault, and a message without
// anything of the inside.

// The codes of errors.
const (
	codeInput       = "BAD_USER_INPUT"
	codeNotFound    = "NOT_FOUND"
	codeConflict    = "CONFLICT"
	codeLimit       = "LIMIT_EXCEEDED"
	codeUnavailable = "UNAVAILABLE"
	codeInternal    = "INTERNAL"
)

// fault is an error of an argument: of a field of the answer, wherever below
// the root field it stands.
type fault struct {
	*intel.FieldError
	path ast.Path
	at   *ast.Position
}

// refuse reports faults and the error to return for them. prefix stands before
// the fields of a batch.
func refuse(ctx context.Context, faults []fault) error {
	var last *gqlerror.Error
	for _, f := range faults {
		if last != nil {
			graphql.AddError(ctx, last)
		}
		last = &gqlerror.Error{Message: f.Error(), Path: f.path, Extensions: extensions(f.FieldError)}
		if f.at != nil {
			last.Locations = []gqlerror.Location{{Line: f.at.Line, Column: f.at.Column}}
		}
	}
	return last
}

// refuseBatch reports all faults of a batch; prefix is the argument that holds
// it.
func refuseBatch(ctx context.Context, prefix string, err error) error {
	var many intel.FieldErrors
	if !errors.As(err, &many) {
		var one *intel.FieldError
		if !errors.As(err, &one) {
			return err
		}
		many = intel.FieldErrors{one}
	}
	fc := graphql.GetFieldContext(ctx)
	var faults []fault
	for _, e := range many {
		faults = append(faults, fault{FieldError: e.At(prefix), path: fc.Path(), at: fc.Field.Position})
	}
	return refuse(ctx, faults)
}

func extensions(e *intel.FieldError) map[string]any {
	ext := map[string]any{"code": codeOf(e)}
	if e.Field != "" {
		ext["field"] = e.Field
	}
	if e.Row >= 0 {
		ext["row"] = e.Row
	}
	return ext
}

// codeOf gives the code of an error, codeInternal when it is of no known kind.
func codeOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return codeLimit
	case errors.Is(err, context.Canceled), errors.Is(err, intel.ErrUnavailable):
		return codeUnavailable
	case errors.Is(err, intel.ErrLimit):
		return codeLimit
	case errors.Is(err, intel.ErrConflict):
		return codeConflict
	case errors.Is(err, intel.ErrNotFound):
		return codeNotFound
	case errors.Is(err, intel.ErrInvalid):
		return codeInput
	}
	return codeInternal
}

// present makes an error what a caller sees.
func (g *Graph) present(ctx context.Context, err error) *gqlerror.Error {
	var shown *gqlerror.Error
	if !errors.As(err, &shown) {
		shown = gqlerror.WrapPath(graphql.GetPath(ctx), err)
	}
	if code, known := shown.Extensions["code"].(string); known {
		if code == errcode.ParseFailed || code == errcode.ValidationFailed {
			shown = refusedBefore(shown)
		}
		shown.Message = clip(shown.Message, g.opts.Limits.Message)
		return shown
	}
	cause := err
	if shown.Err != nil {
		cause = shown.Err
	}
	out := &gqlerror.Error{Path: shown.Path, Locations: shown.Locations}
	out.Message, out.Extensions = g.words(ctx, cause)
	out.Message = clip(out.Message, g.opts.Limits.Message)
	return out
}

// refusedBefore is an error of parsing, of validation or of a variable. Of a
// variable the place is told as a field; no field of an answer is to blame.
func refusedBefore(e *gqlerror.Error) *gqlerror.Error {
	out := &gqlerror.Error{Message: e.Message, Locations: e.Locations, Extensions: map[string]any{"code": codeInput}}
	if len(e.Path) > 1 && e.Path[0] == ast.PathName("variable") {
		field := e.Path[1:].String()
		out.Extensions["field"] = field
		out.Message = field + ": " + e.Message
	}
	return out
}

// variables reads the variables of an operation that was refused, to say all
// that is wrong with them, and better; nil when the fault is elsewhere.
func (g *Graph) variables(op *ast.OperationDefinition, given map[string]any) gqlerror.List {
	if op == nil {
		return nil
	}
	r := newReader(g.schema, g.opts.Limits)
	for _, v := range op.VariableDefinitions {
		if g.schema.Types[v.Type.Name()] == nil {
			return nil
		}
		x, set := given[v.Variable]
		r.keep(map[string]any{}, v.Variable, v.Type, v.DefaultValue, x, set, (*place)(nil).field(v.Variable))
	}
	var out gqlerror.List
	for _, f := range r.faults {
		out = append(out, &gqlerror.Error{Message: f.Error(), Extensions: extensions(f)})
	}
	return out
}

// words says an error of the inside, and logs what callers are not told.
func (g *Graph) words(ctx context.Context, err error) (string, map[string]any) {
	var fe *intel.FieldError
	if errors.As(err, &fe) {
		return fe.Error(), extensions(fe)
	}
	code := codeOf(err)
	ext := map[string]any{"code": code}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "this took too long: ask for less at once", ext
	case errors.Is(err, context.Canceled):
		return "the request was given up", ext
	case errors.Is(err, catalog.ErrResettle):
		return catalog.ErrResettle.Error(), ext
	case code == codeUnavailable:
		g.opts.Log.LogAttrs(ctx, slog.LevelError, "store unavailable", g.details(ctx, err)...)
		ext["requestId"] = g.opts.RequestID(ctx)
		return "the store cannot be reached, or is too busy: try again", ext
	case code == codeConflict:
		return "somebody else changed the graph at the same time: try again", ext
	case code == codeLimit, code == codeNotFound, code == codeInput:
		return err.Error(), ext
	}
	g.opts.Log.LogAttrs(ctx, slog.LevelError, "internal error", g.details(ctx, err)...)
	ext["requestId"] = g.opts.RequestID(ctx)
	return "something went wrong inside; the log has more under this request's id", ext
}

func (g *Graph) details(ctx context.Context, err error) []slog.Attr {
	return []slog.Attr{slog.String("request_id", g.opts.RequestID(ctx)), slog.Any("error", err)}
}

// panicked is what is left of a panic, with the stack for the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

func (g *Graph) recovered(_ context.Context, value any) error {
	return &panicked{value, debug.Stack()}
}

// clip cuts a text to a number of bytes, at a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := most - len("…")
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}
