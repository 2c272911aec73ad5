package catalog_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// write makes a claim about a group of its own, in a revision of its own.
func writeOne(t *testing.T, c *catalog.Catalog, n int) {
	t.Helper()
	_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: "source:s", Claims: []intel.Draft{text(fmt.Sprintf("group:g%d", n), "name", fmt.Sprint("Group ", n))}})
	if err != nil {
		t.Fatal(err)
	}
}

// followed takes n changes and says whose they are.
func followed(ctx context.Context, f *catalog.Follower, n int) (out []string, err error) {
	for len(out) < n {
		page, err := f.Next(ctx)
		if err != nil {
			return out, err
		}
		for _, ch := range page.Changes {
			out = append(out, ch.Record.ID)
		}
	}
	return out, nil
}

func numbered(from, to int) (out []string) {
	for n := from; n < to; n++ {
		out = append(out, fmt.Sprintf("group:g%d", n))
	}
	return out
}

// TestFollowersSeeEveryChangeOnce lets some follow from the beginning, some from
// the middle and some from now on, while changes are made here and by another
// process.
func TestFollowersSeeEveryChangeOnce(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		store := open(t)
		c := catalog.New(store, time.Now)
		t.Cleanup(c.Close)
		other := catalog.New(store, time.Now) // whose commits c is not told of
		t.Cleanup(other.Close)
		const before, here, there = 30, 20, 10
		for n := range before {
			writeOne(t, c, n)
		}
		var g errgroup.Group
		for _, since := range []int64{0, 7, before} {
			f, err := c.Follow(t.Context(), &since)
			if err != nil {
				t.Fatal(err)
			}
			g.Go(func() error {
				defer f.Close()
				want := numbered(int(since), before+here+there)
				got, err := followed(t.Context(), f, len(want))
				if err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
					err = fmt.Errorf("after %d: %v, want %v", since, got, want)
				}
				return err
			})
		}
		now, err := c.Follow(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer now.Close()
		for n := range here {
			writeOne(t, c, before+n)
		}
		for n := range there {
			writeOne(t, other, before+here+n)
		}
		if got, err := followed(t.Context(), now, here+there); err != nil || got[0] != fmt.Sprintf("group:g%d", before) {
			t.Errorf("from now on: %v, %v", got, err)
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestFollowing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	c := catalog.New(everystore.SQLite(t), time.Now)
	t.Cleanup(c.Close)
	writeOne(t, c, 0)
	later := int64(2)
	if _, err := c.Follow(t.Context(), &later); err == nil {
		t.Error("followed from a revision that is yet to come")
	}
	for range 3 { // each begins and ends the feed
		f, err := c.Follow(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.Next(ctx); err == nil {
			t.Error("waited for nothing and got something")
		}
		f.Close()
		f.Close()
	}
}
