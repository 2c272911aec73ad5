package main

import (
	"context"
	"fmt"

	"dragnet/internal/catalog"
)

type hashCmd struct {
	storeFlags
	Settled bool `help:"Cover what was derived from the claims, too."`
}

// Run prints the hash.
func (c *hashCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	return p.withCatalog(ctx, s, false, func(cat *catalog.Catalog) error {
		h, err := cat.Hash(ctx, c.Settled)
		if err == nil {
			fmt.Fprintln(p.stdout, h)
		}
		return err
	})
}
