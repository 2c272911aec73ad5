package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

type resolveCmd struct {
	storeFlags
	Column string   `default:"name" placeholder:"NAME" help:"The column, or key, that holds the names. Default: ${default}."`
	Kind   []string `placeholder:"KIND" help:"Whom names may mean, such as group or firm. May be given several times; left out: anybody."`
	File   string   `arg:"" help:"CSV with a header, or JSON objects one a line; - is the standard input."`
}

// resolveBatch is how many names are looked up together.
const resolveBatch = 200

// resolveColumns are what a row is given.
var resolveColumns = []string{"id", "score", "verdict", "reasons"}

// Run copies the table to the standard output and says of each name whom it
// means.
func (c *resolveCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	kinds, err := c.kinds()
	if err != nil {
		return err
	}
	in := p.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	return p.withCatalog(ctx, s, false, func(cat *catalog.Catalog) error {
		table, err := exchange.OpenNameTable(in, p.stdout, c.Column, resolveColumns)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		if err := resolveTable(ctx, cat, table, kinds); err != nil {
			return fmt.Errorf("%s: %w", c.File, errors.Join(err, table.Flush()))
		}
		return table.Flush()
	})
}

func (c *resolveCmd) kinds() ([]intel.Kind, error) {
	var out []intel.Kind
	for _, word := range c.Kind {
		k := intel.Kind(strings.ToUpper(word))
		if !k.Valid() {
			return nil, usageError{fmt.Errorf("--kind %q is not a kind of entity; there are %s", word, kindWords())}
		}
		out = append(out, k)
	}
	return out, nil
}

func kindWords() string {
	var words []string
	for _, k := range intel.Kinds() {
		words = append(words, k.Prefix())
	}
	return strings.Join(words, ", ")
}

func resolveTable(ctx context.Context, cat *catalog.Catalog, table *exchange.NameTable, kinds []intel.Kind) error {
	for {
		var rows []*exchange.TableRow
		var names []catalog.ResolveInput
		var ended error
		for len(rows) < resolveBatch && ended == nil {
			var r *exchange.TableRow
			if r, ended = table.Next(); ended == nil {
				rows = append(rows, r)
				names = append(names, catalog.ResolveInput{Name: r.Name, Kinds: kinds})
			}
		}
		found, err := cat.Resolve(ctx, intel.View{}, names, 1)
		if err != nil {
			return err
		}
		for i, r := range rows {
			if err := table.Write(r, resolvedAs(found[i])); err != nil {
				return err
			}
		}
		if errors.Is(ended, io.EOF) {
			return nil
		}
		if ended != nil {
			return ended
		}
	}
}

// resolvedAs gives the values of resolveColumns: the first candidate, unless
// nothing is like the name.
func resolvedAs(r catalog.Resolution) []any {
	if r.Verdict == catalog.NoMatch || len(r.Candidates) == 0 {
		return []any{nil, nil, string(r.Verdict), nil}
	}
	c := r.Candidates[0]
	var reasons []string
	for _, why := range c.Reasons {
		reasons = append(reasons, string(why.Kind)+": "+why.Detail)
	}
	return []any{c.ID, c.Score, string(r.Verdict), strings.Join(reasons, "; ")}
}
