package neo4j

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// BenchmarkSelect holds Select against hand-written statements that answer the
// same question, turn by turn in one run. NEO4J_URI names a server, ENTITIES
// the size (10000; 0: what is there already). It empties the database.
func BenchmarkSelect(b *testing.B) {
	uri := os.Getenv("NEO4J_URI")
	if uri == "" {
		b.Skip("NEO4J_URI is not set")
	}
	n := 10_000
	if e := os.Getenv("ENTITIES"); e != "" {
		n, _ = strconv.Atoi(e)
	}
	s := open(b, uri)
	if n > 0 {
		s = fresh(b, uri)
		began := time.Now()
		fill(b, s, n)
		b.Logf("filled with %d entities in %v", n, time.Since(began).Round(time.Millisecond))
	}
	rng := rand.New(rand.NewPCG(1, 1))
	some := func() string { return group(rng.IntN(2000)) }
	page := func(first int) intel.NodeSelection {
		return intel.NodeSelection{Links: []intel.LinkSelection{{Key: "k", Ends: along(intel.Out, "SUCCESSOR_OF"), Page: intel.Page{First: first}}}}
	}
	for _, c := range []struct {
		name string
		sel  func(id string) intel.Selection
		hand string
		id   func() string
	}{
		{"point", func(id string) intel.Selection { return intel.Selection{IDs: []string{id}} }, "MATCH (n:Entity {id: $id}) RETURN [n.id, n.name, n.sortKey, n.revision]", some},
		{"expand 4", func(id string) intel.Selection { return intel.Selection{IDs: []string{id}, Node: page(25)} }, handWritten("SUCCESSOR_OF", "->", 25, 1), some},
		{"nested 10x10x10", func(id string) intel.Selection {
			return intel.Selection{IDs: []string{id}, Node: nested(3, "PART_OF", 10)}
		}, handWritten("PART_OF", "->", 10, 3), some},
		{"25 of a hub", func(id string) intel.Selection {
			return intel.Selection{IDs: []string{id}, Node: intel.NodeSelection{Links: []intel.LinkSelection{{Key: "k", Ends: along(intel.In, "OPERATES_IN"), Page: intel.Page{First: 25}}}}}
		}, handWritten("OPERATES_IN", "<-", 25, 1), func() string { return country(rng.IntN(3)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			var ours, theirs []time.Duration
			for i := 0; b.Loop(); i++ {
				id := c.id()
				began := time.Now()
				if err := s.View(b.Context(), func(r intel.Reader) error {
					a, err := r.Select(b.Context(), c.sel(id))
					if err == nil && len(a.Nodes) != 1 {
						err = fmt.Errorf("no node %s", id)
					}
					return err
				}); err != nil {
					b.Fatal(err)
				}
				ours = append(ours, time.Since(began))
				began = time.Now()
				hand(b, s, c.hand, id)
				theirs = append(theirs, time.Since(began))
			}
			warm := len(ours) / 3
			x, y := median(ours[warm:]), median(theirs[warm:])
			b.ReportMetric(float64(x.Microseconds())/1000, "ms/select")
			b.ReportMetric(float64(y.Microseconds())/1000, "ms/hand")
			b.ReportMetric(float64(x)/float64(y), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// handWritten is the statement that a person would write, packing lists.
func handWritten(t, arrow string, first, levels int) string {
	left, right := "-", "->"
	if arrow == "<-" {
		left, right = "<-", "-"
	}
	level := ""
	for i := levels; i > 0; i-- {
		sub := ""
		if level != "" {
			sub = ", " + level
		}
		level = fmt.Sprintf("COLLECT { MATCH (n%d)%s[r%d:%s]%s(n%d:Entity) WITH r%d, n%d ORDER BY n%d.sortKey, n%d.id LIMIT %d RETURN [r%d.id, r%d.support, r%d.role, r%d.validFrom, r%d.validTo, n%d.id, n%d.name, n%d.revision%s] }",
			i-1, left, i, t, right, i, i, i, i, i, first, i, i, i, i, i, i, i, i, sub)
	}
	return "MATCH (n0:Entity {id: $id}) RETURN [n0.id, n0.name, n0.revision, " + level + "]"
}

func hand(b *testing.B, s *Store, statement, id string) {
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	row, err := s.once(ctx, neo4j.AccessModeRead, statement, map[string]any{"id": id})
	if err != nil || len(row) != 1 {
		b.Fatal(row, err)
	}
}

func median(ds []time.Duration) time.Duration {
	ds = slices.Clone(ds)
	slices.Sort(ds)
	return ds[len(ds)/2]
}
