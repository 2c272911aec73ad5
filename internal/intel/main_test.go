package intel_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain gives rapid a fixed seed, so that a run can be repeated. Ask for
// others with -rapid.seed, for more draws with -rapid.checks.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	if !given {
		if err := flag.Set("rapid.seed", "20230705"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
