package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"dragnet/internal/intel"
)

// lifeCases are about setting up, closing, contexts and the empty store.
var lifeCases = []check{
	{"Setup/again changes nothing", setupAgain},
	{"Setup/by two at once", setupTogether},
	{"Setup/before it all is unavailable", beforeSetup},
	{"Setup/of a newer schema is a conflict", setupNewer},
	{"Meta/of an empty store", emptyMeta},
	{"Close/waits for a View that runs", func(t *testing.T, h Harness) { closeWaits(t, h, viewing) }},
	{"Close/waits for an Update that runs", func(t *testing.T, h Harness) { closeWaits(t, h, updating) }},
	{"Close/calls after it are unavailable", afterClose},
	{"context/that has ended", endedContext},
	{"context/that ends in a View", endsInView},
	{"context/that ends in an Update", endsInUpdate},
	{"context/that ends in a long read", endsInRead},
}

// calls are all calls of a store but Close.
func calls(s intel.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"View":   func(ctx context.Context) error { return s.View(ctx, func(intel.Reader) error { return nil }) },
		"Update": func(ctx context.Context) error { return s.Update(ctx, func(intel.Writer) error { return nil }) },
		"Setup":  s.Setup,
	}
}

// reads are all reads of a Reader.
func reads(r intel.Reader) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Meta": func(ctx context.Context) error { _, err := r.Meta(ctx); return err },
		"Select": func(ctx context.Context) error {
			_, err := r.Select(ctx, intel.Selection{List: &intel.List{Page: intel.Page{First: 1, Count: true}}})
			return err
		},
		"Collect": func(ctx context.Context) error {
			_, err := r.Collect(ctx, intel.Need{Subjects: []string{"group:opera1er"}})
			return err
		},
		"Names": func(ctx context.Context) error { _, err := r.Names(ctx, []string{"opera1er"}); return err },
		"Named": func(ctx context.Context) error {
			_, err := r.Named(ctx, intel.NameQuery{Terms: []string{"=opera1er"}, Limit: 1})
			return err
		},
		"Mentioned": func(ctx context.Context) error { _, err := r.Mentioned(ctx, nil, "", 1); return err },
		"Touched":   func(ctx context.Context) error { _, err := r.Touched(ctx, 0, 1); return err },
		"Changes":   func(ctx context.Context) error { _, err := r.Changes(ctx, 0, 1); return err },
		"Scan":      func(ctx context.Context) error { _, err := r.Scan(ctx, intel.PartClaims, "", 1); return err },
	}
}

func setupAgain(t *testing.T, h Harness) {
	s := h.Open(t)
	put(t, s, newSample().batches...)
	want, epoch := dump(t, s), meta(t, s).Epoch
	if err := s.Setup(t.Context()); err != nil {
		t.Fatalf("Setup again: %v", err)
	}
	other := h.Again(t, s)
	if err := other.Setup(t.Context()); err != nil {
		t.Fatalf("Setup by another: %v", err)
	}
	same(t, "what the store holds after Setup", want, dump(t, s))
	same(t, "what another handle sees", want, dump(t, other))
	if got := meta(t, other).Epoch; got != epoch || got == "" {
		t.Errorf("epoch %q became %q", epoch, got)
	}
}

func setupTogether(t *testing.T, h Harness) {
	a := h.Bare(t)
	b := h.Again(t, a)
	var g errgroup.Group
	for range 2 {
		for _, s := range []intel.Store{a, b} {
			g.Go(func() error { return s.Setup(t.Context()) })
		}
	}
	if err := g.Wait(); err != nil {
		t.Fatalf("Setup by two handles at once: %v", err)
	}
	put(t, a, newSample().batches...)
	same(t, "what the other handle sees", dump(t, a), dump(t, b))
}

func beforeSetup(t *testing.T, h Harness) {
	s := h.Bare(t)
	for name, call := range calls(s) {
		if name == "Setup" {
			continue
		}
		wantKind(t, name+" before Setup", call(t.Context()), intel.ErrUnavailable)
	}
	if err := s.Setup(t.Context()); err != nil {
		t.Fatalf("Setup: %v", err)
	}
	put(t, s, newSample().batches...)
}

func setupNewer(t *testing.T, h Harness) {
	wantKind(t, "Setup of a newer schema", h.Newer(t).Setup(t.Context()), intel.ErrConflict)
}

func emptyMeta(t *testing.T, h Harness) {
	s := h.Open(t)
	m := meta(t, s)
	if m.Epoch == "" || m.Last.Revision != 0 || !m.Last.At.IsZero() || m.Counts != (intel.Counts{}) {
		t.Errorf("Meta of an empty store: %+v", m)
	}
	put(t, s, newSample().batches...)
	if got := meta(t, s).Epoch; got != m.Epoch {
		t.Errorf("epoch %q became %q", m.Epoch, got)
	}
	if got := meta(t, h.Open(t)).Epoch; got == m.Epoch {
		t.Errorf("two stores have the epoch %q", got)
	}
}

