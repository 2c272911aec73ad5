package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"dragnet/bench/gen"
	"dragnet/internal/analysis"
	"dragnet/internal/intel"
)

type shapeCmd struct {
	Store    string `required:"" placeholder:"sqlite:PATH|bolt://HOST:PORT" help:"A store with a generated graph in it."`
	Entities size   `required:"" help:"How many entities were loaded: 10k, 100k, 1M."`
	Seed     uint64 `default:"1" help:"The seed that the graph was loaded with. Default: ${default}."`
	Rounds   int    `default:"2000" help:"How many times each question is asked. Default: ${default}."`
}

// Run builds the projection and asks it, without what is read of the answers.
func (c *shapeCmd) Run(ctx context.Context, p *program) (err error) {
	of, err := gen.New(c.Seed, int(c.Entities))
	if err != nil {
		return err
	}
	g, err := openStore(ctx, c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	a := analysis.New(g.store, g.cat, time.Minute)
	began := time.Now()
	if err := a.Build(ctx); err != nil {
		return err
	}
	s := a.State()
	fmt.Fprintf(p.out, "\n%s, %d entities, %d links: the projection is there after %.1f s and takes %.1f MB, its index of ids %.1f MB\n",
		g.Name(), s.Entities, s.Links, time.Since(began).Seconds(), float64(s.Bytes)/1e6, float64(s.IDBytes)/1e6)
	return p.profiled(func() error { return c.measure(ctx, p, a, of) })
}

// measure asks about pairs of entities drawn at random, and about hubs.
func (c *shapeCmd) measure(ctx context.Context, p *program, a *analysis.Analysis, of *gen.Graph) error {
	r := rand.New(rand.NewPCG(c.Seed, 1))
	anybody := func() string { return of.ID(r.IntN(of.Len())) }
	hubs := []intel.Kind{intel.KindCountry, intel.KindRegion, intel.KindSector, intel.KindGood, intel.KindTechnique}
	t := newTable(p.out, sampleColumns...)
	for _, q := range []struct {
		name string
		ask  func() error
	}{
		{"paths of at most 6 hops, 5 at most", func() error {
			_, _, err := a.Paths(ctx, analysis.From{}, analysis.PathQuery{From: anybody(), To: anybody(), MaxHops: 6, Limit: 5, AvoidKinds: hubs})
			return err
		}},
		{"paths of at most 4 hops by evidence", func() error {
			_, _, err := a.Paths(ctx, analysis.From{}, analysis.PathQuery{From: anybody(), To: anybody(), MaxHops: 4, Limit: 5, AvoidKinds: hubs, Strongest: true})
			return err
		}},
		{"expand 25", func() error {
			_, _, err := a.Expand(ctx, analysis.From{}, analysis.ExpandQuery{IDs: []string{anybody()}, Depth: 1, Limit: 25})
			return err
		}},
		{"expand 25 of a country", func() error {
			_, _, err := a.Expand(ctx, analysis.From{}, analysis.ExpandQuery{IDs: []string{"country:US"}, Depth: 1, Limit: 25})
			return err
		}},
	} {
		s := &sample{name: q.name}
		for range c.Rounds {
			began := time.Now()
			if err := q.ask(); err != nil {
				return err
			}
			s.times = append(s.times, time.Since(began))
		}
		t.sample(q.name, s)
	}
	return t.Flush()
}
