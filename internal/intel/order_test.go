package intel_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

func TestPositions(t *testing.T) {
	r := intel.NewRecord("operation:x", []intel.Settled{fact("name", "", text("Été")), fact("arrests", "", between(24, 99)), fact("startedOn", "", date("2023-07"))}, 7)
	july := intel.MustDate("2023-07").First()
	for _, c := range []struct {
		name  string
		order []intel.Order
		want  []intel.SortValue
	}{
		{"by name, when nothing is said", nil, []intel.SortValue{{Text: "ete"}}},
		{"by the lower bound of a number", []intel.Order{{By: "arrests", Desc: true}}, []intel.SortValue{{Int: 24}}},
		{"by the first day of a date, then by change", []intel.Order{{By: "startedOn"}, {By: intel.OrderChanged}}, []intel.SortValue{{Int: july}, {Int: 7}}},
		{"by what is not there", []intel.Order{{By: "searches"}, {By: intel.OrderName}}, []intel.SortValue{{Null: true}, {Text: "ete"}}},
	} {
		if d := diff(intel.Position{Keys: c.want, ID: "operation:x"}, intel.PositionOfRecord(r, c.order)); d != "" {
			t.Errorf("%s (- want, + got):\n%s", c.name, d)
		}
	}
	s := &intel.Source{ID: "source:a", Claims: 3, Header: intel.Header{Title: "Été", PublishedOn: intel.MustDate("2023-07")}}
	order := []intel.SourceOrder{{By: intel.ByPublished}, {By: intel.ByClaims}, {By: intel.ByTitle}}
	if d := diff(intel.Position{Keys: []intel.SortValue{{Int: july}, {Int: 3}, {Text: "ete"}}, ID: "source:a"}, intel.PositionOfSource(s, order)); d != "" {
		t.Errorf("a source (- want, + got):\n%s", d)
	}
	if d := diff(intel.Position{Keys: []intel.SortValue{{Null: true}}, ID: "source:b"}, intel.PositionOfSource(intel.StubSource("source:b"), order[:1])); d != "" {
		t.Errorf("a source without a date (- want, + got):\n%s", d)
	}
	if got := intel.Descending(nil); !slices.Equal(got, []bool{false}) {
		t.Errorf("no order runs downwards: %v", got)
	}
	if d := diff(intel.Position{Keys: []intel.SortValue{{Int: 5}}, ID: "claim:1"}, intel.PositionOf(&intel.Claim{ID: "claim:1", Added: intel.Stamp{Revision: 5}})); d != "" {
		t.Errorf("a claim (- want, + got):\n%s", d)
	}
}

func TestComparePositions(t *testing.T) {
	at := func(id string, keys ...intel.SortValue) intel.Position {
		return intel.Position{Keys: keys, ID: id}
	}
	n := func(i int64) intel.SortValue { return intel.SortValue{Int: i} }
	null := intel.SortValue{Null: true}
	for _, c := range []struct {
		name string
		desc []bool
		rows []intel.Position // in order
	}{
		{"upwards, none last", nil, []intel.Position{at("b", n(1)), at("a", n(2)), at("c", null)}},
		{"downwards, none last", []bool{true}, []intel.Position{at("b", n(2)), at("a", n(1)), at("c", null)}},
		{"ids break ties upwards", []bool{true}, []intel.Position{at("a", n(1)), at("b", n(1)), at("a", null), at("b", null)}},
		{"the second key", []bool{false, true}, []intel.Position{at("x", n(1), n(2)), at("x", n(1), n(1)), at("x", n(1), null), at("x", n(2), n(9)), at("x", null, n(1)), at("x", null, null)}},
		{"texts by byte", nil, []intel.Position{at("x", intel.SortValue{Text: ""}), at("x", intel.SortValue{Text: "a"}), at("x", intel.SortValue{Text: "ab"}), at("x", intel.SortValue{Text: "b"}), at("x", intel.SortValue{Text: "~0065e5"})}},
		{"link ids last", nil, []intel.Position{{ID: "a", Link: "1"}, {ID: "a", Link: "2"}, {ID: "b", Link: "0"}}},
		{"ids by code point", nil, []intel.Position{at("group:A"), at("group:a"), at("group:\ufa0e"), at("group:\U00010428")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, a := range c.rows {
				for j, b := range c.rows {
					got := intel.ComparePositions(a, b, c.desc)
					if (got < 0) != (i < j) || (got > 0) != (i > j) {
						t.Errorf("%+v and %+v compare as %d", a, b, got)
					}
				}
			}
		})
	}
}

// The order is total: it is antisymmetric and transitive.
func TestComparePositionsIsAnOrder(t *testing.T) {
	position := rapid.Custom(func(t *rapid.T) intel.Position {
		p := intel.Position{ID: drawn(t, "id", "a", "b"), Link: drawn(t, "link", "", "l")}
		for i := range 2 {
			p.Keys = append(p.Keys, drawn(t, fmt.Sprint("key ", i), intel.SortValue{Null: true}, intel.SortValue{Int: 1}, intel.SortValue{Int: 2}))
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		desc := []bool{rapid.Bool().Draw(t, "desc"), rapid.Bool().Draw(t, "desc")}
		a, b, c := position.Draw(t, "a"), position.Draw(t, "b"), position.Draw(t, "c")
		ab, ba, bc, ac := intel.ComparePositions(a, b, desc), intel.ComparePositions(b, a, desc), intel.ComparePositions(b, c, desc), intel.ComparePositions(a, c, desc)
		if ab != -ba || (ab == 0) != (diff(a, b) == "") {
			t.Fatalf("%+v and %+v compare as %d and %d", a, b, ab, ba)
		}
		if ab <= 0 && bc <= 0 && ac > 0 {
			t.Fatalf("%+v, %+v and %+v run in a circle", a, b, c)
		}
	})
}
