package intel_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func TestDeriveKey(t *testing.T) {
	for _, c := range []struct {
		kind     intel.Kind
		in, want string
	}{
		{intel.KindGroup, "OPERA1ER", "opera1er"},
		{intel.KindAlias, "NX$M$", "nx$m$"},
		{intel.KindAlias, "DESKTOP Group", "desktop-group"},
		{intel.KindAlias, "Desktop Group", "desktop-group"},
		{intel.KindPerson, "Jürgen Stock", "jürgen-stock"},
		{intel.KindPerson, "Ju\u0308rgen Stock", "jürgen-stock"},
		{intel.KindOperation, "Operation Nervone", "nervone"},
		{intel.KindOperation, "OPERATION  –  Nervone", "nervone"},
		{intel.KindOperation, "Operation", "operation"},
		{intel.KindOperation, "Operation Operation", "operation"},
		{intel.KindOperation, "Operations Centre", "operations-centre"},
		{intel.KindGroup, "Operation Nervone", "operation-nervone"},
		{intel.KindGroup, "  white \t space\u00a0and—dashes ‐ all − one ", "white-space-and-dashes-all-one"},
		{intel.KindGroup, "-a-", "a"},
		{intel.KindGroup, "Côte d’Ivoire", "côte-d%e2%80%99ivoire"},
		{intel.KindGroup, "a/b:c|d%e", "a%2fb%3ac%7cd%25e"},
		{intel.KindGroup, "100%25", "100%2525"},
		{intel.KindGroup, "a.b_c$d@e!", "a.b_c$d@e!"},
		{intel.KindGroup, "STRASSE", "strasse"},
		{intel.KindGroup, "Straße", "strasse"},
		{intel.KindGroup, "ﬁne", "fine"},
		{intel.KindGroup, "Ｆｕｌｌ①", "full1"},
		{intel.KindGroup, "ΣΊΣΥΦΟΣ", "σίσυφοσ"},
		{intel.KindGroup, "Σίσυφος", "σίσυφοσ"},
		{intel.KindGroup, "İ", "i̇"},
		{intel.KindGroup, "日本 赤軍", "日本-赤軍"},
		{intel.KindGroup, "हिन्दी", "हिन्दी"},
		{intel.KindGroup, "🦀", "%f0%9f%a6%80"},
		{intel.KindGroup, "...", "..."},
		{intel.KindGroup, "?", "%3f"},
	} {
		got, err := intel.DeriveKey(c.kind, c.in)
		if err != nil || got != c.want {
			t.Errorf("the key of the %s %q is %q, %v; want %q", c.kind, c.in, got, err, c.want)
		}
	}
	for kind, in := range map[intel.Kind]string{intel.KindCountry: "France", intel.KindGroup: "", intel.KindTool: " — ", intel.KindOperation: "-"} {
		if got, err := intel.DeriveKey(kind, in); !isInvalid(err) {
			t.Errorf("the key of the %s %q is %q, %v", kind, in, got, err)
		}
	}
}

func TestDeriveLongKeys(t *testing.T) {
	long := strings.Repeat("long name ", 40)
	a, _ := intel.DeriveKey(intel.KindGroup, long+"a")
	b, _ := intel.DeriveKey(intel.KindGroup, long+"b")
	if len(a) > intel.MaxKeyBytes || a == b || !strings.HasPrefix(a, "long-name-long-name-") || a[len(a)-17] != '-' {
		t.Errorf("long names become %q and %q", a, b)
	}
	for _, in := range []string{strings.Repeat("x", 200), strings.Repeat("x", 201), strings.Repeat("é", 150), strings.Repeat("🦀", 80), "a" + strings.Repeat("🦀", 80), "ab" + strings.Repeat("?", 90), strings.Repeat("e\u0323\u0301", 60), strings.Repeat("日", 100)} {
		key, err := intel.DeriveKey(intel.KindGroup, in)
		if err != nil || len(key) > intel.MaxKeyBytes || len(key) < 170 {
			t.Errorf("%.20q…: a key of %d bytes, %v", in, len(key), err)
		}
		if id, err := intel.ParseEntityID("group:" + key); err != nil || id != "group:"+key {
			t.Errorf("the key %q is checked as %q, %v", key, id, err)
		}
	}
	if key, _ := intel.DeriveKey(intel.KindGroup, strings.Repeat("x", 200)); key != strings.Repeat("x", 200) {
		t.Errorf("200 bytes are cut to %q", key)
	}
}

