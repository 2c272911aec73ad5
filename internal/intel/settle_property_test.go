package intel_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

var comparing = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b })}

func diff(want, got any) string { return cmp.Diff(want, got, comparing) }

func sayAll(fs []intel.Fact) (out []outcome) {
	for _, f := range fs {
		out = append(out, said(f))
	}
	return out
}

func TestSettleIsWhatTheOntologySays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		es := randomEvidence(t)
		if d := diff(oracle(es), sayAll(intel.Settle(es, 0))); d != "" {
			t.Fatalf("Settle is not what the oracle says (- oracle, + Settle):\n%s", d)
		}
	})
}

func TestSettleLinkIsWhatTheOntologySays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		es := randomLinkEvidence(t)
		got := intel.SettleLink(es)
		want, ok := linkOracle(es)
		if ok != (got != nil) {
			t.Fatalf("a settled link: %v, want %v", got != nil, ok)
		}
		if d := diff(&want, got); ok && d != "" {
			t.Fatalf("SettleLink is not what the oracle says (- oracle, + SettleLink):\n%s", d)
		}
	})
}

func TestSettleForgetsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		es := randomEvidence(t)
		shuffled := rapid.Permutation(es).Draw(t, "order")
		given := slices.Clone(shuffled)
		if d := diff(intel.Settle(es, 0), intel.Settle(shuffled, 0)); d != "" {
			t.Fatalf("another order, other facts:\n%s", d)
		}
		if d := diff(given, shuffled); d != "" {
			t.Fatalf("Settle changed what it was given:\n%s", d)
		}
		links := randomLinkEvidence(t)
		if d := diff(intel.SettleLink(links), intel.SettleLink(rapid.Permutation(links).Draw(t, "order"))); d != "" {
			t.Fatalf("another order, another link:\n%s", d)
		}
	})
}
