package exchange_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

var updateTables = flag.Bool("update-tables", false, "write the golden mappings anew")

const someMapping = `mapping: 1
source: {id: source:table, title: A table, reliability: C}
defaults: {confidence: 70}
empty: ["-", n/a]
subject: group "{Name}"
columns:
  First seen: firstSeen
  Country: {is: BASED_IN, kind: country}
  Aliases: {is: KNOWN_AS, list: ","}
  Losses:
    - {is: losses, value: "{} USD"}
    - {is: note, value: "{Name} took {}"}
  Status: {is: groupStatus, words: {alive: active}}
  Sure: confidence
`

const someTable = `Name,First seen,Country,Aliases,Losses,Status,Sure
OPERA1ER,2016,Ivory Coast,"Common Raven, NX$M$",about 11 million,alive,90
FIN7,n/a,-,,,,
`

func mappingOf(t testing.TB, text string) *exchange.Mapping {
	t.Helper()
	m, err := exchange.ReadMapping("m.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// told writes what was read of a table, a line each.
func told(all []*exchange.Piece) (out []string) {
	for _, p := range all {
		for _, r := range p.Rows {
			d := r.Draft
			subject := d.Subject.ID
			if d.Subject.New != nil {
				subject = "new " + d.Subject.New.Name
			}
			s := fmt.Sprintf("%d %s: %s ", *d.Confidence, d.Locator, subject)
			switch {
			case d.Link == nil:
				s += string(d.Property) + " " + d.Value.Written()
			case d.Link.To.New != nil:
				s += string(d.Link.Type) + " new " + d.Link.To.New.Name
			default:
				s += string(d.Link.Type) + " " + d.Link.To.ID
			}
			out = append(out, s)
		}
		for _, r := range p.Rejects {
			out = append(out, r.At.String()+": "+r.Reason)
		}
	}
	return out
}

func TestCSV(t *testing.T) {
	m := mappingOf(t, someMapping)
	want := []string{
		"90 row 2: new OPERA1ER firstSeen 2016",
		"90 row 2: group:opera1er BASED_IN country:CI",
		"90 row 2: group:opera1er KNOWN_AS new Common Raven",
		"90 row 2: group:opera1er KNOWN_AS new NX$M$",
		"90 row 2: group:opera1er losses about USD 11,000,000",
		"90 row 2: group:opera1er note OPERA1ER took about 11 million",
		"90 row 2: group:opera1er groupStatus ACTIVE",
	}
	for name, text := range map[string]string{
		"plain": someTable, "mark": "\ufeff" + someTable, "windows": strings.ReplaceAll(someTable, "\n", "\r\n"),
		"semicolons": strings.ReplaceAll(strings.ReplaceAll(someTable, ", ", "#"), ",", ";"),
	} {
		text = strings.ReplaceAll(text, "#", ", ")
		r, err := exchange.Open("t.csv", strings.NewReader(text), exchange.OpenOptions{Mapping: m})
		all := pieces(t, r, err)
		if !all[0].Described || all[0].Source.Title != "A table" {
			t.Errorf("%s: %+v", name, all[0])
		}
		if diff := cmp.Diff(want, told(all)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCSVRejects(t *testing.T) {
	m := mappingOf(t, someMapping)
	header, _, _ := strings.Cut(someTable, "\n")
	for row, want := range map[string]string{
		"A,2016":                 "t.csv:2 (row 2): the row has 2 fields, the header 7",
		"\nA,2016":               "t.csv:3 (row 3): the row has 2 fields, the header 7",
		"A,x,,,,,":               "t.csv:2 (row 2): in the column `First seen`",
		",2016,,,,,":             "t.csv:2 (row 2): the column `Name` is empty, which names whom the row is about",
		"A,2016,Atlantis,,,,":    "t.csv:2 (row 2): in the column `Country` a country's key",
		"A,2016,,,,dormantt,":    "did you mean `DORMANT`?",
		"A,2016,,,,,101":         "t.csv:2 (row 2): in the column `Sure` `101` is not a confidence",
		"A\xff,2016,,,,,":        "t.csv:2 (row 2): the row is not valid UTF-8",
		"A\"b,2016,,,,,":         "t.csv:2 (row 2): a quote stands inside a field",
		"\"A\"b,2016,,,,,":       "t.csv:2 (row 2): a field in quotes goes on",
		"A,2016,,\"B\nC\",x,,70": "t.csv:2 (row 2): in the column",
	} {
		r, err := exchange.Open("t.csv", strings.NewReader(header+"\n"+row+"\nFIN7,2013,,,,,\n"), exchange.OpenOptions{Mapping: m})
		got := told(pieces(t, r, err))
		all := strings.Join(got, "\n")
		if !strings.Contains(all, want) || !strings.Contains(all, "new FIN7 firstSeen 2013") || len(got) != 2 {
			t.Errorf("%q: got %s, want %s", row, all, want)
		}
	}
}

// What was rejected, mended, gives the claims that it would have given.
func TestCSVRejectsAreReadAgain(t *testing.T) {
	m := mappingOf(t, someMapping)
	read := func(text string) []*exchange.Piece {
		r, err := exchange.Open("t.csv", strings.NewReader(text), exchange.OpenOptions{Mapping: m})
		return pieces(t, r, err)
	}
	bad := strings.Replace(someTable, "2016", "long ago", 1)
	for range 2 { // a row may be rejected twice
		var b bytes.Buffer
		w := exchange.NewRejectWriter(&b)
		for _, p := range read(bad) {
			for _, r := range p.Rejects {
				if err := errors.Join(w.Write(r), w.Write(r)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		bad = b.String()
		if n := strings.Count(bad, "\n"); n != 2 || !strings.HasPrefix(bad, "Name,First seen,Country,Aliases,Losses,Status,Sure,_reason,_position\n") {
			t.Fatalf("wrote %s", bad)
		}
	}
	if diff := cmp.Diff(told(read(someTable)), told(read(strings.Replace(bad, "OPERA1ER,long ago", "OPERA1ER,2016", 1)))); diff != "" {
		t.Errorf("mended (-want +got):\n%s", diff)
	}
}

func TestCSVThatCannotBeRead(t *testing.T) {
	m := mappingOf(t, someMapping)
	for text, want := range map[string]string{
		"":            "t.csv:1: the table is empty",
		"Name,Name\n": "t.csv:1: two columns are called `Name`: the 1st and the 2nd",
		"Name,First seen,Contry,Aliases,Losses,Status,Sure\n":             "m.yaml:8:3: `Country` is not a column of t.csv; did you mean `Contry`?",
		someTable + "A,\"" + strings.Repeat("x", 2*exchange.MaxLineBytes): "t.csv:4: the row that begins here is longer than 4 MiB",
	} {
		r, err := exchange.Open("t.csv", strings.NewReader(text), exchange.OpenOptions{Mapping: m})
		for err == nil {
			_, err = r.Next()
		}
		var wrong *exchange.MistakesError
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %s", text, err, want)
		}
	}
	_, err := exchange.Open("t.csv.gz", strings.NewReader(someTable), exchange.OpenOptions{})
	if err == nil || !strings.Contains(err.Error(), "a table needs a mapping") {
		t.Errorf("without a mapping: %v", err)
	}
}

func TestMappingMistakes(t *testing.T) {
	for _, c := range []struct{ old, put, want string }{
		{"firstSeen", "firstSen", "m.yaml:7:15: `firstSen` is not a property or link type; did you mean `firstSeen`?"},
		{"firstSeen", "arrests", "m.yaml:7:15: `arrests` is a property of OPERATION, not of GROUP"},
		{"BASED_IN, kind: country", "BASED_IN, kind: sector", "m.yaml:8:17: no BASED_IN link joins GROUP and SECTOR; expected COUNTRY or REGION"},
		{"kind: country", "kid: country", "m.yaml:8:27: `kid` is not a word of a column; did you mean `kind`?"},
		{"mapping: 1", "mapping: 2", "m.yaml:1:10: this is not a version"},
		{`group "{Name}"`, `grup "{Name}"`, "m.yaml:5:10: `grup` is not a kind; did you mean `group`?"},
		{`group "{Name}"`, `group:one`, "m.yaml:5:10: `group:one` names no column"},
		{`group "{Name}"`, `group "{Name"`, "m.yaml:5:10: "},
		{"columns:", "colums:", "m.yaml:6:1: `colums` is not a word of a mapping; did you mean `columns`?"},
		{"Status: {is: groupStatus,", "Status: {is: groupStatus, list: x,", "`groupStatus` takes one value, not a list"},
		{"reliability: C", "reliability: G", "`G` is not a grade of reliability"},
		{"subject:", "defaults: &a\nsubject:", "`&` begins an anchor"},
	} {
		_, err := exchange.ReadMapping("m.yaml", strings.NewReader(strings.Replace(someMapping, c.old, c.put, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.put, err, c.want)
		}
	}
}

// A proposal is what a person has read, and every row can be read by it.
func TestProposedMappings(t *testing.T) {
	files, err := filepath.Glob("testdata/tables/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		table, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := exchange.ProposeMapping(filepath.Base(file), bytes.NewReader(table))
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(file, ".csv") + ".golden"
		if *updateTables {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		r, err := exchange.Open(file, bytes.NewReader(table), exchange.OpenOptions{Mapping: mappingOf(t, string(got))})
		for _, p := range pieces(t, r, err) {
			if len(p.Rejects) > 0 || len(p.Rows) == 0 {
				t.Errorf("%s: %d rows, rejected %+v", file, len(p.Rows), p.Rejects)
			}
		}
	}
}

// However long a table is, little of it is held.
func TestCSVHoldsLittle(t *testing.T) {
	in, out := io.Pipe()
	go func() {
		_, _ = io.WriteString(out, "Name,Note\n")
		row := []byte("A,\"" + strings.Repeat("x", 1000) + "\"\n")
		for range 50_000 {
			_, _ = out.Write(row)
		}
		_ = out.Close()
	}()
	m := mappingOf(t, "mapping: 1\nsource: {id: source:t, title: T, reliability: C}\nsubject: group \"{Name}\"\ncolumns: {Note: note}\n")
	r, err := exchange.NewCSV("long", in, m)
	most, rows := uint64(0), 0
	for i := 0; err == nil; i++ {
		var p *exchange.Piece
		if p, err = r.Next(); err != nil {
			break
		}
		rows += len(p.Rows)
		if i%10 == 0 {
			runtime.GC()
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			most = max(most, s.HeapAlloc)
		}
	}
	if !errors.Is(err, io.EOF) || rows != 50_000 || most > 40<<20 {
		t.Errorf("it read %d rows and held %d bytes of 50 MB: %v", rows, most, err)
	}
}

func ExampleNewCSV() {
	m, err := exchange.ReadMapping("mapping.yaml", strings.NewReader(someMapping))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := exchange.NewCSV("groups.csv", strings.NewReader(someTable), m)
	for err == nil {
		var p *exchange.Piece
		if p, err = r.Next(); err == nil {
			fmt.Println(p.Source.ID, len(p.Rows), p.Rows[0].At)
		}
	}
	// Output: source:table 7 groups.csv:2 (row 2)
}

func FuzzCSV(f *testing.F) {
	f.Add(someTable, someMapping)
	groups, err := os.ReadFile("testdata/tables/groups.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(groups), someMapping)
	f.Fuzz(func(t *testing.T, table, mapping string) {
		proposed, err := exchange.ProposeMapping("t.csv", strings.NewReader(table))
		if err == nil {
			if _, err := exchange.ReadMapping("m.yaml", bytes.NewReader(proposed)); err != nil {
				t.Fatalf("the mapping proposed is wrong: %v\n%s", err, proposed)
			}
		}
		for _, text := range []string{mapping, string(proposed)} {
			m, err := exchange.ReadMapping("m.yaml", strings.NewReader(text))
			if err != nil {
				continue
			}
			r, err := exchange.NewCSV("t.csv", strings.NewReader(table), m)
			w := exchange.NewRejectWriter(io.Discard)
			for err == nil {
				var p *exchange.Piece
				if p, err = r.Next(); err != nil {
					break
				}
				for _, reject := range p.Rejects {
					if err := w.Write(reject); err != nil {
						t.Fatal(err)
					}
				}
			}
			var wrong *exchange.MistakesError
			if !errors.Is(err, io.EOF) && !errors.As(err, &wrong) && !errors.Is(err, intel.ErrInvalid) {
				t.Fatalf("an error that is not the table's: %v", err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
