package main

import (
	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/neo4j"
	"dragnet/internal/sqlite"
)

// open opens the store that was configured, which need not be there yet. This
// is the only place that names both.
func open(s config.Store) (intel.Store, error) {
	if s.Neo4j() {
		return neo4j.Open(s.URI, s.User, s.Password.Reveal())
	}
	return sqlite.Open(s.Path)
}
