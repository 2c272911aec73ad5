package main

import (
	"fmt"

	"dragnet/internal/exchange"
)

type schemaCmd struct {
	Format string `arg:"" enum:"dossier" help:"The format: dossier."`
}

// Run prints the schema.
func (c *schemaCmd) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "%s\n", exchange.DossierSchema())
	return err
}
