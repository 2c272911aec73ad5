package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// running serves on a free port until stop is called, which gives what Serve
// returned.
func running(t *testing.T, o Options) (url string, s *Server, stop func() error) {
	t.Helper()
	l, exposed, err := Listen(t.Context(), "127.0.0.1:0", false)
	if err != nil || exposed {
		t.Fatal(exposed, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s = New(o)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { _ = stop() })
	return "http://" + l.Addr().String(), s, stop
}

// closed gives something back at the end of a test.
func closed(t *testing.T, c io.Closer) {
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

type result struct {
	status int
	body   string
	err    error
}

// ask sends a query in the background.
func background(ctx context.Context, client *http.Client, url string) <-chan result {
	out := make(chan result, 1)
	go func() {
		r, err := http.NewRequestWithContext(ctx, "POST", url+"/graphql", strings.NewReader(`{"query":"{a}"}`))
		if err != nil {
			out <- result{err: err}
			return
		}
		r.Header.Set("Content-Type", "application/json")
		w, err := client.Do(r)
		if err != nil {
			out <- result{err: err}
			return
		}
		defer func() { _ = w.Body.Close() }() // it was only read
		body, err := io.ReadAll(w.Body)
		out <- result{w.StatusCode, string(body), err}
	}()
	return out
}

func newClient(t *testing.T) *http.Client {
	c := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func TestShutdownFinishesWhatRuns(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	url, s, stop := running(t, options(fake{execute: func(ctx context.Context, _ *graphql.RawParams) *graphql.Response {
		close(begun)
		select {
		case <-release:
			return &graphql.Response{Data: []byte(`{"a":1}`)}
		case <-ctx.Done():
			return &graphql.Response{Data: []byte("null")}
		}
	}}, io.Discard))
	ending := make(chan struct{})
	s.OnShutdown(func() { close(ending) })
	client := newClient(t)
	slow := background(t.Context(), client, url)
	<-begun
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	<-ending
	if r := <-background(t.Context(), newClient(t), url); r.err == nil {
		t.Errorf("a new request was taken: %+v", r)
	}
	close(release)
	if r := <-slow; r.err != nil || r.status != 200 || r.body != `{"data":{"a":1}}`+"\n" {
		t.Errorf("the request under way got %+v", r)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestShutdownCutsOffWhatTakesTooLong(t *testing.T) {
	begun := make(chan struct{})
	o := options(fake{execute: func(ctx context.Context, _ *graphql.RawParams) *graphql.Response {
		close(begun)
		<-ctx.Done()
		return &graphql.Response{Data: []byte("null")}
	}}, io.Discard)
	o.Limits.Grace = time.Millisecond
	url, _, stop := running(t, o)
	slow := background(t.Context(), newClient(t), url)
	<-begun
	if err := stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("Serve: %v", err)
	}
	<-slow // it has ended, one way or the other
}

func TestClientThatLeavesCancels(t *testing.T) {
	begun, ended := make(chan struct{}), make(chan error, 1)
	var log buffer
	url, _, stop := running(t, options(fake{execute: func(ctx context.Context, _ *graphql.RawParams) *graphql.Response {
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		return &graphql.Response{Data: []byte("null")}
	}}, &log))
	ctx, leave := context.WithCancel(t.Context())
	r := background(ctx, newClient(t), url)
	<-begun
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the work ended with %v", err)
	}
	<-r
	if err := stop(); err != nil {
		t.Error(err)
	}
	if lines := log.lines(t); len(lines) != 1 || lines[0]["gone"] != true {
		t.Errorf("logged %v", lines)
	}
}

func TestRequestsAreBoundInTime(t *testing.T) {
	o := options(fake{execute: func(ctx context.Context, _ *graphql.RawParams) *graphql.Response {
		<-ctx.Done()
		return &graphql.Response{Data: []byte("null"), Errors: gqlerror.List{{Message: ctx.Err().Error()}}}
	}}, io.Discard)
	o.Limits.Request = time.Millisecond
	w := post(`{"query":"{a}"}`).to(t, o.filled().handler(newStreams(9)))
	if !strings.Contains(w.Body.String(), context.DeadlineExceeded.Error()) {
		t.Errorf("got %s", w.Body)
	}
}

func TestSlowBodiesAreRefused(t *testing.T) {
	o := options(echo(), io.Discard)
	o.Limits.Transfer = 20 * time.Millisecond
	url, _, _ := running(t, o)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, conn)
	if _, err := io.WriteString(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, r.Body)
	if r.StatusCode != http.StatusRequestTimeout {
		t.Errorf("got %s", r.Status)
	}
}

func TestListen(t *testing.T) {
	taken, _, err := Listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, taken)
	for _, test := range []struct {
		address           string
		insecure, exposed bool
		fault             string // "" for none
	}{
		{"127.0.0.1:0", false, false, ""},
		{"127.9.9.9:0", false, false, ""},
		{"localhost:0", false, false, ""},
		{"0.0.0.0:0", false, false, "--insecure"},
		{":0", false, false, "--insecure"},
		{"[::]:0", false, false, "--insecure"},
		{"192.0.2.1:0", false, false, "--insecure"},
		{"0.0.0.0:0", true, true, ""},
		{":0", true, true, ""},
		{"127.0.0.1", false, false, "host:port"},
		{"8080", false, false, "host:port"},
		{"no-such-host.invalid:0", false, false, "not known"},
		{taken.Addr().String(), false, false, "in use"},
	} {
		t.Run(test.address, func(t *testing.T) {
			l, exposed, err := Listen(t.Context(), test.address, test.insecure)
			if err == nil {
				closed(t, l)
			}
			switch {
			case test.fault == "" && (err != nil || exposed != test.exposed):
				t.Errorf("exposed %v, error %v", exposed, err)
			case test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)):
				t.Errorf("error %v, want one with %q", err, test.fault)
			}
		})
	}
}
