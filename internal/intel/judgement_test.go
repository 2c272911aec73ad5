package intel_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func TestNewJudgement(t *testing.T) {
	j, err := intel.NewJudgement(intel.SameAs, "group:Blue", "group:amber", 90, "  one actor\u0301 ", "source:A")
	if err != nil {
		t.Fatal(err)
	}
	if j.Left != "group:amber" || j.Right != "group:blue" || j.Source != "source:a" || j.Reason != "one actoŕ" || j.ID != j.HashID() {
		t.Errorf("kept as %+v", j)
	}
	turned, err := intel.NewJudgement(intel.SameAs, "group:amber", "group:blue", 90, "one actoŕ", "source:a")
	if err != nil || turned.ID != j.ID {
		t.Errorf("the pair turned round is %v, %v", turned, err)
	}
}

func TestNewJudgementNamesEveryFault(t *testing.T) {
	for _, c := range []struct {
		name                string
		verdict             intel.Verdict
		left, right         string
		score               int
		reason, source, bad string
	}{
		{"a verdict", "MAYBE", "group:a", "group:b", 1, "r", "", "verdict"},
		{"an id that is none", "SAME_AS", "a", "group:b", 1, "r", "", "left"},
		{"a key that is none", "SAME_AS", "group:a", "group:<", 1, "r", "", "right"},
		{"one entity", "SAME_AS", "group:a", "group:A", 1, "r", "", "right"},
		{"two kinds", "SAME_AS", "group:a", "person:a", 1, "r", "", "right"},
		{"no score", "SAME_AS", "group:a", "group:b", 0, "r", "", "score"},
		{"too high a score", "SAME_AS", "group:a", "group:b", 101, "r", "", "score"},
		{"no reason", "SAME_AS", "group:a", "group:b", 1, " ", "", "reason"},
		{"a long reason", "SAME_AS", "group:a", "group:b", 1, strings.Repeat("r", intel.MaxReasonBytes+1), "", "reason"},
		{"a source", "SAME_AS", "group:a", "group:b", 1, "r", "group:a", "source"},
		{"all of it", "", "", "", -1, "\x00", "x", "verdict left right score reason source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := intel.NewJudgement(c.verdict, c.left, c.right, c.score, c.reason, c.source)
			var faults intel.FieldErrors
			if !errors.As(err, &faults) {
				t.Fatalf("%v is not a list of faults", err)
			}
			var fields []string
			for _, f := range faults {
				fields = append(fields, f.Field)
			}
			if got := strings.Join(fields, " "); got != c.bad || !errors.Is(err, intel.ErrInvalid) {
				t.Errorf("faults in %q, want %q: %v", got, c.bad, err)
			}
		})
	}
}

// Everything said is part of the id; who said it, and when, is not.
func TestJudgementIDHoldsEverything(t *testing.T) {
	base := intel.Judgement{Verdict: intel.SameAs, Left: "group:a", Right: "group:b", Score: 10, Reason: "r", Source: "source:s"}
	ids := []string{base.HashID()}
	for _, change := range []func(*intel.Judgement){
		func(j *intel.Judgement) { j.Verdict = intel.UnsureSame }, func(j *intel.Judgement) { j.Left = "group:aa" }, func(j *intel.Judgement) { j.Right = "group:c" },
		func(j *intel.Judgement) { j.Score = 11 }, func(j *intel.Judgement) { j.Reason = "" }, func(j *intel.Judgement) { j.Source = "" },
		func(j *intel.Judgement) { j.Reason, j.Source = "rs", "ource:s" },
	} {
		j := base
		change(&j)
		if slices.Contains(ids, j.HashID()) {
			t.Errorf("%+v has the id of another", j)
		}
		ids = append(ids, j.HashID())
	}
	base.Added, base.Events = stamp(3), []intel.Event{{Retracted: true}}
	if base.HashID() != ids[0] {
		t.Error("the id holds what the service adds")
	}
}

func TestJudgementLives(t *testing.T) {
	j := &intel.Judgement{Added: stamp(2), Events: []intel.Event{{Stamp: stamp(4), Retracted: true}, {Stamp: stamp(6)}}}
	for revision, want := range []bool{false, false, true, true, false, false, true} {
		if got := j.LiveAt(int64(revision)); got != want {
			t.Errorf("live at revision %d: %v", revision, got)
		}
		if got := j.LiveAsOf(stamp(int64(revision)).At); got != want {
			t.Errorf("live as of revision %d: %v", revision, got)
		}
	}
	if !j.Live() || j.Retraction() != nil || j.Changed() != 6 || j.LiveAsOf(stamp(4).At.Add(-time.Microsecond)) != true {
		t.Error("reinstated, it does not live")
	}
	j.Events = j.Events[:1]
	if j.Live() || j.Retraction() == nil || j.Changed() != 4 {
		t.Error("retracted, it lives")
	}
}
