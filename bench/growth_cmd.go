package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dragnet/bench/byhand"
	"dragnet/bench/gen"
)

type growthCmd struct {
	Store    []string `required:"" placeholder:"sqlite:PATH" help:"The stores, from the smallest; give it several times."`
	Entities []size   `required:"" help:"How many entities were loaded into each: 10k,100k,1M."`
	Seed     uint64   `default:"1" help:"The seed that the graphs were loaded with. Default: ${default}."`
	Rounds   int      `default:"300" help:"How many times each question is asked. Default: ${default}."`
}

// growthGoal is how many times as long a question may take on the largest graph.
const growthGoal = 2.0

// Run asks the same questions of stores of several sizes, in turns.
func (c *growthCmd) Run(ctx context.Context, p *program) (err error) {
	if len(c.Store) != len(c.Entities) || len(c.Store) < 2 {
		return errors.New("give as many sizes as stores, at least two")
	}
	var stores []*graph
	var graphs []*gen.Graph
	defer func() {
		for _, s := range stores {
			err = errors.Join(err, s.close())
		}
	}()
	for i, address := range c.Store {
		of, err := gen.New(c.Seed, int(c.Entities[i]))
		if err != nil {
			return err
		}
		s, err := openStore(ctx, address)
		if err != nil {
			return err
		}
		stores, graphs = append(stores, s), append(graphs, of)
		if _, err := s.counts(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.Entities[i], err)
		}
	}
	fmt.Fprintf(p.out, "\n%s: how answers slow down with the graph\n", stores[0].Name())
	return p.profiled(func() error { return c.measure(ctx, p, stores, graphs) })
}

// grown are the questions and what is wanted of the entity itself.
var grown = []struct {
	question
	values bool
}{
	{question{name: "point read, with facts", root: everyone}, true},
	{question{name: "point read of a group", root: anyone}, true},
	{questions[0], false},
	{questions[2], false},
}

// everyone is any entity at all.
func everyone(g *gen.Graph, i int) string { return g.ID(i * 7919 % g.Len()) }

func (c *growthCmd) measure(ctx context.Context, p *program, stores []*graph, graphs []*gen.Graph) error {
	t := newTable(p.out, sampleColumns...)
	var verdicts []string
	for _, q := range grown {
		var sides []side
		for i := range stores {
			sides = append(sides, side{c.Entities[i].String(), func(ctx context.Context, r int) error {
				sel := byhand.Selection(q.root(graphs[i], r), key, q.hops)
				sel.Node.Values = q.values
				_, err := stores[i].ask(ctx, sel)
				return err
			}})
		}
		samples, err := interleave(ctx, c.Rounds, p.limit, sides...)
		if err != nil {
			return err
		}
		for _, s := range samples {
			t.sample(q.name+", "+s.name, s)
		}
		first, last := samples[0], samples[len(samples)-1]
		ratio := float64(last.at(.5)) / float64(max(first.at(.5), time.Nanosecond))
		verdicts = append(verdicts, fmt.Sprintf("%s: from %s to %s %.2f× (goal %.0f×: %s)", q.name, first.name, last.name, ratio, growthGoal, verdict(ratio, growthGoal, false)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, v := range verdicts {
		fmt.Fprintln(p.out, v)
	}
	return nil
}
