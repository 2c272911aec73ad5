package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"dragnet/bench/byhand"
	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/neo4j"
	"dragnet/internal/sqlite"
)

// storeFlag names a store.
type storeFlag struct {
	Store string `required:"" placeholder:"sqlite:PATH|bolt://HOST:PORT" help:"The store. Credentials of Neo4j: DRAGNET_NEO4J_USER and DRAGNET_NEO4J_PASSWORD."`
}

func parseStore(address string) (config.Store, error) {
	return config.ParseStore(address, os.Getenv("DRAGNET_NEO4J_USER"), config.NewSecret(os.Getenv("DRAGNET_NEO4J_PASSWORD")))
}

// graph is an opened store with a catalog on it.
type graph struct {
	config.Store
	store intel.Store
	cat   *catalog.Catalog
}

func openStore(ctx context.Context, address string) (*graph, error) {
	at, err := parseStore(address)
	if err != nil {
		return nil, fmt.Errorf("--store %w", err)
	}
	g := &graph{Store: at}
	if at.Neo4j() {
		g.store, err = neo4j.Open(at.URI, at.User, at.Password.Reveal())
	} else {
		g.store, err = sqlite.Open(at.Path)
	}
	if err != nil {
		return nil, err
	}
	if err := g.store.Setup(ctx); err != nil {
		return nil, errors.Join(err, g.store.Close())
	}
	g.cat = catalog.New(g.store, time.Now)
	return g, nil
}

func (g *graph) close() error {
	g.cat.Close()
	return g.store.Close()
}

// byHand opens the walk that Select on this store is measured against.
func (g *graph) byHand(ctx context.Context) (byhand.Walker, error) {
	if g.Neo4j() {
		return byhand.OpenNeo4j(ctx, g.URI, g.User, g.Password.Reveal())
	}
	return byhand.OpenSQLite(g.Path)
}

// counts says how large the graph is.
func (g *graph) counts(ctx context.Context) (intel.Counts, error) {
	m, err := g.cat.Meta(ctx)
	if err == nil && m.Counts.Entities == 0 {
		err = errors.New("the store is empty: load a graph first")
	}
	return m.Counts, err
}
