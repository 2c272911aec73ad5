package exchange

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dragnet/internal/intel"
)

// countryCode finds the ISO 3166-1 alpha-2 code of a country from its code of
// two or three letters or its English name; "" when it is none.
func countryCode(s string) string {
	if n := len(s); (n == 2 || n == 3) && s == strings.ToUpper(s) {
		if r, err := language.ParseRegion(s); err == nil && r.IsCountry() {
			return r.String()
		}
	}
	return countryNames()[intel.NameKey(s)]
}

// otherNames are such as tables often have.
var otherNames = map[string]string{
	"USA": "US", "U.S.": "US", "U.S.A.": "US", "UK": "GB", "Great Britain": "GB", "UAE": "AE", "Russian Federation": "RU", "Ivory Coast": "CI",
	"Republic of Korea": "KR", "Korea": "KR", "DPRK": "KP", "Turkey": "TR", "Czech Republic": "CZ", "Viet Nam": "VN", "Burma": "MM", "Swaziland": "SZ",
	"Democratic Republic of the Congo": "CD", "Republic of the Congo": "CG", "Hong Kong": "HK", "Macau": "MO", "Palestine": "PS", "The Netherlands": "NL",
	"Islamic Republic of Iran": "IR", "Iran, Islamic Republic of": "IR", "Syrian Arab Republic": "SY", "Macedonia": "MK", "Cape Verde": "CV",
}

var countryNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string([]rune{a, b}))
			if err != nil || !r.IsCountry() || r.Canonicalize() != r || r.String() != string([]rune{a, b}) {
				continue
			}
			if name := names.Name(r); name != "" {
				out[intel.NameKey(name)] = r.String()
			}
		}
	}
	for name, code := range otherNames {
		out[intel.NameKey(name)] = code
	}
	return out
})
