package intel_test

import (
	"slices"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func TestMatch(t *testing.T) {
	subject := intel.Subject{Linked: linked(
		linkTo("group:opera1er", "KNOWN_AS", "alias:nx$m$", "NX$M$"), linkTo("group:opera1er", "KNOWN_AS", "alias:common-raven", "Common Raven"),
		linkTo("group:opera1er", "OPERATES_IN", "region:011", "Western Africa", linkTo("region:011", "PART_OF", "region:002", "Africa")),
	), Record: intel.NewRecord("group:opera1er", []intel.Settled{
		fact("name", "", text("OPERA1ER")), fact("externalId", "mitre-attack", external("mitre-attack", "G0001")), fact("attacks", "", between(24, 99)),
		fact("firstSeen", "", date("2016")), fact("groupType", "", word("CRIMINAL"), word("SPY")),
		fact("proceeds", "CASH", intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: "10", Currency: "USD", AssetClass: "CASH"}}),
		fact("proceeds", "TOTAL", intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: "9", Max: "20", Currency: "EUR", Qualifier: intel.Range, AssetClass: "TOTAL"}}),
	}, 1)}
	stub := intel.Subject{Linked: linked(), Record: intel.NewRecord("group:dark-wolf", nil, 1)}
	operatesIn := func(where intel.Filter) intel.Filter {
		return intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Out}}, Where: where}
	}
	yes, no := intel.All{}, intel.Any{}
	is := func(f intel.Field, vs ...string) intel.Filter { return intel.TextIs{Field: f, Values: vs} }
	has := func(f intel.Field, v string) intel.Filter {
		return intel.TextIs{Field: f, Op: intel.Contains, Values: []string{v}}
	}
	begins := func(f intel.Field, v string) intel.Filter {
		return intel.TextIs{Field: f, Op: intel.HasPrefix, Values: []string{v}}
	}
	day := func(s string) *int64 { return new(intel.MustDate(s).First()) }
	num := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		name       string
		f          intel.Filter
		want, stub bool
	}{
		{"nil", nil, true, true},
		{"an empty All", yes, true, true},
		{"an empty Any", no, false, false},
		{"All", intel.All{yes, no}, false, false},
		{"Any", intel.Any{no, yes}, true, true},
		{"Not", intel.Not{Filter: no}, true, true},
		{"Not of nil", intel.Not{}, false, false},
		{"ids", intel.IDIn{"group:x", "group:opera1er"}, true, false},
		{"no ids", intel.IDIn{}, false, false},
		{"kinds", intel.KindIn{intel.KindGroup}, true, true},
		{"other kinds", intel.KindIn{intel.KindTool}, false, false},
		{"stubs", intel.IsStub(true), false, true},
		{"no stubs", intel.IsStub(false), true, false},
		{"name", is(intel.FieldName, "x", "OPERA1ER"), true, false},
		{"name in another case", is(intel.FieldName, "opera1er"), false, false},
		{"a stub's key is no name", is(intel.FieldName, "dark-wolf"), false, false},
		{"nameKey", is(intel.FieldNameKey, "opera1er", "dark wolf"), true, true},
		{"name contains", has(intel.FieldName, "era1"), true, false},
		{"name begins", begins(intel.FieldName, "opera"), true, false},
		{"name does not begin", begins(intel.FieldName, "pera"), false, false},
		{"nameKey contains", has(intel.FieldNameKey, "k w"), false, true},
		{"alias", is(intel.FieldAlias, "NX$M$"), true, false},
		{"alias in another case", is(intel.FieldAlias, "nx$m$"), false, false},
		{"alias contains", has(intel.FieldAlias, "n rav"), true, false},
		{"alias begins, some alias", begins(intel.FieldAlias, "nx"), true, false},
		{"external id", is(intel.FieldExternalID, "G0001"), true, false},
		{"external id with scheme", is(intel.FieldExternalID, "mitre-attack:G0001"), true, false},
		{"external id of another scheme", is(intel.FieldExternalID, "misp:G0001"), false, false},
		{"external id contains no scheme", has(intel.FieldExternalID, "mitre"), false, false},
		{"external id begins", begins(intel.FieldExternalID, "g00"), true, false},
		{"one of a set", is("groupType", "SPY"), true, false},
		{"none of a set", is("groupType", "HACKER"), false, false},
		{"no values", is(intel.FieldName), false, false},
		{"name is null", intel.IsNull{Field: intel.FieldName, Null: true}, false, true},
		{"nameKey never is", intel.IsNull{Field: intel.FieldNameKey, Null: true}, false, false},
		{"alias is not null", intel.IsNull{Field: intel.FieldAlias}, true, false},
		{"number is null", intel.IsNull{Field: "attacks", Null: true}, false, true},
		{"number is not null", intel.IsNull{Field: "attacks"}, true, false},
		{"money is not null", intel.IsNull{Field: "proceeds"}, true, false},
		{"another is null", intel.IsNull{Field: "victims", Null: true}, true, true},
		{"range meets from below", intel.RangeIs{Property: "attacks", Hi: num(24)}, true, false},
		{"range misses from below", intel.RangeIs{Property: "attacks", Hi: num(23)}, false, false},
		{"range meets from above", intel.RangeIs{Property: "attacks", Lo: num(99)}, true, false},
		{"range misses from above", intel.RangeIs{Property: "attacks", Lo: num(100)}, false, false},
		{"range within", intel.RangeIs{Property: "attacks", Lo: num(30), Hi: num(40)}, true, false},
		{"open range", intel.RangeIs{Property: "attacks"}, true, false},
		{"date possibly", intel.RangeIs{Property: "firstSeen", Lo: day("2016-12-31"), Hi: day("2017")}, true, false},
		{"date after", intel.RangeIs{Property: "firstSeen", Lo: day("2017")}, false, false},
		{"money as numbers", intel.MoneyIs{Property: "proceeds", Currency: "USD", Lo: "9", Hi: "10.0"}, true, false},
		{"money below", intel.MoneyIs{Property: "proceeds", Currency: "USD", Hi: "9.99"}, false, false},
		{"money in a range", intel.MoneyIs{Property: "proceeds", Currency: "EUR", Lo: "19"}, true, false},
		{"money beyond a range", intel.MoneyIs{Property: "proceeds", Currency: "EUR", Lo: "20.01"}, false, false},
		{"money of its class", intel.MoneyIs{Property: "proceeds", Currency: "USD", AssetClass: "CASH"}, true, false},
		{"money of another class", intel.MoneyIs{Property: "proceeds", Currency: "EUR", AssetClass: "CASH"}, false, false},
		{"related to any", operatesIn(nil), true, false},
		{"related to one that is", operatesIn(is(intel.FieldName, "Western Africa")), true, false},
		{"related to none that is", operatesIn(is(intel.FieldName, "Africa")), false, false},
		{"not related", intel.Not{Filter: operatesIn(nil)}, false, true},
		{"related the other way", intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.In}}}, false, false},
		{"related over another type", intel.Related{Ends: []intel.End{{Type: "BASED_IN", Direction: intel.Out}}}, false, false},
		{"related to a kind", intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Out}}, Kinds: []intel.Kind{intel.KindRegion}}, true, false},
		{"related to no such kind", intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Out}}, Kinds: []intel.Kind{intel.KindCountry}}, false, false},
		{"related by a link that passes", intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Out}}, Link: intel.LinkFilter{IDs: []string{"region:011"}}}, true, false},
		{"related by no link that passes", intel.Related{Ends: []intel.End{{Type: "OPERATES_IN", Direction: intel.Out}}, Link: intel.LinkFilter{IDs: []string{"region:002"}}}, false, false},
		{"within itself", operatesIn(intel.Within{Area: "region:011"}), true, false},
		{"within a larger area", operatesIn(intel.Within{Area: "region:002"}), true, false},
		{"within another area", operatesIn(intel.Within{Area: "region:150"}), false, false},
		{"money in another currency", intel.MoneyIs{Property: "proceeds", Currency: "XOF"}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := intel.Match(c.f, subject); got != c.want {
				t.Errorf("the group: %v", got)
			}
			if got := intel.Match(c.f, stub); got != c.stub {
				t.Errorf("the stub: %v", got)
			}
		})
	}
}

