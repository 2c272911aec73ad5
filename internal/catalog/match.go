package catalog

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// MatchReason says why, or why not, a name is taken to be another.
type MatchReason struct {
	Kind   MatchReasonKind
	Detail string
	// Weight is what it adds to the score, negative for what it takes off.
	Weight float64
}

// MatchReasonKind is a sort of MatchReason.
type MatchReasonKind string

// The sorts of reasons.
const (
	ExactName       MatchReasonKind = "EXACT_NAME"
	ByAlias         MatchReasonKind = "ALIAS"
	Folded          MatchReasonKind = "FOLDED"
	Leetspeak       MatchReasonKind = "LEETSPEAK"
	Transliterated  MatchReasonKind = "TRANSLITERATED"
	TokenSet        MatchReasonKind = "TOKEN_SET"
	Typo            MatchReasonKind = "TYPO"
	ByContext       MatchReasonKind = "CONTEXT"
	DifferentNumber MatchReasonKind = "DIFFERENT_NUMBER"
	GenericName     MatchReasonKind = "GENERIC_NAME"
	DescriptiveName MatchReasonKind = "DESCRIPTIVE_NAME"
)

// What a likeness of two names scores, from 0 to 1. Of several the best counts.
// The order is settled by what each loses: case and punctuation nothing that
// names differ by, a typing mistake a letter. Measured with bench names.
const (
	scoreExact     = 1.0
	scoreFolded    = 0.98
	scoreJoined    = 0.97 // spaces and punctuation too
	scoreLeet      = 0.95
	scoreLatin     = 0.93
	scoreSet       = 0.92 // other order, "group" and the like left out
	scoreTypoLong  = 0.88 // one letter of a word of longWord or more
	scoreTypo      = 0.86
	scoreTypoShort = 0.70 // one letter of a shorter word
	scoreOtherNo   = 0.30
	longWord       = 8
)

// likeness compares a name with a name in the graph. With score 0 there is no
// likeness and no reason.
func likeness(asked, known *intel.NameForms) (float64, MatchReason) {
	switch {
	case asked.Text == known.Text:
		return why(scoreExact, ExactName, "the same name")
	case asked.Key != "" && asked.Key == known.Key:
		return why(scoreFolded, Folded, "the same but for case, marks or punctuation")
	case asked.Joined != "" && asked.Joined == known.Joined:
		return why(scoreJoined, Folded, "the same but for spaces or punctuation")
	}
	best, reason := 0.0, MatchReason{}
	// What has digits on both sides may read alike, but a mistake among them would
	// make one number another.
	p, q := asked.Digits(), known.Digits()
	typos := p == "" || q == "" || p == q
	for i := range asked.Readings {
		for j := range known.Readings {
			if s, r := alike(&asked.Readings[i], &known.Readings[j], typos); s > best {
				best, reason = s, r
			}
		}
	}
	return best, reason
}

func why(score float64, kind MatchReasonKind, detail string) (float64, MatchReason) {
	return score, MatchReason{Kind: kind, Detail: detail, Weight: score}
}

func alike(a, b *intel.NameReading, typos bool) (float64, MatchReason) {
	switch {
	case a.Joined == "" || b.Joined == "":
		return 0, MatchReason{}
	case a.Joined == b.Joined:
		switch {
		case a.Leet || b.Leet:
			return why(scoreLeet, Leetspeak, fmt.Sprintf("both read %q", a.Joined))
		case a.Latin != b.Latin:
			return why(scoreLatin, Transliterated, fmt.Sprintf("%q in Latin letters", a.Joined))
		}
		return why(scoreJoined, Folded, "the same but for spaces or punctuation")
	case (a.Leet || b.Leet) && a.Shape == b.Shape:
		return why(scoreLeet, Leetspeak, fmt.Sprintf("both read %q", b.Core))
	case a.Set == b.Set, a.Core == b.Core:
		return why(scoreSet, TokenSet, fmt.Sprintf("the same words: %s", a.Set))
	case a.Digits != b.Digits:
		if letters(a.Core) == letters(b.Core) {
			return why(scoreOtherNo, DifferentNumber, fmt.Sprintf("%s is not %s", cmp.Or(a.Digits, "no number"), cmp.Or(b.Digits, "no number")))
		}
		return 0, MatchReason{}
	case !typos || utf8.RuneCountInString(b.Core) < intel.MinTypo || !a.MistakenFor(b):
		return 0, MatchReason{}
	}
	word, known := mistaken(a.Words, b.Words)
	detail := fmt.Sprintf("one letter of %q differs", word)
	switch {
	case known < intel.MinTypo:
		return why(scoreTypoShort, Typo, detail)
	case known < longWord:
		return why(scoreTypo, Typo, detail)
	}
	return why(scoreTypoLong, Typo, detail)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)
}

// mistaken is the word that differs, and its length in letters; the whole when
// the words are split otherwise.
func mistaken(a, b []string) (string, int) {
	if len(a) == len(b) {
		for i := range a {
			if a[i] != b[i] {
				return b[i], max(utf8.RuneCountInString(a[i]), utf8.RuneCountInString(b[i]))
			}
		}
	}
	whole := strings.Join(b, " ")
	return whole, utf8.RuneCountInString(whole)
}
