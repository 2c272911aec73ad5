package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"dragnet/graph"
	"dragnet/internal/analysis"
	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
	"dragnet/internal/server"
	"dragnet/seed"
)

// The words of server.Missing.
const (
	missingStore    = "STORE"
	missingSetup    = "SETUP"
	missingResettle = "RESETTLE"
	missingSample   = "SAMPLE_DATA"
)

// service is the graph on its way from a store's address to one that answers.
type service struct {
	config config.Store
	cat    *catalog.Catalog
	store  intel.Store
	shape  *analysis.Analysis
	exec   server.Executor
	log    *slog.Logger
	seed   bool
	// open says that exec may be used.
	open atomic.Bool
	// missing is what preparing waits for, nil when it is done.
	missing atomic.Pointer[server.Missing]
}

// newService opens the store, which need not answer yet.
func newService(s config.Store, p *program, log *slog.Logger, o graph.Options, sample bool, budget time.Duration) (*service, error) {
	store, err := open(s)
	if err != nil {
		return nil, err
	}
	cat := catalog.New(store, p.now)
	v := &service{config: s, cat: cat, store: store, log: log, seed: sample}
	v.shape = analysis.New(store, cat, budget)
	cat.Watch(v.shape.Committed)
	v.exec = graph.New(cat, v.shape, o)
	v.missing.Store(&server.Missing{What: missingSetup, Why: "the store is being opened and set up"})
	return v, nil
}

// close finishes what is written and gives the store back.
func (v *service) close() error {
	v.cat.Close()
	return v.store.Close()
}

// Executor implements server.Backend.
func (v *service) Executor() server.Executor {
	if !v.open.Load() {
		return nil
	}
	return v.exec
}

// Catalog implements server.Backend.
func (v *service) Catalog() *catalog.Catalog {
	if !v.open.Load() {
		return nil
	}
	return v.cat
}

// Missing implements server.Backend.
func (v *service) Missing(ctx context.Context) *server.Missing {
	if m := v.missing.Load(); m != nil {
		return m
	}
	return missingBy(v.cat.Ready(ctx))
}

func missingBy(err error) *server.Missing {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, catalog.ErrResettle):
		return &server.Missing{What: missingResettle, Why: "the graph can be read, not written: it was settled under other rules; stop Dragnet, run: dragnet resettle"}
	case errors.Is(err, intel.ErrConflict):
		return &server.Missing{What: missingResettle, Why: err.Error()}
	case errors.Is(err, context.DeadlineExceeded):
		return &server.Missing{What: missingStore, Why: "the store does not answer in time"}
	}
	return &server.Missing{What: missingStore, Why: "the store cannot be used: " + err.Error()}
}

// The waits between attempts to reach a Neo4j that is not there.
const (
	firstWait = 250 * time.Millisecond
	lastWait  = 5 * time.Second
)

// prepare sets the store up and imports the sample data when that is wanted.
// It goes on trying while a Neo4j cannot be reached; any other failure is for
// good, and its error. Told to end meanwhile, it answers the context's error.
func (v *service) prepare(ctx context.Context) error {
	if err := v.insist(ctx, v.store.Setup); err != nil {
		return err
	}
	// What is missing is known before the graph is open to be asked.
	seed := v.seed
	if err := v.cat.Ready(ctx); seed && errors.Is(err, intel.ErrConflict) {
		v.log.LogAttrs(ctx, slog.LevelWarn, "sample data not imported", slog.Any("error", err))
		seed = false
	}
	if v.missing.Store(nil); seed {
		v.missing.Store(&server.Missing{What: missingSample, Why: "the sample data is being imported"})
	}
	v.open.Store(true)
	if seed {
		if err := v.insist(ctx, v.sample); err != nil {
			return err
		}
	}
	v.missing.Store(nil)
	v.log.LogAttrs(ctx, slog.LevelInfo, "ready", slog.String("store", v.config.String()))
	return nil
}

func (v *service) sample(ctx context.Context) error {
	report, err := seeding.Import(ctx, v.cat, sampleFiles(), seeding.Options{By: localUser})
	if err == nil {
		v.log.LogAttrs(ctx, slog.LevelInfo, "sample data imported", slog.Int("added", report.Added), slog.Int("unchanged", report.Unchanged))
	}
	return err
}

func sampleFiles() []seeding.File { return seeding.FromFS(seed.FS(), seed.Dossiers()) }

// insist runs a step again and again while a Neo4j cannot be reached.
func (v *service) insist(ctx context.Context, step func(context.Context) error) error {
	before, said := v.missing.Load(), ""
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		err := step(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			v.missing.Store(before)
			return nil
		case !v.config.Neo4j() || !errors.Is(err, intel.ErrUnavailable):
			return fmt.Errorf("%s: %w", v.config, err)
		}
		v.missing.Store(missingBy(err))
		if said != err.Error() {
			said = err.Error()
			v.log.LogAttrs(ctx, slog.LevelWarn, "the store cannot be reached; trying until it can", slog.String("store", v.config.String()), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
