package load

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"dragnet/bench/gen"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// Through sends the graph to a catalog on an empty store: sources first, then
// claims in bulk, several calls at once.
func Through(ctx context.Context, c *catalog.Catalog, g *gen.Graph, o Options) error {
	o = o.filled()
	m, err := c.Meta(ctx)
	if err != nil {
		return err
	}
	if m.Last.Revision != 0 {
		return errors.New("load: the store is not empty")
	}
	for from := 0; from < g.Sources(); from += catalog.MaxSources {
		var drafts []intel.SourceDraft
		for s := from; s < min(from+catalog.MaxSources, g.Sources()); s++ {
			drafts = append(drafts, g.Source(s))
		}
		if _, err := c.PutSources(ctx, by, drafts); err != nil {
			return err
		}
	}
	sent := Progress{}
	for from := 0; from < g.Len(); from += o.Chunk {
		sent.Entities = min(from+o.Chunk, g.Len())
		n, err := sendChunk(ctx, c, g, o.Workers, from, sent.Entities)
		if err != nil {
			return err
		}
		sent.Claims += n
		o.Progress(sent)
	}
	return nil
}

// sendChunk sends the claims of a run of entities and says how many they are.
func sendChunk(ctx context.Context, c *catalog.Catalog, g *gen.Graph, workers, from, to int) (int, error) {
	bySource, n := map[string][]intel.Draft{}, 0
	for i := from; i < to; i++ {
		for _, cl := range g.Claims(i) {
			bySource[cl.Source] = append(bySource[cl.Source], Draft(cl))
			n++
		}
	}
	calls := make(chan []catalog.AssertInput)
	var senders sync.WaitGroup
	failed := make([]error, workers)
	for w := range workers {
		senders.Go(func() {
			for inputs := range calls {
				if failed[w] == nil {
					failed[w] = sendBulk(ctx, c, inputs)
				}
			}
		})
	}
	var inputs []catalog.AssertInput
	rows := 0
	for _, id := range slices.Sorted(maps.Keys(bySource)) {
		for part := range slices.Chunk(bySource[id], bulk) {
			if rows+len(part) > bulk {
				calls <- inputs
				inputs, rows = nil, 0
			}
			inputs, rows = append(inputs, catalog.AssertInput{SourceID: id, Claims: part}), rows+len(part)
		}
	}
	calls <- inputs
	close(calls)
	senders.Wait()
	return n, errors.Join(failed...)
}

// bulk is how many claims go into one commit.
const bulk = 10_000

func sendBulk(ctx context.Context, c *catalog.Catalog, inputs []catalog.AssertInput) error {
	res, err := c.AssertAll(ctx, catalog.BulkInput{By: by, Inputs: inputs})
	if err != nil {
		return err
	}
	return errors.Join(res.Errs...)
}

// Draft is a claim as somebody would send it.
func Draft(c *intel.Claim) intel.Draft {
	d := intel.Draft{Subject: intel.Ref{ID: c.Subject}, Property: c.Property, Stance: c.Stance, Confidence: &c.Confidence,
		Locator: c.Locator, Quote: c.Quote, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo}
	if c.SaidBy != "" {
		d.SaidBy = &intel.Ref{ID: c.SaidBy}
	}
	if c.IsLink() {
		d.Link = &intel.LinkDraft{Type: c.LinkType, To: intel.Ref{ID: c.Object}, Role: c.Role, On: c.On, Amount: c.Amount}
		return d
	}
	v := c.Value
	if v.Type == intel.TypeEnum {
		v.Type = intel.TypeText
	}
	d.Value = &v
	return d
}
