package main

import (
	"context"
	"fmt"
	"os"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/progress"
	"dragnet/internal/seeding"
)

type resettleCmd struct {
	storeFlags
	Source string `placeholder:"FILE" help:"A dossier whose source headers are put first, however much they change. Its statements are not read."`
}

// Run derives everything again.
func (c *resettleCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	headers, err := c.headers()
	if err != nil {
		return err
	}
	return p.withCatalog(ctx, s, true, func(cat *catalog.Catalog) error {
		mended := 0
		err := cat.Resettle(ctx, localUser, headers, func(what string) {
			mended++
			fmt.Fprintln(p.stdout, what)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "settled; %s mended\n", progress.Count(mended, "difference"))
		return nil
	})
}

func (c *resettleCmd) headers() ([]intel.SourceDraft, error) {
	if c.Source == "" {
		return nil, nil
	}
	f, err := os.Open(c.Source)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	d, err := exchange.ReadDossier(c.Source, f)
	if err != nil {
		return nil, seeding.Wrong(err)
	}
	return d.Sources, nil
}
