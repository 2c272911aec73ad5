package intel

import (
	"slices"
	"time"
)

// Verdict says how two entities relate in identity.
type Verdict string

// The verdicts. UnsureSame joins nothing: it marks a pair as worth a look.
const (
	SameAs       Verdict = "SAME_AS"
	DistinctFrom Verdict = "DISTINCT_FROM"
	UnsureSame   Verdict = "UNSURE_SAME"
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{SameAs, DistinctFrom, UnsureSame} }

// JudgementPrefix begins the ids of judgements.
const JudgementPrefix = "judgement:"

// MaxScore is the score of a judgement that is certain.
const MaxScore = 100

// RuleExternalID is the author of the judgements that SameExternalID derives.
const RuleExternalID = "rule:external-id"

// Judgement says whether two entities of one kind are the same. It destroys
// nothing: what it joins comes apart again when it is retracted. It never
// changes; its Events may grow.
type Judgement struct {
	ID      string
	Verdict Verdict
	// Left and Right are the pair, the smaller id first.
	Left, Right string
	Score       int // 1 to MaxScore
	Reason      string
	Source      string // "" when the reason rests on no document

	Added  Stamp // its author is Added.By
	Events []Event
}

// NewJudgement checks a judgement as its sender gave it and brings it into the
// form in which it is kept: ids parsed, the pair in order, the reason clean, the
// id derived. All faults come together as FieldErrors, each naming its field:
// verdict, left, right, score, reason or source.
func NewJudgement(v Verdict, left, right string, score int, reason, source string) (*Judgement, error) {
	var faults FieldErrors
	part := func(field, text string, parse func(string) (string, error)) string {
		kept, err := parse(text)
		if err != nil {
			faults = append(faults, Invalid(field, "%s", err))
		}
		return kept
	}
	j := &Judgement{Verdict: v, Score: score}
	if !slices.Contains(Verdicts(), v) {
		faults = append(faults, Invalid("verdict", "%q is none of %v", clip(string(v), 60), Verdicts()))
	}
	j.Left, j.Right = part("left", left, ParseEntityID), part("right", right, ParseEntityID)
	if j.Left != "" && j.Right != "" {
		faults = append(faults, pairFaults(j.Left, j.Right)...)
	}
	if score < 1 || score > MaxScore {
		faults = append(faults, Invalid("score", "is from 1 to %d, not %d", MaxScore, score))
	}
	j.Reason = part("reason", reason, cleanReason)
	if source != "" {
		j.Source = part("source", source, ParseSourceID)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	j.Left, j.Right = min(j.Left, j.Right), max(j.Left, j.Right)
	j.ID = j.HashID()
	return j, nil
}

func pairFaults(left, right string) FieldErrors {
	switch {
	case left == right:
		return FieldErrors{Invalid("right", "is the same entity as left: a judgement is about two")}
	case KindOf(left) != KindOf(right):
		return FieldErrors{Invalid("right", "is of kind %s and left of kind %s: a judgement is about two of one kind", KindOf(right), KindOf(left))}
	}
	return nil
}

func cleanReason(s string) (string, error) {
	s, err := CleanText(s, Prose, MaxReasonBytes)
	if err == nil && s == "" {
		return "", Invalid("", "is empty: say why")
	}
	return s, err
}

// SameExternalID is the judgement that follows from two different entities of
// one kind holding the same external id. It is derived and never stored.
func SameExternalID(a, b string, x ExternalID) *Judgement {
	j := &Judgement{Verdict: SameAs, Left: min(a, b), Right: max(a, b), Score: MaxScore,
		Reason: "both hold the external id " + x.Scheme + ":" + x.Value, Added: Stamp{By: RuleExternalID}}
	j.ID = j.HashID()
	return j
}

// ByRule says that the judgement was derived, not made by a person or a feed.
func (j *Judgement) ByRule() bool { return j.Added.By == RuleExternalID }

// HashID derives the judgement's id from what it says: judgement: and the
// SHA-256, in hexadecimal, of the canonical encoding. Its author is not part of
// it, so that two people who say the same say it once. The judgement must be in
// the form in which it is kept.
func (j *Judgement) HashID() string {
	e := newEncoder("dragnet judgement 1")
	e.text(string(j.Verdict), j.Left, j.Right, itoa(int64(j.Score)), j.Reason, j.Source)
	return JudgementPrefix + e.sum()
}

// Live says that the judgement was never retracted, or was reinstated since.
func (j *Judgement) Live() bool { return retraction(j.Events) == nil }

// LiveAt says that the judgement was live at a revision.
func (j *Judgement) LiveAt(revision int64) bool { return liveAt(j.Added, j.Events, revision) }

// LiveAsOf says that the judgement was live at a moment (inclusive).
func (j *Judgement) LiveAsOf(t time.Time) bool { return liveAsOf(j.Added, j.Events, t) }

// Changed is the revision of the last change to the judgement.
func (j *Judgement) Changed() int64 { return changed(j.Added, j.Events) }

// Retraction gives the event that withdrew it, or nil when it is live.
func (j *Judgement) Retraction() *Event { return retraction(j.Events) }
