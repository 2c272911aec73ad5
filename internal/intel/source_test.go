package intel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

type derivations map[string][]string

func (d derivations) parents(id string) []string { return d[id] }

func TestOriginsOf(t *testing.T) {
	for _, c := range []struct {
		name string
		of   derivations
		want []string
	}{
		{"none: itself", derivations{}, []string{"s"}},
		{"a chain", derivations{"s": {"b"}, "b": {"c"}}, []string{"c"}},
		{"two ends", derivations{"s": {"b", "c"}, "c": {"d"}}, []string{"b", "d"}},
		{"a diamond", derivations{"s": {"b", "c"}, "b": {"d"}, "c": {"d"}}, []string{"d"}},
		{"itself", derivations{"s": {"s"}}, []string{"s"}},
		{"a circle counts as its smallest id", derivations{"s": {"b"}, "b": {"a"}, "a": {"s"}}, []string{"a"}},
		{"a circle behind a chain", derivations{"s": {"x"}, "x": {"z"}, "z": {"y"}, "y": {"x"}}, []string{"x"}},
		{"a circle that something leads out of is no end", derivations{"s": {"b"}, "b": {"s", "e"}}, []string{"e"}},
		{"two circles, one leads to the other", derivations{"s": {"t"}, "t": {"s", "u"}, "u": {"v"}, "v": {"u"}}, []string{"u"}},
		{"an end and a circle", derivations{"s": {"b", "e"}, "b": {"c"}, "c": {"b"}}, []string{"b", "e"}},
		{"a circle within a circle", derivations{"s": {"b"}, "b": {"c", "s"}, "c": {"b"}}, []string{"b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := intel.OriginsOf("s", c.of.parents); !slices.Equal(got, c.want) {
				t.Errorf("origins %v, want %v", got, c.want)
			}
		})
	}
}

// reach is every source on the way from one, itself included when it is
// derived from itself.
func (d derivations) reach(id string) map[string]bool {
	seen := map[string]bool{}
	for todo := slices.Clone(d[id]); len(todo) > 0; todo = todo[1:] {
		if !seen[todo[0]] {
			seen[todo[0]] = true
			todo = append(todo, d[todo[0]]...)
		}
	}
	return seen
}

// origins by brute force: a source is at an end when all it derives from
// derives from it in turn; of such, the smallest counts.
func (d derivations) origins(id string) (out []string) {
	candidates := d.reach(id)
	candidates[id] = true
	for c := range candidates {
		end, smallest := true, c
		for o := range d.reach(c) {
			end = end && d.reach(o)[c]
			smallest = min(smallest, o)
		}
		if end && !slices.Contains(out, smallest) {
			out = append(out, smallest)
		}
	}
	slices.Sort(out)
	return out
}

func TestOriginsOfByBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := derivations{}
		n := rapid.IntRange(1, 8).Draw(t, "sources")
		for i := range n {
			for range rapid.IntRange(0, 3).Draw(t, "parents") {
				id := fmt.Sprint(i)
				d[id] = append(d[id], fmt.Sprint(rapid.IntRange(0, n-1).Draw(t, "parent")))
			}
		}
		id := fmt.Sprint(rapid.IntRange(0, n-1).Draw(t, "of"))
		if got, want := intel.OriginsOf(id, d.parents), d.origins(id); !slices.Equal(got, want) {
			t.Fatalf("origins of %s in %v: %v, want %v", id, d, got, want)
		}
	})
}

func TestCounting(t *testing.T) {
	version := func(hash string, retrieved int) intel.HeaderVersion {
		v := intel.HeaderVersion{Hash: hash}
		if retrieved > 0 {
			v.RetrievedAt = time.Unix(int64(retrieved), 0)
		}
		return v
	}
	for _, c := range []struct {
		name string
		of   []intel.HeaderVersion
		want string
	}{
		{"the latest retrieved", []intel.HeaderVersion{version("a", 1), version("b", 3), version("c", 2)}, "b"},
		{"none is lowest", []intel.HeaderVersion{version("z", 0), version("a", 1)}, "a"},
		{"ties to the larger hash", []intel.HeaderVersion{version("a", 1), version("c", 1), version("b", 1)}, "c"},
		{"ties without a time too", []intel.HeaderVersion{version("a", 0), version("b", 0)}, "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range len(c.of) {
				c.of = append(c.of[1:], c.of[0])
				if v, ok := intel.Counting(c.of); !ok || v.Hash != c.want {
					t.Errorf("version %q counts, want %q", v.Hash, c.want)
				}
			}
		})
	}
	if _, ok := intel.Counting(nil); ok {
		t.Error("something counts among no versions")
	}
}

func TestGrades(t *testing.T) {
	for r, want := range map[intel.Reliability]intel.PPM{"A": 950_000, "B": 800_000, "C": 600_000, "D": 400_000, "E": 200_000, "F": 500_000} {
		if got := intel.Weight(r, 100); got != want || !r.Valid() {
			t.Errorf("%s weighs %d, want %d", r, got, want)
		}
		if got := intel.Weight(r, 0); got != 0 {
			t.Errorf("%s at confidence 0 weighs %d", r, got)
		}
	}
	if intel.Reliability("G").Valid() || intel.Reliability("").Valid() || intel.Marking("WHITE").Valid() {
		t.Error("a grade or marking that is none is valid")
	}
	ms := intel.Markings()
	for i := 1; i < len(ms); i++ {
		if !ms[i].Above(ms[i-1]) || ms[i-1].Above(ms[i]) || ms[i].Above(ms[i]) {
			t.Errorf("%s is not above %s", ms[i], ms[i-1])
		}
	}
	for ppm, want := range map[intel.PPM]int{0: 0, 4_999: 0, 5_000: 1, 474_999: 47, 475_000: 48, 995_000: 100, 1_000_000: 100} {
		if got := ppm.Percent(); got != want {
			t.Errorf("%d ppm are %d %%, want %d", ppm, got, want)
		}
	}
	for n := range 101 {
		if f := intel.PercentFloor(n); f.Percent() != n || (f-1).Percent() == n && n > 0 {
			t.Errorf("%d is not the least that shows as %d", f, n)
		}
	}
}

func TestStubSource(t *testing.T) {
	want := &intel.Source{ID: "source:a:b", Header: intel.Header{Title: "a:b", Reliability: "F", Marking: "CLEAR"}, Stub: true, Origins: []string{"source:a:b"}}
	if d := diff(want, intel.StubSource("source:a:b")); d != "" {
		t.Errorf("stub (- want, + got):\n%s", d)
	}
}
