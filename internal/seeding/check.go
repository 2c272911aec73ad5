package seeding

import (
	"context"
	"errors"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// check reads the dossiers among the files whole and tries them, so that a
// mistake in one is known before anything is written. What can be read only once
// stays open for its turn.
func (im *importer) check(ctx context.Context, files []File) (heldFiles, error) {
	try := newChecker()
	defer try.close()
	held := heldFiles{}
	var wrong MistakesError
	for i, f := range files {
		if ctx.Err() != nil {
			return held, ErrStopped
		}
		h, err := try.file(ctx, f)
		var found *exchange.MistakesError
		switch {
		case errors.As(err, &found):
			wrong.Files = append(wrong.Files, found)
			continue
		case err != nil:
			return held, err
		case h == nil:
			continue
		}
		if held[i] = h; h.opened == nil {
			im.tell(Checked{File: f.Name, Rows: h.rows()})
		}
	}
	if len(wrong.Files) > 0 {
		return held, &wrong
	}
	return held, nil
}

// heldFile is a dossier that was read, or a file that can be read only once.
type heldFile struct {
	pieces []*exchange.Piece
	opened *opened
}

func (h *heldFile) rows() int {
	n := 0
	for _, p := range h.pieces {
		n += len(p.Rows)
	}
	return n
}

// heldFiles are held by their place among the files.
type heldFiles map[int]*heldFile

func (h heldFiles) close() {
	for _, f := range h {
		if f.opened != nil {
			_ = f.opened.close() // it was only read
		}
	}
}

// checker tries files on an empty graph, which shows what the catalog would
// refuse without asking the store. Files never refer to entities by a name that
// the graph would have to know.
type checker struct{ cat *catalog.Catalog }

func newChecker() *checker {
	return &checker{catalog.New(blankStore{}, func() time.Time { return time.Time{} })}
}

func (c *checker) close() { c.cat.Close() }

// file reads and tries a dossier; of any other file it gives nil, unless it can
// be read only once.
func (c *checker) file(ctx context.Context, f File) (*heldFile, error) {
	o, err := f.open()
	if err != nil {
		return nil, err
	}
	var whole []*exchange.Piece
	if d, ok := o.Reader.(interface{ Pieces() []*exchange.Piece }); ok {
		whole = d.Pieces()
	}
	if whole == nil {
		if f.Once {
			return &heldFile{opened: o}, nil
		}
		return nil, o.close()
	}
	if err := o.close(); err != nil {
		return nil, err
	}
	h := &heldFile{pieces: whole}
	return h, c.pieces(ctx, h.pieces)
}

// pieces gives *exchange.MistakesError when the catalog would refuse some row.
func (c *checker) pieces(ctx context.Context, all []*exchange.Piece) error {
	var rejects []exchange.Reject
	for _, p := range all {
		for _, part := range parted(p) {
			b := batch{}
			b.add(part)
			res, err := c.cat.AssertAll(ctx, b.input(Options{By: "check", DryRun: true}))
			if err != nil {
				return err
			}
			rejects = append(rejects, b.rejects(res)...)
		}
	}
	if len(rejects) == 0 {
		return nil
	}
	return mistakes(rejects)
}

// blankStore is a graph in which nothing is. The methods that a trial does not
// need are not there.
type blankStore struct{ intel.Store }

func (blankStore) View(_ context.Context, read func(intel.Reader) error) error {
	return read(blankReader{})
}

type blankReader struct{ intel.Reader }

func (blankReader) Meta(context.Context) (intel.Meta, error) { return intel.Meta{}, nil }

func (blankReader) Names(context.Context, []string) ([]intel.NameRow, error) { return nil, nil }

func (blankReader) Collect(_ context.Context, n intel.Need) (*intel.WorkingSet, error) {
	ws := &intel.WorkingSet{Mentions: map[string]intel.Mention{}}
	for _, id := range n.Mentions {
		ws.Mentions[id] = intel.Mention{}
	}
	return ws, nil
}

// trial corrects the results of a dry run, whose batches do not see what those
// before them would have written.
type trial struct {
	cat      *catalog.Catalog
	claims   map[string]bool // that would be there
	entities map[string]bool // that are or would be there
}

func newTrial(cat *catalog.Catalog) *trial {
	return &trial{cat: cat, claims: map[string]bool{}, entities: map[string]bool{}}
}

// trialPage is how many entities are looked up at a time.
const trialPage = 1_000

func (t *trial) correct(ctx context.Context, res *catalog.BulkResult) error {
	var met []string
	for _, one := range res.Results {
		if one == nil {
			continue
		}
		for i := range one.Rows {
			row := &one.Rows[i]
			if row.Outcome != catalog.Added {
				continue
			}
			if t.claims[row.Claim.ID] {
				row.Outcome = catalog.Unchanged
				one.Claims[catalog.Added]--
				one.Claims[catalog.Unchanged]++
				continue
			}
			t.claims[row.Claim.ID] = true
			for _, id := range row.Claim.Mentions() {
				if !t.entities[id] {
					t.entities[id] = true
					met = append(met, id)
				}
			}
		}
	}
	res.Created = len(met)
	for len(met) > 0 {
		n := min(len(met), trialPage)
		a, err := t.cat.Read(ctx, intel.View{}, intel.Selection{IDs: met[:n]})
		if err != nil {
			return err
		}
		res.Created -= len(a.Nodes)
		met = met[n:]
	}
	return nil
}