type neighbor struct {
	link *intel.Link
	name string
	own  []neighbor
}

func linkTo(from string, t intel.LinkType, to, name string, own ...neighbor) neighbor {
	return neighbor{&intel.Link{ID: intel.LinkID(t, from, to), Type: t, From: from, To: to}, name, own}
}

// linked gives the links that leave an entity.
func linked(all ...neighbor) func([]intel.End) []intel.Neighbor {
	return func(ends []intel.End) []intel.Neighbor {
		var out []intel.Neighbor
		for _, n := range all {
			if !slices.ContainsFunc(ends, func(e intel.End) bool { return e.Type == n.link.Type && e.Direction != intel.In }) {
				continue
			}
			named := []intel.Settled{fact("name", "", text(n.name))}
			out = append(out, intel.Neighbor{ID: n.link.To, Link: n.link, Subject: func() intel.Subject {
				return intel.Subject{Record: intel.NewRecord(n.link.To, named, 1), Linked: linked(n.own...)}
			}})
		}
		return out
	}
}

func TestLinkFilter(t *testing.T) {
	l := &intel.Link{Type: "TARGETS", From: "group:a", To: "country:CI", Support: 475_000, Origins: 2, Role: "Main Target", Disputed: true, Validity: []intel.Interval{days("2016", "2018")}}
	bare := &intel.Link{Type: "TARGETS", From: "group:a", To: "country:CI", Validity: []intel.Interval{days("", "")}}
	role := func(op intel.TextOp, vs ...string) *intel.OptionalTextIs {
		return &intel.OptionalTextIs{Op: op, Values: vs}
	}
	for _, c := range []struct {
		name       string
		f          intel.LinkFilter
		want, bare bool
	}{
		{"nothing asked", intel.LinkFilter{}, true, true},
		{"types", intel.LinkFilter{Types: []intel.LinkType{"TARGETS"}}, true, true},
		{"no types", intel.LinkFilter{Types: []intel.LinkType{}}, false, false},
		{"support as shown", intel.LinkFilter{MinSupport: new(48), MaxSupport: new(48)}, true, false},
		{"support below", intel.LinkFilter{MaxSupport: new(47)}, false, true},
		{"support 0", intel.LinkFilter{MinSupport: new(0)}, true, true},
		{"origins", intel.LinkFilter{MinOrigins: new(2), MaxOrigins: new(2)}, true, false},
		{"role exactly", intel.LinkFilter{Role: role(intel.Equal, "Main Target")}, true, false},
		{"role in another case", intel.LinkFilter{Role: role(intel.Equal, "main target")}, false, false},
		{"role contains", intel.LinkFilter{Role: role(intel.Contains, "n t")}, true, false},
		{"role begins", intel.LinkFilter{Role: role(intel.HasPrefix, "main")}, true, false},
		{"no role", intel.LinkFilter{Role: &intel.OptionalTextIs{Null: new(true)}}, false, true},
		{"a role", intel.LinkFilter{Role: &intel.OptionalTextIs{Null: new(false)}}, true, false},
		{"disputed", intel.LinkFilter{Disputed: new(true)}, true, false},
		{"undisputed", intel.LinkFilter{Disputed: new(false)}, false, true},
		{"valid", intel.LinkFilter{ValidAt: intel.MustDate("2018-12-31")}, true, true},
		{"not valid", intel.LinkFilter{ValidAt: intel.MustDate("2019")}, false, true},
		{"kinds of the neighbour", intel.LinkFilter{Kinds: []intel.Kind{intel.KindCountry}}, true, true},
		{"other kinds", intel.LinkFilter{Kinds: []intel.Kind{intel.KindGroup}}, false, false},
		{"ids of the neighbour", intel.LinkFilter{IDs: []string{"country:CI"}}, true, true},
		{"other ids", intel.LinkFilter{IDs: []string{"group:a"}}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.f.Match(l, "country:CI"); got != c.want {
				t.Errorf("the link: %v", got)
			}
			if got := c.f.Match(bare, "country:CI"); got != c.bare {
				t.Errorf("the bare link: %v", got)
			}
		})
	}
	if !(*intel.LinkFilter)(nil).Match(l, "") {
		t.Error("no filter does not match")
	}
}

