package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"dragnet/graph"
	"dragnet/graph/subject"
	"dragnet/internal/intel"
	"dragnet/internal/server"
	"dragnet/internal/web"
)

// localUser is who does what nobody had to log in for.
const localUser = "local"

type serveCmd struct {
	storeFlags
	Listen         string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen. Default: ${default}; port 0 takes a free one."`
	Seed           bool          `help:"Import the sample data first. Again, it changes nothing."`
	Insecure       bool          `help:"Allow --listen to be an address that other machines reach. Whoever reaches it may read and write everything."`
	Host           []string      `placeholder:"NAME" help:"A host name, besides localhost, by which browsers may ask. May be given several times."`
	Origin         []string      `placeholder:"ORIGIN" help:"A web origin, such as https://refine.example, whose pages may use /reconcile besides those of this machine; * for any. May be given several times."`
	Introspection  bool          `default:"true" negatable:"" help:"Answer questions about the schema; on by default."`
	AnalysisBudget time.Duration `default:"2s" placeholder:"TIME" help:"How long one question of link analysis may take. Default: ${default}; what was found by then is its answer."`
	LogFormat      string        `enum:"text,json" default:"text" help:"How to log: text or json. Default: ${default}."`
	LogLevel       string        `enum:"debug,info,warn,error" default:"info" help:"What to log: debug, info, warn or error. Default: ${default}."`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	log := newLog(p.stderr, c.LogFormat, c.LogLevel)
	l, exposed, err := server.Listen(ctx, c.Listen, c.Insecure)
	if errors.Is(err, intel.ErrInvalid) {
		return usageError{fmt.Errorf("--%w", err)}
	}
	if err != nil {
		return err
	}
	v, err := newService(s, p, log, c.graphOptions(s.Name(), log), c.Seed, c.AnalysisBudget)
	if err != nil {
		return errors.Join(advise(s, err), l.Close())
	}
	fmt.Fprintf(p.stderr, "Dragnet is starting; open http://%s/graphiql\n", reachable(l.Addr()))
	web := server.New(server.Options{Backend: v, Pages: web.Handler(), Log: log, Hosts: c.Host, Origins: c.Origin, Exposed: exposed, Caller: localUser})
	web.OnShutdown(func() { log.Info("ending: requests under way are finished first; a second signal ends at once") })

	ctx, end := context.WithCancelCause(ctx)
	prepared := make(chan struct{})
	go func() {
		defer close(prepared)
		if err := v.prepare(ctx); err != nil {
			if ctx.Err() == nil {
				end(advise(s, err))
			}
			return
		}
		v.shape.Run(ctx)
	}()
	err = web.Serve(ctx, l)
	end(nil)
	<-prepared
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return errors.Join(err, v.close())
}

// graphOptions says what the graph tells of itself, the limits of what stands
// before it included.
func (c *serveCmd) graphOptions(store string, log *slog.Logger) graph.Options {
	l := server.DefaultLimits()
	return graph.Options{
		Version: versionText(), Store: store, NoIntrospection: !c.Introspection, Log: log,
		Caller: server.Caller, RequestID: server.RequestID,
		More: []subject.Limit{
			{Name: "requestBody", Value: l.Body, Description: "Bytes of a request's body."},
			{Name: "requestAddress", Value: int64(l.URI), Description: "Bytes of a request's path and query string."},
			{Name: "requestTime", Value: int64(l.Request.Seconds()), Description: "Seconds that working out one answer may take."},
			{Name: "persistedQueries", Value: int64(l.Persisted), Description: "Persisted queries that are kept; of more, those used last."},
			{Name: "persistedBytes", Value: int64(l.PersistedBytes), Description: "Bytes of the texts of persisted queries together."},
			{Name: "subscriptions", Value: int64(l.Streams), Description: "Subscriptions that run at once, over WebSocket and server-sent events together; and WebSockets that are open."},
			{Name: "socketOperations", Value: int64(l.PerSocket), Description: "Operations that run at once on one WebSocket."},
			{Name: "socketInit", Value: int64(l.Init.Seconds()), Description: "Seconds that a WebSocket may take to say connection_init."},
			{Name: "takeTime", Value: int64(l.Take.Seconds()), Description: "Seconds that the reader of a subscription may take for one message; who is slower is sent away and can go on with since."},
		},
	}
}

// reachable is how a browser on this machine reaches the address.
func reachable(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return a.String()
}

func newLog(w io.Writer, format, level string) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo // kong lets the four words pass only
	}
	o := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
