package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
	"dragnet/internal/seeding"
)

type importCmd struct {
	storeFlags
	History bool     `help:"The files are one history, as export --history writes it, for an empty graph: everything is recorded as it was there."`
	DryRun  bool     `help:"Write nothing; say what would change."`
	JSON    bool     `name:"json" help:"Print events as JSON, one a line."`
	Files   []string `arg:"" name:"file" help:"Dossiers to import; - is the standard input."`
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
	return p.withCatalog(ctx, s, true, func(cat *catalog.Catalog) error {
		out := c.printer(p)
		report, err := seeding.Import(ctx, cat, c.files(p), seeding.Options{By: localUser, DryRun: c.DryRun, Tell: out.tell})
		out.end(report, err)
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

func (c *importCmd) files(p *program) []seeding.File {
	var files []seeding.File
	for _, name := range c.Files {
		f := seeding.File{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}
		if name == "-" {
			f = seeding.File{Name: "standard input", Open: func() (io.ReadCloser, error) { return io.NopCloser(p.stdin), nil }}
		}
		files = append(files, f)
	}
	return files
}

// printer tells a person, or a program, how an import goes.
type printer interface {
	tell(seeding.Event)
	end(seeding.Report, error)
}

func (c *importCmd) printer(p *program) printer {
	if c.JSON {
		return &jsonPrinter{json.NewEncoder(p.stdout)}
	}
	return &textPrinter{w: p.stdout, dry: c.DryRun}
}

type jsonPrinter struct{ *json.Encoder }

// line is one line of JSON; what it holds follows from its event.
type line struct {
	Event    string                 `json:"event"`
	Of       any                    `json:"of,omitempty"`
	Error    string                 `json:"error,omitempty"`
	Mistakes *seeding.MistakesError `json:"mistakes,omitempty"`
}

func (j *jsonPrinter) tell(e seeding.Event) {
	name := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e), "seeding."))
	_ = j.Encode(line{Event: name, Of: e}) //nolint:errchkjson // events are plain; when the reader has gone, nobody is left to tell
}

func (j *jsonPrinter) end(r seeding.Report, err error) {
	l := line{Event: "done", Of: r}
	if err != nil {
		l.Event, l.Error = "failed", err.Error()
		var wrong *seeding.MistakesError
		if errors.As(err, &wrong) {
			l.Event, l.Error, l.Mistakes = "refused", "", wrong
		}
	}
	_ = j.Encode(l) //nolint:errchkjson // as above
}

type textPrinter struct {
	w     io.Writer
	dry   bool
	shown int
}

// maxShown is the most changed facts that a dry run lists.
const maxShown = 200

func (t *textPrinter) tell(e seeding.Event) {
	switch e := e.(type) {
	case seeding.Wrote:
		if t.dry {
			t.changes(e.Changes)
		}
	case seeding.Finished:
		fmt.Fprintf(t.w, "%s: %s\n", e.File, t.counts(e.Report))
	}
}

// changes lists the facts that were there and would be others.
func (t *textPrinter) changes(all []catalog.Change) {
	for _, c := range all {
		for _, f := range c.Facts {
			if f.Before == nil || f.After == nil {
				continue
			}
			if t.shown++; t.shown == maxShown+1 {
				fmt.Fprintln(t.w, "  (more facts would change than are listed)")
			}
			if t.shown <= maxShown {
				fmt.Fprintf(t.w, "  %s %s: %s, support %d -> %s, support %d\n", c.Record.ID, f.Property, f.Before.Value.Written(), f.Before.Support, f.After.Value.Written(), f.After.Support)
			}
		}
	}
}

func (t *textPrinter) counts(r seeding.Report) string {
	would := ""
	if t.dry {
		would = "would be "
	}
	s := fmt.Sprintf("%s, %s: %s%d added, %d unchanged", count(r.Rows, "statement"), count(r.Sources, "source"), would, r.Added, r.Unchanged)
	if r.Suppressed > 0 {
		s += fmt.Sprintf(", %d retracted before and left so", r.Suppressed)
	}
	return s + "; " + count(r.Entities, "new entity")
}

func (t *textPrinter) end(r seeding.Report, err error) {
	if err != nil && r.Rows == 0 {
		return
	}
	s := fmt.Sprintf("%s in all, %s", count(r.Files, "file"), t.counts(r))
	if r.Revision != "" {
		s += "; revision " + r.Revision
	}
	fmt.Fprintln(t.w, s)
}

func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(what, "y"))
	}
	return fmt.Sprintf("%d %ss", n, what)
}