func TestClaimFilter(t *testing.T) {
	p := &intel.Claim{Subject: "group:a", Property: "name", Stance: intel.Asserts, Confidence: 80, Source: "source:a", Added: stamp(3)}
	l := &intel.Claim{Subject: "group:a", LinkType: "USES", Object: "tool:b", Stance: intel.Denies, Confidence: 20, Source: "source:b", Added: stamp(5), Events: []intel.Event{{Stamp: stamp(6), Retracted: true}}}
	for _, c := range []struct {
		name    string
		f       intel.ClaimFilter
		p, link bool
	}{
		{"nothing asked", intel.ClaimFilter{}, true, true},
		{"properties", intel.ClaimFilter{Properties: []intel.Property{"name"}}, true, false},
		{"link types", intel.ClaimFilter{LinkTypes: []intel.LinkType{"USES"}}, false, true},
		{"either", intel.ClaimFilter{Properties: []intel.Property{"name"}, LinkTypes: []intel.LinkType{"USES"}}, true, true},
		{"no properties", intel.ClaimFilter{Properties: []intel.Property{}}, false, false},
		{"subjects", intel.ClaimFilter{Subjects: []string{"tool:b"}}, false, false},
		{"sources", intel.ClaimFilter{Sources: []string{"source:b"}}, false, true},
		{"live", intel.ClaimFilter{Live: new(true)}, true, false},
		{"dead", intel.ClaimFilter{Live: new(false)}, false, true},
		{"stance", intel.ClaimFilter{Stance: intel.Denies}, false, true},
		{"confidence", intel.ClaimFilter{MinConfidence: new(20), MaxConfidence: new(79)}, false, true},
		{"recorded later", intel.ClaimFilter{RecordedAfter: stamp(3).At}, false, true},
		{"recorded at last", intel.ClaimFilter{RecordedAfter: stamp(5).At.Add(-time.Microsecond)}, false, true},
		{"of later revisions", intel.ClaimFilter{SinceRevision: new(int64(2))}, true, true},
		{"of revisions after its own", intel.ClaimFilter{SinceRevision: new(int64(3))}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.f.Match(p); got != c.p {
				t.Errorf("the property claim: %v", got)
			}
			if got := c.f.Match(l); got != c.link {
				t.Errorf("the link claim: %v", got)
			}
		})
	}
	if f := (&intel.ClaimFilter{Live: new(true)}); !f.MatchLive(l, true) || f.MatchLive(p, false) || !(*intel.ClaimFilter)(nil).Match(l) {
		t.Error("MatchLive does not take what it is told")
	}
}

