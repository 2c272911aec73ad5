package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// table prints rows of one kind.
type table struct{ *tabwriter.Writer }

func newTable(w io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)}
	t.row(columns...)
	return t
}

func (t table) row(cells ...string) {
	for _, c := range cells {
		fmt.Fprint(t, c, "\t")
	}
	fmt.Fprintln(t)
}

var sampleColumns = []string{"what", "p50", "p95", "p99", "per second", "allocs", "kB", "times"}

func (t table) sample(what string, s *sample) {
	t.row(what, show(s.at(.5)), show(s.at(.95)), show(s.at(.99)), fmt.Sprintf("%.0f", s.perSecond()), fmt.Sprintf("%.0f", s.allocs), fmt.Sprintf("%.1f", s.bytes/1000), fmt.Sprint(len(s.times)))
}

func show(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
	}
	return d.Round(100 * time.Millisecond).String()
}

// verdict says whether a figure is at most its goal (or at least, when more is
// better).
func verdict(is, goal float64, more bool) string {
	if is <= goal && !more || is >= goal && more {
		return "met"
	}
	return "MISSED"
}
