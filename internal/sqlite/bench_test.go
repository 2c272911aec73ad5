package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"dragnet/internal/intel"
)

// The benchmarks compare Select with the best walk of the same tables that can
// be written by hand. DRAGNET_BENCH is the number of entities, 10000 when it is
// not given; the graph is kept in the folder of DRAGNET_BENCH_DIR between runs.

func graph(b *testing.B) (*Store, int) {
	n := 10000
	if v, err := strconv.Atoi(os.Getenv("DRAGNET_BENCH")); err == nil {
		n = v
	}
	dir := os.Getenv("DRAGNET_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("graph%d.db", n))
	_, err := os.Stat(path)
	s := at(b, path)
	if err != nil {
		if err := s.Setup(b.Context()); err != nil {
			b.Fatal(err)
		}
		generate(b, s, n)
	}
	return s, n
}

// cpu reports the processor's time for an operation, which a busy machine
// blurs less than the clock's.
func cpu(b *testing.B, begin syscall.Rusage) {
	var end syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &end) == nil {
		b.ReportMetric(float64(end.Utime.Nano()+end.Stime.Nano()-begin.Utime.Nano()-begin.Stime.Nano())/float64(b.N), "cpu-ns/op")
	}
}

func cpuBegin() (begin syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &begin)
	return begin
}

func tree(depth int) []intel.LinkSelection {
	if depth == 0 {
		return nil
	}
	return []intel.LinkSelection{{Key: "l", Ends: []intel.End{{Type: "USES", Direction: intel.Both}}, Page: intel.Page{First: 10}, Node: intel.NodeSelection{Links: tree(depth - 1)}}}
}

