package intel

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// NamesVersion numbers the rules of NameKey, SortKey and NameForms. A store that was
// filled under other rules must be resettled before it is written to.
const NamesVersion = 2

// letters that carry no mark to take off and still have a plain spelling.
var plainLetters = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ß", "ss", "æ", "ae", "œ", "oe")

// NameKey is the form under which names are compared and found: NFKC, case
// folded, non-spacing marks off, ł ø đ ß æ œ spelled plainly, punctuation to
// space, spaces collapsed. When nothing is left, it is the folded text. Two
// names with one key are one name; it is never an id. The key of a key is
// itself.
func NameKey(text string) string {
	folded := strings.TrimSpace(fold(text))
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(folded) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r):
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return folded
	}
	return norm.NFC.String(plainLetters.Replace(b.String()))
}

// fold is NFKC and case folding, repeated until it changes nothing: a few
// characters fold to text that NFKC or folding changes once more.
func fold(s string) string {
	for range 4 {
		f := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
		if f == s {
			break
		}
		s = f
	}
	return s
}

// maxSortKey bounds what an index holds of a name; longer names tie and are
// ordered by id.
const maxSortKey = 160

// SortKey is an ASCII text whose byte order is the order of names in every
// list, the same in every store: the NameKey, with each character beyond ASCII
// (and the tilde) written as ~ and six hexadecimal digits.
func SortKey(name string) string {
	var b strings.Builder
	for _, r := range NameKey(name) {
		n := b.Len()
		if r < 0x7e {
			b.WriteByte(byte(r))
		} else {
			fmt.Fprintf(&b, "~%06x", r)
		}
		if b.Len() > maxSortKey {
			return b.String()[:n]
		}
	}
	return b.String()
}