func TestSourceFilter(t *testing.T) {
	s := &intel.Source{ID: "source:a", Header: intel.Header{Title: "Crime Report", Publisher: "INTERPOL", Reliability: "B", Marking: "GREEN", PublishedOn: intel.MustDate("2023-07")}}
	bare := intel.StubSource("source:b")
	day := func(d string) *int64 { return new(intel.MustDate(d).First()) }
	for _, c := range []struct {
		name    string
		f       intel.SourceFilter
		s, bare bool
	}{
		{"nothing asked", intel.SourceFilter{}, true, true},
		{"ids", intel.SourceFilter{IDs: []string{"source:b"}}, false, true},
		{"no ids", intel.SourceFilter{IDs: []string{}}, false, false},
		{"title", intel.SourceFilter{Title: &intel.OptionalTextIs{Op: intel.HasPrefix, Values: []string{"crime"}}}, true, false},
		{"publisher", intel.SourceFilter{Publisher: &intel.OptionalTextIs{Values: []string{"INTERPOL"}}}, true, false},
		{"no publisher", intel.SourceFilter{Publisher: &intel.OptionalTextIs{Null: new(true)}}, false, true},
		{"reliability", intel.SourceFilter{Reliability: []intel.Reliability{"F"}}, false, true},
		{"marking", intel.SourceFilter{Marking: []intel.Marking{"GREEN"}}, true, false},
		{"published possibly then", intel.SourceFilter{PublishedLo: day("2023-07-31"), PublishedHi: day("2024")}, true, false},
		{"published later", intel.SourceFilter{PublishedLo: day("2023-08")}, false, false},
		{"published earlier", intel.SourceFilter{PublishedHi: day("2023-06-30")}, false, false},
		{"no date", intel.SourceFilter{PublishedNull: new(true)}, false, true},
		{"a date", intel.SourceFilter{PublishedNull: new(false)}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.f.Match(s); got != c.s {
				t.Errorf("the source: %v", got)
			}
			if got := c.f.Match(bare); got != c.bare {
				t.Errorf("the stub: %v", got)
			}
		})
	}
}