func BenchmarkSelect(b *testing.B) {
	s, n := graph(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	in := []intel.End{{Type: "OPERATES_IN", Direction: intel.In}}
	hub := func(l intel.LinkSelection) intel.Selection {
		l.Key, l.Ends = "l", in
		return intel.Selection{IDs: []string{"country:XA"}, Node: intel.NodeSelection{Links: []intel.LinkSelection{l}}}
	}
	list := func(where intel.Filter, order intel.OrderKey, count bool) intel.Selection {
		return intel.Selection{List: &intel.List{Where: intel.All{intel.KindIn{intel.KindGroup}, where}, Order: []intel.Order{{By: order}}, Page: intel.Page{First: 25, Count: count}}}
	}
	node := func(n intel.NodeSelection) intel.Selection { return intel.Selection{Node: n} }
	middle := &intel.Position{Keys: []intel.SortValue{{Text: "iron"}}, ID: "group:"}
	deep := list(nil, intel.OrderName, false)
	deep.List.Page.After = middle
	cases := []struct {
		name string
		intel.Selection
	}{
		// A tool and its groups and their tools: USES in both directions.
		{"point", node(intel.NodeSelection{})},
		{"point values", node(intel.NodeSelection{Values: true})},
		{"25 neighbours", node(intel.NodeSelection{Links: []intel.LinkSelection{{Key: "l", Ends: []intel.End{{Type: "USES", Direction: intel.In}}, Page: intel.Page{First: 25}}}})},
		{"10x10x10", node(intel.NodeSelection{Links: []intel.LinkSelection{level(intel.In, level(intel.Out, level(intel.In)))}})},
		{"10x10x10 both", node(intel.NodeSelection{Links: tree(3)})},
		{"10x10x10 total", node(intel.NodeSelection{Links: counting(level(intel.In, level(intel.Out, level(intel.In))))})},
		{"hub", hub(intel.LinkSelection{Page: intel.Page{First: 25, Count: true}})},
		{"hub deep", hub(intel.LinkSelection{Page: intel.Page{First: 25, After: middle}})},
		{"hub of one name", hub(intel.LinkSelection{Where: intel.TextIs{Field: intel.FieldNameKey, Op: intel.HasPrefix, Values: []string{"iron harbour 123"}}, Page: intel.Page{First: 25, Count: true}})},
		{"hub of one id", hub(intel.LinkSelection{Link: intel.LinkFilter{IDs: []string{"group:g0000077"}}, Page: intel.Page{First: 25, Count: true}})},
		{"hub counts", intel.Selection{IDs: []string{"country:XA"}, Node: intel.NodeSelection{Counts: true}}},
		{"list", list(nil, intel.OrderName, true)},
		{"list deep", deep},
		{"list by change", list(nil, intel.OrderChanged, false)},
		{"list by victims", list(nil, "victims", false)},
		{"list few match", list(intel.TextIs{Field: intel.FieldName, Op: intel.HasPrefix, Values: []string{"iron harbour 123"}}, intel.OrderName, true)},
		{"list many match", list(intel.TextIs{Field: "groupStatus", Values: []string{"ACTIVE"}}, intel.OrderName, false)},
		{"list range", list(intel.RangeIs{Property: "victims", Lo: ptr(int64(500)), Hi: ptr(int64(600))}, intel.OrderName, true)},
		{"list alias", list(intel.TextIs{Field: intel.FieldAlias, Values: []string{"nobody"}}, intel.OrderName, true)},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			rows, begin := 0, cpuBegin()
			for i := range b.N {
				sel := c.Selection
				if sel.List == nil && sel.IDs == nil {
					sel.IDs = []string{fmt.Sprintf("tool:t%06d", i%min(300, n/10))}
				}
				err := s.View(ctx, func(r intel.Reader) error {
					a, err := r.Select(ctx, sel)
					if err != nil {
						return err
					}
					for _, n := range a.Nodes {
						rows += count(n)
					}
					if a.List != nil {
						rows += len(a.List.Nodes)
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			cpu(b, begin)
			b.ReportMetric(float64(rows)/float64(b.N), "rows/op")
		})
	}
}

func level(d intel.Direction, below ...intel.LinkSelection) intel.LinkSelection {
	return intel.LinkSelection{Key: "l", Ends: []intel.End{{Type: "USES", Direction: d}}, Page: intel.Page{First: 10}, Node: intel.NodeSelection{Links: below}}
}

func counting(sel intel.LinkSelection) []intel.LinkSelection {
	sel.Page.Count = true
	if len(sel.Node.Links) > 0 {
		sel.Node.Links = counting(sel.Node.Links[0])
	}
	return []intel.LinkSelection{sel}
}

func count(n *intel.Node) (rows int) {
	for _, p := range n.Links {
		rows += len(p.Edges)
		for _, e := range p.Edges {
			rows += count(e.Node)
		}
	}
	return rows
}

type byHand struct {
	id, name string
	support  int64
	no       int64
	below    []byHand
}

// BenchmarkByHand walks the same trees with the least that does it.
func BenchmarkByHand(b *testing.B) {
	s, n := graph(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	run := func(name string, dirs []int64, first int) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			rows, begin := 0, cpuBegin()
			for i := range b.N {
				id := fmt.Sprintf("tool:t%06d", i%min(300, n/10))
				err := s.View(ctx, func(r intel.Reader) error {
					c := r.(*reader).c
					root := byHand{}
					err := c.each("SELECT no, id, name FROM entity WHERE id = ?", func(st *stmt) error {
						root = byHand{no: st.ColumnInt64(0), id: st.ColumnText(1), name: st.ColumnText(2)}
						return nil
					}, txt(id))
					if err != nil {
						return err
					}
					st, err := c.prepare(`SELECT e.no, e.id, e.name, d.support FROM edge d CROSS JOIN entity e ON e.no = d.there
						WHERE d.here = ? AND d.type = 17 AND d.dir = ? ORDER BY d.there_sort LIMIT ` + strconv.Itoa(first))
					if err != nil {
						return err
					}
					err = byHandWalk(st, &root, dirs)
					rows += byHandCount(&root)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			cpu(b, begin)
			b.ReportMetric(float64(rows)/float64(b.N), "rows/op")
		})
	}
	run("point", nil, 0)
	run("25 neighbours", []int64{1}, 25)
	run("10x10x10", []int64{1, 0, 1}, 10)
}

func byHandWalk(st *stmt, at *byHand, dirs []int64) error {
	if len(dirs) == 0 {
		return nil
	}
	st.BindInt64(1, at.no)
	st.BindInt64(2, dirs[0])
	for {
		more, err := st.Step()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		at.below = append(at.below, byHand{no: st.ColumnInt64(0), id: st.ColumnText(1), name: st.ColumnText(2), support: st.ColumnInt64(3)})
	}
	if err := st.Reset(); err != nil {
		return err
	}
	for i := range at.below {
		if err := byHandWalk(st, &at.below[i], dirs[1:]); err != nil {
			return err
		}
	}
	return nil
}

func byHandCount(at *byHand) (n int) {
	for i := range at.below {
		n += 1 + byHandCount(&at.below[i])
	}
	return n
}

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{3, 51, 4800} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			s, r, at := fresh(b), rand.New(rand.NewPCG(3, 4)), 0
			begin := cpuBegin()
			for range b.N {
				err := s.Update(b.Context(), func(w intel.Writer) error {
					m, err := w.Meta(b.Context())
					if err != nil {
						return err
					}
					return w.Put(b.Context(), batchOf(r, intel.NextStamp(m.Last, time.Now(), "bench"), at, size))
				})
				if err != nil {
					b.Fatal(err)
				}
				at += size
			}
			cpu(b, begin)
			b.ReportMetric(float64(at)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}

// BenchmarkSelectAfterCommit reads the nested tree when every read finds that
// something has been committed, which empties a reader's cache of pages.
func BenchmarkSelectAfterCommit(b *testing.B) {
	s, n := graph(b)
	sel := intel.NodeSelection{Links: []intel.LinkSelection{level(intel.In, level(intel.Out, level(intel.In)))}}
	var spent time.Duration
	begin := cpuBegin()
	for i := range b.N {
		putAll(b, s, intel.Batch{Counts: intel.Counts{Stubs: int64(i&1)*2 - 1}})
		start := time.Now()
		err := s.View(b.Context(), func(r intel.Reader) error {
			_, err := r.Select(b.Context(), intel.Selection{IDs: []string{fmt.Sprintf("tool:t%06d", i%min(300, n/10))}, Node: sel})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
	}
	cpu(b, begin)
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "read-ns/op")
}

// BenchmarkSelectParallel reads nested trees from all processors at once.
func BenchmarkSelectParallel(b *testing.B) {
	s, n := graph(b)
	sel := intel.NodeSelection{Links: []intel.LinkSelection{level(intel.In, level(intel.Out, level(intel.In)))}}
	begin := cpuBegin()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			err := s.View(b.Context(), func(r intel.Reader) error {
				_, err := r.Select(b.Context(), intel.Selection{IDs: []string{fmt.Sprintf("tool:t%06d", i%min(300, n/10))}, Node: sel})
				return err
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
	cpu(b, begin)
}
