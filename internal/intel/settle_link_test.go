package intel_test

import (
	"testing"

	"dragnet/internal/intel"
)

func days(from, to string) intel.Interval {
	var f, t intel.PartialDate
	if from != "" {
		f = intel.MustDate(from)
	}
	if to != "" {
		t = intel.MustDate(to)
	}
	return intel.Validity(f, t)
}

func TestSettleLinkValidity(t *testing.T) {
	link := func(says ...say) intel.Evidence { return linking("SEIZED", "operation:x", "good:y", says...) }
	for _, c := range []struct {
		name     string
		es       []intel.Evidence
		from, to string
		set      []intel.Interval
	}{
		{"without dates it always holds", list(link()), "", "", []intel.Interval{days("", "")}},
		{"apart", list(link(since("2020"), until("2020")), link(since("2016"), until("2018-06"))), "2016", "2020", []intel.Interval{days("2016", "2018-06"), days("2020", "2020")}},
		{"overlapping runs join", list(link(since("2016"), until("2018")), link(since("2017"), until("2020"))), "2016", "2020", []intel.Interval{days("2016", "2020")}},
		{"touching runs join", list(link(since("2016"), until("2016")), link(since("2017"), until("2017"))), "2016", "2017", []intel.Interval{days("2016", "2017")}},
		{"one open end opens the hull", list(link(since("2016"), until("2017")), link(since("2019"))), "2016", "", []intel.Interval{days("2016", "2017"), days("2019", "")}},
		{"open at both ends", list(link(until("2015")), link(since("2019"))), "", "", []intel.Interval{days("", "2015"), days("2019", "")}},
		{"the hull as the claims write it", list(link(since("2016"), until("2020-12-31")), link(since("2016-01"), until("2020~"))), "2016", "2020-12-31", []intel.Interval{days("2016", "2020")}},
		{"denials have no part in it", list(link(since("2016"), until("2017")), link(since("2000"), denying, sure(10))), "2016", "2017", []intel.Interval{days("2016", "2017")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := intel.SettleLink(c.es)
			if l.ValidFrom.String() != c.from || l.ValidTo.String() != c.to {
				t.Errorf("hull %q to %q, want %q to %q", l.ValidFrom, l.ValidTo, c.from, c.to)
			}
			if d := diff(c.set, l.Validity); d != "" {
				t.Errorf("validity (- want, + got):\n%s", d)
			}
		})
	}
}

func TestSettleLinkAttributes(t *testing.T) {
	amount := func(v intel.Value) say { return func(e *intel.Evidence) { e.Amount = &v.Quantity } }
	link := func(says ...say) intel.Evidence { return linking("SEIZED", "operation:x", "good:y", says...) }
	for _, c := range []struct {
		name            string
		es              []intel.Evidence
		role, on, count string
		contested       bool
	}{
		{"stated by none", list(link()), "", "", "", false},
		{"the best supported", list(link(role("a"), happened("2020"), amount(exactly(2))), link(role("b"), happened("2021"), amount(exactly(3)), sure(90))), "b", "2021", "3", true},
		{"each on its own", list(link(role("a"), sure(90)), link(role("b"), happened("2021"))), "a", "2021", "", false},
		{"only claims that state it count", list(link(sure(100)), link(role("b"), sure(10))), "b", "", "", false},
		{"two weak ones beat a strong one", list(link(role("a")), link(role("b"), sure(50)), link(role("b"), sure(50))), "b", "", "", false},
		{"denials have no part in it", list(link(role("a")), link(role("b"), denying, sure(79)), link(role("b"), denying, sure(1))), "a", "", "", false},
		{"amounts in one form", list(link(amount(exactly(5)), origin("source:1")), link(amount(some(intel.MoreThan, 5)), origin("source:1"))), "", "", "more than 5", false},
		{"what confidence 0 states is not shown", list(link(), link(role("a"), happened("2020"), amount(exactly(1)), sure(0))), "", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := intel.SettleLink(c.es)
			count, contested := "", false
			if l.Amount != nil {
				count, contested = l.Amount.Value.Written(), l.Amount.Contested
			}
			if l.Role != c.role || l.On.String() != c.on || count != c.count || contested != c.contested {
				t.Errorf("role %q, on %q, amount %q (contested: %v); want %q, %q, %q (%v)", l.Role, l.On, count, contested, c.role, c.on, c.count, c.contested)
			}
		})
	}
}

func TestSettleLinkNone(t *testing.T) {
	link := func(says ...say) intel.Evidence { return linking("SEIZED", "operation:x", "good:y", says...) }
	for name, es := range map[string][]intel.Evidence{
		"no claims": nil, "only a denial": list(link(denying)), "outweighed": list(link(), link(denying, sure(81))), "confidence 0": list(link(sure(0))),
	} {
		if l := intel.SettleLink(es); l != nil {
			t.Errorf("%s: %+v, want no row", name, l)
		}
	}
	l := intel.SettleLink(list(link(), link(denying, sure(1))))
	if l == nil || !l.Disputed || l.ID != "operation:x|SEIZED|good:y" || l.From != "operation:x" || l.To != "good:y" || l.Type != "SEIZED" {
		t.Errorf("any denial disputes a link: %+v", l)
	}
}

func TestMarkRivals(t *testing.T) {
	link := func(typ intel.LinkType, from, to string, says ...say) *intel.Link {
		return intel.SettleLink(list(linking(typ, from, to, says...)))
	}
	for _, c := range []struct {
		name  string
		links []*intel.Link
		want  []bool
	}{
		{"two countries at once", []*intel.Link{link("BASED_IN", "group:g", "country:CI"), link("BASED_IN", "group:g", "country:FR")}, []bool{true, true}},
		{"one after the other", []*intel.Link{link("BASED_IN", "group:g", "country:CI", until("2019")), link("BASED_IN", "group:g", "country:FR", since("2020"))}, []bool{false, false}},
		{"two of three", []*intel.Link{link("BASED_IN", "group:g", "country:CI", until("2019")), link("BASED_IN", "group:g", "country:FR", since("2020")), link("BASED_IN", "group:g", "country:DE", since("2021"))}, []bool{false, true, true}},
		{"a region rivals no country", []*intel.Link{link("BASED_IN", "group:g", "country:CI"), link("BASED_IN", "group:g", "region:002")}, []bool{false, false}},
		{"an agency may have two seats", []*intel.Link{link("BASED_IN", "agency:a", "country:CI"), link("BASED_IN", "agency:a", "country:FR")}, []bool{false, false}},
		{"one campaign, two groups", []*intel.Link{link("ATTRIBUTED_TO", "campaign:c", "group:a"), link("ATTRIBUTED_TO", "campaign:c", "group:b")}, []bool{true, true}},
		{"other types do not exclude", []*intel.Link{link("TARGETS", "group:g", "country:CI"), link("TARGETS", "group:g", "country:FR")}, []bool{false, false}},
		{"alone", []*intel.Link{link("BASED_IN", "group:g", "country:CI")}, []bool{false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			intel.MarkRivals(c.links)
			for i, l := range c.links {
				if l.Disputed != c.want[i] {
					t.Errorf("%s is disputed: %v, want %v", l.ID, l.Disputed, c.want[i])
				}
			}
		})
	}
}
