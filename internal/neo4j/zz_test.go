package neo4j

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"dragnet/internal/intel"
)

func TestZZPlanTimes(t *testing.T) {
	uri := os.Getenv("NEO4J_URI")
	s := fresh(t, uri)
	for name, q := range map[string]string{"putAll": putAll, "collectAll": collectAll, "scanLinks": scanLinks, "names": readNames, "rename": renameEnds, "derive": deriveSources} {
		for i := range 3 {
			b := time.Now()
			row := run(t, s, fmt.Sprintf("EXPLAIN %s // %d", q, i), nil)
			_ = row
			fmt.Println(name, i, time.Since(b))
		}
	}
	for i := range 5 {
		b := time.Now()
		s.Update(context.Background(), func(w intel.Writer) error {
			fmt.Println("  begun", time.Since(b))
			_, err := w.Collect(context.Background(), intel.Need{Subjects: []string{"a"}})
			fmt.Println("  collected", time.Since(b), err)
			err = w.Put(context.Background(), intel.Batch{Records: []*intel.Record{intel.NewRecord("group:a", nil, int64(i))}})
			fmt.Println("  put", time.Since(b), err)
			return err
		})
		fmt.Println("update", time.Since(b))
	}
}
