package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dragnet/bench/byhand"
	"dragnet/bench/gen"
)

// seedFlag says which graph is in the store; its size is read from the store.
type seedFlag struct {
	Seed     uint64 `default:"1" help:"The seed that the graph was loaded with. Default: ${default}."`
	Entities size   `default:"10k" help:"How many entities were loaded. Default: ${default}."`
}

type selectCmd struct {
	storeFlag
	seedFlag
	Pairs int    `default:"300" help:"How many times each question is asked each way. Default: ${default}."`
	Only  string `help:"Only questions whose name begins so."`
}

// compared is how many roots the answers are compared for.
const compared = 40

// Run measures Select against the walk by hand.
func (c *selectCmd) Run(ctx context.Context, p *program) error {
	of, err := gen.New(c.Seed, int(c.Entities))
	if err != nil {
		return err
	}
	g, err := openStore(ctx, c.Store)
	if err != nil {
		return err
	}
	n, err := g.counts(ctx)
	if err != nil {
		return errors.Join(err, g.close())
	}
	w, err := g.byHand(ctx)
	if err != nil {
		return errors.Join(err, g.close())
	}
	fmt.Fprintf(p.out, "\n%s, %d entities, %d links, %d claims: Select against the best by hand\n", g.Name(), n.Entities, n.Links, n.Claims)
	err = p.profiled(func() error { return c.measure(ctx, p, g, w, of) })
	return errors.Join(err, w.Close(ctx), g.close())
}

func (c *selectCmd) measure(ctx context.Context, p *program, g *graph, w byhand.Walker, of *gen.Graph) error {
	t := newTable(p.out, sampleColumns...)
	var ratios []string
	for _, q := range questions {
		if !strings.HasPrefix(q.name, c.Only) {
			continue
		}
		mean, err := q.compare(ctx, g, w, of, compared)
		if err != nil {
			return err
		}
		samples, err := interleave(ctx, c.Pairs, p.limit, q.sides(g, w, of)...)
		if err != nil {
			return err
		}
		for _, s := range samples {
			t.sample(q.name+" "+s.name, s)
		}
		ratio := float64(samples[0].at(.5)) / float64(samples[1].at(.5))
		goal := "no goal"
		if q.goal > 0 {
			goal = fmt.Sprintf("goal %.1f×: %s", q.goal, verdict(ratio, q.goal, false))
		}
		ratios = append(ratios, fmt.Sprintf("%s: %.2f× by hand (%s), %.0f entities in an answer", q.name, ratio, goal, mean))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(p.out, strings.Join(ratios, "\n"))
	return nil
}
