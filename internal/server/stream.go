package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// streams knows what is open: WebSockets and subscriptions, however they came.
type streams struct {
	most   int
	ending chan struct{} // closed when the server is told to end
	once   sync.Once

	mu      sync.Mutex
	open    map[string]int
	sockets sync.WaitGroup
}

func newStreams(most int) *streams {
	return &streams{most: most, ending: make(chan struct{}), open: map[string]int{}}
}

// What is counted.
const (
	socketStreams = "WebSockets"
	subscriptions = "subscriptions"
)

// enter counts one in, when there is room.
func (s *streams) enter(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[what] >= s.most {
		return false
	}
	s.open[what]++
	return true
}

func (s *streams) leave(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[what]--
}

func (s *streams) full(what string) string {
	return fmt.Sprintf("this server has %d open %s, and takes no more: try again later", s.most, what)
}

// end tells all streams to end.
func (s *streams) end() { s.once.Do(func() { close(s.ending) }) }

// wait waits for the WebSockets to end.
func (s *streams) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.sockets.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	endingText = "the server is shutting down: subscribe again with since"
	slowText   = "the reader is too slow: subscribe again with since"
)

// failure is a response of one error that comes from here.
func failure(ctx context.Context, code, message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{Message: message, Extensions: map[string]any{"code": code, "requestId": RequestID(ctx)}}}}
}

// answers runs a request to its end and hands on each answer, whose data holds
// until give returns, and whether it is to be sent with the next one. give says
// whether to go on. A panic is an answer too.
func (t *transport) answers(ctx context.Context, exec Executor, params *graphql.RawParams, give func(r *graphql.Response, more bool) bool) {
	defer func() {
		if p := recover(); p != nil {
			t.log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("request_id", RequestID(ctx)), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			give(failure(ctx, codeInternal, "something went wrong here; the log tells more under this request id"), false)
		}
	}()
	next, stop, refused := exec.Subscribe(ctx, params)
	if refused != nil {
		give(refused, false)
		return
	}
	defer stop()
	for {
		if r, more := next(); r == nil || !give(r, more) {
			return
		}
	}
}

// serveEvents answers as server-sent events: the protocol of graphql-sse in its
// mode of distinct connections
// (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
func (t *transport) serveEvents(w http.ResponseWriter, r *http.Request, exec Executor, params *graphql.RawParams) {
	if !t.open.enter(subscriptions) {
		w.Header().Set("Retry-After", "10")
		refuse(w, r, http.StatusTooManyRequests, codeLimit, t.open.full(subscriptions))
		return
	}
	defer t.open.leave(subscriptions)
	ctx, cancel := context.WithCancel(r.Context())
	ending := t.open.ending
	if operation(params) != ast.Subscription { // it is bounded as ever, and finished
		ctx, cancel = context.WithTimeout(r.Context(), t.limit.Request)
		ending = nil
	}
	e := &events{w: w, to: http.NewResponseController(w), take: t.limit.Take}
	// What bounds ordinary requests would end a stream.
	_ = e.to.SetReadDeadline(time.Time{}) // else the stream ends early, which it must bear anyway
	w.Header().Set("Content-Type", mediaEvents+"; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // proxies are not to hold it back
	w.WriteHeader(http.StatusOK)
	messages := make(chan []byte)
	var running sync.WaitGroup
	running.Go(func() {
		defer close(messages)
		var together []byte
		t.answers(ctx, exec, params, func(response *graphql.Response, more bool) bool {
			together = append(together, event(response)...)
			if more && len(together) < sentTogether {
				return true
			}
			message := together
			together = nil
			select {
			case messages <- message:
				return true
			case <-ctx.Done():
				return false
			}
		})
	})
	if reason := e.send(ctx, messages, ending, t.limit.Beat); reason != nil {
		reason.Errors[0].Extensions["requestId"] = RequestID(ctx)
		e.write(event(reason))
		e.write([]byte(completeEvent))
	}
	cancel()
	running.Wait()
}

// sentTogether bounds, in bytes, what belongs together and is sent at once.
const sentTogether = 256 << 10

const completeEvent = "event: complete\ndata: \n\n"

// event writes an answer as an event of its own memory.
func event(response *graphql.Response) []byte {
	out := []byte("event: next\ndata: ")
	for _, p := range partsOf(response) {
		out = append(out, p...)
	}
	return append(out, "\n\n"...)
}

// events are one stream of server-sent events.
type events struct {
	w    http.ResponseWriter
	to   *http.ResponseController
	take time.Duration
}

// send sends messages until there are no more, with a comment wherever there is
// long none. It gives why it ended, when somebody is there to be told.
func (e *events) send(ctx context.Context, messages <-chan []byte, ending <-chan struct{}, beat time.Duration) *graphql.Response {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	next := []byte(":\n\n") // a first sign of life
	for {
		switch ok, slow := e.write(next); {
		case !ok:
			return nil
		case slow:
			return failure(ctx, codeLimit, slowText)
		}
		select {
		case message, more := <-messages:
			if !more {
				e.write([]byte(completeEvent))
				return nil
			}
			next = message
			tick.Reset(beat)
		case <-tick.C:
			next = []byte(":\n\n")
		case <-ending:
			return failure(ctx, codeUnavailable, endingText)
		case <-ctx.Done():
			return nil
		}
	}
}

// write writes at once. A reader that takes longer than it may is slow, and one
// that takes twice as long is not waited for.
func (e *events) write(b []byte) (ok, slow bool) {
	began := time.Now()
	if err := e.to.SetWriteDeadline(began.Add(2 * e.take)); err != nil {
		return false, false
	}
	if _, err := e.w.Write(b); err != nil {
		return false, false
	}
	return e.to.Flush() == nil, time.Since(began) > e.take
}
