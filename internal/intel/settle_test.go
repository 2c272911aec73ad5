package intel_test

import (
	"fmt"
	"strings"
	"testing"

	"dragnet/internal/intel"
)

// brief writes what claims settled to: each value shown with its support and
// origins, ! when it is contested; after / the alternatives, ~ when they agree.
func brief(es []intel.Evidence) string {
	var facts []string
	for _, f := range intel.Settle(es, 0) {
		var parts []string
		for _, v := range f.Values {
			s := fmt.Sprintf("%s %d(%d)", v.Value.Written(), v.Support.Percent(), v.Origins)
			if v.Contested {
				s += "!"
			}
			parts = append(parts, s)
		}
		for _, a := range f.Alternatives {
			s := fmt.Sprintf("/ %s %d", a.Value.Written(), a.Support.Percent())
			if a.Agrees {
				s += "~"
			}
			parts = append(parts, s)
		}
		if f.Slot != "" {
			parts[0] = f.Slot + ": " + parts[0]
		}
		facts = append(facts, strings.Join(parts, " "))
	}
	return strings.Join(facts, "; ")
}

type settleCase struct {
	name string
	es   []intel.Evidence
	want string
}

func runSettleCases(t *testing.T, cases []settleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(c.es); got != c.want {
				t.Errorf("settled to\n  %s, want\n  %s", got, c.want)
			}
		})
	}
}

func list(es ...intel.Evidence) []intel.Evidence { return es }

// The worked examples of ONTOLOGY.md.
func TestSettleWorkedExamples(t *testing.T) {
	runSettleCases(t, []settleCase{{"headline and body of one C source",
		list(stating("arrests", exactly(3500), origin("source:1")), stating("arrests", some(intel.MoreThan, 3500), origin("source:1"))),
		"more than 3,500 48(1)"}})
	const typ, from, to = "PART_OF", "operation:a", "operation:b"
	l := intel.SettleLink(list(linking(typ, from, to, origin("source:c")), linking(typ, from, to, origin("source:c"), sure(60)), linking(typ, from, to, grading("D"), denying)))
	if l == nil || l.Support.Percent() != 33 || !l.Disputed || l.Origins != 1 {
		t.Errorf("C at 80 and 60 against D at 80: %+v, want support 33, disputed", l)
	}
	if l := intel.SettleLink(list(linking(typ, from, to, origin("source:c")), linking(typ, from, to, grading("B"), denying))); l != nil {
		t.Errorf("C at 80 against B at 80: %+v, want no row", l)
	}
}

func TestSettleSupport(t *testing.T) {
	runSettleCases(t, []settleCase{
		{"one claim of each grade", list(stating("name", text("A"), grading("A"), sure(100))), "A 95(1)"},
		{"F weighs more than D", list(stating("name", text("A"), grading("D"), sure(100)), stating("name", text("F"), grading("F"), sure(100))), "F 50(1)! / A 40"},
		{"independent sources combine", list(stating("name", text("A")), stating("name", text("A"))), "A 73(2)"},
		{"one origin counts once", list(stating("name", text("A"), origin("source:1")), stating("name", text("A"), origin("source:1"))), "A 48(1)"},
		{"the heaviest of an origin counts", list(stating("name", text("A"), origin("source:1"), sure(10)), stating("name", text("A"), origin("source:1"))), "A 48(1)"},
		{"origins that meet in part count once", list(stating("name", text("A"), origin("source:1", "source:2")), stating("name", text("A"), origin("source:2", "source:3"), sure(70)), stating("name", text("A"), origin("source:3"))), "A 73(2)"},
		{"a denial takes away", list(stating("name", text("A")), stating("name", text("A"), grading("E"), denying)), "A 40(1)!"},
		{"denials of one origin count once", list(stating("name", text("A")), stating("name", text("A"), grading("E"), denying, origin("source:9")), stating("name", text("A"), grading("E"), denying, origin("source:9"))), "A 40(1)!"},
		{"outweighed: no fact", list(stating("name", text("A")), stating("name", text("A"), grading("B"), denying)), ""},
		{"a denial of the same weight does not outweigh", list(stating("name", text("A")), stating("name", text("A"), denying)), "A 25(1)!"},
		{"confidence 0 states nothing", list(stating("name", text("A"), sure(0))), ""},
		{"only a denial", list(stating("name", text("A"), denying)), ""},
		{"the outweighed is an alternative", list(stating("name", text("A")), stating("name", text("A"), grading("B"), denying), stating("name", text("B"), sure(20))), "B 12(1)! / A 17"},
		{"names group by nameKey, the best supported form shows", list(stating("name", text("WOLF"), sure(79)), stating("name", text("Wolf"))), "Wolf 73(2)"},
		{"other texts group exactly", list(stating("acronym", text("WOLF"), sure(79)), stating("acronym", text("Wolf"))), "Wolf 48(1)! / WOLF 47"},
	})
}

