package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"slices"
	"time"
)

// side is one way to do a piece of work, given by its number.
type side struct {
	name string
	run  func(ctx context.Context, i int) error
}

// sample is what was measured of a side.
type sample struct {
	name   string
	times  []time.Duration
	allocs float64 // objects for one piece of work
	bytes  float64
}

func (s *sample) at(q float64) time.Duration {
	if len(s.times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.times))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// perSecond is the rate of one goroutine that does nothing else.
func (s *sample) perSecond() float64 {
	var sum time.Duration
	for _, t := range s.times {
		sum += t
	}
	return float64(len(s.times)) / sum.Seconds()
}

// warm is how many pieces of work each side does before it is measured.
const warm = 20

// interleave measures sides in turns, A B B A A B …, so that whatever else the
// machine does falls on all of them alike. It ends after the rounds or at the
// limit, whichever comes first.
func interleave(ctx context.Context, rounds int, limit time.Duration, sides ...side) ([]*sample, error) {
	out := make([]*sample, len(sides))
	for i, s := range sides {
		out[i] = &sample{name: s.name}
		if err := allocations(ctx, s, out[i]); err != nil {
			return nil, err
		}
	}
	runtime.GC()
	end := time.Now().Add(limit)
	for r := 0; r < rounds && time.Now().Before(end); r++ {
		for j := range sides {
			if r%2 == 1 {
				j = len(sides) - 1 - j
			}
			var err error
			var took time.Duration
			pprof.Do(ctx, pprof.Labels("side", sides[j].name), func(ctx context.Context) {
				start := time.Now()
				err = sides[j].run(ctx, r)
				took = time.Since(start)
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", sides[j].name, err)
			}
			out[j].times = append(out[j].times, took)
		}
	}
	return out, nil
}

// allocations warms a side up and counts what it allocates.
func allocations(ctx context.Context, s side, into *sample) error {
	for i := range warm {
		if err := s.run(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	objects, bytes := heap()
	for i := range warm {
		if err := s.run(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	o, b := heap()
	into.allocs, into.bytes = float64(o-objects)/warm, float64(b-bytes)/warm
	return nil
}

// heap gives the objects and bytes allocated so far by the whole process.
func heap() (objects, bytes uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:objects"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64(), s[1].Value.Uint64()
}

// profiled runs what is measured, under a profile when one is wanted.
func (p *program) profiled(run func() error) error {
	if p.profile == "" {
		return run()
	}
	f, err := os.Create(p.profile)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	err = run()
	pprof.StopCPUProfile()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
