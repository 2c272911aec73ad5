package neo4j

import (
	"time"

	"dragnet/internal/intel"
)

// shape is a selection whose statement the tests look at.
type shape struct {
	name string
	sel  intel.Selection
}

func ptr[T any](v T) *T { return &v }

func along(d intel.Direction, types ...intel.LinkType) []intel.End {
	var out []intel.End
	for _, t := range types {
		out = append(out, intel.End{Type: t, Direction: d})
	}
	return out
}

func everyEnd() []intel.End {
	var out []intel.End
	for _, l := range intel.LinkTypes() {
		out = append(out, intel.End{Type: l.Type, Direction: intel.Both})
	}
	return out
}

func nested(levels int, t intel.LinkType, first int) intel.NodeSelection {
	if levels == 0 {
		return intel.NodeSelection{}
	}
	return intel.NodeSelection{Links: []intel.LinkSelection{{
		Key: "k", Ends: along(intel.Out, t), Page: intel.Page{First: first}, Node: nested(levels-1, t, first),
	}}}
}

// shapes are one of each form that the compiler knows.
func shapes() []shape {
	page := intel.Page{First: 25}
	counted := intel.Page{First: 25, Count: true}
	after := func(key intel.SortValue) intel.Page {
		return intel.Page{First: 25, After: &intel.Position{Keys: []intel.SortValue{key}, ID: "group:a", Link: "group:a|USES|tool:b"}}
	}
	root := func(n intel.NodeSelection) intel.Selection { return intel.Selection{IDs: []string{"group:a"}, Node: n} }
	links := func(l intel.LinkSelection) intel.Selection {
		l.Key = "k"
		return root(intel.NodeSelection{Links: []intel.LinkSelection{l}})
	}
	list := func(f intel.Filter, p intel.Page, order ...intel.Order) intel.Selection {
		return intel.Selection{List: &intel.List{Where: f, Order: order, Page: p}}
	}
	group, operation := intel.KindIn{intel.KindGroup}, intel.KindIn{intel.KindOperation}
	return []shape{
		{"nothing", intel.Selection{}},
		{"node", root(intel.NodeSelection{Values: true, Evidence: true, Counts: true})},
		{"nested", root(nested(3, "USES", 10))},
		{"hub", links(intel.LinkSelection{Ends: along(intel.In, "OPERATES_IN"), Page: counted})},
		{"hub page", links(intel.LinkSelection{Ends: along(intel.In, "OPERATES_IN"), Page: after(intel.SortValue{Text: "opera1er"})})},
		{"hub down", links(intel.LinkSelection{Ends: along(intel.In, "OPERATES_IN"), Page: after(intel.SortValue{Text: "opera1er"}), Order: []intel.Order{{By: intel.OrderName, Desc: true}}})},
		{"any links", links(intel.LinkSelection{Ends: everyEnd(), Page: counted})},
		{"roles", links(intel.LinkSelection{Ends: along(intel.In, "COORDINATED", "LED", "TOOK_PART_IN"), Kinds: []intel.Kind{intel.KindAgency}, Page: page,
			On: []intel.Kind{intel.KindOperation}, Order: []intel.Order{{By: intel.OrderChanged, Desc: true}}})},
		{"reports about it", links(intel.LinkSelection{Ends: along(intel.In, "ABOUT"), Page: counted, Order: []intel.Order{{By: "publishedOn", Desc: true}}})},
		{"both ways", links(intel.LinkSelection{Ends: append(along(intel.Out, "PART_OF"), along(intel.In, "SUPPORTED")...), Page: page})},
		{"link filter", links(intel.LinkSelection{Ends: along(intel.Out, "TARGETS"), Page: counted, Where: intel.TextIs{Field: intel.FieldAlias, Op: intel.Contains, Values: []string{"x"}},
			Link: intel.LinkFilter{MinSupport: ptr(10), MaxSupport: ptr(90), MinOrigins: ptr(1), MaxOrigins: ptr(9), Disputed: ptr(false), ValidAt: intel.MustDate("2023"),
				Role: &intel.OptionalTextIs{Op: intel.HasPrefix, Values: []string{"x"}}, Kinds: []intel.Kind{intel.KindSector}, IDs: []string{"sector:finance"}}})},
		{"evidence", links(intel.LinkSelection{Ends: along(intel.Out, "USES"), Page: page, Evidence: true, Claims: []intel.ClaimSelection{{Key: "k", Page: counted}}})},
		{"claims", root(intel.NodeSelection{Claims: []intel.ClaimSelection{{Key: "k", Page: intel.Page{First: 5, After: &intel.Position{Keys: []intel.SortValue{{Int: 7}}, ID: "claim:a"}, Count: true},
			Where: intel.ClaimFilter{Properties: []intel.Property{"arrests"}, LinkTypes: []intel.LinkType{"USES"}, Subjects: []string{"a"}, Sources: []string{"source:a"}, Live: ptr(true), Stance: intel.Asserts,
				MinConfidence: ptr(1), MaxConfidence: ptr(99), RecordedAfter: time.Unix(1, 0), SinceRevision: ptr(int64(3))}}}})},
		{"sources of a node", root(intel.NodeSelection{Sources: []intel.SourceSelection{{Key: "k", Page: counted}, {Key: "none", Page: intel.Page{}}}})},
		{"list", list(nil, counted)},
		{"list of a kind", list(group, after(intel.SortValue{Text: "m"}))},
		{"list of kinds", list(intel.KindIn{intel.KindGroup, intel.KindFirm}, counted, intel.Order{By: intel.OrderChanged, Desc: true})},
		{"list by a number", list(operation, page, intel.Order{By: "arrests", Desc: true}, intel.Order{By: "startedOn"})},
		{"list by a number, later", list(operation, after(intel.SortValue{Int: 7}), intel.Order{By: "arrests", Desc: true})},
		{"list by a number, without", list(operation, after(intel.SortValue{Null: true}), intel.Order{By: "arrests", Desc: true})},
		{"list of ids", list(intel.IDIn{"group:a"}, counted)},
		{"list by name", list(intel.All{group, intel.TextIs{Field: intel.FieldName, Values: []string{"a"}}}, page)},
		{"list by alias", list(intel.All{group, intel.TextIs{Field: intel.FieldAlias, Values: []string{"a"}}}, counted)},
		{"list by external id", list(intel.TextIs{Field: intel.FieldExternalID, Values: []string{"mitre-attack:T1566"}}, page)},
		{"list by code", list(intel.All{intel.KindIn{intel.KindCountry}, intel.TextIs{Field: "alpha2", Values: []string{"CI"}}}, page)},
		{"list with a filter", list(intel.All{operation, intel.Any{intel.RangeIs{Property: "arrests", Lo: ptr(int64(10))}, intel.Not{Filter: intel.MoneyIs{Property: "seized", Currency: "USD", Lo: "5"}}},
			intel.Not{Filter: intel.TextIs{Field: "operationType", Values: []string{"ARREST"}}}, intel.IsStub(false), intel.IsNull{Field: "startedOn", Null: true}, intel.IsNull{Field: intel.FieldAlias}}, counted)},
		{"links by id", intel.Selection{LinkIDs: []string{"group:a|USES|tool:b", "group:a|TARGETS|sector:c"}, Link: intel.LinkSelection{Evidence: true}}},
		{"claims by id", intel.Selection{ClaimIDs: []string{"claim:a"}}},
		{"sources by id", intel.Selection{SourceIDs: []string{"source:a"}, SourceClaims: []intel.ClaimSelection{{Key: "k", Page: counted}}}},
		{"sources", intel.Selection{SourceList: &intel.SourceList{Page: counted}}},
		{"sources by day", intel.Selection{SourceList: &intel.SourceList{Order: []intel.SourceOrder{{By: intel.ByPublished, Desc: true}, {By: intel.ByClaims}}, Page: page,
			Where: intel.SourceFilter{Title: &intel.OptionalTextIs{Op: intel.Contains, Values: []string{"x"}}, Publisher: &intel.OptionalTextIs{Null: ptr(true)}, Reliability: []intel.Reliability{"A"},
				Marking: []intel.Marking{"CLEAR"}, PublishedLo: ptr(int64(1)), PublishedHi: ptr(int64(2)), PublishedNull: ptr(false)}}}},
		{"sources by ids", intel.Selection{SourceList: &intel.SourceList{Where: intel.SourceFilter{IDs: []string{"source:a"}}, Page: counted}}},
		{"claims as roots", intel.Selection{ClaimList: &intel.ClaimSelection{Page: counted}}},
		{"claims as roots after", intel.Selection{ClaimList: &intel.ClaimSelection{Page: after(intel.SortValue{Int: 3})}}},
		{"claims of subjects as roots", intel.Selection{ClaimList: &intel.ClaimSelection{Where: intel.ClaimFilter{Subjects: []string{"group:a"}, Sources: []string{"source:a"}}, Page: page}}},
		{"claims of sources as roots", intel.Selection{ClaimList: &intel.ClaimSelection{Where: intel.ClaimFilter{Sources: []string{"source:a"}}, Page: page}}},
		{"links as roots", intel.Selection{LinkList: &intel.LinkList{Where: intel.LinkFilter{Types: []intel.LinkType{"USES", "BASED_IN"}}, Page: page}}},
		{"links as roots after", intel.Selection{LinkList: &intel.LinkList{Where: intel.LinkFilter{Types: []intel.LinkType{"USES"}}, Page: after(intel.SortValue{})}}},
		{"links of entities as roots", intel.Selection{LinkList: &intel.LinkList{Where: intel.LinkFilter{IDs: []string{"group:a"}}, Page: counted}}},
	}
}