func TestSettleForms(t *testing.T) {
	one := func(vs ...intel.Value) (es []intel.Evidence) {
		for _, v := range vs {
			es = append(es, stating("arrests", v, origin("source:1")))
		}
		return es
	}
	runSettleCases(t, []settleCase{
		{"EXACT claims more than AT_MOST", one(exactly(5), some(intel.AtMost, 5)), "at most 5 48(1)"},
		{"AT_MOST more than LESS_THAN", one(some(intel.AtMost, 5), some(intel.LessThan, 5)), "less than 5 48(1)"},
		{"LESS_THAN more than AT_LEAST", one(some(intel.LessThan, 5), some(intel.AtLeast, 5)), "at least 5 48(1)"},
		{"AT_LEAST more than MORE_THAN", one(some(intel.AtLeast, 5), some(intel.MoreThan, 5)), "more than 5 48(1)"},
		{"MORE_THAN more than ABOUT", one(some(intel.MoreThan, 5), some(intel.About, 5)), "about 5 48(1)"},
		{"the better supported form shows, whatever it claims", append(one(some(intel.About, 5)), stating("arrests", exactly(5), sure(81), origin("source:1"))), "5 49(1)"},
		{"forms of one qualifier: the smaller text", one(words(between(24, 99), "dozens"), words(between(24, 99), "Dutzende")), "Dutzende (24–99) 48(1)"},
		{"a form with words and one without", one(words(exactly(5), "five"), exactly(5)), "5 48(1)"},
		{"names: the smaller text by code point", list(stating("name", text("wolf"), origin("source:1")), stating("name", text("Wolf"), origin("source:1")), stating("name", text("wolf!"), origin("source:1"))), "Wolf 48(1)"},
	})
	es := list(
		stating("arrests", some(intel.About, 5), origin("source:1"), numbered("9")), stating("arrests", some(intel.About, 5), origin("source:1"), numbered("8")),
		stating("arrests", exactly(5), origin("source:1"), numbered("1")), stating("arrests", some(intel.About, 5), origin("source:1"), sure(10), numbered("2")))
	if got := intel.Settle(es, 0)[0].Values[0].Claim; got != "claim:8" {
		t.Errorf("the claim of the form shown is %s, want the heaviest, ties by id: claim:8", got)
	}
}

