package intel_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func isInvalid(err error) bool { return errors.Is(err, intel.ErrInvalid) }

func TestParseDecimal(t *testing.T) {
	n38 := strings.Repeat("9", 38)
	for in, want := range map[string]intel.Decimal{
		"0": "0", "00": "0", "0.0": "0", "007": "7", "1.50": "1.5", "0.10": "0.1", "10": "10", "1.": "", ".5": "", "": "", ".": "", "1.2.3": "", "-1": "", "+1": "",
		"1e3": "", "1,000": "", " 1": "", "1 ": "", "٣": "", "0x1": "", "1_000": "", "∞": "", "NaN": "",
		n38: intel.Decimal(n38), n38 + "0": "", "0." + strings.Repeat("0", 36) + "1": intel.Decimal("0." + strings.Repeat("0", 36) + "1"), "0." + strings.Repeat("0", 37) + "1": "",
	} {
		d, err := intel.ParseDecimal(in)
		if d != want || (err == nil) != (want != "") || err != nil && !isInvalid(err) {
			t.Errorf("%q is read as %q, error %v; want %q", in, d, err, want)
		}
	}
}

func TestDecimalSortKey(t *testing.T) {
	number := rapid.StringMatching(`[0-9]{1,20}(\.[0-9]{1,18})?`)
	rapid.Check(t, func(t *rapid.T) {
		x, y := number.Draw(t, "x"), number.Draw(t, "y")
		if rapid.Bool().Draw(t, "near") { // differ in one digit
			y = x[:len(x)-1] + rapid.StringMatching(`[0-9]`).Draw(t, "digit")
		}
		dx, errx := intel.ParseDecimal(x)
		dy, erry := intel.ParseDecimal(y)
		if errx != nil || erry != nil {
			t.Fatalf("%q: %v, %q: %v", x, errx, y, erry)
		}
		rx, _ := new(big.Rat).SetString(x)
		ry, _ := new(big.Rat).SetString(y)
		if got, want := strings.Compare(dx.SortKey(), dy.SortKey()), rx.Cmp(ry); got != want {
			t.Fatalf("%s and %s compare as %d by their keys %q and %q, want %d", x, y, got, dx.SortKey(), dy.SortKey(), want)
		}
		if (dx == dy) != (rx.Cmp(ry) == 0) {
			t.Fatalf("%s and %s are %q and %q", x, y, dx, dy)
		}
		if again, err := intel.ParseDecimal(string(dx)); again != dx || err != nil {
			t.Fatalf("%q is read again as %q, %v", dx, again, err)
		}
	})
	if intel.Decimal("").SortKey() != "" {
		t.Error("no number has a key")
	}
}

func TestQuantityText(t *testing.T) {
	for want, q := range map[string]intel.Quantity{
		"0":                     {Qualifier: intel.Exact},
		"999":                   {Value: 999, Qualifier: intel.Exact},
		"3,500":                 {Value: 3500, Qualifier: intel.Exact},
		"9,007,199,254,740,991": {Value: intel.MaxLong, Qualifier: intel.Exact},
		"about 30":              {Value: 30, Qualifier: intel.About},
		"more than 3,500":       {Value: 3500, Qualifier: intel.MoreThan},
		"at least 5":            {Value: 5, Qualifier: intel.AtLeast},
		"at most 5":             {Value: 5, Qualifier: intel.AtMost},
		"less than 5":           {Value: 5, Qualifier: intel.LessThan},
		"24–99":                 {Value: 24, Max: 99, Qualifier: intel.Range},
		"dozens (24–99)":        {Value: 24, Max: 99, Qualifier: intel.Range, AsWritten: "dozens"},
		"about 1,200 kg":        {Value: 1200, Qualifier: intel.About, Unit: "kg"},
	} {
		if got := q.Text(); got != want {
			t.Errorf("%+v is %q, want %q", q, got, want)
		}
	}
}

func TestMoneyText(t *testing.T) {
	for want, m := range map[string]intel.Money{
		"about USD 30,000,000":      {Amount: "30000000", Currency: "USD", Qualifier: intel.About},
		"BTC 0.00000001":            {Amount: "0.00000001", Currency: "BTC", Qualifier: intel.Exact},
		"EUR 1,234.5":               {Amount: "1234.5", Currency: "EUR", Qualifier: intel.Exact},
		"EUR 1,000–2,000.25":        {Amount: "1000", Max: "2000.25", Currency: "EUR", Qualifier: intel.Range},
		"some (EUR 1,000–2,000)":    {Amount: "1000", Max: "2000", Currency: "EUR", Qualifier: intel.Range, AsWritten: "some"},
		"less than XOF 100":         {Amount: "100", Currency: "XOF", Qualifier: intel.LessThan},
		"more than USD 999,999,999": {Amount: "999999999", Currency: "USD", Qualifier: intel.MoreThan},
	} {
		if got := m.Text(); got != want {
			t.Errorf("%+v is %q, want %q", m, got, want)
		}
	}
}

func TestValueWritten(t *testing.T) {
	for _, c := range []struct {
		v          intel.Value
		want, slot string
	}{
		{text("a"), "a", ""}, {word("A"), "A", ""}, {date("2023-07~"), "about July 2023", ""}, {some(intel.About, 5), "about 5", ""},
		{usd(intel.Exact, "1"), "USD 1", "TOTAL"}, {external("misp", "x:y"), "misp:x:y", "misp"},
	} {
		if got := c.v.Written(); got != c.want || c.v.Slot() != c.slot {
			t.Errorf("%q in slot %q, want %q in %q", got, c.v.Slot(), c.want, c.slot)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "1.50", "007", "1e3", ".5", "1.", "-1", strings.Repeat("9", 38), strings.Repeat("9", 39)} {
		f.Add(s)
	}
	plain := regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := intel.ParseDecimal(s)
		ok := plain.MatchString(s) && len(strings.ReplaceAll(s, ".", "")) <= 38
		if ok != (err == nil) || err != nil && (!isInvalid(err) || d != "") {
			t.Fatalf("%q is read as %q, error %v", s, d, err)
		}
		if !ok {
			return
		}
		got, _ := new(big.Rat).SetString(string(d))
		want, _ := new(big.Rat).SetString(s)
		if got.Cmp(want) != 0 || len(d.SortKey()) < len(d) {
			t.Errorf("%q is read as %q with the key %q", s, d, d.SortKey())
		}
	})
}
