package seeding

import (
	"context"
	"maps"
	"slices"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
)

// editions holds, of each source that is replaced, the claims of its new
// edition; of one with a rejected row, nil.
type editions map[string]map[string]bool

// note adds what became of a piece; nil: it was refused.
func (e editions) note(p *exchange.Piece, res *catalog.AssertResult) {
	id := p.Source.ID
	kept, seen := e[id]
	switch {
	case res == nil, len(p.Rejects) > 0, res.Rejected() > 0, seen && kept == nil:
		e[id] = nil
		return
	case !seen:
		kept = map[string]bool{}
		e[id] = kept
	}
	for _, id := range res.ClaimIDs {
		kept[id] = true
	}
}

// withdraw retracts what the sources' new editions do not hold any more.
func (im *importer) withdraw(ctx context.Context) error {
	if im.o.DryRun {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(im.editions)) {
		kept := im.editions[id]
		if kept == nil {
			continue
		}
		if ctx.Err() != nil {
			return ErrStopped
		}
		n, err := im.cat.Withdraw(context.WithoutCancel(ctx), im.o.By, id, func(claim string) bool { return kept[claim] })
		im.total.Retracted += n
		if err != nil {
			return err
		}
	}
	return nil
}
