package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// exported is all that an export gives, a line for each row.
type exported struct{ Entities, Links, Claims, Sources, Portraits []string }

func exportAll(ctx context.Context, x *Export) (out exported, err error) {
	for _, walk := range []func() error{
		func() error {
			return x.Entities(ctx, func(r *intel.Record) error {
				out.Entities = append(out.Entities, recordLine(r))
				return nil
			})
		},
		func() error {
			return x.Links(ctx, func(l *intel.Link) error {
				out.Links = append(out.Links, linkLine(l))
				return nil
			})
		},
		func() error {
			return x.Claims(ctx, func(c *intel.Claim, s *intel.Source) error {
				out.Claims = append(out.Claims, fmt.Sprint(c.ID, " ", c.Source, " ", s.Header))
				return nil
			})
		},
		func() error {
			return x.Sources(ctx, func(s *intel.Source) error {
				out.Sources = append(out.Sources, sourceLine(s))
				return nil
			})
		},
		func() error {
			return x.Portraits(ctx, func(p *intel.Portrait) error {
				out.Portraits = append(out.Portraits, fmt.Sprint(recordLine(p.Record), p.Aliases, p.About, p.Marking))
				return nil
			})
		},
	} {
		if err := walk(); err != nil {
			return out, err
		}
	}
	return out, nil
}

func recordLine(r *intel.Record) string {
	return fmt.Sprint(r.ID, " ", r.Name, " ", r.Stub, " ", r.Facts)
}

func linkLine(l *intel.Link) string {
	line := *l
	line.Amount = nil
	return fmt.Sprint(line, l.Amount != nil)
}

func sourceLine(s *intel.Source) string {
	var versions []string
	for _, v := range s.Versions {
		versions = append(versions, v.Hash)
	}
	return fmt.Sprint(s.ID, " ", s.Header, " ", s.Stub, " ", versions)
}

// exportedOf says in the plainest way what an export of a graph holds under a
// view: of the graph that never received anything else.
func exportedOf(m *memGraph, v intel.View, around string, depth int) (out exported, found bool) {
	under := m.under(v)
	in := map[string]bool{}
	for id := range under.records {
		in[id] = around == ""
	}
	if around != "" {
		if under.records[around] == nil {
			return out, false
		}
		in[around] = true
		for range depth {
			reached := maps.Clone(in)
			for _, l := range under.links {
				reached[l.From] = reached[l.From] || in[l.To]
				reached[l.To] = reached[l.To] || in[l.From]
			}
			in = reached
		}
	}
	cited := map[string]bool{}
	marked := map[string]intel.Marking{}
	bare := map[string]intel.Marking{}
	for _, c := range under.all() {
		if !c.Live() {
			continue
		}
		s := under.sources[c.Source]
		for _, id := range c.Mentions() {
			if bare[id] == "" || bare[id].Above(s.Marking) {
				bare[id] = s.Marking
			}
		}
		note := func(id string) {
			if marked[id] == "" || s.Marking.Above(marked[id]) {
				marked[id] = s.Marking
			}
		}
		if !c.IsLink() {
			note(c.Subject)
			for _, l := range under.links {
				if l.Type == intel.KnownAs && l.To == c.Subject {
					note(l.From)
				}
			}
		} else if c.LinkType == intel.KnownAs && under.links[c.LinkID()] != nil {
			note(c.Subject)
		}
		if !in[c.Subject] || c.IsLink() && !in[c.Object] || v.MinSupport > 0 && !carried(under, c) {
			continue
		}
		cited[c.Source] = true
		out.Claims = append(out.Claims, fmt.Sprint(c.ID, " ", c.Source, " ", s.Header))
	}
	for _, r := range values(under.records) {
		if !in[r.ID] {
			continue
		}
		out.Entities = append(out.Entities, recordLine(r))
		names, about := map[string]bool{}, []string(nil)
		for _, l := range under.links {
			if l.Type == intel.KnownAs && l.From == r.ID {
				names[under.records[l.To].Name] = true
			}
			if l.Type == "ABOUT" && l.From == r.ID && in[l.To] {
				about = append(about, l.To)
			}
		}
		if marked[r.ID] == "" {
			marked[r.ID] = bare[r.ID]
		}
		slices.Sort(about)
		out.Portraits = append(out.Portraits, fmt.Sprint(recordLine(r), slices.Sorted(maps.Keys(names)), about, marked[r.ID]))
	}
	for _, l := range values(under.links) {
		if in[l.From] && in[l.To] {
			out.Links = append(out.Links, linkLine(l))
		}
	}
	out.Sources = exportedSources(m, v, around == "", cited)
	return out, true
}

// carried says that a claim is about a fact or a link of the graph.
func carried(m *memGraph, c *intel.Claim) bool {
	if c.IsLink() {
		return m.links[c.LinkID()] != nil
	}
	return slices.ContainsFunc(m.records[c.Subject].Facts, func(f intel.Settled) bool {
		return f.Property == c.Property && (!c.Property.Info().Slotted() || f.Slot == c.Value.Slot())
	})
}

