package intel

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Form says how strictly a text is checked.
type Form int

const (
	// Prose may run over lines and keeps every writing direction.
	Prose Form = iota
	// Line is prose on one line.
	Line
	// Name is what something is called, a key or a code: one line, and nothing
	// that cannot be seen.
	Name
)

// Largest sizes of texts, in bytes of UTF-8.
const (
	MaxNameBytes    = 1024
	MaxProseBytes   = 64 << 10
	MaxQuoteBytes   = 4 << 10
	MaxLocatorBytes = 1024
	MaxCodeBytes    = 256
	MaxSchemeBytes  = 64
	MaxURLBytes     = 4 << 10
	MaxReasonBytes  = 4 << 10
)

// CleanText brings a text to the form in which it is hashed and kept (NFC,
// trimmed) and checks it: valid UTF-8, at most limit bytes, no control
// characters other than tab and newline, and in a Name nothing invisible (bidi
// controls and zero-width characters, ZWJ and ZWNJ between letters excepted).
func CleanText(s string, form Form, limit int) (string, error) {
	// NFC makes a few texts longer and many shorter, by no more than four times:
	// what is kept must be taken again, and what is far too long costs nothing.
	if len(s) > 4*limit {
		return "", Invalid("", "is too long: %d bytes, at most %d are kept", len(s), limit)
	}
	if !utf8.ValidString(s) {
		return "", Invalid("", "is not valid UTF-8")
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if len(s) > limit {
		return "", Invalid("", "is too long: %d bytes, at most %d are kept", len(s), limit)
	}
	var prev rune
	for i, r := range s {
		switch {
		case r == '\t' || r == '\n':
			if form != Prose {
				return "", Invalid("", "must be on one line without tabs")
			}
		case unicode.IsControl(r):
			return "", Invalid("", "holds the control character U+%04X", r)
		case form == Name && invisible(r):
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if joiner := r == '\u200c' || r == '\u200d'; !joiner || !letter(prev) || !letter(next) {
				return "", Invalid("", "holds the invisible character U+%04X", r)
			}
		}
		prev = r
	}
	return s, nil
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u034f'
}
