package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	gql "dragnet/graph"

	"dragnet/bench/gen"
	"dragnet/internal/analysis"
	"dragnet/internal/catalog"
	"dragnet/internal/server"
)

type httpCmd struct {
	storeFlag
	seedFlag
	Program string        `placeholder:"FILE" help:"Start this dragnet on the store and measure it. Without, the server runs in this process, where a profile sees it (and the clients)."`
	Clients []int         `default:"1,8" help:"How many clients at once, one run after the other. Default: ${default}."`
	Time    time.Duration `default:"5s" help:"How long each run takes. Default: ${default}."`
	Only    string        `help:"Only requests whose name begins so."`
}

// Run measures requests.
func (c *httpCmd) Run(ctx context.Context, p *program) error {
	of, err := gen.New(c.Seed, int(c.Entities))
	if err != nil {
		return err
	}
	if c.Program != "" {
		url, stop, err := startProgram(ctx, c.Program, c.Store)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "\n%s entities, requests to dragnet in a process of its own\n", c.Entities)
		return errors.Join(c.load(ctx, p, url, of), stop())
	}
	g, err := openStore(ctx, c.Store)
	if err != nil {
		return err
	}
	if _, err := g.counts(ctx); err != nil {
		return errors.Join(err, g.close())
	}
	log := slog.New(slog.DiscardHandler)
	exec := gql.New(g.cat, analysis.New(g.store, g.cat, 2*time.Second), gql.Options{Store: g.Name(), Log: log, Caller: server.Caller, RequestID: server.RequestID})
	fmt.Fprintf(p.out, "\n%s, %s entities, requests to a server in this process\n", g.Name(), c.Entities)
	err = p.profiled(func() error {
		if err := c.layers(ctx, p, g, exec, of); err != nil {
			return err
		}
		return c.serve(ctx, p, exec, log, of)
	})
	return errors.Join(err, g.close())
}

// layers measures, without HTTP, the store's answer and the executor's.
func (c *httpCmd) layers(ctx context.Context, p *program, g *graph, exec *gql.Graph, of *gen.Graph) error {
	t := newTable(p.out, sampleColumns...)
	for _, r := range c.requests() {
		sides := []side{{r.name + ", executed", func(ctx context.Context, i int) error {
			return executed(exec.Execute(ctx, &graphql.RawParams{Query: r.query, Variables: map[string]any{"id": r.root(of, i)}}))
		}}}
		if r.hops != nil {
			q := question{hops: r.hops, root: r.root}
			sides = append(sides, q.sides(g, nil, of)[0])
			sides[1].name = r.name + ", its Select"
		}
		samples, err := interleave(ctx, 200, p.limit, sides...)
		if err != nil {
			return err
		}
		for _, s := range samples {
			t.sample(s.name, s)
		}
	}
	return t.Flush()
}

func executed(r *graphql.Response) error {
	if len(r.Errors) > 0 {
		return r.Errors
	}
	return nil
}

// backend is a graph that is always ready.
type backend struct{ exec *gql.Graph }

// Executor implements server.Backend.
func (b backend) Executor() server.Executor { return b.exec }

// Catalog implements server.Backend.
func (backend) Catalog() *catalog.Catalog { return nil }

// Missing implements server.Backend.
func (backend) Missing(context.Context) *server.Missing { return nil }

// serve runs a server on a free port of the loopback for as long as it is
// measured.
func (c *httpCmd) serve(ctx context.Context, p *program, exec *gql.Graph, log *slog.Logger, of *gen.Graph) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	web := server.New(server.Options{Backend: backend{exec}, Pages: http.NotFoundHandler(), Log: log})
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(serving, l) }()
	err = c.load(ctx, p, "http://"+l.Addr().String(), of)
	stop()
	return errors.Join(err, <-ended)
}

func (c *httpCmd) load(ctx context.Context, p *program, url string, of *gen.Graph) error {
	t := newTable(p.out, "what", "clients", "p50", "p95", "p99", "requests/s", "kB", "requests")
	for _, r := range c.requests() {
		for _, n := range c.Clients {
			client := newClient(url, n)
			s, rate, err := client.storm(ctx, r, of, n, c.Time)
			client.close()
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			t.row(r.name, fmt.Sprint(n), show(s.at(.5)), show(s.at(.95)), show(s.at(.99)), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.1f", s.bytes/1000), fmt.Sprint(len(s.times)))
		}
	}
	return t.Flush()
}
