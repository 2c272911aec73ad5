package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"
)

// ticking answers subscriptions with what is put into its channel, and all else
// at once. An answer without data ends a subscription.
func ticking(ticks <-chan *graphql.Response) fake {
	return fake{stream: func(ctx context.Context, p *graphql.RawParams) func() *graphql.Response {
		if operation(p) != "subscription" {
			once := &graphql.Response{Data: []byte(`{"a":1}`)}
			return func() *graphql.Response { r := once; once = nil; return r }
		}
		return func() *graphql.Response {
			select {
			case r := <-ticks:
				return r
			case <-ctx.Done():
				return nil
			}
		}
	}, execute: func(context.Context, *graphql.RawParams) *graphql.Response {
		return &graphql.Response{Data: []byte(`{"a":1}`)}
	}}
}

func tick(n int) *graphql.Response {
	return &graphql.Response{Data: fmt.Appendf(nil, `{"n":%d}`, n)}
}

// client speaks graphql-transport-ws.
type client struct {
	*websocket.Conn
	t *testing.T
}

func dial(t *testing.T, url string, protocols ...string) *client {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: protocols})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() }) // the test may have closed it
	return &client{c, t}
}

// say sends messages.
func (c *client) say(messages ...string) {
	c.t.Helper()
	for _, m := range messages {
		if err := c.Write(c.t.Context(), websocket.MessageText, []byte(m)); err != nil {
			c.t.Fatal(err)
		}
	}
}

// hear waits for messages.
func (c *client) hear(want ...string) {
	c.t.Helper()
	for _, w := range want {
		_, got, err := c.Read(c.t.Context())
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", w, err)
		}
		if string(got) != w {
			c.t.Fatalf("heard %s, want %s", got, w)
		}
	}
}

// closes waits for the end of the connection.
func (c *client) closes(code websocket.StatusCode, reason string) {
	c.t.Helper()
	for {
		_, m, err := c.Read(c.t.Context())
		if err == nil {
			c.t.Logf("heard %.100s", m)
			continue
		}
		var end websocket.CloseError
		if !errors.As(err, &end) || end.Code != code || !strings.Contains(end.Reason, reason) {
			c.t.Fatalf("ended with %v, want %d %s", err, code, reason)
		}
		return
	}
}

const (
	initMessage = `{"type":"connection_init"}`
	ackMessage  = `{"type":"connection_ack"}`
	subscribing = `{"id":"%s","type":"subscribe","payload":{"query":"subscription { n }"}}`
)