func TestSettleRules(t *testing.T) {
	runSettleCases(t, []settleCase{
		{"BEST: the best supported", list(stating("summary", text("weak"), sure(70)), stating("summary", text("strong"))), "strong 48(1) / weak 42"},
		{"BEST: ties by later publication", list(stating("acronym", text("A"), published("2020")), stating("acronym", text("B"), published("2021")), stating("acronym", text("C"))), "B 48(1)! / A 48 / C 48"},
		{"BEST: then by the more precise value", list(stating("announcedOn", date("2020")), stating("announcedOn", date("2020-05")), stating("announcedOn", date("2020-05~"))), "May 2020 48(1) / about May 2020 48~ / 2020 48~"},
		{"BEST: then by the smaller text", list(stating("acronym", text("B")), stating("acronym", text("A"))), "A 48(1)! / B 48"},
		{"BEST: money, one fact per asset class", list(stating("seized", usd(intel.Exact, "10"), sure(50)), stating("seized", usd(intel.About, "99")), stating("seized", intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: "1", Currency: "BTC", Qualifier: intel.Exact, AssetClass: "CASH"}})),
			"CASH: BTC 1 48(1); TOTAL: about USD 99 48(1)! / USD 10 30"},

		{"LATEST: the latest with half of the best support", list(stating("arrests", exactly(10), since("2020")), stating("arrests", exactly(12), since("2021"), sure(40)), stating("arrests", exactly(99), since("2022"), sure(39))), "12 24(1)! / 10 48 / 99 23"},
		{"LATEST: publishedOn where there is no validFrom", list(stating("arrests", exactly(10), since("2020"), published("2023")), stating("arrests", exactly(12), published("2021"))), "12 48(1)! / 10 48"},
		{"LATEST: no date is earliest", list(stating("arrests", exactly(10), since("0001")), stating("arrests", exactly(12), sure(100))), "10 48(1)! / 12 60"},
		{"LATEST: partial dates by their last day", list(stating("arrests", exactly(10), since("2020")), stating("arrests", exactly(12), since("2020-12-30"))), "10 48(1)! / 12 48"},
		{"LATEST: ties by support", list(stating("arrests", exactly(10), since("2020")), stating("arrests", exactly(12), since("2020-12-31"), sure(81))), "12 49(1)! / 10 48"},
		{"LATEST: a group is as late as its latest claim", list(stating("arrests", exactly(10), since("2019"), origin("source:1")), stating("arrests", exactly(10), since("2022"), sure(1), origin("source:1")), stating("arrests", exactly(12), since("2021"))), "10 48(1) / 12 48"},
		{"LATEST: denials have no date", list(stating("arrests", exactly(10), since("2019")), stating("arrests", exactly(10), since("2022"), sure(1), denying), stating("arrests", exactly(12), since("2021"))), "12 48(1) / 10 48"},

		{"EARLIEST_DATE: the first day", list(stating("startedOn", date("2021")), stating("startedOn", date("2020-05"), sure(41))), "May 2020 25(1)! / 2021 48"},
		{"EARLIEST_DATE: only among half of the best", list(stating("startedOn", date("2021")), stating("startedOn", date("2020-05"), sure(39))), "2021 48(1)! / May 2020 23"},
		{"EARLIEST_DATE: the wider date gives way", list(stating("startedOn", date("2020"), sure(100)), stating("startedOn", date("2020-05"))), "May 2020 48(1) / 2020 60~"},
		{"EARLIEST_DATE: not to a weaker one than half", list(stating("startedOn", date("2020"), sure(100)), stating("startedOn", date("2020-05"), sure(49))), "2020 60(1) / May 2020 29~"},
		{"EARLIEST_DATE: of the same days the better", list(stating("startedOn", date("2020-05~"), sure(81)), stating("startedOn", date("2020-05"))), "about May 2020 49(1) / May 2020 48~"},
		{"LATEST_DATE: the last day", list(stating("endedOn", date("2021-03")), stating("endedOn", date("2020-12-31")), stating("endedOn", date("2020"))), "March 2021 48(1)! / 31 December 2020 48 / 2020 48"},
		{"LATEST_DATE: a wider date within gives way twice", list(stating("endedOn", date("2021")), stating("endedOn", date("2021-03")), stating("endedOn", date("2021-03-04"))), "4 March 2021 48(1) / March 2021 48~ / 2021 48~"},

		{"SET: all not outweighed, best first", list(stating("operationType", word("ARREST"), sure(10)), stating("operationType", word("SEARCH")), stating("operationType", word("SEIZURE")), stating("operationType", word("SEIZURE"), grading("A"), denying)), "SEARCH 48(1) ARREST 6(1) / SEIZURE 12~"},
		{"SET: a denial contests", list(stating("operationType", word("ARREST")), stating("operationType", word("ARREST"), sure(20), denying), stating("operationType", word("SEARCH"))), "SEARCH 48(1) ARREST 42(1)!"},
		{"SET: a small denial does not", list(stating("operationType", word("ARREST")), stating("operationType", word("ARREST"), sure(17), denying)), "ARREST 43(1)"},
		{"SET: external ids, one fact per scheme", list(stating("externalId", external("misp", "1")), stating("externalId", external("mitre", "1")), stating("externalId", external("misp", "2"))), "misp: misp:1 48(1) misp:2 48(1); mitre: mitre:1 48(1)"},
	})
}

