package catalog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// TestHistoryUnderAView says what a history under a view is: that of a graph
// which never received anything that does not count in it.
func TestHistoryUnderAView(t *testing.T) {
	dates := cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b })
	rapid.Check(t, func(rt *rapid.T) {
		src := dice{rt}
		m := src.history()
		v := src.view(m.last.Revision)
		first, before := src.some("first", 4), int64(src.some("before", int(m.last.Revision)))
		got, err := newPast(m, v).histories(t.Context(), worldIDs, first, before)
		if err != nil {
			rt.Fatal(err)
		}
		want, err := newPast(m.under(v), intel.View{MinSupport: v.MinSupport}).histories(t.Context(), worldIDs, first, before)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(want, got, dates, cmpopts.EquateEmpty()); d != "" {
			rt.Fatalf("view %+v (- of a graph of its own, + under the view):\n%s", v, d)
		}
	})
}
