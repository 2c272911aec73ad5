package intel_test

import (
	"strings"
	"testing"

	"dragnet/internal/intel"
)

func TestReason(t *testing.T) {
	from := func(title string, r intel.Reliability) say {
		return func(e *intel.Evidence) {
			e.Title, e.Reliability, e.Source, e.Origins = title, r, "source:"+title, []string{"source:" + title}
		}
	}
	titled := func(es ...intel.Evidence) []intel.Evidence { return es }
	state := func(p intel.Property, v intel.Value, title string, r intel.Reliability, says ...say) intel.Evidence {
		e := stating(p, v, says...)
		from(title, r)(&e)
		return e
	}
	for _, c := range []struct {
		name string
		es   []intel.Evidence
		want string
	}{
		{"one value", titled(state("name", text("A"), "News", "C")), "The only value stated, support 48 from “News” (C); nobody disagrees."},
		{"best of two, with dissent", titled(state("acronym", text("A"), "News", "C"), state("acronym", text("B"), "Post", "D")),
			"The best supported of 2 values, support 48 from “News” (C); strongest dissent: B, support 32 from “Post” (D)."},
		{"latest, two origins", titled(state("arrests", exactly(3500), "News", "C", since("2020")), state("arrests", exactly(4000), "Post", "B", since("2021")), state("arrests", exactly(4000), "Wire", "E", since("2019"))),
			"The latest of 2 values with at least half of the best support, support 70 from “Post” (B), “Wire” (E); nobody disagrees."},
		{"denied", titled(state("acronym", text("A"), "News", "C"), state("acronym", text("A"), "Court", "D", denying)),
			"The only value stated, support 33 from “News” (C); denied with weight 32 by “Court” (D)."},
		{"a set", titled(state("operationType", word("ARREST"), "News", "C"), state("operationType", word("SEARCH"), "Post", "D")),
			"All 2 values not outweighed, support 48 from “News” (C) for the first; nobody disagrees."},
		{"more than three sources", titled(state("name", text("A"), "1", "C"), state("name", text("A"), "2", "C", numbered("x2")), state("name", text("A"), "3", "C", numbered("x3")), state("name", text("A"), "4", "C", numbered("x4")), state("name", text("A"), "5", "C", numbered("x5"))),
			"The only value stated, support 96 from “1” (C), “2” (C), “3” (C) and 2 more; nobody disagrees."},
		{"earliest", titled(state("startedOn", date("2020"), "News", "C"), state("startedOn", date("2021"), "Post", "C")),
			"The earliest of 2 dates with at least half of the best support, support 48 from “News” (C); strongest dissent: 2021, support 48 from “Post” (C)."},
		{"last", titled(state("endedOn", date("2020"), "News", "C"), state("endedOn", date("2020-02"), "Post", "C")),
			"The last of 2 dates with at least half of the best support, support 48 from “Post” (C); nobody disagrees."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := intel.Settle(c.es, 0)[0].Reason; got != c.want {
				t.Errorf("reason is\n  %s, want\n  %s", got, c.want)
			}
		})
	}
}

// The claims behind a fact: those about the values shown, denials too,
// heaviest first, ties by id; and those of each alternative.
func TestFactClaims(t *testing.T) {
	es := list(
		stating("acronym", text("A"), numbered("3")), stating("acronym", text("A"), numbered("1"), sure(10)), stating("acronym", text("A"), numbered("2"), denying, sure(20)),
		stating("acronym", text("A"), numbered("0"), origin("source:claim:3")), stating("acronym", text("B"), numbered("4"), sure(5)))
	f := intel.Settle(es, 0)[0]
	ids := func(cs []*intel.Claim) (s string) {
		for _, c := range cs {
			s += c.ID[len(intel.ClaimPrefix):]
		}
		return s
	}
	if got := ids(f.Claims); got != "0321" {
		t.Errorf("claims of the fact: %s, want 0321", got)
	}
	if got := ids(f.Alternatives[0].Claims); got != "4" {
		t.Errorf("claims of the alternative: %s, want 4", got)
	}
}

// TestReasonTellsWeakDissent names a dissent that is too weak to contest.
func TestReasonTellsWeakDissent(t *testing.T) {
	said := func(id, source string, grade intel.Reliability, confidence int, n int64) intel.Evidence {
		return intel.Evidence{Title: source, Reliability: grade, Origins: []string{source}, Claim: &intel.Claim{
			ID: id, Subject: "operation:x", Property: "arrests", Source: source, Stance: intel.Asserts, Confidence: confidence,
			Value: intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n, Qualifier: intel.Exact}}}}
	}
	f := intel.Settle([]intel.Evidence{said("claim:1", "source:a", "A", 100, 3500), said("claim:2", "source:b", "E", 100, 9000)}, 0)[0]
	if f.Contested || !strings.Contains(f.Reason, "strongest dissent: 9,000, support ") {
		t.Errorf("contested %t, %s", f.Contested, f.Reason)
	}
}

// TestReasonTellsDenials names a denial however weak it is, and before a rival
// that is weaker.
func TestReasonTellsDenials(t *testing.T) {
	said := func(id string, stance intel.Stance, confidence int, n int64) intel.Evidence {
		source := "source:" + id
		return intel.Evidence{Title: source, Reliability: "A", Origins: []string{source}, Claim: &intel.Claim{
			ID: id, Subject: "operation:x", Property: "arrests", Source: source, Stance: stance, Confidence: confidence,
			Value: intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n, Qualifier: intel.Exact}}}}
	}
	for want, evidence := range map[string][]intel.Evidence{
		"; denied with weight 8 by":  {said("a", intel.Asserts, 100, 5), said("b", intel.Denies, 8, 5)},
		"; denied with weight 76 by": {said("a", intel.Asserts, 100, 5), said("b", intel.Denies, 80, 5), said("c", intel.Asserts, 6, 900)},
		"; strongest dissent: 900,":  {said("a", intel.Asserts, 100, 5), said("b", intel.Denies, 8, 5), said("c", intel.Asserts, 60, 900)},
	} {
		if f := intel.Settle(evidence, 0)[0]; !strings.Contains(f.Reason, want) {
			t.Errorf("%s\nwant %q", f.Reason, want)
		}
	}
}
