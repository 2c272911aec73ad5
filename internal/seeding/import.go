package seeding

import (
	"context"
	"errors"
	"fmt"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// Options say how to import.
type Options struct {
	// By is who imports; it is kept with every claim.
	By string
	// DryRun writes nothing and reports what would be.
	DryRun bool
	// Tell is called with every event, in order, by the importing goroutine; nil
	// tells nobody.
	Tell func(Event)
}

// Report says what became of the rows of some files; of a dry run, what would.
type Report struct {
	Files      int `json:"files"`
	Sources    int `json:"sources"` // that the files describe or speak for
	Rows       int `json:"rows"`    // claims as they stand in the files
	Added      int `json:"added"`
	Unchanged  int `json:"unchanged"`  // they were there
	Suppressed int `json:"suppressed"` // they had been retracted, and stay so
	Rejected   int `json:"rejected"`
	Entities   int `json:"entities"` // that came into being
	// Revision is that of the graph after the last batch, "" when there was none.
	Revision string `json:"revision,omitempty"`
}

func (r *Report) add(o Report) {
	r.Files += o.Files
	r.Rows += o.Rows
	r.Added += o.Added
	r.Unchanged += o.Unchanged
	r.Suppressed += o.Suppressed
	r.Rejected += o.Rejected
	r.Entities += o.Entities
	if o.Revision != "" {
		r.Revision = o.Revision
	}
}

// ErrStopped says that the import ended early because its context did. The
// batches before it are written whole.
var ErrStopped = errors.New("stopped before all was imported; import the same files again to go on")

// Import reads all files, checks them, and writes them batch by batch: of each
// source at most catalog.MaxClaims rows at a time, in the order of the files.
// When a file has mistakes the error is *MistakesError and nothing at all is
// written. A context that ends stops the import after the batch in hand. What
// was written before an error stays, and the report counts it; importing the
// same files again adds what is missing.
func Import(ctx context.Context, cat *catalog.Catalog, files []File, o Options) (Report, error) {
	im := &importer{cat: cat, o: o, sources: map[string]bool{}}
	plans, err := im.plan(ctx, files)
	if err != nil {
		return im.total, err
	}
	if o.DryRun {
		im.trial = newTrial(cat)
	}
	for _, p := range plans {
		if err := im.file(ctx, p); err != nil {
			return im.total, err
		}
	}
	return im.total, nil
}

type importer struct {
	cat     *catalog.Catalog
	o       Options
	trial   *trial // of a dry run
	sources map[string]bool
	total   Report
}

func (im *importer) tell(e Event) {
	if im.o.Tell != nil {
		im.o.Tell(e)
	}
}

// plan reads and checks all files.
func (im *importer) plan(ctx context.Context, files []File) ([]*plan, error) {
	check := newChecker()
	defer check.close()
	var plans []*plan
	var wrong MistakesError
	for _, f := range files {
		if ctx.Err() != nil {
			return nil, ErrStopped
		}
		p, err := readPlan(f)
		if err == nil {
			err = check.plan(ctx, p)
		}
		var found *exchange.MistakesError
		switch {
		case errors.As(err, &found):
			wrong.Files = append(wrong.Files, found)
			continue
		case err != nil:
			return nil, err
		}
		im.tell(Checked{File: p.name, Rows: p.rows})
		plans = append(plans, p)
	}
	if len(wrong.Files) > 0 {
		return nil, &wrong
	}
	return plans, nil
}

// file writes one file.
func (im *importer) file(ctx context.Context, p *plan) error {
	report := Report{Files: 1}
	for _, s := range p.steps {
		if ctx.Err() != nil {
			im.total.add(report)
			return ErrStopped
		}
		// What is begun is finished: half a batch is never known to be one.
		res, err := im.cat.Assert(context.WithoutCancel(ctx), s.input(im.o))
		if err == nil && im.trial != nil {
			err = im.trial.correct(ctx, res)
		}
		if err != nil {
			err = s.explain(p, err)
			var found *exchange.MistakesError
			if errors.As(err, &found) {
				report.Rejected += len(found.List)
				err = &MistakesError{Files: []*exchange.MistakesError{found}}
			}
			im.total.add(report)
			return err
		}
		done := Report{
			Rows: len(s.drafts), Entities: res.Created, Revision: res.Revision.String(),
			Added: res.Claims[catalog.Added], Unchanged: res.Claims[catalog.Unchanged], Suppressed: res.Claims[catalog.Suppressed],
		}
		report.add(done)
		im.sources[s.source] = true
		im.total.Sources = len(im.sources)
		im.tell(Wrote{File: p.name, Source: s.source, Rows: report.Rows, Of: p.rows, Batch: done, Changes: res.Changes})
	}
	report.Sources = len(p.sources())
	im.total.add(report)
	im.tell(Finished{File: p.name, Report: report})
	return nil
}

// explain gives the faults that catalog found in a batch their places in the
// file; other errors get the file's name.
func (s *step) explain(p *plan, err error) error {
	var faults intel.FieldErrors
	var one *intel.FieldError
	switch {
	case errors.As(err, &faults):
	case errors.As(err, &one):
		faults = intel.FieldErrors{one}
	default:
		return fmt.Errorf("importing %s: %w", p.name, err)
	}
	return s.locate(p, faults)
}
