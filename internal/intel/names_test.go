package intel_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func TestNameKey(t *testing.T) {
	for in, want := range map[string]string{
		"OPERA1ER": "opera1er", "DESKTOP Group": "desktop group", "NX$M$": "nx$m$", "Côte d’Ivoire": "cote d ivoire", "Müller": "muller", "Mu\u0308ller": "muller",
		"Łódź Øre Đặng": "lodz ore dang", "Straße": "strasse", "STRASSE": "strasse", "Æther Œuvre": "aether oeuvre", "APT-28": "apt 28", "APT 28": "apt 28", "APT28": "apt28",
		"  spaced\t\n out  ": "spaced out", "…": "...", "---": "---", "!": "!", "A.B.C.": "a b c", "ﬁne": "fine", "Ｆｕｌｌ": "full", "①": "1", "Σίσυφος": "σισυφοσ", "İstanbul": "istanbul",
		"ıstanbul": "ıstanbul", "zero\u200bwidth": "zerowidth", "soft\u00adhyphen": "softhyphen", "日本": "日本", "한국": "한국", "가": "가", "Й": "и", "ё": "е", "नि": "न\u093f",
		"\U00010400": "\U00010428", "ⅷ": "viii", "¼": "1⁄4", "a+b": "a+b", "100%": "100", "%": "%", "": "", "_": "_", "a_b": "a b",
	} {
		if got := intel.NameKey(in); got != want {
			t.Errorf("NameKey(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestSortKey(t *testing.T) {
	for in, want := range map[string]string{
		"OPERA1ER": "opera1er", "é": "e", "日本": "~0065e5~00672c", "a~b": "a~00007eb", "\U00010428": "~010428", "{x}": "x", "a|b": "a|b", "": "",
		strings.Repeat("a", 200): strings.Repeat("a", 160), strings.Repeat("日", 30): strings.Repeat("~0065e5", 22),
	} {
		if got := intel.SortKey(in); got != want {
			t.Errorf("SortKey(%q) is %q, want %q", in, got, want)
		}
	}
}

// anyName draws texts of all planes, near each other.
func anyName(t *rapid.T, label string) string {
	rs := rapid.SliceOfN(rapid.OneOf(
		rapid.RuneFrom([]rune("abz~}| 09$.-_'éßłØİıſſK①ﬁ")),
		rapid.RuneFrom([]rune{0x7e, 0x7f, 0x80, 0x3ff, 0x1100, 0xac00, 0x3041, 0xfa0e, 0xe000, 0xffef, 0x10000, 0x10400, 0x10428, 0x1f980, 0x10ffff, 0x301, 0x200d, 0xad}),
		rapid.Rune(),
	), 0, 8).Draw(t, label)
	return string(rs)
}

// The order of sort keys is that of the name keys by code point.
func TestSortKeyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := anyName(t, "x"), anyName(t, "y")
		if got, want := cmp.Compare(intel.SortKey(x), intel.SortKey(y)), cmp.Compare(intel.NameKey(x), intel.NameKey(y)); got != want {
			t.Fatalf("%q and %q compare as %d by %q and %q, want %d", x, y, got, intel.SortKey(x), intel.SortKey(y), want)
		}
		if strings.ContainsFunc(intel.SortKey(x), func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Fatalf("SortKey(%q) is %q", x, intel.SortKey(x))
		}
	})
}

// One name has one key, however its letters are composed.
func TestNameKeyOfOneName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := anyName(t, "name")
		key := intel.NameKey(name)
		if key == "" && strings.TrimSpace(name) != "" {
			t.Fatalf("NameKey(%q) is empty", name)
		}
		for _, same := range []string{norm.NFD.String(name), norm.NFC.String(name), " " + name + "\n"} {
			if got := intel.NameKey(same); got != key {
				t.Fatalf("%q and %q have the keys %q and %q", name, same, key, got)
			}
		}
	})
}
