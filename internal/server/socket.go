package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
)

// subprotocol is what is spoken on WebSockets
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).
const subprotocol = "graphql-transport-ws"

// The codes with which a WebSocket is closed: those of the protocol, and one of
// our own, after which clients may come back.
const (
	closeBadRequest   websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeSubprotocol  websocket.StatusCode = 4406
	closeInitTimeout  websocket.StatusCode = 4408
	closeDuplicate    websocket.StatusCode = 4409
	closeInitAgain    websocket.StatusCode = 4429
	closeSlow         websocket.StatusCode = 4008
)

// isUpgrade says that a request wants to become a WebSocket.
func isUpgrade(h http.Header) bool {
	for _, part := range strings.Split(strings.Join(h.Values("Upgrade"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(part), "websocket") {
			return true
		}
	}
	return false
}

// serveSocket speaks on a WebSocket until either side has enough.
func (t *transport) serveSocket(w http.ResponseWriter, r *http.Request) {
	exec := t.backend.Executor()
	switch {
	case exec == nil:
		refuse(w, r, http.StatusServiceUnavailable, codeUnavailable, "the graph is not open yet; /readyz says what is missing")
		return
	case !t.open.enter(socketStreams):
		w.Header().Set("Retry-After", "10")
		refuse(w, r, http.StatusTooManyRequests, codeLimit, t.open.full(socketStreams))
		return
	}
	t.open.sockets.Add(1)
	defer t.open.sockets.Done()
	defer t.open.leave(socketStreams)
	cork := &corked{}
	conn, err := websocket.Accept(corkedWriter{w, cork}, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		return // it has been answered
	}
	defer func() { _ = conn.CloseNow() }() // it may be closed already
	if conn.Subprotocol() != subprotocol {
		_ = conn.Close(closeSubprotocol, "speak "+subprotocol) // nobody is left to tell
		return
	}
	conn.SetReadLimit(t.limit.Body)
	ctx, cancel := context.WithCancel(r.Context())
	s := &socket{t: t, exec: exec, conn: conn, cork: cork, header: r.Header, ends: make(chan ending, 1), operations: map[string]*task{}}
	s.group.Go(func() { s.beat(ctx) })
	messages := make(chan []byte)
	s.group.Go(func() { s.read(ctx, messages) })
	if e := s.converse(ctx, messages); e.code != 0 {
		_ = conn.Close(e.code, e.reason)
	}
	cancel()
	_ = conn.CloseNow()
	s.group.Wait()
}

// socket is one WebSocket.
type socket struct {
	t      *transport
	exec   Executor
	conn   *websocket.Conn
	cork   *corked
	header http.Header
	ends   chan ending // why it is to end
	group  sync.WaitGroup
	init   bool

	mu         sync.Mutex
	operations map[string]*task
}

// task is an operation that runs.
type task struct{ cancel context.CancelFunc }

// ending is why a WebSocket ends; code 0: it is gone already.
type ending struct {
	code   websocket.StatusCode
	reason string
}

// end ends the WebSocket; the first reason counts.
func (s *socket) end(code websocket.StatusCode, reason string) {
	select {
	case s.ends <- ending{code, reason}:
	default:
	}
}

// read reads messages until there are none.
func (s *socket) read(ctx context.Context, messages chan<- []byte) {
	for {
		kind, message, err := s.conn.Read(ctx)
		switch {
		case err != nil:
			s.end(0, "")
			return
		case kind != websocket.MessageText:
			s.end(closeBadRequest, "messages are text")
			continue
		}
		select {
		case messages <- message:
		case <-ctx.Done():
			return
		}
	}
}

// beat sees to it that the other side lives.
func (s *socket) beat(ctx context.Context) {
	tick := time.NewTicker(s.t.limit.Beat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		waiting, cancel := context.WithTimeout(ctx, 2*s.t.limit.Take)
		err := s.conn.Ping(waiting)
		cancel()
		if err != nil {
			s.end(0, "")
			return
		}
	}
}

// converse takes messages until the WebSocket is to end.
func (s *socket) converse(ctx context.Context, messages <-chan []byte) ending {
	patience := time.NewTimer(s.t.limit.Init)
	defer patience.Stop()
	for {
		select {
		case m := <-messages:
			if e := s.take(ctx, m); e.code != 0 {
				return e
			}
			if s.init {
				patience.Stop()
			}
		case <-patience.C:
			return ending{closeInitTimeout, "Connection initialisation timeout"}
		case <-s.t.open.ending:
			return ending{websocket.StatusGoingAway, endingText}
		case e := <-s.ends:
			return e
		case <-ctx.Done():
			return ending{}
		}
	}
}

// message is what goes over a WebSocket.
type message struct {
	ID      *string         `json:"id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// encode writes the message; its payload, which is JSON, as it is.
func (m message) encode() []byte {
	out := []byte("{")
	if m.ID != nil {
		out = slices.Concat(out, []byte(`"id":`), mustJSON(*m.ID), []byte(","))
	}
	out = slices.Concat(out, []byte(`"type":`), mustJSON(m.Type))
	if m.Payload != nil {
		out = slices.Concat(out, []byte(`,"payload":`), m.Payload)
	}
	return append(out, '}')
}

// take does what a message says.
func (s *socket) take(ctx context.Context, raw []byte) ending {
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		return ending{closeBadRequest, "a message is a JSON object with a type"}
	}
	switch m.Type {
	case "connection_init":
		if s.init {
			return ending{closeInitAgain, "Too many initialisation requests"}
		}
		s.init = true
		s.write(ctx, message{Type: "connection_ack"}.encode())
	case "ping":
		s.write(ctx, message{Type: "pong", Payload: m.Payload}.encode())
	case "pong":
	case "subscribe":
		return s.subscribe(ctx, m)
	case "complete":
		if m.ID == nil {
			return ending{closeBadRequest, "complete needs an id"}
		}
		s.forget(*m.ID, nil)
	default:
		return ending{closeBadRequest, "the message is of no type that a client sends"}
	}
	return ending{}
}

// subscribe begins an operation of any kind.
func (s *socket) subscribe(ctx context.Context, m message) ending {
	if !s.init {
		return ending{closeUnauthorized, "Unauthorized"}
	}
	if m.ID == nil || *m.ID == "" || len(*m.ID) > 100 {
		return ending{closeBadRequest, "subscribe needs an id of 1 to 100 bytes"}
	}
	params, fault := parseBody(m.Payload)
	if fault != nil {
		return ending{closeBadRequest, "payload: " + fault.message}
	}
	if fault := s.t.known.fill(params); fault != nil {
		return ending{closeBadRequest, "payload: " + fault.message}
	}
	params.Headers = s.header
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	id := *m.ID
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.operations[id] != nil:
		return ending{closeDuplicate, "Subscriber for " + id[:min(len(id), 80)] + " already exists"}
	case len(s.operations) >= s.t.limit.PerSocket:
		s.group.Go(func() {
			errs := failure(ctx, codeLimit, "too many operations run on this connection: end some first").Errors
			s.write(ctx, message{ID: &id, Type: "error", Payload: mustJSON(errs)}.encode())
		})
		return ending{}
	}
	one, cancel := context.WithCancel(ctx)
	if operation(params) != ast.Subscription {
		one, cancel = context.WithTimeout(ctx, s.t.limit.Request)
	}
	op := &task{cancel}
	s.operations[id] = op
	s.group.Go(func() { s.run(one, id, op, params) })
	return ending{}
}

// forget ends an operation; with op, only that one. It says whether it ran.
func (s *socket) forget(id string, op *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := s.operations[id]
	if have == nil || op != nil && have != op {
		return false
	}
	delete(s.operations, id)
	have.cancel()
	return true
}

// runs says that the operation has not been ended by the client.
func (s *socket) runs(id string, op *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operations[id] == op
}

// run runs an operation to its end.
func (s *socket) run(ctx context.Context, id string, op *task, params *graphql.RawParams) {
	failed := false
	var together [][]byte
	size := 0
	give := func(r *graphql.Response, more bool) bool {
		if !s.runs(id, op) {
			return false
		}
		if failed = r.Data == nil; failed {
			s.forget(id, op)
			s.write(ctx, message{ID: &id, Type: "error", Payload: mustJSON(r.Errors)}.encode())
			return false
		}
		m := message{ID: &id, Type: "next", Payload: slices.Concat(partsOf(r)...)}.encode()
		together, size = append(together, m), size+len(m)
		if more && size < sentTogether {
			return true
		}
		ok := s.write(ctx, together...)
		together, size = nil, 0
		return ok
	}
	if s.t.open.enter(subscriptions) {
		s.t.answers(ctx, s.exec, params, give)
		s.t.open.leave(subscriptions)
	} else {
		give(failure(ctx, codeLimit, s.t.open.full(subscriptions)), false)
	}
	if s.forget(id, op) && !failed {
		s.write(ctx, message{ID: &id, Type: "complete"}.encode())
	}
}

// write sends messages, several in one piece. A reader that takes longer than it
// may is slow and is told so when it comes back; one that takes twice as long is
// not waited for.
func (s *socket) write(ctx context.Context, messages ...[]byte) bool {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*s.t.limit.Take)
	defer cancel()
	if len(messages) > 1 {
		s.cork.hold()
	}
	var err error
	for _, m := range messages {
		err = errors.Join(err, s.conn.Write(ctx, websocket.MessageText, m))
	}
	if len(messages) > 1 {
		err = errors.Join(err, s.cork.release(began.Add(2*s.t.limit.Take)))
	}
	switch {
	case err == nil && time.Since(began) > s.t.limit.Take:
		s.end(closeSlow, slowText)
		return false
	case err != nil:
		s.end(0, "")
		return false
	}
	return true
}
