package storetest

import (
	"fmt"
	"math"
	"testing"

	"dragnet/internal/intel"
)

// hostileCases put data into a store that is made to break it.
var hostileCases = []check{
	{"hostile/texts", hostileTexts},
	{"hostile/ids", hostileIDs},
	{"hostile/order", hostileOrder},
	{"hostile/numbers", hostileNumbers},
	{"hostile/supports and validity", hostileLinks},
	{"hostile/names", hostileNameRows},
	{"hostile/a hub of ten thousand links", bigHub},
}

func shown(v intel.Value) intel.Shown {
	return intel.Shown{Value: v, Support: 123_456, Origins: 1, Claim: intel.ClaimPrefix + "c"}
}

func fact(p intel.Property, vs ...intel.Value) intel.Settled {
	f := intel.Settled{Property: p}
	if p.Info().Slotted() {
		f.Slot = vs[0].Slot()
	}
	for _, v := range vs {
		f.Values = append(f.Values, shown(v))
	}
	return f
}

// textBatch writes every hostile text wherever a text may stand.
func textBatch() intel.Batch {
	stamp := intel.Stamp{Revision: 1, At: epochStart, By: `o'"me\`}
	b := intel.Batch{Stamp: stamp, Records: []*intel.Record{plain(nervone, "Nervone", 1)}, Versions: map[string][]intel.HeaderVersion{}}
	add := func(i int, name, prose string) {
		id, src := fmt.Sprintf("agency:t%03d", i), fmt.Sprintf("source:t%03d", i)
		c := states(id, intel.PropNote, text(prose), fmt.Sprintf("t%03d", i), quoted(prose), located(name))
		k := joins(id, "SUPPORTED", nervone, fmt.Sprintf("t%03d", i), as(name), amount(between(1, 2, name)), quoted(prose))
		c.Added, k.Added = stamp, stamp
		who := stamp
		who.By = name
		b.Claims = append(b.Claims, c, k)
		b.Events = append(b.Events, intel.ClaimEvent{Claim: c.ID, Event: intel.Event{Stamp: who, Retracted: true, Reason: prose}})
		b.Records = append(b.Records, intel.NewRecord(id, []intel.Settled{
			fact(intel.PropName, text(name)), fact(intel.PropSummary, text(prose)), fact(intel.PropNote, text(prose), text(name)),
			fact(intel.PropExternalID, external("s", name)), fact("acronym", text(name)),
		}, 1))
		l := plainLink(id, "SUPPORTED", nervone, 500_000)
		l.Role = name
		amount := shown(between(1, 2, name))
		l.Amount = &amount
		b.Links = append(b.Links, l)
		h := header(name, "C", by(name))
		h.URL = "https://example.org/" + name
		b.Versions[src] = []intel.HeaderVersion{{Header: h, Hash: intel.HeaderHash(src, h), Added: who}}
		b.Sources = append(b.Sources, &intel.Source{ID: src, Header: h, Origins: []string{src}, Claims: 1})
	}
	for i, name := range hostileNames {
		add(i, name, name)
	}
	for i, prose := range hostileProse {
		add(500+i, fmt.Sprint("Name ", i), prose)
	}
	return b
}

func hostileTexts(t *testing.T, h Harness) {
	s, m := twins(t, h)
	both(t, "hostile texts", s, m, textBatch())
	for _, name := range hostileNames {
		key := intel.NameKey(name)
		role := intel.LinkFilter{Role: &intel.OptionalTextIs{Values: []string{name}}}
		sel := intel.Selection{
			List:       &intel.List{Where: intel.Any{is(intel.FieldName, name), is("acronym", name), is(intel.FieldExternalID, "s:"+name)}, Page: counted(9)},
			SourceList: &intel.SourceList{Where: intel.SourceFilter{Title: optional(intel.Equal, name), Publisher: optional(intel.Contains, key)}, Page: counted(9)},
			IDs:        []string{nervone},
			Node:       intel.NodeSelection{Links: []intel.LinkSelection{{Key: name, Ends: ends(intel.In, "SUPPORTED"), Link: role, Page: counted(9)}}},
		}
		same(t, fmt.Sprintf("what equals %q", name), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
		role.Role = optional(intel.HasPrefix, key)
		sel.List.Where = intel.All{has(intel.FieldName, key), begins("acronym", key), is(intel.FieldNameKey, key)}
		sel.SourceList.Where = intel.SourceFilter{Title: optional(intel.HasPrefix, key)}
		sel.Node.Links = []intel.LinkSelection{{Key: "k", Ends: ends(intel.In, "SUPPORTED"), Where: has(intel.FieldExternalID, key), Page: counted(9)}, {Key: name, Ends: ends(intel.In, "SUPPORTED"), Link: role, Page: counted(9)}}
		same(t, fmt.Sprintf("what holds %q", key), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
		same(t, fmt.Sprintf("names of %q", key), names(t, m, key), names(t, s, key))
	}
}

func hostileIDs(t *testing.T, h Harness) {
	s, m := twins(t, h)
	stamp := intel.Stamp{Revision: 1, At: epochStart, By: "me"}
	b := intel.Batch{Stamp: stamp, Records: []*intel.Record{plain(hubID, "France", 1)}}
	var all []string
	for i, key := range hostileKeys {
		id := "group:" + key
		all = append(all, id)
		b.Records = append(b.Records, plain(id, "Same", 1), plain("alias:"+key, "Alias", 1), intel.NewRecord("firm:"+key, nil, 1))
		b.Links = append(b.Links, plainLink(id, "OPERATES_IN", hubID, 1), plainLink(id, intel.KnownAs, "alias:"+key, 1))
		c := joins(id, "OPERATES_IN", hubID, key, saidBy("firm:"+key))
		c.Added = stamp
		b.Claims = append(b.Claims, c)
		src := intel.StubSource("source:" + key)
		src.Claims = 1
		src.Title = "Same"
		if i > 0 {
			src.DerivedFrom = []string{"source:" + hostileKeys[i-1]}
		}
		b.Sources = append(b.Sources, src)
	}
	both(t, "hostile ids", s, m, b)
	for _, id := range all {
		sel := intel.Selection{IDs: []string{id}, SourceIDs: []string{"source:" + intel.KeyOf(id)}, LinkIDs: []string{intel.LinkID("OPERATES_IN", id, hubID)},
			Node: intel.NodeSelection{Counts: true, Sources: []intel.SourceSelection{{Key: "s", Page: counted(9)}}},
			List: &intel.List{Where: intel.Any{intel.IDIn{id}, intel.All{is(intel.FieldAlias, "Alias"), intel.IDIn{id}}}, Page: counted(9)}}
		same(t, "what is at "+id, flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
		need := intel.Need{Touching: []string{id}, Records: []string{id}, ClaimsOf: []string{"source:" + intel.KeyOf(id)}, FromRows: []intel.FromNeed{{From: id, Type: intel.KnownAs}}, Mentions: []string{id}}
		sameSet(t, "what touches "+id, collect(t, m, need), collect(t, s, need))
	}
	need := intel.Need{Sources: []string{"source:" + hostileKeys[len(hostileKeys)-1]}, Dependents: []string{"source:" + hostileKeys[0]}}
	sameSet(t, "a long chain of sources", collect(t, m, need), collect(t, s, need))
	for _, desc := range []bool{false, true} {
		walkList(t, s, m, intel.List{Where: intel.KindIn{intel.KindGroup}, Order: []intel.Order{{By: intel.OrderName, Desc: desc}}}, 7)
		walkLinks(t, s, m, hubID, intel.LinkSelection{Key: "k", Ends: hubEnds, Order: []intel.Order{{By: intel.OrderName, Desc: desc}}, Page: counted(11)})
		walkSources(t, s, m, intel.SourceList{Order: []intel.SourceOrder{{By: intel.ByTitle, Desc: desc}}}, 7)
	}
	same(t, "ids mentioned", mentioned(t, m, nil, "", 999), mentioned(t, s, nil, "", 999))
	for _, id := range all {
		same(t, "ids mentioned after "+id, mentioned(t, m, nil, id, 3), mentioned(t, s, nil, id, 3))
		samePart(t, "entities after "+id, intel.PartEntities, scan(t, m, intel.PartEntities, id, 3), scan(t, s, intel.PartEntities, id, 3))
	}
	same(t, "names", names(t, m, "same", "alias"), names(t, s, "same", "alias"))
}

// hostileOrder orders names of all scripts, missing values and ties.
func hostileOrder(t *testing.T, h Harness) {
	s, m := twins(t, h)
	var b intel.Batch
	b.Records = append(b.Records, plain(opera1er, "OPERA1ER", 1))
	for i, name := range hostileNames {
		facts := []intel.Settled{fact(intel.PropName, text(name))}
		if i%3 > 0 {
			facts = append(facts, fact("arrests", number(int64(i%4))))
		}
		if i%2 > 0 {
			facts = append(facts, fact("startedOn", day(fmt.Sprintf("20%02d", i%5))))
		}
		id := fmt.Sprintf("operation:%03d", 999-i)
		b.Records = append(b.Records, intel.NewRecord(id, facts, int64(i%7)))
		b.Links = append(b.Links, plainLink(id, "TARGETED", opera1er, 1))
	}
	both(t, "names of all scripts", s, m, b)
	for _, order := range [][]intel.Order{
		nil,
		{{By: intel.OrderName, Desc: true}},
		{{By: "arrests"}},
		{{By: "arrests", Desc: true}, {By: "startedOn"}},
		{{By: "startedOn"}, {By: "arrests", Desc: true}, {By: intel.OrderName, Desc: true}},
		{{By: intel.OrderChanged, Desc: true}, {By: "startedOn", Desc: true}},
	} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			walkList(t, s, m, intel.List{Where: operations, Order: order}, 13)
			walkLinks(t, s, m, opera1er, intel.LinkSelection{Key: "k", Ends: ends(intel.In, "TARGETED"), Order: order, Page: counted(17)})
		})
	}
}

func hostileNumbers(t *testing.T, h Harness) {
	s, m := twins(t, h)
	var b intel.Batch
	ints := []int64{0, 1, 9, 10, 99, 100, 1 << 31, 1<<31 + 1, intel.MaxLong - 2, intel.MaxLong - 1, intel.MaxLong}
	decimals := []intel.Decimal{"0", "0.1", "0.11", "1", "1.5", "2", "9", "10", "99.99", "100", "9007199254740993", "9007199254740992",
		"12345678901234567890123456789012345678", "12345678901234567890123456789012345679", "0.0000000000000000000000000000000000001"}
	dates := []string{"0001", "0001-01-01", "1969-12-31", "1970", "2024-02-29", "2024-02~", "2024?", "9999-12-31", "9999"}
	for i := range max(len(ints), len(decimals), len(dates)) {
		facts := []intel.Settled{}
		if i < len(ints) {
			facts = append(facts, fact("arrests", number(ints[i])))
		}
		if i < len(decimals) {
			facts = append(facts, fact("seized", money(decimals[i], "USD", "CASH")))
		}
		if i < len(dates) {
			facts = append(facts, fact("startedOn", day(dates[i])))
		}
		b.Records = append(b.Records, intel.NewRecord(fmt.Sprintf("operation:%02d", i), facts, 1))
	}
	both(t, "numbers", s, m, b)
	check := func(f intel.Filter) {
		t.Helper()
		sel := list(f)
		same(t, fmt.Sprintf("%+v", f), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
	for _, n := range append(ints, -1, 1<<53, 1<<53+1, math.MaxInt64, math.MinInt64) {
		check(within("arrests", &n, nil))
		check(within("arrests", nil, &n))
	}
	for _, d := range dates {
		p := intel.MustDate(d)
		check(within("startedOn", new(p.First()), new(p.Last())))
	}
	for _, d := range append(decimals, "3", "9007199254740992.5") {
		check(intel.MoneyIs{Property: "seized", Currency: "USD", Lo: d})
		check(intel.MoneyIs{Property: "seized", Currency: "USD", Hi: d, AssetClass: "CASH"})
		check(intel.MoneyIs{Property: "seized", Currency: "USD", Lo: d, Hi: d})
	}
	walkList(t, s, m, intel.List{Order: []intel.Order{{By: "arrests", Desc: true}}}, 2)
	walkList(t, s, m, intel.List{Order: []intel.Order{{By: "startedOn"}}}, 2)
}

func hostileLinks(t *testing.T, h Harness) {
	s, m := twins(t, h)
	b := intel.Batch{Records: []*intel.Record{plain(hubID, "France", 1)}}
	for i, ppm := range []intel.PPM{0, 1, 4_999, 5_000, 474_999, 475_000, 484_999, 485_000, 994_999, 995_000, 1_000_000} {
		id := fmt.Sprintf("group:%02d", i)
		b.Records = append(b.Records, plain(id, id, 1))
		l := plainLink(id, "OPERATES_IN", hubID, ppm)
		l.Origins, l.Disputed = i%4, i%2 == 0
		from, to := intel.MustDate(fmt.Sprintf("20%02d", i)), intel.MustDate("2030")
		if i > 0 {
			l.ValidFrom, l.ValidTo = from, to
			l.Validity = []intel.Interval{{From: from.First(), To: from.Last()}, {From: to.First(), To: to.Last()}} // and nothing between
		}
		b.Links = append(b.Links, l)
	}
	both(t, "links", s, m, b)
	check := func(f intel.LinkFilter) {
		t.Helper()
		sel := one(hubID, linked(intel.LinkSelection{Key: "k", Ends: hubEnds, Link: f, Page: counted(99)}))
		same(t, fmt.Sprintf("%+v", f), flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
	for _, n := range []int{0, 1, 47, 48, 49, 99, 100, 101} {
		check(intel.LinkFilter{MinSupport: &n})
		check(intel.LinkFilter{MaxSupport: &n})
	}
	for _, d := range []string{"0001", "2001", "2001-12-31", "2002-01-01", "2015", "2029-12-31", "2030-01-01", "2030-12-31", "2031", "9999-12-31"} {
		check(intel.LinkFilter{ValidAt: intel.MustDate(d)})
	}
	for n := range 4 {
		check(intel.LinkFilter{MinOrigins: &n, Disputed: new(true)})
		check(intel.LinkFilter{MaxOrigins: &n, Disputed: new(false)})
	}
}

func hostileNameRows(t *testing.T, h Harness) {
	b := intel.Batch{Records: []*intel.Record{
		plain("group:both", "Wolf", 1), plain("alias:wolf", "WOLF", 1), plain("alias:wölf", "Wölf", 1), plain("group:other", "Fox", 1),
		plain("group:astral", "\U00010428", 1), plain("group:high", "\ufa0e", 1), intel.NewRecord("alias:stub", nil, 1), plain("tool:t", "T", 1),
	}}
	for _, to := range []string{"alias:wolf", "alias:wölf"} {
		b.Links = append(b.Links, plainLink("group:both", intel.KnownAs, to, 1), plainLink("group:other", intel.KnownAs, to, 1))
	}
	b.Links = append(b.Links, plainLink("group:other", "RELATED_TO", "alias:stub", 1)) // no naming
	s, m := twins(t, h, b)
	got := names(t, s, "wolf", "\ufa0e", "\U00010428", "stub")
	want := []intel.NameRow{
		{Key: "wolf", Entity: "alias:wolf"}, {Key: "wolf", Entity: "alias:wölf"},
		{Key: "wolf", Entity: "group:both"}, {Key: "wolf", Entity: "group:both", Alias: true}, {Key: "wolf", Entity: "group:other", Alias: true},
		{Key: "\ufa0e", Entity: "group:high"}, {Key: "\U00010428", Entity: "group:astral"},
	}
	same(t, "names", want, got)
	same(t, "the model's names", want, names(t, m, "wolf", "\ufa0e", "\U00010428", "stub"))
}

func bigHub(t *testing.T, h Harness) {
	const n = 10_000
	b := hub(n)
	s, m := twins(t, h, b)
	far := intel.Position{Keys: []intel.SortValue{{Text: "group 01950"}}, ID: hubGroup(0), Link: "a"} // the last 250 rows follow
	walkLinks(t, s, m, hubID, intel.LinkSelection{Key: "k", Ends: hubEnds, Page: intel.Page{First: intel.MaxPage, After: &far}})
	for _, l := range []intel.LinkSelection{
		{Key: "k", Ends: hubEnds, Page: counted(intel.MaxPage)},
		{Key: "k", Ends: hubEnds, Order: []intel.Order{{By: intel.OrderName, Desc: true}}, Page: counted(25)},
		{Key: "k", Ends: hubEnds, Link: intel.LinkFilter{MinSupport: new(99)}, Where: has(intel.FieldName, "017"), Page: counted(25)},
	} {
		sel := one(hubID, linked(l))
		sel.Node.Counts = true
		same(t, "a page of the hub", flatten(choose(t, m, sel)), flatten(choose(t, s, sel)))
	}
	ws := collect(t, s, intel.Need{FromRows: []intel.FromNeed{{From: hubGroup(5), Type: "OPERATES_IN"}}, LinkRows: []string{b.Links[7].ID, b.Links[9].ID}})
	sameSet(t, "links of the hub", &intel.WorkingSet{Links: []*intel.Link{b.Links[5], b.Links[7], b.Links[9]}}, ws)
	put(t, s, intel.Batch{DropRecords: []string{hubGroup(3)}, DropLinks: []string{b.Links[3].ID}, Links: []*intel.Link{plainLink(hubGroup(4), "OPERATES_IN", hubID, 77)}})
	if p := choose(t, s, one(hubID, linked(intel.LinkSelection{Key: "k", Ends: hubEnds, Page: counted(0)}))).Nodes[0].Links["k"]; p.Total != n-1 || !p.More || len(p.Edges) > 0 {
		t.Errorf("the hub has %d links (more: %v) and %d rows for none asked, want %d", p.Total, p.More, len(p.Edges), n-1)
	}
}
