package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/exchange"
	"dragnet/internal/progress"
	"dragnet/internal/seeding"
)

type importCmd struct {
	storeFlags
	DryRun  bool     `help:"Write nothing; say what would change."`
	Replace bool     `help:"What the files say of a source is its new edition: what it said before and does not any more is retracted."`
	NoStubs bool     `help:"Reject what mentions an id that neither the files nor the graph names. Files are then read twice."`
	Strict  bool     `help:"Stop at the first batch with something to reject, instead of writing the rest."`
	Rejects string   `placeholder:"FOLDER" default:"." help:"Where to write what is rejected, as FILE.rejects, to be mended and imported alone. Default: the working folder."`
	Mapping string   `placeholder:"FILE" help:"How to read tables (CSV): a mapping file, as dragnet mapping proposes one."`
	History bool     `help:"The files are one history, as export --history writes it, for an empty graph: everything is recorded as it was there."`
	JSON    bool     `name:"json" help:"Print events as JSON, one a line."`
	Files   []string `arg:"" name:"file" help:"Files to import, or folders with them: dossiers, claims as JSON lines, STIX bundles, MISP galaxies, and with --mapping tables; also compressed with gzip or zstd. - is the standard input."`
}

// Run imports the files.
func (c *importCmd) Run(ctx context.Context, p *program) error {
	s, err := c.config(p)
	if err != nil {
		return err
	}
	if c.History {
		return c.relive(ctx, p, s)
	}
	if c.DryRun {
		remove, err := emptyInstead(&s)
		if err != nil {
			return err
		}
		defer remove()
	}
	mapping, err := readMapping(c.Mapping)
	if err != nil {
		return err
	}
	files, err := c.files(p)
	if err != nil {
		return err
	}
	for i := range files {
		files[i].Options.Mapping = mapping
	}
	return p.withCatalog(ctx, s, true, func(cat *catalog.Catalog) error {
		out := c.printer(p)
		rejects := &rejectFiles{folder: c.Rejects}
		o := seeding.Options{By: localUser, DryRun: c.DryRun, Replace: c.Replace, NoStubs: c.NoStubs, Strict: c.Strict, Reject: rejects.put, Tell: out.Tell}
		report, err := seeding.Import(ctx, cat, files, o)
		err = errors.Join(err, rejects.close())
		out.End(report, err)
		for _, name := range rejects.names {
			fmt.Fprintln(p.stderr, "what was rejected is in "+name+": mend it and import it alone")
		}
		return err
	})
}

// emptyInstead puts an empty store in a folder of its own in the place of an
// SQLite file that is not there, since trying must not make one.
func emptyInstead(s *config.Store) (remove func(), err error) {
	if _, err := os.Stat(s.Path); s.Neo4j() || !errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "dragnet-dry-run-")
	if err != nil {
		return nil, err
	}
	s.Path = filepath.Join(dir, "empty.db")
	return func() { _ = os.RemoveAll(dir) }, nil
}

// files lists what to import, folders walked in order of their names.
func (c *importCmd) files(p *program) ([]seeding.File, error) {
	var files []seeding.File
	for _, name := range c.Files {
		if name == "-" {
			files = append(files, c.file("standard input", 0, func() (io.ReadCloser, error) { return io.NopCloser(p.stdin), nil }))
			files[len(files)-1].Once = true
			continue
		}
		// A file that is not there is told of where it is opened.
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			files = append(files, c.file(name, sizeOf(info), func() (io.ReadCloser, error) { return os.Open(name) }))
			continue
		}
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
				return err
			}
			info, err := d.Info()
			files = append(files, c.file(path, sizeOf(info), func() (io.ReadCloser, error) { return os.Open(path) }))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func sizeOf(info fs.FileInfo) int64 {
	if info == nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

func (c *importCmd) file(name string, size int64, open func() (io.ReadCloser, error)) seeding.File {
	return seeding.File{Name: name, Size: size, Open: open, Options: exchange.OpenOptions{}}
}

func (c *importCmd) printer(p *program) progress.Printer {
	if c.JSON {
		return progress.JSON(p.stdout)
	}
	o := progress.TextOptions{DryRun: c.DryRun, Now: p.now}
	if f, ok := p.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		o.Bar = f
	}
	return progress.Text(p.stdout, o)
}
