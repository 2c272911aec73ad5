package intel_test

import (
	"errors"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func TestNextStamp(t *testing.T) {
	last := intel.Stamp{Revision: 7, At: noon, By: "adam"}
	for _, c := range []struct {
		name string
		now  time.Time
		want time.Time
	}{
		{"the clock", noon.Add(time.Hour), noon.Add(time.Hour)},
		{"in whole microseconds", noon.Add(time.Second + 999), noon.Add(time.Second)},
		{"a clock that stands still", noon, noon.Add(time.Microsecond)},
		{"a clock that moves less than a microsecond", noon.Add(999), noon.Add(time.Microsecond)},
		{"a clock that goes back", noon.Add(-time.Hour), noon.Add(time.Microsecond)},
		{"a clock elsewhere", noon.Add(time.Hour).In(time.FixedZone("x", 3600)), noon.Add(time.Hour)},
	} {
		got := intel.NextStamp(last, c.now, "zoe")
		if got.Revision != 8 || !got.At.Equal(c.want) || got.At.Location() != time.UTC || got.By != "zoe" {
			t.Errorf("%s: %+v, want %v", c.name, got, c.want)
		}
	}
	if first := intel.NextStamp(intel.Stamp{}, noon, "a"); first.Revision != 1 || !first.At.Equal(noon) {
		t.Errorf("the first stamp: %+v", first)
	}
	if r := (intel.Revision{Epoch: "e", Counter: 12}); r.String() != "e.12" {
		t.Errorf("a revision is written %s", r)
	}
	a := intel.Counts{Entities: 1, Stubs: 2, Links: 3, Claims: 4, Sources: 5}
	if got := a.Plus(a); got != (intel.Counts{Entities: 2, Stubs: 4, Links: 6, Claims: 8, Sources: 10}) {
		t.Errorf("counts add to %+v", got)
	}
}

func TestFieldErrors(t *testing.T) {
	e := intel.Invalid("value.date", "is %s", "bad")
	if e.Error() != "value.date: is bad" || !errors.Is(e, intel.ErrInvalid) || e.Row != -1 {
		t.Errorf("%v, row %d", e, e.Row)
	}
	for prefix, want := range map[string]string{"": "value.date: is bad", "claims[3]": "claims[3].value.date: is bad"} {
		if got := e.At(prefix).Error(); got != want {
			t.Errorf("at %q: %s", prefix, got)
		}
	}
	if got := intel.Invalid("[3].x", "bad").At("claims").Error(); got != "claims[3].x: bad" {
		t.Errorf("at an index: %s", got)
	}
	if got := intel.Invalid("", "bad").At("claims").Error(); got != "claims: bad" {
		t.Errorf("at no field: %s", got)
	}
	limit := &intel.FieldError{Msg: "too many", Kind: intel.ErrLimit}
	all := intel.FieldErrors{e, limit}
	var one *intel.FieldError
	if !errors.Is(all, intel.ErrInvalid) || !errors.Is(all, intel.ErrLimit) || errors.Is(all, intel.ErrConflict) || !errors.As(all, &one) || errors.Is(limit, intel.ErrInvalid) {
		t.Error("the kinds of failures are lost")
	}
	if got := all.Error(); got != "value.date: is bad (and 1 more)" || all[:1].Error() != "value.date: is bad" || (intel.FieldErrors{}).Error() == "" {
		t.Errorf("written as %q", got)
	}
}
