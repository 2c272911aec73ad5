package intel_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func dayNumber(y int, m time.Month, d int) intel.Day {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		in          string
		first, last intel.Day
		precision   int
		qualified   bool
		text        string
	}{
		{"2023", dayNumber(2023, 1, 1), dayNumber(2023, 12, 31), 1, false, "2023"},
		{"2023-07", dayNumber(2023, 7, 1), dayNumber(2023, 7, 31), 2, false, "July 2023"},
		{"2023-07-05", dayNumber(2023, 7, 5), dayNumber(2023, 7, 5), 3, false, "5 July 2023"},
		{"2023~", dayNumber(2023, 1, 1), dayNumber(2023, 12, 31), 1, true, "about 2023"},
		{"2023-07?", dayNumber(2023, 7, 1), dayNumber(2023, 7, 31), 2, true, "July 2023 (uncertain)"},
		{"2023-07-05~", dayNumber(2023, 7, 5), dayNumber(2023, 7, 5), 3, true, "about 5 July 2023"},
		{"2024-02", dayNumber(2024, 2, 1), dayNumber(2024, 2, 29), 2, false, "February 2024"},
		{"2023-02", dayNumber(2023, 2, 1), dayNumber(2023, 2, 28), 2, false, "February 2023"},
		{"2000-02-29", dayNumber(2000, 2, 29), dayNumber(2000, 2, 29), 3, false, "29 February 2000"},
		{"0001-01-01", intel.MinDay, intel.MinDay, 3, false, "1 January 0001"},
		{"0999", dayNumber(999, 1, 1), dayNumber(999, 12, 31), 1, false, "0999"},
		{"9999-12-31", intel.MaxDay, intel.MaxDay, 3, false, "31 December 9999"},
		{"1969-12-31", -1, -1, 3, false, "31 December 1969"},
		{"1970-01-01", 0, 0, 3, false, "1 January 1970"},
		{"2023-12", dayNumber(2023, 12, 1), dayNumber(2023, 12, 31), 2, false, "December 2023"},
	} {
		t.Run(c.in, func(t *testing.T) {
			d, err := intel.ParseDate(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if d.String() != c.in || d.First() != c.first || d.Last() != c.last || d.Precision() != c.precision || d.Qualified() != c.qualified || d.Text() != c.text || d.IsZero() {
				t.Errorf("%q: days %d to %d, precision %d, qualified %v, %q", d, d.First(), d.Last(), d.Precision(), d.Qualified(), d.Text())
			}
		})
	}
}

func TestParseDateRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing": "", "a suffix alone": "~", "month 13": "2023-13", "month 0": "2023-00", "day 32": "2023-01-32", "day 0": "2023-01-00", "30 February": "2023-02-30",
		"29 February of no leap year": "2023-02-29", "29 February 1900": "1900-02-29", "31 April": "2023-04-31", "year 0": "0000", "a short year": "23", "a long year": "12023",
		"a short month": "2023-7", "a short day": "2023-07-5", "four parts": "2023-07-05-01", "two suffixes": "2023~~", "both suffixes": "2023?~", "a suffix within": "2023~-07",
		"letters": "July 2023", "slashes": "2023/07/05", "a time": "2023-07-05T10:00:00Z", "a sign": "-2023", "a plus": "+023", "spaces": " 2023", "a space behind": "2023 ",
		"other digits": "२०२३", "an open end": "2023-", "a season": "2023-21", "unspecified digits": "202X", "an interval": "2020/2023", "NUL": "2023\x00",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := intel.ParseDate(in)
			if err == nil || !d.IsZero() || !isInvalid(err) {
				t.Errorf("%q was read as %q, error %v", in, d, err)
			}
		})
	}
}

func TestDateZero(t *testing.T) {
	var d intel.PartialDate
	if !d.IsZero() || d.Text() != "" || d.String() != "" || d.Precision() != 0 || d.Qualified() {
		t.Errorf("no date: %+v", d)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustDate takes a bad date")
		}
	}()
	intel.MustDate("2023-13")
}

