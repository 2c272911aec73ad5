package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"dragnet/internal/intel"
)

// writeCases are about Update and Put.
var writeCases = []check{
	{"Put/the sample comes back as it went in", putSample},
	{"Put/one bad row leaves nothing of its batch", badRows},
	{"Put/stamps", stamps},
	{"Put/rows without a revision", unstamped},
	{"Put/events in one revision keep their order", eventOrder},
	{"Put/header versions", versions},
	{"Put/rows are replaced and dropped", replaced},
	{"Put/what follows a new name", renamed},
	{"Update/fails and leaves nothing", failedUpdate},
	{"Update/reads what it has put", ownWrites},
	{"Update/strictly one after another", serial},
	{"View/after an Update sees it", viewAfter},
	{"View/gives the function's error", viewError},
	{"errors/say nothing of the inside", errorTexts},
}

// twins gives a store and a model that hold the same.
func twins(t *testing.T, h Harness, bs ...intel.Batch) (s, m intel.Store) {
	s, m = h.Open(t), readyModel()
	settled := intel.Batch{Settled: &[2]int{3, 5}} // what Meta says of it before is the store's affair
	for _, b := range append([]intel.Batch{settled}, bs...) {
		put(t, s, b)
		put(t, m, b)
	}
	return s, m
}

// both writes batches to twins and compares all they hold.
func both(t *testing.T, what string, s, m intel.Store, bs ...intel.Batch) {
	t.Helper()
	for _, b := range bs {
		put(t, s, b)
		put(t, m, b)
	}
	same(t, "the store after "+what, dump(t, m), dump(t, s))
}

func putSample(t *testing.T, h Harness) {
	s, m := twins(t, h)
	for i, b := range newSample().batches {
		both(t, fmt.Sprintf("batch %d", i), s, m, b)
	}
}

