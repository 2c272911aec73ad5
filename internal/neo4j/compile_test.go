package neo4j

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCompileText holds the text of statements against files that people have
// read.
func TestCompileText(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			got := compile(s.sel).text + "\n"
			file := filepath.Join("testdata", "select", strings.NewReplacer(" ", "_", ",", "").Replace(s.name)+".cypher")
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("the statement differs (- file, + got):\n%s", d)
			}
		})
	}
}

// TestCompileShapeOnly changes every value of a selection and finds the text
// unchanged: no value is part of it.
func TestCompileShapeOnly(t *testing.T) {
	selection := func(s string, n int) intel.Selection {
		long := int64(n)
		return intel.Selection{
			IDs: []string{s},
			List: &intel.List{
				Where: intel.All{intel.IDIn{s}, intel.TextIs{Field: intel.FieldName, Values: []string{s}}, intel.TextIs{Field: intel.FieldExternalID, Values: []string{s}},
					intel.TextIs{Field: "acronym", Op: intel.Contains, Values: []string{s}}, intel.RangeIs{Property: "arrests", Lo: &long, Hi: &long},
					intel.MoneyIs{Property: "seized", Currency: s, AssetClass: intel.AssetClass(s), Lo: intel.Decimal(s)}},
				Page: intel.Page{First: n, After: &intel.Position{Keys: []intel.SortValue{{Text: s}}, ID: s}},
			},
			Node: intel.NodeSelection{
				Links: []intel.LinkSelection{{Key: s, Ends: along(intel.Out, "USES"), Page: intel.Page{First: n, After: &intel.Position{Keys: []intel.SortValue{{Text: s}}, ID: s, Link: s}},
					Link: intel.LinkFilter{MinSupport: &n, IDs: []string{s}, Role: &intel.OptionalTextIs{Values: []string{s}}}}},
				Claims: []intel.ClaimSelection{{Key: s, Where: intel.ClaimFilter{Sources: []string{s}, Properties: []intel.Property{intel.Property(s)}, LinkTypes: []intel.LinkType{intel.LinkType(s)}}, Page: intel.Page{First: n}}},
			},
			ClaimIDs: []string{s}, SourceIDs: []string{s},
			SourceList: &intel.SourceList{Where: intel.SourceFilter{Title: &intel.OptionalTextIs{Values: []string{s}}}, Page: intel.Page{First: n}},
		}
	}
	want := compile(selection("abc", 1)).text
	for _, hostile := range []string{"`", "'", `\`, "$p0", "}) DETACH DELETE n //", "\x00"} {
		if d := cmp.Diff(want, compile(selection(hostile, 199)).text); d != "" {
			t.Errorf("the value %q changes the statement:\n%s", hostile, d)
		}
	}
}
