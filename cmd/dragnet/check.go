package main

import (
	"context"
	"fmt"

	"dragnet/internal/catalog"
	"dragnet/internal/progress"
)

type checkCmd struct{ storeFlags }

// Run prints what differs, one a line; anything that does is a failure.
func (c *checkCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	return p.withCatalog(ctx, s, false, func(cat *catalog.Catalog) error {
		found := 0
		err := cat.Check(ctx, func(what string) {
			found++
			fmt.Fprintln(p.stdout, what)
		})
		switch {
		case err != nil:
			return err
		case found > 0:
			return fmt.Errorf("%s; stop Dragnet and mend with: dragnet resettle", progress.Count(found, "difference"))
		}
		fmt.Fprintln(p.stdout, "nothing differs")
		return nil
	})
}