func badRows(t *testing.T, h Harness) {
	s, sm := h.Open(t), newSample()
	put(t, s, sm.batches[0])
	want := dump(t, s)
	for name, spoil := range map[string]func(*intel.Batch){
		"a claim that is there already": func(b *intel.Batch) { b.Claims = append(b.Claims, sm.batches[0].Claims[0]) },
		"an event of a claim that is not there": func(b *intel.Batch) {
			b.Events = append(b.Events, intel.ClaimEvent{Claim: intel.ClaimPrefix + "none", Event: intel.Event{Stamp: b.Stamp, Retracted: true}})
		},
		"a link to an entity that is not there": func(b *intel.Batch) {
			b.Links = append(b.Links, plainLink(opera1er, "USES", "tool:none", 1))
		},
		"a link from an entity that is not there": func(b *intel.Batch) {
			b.Links = append(b.Links, plainLink("group:none", "RIVAL_OF", opera1er, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := sm.batches[1]
			spoil(&b)
			if err := tryPut(t.Context(), s, b); err == nil {
				t.Error("the batch was taken")
			}
			same(t, "the store", want, dump(t, s))
			err := tryPut(t.Context(), s, intel.Batch{Records: []*intel.Record{plain("tool:x", "X", 1)}, Counts: intel.Counts{Entities: 1}}, b)
			if err == nil {
				t.Error("the batch was taken as a second Put")
			}
			same(t, "the store after a good Put and a bad one", want, dump(t, s))
		})
	}
	put(t, s, sm.batches[1])
}

func stamps(t *testing.T, h Harness) {
	s := h.Open(t)
	claim := func(i int) *intel.Claim { return named("group:g", fmt.Sprint("Name ", i), "a") }
	batch := func(revision int64, i int) intel.Batch {
		st := intel.Stamp{Revision: revision, At: epochStart, By: "me"}
		c := claim(i)
		c.Added = st
		return intel.Batch{Stamp: st, Claims: []*intel.Claim{c}, Counts: intel.Counts{Claims: 1},
			Records: []*intel.Record{plain("group:g", "G", revision)}, Sources: []*intel.Source{intel.StubSource("source:a")}}
	}
	conflict := func(what string, bs ...intel.Batch) {
		t.Helper()
		want := dump(t, s)
		wantKind(t, what, tryPut(t.Context(), s, bs...), intel.ErrConflict)
		same(t, "the store after "+what, want, dump(t, s))
	}
	conflict("a stamp of zero", batch(0, 0))
	conflict("a stamp too far ahead", batch(2, 0))
	put(t, s, batch(1, 0))
	conflict("the stamp of a revision that is made", batch(1, 1))
	conflict("a stamp too far ahead", batch(3, 1))
	conflict("two stamps in one Update", batch(2, 1), batch(3, 2))
	conflict("stamps of events count too", intel.Batch{Stamp: intel.Stamp{Revision: 1, At: epochStart}, Events: []intel.ClaimEvent{{Claim: claim(0).ID, Event: intel.Event{Retracted: true}}}})
	conflict("stamps of header versions count too", intel.Batch{Stamp: intel.Stamp{Revision: 1, At: epochStart}, Versions: map[string][]intel.HeaderVersion{"source:a": {{Header: header("A", "A"), Hash: "h"}}}})
	if err := tryPut(t.Context(), s, batch(2, 1), batch(2, 2), batch(2, 3)); err != nil {
		t.Errorf("three Puts of one Update with one stamp: %v", err)
	}
	if m := meta(t, s); m.Last.Revision != 2 || m.Last.By != "me" || !m.Last.At.Equal(epochStart) || m.Counts.Claims != 4 {
		t.Errorf("Meta after two revisions: %+v", m)
	}
}

func unstamped(t *testing.T, h Harness) {
	s, m := twins(t, h, newSample().batches...)
	both(t, "rows without a revision", s, m, intel.Batch{
		Records: []*intel.Record{plain(opera1er, "Other", 9)}, Links: []*intel.Link{plainLink(opera1er, "RIVAL_OF", "group:phantom", 5)},
		Counts: intel.Counts{Links: 1, Stubs: -2}, Settled: &[2]int{7, 8},
	})
	both(t, "nothing", s, m, intel.Batch{})
}

func eventOrder(t *testing.T, h Harness) {
	sm := newSample()
	s, m := twins(t, h, sm.batches...)
	b := intel.Batch{Stamp: intel.NextStamp(sm.last, epochStart, "me")}
	event := func(label string, retracted bool, by, why string) {
		e := intel.Event{Stamp: b.Stamp, Retracted: retracted, Reason: why, ByReplace: by == "replace"}
		e.By = by
		b.Events = append(b.Events, intel.ClaimEvent{Claim: sm.id(label), Event: e})
	}
	event("opera1er.name@a", true, "zoe", "wrong")
	event("nervone.name@a", true, "replace", "")
	event("opera1er.name@a", false, "adam", "right")
	event("nervone.name@a", false, "zoe", "so")
	event("nervone.name@a", true, "adam", "not so")
	both(t, "events", s, m, b)
	live := intel.Need{Subjects: []string{opera1er, nervone}}
	sameSet(t, "live claims", collect(t, m, live), collect(t, s, live))
	again := intel.Batch{Stamp: intel.NextStamp(b.Stamp, epochStart, "me")}
	again.Events = []intel.ClaimEvent{{Claim: sm.id("nervone.name@a"), Event: intel.Event{Stamp: again.Stamp, Reason: "after all"}}}
	both(t, "more events", s, m, again)
	sameSet(t, "live claims", collect(t, m, live), collect(t, s, live))
}

func versions(t *testing.T, h Harness) {
	s, m := twins(t, h)
	l := newLedger()
	hs := []intel.Header{
		header("First", "C", from("source:x", "source:y")), header("Second", "B", from("source:y"), published("2020-01")),
		header("Third", "A", by("P"), marked("RED")), header("Fourth", "F", from("source:a")),
	}
	for i := range hs {
		hs[i].RetrievedAt = epochStart.AddDate(0, i, 0)
	}
	hs[1].URL, hs[1].Language = "https://example.org/a?b=c#d", "fr-CI"
	both(t, "a header", s, m, l.apply(change{headers: map[string]intel.Header{"source:a": hs[1], "source:y": hs[0]}}))
	need := intel.Need{Sources: []string{"source:a"}, Dependents: []string{"source:y", "source:x"}}
	sameSet(t, "the sources", collect(t, m, need), collect(t, s, need))

	late := l.apply(change{headers: map[string]intel.Header{"source:a": hs[0]}}) // an older edition comes later
	both(t, "an older edition", s, m, late)
	b := l.apply(change{headers: map[string]intel.Header{"source:a": hs[2]}})
	last := intel.HeaderVersion{Header: hs[3], Hash: intel.HeaderHash("source:a", hs[3]), Added: b.Stamp}
	b.Versions["source:a"] = append(b.Versions["source:a"], last)
	l.versions["source:a"] = append(l.versions["source:a"], last)
	l.sources["source:a"].Header = hs[3] // a source that derives from itself
	for _, src := range b.Sources {
		src.Versions = []intel.HeaderVersion{{Header: hs[1], Hash: "not read"}}
	}
	both(t, "two editions at once", s, m, b)
	sameSet(t, "the sources", collect(t, m, need), collect(t, s, need))
	for _, src := range collect(t, s, need).Sources {
		if len(src.Versions) != 4 && src.ID == "source:a" {
			t.Errorf("%s has %d versions, want 4", src.ID, len(src.Versions))
		}
	}
}

func replaced(t *testing.T, h Harness) {
	sm := newSample()
	s, m := twins(t, h, sm.batches...)
	full := *sm.links["operation:nervone|SEIZED|good:devices"]
	full.Role, full.Disputed, full.ValidFrom = "r", true, intel.MustDate("2020~")
	bare := plainLink(nervone, "SEIZED", "good:devices", 7)
	both(t, "a link with everything", s, m, intel.Batch{Links: []*intel.Link{&full}})
	both(t, "a link with nothing", s, m, intel.Batch{Links: []*intel.Link{bare}})
	both(t, "a record without facts", s, m, intel.Batch{Records: []*intel.Record{intel.NewRecord(opera1er, nil, 1)}})
	sees := []intel.Selection{
		list(is("groupType", "CRIMINAL", "HACKER")), list(intel.IsNull{Field: "proceeds", Null: false}), list(is(intel.FieldName, "OPERA1ER")),
		list(nil, intel.Order{By: "firstSeen", Desc: true}), one(nervone, intel.NodeSelection{Counts: true, Links: []intel.LinkSelection{{Key: "k", Ends: ends(intel.Both, "SEIZED", "TARGETED"), Page: counted(9)}}}),
	}
	for i, sel := range sees {
		same(t, fmt.Sprint("selection ", i), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
	gone := intel.Batch{
		DropRecords: []string{"good:devices"}, DropLinks: []string{bare.ID, "operation:nervone|TARGETED|group:opera1er"},
		Records: []*intel.Record{sm.records[opera1er], plain("good:new", "New", 9)}, Links: []*intel.Link{plainLink(nervone, "SEIZED", "good:new", 3)},
	}
	both(t, "drops", s, m, gone)
	for i, sel := range sees {
		same(t, fmt.Sprint("selection after drops ", i), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
	both(t, "what was dropped is put again", s, m, intel.Batch{Records: []*intel.Record{sm.records["good:devices"]}, Links: []*intel.Link{&full}})
	for i, sel := range sees {
		same(t, fmt.Sprint("selection at last ", i), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
}

// renamed changes the name and numbers of neighbours: whatever a store keeps
// of them elsewhere must follow.
func renamed(t *testing.T, h Harness) {
	s, m := twins(t, h, newSample().batches...)
	number := func(id, name string, n int64) *intel.Record {
		r := plain(id, name, 9)
		r.Facts = append(r.Facts, intel.Settled{Property: "arrests", Values: []intel.Shown{{Value: number(n), Support: 1, Origins: 1, Claim: "claim:1"}}})
		return r
	}
	both(t, "an operation more", s, m, intel.Batch{
		Records: []*intel.Record{number("operation:more", "Aaa", 7)}, Links: []*intel.Link{plainLink("operation:more", "TARGETED", opera1er, 9), plainLink("agency:interpol", "LED", "operation:more", 9)},
	})
	by := func(o ...intel.Order) intel.Selection {
		return intel.Selection{IDs: []string{opera1er, "agency:interpol"}, Node: linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Both, "TARGETED", "LED"), Order: o, Page: counted(1)})}
	}
	check := func(what string) {
		t.Helper()
		for i, sel := range []intel.Selection{by(), by(intel.Order{By: "arrests"}), by(intel.Order{By: intel.OrderChanged, Desc: true}), list(has(intel.FieldAlias, "money")), list(has(intel.FieldAlias, "nx")), list(is(intel.FieldAlias, "Money!"))} {
			same(t, fmt.Sprint("selection ", i, " ", what), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
		}
		same(t, "names "+what, names(t, m, "nx$m$", "money", "zzz"), names(t, s, "nx$m$", "money", "zzz"))
	}
	check("before")
	both(t, "new names", s, m, intel.Batch{Records: []*intel.Record{number("operation:more", "Zzz", 0), plain("alias:nx$m$", "Money!", 9)}})
	check("after")
	both(t, "no names", s, m, intel.Batch{Records: []*intel.Record{intel.NewRecord("operation:more", nil, 1), intel.NewRecord("alias:nx$m$", nil, 1)}})
	check("at last")
}

func failedUpdate(t *testing.T, h Harness) {
	s, sm := h.Open(t), newSample()
	put(t, s, sm.batches[0])
	want := dump(t, s)
	mine := errors.New("my own")
	err := s.Update(t.Context(), func(w intel.Writer) error {
		if err := w.Put(t.Context(), sm.batches[1]); err != nil {
			return err
		}
		return mine
	})
	if err != mine {
		t.Errorf("Update gave %v, want the function's error as it is", err)
	}
	same(t, "the store", want, dump(t, s))
	put(t, s, sm.batches[1:]...)
}

func ownWrites(t *testing.T, h Harness) {
	sm := newSample()
	s, m := twins(t, h, sm.batches[0])
	sel := intel.Selection{IDs: []string{opera1er}, Node: intel.NodeSelection{Values: true, Evidence: true, Counts: true}, List: &intel.List{Where: is("groupType", "HACKER"), Page: counted(9)}}
	var got, want []any
	for _, x := range []struct {
		s   intel.Store
		out *[]any
	}{{s, &got}, {m, &want}} {
		err := x.s.Update(t.Context(), func(w intel.Writer) error {
			*x.out = nil
			for _, b := range sm.batches[1:2] {
				if err := w.Put(t.Context(), b); err != nil {
					return err
				}
				seen, err := readAll(t.Context(), w, sel)
				if err != nil {
					return err
				}
				*x.out = append(*x.out, seen...)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	same(t, "what an Update reads", want, got)
	both(t, "the Update", s, m)
}

// readAll asks something of every read.
func readAll(ctx context.Context, r intel.Reader, sel intel.Selection) ([]any, error) {
	m, err := r.Meta(ctx)
	a, err2 := r.Select(ctx, sel)
	ws, err3 := r.Collect(ctx, intel.Need{Subjects: sel.IDs, Touching: sel.IDs, Sources: []string{"source:a"}, Dependents: []string{"source:a"}, Mentions: sel.IDs})
	ns, err4 := r.Names(ctx, []string{"cyberclean", "opera1er"})
	ids, err5 := r.Mentioned(ctx, nil, "", 99)
	cs, err6 := r.Changes(ctx, m.Last.Revision-1, 9)
	ls, err7 := r.Scan(ctx, intel.PartEntities, "", 99)
	ts, err8 := r.Touched(ctx, m.Last.Revision-1, 9)
	if err := errors.Join(err, err2, err3, err4, err5, err6, err7, err8); err != nil {
		return nil, err
	}
	m.Epoch = ""
	return []any{m, flatten(a), ws.Claims, ws.Mentions, ws.Dependents, ns, ids, cs, ls.Records, ts}, nil
}

// serial lets two handles count one number up together.
func serial(t *testing.T, h Harness) {
	s := h.Open(t)
	handles := []intel.Store{s, h.Again(t, s)}
	put(t, s, intel.Batch{Records: []*intel.Record{plain("group:g", "0", 0)}, Sources: []*intel.Source{intel.StubSource("source:a")}})
	const writers, each = 3, 8
	var g errgroup.Group
	for i := range writers * len(handles) {
		g.Go(func() error {
			for n := range each {
				for {
					err := countUp(t.Context(), handles[i%len(handles)], fmt.Sprintf("%d/%d", i, n))
					if err == nil {
						break
					}
					if !errors.Is(err, intel.ErrConflict) { // another process was faster: again
						return err
					}
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	const all = writers * each * 2
	for _, x := range handles {
		d := dump(t, x)
		if d.Meta.Last.Revision != all || d.Meta.Counts.Claims != all || len(d.Claims) != all || d.Records[0].Name != fmt.Sprint(all) {
			t.Errorf("after %d Updates the store is at %+v with %d claims and the name %q", all, d.Meta, len(d.Claims), d.Records[0].Name)
		}
	}
}

// countUp reads the number that is a group's name and writes the next one.
func countUp(ctx context.Context, s intel.Store, who string) error {
	return s.Update(ctx, func(w intel.Writer) error {
		m, err := w.Meta(ctx)
		if err != nil {
			return err
		}
		ws, err := w.Collect(ctx, intel.Need{Records: []string{"group:g"}})
		if err != nil {
			return err
		}
		var n int64
		if _, err := fmt.Sscan(ws.Records[0].Name, &n); err != nil {
			return err
		}
		stamp := intel.NextStamp(m.Last, epochStart, who)
		c := named("group:g", who, "a")
		c.Added = stamp
		return w.Put(ctx, intel.Batch{Stamp: stamp, Claims: []*intel.Claim{c}, Counts: intel.Counts{Claims: 1}, Records: []*intel.Record{plain("group:g", fmt.Sprint(n+1), stamp.Revision)}})
	})
}

func viewAfter(t *testing.T, h Harness) {
	s := h.Open(t)
	put(t, s, intel.Batch{Records: []*intel.Record{plain("group:g", "0", 0)}, Sources: []*intel.Source{intel.StubSource("source:a")}})
	for i := range int64(20) {
		if err := countUp(t.Context(), s, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		var g errgroup.Group
		for range 4 {
			g.Go(func() error {
				return s.View(t.Context(), func(r intel.Reader) error {
					m, err := r.Meta(t.Context())
					if err == nil && m.Last.Revision != i+1 {
						err = fmt.Errorf("a View after revision %d sees revision %d", i+1, m.Last.Revision)
					}
					return err
				})
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func viewError(t *testing.T, h Harness) {
	mine := errors.New("my own")
	wantKind(t, "View", h.Open(t).View(t.Context(), func(intel.Reader) error { return mine }), mine)
}
