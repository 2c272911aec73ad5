package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"dragnet/internal/config"
)

type backupCmd struct {
	storeFlags
	Force bool   `help:"Replace the file when it is there."`
	File  string `arg:"" help:"Where to put the copy."`
}

// Run copies the store; whoever uses it meanwhile goes on.
func (c *backupCmd) Run(ctx context.Context, p *program) error {
	s, err := c.fileStore(p)
	if err != nil {
		return err
	}
	if err := spare(c.File, c.Force); err != nil {
		return err
	}
	return advise(s, backup(ctx, s, c.File))
}

type restoreCmd struct {
	storeFlags
	Force bool   `help:"Replace the store when it is there."`
	File  string `arg:"" help:"The backup."`
}

// Run puts a backup in the place of the store, which nobody may use.
func (c *restoreCmd) Run(ctx context.Context, p *program) error {
	s, err := c.fileStore(p)
	if err != nil {
		return err
	}
	if err := spare(s.Path, c.Force); err != nil {
		return err
	}
	if _, err := os.Stat(c.File); err != nil {
		return err
	}
	if err := restore(ctx, c.File, s); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return nil
}

// fileStore is the store when it is a file.
func (f storeFlags) fileStore(p *program) (config.Store, error) {
	s, err := f.config(p)
	if err == nil && s.Neo4j() {
		return s, usageError{errors.New("backup and restore are for SQLite: for Neo4j there are neo4j-admin database dump and load, or dragnet export --history")}
	}
	return s, err
}

// spare refuses to replace what is there, unless it is forced to.
func spare(path string, force bool) error {
	if _, err := os.Stat(path); force || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return usageError{fmt.Errorf("%s is there already: --force replaces it", path)}
}
