package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

type exportCmd struct {
	storeFlags
	Format  string `required:"" placeholder:"FORMAT" help:"What to write: ${formats}."`
	History bool   `help:"Of jsonl: the whole history of the graph, with when and by whom all was recorded, retracted and reinstated; see import --history."`
	Out     string `placeholder:"PATH" help:"The file to write, or, of csv and neo4j-csv, the folder. Left out, the document goes to the standard output."`
	cutFlags
}

// cutFlags say which part of the graph is meant, and as it looks in which view.
type cutFlags struct {
	Around         string   `placeholder:"ID" help:"Only the neighbourhood of this entity."`
	Depth          string   `placeholder:"N" help:"How many links the neighbourhood reaches. Default: 1."`
	ValidAt        string   `placeholder:"DATE" help:"What was true then."`
	KnownAt        string   `placeholder:"TIME" help:"What had been recorded and not retracted by then."`
	AtRevision     string   `placeholder:"REVISION" help:"As --known-at, but exact."`
	MinConfidence  string   `placeholder:"N" help:"Only claims of at least this confidence, 0-100."`
	MinSupport     string   `placeholder:"N" help:"Only facts and links of at least this support, 0-100."`
	MinReliability string   `placeholder:"GRADE" help:"Only sources of at least this grade, A to E; F is left out unless asked for."`
	MaxMarking     string   `placeholder:"TLP" help:"Leave out what only sources say that are marked higher: clear, green, amber, amber_strict or red."`
	Sources        []string `placeholder:"ID" help:"Only what these sources say."`
}

// Run exports.
func (c *exportCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	format, ok := exchange.OutputNamed(c.Format)
	if !ok {
		return usageError{fmt.Errorf("--format %q is not a format; there are %s", c.Format, formatNames())}
	}
	if format.WriteFiles != nil && c.Out == "" {
		return usageError{fmt.Errorf("--format %s writes several files: name a folder for them with --out", c.Format)}
	}
	if err := c.checkHistory(); err != nil {
		return err
	}
	return p.withCatalog(ctx, s, false, func(cat *catalog.Catalog) error {
		export, err := c.export(ctx, cat)
		if err != nil {
			return err
		}
		if c.History {
			format.Write = func(ctx context.Context, w io.Writer, _ exchange.Graph) error {
				return exchange.WriteHistory(ctx, w, export)
			}
		}
		switch {
		case format.WriteFiles != nil:
			return writeFolder(c.Out, func(files exchange.Folder) error { return format.WriteFiles(ctx, files, export) })
		case c.Out != "":
			return writeFile(c.Out, func(w io.Writer) error { return format.Write(ctx, w, export) })
		}
		return format.Write(ctx, p.stdout, export)
	})
}

// checkHistory refuses what a history cannot be: a part of the graph.
func (c *exportCmd) checkHistory() error {
	switch {
	case !c.History:
		return nil
	case c.Format != "jsonl":
		return usageError{errors.New("--history is for --format jsonl")}
	case !reflect.DeepEqual(c.cutFlags, cutFlags{}):
		return usageError{errors.New("--history is of the whole graph: leave out --around and the view")}
	}
	return nil
}

func formatNames() string {
	var names []string
	for _, f := range exchange.Outputs() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// export starts what the flags ask for; a fault in them names the flag.
func (c *cutFlags) export(ctx context.Context, cat *catalog.Catalog) (*catalog.Export, error) {
	cut, err := cat.ReadCut(ctx, catalog.CutText(*c))
	var export *catalog.Export
	if err == nil {
		export, err = cat.Export(ctx, cut)
	}
	var field *intel.FieldError
	if !errors.As(err, &field) {
		return export, err
	}
	err = fmt.Errorf("%s %s", flagOf(field.Field), field.Msg)
	if errors.Is(field, intel.ErrInvalid) {
		return nil, usageError{err}
	}
	return nil, err
}

// flagOf is the flag for a field of the API: --min-support for minSupport.
func flagOf(field string) string {
	var b strings.Builder
	b.WriteString("--")
	for _, r := range field {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// writeFile writes a file whole or not at all; what is no file, such as a pipe,
// is written to as it is.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// writeFolder writes files into a folder, which is made when it is not there:
// all of them whole, or none.
func writeFolder(folder string, write func(exchange.Folder) error) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	parts, err := os.MkdirTemp(folder, ".export-*")
	if err != nil {
		return err
	}
	var last *os.File
	var names []string
	done := func() error {
		if last == nil {
			return nil
		}
		return errors.Join(last.Sync(), last.Close())
	}
	err = write(func(name string) (io.Writer, error) {
		err := done()
		if last = nil; err != nil {
			return nil, err
		}
		names = append(names, name)
		last, err = os.Create(filepath.Join(parts, name))
		return last, err
	})
	err = errors.Join(err, done())
	for _, name := range names {
		if err == nil {
			err = os.Rename(filepath.Join(parts, name), filepath.Join(folder, name))
		}
	}
	return errors.Join(err, os.RemoveAll(parts))
}