func TestSettleContested(t *testing.T) {
	two := func(p intel.Property, a, b intel.Value) []intel.Evidence {
		return list(stating(p, a), stating(p, b, sure(40)))
	}
	runSettleCases(t, []settleCase{
		{"a quarter of the support", list(stating("acronym", text("A")), stating("acronym", text("B"), sure(20))), "A 48(1)! / B 12"},
		{"less than a quarter", list(stating("acronym", text("A")), stating("acronym", text("B"), sure(19))), "A 48(1) / B 11"},
		{"a denial of a quarter", list(stating("acronym", text("A"), sure(100)), stating("acronym", text("A"), sure(21), denying)), "A 52(1)"},
		{"a denial of more than a quarter", list(stating("acronym", text("A"), sure(100)), stating("acronym", text("A"), sure(22), denying)), "A 52(1)!"},
		{"summaries never contest", list(stating("summary", text("A")), stating("summary", text("B")), stating("summary", text("A"), denying, sure(70))), "B 48(1) / A 28"},
		{"notes never contest", list(stating("note", text("A")), stating("note", text("A"), denying)), "A 25(1)"},
		{"validity that does not overlap", list(stating("acronym", text("A"), until("2020")), stating("acronym", text("B"), since("2021"))), "A 48(1) / B 48"},
		{"validity that overlaps on one day", list(stating("acronym", text("A"), until("2020")), stating("acronym", text("B"), since("2020-12-31"))), "A 48(1)! / B 48"},
		{"superseded under LATEST", list(stating("operationStatus", word("PLANNED"), since("2020")), stating("operationStatus", word("CONCLUDED"), since("2021"))), "CONCLUDED 48(1) / PLANNED 48"},
		{"not wholly before under LATEST", list(stating("operationStatus", word("PLANNED"), since("2021-01")), stating("operationStatus", word("CONCLUDED"), since("2021"))), "CONCLUDED 48(1)! / PLANNED 48"},
		{"not superseded under BEST", list(stating("acronym", text("A"), since("2020")), stating("acronym", text("B"), since("2021"))), "A 48(1)! / B 48"},

		{"ABOUT reaches 10 % down", two("arrests", some(intel.About, 100), exactly(90)), "about 100 48(1) / 90 24~"},
		{"and no further", two("arrests", some(intel.About, 100), exactly(89)), "about 100 48(1)! / 89 24"},
		{"ABOUT reaches 10 % up", two("arrests", some(intel.About, 100), exactly(110)), "about 100 48(1) / 110 24~"},
		{"and no further up", two("arrests", some(intel.About, 100), exactly(111)), "about 100 48(1)! / 111 24"},
		{"ABOUT of a small number has fractions", two("arrests", some(intel.About, 15), some(intel.About, 18)), "about 15 48(1) / about 18 24~"},
		{"MORE_THAN takes its own number in", two("arrests", some(intel.MoreThan, 100), exactly(100)), "more than 100 60(2)"},
		{"MORE_THAN reaches 1.5 n", two("arrests", some(intel.MoreThan, 100), exactly(150)), "more than 100 48(1) / 150 24~"},
		{"and no further than 1.5 n", two("arrests", some(intel.MoreThan, 100), exactly(151)), "more than 100 48(1)! / 151 24"},
		{"AT_LEAST reaches 1.5 n", two("arrests", some(intel.AtLeast, 3), some(intel.AtMost, 6)), "at least 3 48(1) / at most 6 24~"},
		{"AT_MOST reaches n/1.5", two("arrests", some(intel.AtMost, 150), exactly(100)), "at most 150 48(1) / 100 24~"},
		{"and no further than n/1.5", two("arrests", some(intel.AtMost, 150), exactly(99)), "at most 150 48(1)! / 99 24"},
		{"LESS_THAN reaches n/1.5", two("arrests", some(intel.LessThan, 3), exactly(2)), "less than 3 48(1) / 2 24~"},
		{"RANGE is itself", two("arrests", between(24, 99), exactly(99)), "24–99 48(1) / 99 24~"},
		{"and no more", two("arrests", between(24, 99), exactly(100)), "24–99 48(1)! / 100 24"},
		{"units do not compare", two("arrests", counted(exactly(1), "kg"), counted(some(intel.About, 1), "t")), "1 kg 48(1)! / about 1 t 24"},
		{"money by the same spans", two("seized", usd(intel.About, "0.3"), usd(intel.Exact, "0.27")), "TOTAL: about USD 0.3 48(1) / USD 0.27 24~"},
		{"and no further in money", two("seized", usd(intel.About, "0.3"), usd(intel.Exact, "0.26999")), "TOTAL: about USD 0.3 48(1)! / USD 0.26999 24"},
		{"currencies do not compare", two("seized", usd(intel.About, "1"), intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: "1", Currency: "EUR", Qualifier: intel.Exact, AssetClass: "TOTAL"}}), "TOTAL: about USD 1 48(1)! / EUR 1 24"},
		{"dates agree by their days", two("announcedOn", date("2020-02"), date("2020-02-29")), "February 2020 48(1) / 29 February 2020 24~"},
		{"dates apart", two("announcedOn", date("2020-02"), date("2020-03-01")), "February 2020 48(1)! / 1 March 2020 24"},
		{"~ does not widen the days", two("announcedOn", date("2020-02~"), date("2020-03-01")), "about February 2020 48(1)! / 1 March 2020 24"},
	})
}

func TestSettleLeavesOut(t *testing.T) {
	es := list(stating("name", text("A")), stating("acronym", text("B"), sure(20)), linking("PART_OF", "operation:x", "operation:y"), stating("noSuchProperty", text("C")))
	var got []string
	for _, f := range intel.Settle(es, 12) {
		got = append(got, string(f.Property))
	}
	if strings.Join(got, " ") != "name acronym" {
		t.Errorf("facts of support 12 and more: %v", got)
	}
	if n := len(intel.Settle(es, 13)); n != 1 {
		t.Errorf("%d facts of support 13 and more, want 1", n)
	}
	if fs := intel.Settle(nil, 0); fs != nil {
		t.Errorf("facts of nothing: %v", fs)
	}
}
