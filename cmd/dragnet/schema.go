package main

import (
	"fmt"

	"dragnet/internal/exchange"
)

type schemaCmd struct {
	Format string `arg:"" enum:"dossier,stix" help:"The format: dossier, or stix for what exports add to STIX 2.1."`
}

// Run prints the schema.
func (c *schemaCmd) Run(p *program) error {
	schema := exchange.DossierSchema()
	if c.Format == "stix" {
		schema = exchange.STIXSchema()
	}
	_, err := fmt.Fprintf(p.stdout, "%s\n", schema)
	return err
}
