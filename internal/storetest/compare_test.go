package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

// TestEqual holds the fast comparison against cmp's.
func TestEqual(t *testing.T) {
	claim := func(change func(*intel.Claim)) *intel.Claim {
		c := intel.Claim{ID: "claim:1", Added: intel.Stamp{At: epochStart}, ValidFrom: intel.MustDate("2020"), Amount: &intel.Quantity{Value: 1}, Events: []intel.Event{{Reason: "r"}}}
		change(&c)
		return &c
	}
	for name, c := range map[string]struct {
		change func(*intel.Claim)
		same   bool
	}{
		"nothing":       {func(*intel.Claim) {}, true},
		"a time's zone": {func(c *intel.Claim) { c.Added.At = epochStart.In(time.FixedZone("x", 3600)) }, true},
		"a pointer":     {func(c *intel.Claim) { c.Amount = &intel.Quantity{Value: 1} }, true},
		"a time":        {func(c *intel.Claim) { c.Added.At = epochStart.Add(1) }, false},
		"a date":        {func(c *intel.Claim) { c.ValidFrom = intel.MustDate("2020~") }, false},
		"a text":        {func(c *intel.Claim) { c.Quote = "q" }, false},
		"an amount":     {func(c *intel.Claim) { c.Amount = &intel.Quantity{Value: 2} }, false},
		"no amount":     {func(c *intel.Claim) { c.Amount = nil }, false},
		"an event":      {func(c *intel.Claim) { c.Events[0].Reason = "s" }, false},
		"no events":     {func(c *intel.Claim) { c.Events = nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := claim(func(*intel.Claim) {}), claim(c.change)
			for _, pair := range [][2]any{{a, b}, {[]*intel.Claim{a}, []*intel.Claim{b}}, {map[string]any{"k": a}, map[string]any{"k": b}}} {
				if got := equal(pair[0], pair[1]); got != c.same || cmp.Equal(pair[0], pair[1], options) != c.same {
					t.Errorf("equal says %v of %T, want %v", got, pair[0], c.same)
				}
			}
		})
	}
	if !equal([]int{}, []int(nil)) || !equal(nil, nil) || equal(nil, 1) || equal(1, "1") || equal(map[string]int{"a": 1}, map[string]int{"b": 1}) {
		t.Error("equal is wrong about empty values or types")
	}
}
