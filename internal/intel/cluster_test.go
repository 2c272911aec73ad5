package intel_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func judged(v intel.Verdict, a, b string, score int) *intel.Judgement {
	j, err := intel.NewJudgement(v, "group:"+a, "group:"+b, score, "because", "")
	if err != nil {
		panic(err)
	}
	return j
}

func byRule(a, b string) *intel.Judgement {
	return intel.SameExternalID("group:"+a, "group:"+b, intel.ExternalID{Scheme: "mitre-attack", Value: "G0007"})
}

func TestClusters(t *testing.T) {
	for _, c := range []struct {
		name      string
		live      []*intel.Judgement
		members   string // of the cluster of group:a
		conflicts int
	}{
		{"nothing judged", nil, "[group:a]", 0},
		{"a pair", []*intel.Judgement{judged("SAME_AS", "b", "a", 50)}, "[group:a group:b]", 0},
		{"a chain", []*intel.Judgement{judged("SAME_AS", "b", "a", 50), judged("SAME_AS", "b", "c", 50)}, "[group:a group:b group:c]", 0},
		{"unsure", []*intel.Judgement{judged("UNSURE_SAME", "b", "a", 100)}, "[group:a]", 0},
		{"a weak no against a strong yes", []*intel.Judgement{judged("SAME_AS", "b", "a", 100), judged("DISTINCT_FROM", "b", "a", 1)}, "[group:a]", 1},
		{"the stronger join comes first", []*intel.Judgement{judged("SAME_AS", "a", "b", 40), judged("SAME_AS", "b", "c", 60), judged("DISTINCT_FROM", "a", "c", 9)}, "[group:a]", 1},
		{"the stronger join comes first, the other way", []*intel.Judgement{judged("SAME_AS", "a", "b", 70), judged("SAME_AS", "b", "c", 60), judged("DISTINCT_FROM", "a", "c", 9)}, "[group:a group:b]", 1},
		{"by rule", []*intel.Judgement{byRule("a", "b")}, "[group:a group:b]", 0},
		{"a person overrides the rule", []*intel.Judgement{byRule("a", "b"), judged("DISTINCT_FROM", "a", "b", 1)}, "[group:a]", 0},
		{"a rule that a chain contradicts", []*intel.Judgement{byRule("a", "b"), byRule("b", "c"), byRule("a", "c"), judged("DISTINCT_FROM", "a", "c", 1)}, "[group:a]", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := intel.NewClusters(c.live).Of("group:a")
			if m := fmt.Sprint(got.Members); m != c.members || got.Representative() != got.Members[0] {
				t.Errorf("members %s, want %s", m, c.members)
			}
			if len(got.Conflicts) != c.conflicts {
				t.Errorf("%d conflicts, want %d", len(got.Conflicts), c.conflicts)
			}
		})
	}
}

func TestClustersSayWhy(t *testing.T) {
	long := []*intel.Judgement{judged("SAME_AS", "a", "b", 50), judged("SAME_AS", "c", "b", 60), judged("SAME_AS", "c", "d", 70)}
	no := judged("DISTINCT_FROM", "e", "b", 5)
	cs := intel.NewClusters(append([]*intel.Judgement{judged("SAME_AS", "e", "f", 8), no, judged("DISTINCT_FROM", "e", "c", 4)}, long...))
	if got := cs.Chain("group:a", "group:d"); !slices.Equal(got, long) {
		t.Errorf("the chain is %v", got)
	}
	if got := cs.Chain("group:a", "group:f"); got != nil {
		t.Errorf("a chain between clusters: %v", got)
	}
	if got := cs.Chain("group:a", "group:a"); got != nil {
		t.Errorf("a chain to itself: %v", got)
	}
	if cs.Apart("group:f", "group:d") != no || cs.Apart("group:d", "group:f") != no || cs.Apart("group:a", "group:d") != nil || cs.Apart("group:x", "group:a") != nil {
		t.Error("what keeps clusters apart is not named")
	}
}