func TestDateJSON(t *testing.T) {
	type holder struct {
		D intel.PartialDate `json:"d"`
		Z intel.PartialDate `json:"z,omitzero"`
	}
	b, err := json.Marshal(holder{D: intel.MustDate("2023-07~")})
	if err != nil || string(b) != `{"d":"2023-07~"}` {
		t.Fatalf("%s, %v", b, err)
	}
	var h holder
	if err := json.Unmarshal(b, &h); err != nil || h.D != intel.MustDate("2023-07~") || !h.Z.IsZero() {
		t.Errorf("%+v, %v", h, err)
	}
	if err := json.Unmarshal([]byte(`{"d":"2023-13"}`), &h); !isInvalid(err) {
		t.Errorf("a bad date: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"d":""}`), &h); err != nil || !h.D.IsZero() {
		t.Errorf("an empty date: %v, %v", h.D, err)
	}
}

func TestValidity(t *testing.T) {
	never := intel.PartialDate{}
	for _, c := range []struct {
		name     string
		from, to intel.PartialDate
		want     intel.Interval
	}{
		{"open", never, never, intel.Interval{From: intel.MinDay, To: intel.MaxDay}},
		{"from the first day", intel.MustDate("2020"), never, intel.Interval{From: dayNumber(2020, 1, 1), To: intel.MaxDay}},
		{"to the last day", never, intel.MustDate("2020-02?"), intel.Interval{From: intel.MinDay, To: dayNumber(2020, 2, 29)}},
		{"both", intel.MustDate("2020~"), intel.MustDate("2020"), intel.Interval{From: dayNumber(2020, 1, 1), To: dayNumber(2020, 12, 31)}},
	} {
		if got := intel.Validity(c.from, c.to); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	a := intel.Interval{From: 1, To: 3}
	for _, b := range []intel.Interval{{From: 3, To: 3}, {From: 0, To: 1}, {From: 2, To: 2}, {From: 0, To: 9}} {
		if !a.Overlaps(b) || !b.Overlaps(a) {
			t.Errorf("%v and %v share a day", a, b)
		}
	}
	if b := (intel.Interval{From: 4, To: 9}); a.Overlaps(b) || b.Overlaps(a) || a.Always() || !intel.Validity(never, never).Always() {
		t.Error("overlap or always is wrong")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2023", "2023-07", "2023-07-05", "2023~", "2023-02-29", "0000", "9999-12-31?", "२०२३", "2023-13", "-", "~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := intel.ParseDate(s)
		if err != nil {
			if !isInvalid(err) || !d.IsZero() {
				t.Errorf("%q: %v, %v", s, d, err)
			}
			return
		}
		body := strings.TrimRight(s, "~?")
		// time.Parse knows the calendar too.
		layout := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(body)]
		at, err := time.Parse(layout, body)
		if err != nil || at.Unix()/86400 != d.First() && at.Year() >= 1970 || d.String() != s || d.Last() < d.First() || d.First() < intel.MinDay || d.Last() > intel.MaxDay {
			t.Errorf("%q: days %d to %d, time.Parse says %v, %v", s, d.First(), d.Last(), at, err)
		}
	})
}

func TestIsPeriod(t *testing.T) {
	for s, want := range map[string]bool{
		"P2Y": true, "P3M": true, "PT36H": true, "P1Y2M3W4DT5H6M7S": true,
		"": false, "P": false, "PT": false, "P1YT": false, "2Y": false, "P-2Y": false, "P2.5Y": false, "p2y": false, "P2Y ": false, "P3M2Y": false,
	} {
		if got := intel.IsPeriod(s); got != want {
			t.Errorf("IsPeriod(%q) = %v, want %v", s, got, want)
		}
	}
}