func TestParseEntityID(t *testing.T) {
	for in, want := range map[string]string{
		"group:opera1er": "group:opera1er", "group:OPERA1ER": "group:opera1er", "group:Jürgen": "group:jürgen", "group:ju\u0308rgen": "group:jürgen",
		"country:CI": "country:CI", "country:ci": "country:CI", "country:Xk": "country:XK", "region:002": "region:002", "group:misp-7a2d": "group:misp-7a2d",
		"group:a%2fb": "group:a%2fb", "group:a%2Fb": "group:a%2fb", "group:%25": "group:%25", "group:operation-x": "group:operation-x", "operation:operation-x": "operation:operation-x",
		"group:ﬁ": "group:fi", "alias:nx$m$": "alias:nx$m$", "group:-": "group:-", "group:" + strings.Repeat("x", 200): "group:" + strings.Repeat("x", 200), "group:  x ": "group:x",
		"Group:x": "", "GROUP:x": "", "gang:x": "", "group": "", ":x": "", "group:": "", "": "", "source:x": "", "claim:x": "", "group:a b": "", "group:a:b": "", "group:a|b": "", "group:a/b": "",
		"group:a%": "", "group:a%2": "", "group:%zz": "", "group:100%": "", "group:a\nb": "", "group:a\x00b": "", "group:a\u200bb": "", "group:\u202ea": "", "group:’": "",
		"group:" + strings.Repeat("x", 201): "", "group:" + strings.Repeat("é", 101): "", "group:" + strings.Repeat("x", 1<<20): "", "country:": "", "country:CIV": "", "country:C1": "", "country:É": "", "country:C": "", "group:\xff": "",
		"country:ﬁ": "country:FI",
	} {
		got, err := intel.ParseEntityID(in)
		if got != want || (err == nil) != (want != "") || err != nil && !isInvalid(err) {
			t.Errorf("%.60q is checked as %q, error %v; want %q", in, got, err, want)
		}
	}
}

func TestParseSourceID(t *testing.T) {
	for in, want := range map[string]string{"source:a": "source:a", "source:Example.org%2fA": "source:example.org%2fa", "source:CI": "source:ci", "group:a": "", "source:": "", "source:a b": "", "a": ""} {
		got, err := intel.ParseSourceID(in)
		if got != want || (err == nil) != (want != "") || err != nil && !isInvalid(err) {
			t.Errorf("%q is checked as %q, error %v; want %q", in, got, err, want)
		}
	}
}

// cleanName draws names that CleanText takes.
func cleanName(t *rapid.T) string {
	s := strings.Repeat(anyName(t, "name"), rapid.IntRange(1, 30).Draw(t, "times"))
	s, err := intel.CleanText(strings.Map(func(r rune) rune {
		if unicode.IsMark(r) || r == '\u200d' { // not on characters that are encoded
			return 'x'
		}
		return r
	}, s), intel.Name, intel.MaxNameBytes)
	if err != nil {
		t.Skip()
	}
	return s
}

func TestDerivedKeysAreChecked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := cleanName(t)
		for _, kind := range []intel.Kind{intel.KindGroup, intel.KindOperation} {
			key, err := intel.DeriveKey(kind, name)
			if err != nil {
				if strings.ContainsFunc(norm.NFKC.String(name), func(r rune) bool { return !unicode.Is(unicode.Pd, r) && r != '−' && !unicode.IsSpace(r) }) {
					t.Fatalf("no key for %q: %v", name, err)
				}
				continue
			}
			id := intel.EntityID(kind, key)
			if got, err := intel.ParseEntityID(id); got != id || err != nil {
				t.Fatalf("%q has the id %q, which is checked as %q, %v", name, id, got, err)
			}
			if len(key) > intel.MaxKeyBytes {
				t.Fatalf("%q has a key of %d bytes", name, len(key))
			}
		}
	})
}

func TestCheckingTwiceIsCheckingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(intel.Kinds()).Draw(t, "kind")
		id, err := intel.ParseEntityID(kind.Prefix() + ":" + anyName(t, "key") + rapid.SampledFrom([]string{"", "%2f", "%", "ci"}).Draw(t, "end"))
		if err != nil {
			t.Skip()
		}
		if again, err := intel.ParseEntityID(id); again != id || err != nil {
			t.Fatalf("%q is checked again as %q, %v", id, again, err)
		}
	})
}

func TestSourceKey(t *testing.T) {
	same := func(urls ...string) {
		t.Helper()
		first, err := intel.SourceKey(urls[0])
		for _, u := range urls[1:] {
			if got, err2 := intel.SourceKey(u); got != first || err != nil || err2 != nil {
				t.Errorf("%q is %q, %q is %q (%v, %v)", urls[0], first, u, got, err, err2)
			}
		}
	}
	same("https://example.org/a", "http://example.org/a", "HTTPS://EXAMPLE.org/a/", "https://www.example.org/a#part", "https://example.org:443/a", "http://example.org:80/a", " https://example.org/a ", "https://example.org/a//")
	same("https://example.org", "https://example.org/", "https://www.example.org/#x")
	for in, want := range map[string]string{
		"https://example.org/a":            "source:example.org%2fa",
		"https://example.org":              "source:example.org",
		"https://example.org/a?b=c&d=e":    "source:example.org%2fa%3fb%3dc%26d%3de",
		"https://example.org:8080/a":       "source:example.org%3a8080%2fa",
		"https://example.org/2023-07-05/x": "source:example.org%2f2023-07-05%2fx",
	} {
		if got, err := intel.SourceKey(in); got != want || err != nil {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
	}
	distinct := map[string]string{}
	for _, u := range []string{"https://example.org/a", "https://example.org/A", "https://example.org/b", "https://example.org/a?x", "https://example.org/a?X", "https://example.org:8080/a", "https://other.org/a", "https://example.org/a/b", "https://example.org/a%2Fb", "https://example.org/a-b", "https://example.org/a--b", "https://example.org/a-b-", "https://example.org/a-b?c=", "https://example.org/a-b?c=-", "https://example.org/a–b", "https://example.org/" + strings.Repeat("x", 300), "https://example.org/" + strings.Repeat("x", 301)} {
		key, err := intel.SourceKey(u)
		if err != nil || distinct[key] != "" {
			t.Errorf("%q and %q are both %q, %v", u, distinct[key], key, err)
		}
		distinct[key] = u
		if id, err := intel.ParseSourceID(key); id != key || err != nil {
			t.Errorf("%q of %q is checked as %q, %v", key, u, id, err)
		}
	}
	for _, bad := range []string{"", "example.org/a", "ftp://example.org/a", "https://", "https:///a", "javascript:alert(1)", "https://exa mple.org", "https://[::1", "%zz", "mailto:a@b.org"} {
		if key, err := intel.SourceKey(bad); !isInvalid(err) {
			t.Errorf("%q is %q, %v", bad, key, err)
		}
	}
}

func TestLinkID(t *testing.T) {
	for _, c := range []struct {
		typ            intel.LinkType
		from, to, want string
	}{
		{"TARGETED", "operation:b", "group:a", "operation:b|TARGETED|group:a"},
		{"SUCCESSOR_OF", "group:b", "group:a", "group:b|SUCCESSOR_OF|group:a"},
		{"ALLIED_WITH", "group:b", "group:a", "group:a|ALLIED_WITH|group:b"},
		{"ALLIED_WITH", "group:a", "group:b", "group:a|ALLIED_WITH|group:b"},
		{"PARTNER_OF", "firm:a", "agency:b", "agency:b|PARTNER_OF|firm:a"},
	} {
		got := intel.LinkID(c.typ, c.from, c.to)
		typ, from, to, ok := intel.SplitLinkID(got)
		f, o := c.typ.Orient(c.from, c.to)
		if got != c.want || !ok || typ != c.typ || from != f || to != o {
			t.Errorf("%q splits into %s from %s to %s (%v), want %q", got, typ, from, to, ok, c.want)
		}
	}
	for _, bad := range []string{"", "a|b", "group:a|NONE|group:b", "group:a|targeted|group:b", "group:a|TARGETED|group:b|c"} {
		if _, _, _, ok := intel.SplitLinkID(bad); ok {
			t.Errorf("%q is the id of a link", bad)
		}
	}
}

func TestIDParts(t *testing.T) {
	if k, key, err := intel.SplitID("operation:a:b"); k != intel.KindOperation || key != "a:b" || err != nil {
		t.Errorf("%s, %q, %v", k, key, err)
	}
	if _, _, err := intel.SplitID("nothing"); !isInvalid(err) {
		t.Errorf("an id without a kind: %v", err)
	}
	if intel.KindOf("group:x") != intel.KindGroup || intel.KindOf("source:x") != "" || intel.KindOf("group") != "" || intel.KindOf("GROUP:x") != "" {
		t.Error("KindOf is wrong")
	}
	if intel.KeyOf("group:x:y") != "x:y" || intel.EntityID(intel.KindGroup, "x") != "group:x" {
		t.Error("KeyOf or EntityID is wrong")
	}
}

func FuzzParseEntityID(f *testing.F) {
	for _, s := range []string{"group:opera1er", "country:ci", "operation:%25", "person:jürgen-stock", "alias:nx$m$", "group:\u0644\u200c\u0627", "group:ﬁ", "tool:%2F", "group:" + strings.Repeat("é", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := intel.ParseEntityID(s)
		if err != nil {
			if !isInvalid(err) || id != "" {
				t.Errorf("%q: %q, %v", s, id, err)
			}
			return
		}
		if again, err := intel.ParseEntityID(id); again != id || err != nil {
			t.Errorf("%q is %q, and again %q, %v", s, id, again, err)
		}
		if len(intel.KeyOf(id)) > intel.MaxKeyBytes || !intel.KindOf(id).Valid() || strings.ContainsAny(id, "|/ \n\t\"'") {
			t.Errorf("%q is %q", s, id)
		}
	})
}

func FuzzSourceKey(f *testing.F) {
	for _, s := range []string{"https://example.org/a?b=c#d", "http://www.EXAMPLE.org:80//", "https://[::1]:8080/x", "https://user:pass@example.org/", "https://例え.jp/日本", "https://example.org/%E6%97%A5", "ftp://x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := intel.SourceKey(s)
		if err != nil {
			if !isInvalid(err) {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if id, err := intel.ParseSourceID(key); id != key || err != nil {
			t.Errorf("%q is %q, which is checked as %q, %v", s, key, id, err)
		}
		if again, err := intel.SourceKey(strings.TrimSpace(s) + "#part"); err == nil && !strings.Contains(s, "#") && again != key {
			t.Errorf("%q is %q, with a fragment %q", s, key, again)
		}
	})
}

// TestShortenedKeysAreKeys cuts keys right behind characters that no key may
// end with.
func TestShortenedKeysAreKeys(t *testing.T) {
	for n := 170; n < 190; n++ {
		key, err := intel.DeriveKey(intel.KindGroup, strings.Repeat("a", n)+"\u200d"+strings.Repeat("b", 60))
		if err != nil {
			t.Fatal(err)
		}
		if id, err := intel.ParseEntityID("group:" + key); err != nil || id != "group:"+key {
			t.Errorf("%d letters before the joiner: %q, %v", n, id, err)
		}
	}
}
