package exchange

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

func TestParseQuantity(t *testing.T) {
	exact := func(n int64) intel.Quantity { return intel.Quantity{Value: n, Qualifier: intel.Exact} }
	for text, want := range map[string]intel.Quantity{
		"30":                                   exact(30),
		"0":                                    exact(0),
		"007":                                  exact(7),
		"3500":                                 exact(3500),
		"3,500":                                exact(3500),
		"1,234,567":                            exact(1234567),
		"9007199254740991":                     exact(intel.MaxLong),
		"2 million":                            exact(2_000_000),
		"1.5 Million":                          exact(1_500_000),
		"0.25 thousand":                        exact(250),
		"exactly 12":                           exact(12),
		" about   30 ":                         {Value: 30, Qualifier: intel.About},
		"Approximately 30":                     {Value: 30, Qualifier: intel.About},
		"around 1,000":                         {Value: 1000, Qualifier: intel.About},
		"circa 5 thousand":                     {Value: 5000, Qualifier: intel.About},
		"more than 3,500":                      {Value: 3500, Qualifier: intel.MoreThan},
		"over 3500":                            {Value: 3500, Qualifier: intel.MoreThan},
		"at least 5":                           {Value: 5, Qualifier: intel.AtLeast},
		"at most 5":                            {Value: 5, Qualifier: intel.AtMost},
		"up to 5":                              {Value: 5, Qualifier: intel.AtMost},
		"less than 5":                          {Value: 5, Qualifier: intel.LessThan},
		"under 5":                              {Value: 5, Qualifier: intel.LessThan},
		"24-99":                                {Value: 24, Max: 99, Qualifier: intel.Range},
		"24 – 99":                              {Value: 24, Max: 99, Qualifier: intel.Range},
		"24 to 99 kg":                          {Value: 24, Max: 99, Qualifier: intel.Range, Unit: "kg"},
		"between 24 and 99":                    {Value: 24, Max: 99, Qualifier: intel.Range},
		"2-3 million":                          {Value: 2_000_000, Max: 3_000_000, Qualifier: intel.Range},
		"900 thousand to 1.1 million":          {Value: 900_000, Max: 1_100_000, Qualifier: intel.Range},
		"dozens (24-99)":                       {Value: 24, Max: 99, Qualifier: intel.Range, AsWritten: "dozens"},
		"several hundred (at least 200) cards": {Value: 200, Qualifier: intel.AtLeast, AsWritten: "several hundred", Unit: "cards"},
		"half a tonne (500 kg)":                {Value: 500, Qualifier: intel.Exact, AsWritten: "half a tonne", Unit: "kg"},
		"about 40 kg":                          {Value: 40, Qualifier: intel.About, Unit: "kg"},
		"3 hundred":                            exact(300),
		"12 m3":                                {Value: 12, Qualifier: intel.Exact, Unit: "m3"},
		"5 %":                                  {Value: 5, Qualifier: intel.Exact, Unit: "%"},
		"100 millionaires":                     {Value: 100, Qualifier: intel.Exact, Unit: "millionaires"},
		"more than 1.5 million litres of raw chemical": {Value: 1_500_000, Qualifier: intel.MoreThan, Unit: "litres of raw chemical"},
	} {
		got, m := parseQuantity(text)
		if m != nil {
			t.Errorf("%s: %s", text, m.Message())
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}

func TestParseQuantityRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "not a number",
		"many":                  "not a number",
		"about":                 "not a number",
		"3 500":                 "goes on",
		"3,50":                  "commas",
		"1,2345":                "commas",
		"3.500":                 "not a whole number",
		"1.2345 thousand":       "not a whole number",
		"-3":                    "negative",
		"9007199254740992":      "too large",
		"10 billion billion":    "", // a unit, if an odd one
		"99-24":                 "upwards",
		"24-24":                 "upwards",
		"about 1-2":             "both",
		"1-2-3":                 "goes on",
		"24 and 99":             "goes on",
		"30 or 40":              "goes on",
		"3+":                    "goes on",
		"1e9":                   "no space",
		"0x10":                  "no space",
		"(24-99)":               "brackets",
		"24 (twenty-four)":      "brackets",
		"dozens (24-99":         "brackets",
		"dozens ()":             "not a number",
		"aprox 30":              "a word before a number",
		"abut 30":               "did you mean `about`",
		"1000000000 trillion":   "too large",
		strings.Repeat("9", 61): "too long",
	} {
		q, m := parseQuantity(text)
		if m == nil {
			t.Errorf("%s is read as %+v", text, q)
		} else if !strings.Contains(m.Message(), want) {
			t.Errorf("%s: %s", text, m.Message())
		}
	}
}