func TestSocket(t *testing.T) {
	ticks := make(chan *graphql.Response)
	answering := ticking(ticks)
	answering.stopped = make(chan struct{}, 100)
	o := options(answering, io.Discard)
	o.Limits.PerSocket = 2
	url, _, _ := running(t, o)
	begun := func(t *testing.T) *client {
		c := dial(t, url, subprotocol)
		c.say(initMessage)
		c.hear(ackMessage)
		return c
	}
	give := func(r *graphql.Response) {
		select {
		case ticks <- r:
		case <-t.Context().Done():
			t.Error("nobody took the answer")
		}
	}
	t.Run("a subscription", func(t *testing.T) {
		c := begun(t)
		c.say(fmt.Sprintf(subscribing, "1"))
		give(tick(1))
		give(tick(2))
		c.hear(`{"id":"1","type":"next","payload":{"data":{"n":1}}}`, `{"id":"1","type":"next","payload":{"data":{"n":2}}}`)
		c.say(`{"type":"ping"}`, `{"type":"pong"}`, `{"type":"ping","payload":{"a":1}}`)
		c.hear(`{"type":"pong"}`, `{"type":"pong","payload":{"a":1}}`)
		c.say(`{"id":"1","type":"complete"}`, `{"id":"none","type":"complete"}`, fmt.Sprintf(subscribing, "1"))
		<-answering.stopped
		give(tick(3))
		c.hear(`{"id":"1","type":"next","payload":{"data":{"n":3}}}`)
		give(nil)
		c.hear(`{"id":"1","type":"complete"}`)
		c.say(fmt.Sprintf(subscribing, "2"))
		give(&graphql.Response{Errors: gqlerror.List{{Message: "no more"}}})
		c.hear(`{"id":"2","type":"error","payload":[{"message":"no more"}]}`)
		c.say(`{"id":"3","type":"subscribe","payload":{"query":"{ a }"}}`)
		c.hear(`{"id":"3","type":"next","payload":{"data":{"a":1}}}`, `{"id":"3","type":"complete"}`)
		if err := c.Close(websocket.StatusNormalClosure, ""); err != nil {
			t.Error(err)
		}
	})
	t.Run("what belongs together", func(t *testing.T) {
		c := begun(t)
		c.say(fmt.Sprintf(subscribing, "1"))
		for n := range 3 {
			r := tick(n)
			if n < 2 {
				r.Extensions = map[string]any{"more": true}
			}
			give(r)
		}
		c.hear(`{"id":"1","type":"next","payload":{"data":{"n":0},"extensions":{"more":true}}}`, `{"id":"1","type":"next","payload":{"data":{"n":1},"extensions":{"more":true}}}`, `{"id":"1","type":"next","payload":{"data":{"n":2}}}`)
		c.say(`{"type":"ping"}`)
		c.hear(`{"type":"pong"}`)
	})
	t.Run("too many operations", func(t *testing.T) {
		c := begun(t)
		c.say(fmt.Sprintf(subscribing, "1"), fmt.Sprintf(subscribing, "2"), fmt.Sprintf(subscribing, "3"))
		_, m, err := c.Read(t.Context())
		if err != nil || !strings.HasPrefix(string(m), `{"id":"3","type":"error","payload":[{"message":"too many`) || !strings.Contains(string(m), codeLimit) {
			t.Errorf("%s, %v", m, err)
		}
	})
	for name, bad := range map[string]struct {
		message string
		code    websocket.StatusCode
		reason  string
	}{
		"no JSON":                      {`hello`, closeBadRequest, "JSON"},
		"a list":                       {`[1]`, closeBadRequest, "JSON"},
		"no type":                      {`{"id":"1"}`, closeBadRequest, "type"},
		"a server's type":              {`{"type":"connection_ack"}`, closeBadRequest, "type"},
		"an unknown type":              {`{"type":"start"}`, closeBadRequest, "type"},
		"no id":                        {`{"type":"subscribe","payload":{"query":"{a}"}}`, closeBadRequest, "id"},
		"an id that is a number":       {`{"id":1,"type":"subscribe","payload":{"query":"{a}"}}`, closeBadRequest, "JSON"},
		"no payload":                   {`{"id":"1","type":"subscribe"}`, closeBadRequest, "payload"},
		"no query":                     {`{"id":"1","type":"subscribe","payload":{}}`, closeBadRequest, "query"},
		"variables that are no object": {`{"id":"1","type":"subscribe","payload":{"query":"{a}","variables":3}}`, closeBadRequest, "variables"},
		"complete without an id":       {`{"type":"complete"}`, closeBadRequest, "id"},
		"a second init":                {initMessage, closeInitAgain, "Too many initialisation requests"},
	} {
		t.Run(name, func(t *testing.T) {
			c := begun(t)
			c.say(bad.message)
			c.closes(bad.code, bad.reason)
		})
	}
	t.Run("an id that is in use", func(t *testing.T) {
		c := begun(t)
		c.say(fmt.Sprintf(subscribing, "x"), fmt.Sprintf(subscribing, "x"))
		c.closes(closeDuplicate, "Subscriber for x already exists")
	})
	t.Run("no init", func(t *testing.T) {
		c := dial(t, url, subprotocol)
		c.say(fmt.Sprintf(subscribing, "x"))
		c.closes(closeUnauthorized, "Unauthorized")
	})
	t.Run("binary", func(t *testing.T) {
		c := begun(t)
		if err := c.Write(t.Context(), websocket.MessageBinary, []byte(initMessage)); err != nil {
			t.Fatal(err)
		}
		c.closes(closeBadRequest, "text")
	})
	t.Run("another protocol", func(t *testing.T) {
		dial(t, url, "graphql-ws").closes(closeSubprotocol, subprotocol)
		dial(t, url).closes(closeSubprotocol, subprotocol)
	})
	t.Run("another site", func(t *testing.T) {
		for _, header := range []http.Header{{"Origin": {"http://evil.example"}}, {"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"http://evil.example"}, "Sec-Fetch-Site": {"same-origin"}}} {
			_, r, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: []string{subprotocol}, HTTPHeader: header})
			if err == nil || r.StatusCode != http.StatusForbidden {
				t.Errorf("%v: %v", header, err)
			}
		}
	})
}

