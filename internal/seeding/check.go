package seeding

import (
	"context"
	"errors"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// checker tries files on an empty graph, which shows what the catalog would
// refuse without asking the store. Files never refer to entities by a name that
// the graph would have to know.
type checker struct{ cat *catalog.Catalog }

func newChecker() *checker {
	return &checker{catalog.New(blankStore{}, func() time.Time { return time.Time{} })}
}

func (c *checker) close() { c.cat.Close() }

// plan gives *exchange.MistakesError when the catalog would refuse part of a file.
func (c *checker) plan(ctx context.Context, p *plan) error {
	all := &exchange.MistakesError{}
	for _, s := range p.steps {
		_, err := c.cat.Assert(ctx, s.input(Options{By: "check", DryRun: true}))
		if err == nil {
			continue
		}
		err = s.explain(p, err)
		var found *exchange.MistakesError
		if !errors.As(err, &found) {
			return err
		}
		all.List = append(all.List, found.List...)
		all.More += found.More
	}
	if len(all.List) == 0 {
		return nil
	}
	if extra := len(all.List) - exchange.MaxMistakes; extra > 0 {
		all.List, all.More = all.List[:exchange.MaxMistakes], all.More+extra
	}
	return all
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

func (t *trial) correct(ctx context.Context, res *catalog.AssertResult) error {
	var met []string
	for i := range res.Rows {
		row := &res.Rows[i]
		if row.Outcome != catalog.Added {
			continue
		}
		if t.claims[row.Claim.ID] {
			row.Outcome = catalog.Unchanged
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
