package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/progress"
)

// relive tells an empty graph the history in a file.
func (c *importCmd) relive(ctx context.Context, p *program, s config.Store) error {
	if c.DryRun || len(c.Files) != 1 {
		return usageError{errors.New("--history reads one file into an empty graph, without --dry-run")}
	}
	in := p.stdin
	if c.Files[0] != "-" {
		f, err := os.Open(c.Files[0])
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	return p.withCatalog(ctx, s, true, func(cat *catalog.Catalog) error {
		history := exchange.NewHistoryReader(in)
		at := 0
		n, err := cat.Relive(ctx, func() (told *catalog.Retold, err error) {
			told, at, err = nextRevision(history)
			return told, err
		})
		if errors.Is(err, intel.ErrInvalid) || errors.Is(err, intel.ErrNotFound) {
			err = &exchange.TableError{Line: at, Msg: err.Error()}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Files[0], err)
		}
		fmt.Fprintln(p.stdout, progress.Count(int(n), "revision"))
		return nil
	})
}

// nextRevision reads one revision, which begins at a line.
func nextRevision(history *exchange.HistoryReader) (told *catalog.Retold, at int, err error) {
	lines, stamp, at, err := history.Next()
	if err != nil {
		return nil, at, err
	}
	told = &catalog.Retold{Stamp: stamp}
	for i, l := range lines {
		switch {
		case l.Event != nil:
			told.Events = append(told.Events, intel.ClaimEvent{Claim: l.Claim, Event: *l.Event})
			continue
		case l.Source.Header != nil:
			told.Headers = append(told.Headers, catalog.RetoldHeader{SourceDraft: intel.SourceDraft{ID: l.Source.ID, Header: *l.Source.Header}, By: l.Added.By})
		}
		if !l.IsClaim() {
			continue
		}
		d, err := l.Draft()
		if err != nil {
			return nil, at, &exchange.TableError{Line: at + i, Msg: err.Error()}
		}
		told.Claims = append(told.Claims, catalog.RetoldClaim{Source: l.Source.ID, Draft: d, By: l.Added.By})
	}
	return told, at, nil
}
