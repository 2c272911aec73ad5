package exchange_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

func TestMISP(t *testing.T) {
	for _, name := range []string{"misp", "misp-producer"} {
		all, r := readFile(t, "testdata/feeds/"+name+".json")
		golden(t, "testdata/feeds/"+name+".golden", shown(t, all, r.Tally()))
	}
}

// What a record says follows from the record, wherever it stands; rows that the
// catalog rejects are read again from a reject file.
func TestMISPValuesAlone(t *testing.T) {
	for _, name := range []string{"misp", "misp-producer"} {
		want, _ := readFile(t, "testdata/feeds/"+name+".json")
		for _, p := range want {
			if len(p.Rejects) == 0 {
				p.Rejects = []exchange.Reject{{At: p.At, Raw: p.Rows[0].Raw, Reason: "for a test"}}
			}
		}
		r, err := exchange.Open(name+".json", rejectFile(t, want), exchange.OpenOptions{})
		got := pieces(t, r, err)
		if len(got) != len(want) {
			t.Fatalf("%d of %d values", len(got), len(want))
		}
		for i := range got {
			if len(want[i].Rows) > 0 {
				want[i].Rejects = nil
			}
			at := strings.Contains(want[i].At.Item, "value ") // counted, not named
			if a, b := shown(t, want[i:i+1], nil), shown(t, got[i:i+1], nil); !at && len(want[i].Rows) > 0 && a != b {
				t.Errorf("alone, a value says otherwise:\n%s", cmp.Diff(a, b))
			}
			if len(got[i].Rejects) != len(want[i].Rejects) {
				t.Errorf("value %d: rejected %v, was %v", i, got[i].Rejects, want[i].Rejects)
			}
		}
	}
}

func TestMISPMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"threat-actor","values":[{"uuid":"a"`:   "the file ends in the middle",
		`{"type":"threat-actor","values":[{"uuid":"a"},`: "the file ends in the middle",
		`{"type":"threat-actor","values":[{"uuid":}`:     "this is not JSON",
		`{"type":"threat-actor","values":[]`:             "the file ends in the middle",
		`{"values":[]}`:                                  "`type` must stand before",
		`{"type":"threat-actor","values":{}}`:            "`values` is not a list",
		`{"uuid":"x"} 7`:                                 "this is no JSON object",
		`{"type":"threat-actor","values":[{"description":"` + strings.Repeat("x", exchange.MaxObjectBytes): "larger than 4 MiB",
		`{"uuid":"` + strings.Repeat("x", exchange.MaxObjectBytes):                                         "larger than 4 MiB",
		`{"type":"t","values":[` + strings.Repeat("[", 20_000):                                             "exceeded max depth",
	} {
		r, err := exchange.Open("f", strings.NewReader(text), exchange.OpenOptions{Format: exchange.FormatMISP})
		for err == nil {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) || wrong.List[0].Item == "" {
			t.Errorf("%.60s: got %v, want %s", text, err, want)
		}
	}
}

// The counts are those of the data's own description.
func TestMISPThreatActors(t *testing.T) {
	all, r := readFile(t, feedData(t, "misp-threat-actor.json.gz"))
	rejects := 0
	for _, p := range all {
		rejects += len(p.Rejects)
		if len(p.Source.DerivedFrom) > 100 {
			t.Errorf("%s derives from %d", p.Source.ID, len(p.Source.DerivedFrom))
		}
	}
	is := func(typ intel.LinkType) func(intel.Draft) bool {
		return func(d intel.Draft) bool { return d.Link != nil && d.Link.Type == typ }
	}
	got := map[string]int{
		"values": len(all), "rejects": rejects,
		"names":       count(all, func(d intel.Draft) bool { return d.Property == intel.PropName }),
		"summaries":   count(all, func(d intel.Draft) bool { return d.Property == intel.PropSummary }),
		"attributed":  count(all, func(d intel.Draft) bool { return d.SaidBy != nil }),
		"based in":    count(all, is("BASED_IN")),
		"likenesses":  r.Tally()["likenesses, not kept yet: similar"] + r.Tally()["likenesses, not kept yet: overlaps"],
		"self-links":  r.Tally()["links of a record to itself, dropped"],
		"origin keys": r.Tally()["meta data kept as notes: origin:…"],
	}
	want := map[string]int{"values": 1041, "rejects": 0, "names": 1041, "summaries": 985, "attributed": 1243, "based in": 476, "likenesses": 287, "self-links": 1, "origin keys": 342}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, name := range []string{"misp-country.json.gz", "misp-region.json"} {
		if all, r := readFile(t, feedData(t, name)); len(all) != 0 || len(r.Tally()) != 1 {
			t.Errorf("%s: %d pieces, %v", name, len(all), r.Tally())
		}
	}
	if all, _ := readFile(t, feedData(t, "misp-producer.json.gz")); len(all) != 135 {
		t.Errorf("%d producers", len(all))
	}
}

func ExampleNewMISP() {
	r := exchange.NewMISP("actors.json", strings.NewReader(`{"type": "threat-actor", "values": [
		{"uuid": "da581c60-7c3d-4de6-b54c-cafea1c58389", "value": "Common Raven", "meta": {"country": "CI"}}]}`))
	for {
		p, err := r.Next()
		if err != nil {
			break
		}
		for _, row := range p.Rows {
			if row.Draft.Link != nil {
				fmt.Println(p.Source.ID, row.Draft.Link.Type, row.Draft.Link.To.ID)
			}
		}
	}
	// Output: source:misp-da581c60-7c3d-4de6-b54c-cafea1c58389 BASED_IN country:CI
}

func FuzzMISP(f *testing.F) {
	for _, name := range []string{"misp", "misp-producer"} {
		b, err := os.ReadFile("testdata/feeds/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"uuid":"1cb7e1cc-d695-42b1-92f4-fd0112a3c9be","value":"A","meta":{"refs":[null,{},7]},"related":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := exchange.NewMISP("f", strings.NewReader(text)), error(nil)
		for n := 0; err == nil && n < 10_000; n++ {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &wrong) {
			t.Errorf("an error that is not the file's: %v", err)
		}
	})
}
