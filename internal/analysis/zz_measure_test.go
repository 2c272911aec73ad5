package analysis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"dragnet/internal/intel"
	"dragnet/internal/sqlite"
)

func TestMeasure(t *testing.T) {
	path := os.Getenv("MEASURE")
	if path == "" {
		t.Skip()
	}
	s, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	began := time.Now()
	sn, err := build(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	st, ids := sn.base.bytes()
	fmt.Println("built", sn.base.nodes(), sn.base.links(), time.Since(began), st, ids)
	r := rand.New(rand.NewPCG(1, 2))
	var took []time.Duration
	found, cut := 0, 0
	for range 2000 {
		q := PathQuery{From: sn.id(node(r.IntN(sn.size()))), To: sn.id(node(r.IntN(sn.size()))), MaxHops: 6, Limit: 5, AvoidKinds: []intel.Kind{"COUNTRY", "REGION", "SECTOR", "GOOD", "TECHNIQUE"}}
		b := time.Now()
		a, err := paths(context.Background(), sn, q, Budget{Time: 2 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(b))
		if len(a.Paths) > 0 {
			found++
		}
		if a.Cut == CutTime {
			cut++
		}
	}
	slices.Sort(took)
	fmt.Println("paths", found, cut, took[len(took)/2], took[len(took)*95/100], took[len(took)*99/100], took[len(took)-1])
}
