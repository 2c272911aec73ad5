package sqlite

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ptr[T any](v T) *T { return &v }

var filterCases = []struct {
	name   string
	filter intel.Filter
}{
	{"nothing", intel.All{}},
	{"never", intel.Any{}},
	{"nested", intel.All{intel.Not{Filter: intel.Any{intel.IsStub(true), intel.KindIn{intel.KindGroup, intel.KindFirm}}}, intel.IDIn{"group:a"}}},
	{"ids", intel.IDIn{"group:a", "group:b'; DROP TABLE claim"}},
	{"name equals", intel.TextIs{Field: intel.FieldName, Values: []string{"a"}}},
	{"name equals one of none", intel.TextIs{Field: intel.FieldName}},
	{"name contains", intel.TextIs{Field: intel.FieldName, Op: intel.Contains, Values: []string{"a%_"}}},
	{"name key begins", intel.TextIs{Field: intel.FieldNameKey, Op: intel.HasPrefix, Values: []string{"a"}}},
	{"alias", intel.TextIs{Field: intel.FieldAlias, Values: []string{"a", "b"}}},
	{"external id", intel.TextIs{Field: intel.FieldExternalID, Values: []string{"mitre-attack:T1566"}}},
	{"property", intel.TextIs{Field: "groupStatus", Values: []string{"ACTIVE"}}},
	{"property begins", intel.TextIs{Field: "acronym", Op: intel.HasPrefix, Values: []string{"a"}}},
	{"no name", intel.IsNull{Field: intel.FieldName, Null: true}},
	{"a name key", intel.IsNull{Field: intel.FieldNameKey}},
	{"no alias", intel.IsNull{Field: intel.FieldAlias, Null: true}},
	{"a value", intel.IsNull{Field: "arrests"}},
	{"range", intel.RangeIs{Property: "arrests", Lo: ptr(int64(1)), Hi: ptr(int64(9))}},
	{"open range", intel.RangeIs{Property: "arrests", Hi: ptr(int64(9))}},
	{"money", intel.MoneyIs{Property: "proceeds", Currency: "USD", AssetClass: "CASH", Lo: "1.5", Hi: "20"}},
}

var linkCases = []struct {
	name string
	sel  intel.LinkSelection
}{
	{"by name", intel.LinkSelection{Page: intel.Page{First: 10}}},
	{"by name, downwards, after", intel.LinkSelection{Order: []intel.Order{{By: intel.OrderName, Desc: true}}, Page: intel.Page{First: 10, After: &intel.Position{Keys: []intel.SortValue{{Text: "m"}}, ID: "group:m", Link: "l"}}}},
	{"by two keys after a null", intel.LinkSelection{Order: []intel.Order{{By: "arrests"}, {By: intel.OrderChanged, Desc: true}}, Page: intel.Page{First: 10, After: &intel.Position{Keys: []intel.SortValue{{Null: true}, {Int: 7}}, ID: "operation:m"}}}},
	{"filtered", intel.LinkSelection{Kinds: []intel.Kind{intel.KindGroup}, Where: intel.IsStub(false), Link: intel.LinkFilter{
		Types: []intel.LinkType{"USES"}, MinSupport: ptr(50), MaxSupport: ptr(90), MinOrigins: ptr(1), MaxOrigins: ptr(2), Role: &intel.OptionalTextIs{Op: intel.Contains, Values: []string{"x"}},
		Disputed: ptr(true), ValidAt: intel.MustDate("2023"), Kinds: []intel.Kind{intel.KindFirm}, IDs: []string{"firm:a", "firm:b"}}}},
	{"no role", intel.LinkSelection{Link: intel.LinkFilter{Role: &intel.OptionalTextIs{Null: ptr(true)}}}},
}

var claimCases = []struct {
	name   string
	filter intel.ClaimFilter
}{
	{"all", intel.ClaimFilter{}},
	{"filtered", intel.ClaimFilter{Properties: []intel.Property{"arrests"}, LinkTypes: []intel.LinkType{"USES", "LED"}, Subjects: []string{"group:a"}, Sources: []string{"source:a", "source:b"}, Live: ptr(true),
		Stance: intel.Denies, MinConfidence: ptr(1), MaxConfidence: ptr(2), RecordedAfter: time.Unix(1, 0), SinceRevision: ptr(int64(3))}},
	{"no types", intel.ClaimFilter{Properties: []intel.Property{"arrests"}}},
}

