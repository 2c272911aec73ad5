package exchange_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

func TestSTIX(t *testing.T) {
	all, r := readFile(t, "testdata/feeds/stix.json")
	golden(t, "testdata/feeds/stix.golden", shown(t, all, r.Tally()))
}

// Objects come in any order, and alone.
func TestSTIXInAnyOrder(t *testing.T) {
	b, err := os.ReadFile("testdata/feeds/stix.json")
	if err != nil {
		t.Fatal(err)
	}
	var bundle struct {
		Objects []json.RawMessage `json:"objects"`
	}
	if err := json.Unmarshal(b, &bundle); err != nil {
		t.Fatal(err)
	}
	read := func(text string) string {
		r, err := exchange.Open("stix.json", strings.NewReader(text), exchange.OpenOptions{Format: exchange.FormatSTIX})
		lines := strings.Split(shown(t, pieces(t, r, err), r.Tally()), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	want := read(string(b))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		rnd.Shuffle(len(bundle.Objects), func(i, j int) {
			bundle.Objects[i], bundle.Objects[j] = bundle.Objects[j], bundle.Objects[i]
		})
		shuffled, err := json.Marshal(bundle)
		if err != nil {
			t.Fatal(err)
		}
		alone := ""
		for _, o := range bundle.Objects {
			alone += strings.ReplaceAll(string(o), "\n", " ") + "\n"
		}
		for _, text := range []string{string(shuffled), alone} {
			if diff := cmp.Diff(squeezed(want), squeezed(read(text))); diff != "" {
				t.Fatalf("in another order it says otherwise:\n%s", diff)
			}
		}
	}
}

// squeezed leaves out the spaces of what was rejected, which is written as it
// stood.
func squeezed(s string) string { return strings.NewReplacer(": ", ":", ", ", ",").Replace(s) }

func TestSTIXMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"bundle","spec_version":"1.2","objects":[]}`:                          "the bundle is STIX `1.2`; 2.0 and 2.1 are read",
		`{"type":"bundle","objects":[{"type":"tool"`:                                   "the file ends in the middle",
		`{"type":"bundle","objects":7}`:                                                "`objects` is not a list",
		`{"type":"bundle","objects":[` + strings.Repeat("[", 20_000):                   "exceeded max depth",
		`{"type":"bundle","objects":["` + strings.Repeat("x", exchange.MaxObjectBytes): "larger than 4 MiB",
	} {
		r, err := exchange.Open("f", strings.NewReader(text), exchange.OpenOptions{})
		for err == nil {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %s", text, err, want)
		}
	}
}

// The counts are those of the data's own description.
func TestSTIXAttack(t *testing.T) {
	all, r := readFile(t, feedData(t, "attack-enterprise.json.gz"))
	links := map[string]int{}
	rejects, aliases, said := 0, 0, 0
	for _, p := range all {
		rejects += len(p.Rejects)
		for _, row := range p.Rows {
			if l := row.Draft.Link; l != nil && l.Type != intel.KnownAs {
				links[string(intel.KindOf(row.Draft.Subject.ID))+" "+string(l.Type)+" "+string(intel.KindOf(l.To.ID))]++
			} else if l != nil && intel.KindOf(row.Draft.Subject.ID) == intel.KindGroup {
				aliases++
				if row.Draft.Quote != "" {
					said++
				}
			}
		}
	}
	want := map[string]int{
		"TOOL USES TECHNIQUE": 9836 + 800, "GROUP USES TECHNIQUE": 4362, "CAMPAIGN USES TECHNIQUE": 1019, "TECHNIQUE PART_OF TECHNIQUE": 477,
		"GROUP USES TOOL": 647 + 457, "TECHNIQUE REPLACED_BY TECHNIQUE": 132, "CAMPAIGN USES TOOL": 84 + 65, "CAMPAIGN ATTRIBUTED_TO GROUP": 25,
		"GROUP REPLACED_BY GROUP": 6, "TOOL REPLACED_BY TOOL": 2,
	}
	if diff := cmp.Diff(want, links); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if aliases != 589-185 || rejects != 0 || len(all) != 19775 || said == 0 {
		t.Errorf("%d aliases of groups, %d of them said by a reference; %d rejects, %d pieces; %v", aliases, said, rejects, len(all), r.Tally())
	}
}

func ExampleNewSTIX() {
	r := exchange.NewSTIX("bundle.json", strings.NewReader(`{"type": "bundle", "objects": [
		{"type": "threat-actor", "id": "threat-actor--da581c60-7c3d-4de6-b54c-cafea1c58389", "name": "Common Raven", "aliases": ["NX$M$"]}]}`))
	for {
		p, err := r.Next()
		if err != nil {
			break
		}
		for _, row := range p.Rows {
			if row.Draft.Link != nil {
				fmt.Println(row.Draft.Subject.ID, row.Draft.Link.Type, row.Draft.Link.To.New.Name)
			}
		}
	}
	// Output: group:da581c60-7c3d-4de6-b54c-cafea1c58389 KNOWN_AS NX$M$
}

func FuzzSTIX(f *testing.F) {
	b, err := os.ReadFile("testdata/feeds/stix.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add(`{"type":"tool","id":"tool--1cb7e1cc-d695-42b1-92f4-fd0112a3c922","extensions":{"extension-definition--b02df1ef-6691-5a7e-becb-a328dc385141":{}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := exchange.NewSTIX("f", strings.NewReader(text)), error(nil)
		for n := 0; err == nil && n < 10_000; n++ {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &wrong) {
			t.Errorf("an error that is not the file's: %v", err)
		}
	})
}
