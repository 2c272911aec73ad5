package intel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Day counts days since 1970-01-01 in the proleptic Gregorian calendar.
type Day = int64

// MinDay and MaxDay bound every day a PartialDate can name; they stand for an
// open end in intervals.
const (
	MinDay Day = -719162 // 0001-01-01
	MaxDay Day = 2932896 // 9999-12-31
)

// PartialDate is a date known to the year, the month or the day: EDTF level 0
// (2023, 2023-07, 2023-07-05) with an optional suffix, ~ for about and ? for
// uncertain. The suffix does not widen the days the date may mean. The zero
// value means that there is no date.
type PartialDate struct {
	text   string
	lo, hi Day
}

// ParseDate reads a PartialDate; the error says what is wrong with it.
func ParseDate(s string) (PartialDate, error) {
	body := s
	if n := len(body); n > 0 && (body[n-1] == '~' || body[n-1] == '?') {
		body = body[:n-1]
	}
	bad := func(why string) (PartialDate, error) {
		return PartialDate{}, Invalid("", "%q is not a date: %s; write 2023, 2023-07 or 2023-07-05, then ~ (about) or ? (uncertain) if need be", clip(s, 40), why)
	}
	parts := strings.Split(body, "-")
	widths := [...]int{4, 2, 2}
	if len(parts) > 3 {
		return bad("too many parts")
	}
	var n [3]int
	for i, p := range parts {
		if len(p) != widths[i] {
			return bad("a year has four digits, a month and a day two")
		}
		for _, c := range []byte(p) {
			if c < '0' || c > '9' {
				return bad("it holds something other than digits")
			}
		}
		n[i], _ = strconv.Atoi(p)
	}
	if n[0] == 0 {
		return bad("there is no year 0000")
	}
	if len(parts) > 1 && (n[1] < 1 || n[1] > 12) {
		return bad("there is no month " + parts[1])
	}
	var from, to time.Time
	switch len(parts) {
	case 1:
		from = time.Date(n[0], 1, 1, 0, 0, 0, 0, time.UTC)
		to = time.Date(n[0], 12, 31, 0, 0, 0, 0, time.UTC)
	case 2:
		from = time.Date(n[0], time.Month(n[1]), 1, 0, 0, 0, 0, time.UTC)
		to = from.AddDate(0, 1, -1)
	default:
		from = time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
		if n[2] < 1 || from.Day() != n[2] {
			return bad("that month has no day " + parts[2])
		}
		to = from
	}
	return PartialDate{text: s, lo: dayOf(from), hi: dayOf(to)}, nil
}

// MustDate is ParseDate for constants; it panics on a bad date.
func MustDate(s string) PartialDate {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dayOf(t time.Time) Day { return t.Unix() / 86400 }

// String gives the date as EDTF, or "" when there is none.
func (d PartialDate) String() string { return d.text }

// IsZero says that there is no date.
func (d PartialDate) IsZero() bool { return d.text == "" }

// First is the earliest day the date may mean, Last the latest.
func (d PartialDate) First() Day { return d.lo }

// Last is the latest day the date may mean.
func (d PartialDate) Last() Day { return d.hi }

// Precision is 1 for a year, 2 for a month, 3 for a day, 0 for no date.
func (d PartialDate) Precision() int {
	switch len(strings.TrimRight(d.text, "~?")) {
	case 4:
		return 1
	case 7:
		return 2
	case 10:
		return 3
	}
	return 0
}

// Qualified says that the date carries ~ or ?.
func (d PartialDate) Qualified() bool {
	return strings.HasSuffix(d.text, "~") || strings.HasSuffix(d.text, "?")
}

// Text writes the date as a person would: "5 July 2023", "about July 2023",
// "2023 (uncertain)".
func (d PartialDate) Text() string {
	if d.IsZero() {
		return ""
	}
	t := time.Unix(d.lo*86400, 0).UTC()
	var s string
	switch d.Precision() {
	case 1:
		s = fmt.Sprintf("%04d", t.Year())
	case 2:
		s = fmt.Sprintf("%s %04d", t.Month(), t.Year())
	default:
		s = fmt.Sprintf("%d %s %04d", t.Day(), t.Month(), t.Year())
	}
	switch {
	case strings.HasSuffix(d.text, "~"):
		return "about " + s
	case strings.HasSuffix(d.text, "?"):
		return s + " (uncertain)"
	}
	return s
}

// MarshalText and UnmarshalText carry the date as EDTF text.
func (d PartialDate) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText reads EDTF text; the empty text is no date.
func (d *PartialDate) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = PartialDate{}
		return nil
	}
	p, err := ParseDate(string(b))
	if err == nil {
		*d = p
	}
	return err
}

// Interval is a run of days, both ends included.
type Interval struct {
	From Day `json:"from"`
	To   Day `json:"to"`
}

// Validity turns a claim's validFrom and validTo into the days on which it may
// hold: from the first day the beginning may mean to the last day of the end.
func Validity(from, to PartialDate) Interval {
	iv := Interval{MinDay, MaxDay}
	if !from.IsZero() {
		iv.From = from.lo
	}
	if !to.IsZero() {
		iv.To = to.hi
	}
	return iv
}

// Overlaps says that the two intervals share a day.
func (a Interval) Overlaps(b Interval) bool { return a.From <= b.To && b.From <= a.To }

// Always is the interval without ends.
func (a Interval) Always() bool { return a.From == MinDay && a.To == MaxDay }

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

var period = regexp.MustCompile(`^P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$`)

// IsPeriod says whether a text is a duration of ISO 8601 in whole numbers, such
// as P2Y, P3M, P10D or PT36H.
func IsPeriod(s string) bool {
	return period.MatchString(s) && s != "P" && !strings.HasSuffix(s, "T")
}
