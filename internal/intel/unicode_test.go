package intel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Ids and name keys follow from Unicode's tables. This pins them: when it
// fails after an update of Go or x/text, ids derived before and after may
// differ. Then raise NamesVersion and say in CHANGELOG.md what changed.
func TestUnicodeVersion(t *testing.T) {
	const version = "15.0.0"
	if unicode.Version != version || norm.Version != version || cases.UnicodeVersion != version {
		t.Errorf("Unicode is %s in Go, %s in norm, %s in cases; want %s", unicode.Version, norm.Version, cases.UnicodeVersion, version)
	}
	sum := sha256.New()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		s := string(r)
		fmt.Fprintf(sum, "%x:%s:%v:%v\n", r, fold(s), keyRune(r), dash(r))
	}
	const want = "0e3407b6d1433d95216b205ec260fd6fd1d9f900e5738fcc9115a12f5205828d"
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		t.Errorf("folding and the characters of keys hash to %s, want %s", got, want)
	}
}

// Folding twice is folding once, for every character in company; ideographs,
// which have no case and no parts, are left out for their number.
func TestFoldTwice(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsPrint(r) || unicode.Is(unicode.Unified_Ideograph, r) {
			continue
		}
		for _, s := range []string{string(r), "a" + string(r) + "\u0301\u0345", "\u1100" + string(r)} {
			if once := fold(s); fold(once) != once {
				t.Fatalf("%q folds to %q, and that to %q", s, once, fold(once))
			}
		}
	}
}
