package seeding

import (
	"context"
	"errors"
	"fmt"
	"io"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
)

// Options say how to import.
type Options struct {
	// By is who imports; it is kept with every claim.
	By string
	// DryRun writes nothing and reports what would be.
	DryRun bool
	// Replace makes what the files say of a source its new edition: what it said
	// before and does not any more is retracted at the end, unless some row of the
	// source was rejected.
	Replace bool
	// NoStubs rejects rows with an id that neither the graph nor the files name.
	// Files are then read twice.
	NoStubs bool
	// Strict stops at the first batch with a row to reject, which is not written.
	Strict bool
	// Reject is called with every row that is rejected and its file; nil: nobody
	// is told. Its error ends the import.
	Reject func(File, exchange.Reject) error
	// Tell is called with every event, in order, by the importing goroutine; nil
	// tells nobody.
	Tell func(Event)
}

// ErrStopped says that the import ended early because its context did. The
// batches before it are written whole.
var ErrStopped = errors.New("stopped before all was imported; import the same files again to go on")

// Import reads files and writes them batch by batch, in their order. Dossiers,
// which persons write, are all checked before anything is written: when one has
// mistakes the error is *MistakesError and nothing is. Of feeds, rows that are
// at fault are rejected and the others written; a feed that cannot be read any
// further is *MistakesError. A context that ends stops the import after the
// batch in hand. What was written before an error stays, and the report counts
// it; importing the same files again adds what is missing.
func Import(ctx context.Context, cat *catalog.Catalog, files []File, o Options) (Report, error) {
	im := &importer{cat: cat, o: o, sources: map[string]bool{}, editions: editions{}}
	held, err := im.check(ctx, files)
	defer held.close()
	if err != nil {
		return im.total, err
	}
	if o.NoStubs {
		if im.named, err = namedIn(ctx, files, held); err != nil {
			return im.total, err
		}
	}
	if o.DryRun {
		im.trial = newTrial(cat)
	}
	for i, f := range files {
		if err := im.file(ctx, f, held[i]); err != nil {
			return im.total, err
		}
	}
	if err := im.withdraw(ctx); err != nil {
		return im.total, err
	}
	m, err := cat.Meta(ctx)
	im.total.Stubs = int(m.Counts.Stubs)
	return im.total, err
}

type importer struct {
	cat      *catalog.Catalog
	o        Options
	trial    *trial          // of a dry run
	named    map[string]bool // ids that the files name; nil: it does not matter
	sources  map[string]bool
	editions editions
	total    Report
}

func (im *importer) tell(e Event) {
	if im.o.Tell != nil {
		im.o.Tell(e)
	}
}

// file writes one file.
func (im *importer) file(ctx context.Context, f File, held *heldFile) error {
	w := &fileWriter{importer: im, file: f, report: Report{Files: 1}, sources: map[string]bool{}}
	err := w.all(ctx, held)
	w.report.Sources = len(w.sources)
	im.total.add(w.report)
	im.total.Sources = len(im.sources)
	if err != nil {
		return err
	}
	im.tell(Finished{File: f.Name, Report: w.report})
	return nil
}

// fileWriter writes the pieces of a file in batches.
type fileWriter struct {
	*importer
	file    File
	report  Report
	sources map[string]bool
	opened  *opened // nil: the pieces are held
	batch   batch
}

func (w *fileWriter) all(ctx context.Context, held *heldFile) (err error) {
	var next func() (*exchange.Piece, error)
	switch {
	case held != nil && held.opened == nil:
		next = piecesOf(held.pieces)
	case held != nil:
		w.opened, next = held.opened, held.opened.Next
	default:
		if w.opened, err = w.file.open(); err != nil {
			return Wrong(err)
		}
		defer func() { err = errors.Join(err, w.opened.close()) }()
		next = w.opened.Next
	}
	for err == nil {
		var p *exchange.Piece
		if p, err = next(); err == nil {
			err = w.take(ctx, p)
		}
	}
	if w.opened != nil {
		w.report.Tally = w.opened.Tally()
	}
	if !errors.Is(err, io.EOF) {
		// What stood before the place that cannot be read is imported.
		var wrong *exchange.MistakesError
		if errors.As(err, &wrong) && !w.o.Strict {
			err = errors.Join(w.write(ctx), err)
		}
		return Wrong(err)
	}
	return w.write(ctx)
}

// take adds a piece to the batch, and writes the batch when it is full.
func (w *fileWriter) take(ctx context.Context, p *exchange.Piece) error {
	for _, part := range parted(p) {
		if w.batch.full(part) {
			if err := w.write(ctx); err != nil {
				return err
			}
		}
		w.batch.add(part)
	}
	return nil
}

// write writes the batch in hand and begins a new one.
func (w *fileWriter) write(ctx context.Context) error {
	b := w.batch
	if len(b.pieces) == 0 {
		return nil
	}
	if ctx.Err() != nil {
		return ErrStopped
	}
	w.batch = batch{}
	// What is begun is finished: half a batch is never known to be one.
	ctx = context.WithoutCancel(ctx)
	if err := w.refuseStubs(ctx, &b); err != nil {
		return err
	}
	res, err := w.cat.AssertAll(ctx, b.input(w.o))
	if err == nil && w.trial != nil {
		err = w.trial.correct(ctx, res)
	}
	if err != nil && !errors.Is(err, catalog.ErrFaulty) {
		return fmt.Errorf("importing %s: %w", w.file.Name, err)
	}
	rejects := b.rejects(res)
	if w.o.Strict && len(rejects) > 0 {
		return &MistakesError{Files: []*exchange.MistakesError{mistakes(rejects)}}
	}
	return w.done(&b, res, rejects)
}

// read says how many bytes of the file were read; a dossier is read whole.
func (w *fileWriter) read() int64 {
	if w.opened == nil {
		return w.file.Size
	}
	return w.opened.bytes
}

// done reports a batch that was written.
func (w *fileWriter) done(b *batch, res *catalog.BulkResult, rejects []exchange.Reject) error {
	done := Report{Rows: b.rows, Rejected: len(rejects), Entities: res.Created, Revision: res.Revision.String()}
	for i, r := range res.Results {
		id := b.pieces[i].Source.ID
		if id == "" {
			continue // rejects alone
		}
		w.sources[id], w.importer.sources[id] = true, true
		if w.o.Replace {
			w.editions.note(b.pieces[i], r)
		}
		if r != nil {
			done.Added += r.Claims[catalog.Added]
			done.Unchanged += r.Claims[catalog.Unchanged]
			done.Suppressed += r.Claims[catalog.Suppressed]
		}
	}
	w.report.add(done)
	for _, r := range rejects {
		if w.o.Reject == nil {
			break
		}
		if err := w.o.Reject(w.file, r); err != nil {
			return err
		}
	}
	w.tell(Wrote{File: w.file.Name, Rows: w.report.Rows, Bytes: w.read(), Size: w.file.Size, Batch: done, Changes: res.Changes})
	return nil
}
