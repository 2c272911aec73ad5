// Package server is Dragnet over HTTP: the GraphQL transport, health and
// readiness, request ids, limits, logs and an orderly end. It knows no store
// and holds no rule of the graph.
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Options configure a Server. Backend, Pages and Log are needed.
type Options struct {
	Backend Backend
	// Pages serves everything but /graphql, /reconcile, /export, /entity, /healthz and /readyz.
	Pages http.Handler
	Log   *slog.Logger
	// Hosts are names by which the server may be asked for besides localhost and
	// the loopback addresses. See guardHost.
	Hosts []string
	// Origins are web origins, such as https://refine.example, whose pages may ask
	// /reconcile besides those of this machine; "*": any.
	Origins []string
	// Exposed says that the server listens beyond loopback.
	Exposed bool
	// Caller is who an unauthenticated request is from; empty: "local".
	Caller string
	// NewID draws a request id; nil: 26 random characters.
	NewID func() string
	// Limits; zero fields take those of DefaultLimits.
	Limits Limits
}

// Limits bound what one request may take.
type Limits struct {
	Body     int64         // bytes of a request's body
	URI      int           // bytes of a request's path and query
	Header   int           // bytes of a request's first line and headers together
	Request  time.Duration // to work out an answer
	Transfer time.Duration // to receive a request, and again to send its answer
	Idle     time.Duration // of a kept connection
	Grace    time.Duration // for what runs when the server is told to end

	Persisted      int // persisted queries that are kept
	PersistedBytes int // of their texts together

	Streams   int           // open WebSockets, and again running subscriptions, of all clients
	PerSocket int           // operations that run on one WebSocket
	Init      time.Duration // for a WebSocket to say connection_init
	Beat      time.Duration // between signs of life on an open stream
	Take      time.Duration // for the reader of a stream to take one message
}

// DefaultLimits are the limits in force unless told otherwise.
func DefaultLimits() Limits {
	return Limits{
		Body:     16 << 20,
		URI:      128 << 10,
		Header:   192 << 10,
		Request:  60 * time.Second,
		Transfer: 60 * time.Second,
		Idle:     2 * time.Minute,
		Grace:    90 * time.Second,

		Persisted:      1_000,
		PersistedBytes: 16 << 20,

		Streams:   1_000,
		PerSocket: 100,
		Init:      10 * time.Second,
		Beat:      15 * time.Second,
		Take:      20 * time.Second,
	}
}

// headerWait is how long a connection may take to say what it wants.
const headerWait = 10 * time.Second

// Server serves one backend.
type Server struct {
	http  http.Server
	limit Limits
	log   *slog.Logger
	// cut ends the contexts of all requests.
	cut  context.CancelFunc
	open *streams
}

// New makes a server. It does not listen yet: see Serve.
func New(o Options) *Server {
	o = o.filled()
	base, cut := context.WithCancel(context.Background())
	s := &Server{limit: o.Limits, log: o.Log, cut: cut, open: newStreams(o.Limits.Streams)}
	s.http = http.Server{
		Handler:           o.handler(s.open),
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: headerWait,
		ReadTimeout:       o.Limits.Transfer,
		WriteTimeout:      2*o.Limits.Transfer + o.Limits.Request,
		IdleTimeout:       o.Limits.Idle,
		MaxHeaderBytes:    o.Limits.Header,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	s.http.RegisterOnShutdown(s.open.end)
	return s
}

func (o Options) filled() Options {
	d := DefaultLimits()
	l := &o.Limits
	l.Body = orElse(l.Body, d.Body)
	l.URI = orElse(l.URI, d.URI)
	l.Header = orElse(l.Header, d.Header)
	l.Request = orElse(l.Request, d.Request)
	l.Transfer = orElse(l.Transfer, d.Transfer)
	l.Idle = orElse(l.Idle, d.Idle)
	l.Grace = orElse(l.Grace, d.Grace)
	l.Persisted = orElse(l.Persisted, d.Persisted)
	l.PersistedBytes = orElse(l.PersistedBytes, d.PersistedBytes)
	l.Streams = orElse(l.Streams, d.Streams)
	l.PerSocket = orElse(l.PerSocket, d.PerSocket)
	l.Init = orElse(l.Init, d.Init)
	l.Beat = orElse(l.Beat, d.Beat)
	l.Take = orElse(l.Take, d.Take)
	o.Caller = orElse(o.Caller, "local")
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	return o
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

// handler puts together what every request passes through.
func (o Options) handler(open *streams) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", refuseCrossSite(&transport{backend: o.Backend, limit: o.Limits, log: o.Log, open: open, known: newPersisted(o.Limits), process: o.NewID()}))
	docs := &documents{backend: o.Backend, log: o.Log, pause: o.Limits.Transfer}
	mux.Handle("/export/{format}", refuseCrossSite(readOnly(docs.export)))
	mux.Handle("/entity/{file}", refuseCrossSite(readOnly(docs.dossier)))
	(&reconciler{backend: o.Backend, limit: o.Limits, log: o.Log, origins: o.Origins}).handle(mux)
	mux.Handle("/import", refuseCrossSite(&importing{backend: o.Backend, limit: o.Limits, done: &outcomes{}}))
	mux.HandleFunc("GET /healthz", healthz)
	mux.Handle("GET /readyz", readyz(o.Backend))
	mux.Handle("/", o.Pages)
	var h http.Handler = mux
	h = guardHost(h, o.Hosts, o.Exposed)
	h = guardURI(h, o.Limits.URI)
	h = secure(h)
	h = recoverPanics(h, o.Log)
	return edge(h, o)
}

// Serve answers on the listener, which it closes, until the context ends; then
// it takes no new requests and returns when those under way are finished. What
// takes longer than the time of grace is cut off, and that is an error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer s.cut()
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit.Grace)
	defer cancel()
	err := s.http.Shutdown(grace)
	if err == nil {
		err = s.open.wait(grace) // Shutdown does not know of WebSockets
	}
	if err != nil {
		s.cut()
		err = errors.Join(errors.New("requests were still under way and were cut off"), s.http.Close())
	}
	s.open.sockets.Wait()
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// OnShutdown runs the function when an orderly end begins.
func (s *Server) OnShutdown(f func()) { s.http.RegisterOnShutdown(f) }
