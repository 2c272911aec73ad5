package storetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// randomCases hold a store against the model with seeded random data and
// questions. -rapid.checks and -rapid.seed ask for more and others.
var randomCases = []check{
	{"random/world 1", func(t *testing.T, h Harness) { randomWorld(t, h, 1) }},
	{"random/world 2", func(t *testing.T, h Harness) { randomWorld(t, h, 2) }},
}

// How much is drawn: enough to meet every form of every part, little enough
// for a store that plans each new shape of question anew.
const (
	worldBatches = 25
	otherChecks  = 60
)

// filterChecks are filters drawn, as deep as they may be. Ten thousand on a store:
//
//	go test ./internal/sqlite -run 'TestConformance/random/world_1/filters' -rapid.checks 10000
const filterChecks = 60

// treeChecks are trees drawn of each depth.
var treeChecks = []int{10, 6, 6, 4}

func randomWorld(t *testing.T, h Harness, seed int) {
	s, m := twins(t, h)
	for i, b := range worlds(worldBatches).Example(seed) {
		both(t, fmt.Sprintf("random batch %d", i), s, m, b)
		if t.Failed() {
			return
		}
	}
	ask := newAsking(m.(*model).db.now)
	for depth, checks := range treeChecks {
		checked(t, fmt.Sprint("trees of depth ", depth), seed, checks, func(t *rapid.T) {
			sel := ask.selection(t, depth)
			compareTrees(t, s, m, sel)
			for range 3 { // the same shape with other values costs a store little
				compareTrees(t, s, m, ask.again(t, sel))
			}
		})
	}
	checked(t, "filters", seed, filterChecks, func(t *rapid.T) {
		where := ask.filter(t, intel.MaxRelated)
		list := intel.List{Where: where, Page: intel.Page{First: 20, Count: true}}
		compare(t, where, s, m, func(r intel.Reader) (any, error) {
			a, err := r.Select(context.Background(), intel.Selection{List: &list})
			if err != nil {
				return nil, err
			}
			return flatten(a), nil
		})
	})
	checked(t, "working sets", seed, otherChecks, func(t *rapid.T) { compareSets(t, s, m, ask.need(t)) })
	checked(t, "names", seed, otherChecks, func(t *rapid.T) {
		var keys []string
		for _, w := range some(t, pools.words, 4, "names") {
			if key := intel.NameKey(w); !contains(keys, key) {
				keys = append(keys, key)
			}
		}
		compare(t, keys, s, m, func(r intel.Reader) (any, error) { return r.Names(context.Background(), keys) })
	})
	checked(t, "searches", seed, otherChecks, func(t *rapid.T) { compareSearches(t, s, m, ask.names(t)) })
	checked(t, "mentioned", seed, otherChecks/2, func(t *rapid.T) {
		kinds, after, limit := some(t, intel.Kinds(), 4, "kinds"), drawn(t, append([]string{""}, pools.ids...), "after"), rapid.IntRange(1, 20).Draw(t, "limit")
		compare(t, []any{kinds, after, limit}, s, m, func(r intel.Reader) (any, error) { return r.Mentioned(context.Background(), kinds, after, limit) })
	})
	checked(t, "changes", seed, otherChecks/2, func(t *rapid.T) {
		since, limit := rapid.Int64Range(0, worldBatches).Draw(t, "since"), rapid.IntRange(1, 40).Draw(t, "limit")
		compare(t, []any{since, limit}, s, m, func(r intel.Reader) (any, error) { return r.Changes(context.Background(), since, limit) })
	})
	checked(t, "touched", seed, otherChecks/2, func(t *rapid.T) {
		since, limit := rapid.Int64Range(0, worldBatches).Draw(t, "since"), rapid.IntRange(1, 40).Draw(t, "limit")
		compare(t, []any{since, limit}, s, m, func(r intel.Reader) (any, error) { return r.Touched(context.Background(), since, limit) })
	})
	checked(t, "scans", seed, otherChecks/2, func(t *rapid.T) {
		part, limit := intel.Part(rapid.IntRange(0, 3).Draw(t, "part")), rapid.IntRange(1, 20).Draw(t, "limit")
		ids := [][]string{intel.PartClaims: ask.claimIDs, intel.PartSources: pools.sources, intel.PartEntities: pools.ids, intel.PartLinks: ask.linkIDs}
		after := drawn(t, append([]string{""}, ids[part]...), "after")
		compare(t, []any{part, after, limit}, s, m, func(r intel.Reader) (any, error) {
			ws, err := r.Scan(context.Background(), part, after, limit)
			if err == nil && part == intel.PartClaims {
				ws.Sources = nil // may come or not
			}
			return ws, err
		})
	})
}

func contains(all []string, s string) bool {
	return len(where(all, func(have string) bool { return have == s })) > 0
}

// checked runs a property as a subtest, with a seed and a number of checks of
// its own where the command line names none.
func checked(t *testing.T, name string, seed, checks int, property func(*rapid.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		given := map[string]bool{}
		flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
		for name, value := range map[string]string{"rapid.seed": strconv.Itoa(seed), "rapid.checks": strconv.Itoa(checks), "rapid.nofailfile": "true", "rapid.shrinktime": "10s"} {
			f := flag.Lookup(name)
			if was := f.Value.String(); !given[name] {
				if err := f.Value.Set(value); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = f.Value.Set(was) })
			}
		}
		rapid.Check(t, property)
	})
}

// compare asks both stores one thing.
func compare(t *rapid.T, what any, s, m intel.Store, ask func(intel.Reader) (any, error)) {
	t.Helper()
	var want, got any
	for _, x := range []struct {
		s   intel.Store
		out *any
	}{{s, &got}, {m, &want}} {
		err := x.s.View(context.Background(), func(r intel.Reader) (err error) {
			*x.out, err = ask(r)
			return err
		})
		if err != nil {
			t.Fatalf("%T: %v", x.s, err)
		}
	}
	if d := diff(want, got); d != "" {
		t.Fatalf("the answer to %s differs:\n%s", show(what), d)
	}
}

// compareTrees asks both for a tree, and for the pages that follow its list.
func compareTrees(t *rapid.T, s, m intel.Store, sel intel.Selection) {
	t.Helper()
	for range 4 {
		var next *intel.Position
		compare(t, sel, s, m, func(r intel.Reader) (any, error) {
			a, err := r.Select(context.Background(), sel)
			if err != nil {
				return nil, err
			}
			if a.List != nil && a.List.More && len(a.List.Positions) > 0 {
				next = &a.List.Positions[len(a.List.Positions)-1]
			}
			return flatten(a), nil
		})
		if next == nil {
			return
		}
		page := *sel.List
		page.Page.After = next
		sel = intel.Selection{List: &page, Node: sel.Node}
	}
}

func compareSets(t *rapid.T, s, m intel.Store, n intel.Need) {
	t.Helper()
	var want *intel.WorkingSet
	ask := func(x intel.Store) (ws *intel.WorkingSet, err error) {
		err = x.View(context.Background(), func(r intel.Reader) (err error) {
			ws, err = r.Collect(context.Background(), n)
			return err
		})
		return ws, err
	}
	want, wantErr := ask(m)
	got, err := ask(s)
	if wantErr != nil || err != nil {
		if !errors.Is(err, intel.ErrLimit) || !errors.Is(wantErr, intel.ErrLimit) {
			t.Fatalf("error is %v, want %v", err, wantErr)
		}
		return
	}
	sameSet(t, "the working set of "+show(n), want, got)
}
