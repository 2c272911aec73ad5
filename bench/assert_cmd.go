package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dragnet/bench/gen"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

type assertCmd struct {
	storeFlag
	seedFlag
	Callers int           `default:"50" help:"How many callers at once. Default: ${default}."`
	Time    time.Duration `default:"10s" help:"How long to measure. Default: ${default}."`
	Warm    time.Duration `default:"5s" help:"How long the callers warm the store up first. Default: ${default}."`
	Only    string        `help:"Only claims whose name begins so."`
	Keep    bool          `help:"Write into the SQLite file itself, not into a copy. Neo4j is always written to."`
}

// goals are single claims per second with 50 callers.
var goals = map[string]float64{"sqlite": 5_000, "neo4j": 3_000}

// Run measures single-claim asserts: about subjects that are new, and about
// known ones, whose facts are settled again.
func (c *assertCmd) Run(ctx context.Context, p *program) error {
	of, err := gen.New(c.Seed, int(c.Entities))
	if err != nil {
		return err
	}
	address, remove, err := c.copied()
	if err != nil {
		return err
	}
	defer remove()
	g, err := openStore(ctx, address)
	if err != nil {
		return err
	}
	n, err := g.counts(ctx)
	if err != nil {
		return errors.Join(err, g.close())
	}
	fmt.Fprintf(p.out, "\n%s, %d entities, %d claims: single-claim asserts of distinct subjects by %d callers, settled and committed\n", g.Name(), n.Entities, n.Claims, c.Callers)
	err = p.profiled(func() error { return c.measure(ctx, p, g, of) })
	return errors.Join(err, g.close())
}

func (c *assertCmd) measure(ctx context.Context, p *program, g *graph, of *gen.Graph) error {
	t := newTable(p.out, sampleColumns...)
	run := time.Now().UnixNano()
	var verdicts []string
	for _, what := range []struct {
		name  string
		draft func(run, i int64) intel.Draft
	}{
		{"a new person's name", newcomer},
		{"a note about a known entity", func(run, i int64) intel.Draft { return remark(of, run, i) }},
	} {
		if !strings.HasPrefix(what.name, c.Only) {
			continue
		}
		if _, _, err := c.storm(ctx, g.cat, c.Warm, func(i int64) intel.Draft { return what.draft(-run, i) }); err != nil {
			return err
		}
		first, err := g.cat.Meta(ctx)
		if err != nil {
			return err
		}
		before, _ := heap()
		s, rate, err := c.storm(ctx, g.cat, c.Time, func(i int64) intel.Draft { return what.draft(run, i) })
		if err != nil {
			return err
		}
		after, _ := heap()
		last, err := g.cat.Meta(ctx)
		if err != nil {
			return err
		}
		group := float64(len(s.times)) / float64(last.Last.Revision-first.Last.Revision)
		s.allocs = float64(after-before) / float64(len(s.times))
		t.row(what.name, show(s.at(.5)), show(s.at(.95)), show(s.at(.99)), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.0f", s.allocs), "", fmt.Sprint(len(s.times)))
		goal := goals[g.Name()]
		verdicts = append(verdicts, fmt.Sprintf("%s: %.0f/s (goal %.0f: %s), %.1f to a commit", what.name, rate, goal, verdict(rate, goal, true), group))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, v := range verdicts {
		fmt.Fprintln(p.out, v)
	}
	return nil
}

// newcomer claims the name of a person nobody knew.
func newcomer(run, i int64) intel.Draft {
	id := fmt.Sprintf("person:newcomer%d-%d", run, i)
	return intel.Draft{Subject: intel.Ref{ID: id}, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: fmt.Sprintf("Newcomer %d", i)}, Locator: "paragraph 1"}
}

// remark claims a note about an entity of the graph, another one each time.
func remark(of *gen.Graph, run, i int64) intel.Draft {
	id := of.ID(int(i*7919) % of.Len())
	return intel.Draft{Subject: intel.Ref{ID: id}, Property: intel.PropNote, Value: &intel.Value{Type: intel.TypeText, Text: fmt.Sprintf("Seen again in run %d, %d.", run, i)}, Locator: "paragraph 2"}
}

// storm has many callers assert one claim after the other.
func (c *assertCmd) storm(ctx context.Context, cat *catalog.Catalog, long time.Duration, draft func(int64) intel.Draft) (*sample, float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var next atomic.Int64
	var callers sync.WaitGroup
	times, failed := make([][]time.Duration, c.Callers), make([]error, c.Callers)
	start := time.Now()
	for w := range c.Callers {
		callers.Go(func() {
			for time.Since(start) < long && failed[w] == nil {
				in := catalog.AssertInput{By: "bench", SourceID: fmt.Sprintf("source:bench-caller-%d", w), Claims: []intel.Draft{draft(next.Add(1))}}
				began := time.Now()
				_, failed[w] = cat.Assert(ctx, in)
				times[w] = append(times[w], time.Since(began))
			}
			if failed[w] != nil {
				cancel()
			}
		})
	}
	callers.Wait()
	took := time.Since(start)
	s := &sample{}
	for w := range times {
		s.times = append(s.times, times[w]...)
	}
	return s, float64(len(s.times)) / took.Seconds(), errors.Join(failed...)
}

// copied gives the address of a copy of an SQLite file, and how to remove it.
func (c *assertCmd) copied() (address string, remove func(), err error) {
	at, err := parseStore(c.Store)
	if err != nil || at.Neo4j() || c.Keep {
		return c.Store, func() {}, err
	}
	path := at.Path + ".copy"
	remove = func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(path + end) // there may be none
		}
	}
	remove()
	return "sqlite:" + path, remove, copyFile(path, at.Path)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close(), in.Close())
}
