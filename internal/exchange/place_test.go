package exchange_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

// TestPlaces holds the names of places against the sample data, of which they
// are a copy: names, other names and codes of three letters.
func TestPlaces(t *testing.T) {
	var lines []string
	for _, b := range read(t, "geography.yaml", string(readSeed(t, "geography.yaml"))).Batches {
		for _, d := range b.Drafts {
			id := d.Subject.ID
			switch {
			case d.Property == intel.PropName:
				lines = append(lines, id+" "+d.Value.Text)
			case d.Property == "alpha3":
				lines = append(lines, id+" #"+d.Value.Text)
			case d.Link != nil && d.Link.Type == intel.KnownAs:
				lines = append(lines, id+" "+d.Link.To.New.Name)
			}
		}
	}
	slices.Sort(lines)
	want := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile("places.txt", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("places.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(have)); diff != "" {
		t.Errorf("run it with -update (-sample data +places.txt):\n%s", diff)
	}
}