var listCases = []struct {
	name  string
	order []intel.Order
	after *intel.Position
}{
	{"by name", nil, nil},
	{"by name after", nil, &intel.Position{Keys: []intel.SortValue{{Text: "m"}}, ID: "group:m"}},
	{"by change, downwards, after", []intel.Order{{By: intel.OrderChanged, Desc: true}}, &intel.Position{Keys: []intel.SortValue{{Int: 7}}, ID: "group:m"}},
	{"by a property after", []intel.Order{{By: "victims", Desc: true}}, &intel.Position{Keys: []intel.SortValue{{Int: 7}}, ID: "group:m"}},
	{"by a property among those without", []intel.Order{{By: "victims"}}, &intel.Position{Keys: []intel.SortValue{{Null: true}}, ID: "group:m"}},
	{"by two properties and name", []intel.Order{{By: "victims"}, {By: "firstSeen", Desc: true}, {By: intel.OrderName}}, nil},
}

var sourceCases = []struct {
	name string
	list intel.SourceList
}{
	{"all by title", intel.SourceList{}},
	{"filtered by date after", intel.SourceList{Order: []intel.SourceOrder{{By: intel.ByPublished}, {By: intel.ByClaims, Desc: true}},
		Page: intel.Page{After: &intel.Position{Keys: []intel.SortValue{{Int: 5}, {Int: 6}}, ID: "source:m"}},
		Where: intel.SourceFilter{IDs: []string{"source:a"}, Title: &intel.OptionalTextIs{Values: []string{"a"}}, Publisher: &intel.OptionalTextIs{Null: ptr(false)},
			Reliability: []intel.Reliability{"A", "B"}, Marking: []intel.Marking{"CLEAR"}, PublishedLo: ptr(int64(1)), PublishedHi: ptr(int64(2)), PublishedNull: ptr(false)}}},
}

// TestCompile holds the text of statements against testdata/compile.golden, so
// that every change of one is seen.
func TestCompile(t *testing.T) {
	var out strings.Builder
	say := func(name string, q *query) {
		fmt.Fprintf(&out, "== %s\n%s\n", name, strings.Join(strings.Fields(q.text.String()), " "))
		for i, v := range q.args {
			fmt.Fprintf(&out, "  ?%d = %s\n", i+1, v)
		}
	}
	s := fresh(t)
	err := s.View(t.Context(), func(r intel.Reader) error {
		w := &walk{reader: r.(*reader)}
		if err := w.reread(); err != nil {
			return err
		}
		for _, c := range filterCases {
			q := w.query()
			q.where(c.filter)
			say("filter: "+c.name, q)
			for i, d := range w.drivers(c.filter, 1) {
				say(fmt.Sprintf("candidates %d of filter: %s", i+1, c.name), d)
			}
		}
		for _, c := range linkCases {
			say("links: "+c.name, w.query().linkPage(&c.sel, nil))
			say("links counted: "+c.name, w.query().linkCount(&c.sel, nil))
		}
		say("links among candidates", w.query().linkPage(&linkCases[1].sel, w.drivers(intel.IDIn{"group:a"}, noWord)[0]))
		for _, c := range listCases {
			p := &listPlan{List: &intel.List{Order: c.order, Page: intel.Page{First: 10, After: c.after}}, keys: keysOf(c.order), where: intel.IsStub(false)}
			for stage := range len(p.keys) + 1 {
				if at, skip := p.startOf(stage); !skip && (stage == 0 || p.keys[stage-1].nullable) {
					say(fmt.Sprintf("list, stage %d: %s", stage, c.name), w.stageQuery(p, 1, stage, at, 11))
				}
			}
			say("list of candidates: "+c.name, w.candidateQuery(p, 1, w.drivers(intel.IDIn{"group:a"}, 1)[0]))
		}
		for _, c := range claimCases {
			sel := intel.ClaimSelection{Where: c.filter, Page: intel.Page{First: 10}}
			say("claims: "+c.name, w.query().claimPage(&sel, 7, claimsAbout, []value{num(5)}))
		}
		for _, c := range sourceCases {
			keys, index := sourceKeys(c.list.Order)
			say("sources: "+c.name, w.sourceStage(&c.list, keys, index, false, c.list.Page.After, 11))
		}
		return w.lost
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/compile.golden", out.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (- want, + got):\n%s", path, d)
	}
}
