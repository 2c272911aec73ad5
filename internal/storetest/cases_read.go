package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"dragnet/internal/intel"
)

// onSample is what read cases share: a store and a model that hold the sample.
// No case writes to them.
type onSample struct {
	store, model intel.Store
	sample       *sample
}

// readCases are about what reads answer.
var readCases = []check{{"reads", func(t *testing.T, h Harness) {
	on := &onSample{h.Open(t), readyModel(), newSample()}
	put(t, on.store, on.sample.batches...)
	put(t, on.model, on.sample.batches...)
	for _, c := range []struct {
		name string
		run  func(*testing.T, *onSample)
	}{
		{"Select/roots", selects(rootCases)},
		{"Select/nodes", selects(nodeCases)},
		{"Select/claims", selects(claimCases)},
		{"Select/links", selects(linkCases)},
		{"Select/filters", selects(filterCases)},
		{"Select/orders", selects(orderCases)},
		{"Select/sources", selects(sourceCases)},
		{"Select/claims as roots", selects(claimListCases)},
		{"Select/links as roots", selects(linkListCases)},
		{"Select/root lists in pages", rootListPages},
		{"Collect", collectCases},
		{"Collect/ClaimLimit", claimLimit},
		{"Names", namesCases},
		{"Mentioned", mentionedCases},
		{"Changes", changesCases},
		{"Touched", touchedCases},
		{"Scan", scanCases},
		{"Meta", metaCase},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, on) })
	}
}}}

// outlineSet writes a working set in one line.
func (s *sample) outlineSet(ws *intel.WorkingSet) string {
	out := s.labelled(byLabel(s, ws.Claims))
	for _, r := range byID(ws.Records) {
		out += fmt.Sprintf(" %s(%d)", r.ID, len(r.Facts))
	}
	for _, l := range ws.Links {
		out += " " + l.ID
	}
	for _, src := range listed(ws.Sources) {
		out += fmt.Sprintf(" %s(%d)", intel.KeyOf(src.ID), len(src.Versions))
	}
	if len(ws.Dependents) > 0 {
		out += fmt.Sprintf(" < %v", ws.Dependents)
	}
	return out
}

