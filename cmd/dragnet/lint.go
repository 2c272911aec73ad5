package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"dragnet/internal/exchange"
	"dragnet/internal/seeding"
)

type lintCmd struct {
	Mapping string   `placeholder:"FILE" help:"What the columns of tables mean; dragnet mapping proposes one."`
	JSON    bool     `name:"json" help:"Print what is wrong as JSON, one mistake a line."`
	Files   []string `arg:"" name:"file" help:"Files to check, or folders with them; - is the standard input."`
}

// Run checks files without a graph.
func (c *lintCmd) Run(ctx context.Context, p *program) error {
	files, err := (&importCmd{Files: c.Files}).files(p)
	if err != nil {
		return err
	}
	mapping, err := readMapping(c.Mapping)
	if err != nil {
		return err
	}
	for i := range files {
		files[i].Options.Mapping = mapping
	}
	err = seeding.Lint(ctx, files, func(f seeding.Checked) {
		if !c.JSON {
			fmt.Fprintf(p.stdout, "%s: %d good\n", f.File, f.Rows)
		}
	})
	var wrong *seeding.MistakesError
	if c.JSON && errors.As(err, &wrong) {
		out := json.NewEncoder(p.stdout)
		out.SetEscapeHTML(false)
		for _, f := range wrong.Files {
			for _, m := range f.List {
				if err := out.Encode(m); err != nil {
					return err
				}
			}
		}
	}
	return err
}

// readMapping reads a mapping from a file; nil when there is none.
func readMapping(name string) (*exchange.Mapping, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // no mapping is no mistake
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	m, err := exchange.ReadMapping(name, f)
	return m, seeding.Wrong(err)
}

type mappingCmd struct {
	File string `arg:"" name:"table" help:"A table with a header line: CSV, parted by commas, semicolons or tabs; - is the standard input."`
}

// Run proposes a mapping.
func (c *mappingCmd) Run(p *program) error {
	in := p.stdin
	name := "table"
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in, name = f, c.File
	}
	m, err := exchange.ProposeMapping(name, in)
	if err != nil {
		return seeding.Wrong(err)
	}
	_, err = p.stdout.Write(m)
	return err
}