func TestSocketLimits(t *testing.T) {
	ticks := make(chan *graphql.Response)
	o := options(ticking(ticks), io.Discard)
	o.Limits.Init, o.Limits.Streams, o.Limits.Body = 50*time.Millisecond, 1, 2000
	url, _, stop := running(t, o)
	late := dial(t, url, subprotocol)
	if _, r, err := websocket.Dial(t.Context(), url+"/graphql", nil); err == nil || r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one socket too many: %v", err)
	}
	late.closes(closeInitTimeout, "Connection initialisation timeout")
	large := dialled(t, url)
	large.say(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 3000) + `"}}`)
	large.closes(websocket.StatusMessageTooBig, "")
	c := dialled(t, url)
	c.say(initMessage)
	c.hear(ackMessage)
	c.say(fmt.Sprintf(subscribing, "1"))
	ticks <- tick(1)
	c.hear(`{"id":"1","type":"next","payload":{"data":{"n":1}}}`)
	c.say(fmt.Sprintf(subscribing, "2"))
	_, m, err := c.Read(t.Context())
	if err != nil || !strings.Contains(string(m), `"type":"error"`) || !strings.Contains(string(m), codeLimit) {
		t.Errorf("one subscription too many: %s, %v", m, err)
	}
	if r := streamOf(t, url); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one subscription too many: %s", r.Status)
	}
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	c.closes(websocket.StatusGoingAway, "shutting down")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// dialled dials until there is room.
func dialled(t *testing.T, url string) *client {
	t.Helper()
	for {
		c, _, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: []string{subprotocol}})
		if err == nil {
			t.Cleanup(func() { _ = c.CloseNow() })
			return &client{c, t}
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

// streamOf asks for server-sent events.
func streamOf(t *testing.T, url string) *http.Response {
	t.Helper()
	return asked(t, url, `{"query":"subscription { n }"}`, mediaEvents)
}

func asked(t *testing.T, url, body, accept string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", mediaJSON)
	r.Header.Set("Accept", accept)
	w, err := newClient(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Body.Close() }) // the test may have closed it
	return w
}

// lines reads lines of a stream.
func lines(t *testing.T, r *bufio.Reader, want ...string) {
	t.Helper()
	for _, w := range want {
		got, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("waiting for %q: %v", w, err)
		}
		if d := cmp.Diff(w, strings.TrimSuffix(got, "\n")); d != "" {
			t.Fatal(d)
		}
	}
}

