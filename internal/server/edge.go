package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"
)

// requestIDHeader carries the request's id, both ways.
const requestIDHeader = "X-Request-Id"

// saneID is what a caller's request id may look like; anything else could
// disturb a log or is too long to be worth keeping.
var saneID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:+/=-]{0,99}$`)

// visit is what the log tells of one request. The handlers below the edge fill
// it in; it belongs to the request's own goroutine.
type visit struct {
	id     string
	caller string
	// operation is the kind and name of the GraphQL operation, errors the number
	// of errors in its answer.
	operation string
	errors    int
}

type visitKey struct{}

// visitOf gives the visit of a request that came in through the edge.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// RequestID gives the id of the request that the context belongs to, or "".
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

// Caller gives who the request is from, or "".
func Caller(ctx context.Context) string { return visitOf(ctx).caller }

// edge gives a request its id and its caller, and logs it in one line when it
// has been answered. The query string stays out of the log, since people's
// questions are in it.
func edge(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		v := &visit{id: r.Header.Get(requestIDHeader), caller: o.Caller}
		if !saneID.MatchString(v.id) {
			v.id = o.NewID()
		}
		w.Header().Set(requestIDHeader, v.id)
		seen := &recorder{ResponseWriter: w}
		ctx := context.WithValue(r.Context(), visitKey{}, v)
		defer func() {
			o.Log.LogAttrs(ctx, levelOf(r, seen.status), "request", v.attrs(r, seen, time.Since(began))...)
		}()
		next.ServeHTTP(seen, r.WithContext(ctx))
	})
}

// levelOf keeps what a probe asks every second out of the ordinary log.
func levelOf(r *http.Request, status int) slog.Level {
	switch {
	case r.URL.Path == "/healthz" || r.URL.Path == "/readyz":
		return slog.LevelDebug
	case status >= http.StatusInternalServerError:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func (v *visit) attrs(r *http.Request, seen *recorder, took time.Duration) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("request_id", v.id),
		slog.String("caller", v.caller),
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", seen.status),
		slog.Int64("bytes", seen.bytes),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if v.operation != "" {
		attrs = append(attrs, slog.String("operation", v.operation))
	}
	if v.errors > 0 {
		attrs = append(attrs, slog.Int("errors", v.errors))
	}
	if r.Context().Err() != nil {
		attrs = append(attrs, slog.Bool("gone", true))
	}
	return attrs
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recoverPanics answers INTERNAL when a handler panics, or breaks off an answer
// that has begun, so that nobody takes it for whole.
func recoverPanics(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request_id", RequestID(r.Context())),
				slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			if seen, ok := w.(*recorder); ok && seen.status != 0 {
				panic(http.ErrAbortHandler)
			}
			refuse(w, r, http.StatusInternalServerError, codeInternal, "something went wrong here; the log tells more under this request id")
		}()
		next.ServeHTTP(w, r)
	})
}