func randomJudgements(t *rapid.T) []*intel.Judgement {
	name := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"})
	seen := map[string]bool{}
	var out []*intel.Judgement
	for range rapid.IntRange(0, 24).Draw(t, "judgements") {
		a := name.Draw(t, "a")
		b := name.Filter(func(s string) bool { return s != a }).Draw(t, "b")
		j := byRule(a, b)
		if v := rapid.SampledFrom([]intel.Verdict{"SAME_AS", "SAME_AS", "DISTINCT_FROM", "UNSURE_SAME", "rule"}).Draw(t, "verdict"); v != "rule" {
			j = judged(v, a, b, rapid.SampledFrom([]int{30, 60, 100}).Draw(t, "score"))
		}
		if !seen[j.ID] {
			out = append(out, j)
		}
		seen[j.ID] = true
	}
	return out
}

// naive numbers the clusters afresh for every judgement and looks at all pairs.
func naive(live []*intel.Judgement) (in map[string]string, conflicts []string) {
	js := slices.Clone(live)
	slices.SortFunc(js, func(a, b *intel.Judgement) int {
		return cmp.Or(b.Score-a.Score, cmp.Compare(a.ID, b.ID))
	})
	in = map[string]string{}
	for _, j := range js {
		in[j.Left], in[j.Right] = j.Left, j.Right
	}
	for _, j := range js {
		if j.Verdict != intel.SameAs {
			continue
		}
		if j.ByRule() && slices.ContainsFunc(js, func(d *intel.Judgement) bool {
			return d.Verdict == intel.DistinctFrom && d.Left == j.Left && d.Right == j.Right
		}) {
			continue
		}
		joined := map[string]string{}
		for id, c := range in {
			if c == in[j.Right] {
				c = in[j.Left]
			}
			joined[id] = c
		}
		if slices.ContainsFunc(js, func(d *intel.Judgement) bool {
			return d.Verdict == intel.DistinctFrom && joined[d.Left] == joined[d.Right]
		}) {
			conflicts = append(conflicts, j.ID)
			continue
		}
		in = joined
	}
	return in, conflicts
}

func TestClustersAreWhatTheOntologySays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live := randomJudgements(t)
		in, conflicts := naive(live)
		cs := intel.NewClusters(live)
		found := map[string]bool{}
		for a := range in {
			c := cs.Of(a)
			for b := range in {
				if one := slices.Contains(c.Members, b); one != (in[a] == in[b]) {
					t.Fatalf("%s and %s are one: %v", a, b, one)
				} else if one != (a == b || len(cs.Chain(a, b)) > 0) {
					t.Fatalf("%s and %s are one: %v, by %v", a, b, one, cs.Chain(a, b))
				}
			}
			for _, j := range c.Conflicts {
				found[j.ID] = true
				if cs.Apart(j.Left, j.Right) == nil {
					t.Fatalf("nothing keeps %s and %s apart", j.Left, j.Right)
				}
			}
		}
		for _, id := range conflicts {
			if !found[id] {
				t.Fatalf("the conflict %s is told by no cluster", id)
			}
		}
		if len(found) != len(conflicts) {
			t.Fatalf("%d conflicts, want %d", len(found), len(conflicts))
		}
	})
}

// The order in which judgements come, and those that join nothing, change
// nothing.
func TestClustersForgetOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live := randomJudgements(t)
		turned := slices.DeleteFunc(rapid.Permutation(live).Draw(t, "turned"), func(j *intel.Judgement) bool { return j.Verdict == intel.UnsureSame })
		a, b := intel.NewClusters(live), intel.NewClusters(turned)
		for _, j := range live {
			for _, id := range []string{j.Left, j.Right} {
				if d := diff(a.Of(id), b.Of(id)); d != "" {
					t.Fatalf("in another order %s stands otherwise:\n%s", id, d)
				}
			}
		}
	})
}
