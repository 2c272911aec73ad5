package neo4j

import (
	"fmt"
	"os"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func planTime(t *testing.T, s *Store, name, q string, p map[string]any) {
	best := time.Hour
	for i := range 4 {
		b := time.Now()
		run(t, s, fmt.Sprintf("EXPLAIN %s // %d", q, time.Now().UnixNano()+int64(i)), p)
		best = min(best, time.Since(b))
	}
	fmt.Printf("%-40s %v  (%d bytes)\n", name, best.Round(time.Millisecond), len(q))
}

func TestZZPlanTimes(t *testing.T) {
	s := open(t, os.Getenv("NEO4J_URI"))
	for name, q := range map[string]string{"putSettled": putSettled, "putClaims": putClaims, "collectClaims": collectClaims, "collectRows": collectRows, "mentions": collectMentions, "scanLinks": scanLinks, "names": readNames, "mentioned": readMentioned} {
		planTime(t, s, name, q, nil)
	}
	page := intel.Page{First: 10}
	link := func(key string, sub intel.NodeSelection, more func(*intel.LinkSelection)) intel.LinkSelection {
		l := intel.LinkSelection{Key: key, Ends: []intel.End{{Type: "USES", Direction: intel.Out}}, Page: page, Node: sub}
		if more != nil {
			more(&l)
		}
		return l
	}
	var all []intel.End
	for _, l := range intel.LinkTypes() {
		all = append(all, intel.End{Type: l.Type, Direction: intel.Both})
	}
	n := func(ls ...intel.LinkSelection) intel.NodeSelection { return intel.NodeSelection{Links: ls} }
	for _, c := range []struct {
		name string
		sel  intel.NodeSelection
	}{
		{"plain", intel.NodeSelection{}},
		{"one link", n(link("a", intel.NodeSelection{}, nil))},
		{"two levels", n(link("a", n(link("b", intel.NodeSelection{}, nil)), nil))},
		{"three levels", n(link("a", n(link("b", n(link("c", intel.NodeSelection{}, nil)), nil)), nil))},
		{"3 siblings", n(link("a", intel.NodeSelection{}, nil), link("b", intel.NodeSelection{}, nil), link("c", intel.NodeSelection{}, nil))},
		{"by changed", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) { l.Order = []intel.Order{{By: intel.OrderChanged}} }))},
		{"4 types both by changed", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) {
			l.Ends = all[:4]
			l.Order = []intel.Order{{By: intel.OrderChanged}}
		}))},
		{"40 types both", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) { l.Ends = all }))},
		{"40 types both counted", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) { l.Ends = all; l.Page.Count = true }))},
		{"evidence", intel.NodeSelection{Evidence: true}},
		{"link evidence", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) { l.Evidence = true }))},
		{"counts", intel.NodeSelection{Counts: true}},
		{"claims", intel.NodeSelection{Claims: []intel.ClaimSelection{{Key: "k", Page: page}}}},
		{"sources", intel.NodeSelection{Sources: []intel.SourceSelection{{Key: "k", Page: page}}}},
		{"filter alias", n(link("a", intel.NodeSelection{}, func(l *intel.LinkSelection) {
			l.Where = intel.TextIs{Field: intel.FieldAlias, Op: intel.Contains, Values: []string{"x"}}
		}))},
	} {
		q := compile(intel.Selection{IDs: []string{"group:a"}, Node: c.sel})
		planTime(t, s, c.name, q.text, q.params)
	}
	for _, l := range []intel.List{{Page: page}, {Page: page, Where: intel.KindIn{intel.KindGroup}}, {Page: page, Where: intel.KindIn{intel.KindGroup, intel.KindFirm, intel.KindGood}}, {Page: page, Order: []intel.Order{{By: "arrests"}}, Where: intel.KindIn{intel.KindOperation}}} {
		q := compile(intel.Selection{List: &l})
		planTime(t, s, fmt.Sprintf("list %v", l), q.text, q.params)
	}
}
