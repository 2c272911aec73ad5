package main

import (
	"context"

	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/neo4j"
	"dragnet/internal/sqlite"
)

// open opens the store that was configured, which need not be there yet. This
// is the only place that names both stores.
func open(s config.Store) (intel.Store, error) {
	if s.Neo4j() {
		return neo4j.Open(s.URI, s.User, s.Password.Reveal())
	}
	return sqlite.Open(s.Path)
}

// backup copies a store that is a file, and restore puts a copy in its place.
func backup(ctx context.Context, from config.Store, to string) error {
	return sqlite.Backup(ctx, from.Path, to)
}

func restore(ctx context.Context, from string, to config.Store) error {
	return sqlite.Restore(ctx, from, to.Path)
}
