package catalog

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"dragnet/internal/intel"
)

// unsteady is a store whose Updates fail when they are told to, by number.
type unsteady struct {
	intel.Store
	tried int
	fails func(try int) bool
}

func (f *unsteady) Update(context.Context, func(intel.Writer) error) error {
	f.tried++
	if f.fails(f.tried) {
		return fmt.Errorf("no: %w", intel.ErrUnavailable)
	}
	return nil
}

// TestCommitWhenUnavailable: what is wrong with one write fails that write
// alone; a store that is away is not tried for each.
func TestCommitWhenUnavailable(t *testing.T) {
	for name, c := range map[string]struct {
		fails func(int) bool
		tried int
		bad   []int
	}{
		"never":        {func(int) bool { return false }, 1, nil},
		"always":       {func(int) bool { return true }, 3, []int{0, 1, 2, 3, 4}},
		"for one":      {func(n int) bool { return n == 1 || n == 4 }, 6, []int{2}},
		"for some":     {func(n int) bool { return n == 1 || n%2 == 0 }, 6, []int{0, 2, 4}},
		"from then on": {func(n int) bool { return n != 2 }, 4, []int{1, 2, 3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &unsteady{fails: c.fails}
			var group []*job
			for range 5 {
				group = append(group, &job{done: make(chan struct{})})
			}
			(&Catalog{store: s}).commit(group)
			var bad []int
			for i, j := range group {
				<-j.done
				if errors.Is(j.err, intel.ErrUnavailable) {
					bad = append(bad, i)
				} else if j.err != nil {
					t.Errorf("job %d: %v", i, j.err)
				}
			}
			if s.tried != c.tried || fmt.Sprint(bad) != fmt.Sprint(c.bad) {
				t.Errorf("tried %d times, %v failed; want %d and %v", s.tried, bad, c.tried, c.bad)
			}
		})
	}
}
