package seeding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// namedIn lists the entities that the files name.
func namedIn(ctx context.Context, files []File, held heldFiles) (map[string]bool, error) {
	named := map[string]bool{}
	for i, f := range files {
		if err := f.namesInto(ctx, held[i], named); err != nil {
			return nil, Wrong(err)
		}
	}
	return named, nil
}

func (f File) namesInto(ctx context.Context, held *heldFile, named map[string]bool) error {
	var next func() (*exchange.Piece, error)
	switch {
	case held != nil && held.opened != nil:
		return fmt.Errorf("%w: to find ids that nothing names, %s would have to be read twice; give a file instead", intel.ErrInvalid, f.Name)
	case held != nil:
		next = piecesOf(held.pieces)
	default:
		o, err := f.open()
		if err != nil {
			return err
		}
		defer func() { _ = o.close() }() // it was only read
		next = o.Next
	}
	for {
		p, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ErrStopped
		}
		for _, r := range p.Rows {
			for _, id := range r.Draft.Names() {
				named[id] = true
			}
		}
	}
}

// refuseStubs takes the rows out of a batch that mention what neither the files
// nor the graph names.
func (w *fileWriter) refuseStubs(ctx context.Context, b *batch) error {
	if w.named == nil {
		return nil
	}
	unknown, err := w.unnamed(ctx, b)
	if err != nil || len(unknown) == 0 {
		return err
	}
	for i, p := range b.pieces {
		kept := *p
		kept.Rows, kept.Rejects = nil, slices.Clone(p.Rejects)
		for _, r := range p.Rows {
			ids := r.Draft.Mentions()
			if at := slices.IndexFunc(ids, func(id string) bool { return unknown[id] }); at >= 0 {
				kept.Rejects = append(kept.Rejects, exchange.Reject{At: r.At, Raw: r.Raw, Reason: fmt.Sprintf("nothing names %s: neither these files nor the graph", ids[at])})
				continue
			}
			kept.Rows = append(kept.Rows, r)
		}
		b.pieces[i] = &kept
	}
	return nil
}

// unnamed lists the ids of a batch that nothing names.
func (w *fileWriter) unnamed(ctx context.Context, b *batch) (map[string]bool, error) {
	unknown := map[string]bool{}
	for _, p := range b.pieces {
		for _, r := range p.Rows {
			for _, id := range r.Draft.Mentions() {
				if !w.named[id] {
					unknown[id] = true
				}
			}
		}
	}
	var ids []string
	for id := range unknown {
		ids = append(ids, id)
	}
	for page := range slices.Chunk(ids, trialPage) {
		a, err := w.cat.Read(ctx, intel.View{}, intel.Selection{IDs: page})
		if err != nil {
			return nil, err
		}
		for _, n := range a.Nodes {
			if !n.Stub {
				delete(unknown, n.ID)
				w.named[n.ID] = true
			}
		}
	}
	return unknown, nil
}
