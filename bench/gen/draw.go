package gen

import (
	"math"
	"math/rand/v2"
)

// draw is the randomness of one entity or source.
type draw struct{ *rand.Rand }

func newDraw(seed, stream uint64) draw { return draw{rand.New(rand.NewPCG(seed, stream))} }

// chance is true with the probability.
func (d draw) chance(p float64) bool { return d.Float64() < p }

// pick takes one of several, all alike.
func pick[T any](d draw, from ...T) T { return from[d.IntN(len(from))] }

// first takes one of several, the first ones more often (Zipf).
func first[T any](d draw, from []T) T { return from[d.zipf(len(from), 1)] }

// zipf draws a rank below m with a probability that falls as 1/(rank+q): the
// law of Zipf, flattened at the top after Mandelbrot. A larger q leaves the
// first ranks less.
func (d draw) zipf(m int, q float64) int {
	r := int(q*math.Pow((float64(m)+q)/q, d.Float64()) - q)
	return min(max(r, 0), m-1)
}

// poisson draws a number of events (Knuth 1969); meant for means up to 100.
func (d draw) poisson(mean float64) int {
	limit, p, n := math.Exp(-mean), d.Float64(), 0
	for p > limit {
		p *= d.Float64()
		n++
	}
	return n
}

// fame is how much is known of an entity next to others of its kind: after
// Pareto, with mean 1 and at most 8.
func (d draw) fame() float64 {
	const shape = 2.2
	return min(8, (shape-1)/shape*math.Pow(1-d.Float64(), -1/shape))
}

// magnitude draws a whole number between lo and hi, its order of magnitude
// evenly, with two significant digits.
func (d draw) magnitude(lo, hi float64) int64 {
	n := int64(lo * math.Pow(hi/lo, d.Float64()))
	for unit := int64(1); ; unit *= 10 {
		if n < 100*unit {
			return n / unit * unit
		}
	}
}

// confidence is what senders state: mostly the default.
func (d draw) confidence() int {
	if d.chance(0.5) {
		return 80
	}
	return 40 + 5*d.IntN(13)
}

// mix hashes a few numbers into one (the finaliser of SplitMix64).
func mix(seed uint64, ns ...uint64) uint64 {
	for _, n := range ns {
		seed += n*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
		seed = (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		seed = (seed ^ seed>>27) * 0x94d049bb133111eb
		seed ^= seed >> 31
	}
	return seed
}
