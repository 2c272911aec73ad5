package catalog

import (
	"context"

	"dragnet/internal/intel"
)

// Withdraw retracts the live claims of a source that keep does not hold, as a
// REPLACE does with those it is not sent, in as many commits as it takes. It
// returns how many it retracted.
func (c *Catalog) Withdraw(ctx context.Context, by, source string, keep func(claim string) bool) (int, error) {
	var gone []string
	live := true
	page := intel.Page{First: intel.MaxPage}
	for {
		a, err := c.Read(ctx, intel.View{}, intel.Selection{SourceIDs: []string{source}, SourceClaims: []intel.ClaimSelection{{Key: "live", Where: intel.ClaimFilter{Live: &live}, Page: page}}})
		if err != nil {
			return 0, err
		}
		if len(a.SourceNodes) == 0 {
			return 0, nil
		}
		got := a.SourceNodes[0].Claims["live"]
		for _, cl := range got.Claims {
			if !keep(cl.ID) {
				gone = append(gone, cl.ID)
			}
		}
		if !got.More {
			break
		}
		last := intel.PositionOf(got.Claims[len(got.Claims)-1])
		page.After = &last
	}
	for i := 0; i < len(gone); i += MaxChanges {
		d := &decision{by: by, ids: gone[i:min(i+MaxChanges, len(gone))], reason: replacedReason, retract: true, byReplace: true}
		if err := c.write(ctx, d); err != nil {
			return i, err
		}
	}
	return len(gone), nil
}
