package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// readFile reads all of a file as its own format.
func readFile(t testing.TB, path string) ([]*exchange.Piece, exchange.Reader) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := exchange.Open(filepath.Base(path), bytes.NewReader(b), exchange.OpenOptions{})
	return pieces(t, r, err), r
}

// shown writes pieces, and what their reader counted, for people.
func shown(t testing.TB, all []*exchange.Piece, counts map[string]int) string {
	t.Helper()
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "%s: %s\n", p.At, line(t, exchange.HeaderLine(p.Source.ID, &intel.HeaderVersion{Header: p.Source.Header}, false)))
		for _, row := range p.Rows {
			fmt.Fprintf(&b, "  %s\n", line(t, draftLine(row.Draft)))
		}
		for _, r := range p.Rejects {
			fmt.Fprintf(&b, "  rejected at %s: %s: %s\n", r.At, r.Reason, r.Raw)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%s: %d\n", what, counts[what])
	}
	return b.String()
}

func line(t testing.TB, l *exchange.Line) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// draftLine writes a draft as a line of claims.
func draftLine(d intel.Draft) *exchange.Line {
	ref := func(r *intel.Ref) exchange.LineRef {
		if r == nil {
			return exchange.LineRef{}
		}
		return exchange.LineRef{ID: r.ID, New: r.New}
	}
	l := &exchange.Line{Subject: ref(&d.Subject), Property: d.Property, Stance: d.Stance, Confidence: d.Confidence, SaidBy: ref(d.SaidBy), Locator: d.Locator, Quote: d.Quote, ValidFrom: d.ValidFrom, ValidTo: d.ValidTo}
	if d.Link != nil {
		l.Link = &exchange.LineLink{Type: d.Link.Type, To: ref(&d.Link.To), Role: d.Link.Role, On: d.Link.On, Amount: d.Link.Amount}
	}
	if v := d.Value; v != nil {
		l.Value = &exchange.LineValue{}
		switch v.Type {
		case intel.TypeDate:
			l.Value.Date = &v.Date
		case intel.TypeExternalID:
			l.Value.ExternalID = &v.ExternalID
		default:
			l.Value.Text = &v.Text
		}
	}
	return l
}

// feedData is the folder of real feeds that may stand beside the repository; a
// test that needs it is skipped where there is none.
func feedData(t testing.TB, name string) string {
	t.Helper()
	for dir := ".."; len(dir) < 40; dir = filepath.Join(dir, "..") {
		path := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("there is no " + name + " beside the repository")
	return ""
}

// count counts the links of a type among rows.
func count(all []*exchange.Piece, is func(intel.Draft) bool) (n int) {
	for _, p := range all {
		for _, r := range p.Rows {
			if is(r.Draft) {
				n++
			}
		}
	}
	return n
}

// rejectFile writes all rejects of pieces as a reject file holds them.
func rejectFile(t testing.TB, all []*exchange.Piece) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w := exchange.NewRejectWriter(&b)
	for _, p := range all {
		for _, r := range p.Rejects {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}