func collectCases(t *testing.T, on *onSample) {
	s := on.sample
	except := []string{s.id("opera1er.KNOWN_AS>nx$m$@a")}
	for _, c := range []struct {
		name, want string
		need       intel.Need
	}{
		{"nothing", "", intel.Need{}},
		{"claims, live or not", "nervone.name@a wrong.name@c a(0) c(0)", intel.Need{ClaimIDs: []string{s.id("wrong.name@c"), "claim:none", s.id("nervone.name@a")}}},
		{"live property claims of subjects", "interpol.acronym@b interpol.name@a a(0) b(0)", intel.Need{Subjects: []string{"agency:interpol", "group:wrong"}}},
		{"and those that are not live", "interpol.acronym@b interpol.name@a wrong.name@c a(1) b(1) c(1)", intel.Need{Subjects: []string{"agency:interpol", "group:wrong"}, History: true}},
		{"live claims of links", "nervone.TARGETED>opera1er@a nervone.TARGETED>opera1er@b nervone.TARGETED>opera1er@c- a(0) b(0) c(0)", intel.Need{Links: []string{"operation:nervone|TARGETED|group:opera1er", "group:phantom|ALLIED_WITH|group:wrong"}}},
		{"and those of links that are not live", "phantom.ALLIED_WITH>wrong@c c(1)", intel.Need{Links: []string{"group:phantom|ALLIED_WITH|group:wrong"}, History: true}},
		{"live link claims of a type from an entity", "opera1er.BASED_IN>CI@a opera1er.BASED_IN>FR@b a(0) b(0)", intel.Need{From: []intel.FromNeed{{From: opera1er, Type: "BASED_IN"}, {From: nervone, Type: "BASED_IN"}}}},
		{"not into it", "", intel.Need{From: []intel.FromNeed{{From: "country:CI", Type: "BASED_IN"}}}},
		{"types and entities do not mix", "interpol.LED>nervone@b nervone.SEIZED>devices@a a(0) b(0)", intel.Need{From: []intel.FromNeed{{From: "agency:interpol", Type: "LED"}, {From: nervone, Type: "SEIZED"}}}},
		{"live link claims touching an entity, either way", "opera1er.SUCCESSOR_OF>phantom@a phantom.KNOWN_AS>nx$m$@b phantom.SUCCESSOR_OF>opera1er@b a(0) b(0)", intel.Need{Touching: []string{"group:phantom"}}},
		{"of some types only", "opera1er.KNOWN_AS>nx$m$@a phantom.KNOWN_AS>nx$m$@b a(0) b(0)", intel.Need{Touching: []string{"alias:nx$m$"}, TouchingTypes: []intel.LinkType{intel.KnownAs, "USES"}}},
		{"whom a document quotes is not touched", "", intel.Need{Touching: []string{"firm:orange"}}},
		{"touching, live or not", "phantom.ALLIED_WITH>wrong@c c(1)", intel.Need{Touching: []string{"group:wrong"}, History: true}},
		{"live claims of sources", "nervone.TARGETED>opera1er@c- nervone.arrests@c c(0)", intel.Need{ClaimsOf: []string{"source:c", "source:unknown"}}},
		{"and those that are not live, of sources", "nervone.TARGETED>opera1er@c- nervone.arrests@c phantom.ALLIED_WITH>wrong@c wrong.name@c c(1)", intel.Need{ClaimsOf: []string{"source:c"}, History: true}},
		{"live claims that mention an entity, also by whom a document quotes", "opera1er.KNOWN_AS>nx$m$@a a(0)", intel.Need{Mentioning: []string{"firm:orange", "group:wrong"}}},
		{"mentioning, live or not", "phantom.ALLIED_WITH>wrong@c wrong.name@c c(1)", intel.Need{Mentioning: []string{"group:wrong"}, History: true}},
		{"the first ones of each, by revision", "nervone.SEIZED>devices@a opera1er.KNOWN_AS>nx$m$@a phantom.KNOWN_AS>nx$m$@b a(0) b(0)", intel.Need{Mentioning: []string{"firm:orange", "good:devices", "group:phantom"}, FirstMentions: 1}},
		{"a source with versions beside one without", "interpol.acronym@b interpol.name@a a(1) b(0)", intel.Need{Subjects: []string{"agency:interpol"}, Sources: []string{"source:a"}}},
		{"the union, each once", "interpol.acronym@b interpol.name@a a(0) b(0)", intel.Need{Subjects: []string{"agency:interpol", "agency:interpol"}, ClaimIDs: []string{s.id("interpol.name@a")}}},
		{"records with facts", " group:lazarus(0) group:opera1er(8)", intel.Need{Records: []string{opera1er, "group:lazarus", "group:wrong"}}},
		{"links", " group:lazarus|ALLIED_WITH|group:opera1er", intel.Need{LinkRows: []string{"group:lazarus|ALLIED_WITH|group:opera1er", "group:phantom|ALLIED_WITH|group:wrong"}}},
		{"all links of a type from an entity", " group:opera1er|BASED_IN|country:CI group:opera1er|BASED_IN|country:FR", intel.Need{FromRows: []intel.FromNeed{{From: opera1er, Type: "BASED_IN"}, {From: "country:CI", Type: "BASED_IN"}}, LinkRows: []string{"group:opera1er|BASED_IN|country:FR"}}},
		{"sources and all they derive from, with versions", " a(1) b(1)", intel.Need{Sources: []string{"source:b"}}},
		{"a source deriving from one nobody knows", " c(1)", intel.Need{Sources: []string{"source:c", "source:none"}}},
		{"all that derive from a source", " < [source:a source:b]", intel.Need{Dependents: []string{"source:a"}}},
		{"all that derive from one nobody knows", " < [source:c]", intel.Need{Dependents: []string{"source:unknown"}}},
		{"mentions", "", intel.Need{Mentions: []string{opera1er, "alias:nx$m$", "firm:orange", "group:wrong", "group:none", "operation:cyberclean"}, Except: except}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := collect(t, on.store, c.need)
			want := collect(t, on.model, c.need)
			if d := diff(c.want, s.outlineSet(want)); d != "" {
				t.Errorf("outline :\n%s", d)
			}
			sameSet(t, "the working set", want, got)
		})
	}
	mentions := map[string]intel.Mention{
		opera1er: {First: 1, Own: 2}, "alias:nx$m$": {First: 1, Own: 1}, "firm:orange": {}, "group:wrong": {Own: 4}, "group:none": {}, "operation:cyberclean": {First: 2, Own: 2},
	}
	same(t, "mentions", mentions, collect(t, on.store, intel.Need{Mentions: []string{opera1er, "alias:nx$m$", "firm:orange", "group:wrong", "group:none", "operation:cyberclean"}, Except: except}).Mentions)
}

func claimLimit(t *testing.T, on *onSample) {
	need := intel.Need{Subjects: []string{nervone}, ClaimIDs: []string{on.sample.id("nervone.name@a"), on.sample.id("wrong.name@c")}}
	for _, limit := range []int{0, 5, 4, 1} {
		need.ClaimLimit = limit
		err := on.store.View(t.Context(), func(r intel.Reader) error {
			ws, err := r.Collect(t.Context(), need)
			if err == nil && len(ws.Claims) != 5 {
				err = fmt.Errorf("%d claims came, want 5", len(ws.Claims))
			}
			return err
		})
		if limit == 4 || limit == 1 {
			wantKind(t, fmt.Sprintf("Collect of 5 claims with ClaimLimit %d", limit), err, intel.ErrLimit)
		} else if err != nil {
			t.Errorf("Collect of 5 claims with ClaimLimit %d: %v", limit, err)
		}
	}
}