// exportedSources are the sources that a view leaves room for, of a part of the
// graph those cited and what they derive from.
func exportedSources(m *memGraph, v intel.View, whole bool, cited map[string]bool) (out []string) {
	wanted := maps.Clone(cited)
	for n := -1; n != len(wanted); {
		n = len(wanted)
		for id := range maps.Clone(wanted) {
			for _, hv := range m.versions[id] {
				for _, p := range hv.DerivedFrom {
					wanted[p] = true
				}
			}
		}
	}
	all := maps.Clone(m.sources)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		s := intel.StubSource(id)
		seen := keepIf(m.versions[id], func(hv intel.HeaderVersion) bool { return v.Saw(hv.Added) })
		if counting, ok := intel.Counting(seen); ok {
			s.Header, s.Stub = counting.Header, false
		}
		claimed := slices.ContainsFunc(m.all(), func(c *intel.Claim) bool { return c.Source == id && v.Saw(c.Added) })
		grades := intel.Reliabilities()
		switch {
		case !whole && !wanted[id], whole && s.Stub && !claimed, !whole && s.Stub && !cited[id]:
		case v.Sources != nil && !slices.Contains(v.Sources, id):
		case v.MaxMarking != "" && s.Marking.Above(v.MaxMarking):
		case v.MinReliability != "" && slices.Index(grades, s.Reliability) > slices.Index(grades, v.MinReliability):
		default:
			s.Versions = keepIf(seen, func(hv intel.HeaderVersion) bool { return v.MaxMarking == "" || !hv.Marking.Above(v.MaxMarking) })
			out = append(out, sourceLine(s))
		}
	}
	return out
}

// TestExportIsAGraphOfItsOwn holds exports under views of every shape, of the
// whole graph and of neighbourhoods, against the graph that never received what
// does not count.
func TestExportIsAGraphOfItsOwn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		src := dice{rt}
		m := src.history()
		c := New(memStore{memGraph: m}, time.Now)
		defer c.Close()
		cut := Cut{View: src.view(m.last.Revision)}
		if src.chance("default", 20) {
			cut.View = intel.View{}
		}
		if ids := slices.Sorted(maps.Keys(m.records)); src.chance("around", 50) && len(ids) > 0 {
			cut.Around, cut.Depth = oneOf(src, "around", ids...), src.some("depth", 3)
		}
		want, found := exportedOf(m, cut.View, cut.Around, cut.Depth)
		for _, l := range []viewLimits{exportLimits(), tightLimits()} {
			x, err := c.Export(rt.Context(), cut)
			if (err == nil) != found {
				rt.Fatalf("%+v: %v, want it found %t", cut, err, found)
			}
			if !found {
				return
			}
			x.limits, x.page = l, 1+src.some("page", 6)
			x.limits.claims = 1 + src.some("claims", 20)
			x.limits.together = 1 + src.some("together", 5)
			got, err := exportAll(rt.Context(), x)
			if err != nil {
				rt.Fatal(err)
			}
			if cut.Around != "" || cut.View.MinSupport > 0 {
				// The claims come entity by entity.
				slices.Sort(got.Claims)
			}
			if d := cmp.Diff(want, got); d != "" {
				rt.Fatalf("%+v: exports differ (- want, + got):\n%s", cut, d)
			}
		}
	})
}

// TestExportStaysAtItsRevision writes to the graph while it is walked.
func TestExportStaysAtItsRevision(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		now := worldStart
		c := New(open(t), func() time.Time { now = now.Add(time.Hour); return now })
		defer c.Close()
		history := drawn(1, func(d dice) *memGraph {
			for m := d.history(); ; m = d.history() {
				if len(m.claims) > 25 {
					return m
				}
			}
		})
		replay(t, c, history, func() {})
		start := func() *Export {
			x, err := c.Export(t.Context(), Cut{})
			if err != nil {
				t.Fatal(err)
			}
			x.page = 2
			return x
		}
		want, err := exportAll(t.Context(), start())
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Entities) < 10 || len(want.Links) < 5 {
			t.Fatalf("too little to walk: %+v", want)
		}
		x, n := start(), 0
		write := func(id string) {
			n++
			name := intel.Draft{Subject: intel.Ref{ID: id}, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: fmt.Sprint("Written meanwhile ", n)}}
			if _, err := c.Assert(t.Context(), AssertInput{By: "somebody", Source: &intel.SourceDraft{ID: fmt.Sprint("source:meanwhile-", n), Header: intel.Header{Title: "Meanwhile", Reliability: "A"}}, Claims: []intel.Draft{name}}); err != nil {
				t.Fatal(err)
			}
		}
		var got exported
		if err := x.Entities(t.Context(), func(r *intel.Record) error {
			if got.Entities = append(got.Entities, recordLine(r)); len(got.Entities) == 3 {
				write(r.ID)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		y := start()
		if err := y.Links(t.Context(), func(l *intel.Link) error {
			if got.Links = append(got.Links, linkLine(l)); len(got.Links) == 3 {
				write(l.From)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.Entities, got.Entities); d != "" {
			t.Errorf("entities differ (- want, + got):\n%s", d)
		}
		if d := cmp.Diff(want.Links, got.Links); d != "" {
			t.Errorf("links differ (- want, + got):\n%s", d)
		}
		after, err := exportAll(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, after); d != "" {
			t.Errorf("an export that is walked later differs (- want, + got):\n%s", d)
		}
		if all, err := exportAll(t.Context(), start()); err != nil || !strings.Contains(fmt.Sprint(all.Sources), "Meanwhile") {
			t.Errorf("a new export has not what was written since: %v", err)
		}
	})
}
