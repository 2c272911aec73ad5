package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"dragnet/bench/gen"
	"dragnet/bench/load"
)

// size is a number of entities: 10000, 10k or 1M.
type size int

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *size) UnmarshalText(b []byte) error {
	text, unit := string(b), 1
	for suffix, n := range map[string]int{"k": 1_000, "M": 1_000_000} {
		if short, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = short, n
		}
	}
	n, err := strconv.Atoi(text)
	*s = size(n * unit)
	return err
}

func (s size) String() string {
	switch {
	case s%1_000_000 == 0:
		return fmt.Sprintf("%dM", int(s)/1_000_000)
	case s%1_000 == 0:
		return fmt.Sprintf("%dk", int(s)/1_000)
	}
	return strconv.Itoa(int(s))
}

type loadCmd struct {
	storeFlag
	Entities size   `default:"10k" help:"How many entities: 10k, 100k, 1M. Default: ${default}."`
	Seed     uint64 `default:"1" help:"Another seed gives another graph. Default: ${default}."`
	Through  string `enum:"store,catalog" default:"store" help:"store: settle in memory and put chunks; catalog: assert every claim, as everybody does. Default: ${default}."`
	Chunk    int    `default:"1000" help:"Entities in one commit. Default: ${default}."`
	Workers  int    `default:"2" help:"How many goroutines settle or send. Default: ${default}."`
	Quiet    bool   `help:"Print the end only."`
}

// Run loads the graph.
func (c *loadCmd) Run(ctx context.Context, p *program) error {
	g, err := gen.New(c.Seed, int(c.Entities))
	if err != nil {
		return err
	}
	into, err := openStore(ctx, c.Store)
	if err != nil {
		return err
	}
	start, told := time.Now(), time.Now()
	o := load.Options{Chunk: c.Chunk, Workers: c.Workers, Progress: func(at load.Progress) {
		if !c.Quiet && time.Since(told) > 5*time.Second {
			told = time.Now()
			fmt.Fprintf(os.Stderr, "%d entities, %d claims, %s\n", at.Entities, at.Claims, time.Since(start).Round(time.Second))
		}
	}}
	err = p.profiled(func() error {
		if c.Through == "catalog" {
			return load.Through(ctx, into.cat, g, o)
		}
		return load.Fast(ctx, into.store, g, time.Now, o)
	})
	if err != nil {
		return err
	}
	took := time.Since(start)
	n, err := into.counts(ctx)
	if err != nil {
		return err
	}
	if err := into.close(); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "loaded %d entities (%d stubs), %d links, %d claims, %d sources in %s: %.0f claims/s%s\n", n.Entities, n.Stubs, n.Links, n.Claims, n.Sources,
		took.Round(100*time.Millisecond), float64(n.Claims)/took.Seconds(), fileSize(into))
	return nil
}

// fileSize says how large a store's file is, when it is one.
func fileSize(g *graph) string {
	info, err := os.Stat(g.Path)
	if g.Neo4j() || err != nil {
		return ""
	}
	return fmt.Sprintf(", file %d MB", info.Size()/1_000_000)
}
