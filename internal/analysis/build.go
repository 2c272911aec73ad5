package analysis

import (
	"context"

	"dragnet/internal/intel"
)

// scanPage is how many rows are read at a time.
const scanPage = 20_000

// build reads the settled graph of a store. What changes meanwhile may be in it
// or not, and no two pages need be of one revision: the changes since the
// revision it begins at must be told to what it gives.
func build(ctx context.Context, s intel.Store) (*snapshot, error) {
	var revision intel.Revision
	b := newBuilder()
	err := s.View(ctx, func(r intel.Reader) error {
		m, err := r.Meta(ctx)
		revision = intel.Revision{Epoch: m.Epoch, Counter: m.Last.Revision}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, part := range []intel.Part{intel.PartEntities, intel.PartLinks} {
		for after, more := "", true; more && err == nil; {
			var ws *intel.WorkingSet
			err = s.View(ctx, func(r intel.Reader) (err error) {
				ws, err = r.Scan(ctx, part, after, scanPage)
				return err
			})
			if err != nil {
				return nil, err
			}
			for _, r := range ws.Records {
				b.entity(r.ID)
				after = r.ID
			}
			for _, l := range ws.Links {
				b.link(l)
				after = l.ID
			}
			more = len(ws.Records)+len(ws.Links) > 0
		}
	}
	return &snapshot{base: b.build(), revision: revision}, nil
}
