package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// golden compares got with a file, or writes the file under -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// TestMistakes reads files that are wrong; the golden files hold what is said.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d, err := exchange.ReadDossier(name, bytes.NewReader(text))
			if d != nil || err == nil {
				t.Fatalf("read %v, error %v", d, err)
			}
			if !errors.Is(err, intel.ErrInvalid) {
				t.Error("the error is not ErrInvalid")
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".golden", err.Error()+"\n")
		})
	}
}

// TestForms reads a file that uses every form of the format.
func TestForms(t *testing.T) {
	text, err := os.ReadFile("testdata/forms.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, "forms.yaml", string(text))
	golden(t, "testdata/forms.golden", written(d))
	// Windows line ends and a byte order mark change nothing.
	windows := "\ufeff" + strings.ReplaceAll(string(text), "\n", "\r\n")
	if diff := cmp.Diff(written(d), written(read(t, "forms.yaml", windows))); diff != "" {
		t.Error(diff)
	}
}

func read(t *testing.T, name, text string) *exchange.Dossier {
	t.Helper()
	d, err := exchange.ReadDossier(name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// written lists what a dossier holds, one line each.
func written(d *exchange.Dossier) string {
	var b strings.Builder
	for i, s := range d.Sources {
		fmt.Fprintf(&b, "%s %s: title %q publisher %q url %q published %q retrieved %s language %q %s %s derived from %v\n", d.SourcesAt[i], s.ID,
			s.Title, s.Publisher, s.URL, s.PublishedOn, s.RetrievedAt.Format(time.RFC3339), s.Language, s.Reliability, s.Marking, s.DerivedFrom)
	}
	for _, batch := range d.Batches {
		fmt.Fprintf(&b, "%s\n", batch.Source)
		for i, c := range batch.Drafts {
			fmt.Fprintf(&b, "  %s %s\n", batch.At[i], draftText(c))
		}
	}
	return b.String()
}

// draftText writes a draft on one line; what it does not state is left out.
func draftText(c intel.Draft) string {
	out := refText(&c.Subject)
	if c.Link != nil {
		out += " " + string(c.Link.Type) + " " + refText(&c.Link.To)
	} else {
		out += " " + string(c.Property) + " " + valueText(*c.Value)
	}
	add := func(name, value string) {
		if value != "" {
			out += ", " + name + " " + value
		}
	}
	if l := c.Link; l != nil {
		add("role", l.Role)
		add("on", l.On.String())
		if l.Amount != nil {
			add("amount", fmt.Sprintf("%+v", *l.Amount))
		}
	}
	add("stance", string(c.Stance))
	if c.Confidence != nil {
		add("confidence", fmt.Sprint(*c.Confidence))
	}
	if c.SaidBy != nil {
		add("said by", refText(c.SaidBy))
	}
	add("at", c.Locator)
	if c.Quote != "" {
		add("quote", fmt.Sprintf("%q", c.Quote))
	}
	add("from", c.ValidFrom.String())
	add("to", c.ValidTo.String())
	return out
}

func refText(r *intel.Ref) string {
	if r.New != nil {
		return fmt.Sprintf("%s %q", r.New.Kind.Prefix(), r.New.Name)
	}
	return r.ID
}

func valueText(v intel.Value) string {
	switch v.Type {
	case intel.TypeText:
		return fmt.Sprintf("%q", v.Text)
	case intel.TypeDate:
		return v.Date.String()
	case intel.TypeQuantity:
		return fmt.Sprintf("%+v", v.Quantity)
	case intel.TypeMoney:
		return fmt.Sprintf("%+v", v.Money)
	}
	return v.Written()
}

func TestReadDossierLimits(t *testing.T) {
	const head = "dossier: 1\nsource: {id: source:x, title: X, reliability: C}\nstatements:\n"
	t.Run("too large", func(t *testing.T) {
		_, err := exchange.ReadDossier("x", strings.NewReader(strings.Repeat("# a comment\n", 2<<20)))
		if err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
			t.Error(err)
		}
	})
	t.Run("at most 50 mistakes, in order", func(t *testing.T) {
		_, err := exchange.ReadDossier("x", strings.NewReader(head+"  group:x:\n"+strings.Repeat("    - {arests: 3}\n", 120)+"sauce: 1\n"))
		var m *exchange.MistakesError
		if !errors.As(err, &m) || len(m.List) != exchange.MaxMistakes || m.More != 71 || m.List[49].Line != 54 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("wrong all over", func(t *testing.T) {
		_, err := exchange.ReadDossier("x", strings.NewReader(head+"  group:x:\n"+strings.Repeat("    - {arests: 3}\n", 20_000)))
		var m *exchange.MistakesError
		if !errors.As(err, &m) || m.More < 900 || m.More > 1100 {
			t.Errorf("%v", err)
		}
	})
	t.Run("long files are read in linear time", func(t *testing.T) {
		var b strings.Builder
		b.WriteString(head)
		for i := range 6_000 {
			fmt.Fprintf(&b, "  group:g%d: {name: Group %d, attacks: about 30, at: para %d}\n", i, i, i)
		}
		if d := read(t, "x", b.String()); len(d.Batches[0].Drafts) != 12_000 {
			t.Error(len(d.Batches[0].Drafts))
		}
	})
	t.Run("hostile", func(t *testing.T) {
		for name, text := range map[string]string{
			"brackets":      strings.Repeat("[", 1<<20),
			"dashes":        strings.Repeat("- ", 1<<20),
			"dashes below":  head + "  group:x:\n    " + strings.Repeat("- ", 1<<17),
			"less-than":     head + "  group:x: {name: " + strings.Repeat("<", 1<<17) + "}\n",
			"empty lines":   head + "  group:x:\n    - summary: |\n" + strings.Repeat("\n", 1<<17) + "      x\n      at: y\n",
			"nulls":         head + "  group:x: {" + strings.Repeat("a,", 1<<17) + "}\n",
			"long line":     head + "  group:x: {name: " + strings.Repeat("x", 1<<20) + "}\n",
			"long key":      head + "  " + strings.Repeat("x", 1<<17) + ": {name: x}\n",
			"question mark": head + strings.Repeat("? ", 1<<17),
			"aliases":       head + "  group:x: [" + strings.Repeat("*a, ", 1<<17) + "]\n",
		} {
			begin := time.Now()
			if _, err := exchange.ReadDossier(name, strings.NewReader(text)); err == nil {
				t.Errorf("%s: no error", name)
			} else if len(err.Error()) > 20_000 {
				t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
			}
			if spent := time.Since(begin); spent > 20*time.Second {
				t.Errorf("%s took %v", name, spent)
			}
		}
	})
}

// badReader fails as a disk may.
type badReader struct{}

var errDisk = errors.New("disk on fire")

func (badReader) Read([]byte) (int, error) { return 0, errDisk }

func TestReadDossierPassesOnReadErrors(t *testing.T) {
	d, err := exchange.ReadDossier("x.yaml", badReader{})
	if d != nil || !errors.Is(err, errDisk) || errors.Is(err, intel.ErrInvalid) {
		t.Errorf("%v, %v", d, err)
	}
}

func TestLocate(t *testing.T) {
	d := read(t, "x.yaml", "dossier: 1\nsource: {id: source:x, title: X, reliability: C}\nstatements:\n  group:x:\n    - {name: X}\n    - {attacks: 3}\n")
	b := d.Batches[0]
	for _, c := range []struct {
		row  int
		want string
	}{
		{1, "x.yaml:6:17: claims[1].value: is odd"},
		{-1, "x.yaml: claims[1].value: is odd"},
		{2, "x.yaml: claims[1].value: is odd"},
	} {
		m := b.Locate(&intel.FieldError{Field: "claims[1].value", Row: c.row, Msg: "is odd"})
		if m.String() != c.want {
			t.Errorf("row %d: %s", c.row, m)
		}
	}
}

func ExampleReadDossier() {
	const text = `dossier: 1
source: {id: source:press, title: A press report, reliability: C}
defaults: {confidence: 70}
statements:
  operation:nervone:
    - {arrests: more than 3500, at: para 2}
    - {COORDINATED from: agency "INTERPOL", at: para 3}
`
	d, err := exchange.ReadDossier("press.yaml", strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range d.Batches {
		for i, c := range b.Drafts {
			fmt.Println(b.At[i], draftText(c))
		}
	}
	_, err = exchange.ReadDossier("press.yaml", strings.NewReader(strings.Replace(text, "arrests", "arests", 1)))
	fmt.Println(err)
	// Output:
	// press.yaml:6:17 operation:nervone arrests {Value:3500 Max:0 Qualifier:MORE_THAN AsWritten: Unit:}, confidence 70, at para 2
	// press.yaml:7:26 agency "INTERPOL" COORDINATED operation:nervone, confidence 70, at para 3
	// press.yaml:6:8: `arests` is not a property or link type; did you mean `arrests`?
}

// FuzzDossier looks for texts that make the reader panic, or give both a
// dossier and an error, or neither.
func FuzzDossier(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "testdata/mistakes/*.yaml", "../../seed/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := exchange.ReadDossier("f", bytes.NewReader(text))
		if (d == nil) == (err == nil) {
			t.Fatalf("dossier %v and error %v", d, err)
		}
		if err != nil {
			checkMistakes(t, err, bytes.Count(text, []byte("\n"))+1)
			return
		}
		for _, b := range d.Batches {
			if len(b.Drafts) != len(b.At) || b.Source == "" {
				t.Fatalf("batch of %q: %d drafts at %d places", b.Source, len(b.Drafts), len(b.At))
			}
			for _, c := range b.Drafts {
				if (c.Link == nil) == (c.Value == nil) {
					t.Fatalf("a draft with both a link and a value, or neither: %s", draftText(c))
				}
			}
		}
	})
}

func checkMistakes(t *testing.T, err error, lines int) {
	var m *exchange.MistakesError
	if !errors.As(err, &m) || len(m.List) == 0 || len(m.List) > exchange.MaxMistakes {
		t.Fatalf("%T: %v", err, err)
	}
	for i, one := range m.List {
		if one.Line < 1 || one.Column < 1 || one.Line > lines+1 || one.Found == "" || i > 0 && one.Line < m.List[i-1].Line {
			t.Fatalf("a mistake out of place: %v", one)
		}
	}
}
