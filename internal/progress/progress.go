// Package progress shows how an import goes: as a bar on a terminal, as plain
// lines, or as JSON.
package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"dragnet/internal/seeding"
)

// Printer shows the events of one import, and how it ended.
type Printer interface {
	Tell(seeding.Event)
	End(seeding.Report, error)
}

// JSON prints events as JSON, one a line.
func JSON(w io.Writer) Printer { return &jsonPrinter{json.NewEncoder(w)} }

type jsonPrinter struct{ *json.Encoder }

// line is one line of JSON; what Of holds follows from the event.
type line struct {
	Event    string                 `json:"event"`
	Of       any                    `json:"of,omitempty"`
	Error    string                 `json:"error,omitempty"`
	Mistakes *seeding.MistakesError `json:"mistakes,omitempty"`
}

func (j *jsonPrinter) Tell(e seeding.Event) {
	name := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e), "seeding."))
	_ = j.Encode(line{Event: name, Of: e}) //nolint:errchkjson // events are plain; when the reader has gone, nobody is left to tell
}

func (j *jsonPrinter) End(r seeding.Report, err error) {
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

// TextOptions say how Text prints.
type TextOptions struct {
	DryRun bool
	// Now is the clock: how long it took is told, and how far it is every ten
	// seconds.
	Now func() time.Time
	// Bar, when given, is a terminal that shows how far each file is.
	Bar io.Writer
}

// every is how often a plain line says how far an import is.
const every = 10 * time.Second

// Text prints for a person: a line for each file and one for all.
func Text(w io.Writer, o TextOptions) Printer {
	now := o.Now()
	return &textPrinter{w: w, o: o, began: now, said: now}
}

type textPrinter struct {
	w           io.Writer
	o           TextOptions
	began, said time.Time
	bar         *progressbar.ProgressBar
	barFile     string
	shown       int
}

// maxShown is the most changed facts that a dry run lists.
const maxShown = 200

func (t *textPrinter) Tell(e seeding.Event) {
	switch e := e.(type) {
	case seeding.Wrote:
		if t.o.DryRun {
			t.clear()
			t.changes(e)
		}
		t.far(e)
	case seeding.Finished:
		t.clear()
		fmt.Fprintf(t.w, "%s: %s\n", e.File, t.counts(e.Report))
		for _, what := range slices.Sorted(maps.Keys(e.Report.Tally)) {
			fmt.Fprintf(t.w, "  %s: %d\n", what, e.Report.Tally[what])
		}
	}
}

// far says how far a file is.
func (t *textPrinter) far(e seeding.Wrote) {
	if t.o.Bar != nil {
		t.advance(e)
		return
	}
	if now := t.o.Now(); now.Sub(t.said) >= every {
		t.said = now
		fmt.Fprintf(t.w, "%s: %s so far", e.File, Count(e.Rows, "row"))
		if e.Size > 0 {
			fmt.Fprintf(t.w, ", %d %% read", min(100, e.Bytes*100/e.Size))
		}
		fmt.Fprintln(t.w)
	}
}

func (t *textPrinter) advance(e seeding.Wrote) {
	if t.bar == nil || t.barFile != e.File {
		size := e.Size
		if size == 0 {
			size = -1 // the bar then only turns
		}
		t.barFile = e.File
		t.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(t.o.Bar), progressbar.OptionSetDescription(e.File),
			progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond))
	}
	_ = t.bar.Set64(e.Bytes) // only a bar
}

// clear takes the bar away, so that lines stand alone.
func (t *textPrinter) clear() {
	if t.bar != nil {
		_ = t.bar.Clear() // only a bar
	}
}

// changes lists the facts that were there and would be others, or contested.
func (t *textPrinter) changes(e seeding.Wrote) {
	for _, c := range e.Changes {
		for _, f := range c.Facts {
			if f.Before == nil || f.After == nil {
				continue
			}
			if t.shown++; t.shown == maxShown+1 {
				fmt.Fprintln(t.w, "  (more facts would change than are listed)")
			}
			if t.shown > maxShown {
				continue
			}
			fmt.Fprintf(t.w, "  %s %s: %s, support %d -> %s, support %d", c.Record.ID, f.Property, f.Before.Value.Written(), f.Before.Support.Percent(), f.After.Value.Written(), f.After.Support.Percent())
			if f.ContestedAfter && !f.ContestedBefore {
				fmt.Fprint(t.w, ", contested")
			}
			fmt.Fprintln(t.w)
		}
	}
}

func (t *textPrinter) counts(r seeding.Report) string {
	would := ""
	if t.o.DryRun {
		would = "would be "
	}
	s := fmt.Sprintf("%s, %s: %s%d added, %d unchanged", Count(r.Rows, "statement"), Count(r.Sources, "source"), would, r.Added, r.Unchanged)
	if r.Suppressed > 0 {
		s += fmt.Sprintf(", %d retracted before and left so", r.Suppressed)
	}
	if r.Rejected > 0 {
		s += fmt.Sprintf(", %d rejected", r.Rejected)
	}
	if r.Retracted > 0 {
		s += fmt.Sprintf(", %d retracted that the new edition does not hold", r.Retracted)
	}
	return s + "; " + Count(r.Entities, "new entity")
}

// End prints the summary.
func (t *textPrinter) End(r seeding.Report, err error) {
	t.clear()
	if err != nil && r.Rows == 0 {
		return
	}
	s := fmt.Sprintf("%s in all, %s", Count(r.Files, "file"), t.counts(r))
	if r.Revision != "" {
		s += "; revision " + r.Revision
	}
	took := t.o.Now().Sub(t.began).Seconds()
	fmt.Fprintf(t.w, "%s\n%s left that nothing names; %.1f seconds", s, Count(r.Stubs, "entity"), took)
	if took > 0 {
		fmt.Fprintf(t.w, ", %.0f rows/s", float64(r.Rows)/took)
	}
	fmt.Fprintln(t.w)
}

// Count writes a number of things.
func Count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(what, "y"))
	}
	return fmt.Sprintf("%d %ss", n, what)
}