func namesCases(t *testing.T, on *onSample) {
	for _, c := range []struct {
		name string
		keys []string
		want []intel.NameRow
	}{
		{"none", nil, nil},
		{"unknown", []string{"nobody"}, nil},
		{"own name", []string{"opera1er"}, []intel.NameRow{{Key: "opera1er", Entity: opera1er}}},
		{"a stub's key is no name", []string{"lazarus", "devices"}, nil},
		{"an alias and whom it leads to", []string{"nx$m$"}, []intel.NameRow{
			{Key: "nx$m$", Entity: "alias:nx$m$"}, {Key: "nx$m$", Entity: opera1er, Alias: true}, {Key: "nx$m$", Entity: "group:phantom", Alias: true},
		}},
		{"an alias that is a stub, as shown", []string{"bluebottle"}, []intel.NameRow{{Key: "bluebottle", Entity: opera1er, Alias: true}}},
		{"by key, then entity", []string{"same name", "phantom"}, []intel.NameRow{
			{Key: "phantom", Entity: "group:phantom"}, {Key: "same name", Entity: "operation:first"}, {Key: "same name", Entity: "operation:second"},
		}},
		{"of an entity that is gone", []string{"wrong"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, "names", c.want, names(t, on.store, c.keys...)) })
	}
}

func mentionedCases(t *testing.T, on *onSample) {
	groups := []string{"group:lazarus", opera1er, "group:phantom", "group:wrong"}
	same(t, "groups, live or not", groups, mentioned(t, on.store, []intel.Kind{intel.KindGroup}, "", 9))
	same(t, "two groups after one", groups[1:3], mentioned(t, on.store, []intel.Kind{intel.KindGroup}, groups[0], 2))
	same(t, "after an id that is not there", groups[2:], mentioned(t, on.store, []intel.Kind{intel.KindGroup}, "group:oz", 9))
	same(t, "subjects, objects and whom a document quotes", []string{"firm:group-ib", "firm:orange", "good:devices"}, mentioned(t, on.store, []intel.Kind{intel.KindGood, intel.KindFirm}, "", 9))
	same(t, "any kind", mentioned(t, on.model, nil, "", 99), mentioned(t, on.store, nil, "", 99))
	same(t, "a page of any kind", mentioned(t, on.model, nil, "country:CI", 4), mentioned(t, on.store, nil, "country:CI", 4))
	same(t, "after the last", []string(nil), mentioned(t, on.store, nil, "z", 9))
}

func changesCases(t *testing.T, on *onSample) {
	last := meta(t, on.store).Last.Revision
	counts := map[int64]int{}
	for _, c := range changes(t, on.model, 0, 999) {
		counts[c.Changed()]++
	}
	if counts[3] == 0 || counts[4] < 2 || counts[5] == 0 {
		t.Fatalf("the sample does not test this: %v", counts)
	}
	for since := range last + 2 {
		for limit := 1; limit <= 50; limit++ {
			want, got := changes(t, on.model, since, limit), changes(t, on.store, since, limit)
			same(t, fmt.Sprintf("changes since %d, limit %d", since, limit), want, got)
			if len(want) < limit {
				break
			}
		}
	}
}

func touchedCases(t *testing.T, on *onSample) {
	last := meta(t, on.store).Last.Revision
	all := touched(t, on.model, 0, 999)
	twice, sources := 0, 0
	seen := map[string]bool{}
	for _, row := range all {
		sources += len(row.Sources)
		for _, id := range row.Claims {
			if seen[id] {
				twice++
			}
			seen[id] = true
		}
	}
	if twice == 0 || sources < 2 {
		t.Fatalf("the sample does not test this: %v", all)
	}
	for since := int64(-1); since < last+2; since++ {
		for limit := 1; limit <= 60; limit++ {
			want, got := touched(t, on.model, since, limit), touched(t, on.store, since, limit)
			same(t, fmt.Sprintf("touched since %d, limit %d", since, limit), want, got)
		}
	}
}

func scanCases(t *testing.T, on *onSample) {
	for part, name := range []string{"claims", "sources", "entities", "links"} {
		t.Run(name, func(t *testing.T) {
			after, part := "", intel.Part(part)
			for pages := 0; ; pages++ {
				want := scan(t, on.model, part, after, 4)
				samePart(t, "the part after "+after, part, want, scan(t, on.store, part, after, 4))
				ids := lastIDs(want)
				if len(ids) == 0 {
					break
				}
				after = slices.Max(ids)
			}
		})
	}
}

func lastIDs(ws *intel.WorkingSet) (out []string) {
	for _, c := range ws.Claims {
		out = append(out, c.ID)
	}
	for _, r := range ws.Records {
		out = append(out, r.ID)
	}
	for _, l := range ws.Links {
		out = append(out, l.ID)
	}
	for id := range ws.Sources {
		out = append(out, id)
	}
	return out
}

func metaCase(t *testing.T, on *onSample) {
	err := on.store.View(t.Context(), func(r intel.Reader) error {
		m, err := r.Meta(t.Context())
		if err != nil {
			return err
		}
		same(t, "the last stamp", on.sample.last, m.Last)
		same(t, "the counts", on.sample.counts, m.Counts)
		a, err := r.Select(context.WithoutCancel(t.Context()), intel.Selection{})
		if err == nil && a.Revision != m.Last.Revision {
			t.Errorf("an answer shows revision %d, the store is at %d", a.Revision, m.Last.Revision)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
