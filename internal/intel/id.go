package intel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxKeyBytes bounds the key of an id.
const MaxKeyBytes = 200

// SourcePrefix and ClaimPrefix begin the ids of sources and claims.
const (
	SourcePrefix = "source:"
	ClaimPrefix  = "claim:"
)

// EntityID joins a kind and a key: group:opera1er.
func EntityID(kind Kind, key string) string { return kind.Prefix() + ":" + key }

// SplitID takes an entity's id apart. It checks the kind, not the key.
func SplitID(id string) (Kind, string, error) {
	prefix, key, ok := strings.Cut(id, ":")
	kind := kindByPrefix[prefix]
	if !ok || kind == "" {
		return "", "", Invalid("", "%q is not the id of an entity: write kind:key, such as group:opera1er", clip(id, 60))
	}
	return kind, key, nil
}

// KindOf gives the kind of an entity's id, or "" when it is none.
func KindOf(id string) Kind {
	prefix, _, ok := strings.Cut(id, ":")
	if !ok {
		return ""
	}
	return kindByPrefix[prefix]
}

// KeyOf gives the key of an id.
func KeyOf(id string) string {
	_, key, _ := strings.Cut(id, ":")
	return key
}

// ParseEntityID checks a given id and returns it in the form in which it is
// kept: NFKC and case fold, nothing dropped or encoded; country codes upper
// case.
func ParseEntityID(id string) (string, error) {
	kind, key, err := SplitID(id)
	if err != nil {
		return "", err
	}
	key, err = checkKey(kind, key)
	if err != nil {
		return "", err
	}
	return EntityID(kind, key), nil
}

// ParseSourceID checks a given source id as ParseEntityID does.
func ParseSourceID(id string) (string, error) {
	key, ok := strings.CutPrefix(id, SourcePrefix)
	if !ok {
		return "", Invalid("", "%q is not the id of a source: write source:key", clip(id, 60))
	}
	key, err := checkKey("", key)
	if err != nil {
		return "", err
	}
	return SourcePrefix + key, nil
}

func checkKey(kind Kind, key string) (string, error) {
	key, err := CleanText(key, Name, MaxKeyBytes*2)
	if err != nil {
		return "", Invalid("", "the key of an id %s", err)
	}
	key = fold(key)
	if key == "" {
		return "", Invalid("", "the key of an id is empty")
	}
	if len(key) > MaxKeyBytes {
		return "", Invalid("", "the key of an id has at most %d bytes, this one has %d", MaxKeyBytes, len(key))
	}
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRuneInString(key[i:])
		switch {
		case r == '%' && i+2 < len(key) && lowerHex(key[i+1]) && lowerHex(key[i+2]):
			n = 3
		case !keyRune(r):
			return "", Invalid("", "the key %q holds %q: letters, digits and -._$@! are allowed, anything else as %%xx", clip(key, 60), r)
		}
		i += n
	}
	if kind == KindCountry {
		key = strings.ToUpper(key)
		if len(key) != 2 || key[0] < 'A' || key[0] > 'Z' || key[1] < 'A' || key[1] > 'Z' {
			return "", Invalid("", "a country's key is its ISO 3166-1 alpha-2 code, such as country:CI, not %q", clip(key, 60))
		}
	}
	return key, nil
}

func lowerHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func keyRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("-._$@!\u200c\u200d", r)
}

func dash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' || unicode.IsSpace(r) }

// DeriveKey makes the key of an id from a name: NFKC, case folded, white space
// and dashes to one -, a leading "operation" dropped for operations (unless
// nothing would be left), every character other than letters, marks, digits
// and -._$@! percent-encoded; a key over 200 bytes ends in - and a hash. It
// never transliterates: two scripts are two names.
func DeriveKey(kind Kind, name string) (string, error) {
	if kind == KindCountry {
		return "", Invalid("", "a country's key is its ISO 3166-1 alpha-2 code and cannot be made from a name: give the id")
	}
	key := slug(fold(strings.TrimSpace(name)))
	if kind == KindOperation {
		if rest := strings.TrimPrefix(key, "operation-"); rest != "" {
			key = rest
		}
	}
	if key == "" {
		return "", Invalid("", "no key can be made from the name %q: give the id", clip(name, 60))
	}
	return shorten(key), nil
}

// slug percent-encodes what a key may not hold and joins words by one dash.
func slug(folded string) string {
	var b strings.Builder
	gap := false
	for _, r := range folded {
		if dash(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		if keyRune(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// shorten cuts a key to MaxKeyBytes; the end becomes a hash of the whole.
func shorten(key string) string {
	if len(key) <= MaxKeyBytes {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	cut := MaxKeyBytes - 17
	for !utf8.RuneStart(key[cut]) || key[cut-1] == '%' || key[cut-2] == '%' {
		cut--
	}
	// A joiner stands between letters only.
	cut = len(strings.TrimRight(key[:cut], "\u200c\u200d"))
	// A mark at the seam belongs to the letter before the cut; the hash tells
	// such keys apart, so nothing is lost.
	return key[:cut] + "-" + hex.EncodeToString(sum[:8])
}

// SourceKey makes the id of a web document's source from its URL, so that two
// feeds citing one report name the same source: scheme, fragment, default
// port, a leading "www." and trailing slashes are dropped, the host is folded,
// path and query are kept. When the key does not show path and query as they
// were written, because folding changes them or dashes fall together, a hash of
// them follows: they may name another document.
func SourceKey(rawURL string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(rawURL))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", Invalid("", "%q is not a web address: write https://host/path", clip(rawURL, 80))
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	rest := strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	key := slug(fold(host + rest))
	if fold(rest) != rest || losesDashes(rest) {
		sum := sha256.Sum256([]byte(rest))
		key += "-" + hex.EncodeToString(sum[:6])
	}
	return SourcePrefix + shorten(key), nil
}

// losesDashes says that slug leaves out dashes of a text, or writes them
// otherwise.
func losesDashes(s string) bool {
	last := ' '
	for _, r := range s {
		if dash(r) && (r != '-' || last == '-') {
			return true
		}
		last = r
	}
	return last == '-'
}

// LinkID joins the ends of a link: from|TYPE|to, the smaller id first for a
// symmetric type.
func LinkID(t LinkType, from, to string) string {
	from, to = t.Orient(from, to)
	return from + "|" + string(t) + "|" + to
}

// SplitLinkID takes a link's id apart; ok is false when it is not one.
func SplitLinkID(id string) (t LinkType, from, to string, ok bool) {
	p := strings.Split(id, "|")
	if len(p) != 3 || !LinkType(p[1]).Valid() {
		return "", "", "", false
	}
	return LinkType(p[1]), p[0], p[2], true
}
