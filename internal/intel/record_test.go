package intel_test

import (
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func fact(p intel.Property, slot string, vs ...intel.Value) intel.Settled {
	f := intel.Settled{Property: p, Slot: slot}
	for _, v := range vs {
		f.Values = append(f.Values, intel.Shown{Value: v, Support: 480_000, Origins: 1, Claim: intel.ClaimPrefix + "ab"})
	}
	return f
}

func TestNewRecord(t *testing.T) {
	stub := intel.NewRecord("group:nx$m$", nil, 7)
	if d := diff(&intel.Record{ID: "group:nx$m$", Kind: intel.KindGroup, Name: "nx$m$", NameKind: intel.Proper, Stub: true, NameKey: "nx$m$", SortKey: "nx$m$", Revision: 7}, stub); d != "" {
		t.Errorf("a stub (- want, + got):\n%s", d)
	}
	facts := []intel.Settled{fact("name", "", text("Ångström Gang")), fact("nameKind", "", word(intel.Descriptive))}
	r := intel.NewRecord("group:x", facts, 1)
	if r.Name != "Ångström Gang" || r.NameKind != intel.Descriptive || r.Stub || r.NameKey != "angstrom gang" || r.SortKey != "angstrom gang" {
		t.Errorf("a named one: %+v", r)
	}
	if n := intel.NewRecord("country:CI", nil, 1); n.Name != "CI" || n.NameKey != "ci" {
		t.Errorf("a country: %+v", n)
	}
}

func TestRecordValues(t *testing.T) {
	r := intel.NewRecord("operation:x", []intel.Settled{
		fact("operationType", "", word("ARREST"), word("SEARCH")), fact("seized", "CASH", usd(intel.Exact, "1")), fact("seized", "TOTAL", usd(intel.Exact, "2")), {Property: "arrests"},
	}, 1)
	if v := r.One("operationType"); v == nil || v.Value.Text != "ARREST" {
		t.Errorf("one operation type: %+v", v)
	}
	if vs := r.All("seized"); len(vs) != 2 || vs[1].Value.Money.Amount != "2" {
		t.Errorf("all amounts: %+v", vs)
	}
	if r.One("arrests") != nil || r.One("victims") != nil || r.All("victims") != nil {
		t.Error("there is a value where there is none")
	}
}

func TestIndex(t *testing.T) {
	r := intel.NewRecord("operation:x", []intel.Settled{
		fact("name", "", text("N")), fact("nameKind", "", word("PROPER")), fact("summary", "", text("s")), fact("note", "", text("n")),
		fact("externalId", "misp", external("misp", "A-1")), fact("announcedOn", "", date("2023-07~")), fact("arrests", "", exactly(7)), fact("duration", "", text("P2Y")),
		fact("operationType", "", word("JOINT_ACTION_DAY")), fact("searches", "", between(24, 99)), fact("seized", "TOTAL", usd(intel.About, "10.5")),
		fact("fundsRecovered", "CASH", intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: "9", Max: "10", Currency: "EUR", Qualifier: intel.Range, AssetClass: "CASH"}}), fact("noSuch", "", text("x")),
	}, 1)
	july := intel.MustDate("2023-07")
	want := []intel.IndexEntry{
		{Property: "externalId", Slot: "misp", Text: "A-1", Key: "a 1"},
		{Property: "announcedOn", Text: "2023-07~", Lo: july.First(), Hi: july.Last()},
		{Property: "arrests", Lo: 7, Hi: 7},
		{Property: "duration", Text: "P2Y", Key: "p2y"},
		{Property: "operationType", Text: "JOINT_ACTION_DAY"},
		{Property: "searches", Lo: 24, Hi: 99},
		{Property: "seized", Slot: "TOTAL", Text: "USD", LoKey: "0210.5", HiKey: "0210.5"},
		{Property: "fundsRecovered", Slot: "CASH", Text: "EUR", LoKey: "019.", HiKey: "0210."},
	}
	if d := diff(want, r.Index()); d != "" {
		t.Errorf("index (- want, + got):\n%s", d)
	}
}

func TestLinkValidOn(t *testing.T) {
	l := &intel.Link{Validity: []intel.Interval{days("2016", "2018"), days("2020-06", "2020")}}
	for d, want := range map[string]bool{"2015": false, "2016-01-01": true, "2018-12-31": true, "2019": false, "2020": true, "2020-05-31": false, "2020-06-01": true, "2021": false} {
		if got := l.ValidOn(intel.MustDate(d)); got != want {
			t.Errorf("valid on %s: %v", d, got)
		}
	}
}

// Facts survive being written and read.
func TestFactsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := intel.Compact(intel.Settle(randomEvidence(t), 0))
		b, err := intel.EncodeFacts(facts)
		if err != nil {
			t.Fatal(err)
		}
		back, err := intel.DecodeFacts(b)
		if err != nil {
			t.Fatalf("%v in %s", err, b)
		}
		if d := diff(facts, back); d != "" {
			t.Fatalf("facts (- written, + read):\n%s", d)
		}
		for _, f := range facts {
			for _, s := range f.Values {
				b, err := intel.EncodeShown(s)
				if err != nil {
					t.Fatal(err)
				}
				if back, err := intel.DecodeShown(b); err != nil || diff(s, back) != "" {
					t.Fatalf("%+v is read as %+v, %v", s, back, err)
				}
			}
		}
	})
	for name, in := range map[string]string{"nothing": "", "null": "null", "an empty list": "[]"} {
		if fs, err := intel.DecodeFacts([]byte(in)); err != nil || fs != nil {
			t.Errorf("%s: %v, %v", name, fs, err)
		}
	}
	for name, in := range map[string]string{"no JSON": "{", "a bad date": `[{"p":"startedOn","v":[{"t":"DATE","v":"2023-13","s":1,"o":1,"c":"x"}]}]`, "a text as a number": `[{"p":"arrests","v":[{"t":"QUANTITY","v":"x","s":1,"o":1,"c":"x"}]}]`} {
		if _, err := intel.DecodeFacts([]byte(in)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestValueJSON(t *testing.T) {
	for _, c := range []struct {
		v    intel.Value
		want string
	}{
		{text("a\"\u2028<é"), `"a\"\u2028\u003cé"`}, {word("A"), `"A"`}, {date("2023-07~"), `"2023-07~"`}, {external("s", "v"), `{"scheme":"s","value":"v"}`},
		{exactly(intel.MaxLong), `{"value":9007199254740991,"qualifier":"EXACT"}`},
		{usd(intel.About, "12345678901234567890123456789012345678"), `{"amount":"12345678901234567890123456789012345678","currency":"USD","qualifier":"ABOUT","assetClass":"TOTAL"}`},
	} {
		if got := string(intel.EncodeValue(c.v)); got != c.want {
			t.Errorf("%+v is written as %s, want %s", c.v, got, c.want)
		}
		if back, err := intel.DecodeValue(c.v.Type, intel.EncodeValue(c.v)); err != nil || diff(c.v, back) != "" {
			t.Errorf("%+v is read as %+v, %v", c.v, back, err)
		}
	}
}
