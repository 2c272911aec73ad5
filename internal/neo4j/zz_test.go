package neo4j

import (
	"fmt"
	"os"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func TestZZPlan(t *testing.T) {
	s := open(t, os.Getenv("NEO4J_URI"))
	sub := nested(1, "USES", 5)
	sub.Evidence, sub.Counts = true, true
	sub.Claims = []intel.ClaimSelection{{Key: "k", Page: intel.Page{First: 5, Count: true}}}
	n := intel.NodeSelection{Values: true, Links: []intel.LinkSelection{
		{Key: "a", Ends: everyEnd(), Page: intel.Page{First: 5, Count: true}, Node: sub, Evidence: true},
		{Key: "b", Ends: along(intel.In, "USES", "TARGETS"), Page: intel.Page{First: 5, Count: true}, Node: sub},
	}}
	q := compile(intel.Selection{IDs: []string{"group:a"}, Node: intel.NodeSelection{Links: []intel.LinkSelection{{Key: "x", Ends: along(intel.Out, "MEMBER_OF"), Page: intel.Page{First: 5}, Node: n}}}})
	for i := range 12 {
		b := time.Now()
		run(t, s, fmt.Sprintf("EXPLAIN %s // %d", q.text, time.Now().UnixNano()), q.params)
		fmt.Println(i, time.Since(b), len(q.text))
	}
}