func TestParseMoney(t *testing.T) {
	for text, want := range map[string]intel.Money{
		"30,000,000 USD": {Amount: "30000000", Currency: "USD", Qualifier: intel.Exact, AssetClass: "OTHER"},
		"about 300 million USD in cryptocurrency":   {Amount: "300000000", Currency: "USD", Qualifier: intel.About, AssetClass: "CRYPTOCURRENCY"},
		"USD 300 million":                           {Amount: "300000000", Currency: "USD", Qualifier: intel.Exact, AssetClass: "OTHER"},
		"more than EUR 1.5 million in cash":         {Amount: "1500000", Currency: "EUR", Qualifier: intel.MoreThan, AssetClass: "CASH"},
		"12.50 eur":                                 {Amount: "12.5", Currency: "EUR", Qualifier: intel.Exact, AssetClass: "OTHER"},
		"0.1 BTC":                                   {Amount: "0.1", Currency: "BTC", Qualifier: intel.Exact, AssetClass: "OTHER"},
		"2-3 million USD in Bank Funds":             {Amount: "2000000", Max: "3000000", Currency: "USD", Qualifier: intel.Range, AssetClass: "BANK_FUNDS"},
		"1-2 USDT in total":                         {Amount: "1", Max: "2", Currency: "USDT", Qualifier: intel.Range, AssetClass: "TOTAL"},
		"millions (1-9 million USD) in real estate": {Amount: "1000000", Max: "9000000", Currency: "USD", Qualifier: intel.Range, AsWritten: "millions", AssetClass: "REAL_ESTATE"},
		"half a million (USD 500,000)":              {Amount: "500000", Currency: "USD", Qualifier: intel.Exact, AsWritten: "half a million", AssetClass: "OTHER"},
		"99999999999999999999999999 trillion USD":   {Amount: "99999999999999999999999999000000000000", Currency: "USD", Qualifier: intel.Exact, AssetClass: "OTHER"},
	} {
		got, m := parseMoney(text)
		if m != nil {
			t.Errorf("%s: %s", text, m.Message())
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
	for text, want := range map[string]string{
		"300":                            "no currency",
		"300 million":                    "no currency",
		"$300":                           "a sign for the currency",
		"300 dollars":                    "not a currency",
		"3 USD in crypto currency":       "did you mean `cryptocurrency`",
		"3 USD in":                       "not an asset class",
		"3-2 USD":                        "upwards",
		"about 3":                        "no currency",
		"lots of USD":                    "not a number",
		strings.Repeat("9", 39) + " USD": "38 digits",
		"USD 3 EUR":                      "not an asset class",
	} {
		if got, m := parseMoney(text); m == nil {
			t.Errorf("%s is read as %+v", text, got)
		} else if !strings.Contains(m.Message(), want) {
			t.Errorf("%s: %s", text, m.Message())
		}
	}
}

func TestNearest(t *testing.T) {
	valid := []string{"arrests", "attacks", "KNOWN_AS", "at", "on", "title"}
	for word, want := range map[string]string{
		"arests": "arrests", "Arrests": "arrests", "attack": "attacks", "known-as": "KNOWN_AS", "knownAs": "KNOWN_AS", "titel": "title",
		"in": "on", "x": "", "somewhere": "", "": "", strings.Repeat("a", 1000): "",
	} {
		if got := nearest(word, valid); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestParseReference(t *testing.T) {
	for text, want := range map[string]string{
		"group:opera1er":          "group:opera1er",
		"group:OPERA1ER":          "group:opera1er",
		"country:ci":              "country:CI",
		`firm "Group-IB"`:         "firm:group-ib",
		`Firm “Group-IB”`:         "firm:group-ib",
		`operation "Operation X"`: "operation:x",
		`person "Jürgen "J" Doe"`: "person:jürgen-%22j%22-doe",
	} {
		r, m := parseReference(text)
		if m != nil {
			t.Errorf("%s: %s", text, m.Message())
		} else if r.id != want || r.kind != intel.KindOf(want) {
			t.Errorf("%s is %s of %s", text, r.id, r.kind)
		}
	}
}

// TestWordsAreApart: no property, link type or word of a statement may be taken
// for another.
func TestWordsAreApart(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range statementWords {
		seen[w] = true
	}
	for _, p := range intel.Properties() {
		if seen[string(p.Property)] {
			t.Errorf("%s is both a property and a word of statements", p.Property)
		}
		seen[string(p.Property)] = true
	}
	for _, l := range intel.LinkTypes() {
		if seen[string(l.Type)] {
			t.Errorf("%s is both a link type and another word", l.Type)
		}
	}
}
