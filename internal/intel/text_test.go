package intel_test

import (
	"strings"
	"testing"

	"dragnet/internal/intel"
)

func TestCleanText(t *testing.T) {
	const none = "\x00refused"
	for _, c := range []struct {
		name, in          string
		prose, line, nick string // what it becomes in each form
	}{
		{"plain", "OPERA1ER", "OPERA1ER", "OPERA1ER", "OPERA1ER"},
		{"trimmed", " \t\n x \u00a0\u3000", "x", "x", "x"},
		{"composed", "cafe\u0301", "caf\u00e9", "caf\u00e9", "caf\u00e9"},
		{"not folded for compatibility", "ﬁ①", "ﬁ①", "ﬁ①", "ﬁ①"},
		{"empty", "", "", "", ""},
		{"a line break", "a\nb", "a\nb", none, none},
		{"a tab", "a\tb", "a\tb", none, none},
		{"a carriage return", "a\rb", none, none, none},
		{"NUL", "a\x00b", none, none, none},
		{"escape", "a\x1bb", none, none, none},
		{"DEL", "a\x7fb", none, none, none},
		{"a C1 control", "a\u0085b", none, none, none},
		{"not UTF-8", "a\xffb", none, none, none},
		{"half a surrogate", "a\xed\xa0\x80b", none, none, none},
		{"zero width space", "a\u200bb", "a\u200bb", "a\u200bb", none},
		{"bidi control", "\u202ea\u202c", "\u202ea\u202c", "\u202ea\u202c", none},
		{"bidi isolate", "a\u2066b\u2069", "a\u2066b\u2069", "a\u2066b\u2069", none},
		{"byte order mark", "a\ufeffb", "a\ufeffb", "a\ufeffb", none},
		{"soft hyphen", "a\u00adb", "a\u00adb", "a\u00adb", none},
		{"line separator", "a\u2028b", "a\u2028b", "a\u2028b", none},
		{"Hangul filler", "a\u3164b", "a\u3164b", "a\u3164b", none},
		{"grapheme joiner", "a\u034fb", "a\u034fb", "a\u034fb", none},
		{"tags", "a\U000e0041b", "a\U000e0041b", "a\U000e0041b", none},
		{"ZWNJ between letters", "ل\u200cا", "ل\u200cا", "ل\u200cا", "ل\u200cا"},
		{"ZWJ between letters", "न\u200dक", "न\u200dक", "न\u200dक", "न\u200dक"},
		{"ZWJ after a mark", "न\u094d\u200dक", "न\u094d\u200dक", "न\u094d\u200dक", "न\u094d\u200dक"},
		{"ZWJ at the end", "न\u200d", "न\u200d", "न\u200d", none},
		{"ZWJ at the start", "\u200dन", "\u200dन", "\u200dन", none},
		{"ZWJ between emoji", "👩\u200d👧", "👩\u200d👧", "👩\u200d👧", none},
		{"two ZWJ", "न\u200d\u200dक", "न\u200d\u200dक", "न\u200d\u200dक", none},
		{"astral", "\U0001F980", "\U0001F980", "\U0001F980", "\U0001F980"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for form, want := range map[intel.Form]string{intel.Prose: c.prose, intel.Line: c.line, intel.Name: c.nick} {
				got, err := intel.CleanText(c.in, form, 100)
				if want == none {
					if !isInvalid(err) {
						t.Errorf("form %d: %q was taken as %q, error %v", form, c.in, got, err)
					}
				} else if err != nil || got != want {
					t.Errorf("form %d: %q became %q, %v; want %q", form, c.in, got, err, want)
				}
			}
		})
	}
}

func TestCleanTextLimit(t *testing.T) {
	for n, ok := range map[int]bool{9: true, 10: true, 11: false} {
		if _, err := intel.CleanText(strings.Repeat("x", n), intel.Prose, 10); (err == nil) != ok || err != nil && !isInvalid(err) {
			t.Errorf("%d bytes of 10: %v", n, err)
		}
	}
	if _, err := intel.CleanText(strings.Repeat("é", 6), intel.Prose, 10); err == nil {
		t.Error("the limit counts letters, not bytes")
	}
	if _, err := intel.CleanText(strings.Repeat("\x00", 1<<20), intel.Prose, intel.MaxProseBytes); err == nil || len(err.Error()) > 200 {
		t.Errorf("a megabyte: %.300v", err)
	}
}

// TestKeptTextIsTakenAgain: the limit is one of what is kept, which NFC may make
// longer than what was sent.
func TestKeptTextIsTakenAgain(t *testing.T) {
	for n := 1; n < 400; n++ {
		kept, err := intel.CleanText(strings.Repeat("\u0958", n), intel.Name, 1024)
		if err != nil {
			if 2*len("\u0958")*n <= 1024 {
				t.Errorf("%d letters: %v", n, err)
			}
			continue
		}
		if again, err := intel.CleanText(kept, intel.Name, 1024); err != nil || again != kept {
			t.Errorf("%d letters: what was kept is refused: %v", n, err)
		}
	}
}
