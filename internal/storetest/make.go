package storetest

import (
	"context"
	"errors"
	"testing"

	"dragnet/internal/intel"
)

// Short ways to write claims.

type with func(*intel.Claim)

func claimed(c intel.Claim, more []with) *intel.Claim {
	c.Stance, c.Confidence = intel.Asserts, 80
	for _, w := range more {
		w(&c)
	}
	c.ID = c.HashID()
	return &c
}

// states makes a property claim.
func states(subject string, p intel.Property, v intel.Value, source string, more ...with) *intel.Claim {
	return claimed(intel.Claim{Subject: subject, Property: p, Value: v, Source: "source:" + source}, more)
}

// joins makes a link claim.
func joins(from string, t intel.LinkType, to, source string, more ...with) *intel.Claim {
	from, to = t.Orient(from, to)
	return claimed(intel.Claim{Subject: from, LinkType: t, Object: to, Source: "source:" + source}, more)
}

func named(subject, name, source string, more ...with) *intel.Claim {
	return states(subject, intel.PropName, text(name), source, more...)
}

func text(s string) intel.Value { return intel.Value{Type: intel.TypeText, Text: s} }
func word(s string) intel.Value { return intel.Value{Type: intel.TypeEnum, Text: s} }
func day(s string) intel.Value  { return intel.Value{Type: intel.TypeDate, Date: intel.MustDate(s)} }

func number(n int64) intel.Value {
	return intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n, Qualifier: intel.Exact}}
}

func between(lo, hi int64, written string) intel.Value {
	return intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: lo, Max: hi, Qualifier: intel.Range, AsWritten: written}}
}

func money(amount intel.Decimal, currency string, class intel.AssetClass) intel.Value {
	return intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: amount, Currency: currency, Qualifier: intel.Exact, AssetClass: class}}
}

func external(scheme, value string) intel.Value {
	return intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: scheme, Value: value}}
}

func at(confidence int) with { return func(c *intel.Claim) { c.Confidence = confidence } }
func denied(c *intel.Claim)  { c.Stance = intel.Denies }

func during(from, to string) with {
	return func(c *intel.Claim) {
		if from != "" {
			c.ValidFrom = intel.MustDate(from)
		}
		if to != "" {
			c.ValidTo = intel.MustDate(to)
		}
	}
}

func as(role string) with       { return func(c *intel.Claim) { c.Role = role } }
func saidBy(id string) with     { return func(c *intel.Claim) { c.SaidBy = id } }
func quoted(s string) with      { return func(c *intel.Claim) { c.Quote = s } }
func located(s string) with     { return func(c *intel.Claim) { c.Locator = s } }
func amount(q intel.Value) with { return func(c *intel.Claim) { c.Amount = &q.Quantity } }
func on(date string) with       { return func(c *intel.Claim) { c.On = intel.MustDate(date) } }

// header makes a source's header.
func header(title string, r intel.Reliability, more ...func(*intel.Header)) intel.Header {
	h := intel.Header{Title: title, Reliability: r, Marking: "CLEAR"}
	for _, m := range more {
		m(&h)
	}
	return h
}

func from(ids ...string) func(*intel.Header) { return func(h *intel.Header) { h.DerivedFrom = ids } }
func published(d string) func(*intel.Header) {
	return func(h *intel.Header) { h.PublishedOn = intel.MustDate(d) }
}
func by(publisher string) func(*intel.Header) {
	return func(h *intel.Header) { h.Publisher = publisher }
}
func marked(m intel.Marking) func(*intel.Header) { return func(h *intel.Header) { h.Marking = m } }

// Short ways to use a store.

// put writes batches, each in an Update of its own.
func put(t testing.TB, s intel.Store, bs ...intel.Batch) {
	t.Helper()
	for i, b := range bs {
		if err := tryPut(t.Context(), s, b); err != nil {
			t.Fatalf("Put of batch %d: %v", i, err)
		}
	}
}

func tryPut(ctx context.Context, s intel.Store, bs ...intel.Batch) error {
	return s.Update(ctx, func(w intel.Writer) error {
		for _, b := range bs {
			if err := w.Put(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// read runs one read in a View of its own.
func read[V any](t testing.TB, s intel.Store, f func(context.Context, intel.Reader) (V, error)) V {
	t.Helper()
	var out V
	err := s.View(t.Context(), func(r intel.Reader) (err error) {
		out, err = f(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatalf("View: %v", err)
	}
	return out
}

func choose(t testing.TB, s intel.Store, sel intel.Selection) *intel.Answer {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) (*intel.Answer, error) { return r.Select(ctx, sel) })
}

func collect(t testing.TB, s intel.Store, n intel.Need) *intel.WorkingSet {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) (*intel.WorkingSet, error) { return r.Collect(ctx, n) })
}

func meta(t testing.TB, s intel.Store) intel.Meta {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) (intel.Meta, error) { return r.Meta(ctx) })
}

func changes(t testing.TB, s intel.Store, since int64, limit int) []*intel.Claim {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) ([]*intel.Claim, error) { return r.Changes(ctx, since, limit) })
}

func touched(t testing.TB, s intel.Store, since int64, limit int) []intel.Touched {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) ([]intel.Touched, error) {
		return r.Touched(ctx, since, limit)
	})
}

func scan(t testing.TB, s intel.Store, part intel.Part, after string, limit int) *intel.WorkingSet {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) (*intel.WorkingSet, error) {
		return r.Scan(ctx, part, after, limit)
	})
}

func names(t testing.TB, s intel.Store, keys ...string) []intel.NameRow {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) ([]intel.NameRow, error) { return r.Names(ctx, keys) })
}

func mentioned(t testing.TB, s intel.Store, kinds []intel.Kind, after string, limit int) []string {
	t.Helper()
	return read(t, s, func(ctx context.Context, r intel.Reader) ([]string, error) {
		return r.Mentioned(ctx, kinds, after, limit)
	})
}

// wantKind fails the test unless err is of the kind.
func wantKind(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: error is %v, want %v", what, err, kind)
	}
}

// everything is all that a store holds, as Scan lists it.
type everything struct {
	Meta    intel.Meta
	Claims  []*intel.Claim
	Sources map[string]*intel.Source
	Records []*intel.Record
	Links   []*intel.Link
}

func dump(t testing.TB, s intel.Store) everything {
	t.Helper()
	const all = 1_000_000
	e := everything{
		Meta: meta(t, s), Claims: scan(t, s, intel.PartClaims, "", all).Claims, Sources: scan(t, s, intel.PartSources, "", all).Sources,
		Records: scan(t, s, intel.PartEntities, "", all).Records, Links: scan(t, s, intel.PartLinks, "", all).Links,
	}
	e.Meta.Epoch = ""
	return e
}