func TestEvents(t *testing.T) {
	ticks := make(chan *graphql.Response)
	o := options(ticking(ticks), io.Discard)
	o.Limits.Transfer = time.Second // a stream outlasts it
	url, _, stop := running(t, o)
	t.Run("a subscription", func(t *testing.T) {
		w := streamOf(t, url)
		if w.StatusCode != 200 || w.Header.Get("Content-Type") != mediaEvents+"; charset=utf-8" {
			t.Fatalf("%s %v", w.Status, w.Header)
		}
		r := bufio.NewReader(w.Body)
		lines(t, r, ":", "")
		ticks <- tick(1)
		lines(t, r, "event: next", `data: {"data":{"n":1}}`, "")
		ticks <- &graphql.Response{Errors: gqlerror.List{{Message: "no more"}}}
		lines(t, r, "event: next", `data: {"errors":[{"message":"no more"}]}`, "")
		ticks <- nil
		lines(t, r, "event: complete", "data: ", "")
		if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("after complete: %v", err)
		}
	})
	t.Run("by GET", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/graphql?query=subscription+%7B+n+%7D", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", mediaEvents)
		w, err := newClient(t).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, w.Body)
		ticks <- tick(7)
		lines(t, bufio.NewReader(w.Body), ":", "", "event: next", `data: {"data":{"n":7}}`, "")
	})
	for accept, media := range map[string]string{
		mediaEvents:                                 mediaEvents,
		mediaEvents + ";q=0.5, application/json":    mediaJSON,
		"application/json;q=0.5, " + mediaEvents:    mediaEvents,
		"application/json, " + mediaEvents:          mediaJSON,
		"*/*":                                       mediaJSON,
		"text/event-streams, */*":                   mediaJSON,
		mediaEvents + ";q=0, application/json":      mediaJSON,
		`application/json;x="text/event-stream"`:    mediaJSON,
		mediaGraphQL + ";q=0.1, " + mediaEvents:     mediaEvents,
		"text/event-stream;charset=utf-8;q=0.9,*/*": mediaJSON,
	} {
		t.Run("a query for "+accept, func(t *testing.T) {
			w := asked(t, url, `{"query":"{ a }"}`, accept)
			body, err := io.ReadAll(w.Body)
			if got := w.Header.Get("Content-Type"); err != nil || w.StatusCode != 200 || got != media+"; charset=utf-8" || !strings.Contains(string(body), `{"data":{"a":1}}`) {
				t.Errorf("%s %s: %s %v", w.Status, got, body, err)
			}
		})
	}
	t.Run("a mutation by GET", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/graphql?query=mutation+%7B+n+%7D", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", mediaEvents)
		w, err := newClient(t).Do(r)
		if err != nil || w.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%v %v", w, err)
		}
		closed(t, w.Body)
	})
	t.Run("the end of the server", func(t *testing.T) {
		w := streamOf(t, url)
		r := bufio.NewReader(w.Body)
		lines(t, r, ":", "")
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		lines(t, r, "event: next")
		data, err := r.ReadString('\n')
		var got struct {
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
		}
		if err != nil || json.Unmarshal([]byte(strings.TrimPrefix(data, "data: ")), &got) != nil || got.Errors[0].Extensions.Code != codeUnavailable || !strings.Contains(got.Errors[0].Message, "since") {
			t.Errorf("%s %v", data, err)
		}
		lines(t, r, "", "event: complete", "data: ", "")
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestHeartbeats(t *testing.T) {
	ticks := make(chan *graphql.Response)
	o := options(ticking(ticks), io.Discard)
	o.Limits.Beat, o.Limits.Transfer, o.Limits.Request = 10*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond
	url, _, _ := running(t, o)
	r := bufio.NewReader(streamOf(t, url).Body)
	for range 20 { // far longer than an ordinary request may take
		lines(t, r, ":", "")
	}
	pings := make(chan struct{}, 100)
	c, _, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: []string{subprotocol}, OnPingReceived: func(context.Context, []byte) bool {
		pings <- struct{}{}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	ended := c.CloseRead(t.Context())
	for range 5 {
		select {
		case <-pings:
		case <-ended.Done():
			t.Fatal("the connection ended")
		}
	}
}

// narrow makes connections that hold little of what nobody reads.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		err = tcp.SetWriteBuffer(4096)
	}
	return c, err
}

// TestSlowReaders lets readers take nothing until they have become too slow.
func TestSlowReaders(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	big := &graphql.Response{Data: []byte(`{"text":"` + strings.Repeat("x", 1<<20) + `"}`)}
	given := make(chan struct{}, 1000)
	o := options(fake{stream: func(ctx context.Context, _ *graphql.RawParams) func() *graphql.Response {
		return func() *graphql.Response {
			select {
			case given <- struct{}{}:
				return big
			case <-ctx.Done():
				return nil
			}
		}
	}, execute: echo().execute}, io.Discard)
	o.Limits.Take = 2 * time.Second
	l, _, err := Listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := New(o)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, narrow{l}) }()
	url := "http://" + l.Addr().String()

	socket, _, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		t.Fatal(err)
	}
	socket.SetReadLimit(4 << 20)
	c := &client{socket, t}
	c.say(initMessage, fmt.Sprintf(subscribing, "1"))
	web := &http.Client{Transport: &http.Transport{ReadBufferSize: 4096}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/graphql?query=subscription+%7B+n+%7D", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", mediaEvents)
	w, err := web.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	<-stalled(given, o.Limits.Take)
	c.closes(closeSlow, "too slow")
	text, err := io.ReadAll(w.Body)
	if err != nil || !strings.HasSuffix(string(text), completeEvent) || !strings.Contains(string(text), slowText) {
		t.Errorf("of %d bytes the last are %q, %v", len(text), text[max(0, len(text)-300):], err)
	}
	closed(t, w.Body)
	web.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// stalled says when nothing was taken for longer than a reader may take.
func stalled(given <-chan struct{}, take time.Duration) <-chan struct{} {
	out := make(chan struct{})
	go func() {
		defer close(out)
		for {
			select {
			case <-given:
			case <-time.After(take + take/4):
				return
			}
		}
	}()
	return out
}
