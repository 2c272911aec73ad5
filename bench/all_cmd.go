package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type allCmd struct {
	Dir      string        `default:"bin/bench" help:"Where SQLite stores are kept between runs. Default: ${default}."`
	Entities []size        `default:"10k,100k" help:"The sizes of graphs; the issue's figures are for 10k,100k,1M. Default: ${default}."`
	Neo4j    string        `name:"neo4j" placeholder:"bolt://HOST:PORT|start" help:"A Neo4j that is empty, or holds the first graph already; start: start one on a folder beside the other stores."`
	Program  string        `placeholder:"FILE" help:"A built dragnet, to measure requests to."`
	Pairs    int           `default:"300" help:"How many times each question is asked. Default: ${default}."`
	Time     time.Duration `default:"5s" help:"How long each run of callers takes. Default: ${default}."`
	Seed     uint64        `default:"1" help:"The seed of the graphs. Default: ${default}."`
}

// Run measures everything, one thing after the other.
func (c *allCmd) Run(ctx context.Context, p *program) error {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	var stores []string
	for _, n := range c.Entities {
		s := "sqlite:" + filepath.Join(c.Dir, fmt.Sprintf("%s-%d.db", n, c.Seed))
		if err := c.fill(ctx, p, s, n); err != nil {
			return err
		}
		stores = append(stores, s)
	}
	large := len(c.Entities) - 1
	flags := seedFlag{Seed: c.Seed, Entities: c.Entities[large]}
	steps := []step{
		&selectCmd{storeFlag: storeFlag{stores[large]}, seedFlag: flags, Pairs: c.Pairs},
		&assertCmd{storeFlag: storeFlag{stores[large]}, seedFlag: flags, Callers: 50, Warm: c.Time, Time: c.Time},
		&httpCmd{storeFlag: storeFlag{stores[large]}, seedFlag: flags, Program: c.Program, Clients: []int{1, 8}, Time: c.Time},
	}
	if large > 0 {
		steps = append(steps, &growthCmd{Store: stores, Entities: c.Entities, Seed: c.Seed, Rounds: c.Pairs})
	}
	if c.Neo4j != "" {
		more, stop, err := c.onNeo4j(ctx, p)
		if err != nil {
			return err
		}
		defer stop()
		steps = append(steps, more...)
	}
	for _, s := range steps {
		if err := s.Run(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// step is a command with its flags filled in.
type step interface {
	Run(ctx context.Context, p *program) error
}

// onNeo4j gives the steps on a Neo4j, and how to stop one that it started.
func (c *allCmd) onNeo4j(ctx context.Context, p *program) (steps []step, stop func(), err error) {
	uri, stop := c.Neo4j, func() {}
	if uri == "start" {
		dir := filepath.Join(c.Dir, "neo4j")
		if uri, err = startNeo4j(ctx, dir); err != nil {
			return nil, nil, err
		}
		// The context may have ended already: the server stops all the same.
		stop = func() { _ = exec.CommandContext(context.WithoutCancel(ctx), neo4jScript, "stop", dir).Run() }
	}
	flags := seedFlag{Seed: c.Seed, Entities: c.Entities[0]}
	if err := c.fill(ctx, p, uri, c.Entities[0]); err != nil {
		stop()
		return nil, nil, err
	}
	return []step{
		&selectCmd{storeFlag: storeFlag{uri}, seedFlag: flags, Pairs: c.Pairs},
		&httpCmd{storeFlag: storeFlag{uri}, seedFlag: flags, Program: c.Program, Clients: []int{1, 8}, Time: c.Time},
		&assertCmd{storeFlag: storeFlag{uri}, seedFlag: flags, Callers: 50, Warm: c.Time, Time: c.Time},
	}, stop, nil
}

const neo4jScript = "dev/neo4j/neo4j.sh"

// startNeo4j starts a server on a folder, which keeps its data between runs.
func startNeo4j(ctx context.Context, dir string) (uri string, err error) {
	cmd := exec.CommandContext(ctx, neo4jScript, "start", dir, "--owner", strconv.Itoa(os.Getpid()))
	cmd.Stderr = os.Stderr
	told, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("start Neo4j: %w", err)
	}
	_, uri, _ = strings.Cut(string(told), "NEO4J_URI=")
	return strings.TrimSpace(uri), nil
}

// fill loads a store that is empty.
func (c *allCmd) fill(ctx context.Context, p *program, store string, n size) error {
	g, err := openStore(ctx, store)
	if err != nil {
		return err
	}
	_, empty := g.counts(ctx)
	if err := g.close(); err != nil {
		return err
	}
	if empty == nil {
		return nil
	}
	err = (&loadCmd{storeFlag: storeFlag{store}, Entities: n, Seed: c.Seed, Through: "store", Chunk: 1000, Workers: 2}).Run(ctx, p)
	if err != nil {
		return fmt.Errorf("the load did not end; empty the store before the next run: %w", err)
	}
	return nil
}