func viewing(ctx context.Context, s intel.Store, do func(intel.Reader) error) error {
	return s.View(ctx, do)
}

func updating(ctx context.Context, s intel.Store, do func(intel.Reader) error) error {
	return s.Update(ctx, func(w intel.Writer) error { return do(w) })
}

func closeWaits(t *testing.T, h Harness, call func(context.Context, intel.Store, func(intel.Reader) error) error) {
	s := h.Open(t)
	put(t, s, newSample().batches...)
	started, goOn := make(chan struct{}), make(chan struct{})
	var began sync.Once
	var ran atomic.Bool
	var g errgroup.Group
	g.Go(func() error {
		return call(t.Context(), s, func(r intel.Reader) error {
			began.Do(func() { close(started) })
			<-goOn
			_, err := r.Meta(t.Context())
			ran.Store(true)
			return err
		})
	})
	<-started
	closing := make(chan struct{})
	g.Go(func() error {
		close(closing)
		err := s.Close()
		if !ran.Load() {
			return errors.New("Close returned before a call that ran")
		}
		return err
	})
	<-closing
	close(goOn)
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func afterClose(t *testing.T, h Harness) {
	s := h.Open(t)
	other := h.Again(t, s)
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	for name, call := range calls(s) {
		wantKind(t, name+" after Close", call(t.Context()), intel.ErrUnavailable)
	}
	put(t, other, newSample().batches...) // the other handle goes on
}

func endedContext(t *testing.T, h Harness) {
	s := h.Open(t)
	put(t, s, newSample().batches...)
	want := dump(t, s)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithDeadline(t.Context(), epochStart)
	defer stop()
	for _, ctx := range []context.Context{cancelled, late} {
		ran := false
		wantKind(t, "View", s.View(ctx, func(intel.Reader) error { ran = true; return nil }), ctx.Err())
		wantKind(t, "Update", s.Update(ctx, func(intel.Writer) error { ran = true; return nil }), ctx.Err())
		wantKind(t, "Setup", s.Setup(ctx), ctx.Err())
		if ran {
			t.Error("a function ran although its context had ended")
		}
	}
	same(t, "the store", want, dump(t, s))
}

func endsInView(t *testing.T, h Harness) {
	s := h.Open(t)
	put(t, s, newSample().batches...)
	ctx, cancel := context.WithCancel(t.Context())
	failed := map[string]error{}
	_ = s.View(ctx, func(r intel.Reader) error {
		cancel()
		for name, call := range reads(r) {
			failed[name] = call(ctx)
		}
		return nil
	})
	for name, err := range failed {
		wantKind(t, name+" in a View whose context has ended", err, context.Canceled)
	}
	if len(failed) == 0 {
		t.Error("the function did not run")
	}
	dump(t, s) // and the store goes on
}

func endsInUpdate(t *testing.T, h Harness) {
	s := h.Open(t)
	sm := newSample()
	put(t, s, sm.batches[0])
	want := dump(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(w intel.Writer) error {
		err := w.Put(ctx, sm.batches[1])
		cancel()
		return err
	})
	wantKind(t, "Update whose context ends before its commit", err, context.Canceled)
	same(t, "the store after it", want, dump(t, s))

	ctx, cancel = context.WithCancel(t.Context())
	err = s.Update(ctx, func(w intel.Writer) error {
		cancel()
		return w.Put(ctx, sm.batches[1])
	})
	wantKind(t, "Update whose context ends before its Put", err, context.Canceled)
	same(t, "the store after it", want, dump(t, s))
	put(t, s, sm.batches[1:]...)
}

// endsInRead ends the context of a long read at some moment of it: whatever
// the moment, the answer is whole or the error is the context's.
func endsInRead(t *testing.T, h Harness) {
	s := h.Open(t)
	put(t, s, hub(3000))
	sel := intel.Selection{IDs: []string{hubID}, Node: intel.NodeSelection{Links: []intel.LinkSelection{{
		Key: "k", Ends: hubEnds, Page: intel.Page{First: 200, Count: true}, Node: intel.NodeSelection{Counts: true},
	}}}}
	want := choose(t, s, sel)
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		var got *intel.Answer
		var g errgroup.Group
		g.Go(func() error {
			return s.View(ctx, func(r intel.Reader) (err error) {
				got, err = r.Select(ctx, sel)
				return err
			})
		})
		g.Go(func() error { cancel(); return nil })
		if err := g.Wait(); err != nil {
			wantKind(t, "Select whose context ends", err, context.Canceled)
			continue
		}
		same(t, "the answer", flatten(want), flatten(got))
	}
	same(t, "the answer afterwards", flatten(want), flatten(choose(t, s, sel)))
}
