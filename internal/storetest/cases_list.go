package storetest

import (
	"math"

	"dragnet/internal/intel"
)

func list(f intel.Filter, order ...intel.Order) intel.Selection {
	return intel.Selection{List: &intel.List{Where: f, Order: order, Page: counted(50)}}
}

func is(f intel.Field, values ...string) intel.Filter { return intel.TextIs{Field: f, Values: values} }

func has(f intel.Field, key string) intel.Filter {
	return intel.TextIs{Field: f, Op: intel.Contains, Values: []string{key}}
}

func begins(f intel.Field, key string) intel.Filter {
	return intel.TextIs{Field: f, Op: intel.HasPrefix, Values: []string{key}}
}

func within(p intel.Property, lo, hi *int64) intel.Filter {
	return intel.RangeIs{Property: p, Lo: lo, Hi: hi}
}

func dayOf(s string) *int64 { return new(intel.MustDate(s).First()) }

var operations = intel.KindIn{intel.KindOperation}

var filterCases = []selectCase{
	{"nil: all", list(nil),
		"list[agency:afripol alias:bluebottle country:CI operation:cyberclean good:devices country:FR firm:group-ib agency:interpol group:lazarus alias:nx$m$ group:opera1er operation:nervone firm:orange group:phantom operation:first operation:second operation:serengeti#17]"},
	{"an empty All holds", list(intel.All{intel.All{}, operations}),
		"list[operation:cyberclean operation:nervone operation:first operation:second operation:serengeti#5]"},
	{"an empty Any does not", list(intel.Any{}), "list[]"},
	{"Not of an empty Any holds", list(intel.All{intel.Not{Filter: intel.Any{}}, operations}),
		"list[operation:cyberclean operation:nervone operation:first operation:second operation:serengeti#5]"},
	{"all, any and not", list(intel.All{intel.Any{operations, intel.KindIn{intel.KindFirm}}, intel.Not{Filter: is(intel.FieldName, "Cyberclean")}}),
		"list[firm:group-ib operation:nervone firm:orange operation:first operation:second operation:serengeti#6]"},
	{"ids", list(intel.IDIn{nervone, "group:none", "country:CI"}), "list[country:CI operation:nervone#2]"},
	{"no ids", list(intel.IDIn{}), "list[]"},
	{"kinds", list(intel.KindIn{intel.KindGood, intel.KindFirm, intel.KindTool}), "list[good:devices firm:group-ib firm:orange#3]"},
	{"no kinds", list(intel.KindIn{}), "list[]"},
	{"stubs", list(intel.IsStub(true)),
		"list[alias:bluebottle good:devices group:lazarus firm:orange#4]"},
	{"named ones", list(intel.All{intel.IsStub(false), intel.KindIn{intel.KindGroup, intel.KindAlias}}), "list[alias:nx$m$ group:opera1er group:phantom#3]"},
	{"name exactly: case counts", list(is(intel.FieldName, "OPERA1ER", "interpol")), "list[group:opera1er#1]"},
	{"a stub has no name, but its key as nameKey", list(intel.Any{is(intel.FieldName, "lazarus"), is(intel.FieldNameKey, "lazarus")}), "list[group:lazarus#1]"},
	{"no values", list(is(intel.FieldName)), "list[]"},
	{"name contains, by nameKey", list(has(intel.FieldName, "ivoire")), "list[country:CI#1]"},
	{"name contains over the end of a word", list(has(intel.FieldName, "e d")), "list[country:CI#1]"},
	{"name begins, by nameKey", list(begins(intel.FieldName, "op")), "list[group:opera1er operation:nervone#2]"},
	{"nameKey of one name in two spellings", list(is(intel.FieldNameKey, "same name")), "list[operation:first operation:second#2]"},
	{"alias exactly", list(is(intel.FieldAlias, "NX$M$")), "list[group:opera1er group:phantom#2]"},
	{"alias contains, a stub's key too", list(has(intel.FieldAlias, "blue")), "list[group:opera1er#1]"},
	{"alias begins", list(begins(intel.FieldAlias, "nx")), "list[group:opera1er group:phantom#2]"},
	{"has no alias", list(intel.All{intel.KindIn{intel.KindGroup}, intel.IsNull{Field: intel.FieldAlias, Null: true}}), "list[group:lazarus#1]"},
	{"has an alias", list(intel.IsNull{Field: intel.FieldAlias, Null: false}), "list[group:opera1er group:phantom#2]"},
	{"has no name", list(intel.IsNull{Field: intel.FieldName, Null: true}),
		"list[alias:bluebottle good:devices group:lazarus firm:orange#4]"},
	{"external id's value", list(is(intel.FieldExternalID, "G0001")), "list[group:opera1er#1]"},
	{"external id with its scheme", list(is(intel.FieldExternalID, "mitre-attack:G0001")), "list[group:opera1er#1]"},
	{"external id of another scheme", list(is(intel.FieldExternalID, "misp:G0001")), "list[]"},
	{"external id contains", list(has(intel.FieldExternalID, "g000")), "list[group:opera1er#1]"},
	{"one of a set of words", list(is("groupType", "HACKER", "FRAUD_RING")), "list[group:opera1er group:phantom#2]"},
	{"has a word", list(intel.IsNull{Field: "groupType", Null: false}), "list[group:opera1er group:phantom#2]"},
	{"code", list(is("acronym", "ICPO")), "list[agency:interpol#1]"},
	{"code begins", list(begins("acronym", "ic")), "list[agency:interpol#1]"},
	{"number, both bounds", list(within("arrests", new(int64(2)), new(int64(5000)))), "list[operation:cyberclean operation:serengeti#2]"},
	{"number meets a range", list(within("arrests", new(int64(99)), new(int64(100)))), "list[operation:serengeti#1]"},
	{"number at least", list(within("arrests", new(int64(100)), nil)), "list[operation:cyberclean#1]"},
	{"number at most", list(within("arrests", nil, new(int64(24)))), "list[operation:nervone operation:serengeti#2]"},
	{"number, open", list(within("arrests", nil, nil)),
		"list[operation:cyberclean operation:nervone operation:serengeti#3]"},
	{"number at least 2^53-1", list(within("arrests", new(int64(intel.MaxLong)), nil)), "list[]"},
	{"number, the widest bounds", list(within("arrests", new(int64(math.MinInt64)), new(int64(math.MaxInt64)))),
		"list[operation:cyberclean operation:nervone operation:serengeti#3]"},
	{"date, possibly", list(within("startedOn", dayOf("2023-06-30"), dayOf("2023-06-30"))), "list[operation:nervone#1]"},
	{"date before", list(within("startedOn", nil, dayOf("2021-03-04"))), "list[operation:cyberclean#1]"},
	{"has no number", list(intel.All{operations, intel.IsNull{Field: "arrests", Null: true}}), "list[operation:first operation:second#2]"},
	{"has a date", list(intel.IsNull{Field: "startedOn", Null: false}), "list[operation:cyberclean operation:nervone#2]"},
	{"has money", list(intel.IsNull{Field: "proceeds", Null: false}), "list[group:opera1er#1]"},
	{"money in a currency", list(intel.MoneyIs{Property: "proceeds", Currency: "USD"}), "list[group:opera1er#1]"},
	{"money in another currency", list(intel.MoneyIs{Property: "proceeds", Currency: "EUR"}), "list[]"},
	{"money at least, as numbers", list(intel.MoneyIs{Property: "proceeds", Currency: "USD", Lo: "9"}), "list[group:opera1er#1]"},
	{"money at most", list(intel.MoneyIs{Property: "proceeds", Currency: "BTC", Hi: "11.50"}), "list[group:opera1er#1]"},
	{"money beyond", list(intel.MoneyIs{Property: "proceeds", Currency: "BTC", Lo: "11.51"}), "list[]"},
	{"money of an asset class", list(intel.MoneyIs{Property: "proceeds", Currency: "BTC", AssetClass: "CASH"}), "list[]"},
	{"money of its asset class", list(intel.MoneyIs{Property: "proceeds", Currency: "BTC", AssetClass: "CRYPTOCURRENCY", Lo: "11.5", Hi: "11.5"}), "list[group:opera1er#1]"},
}

var orderCases = []selectCase{
	{"by name, ids break ties", list(operations),
		"list[operation:cyberclean operation:nervone operation:first operation:second operation:serengeti#5]"},
	{"by name downwards, ids still upwards", list(operations, intel.Order{By: intel.OrderName, Desc: true}),
		"list[operation:serengeti operation:first operation:second operation:nervone operation:cyberclean#5]"},
	{"by number, none last", list(operations, intel.Order{By: "arrests"}),
		"list[operation:nervone operation:serengeti operation:cyberclean operation:first operation:second#5]"},
	{"by number downwards, none last", list(operations, intel.Order{By: "arrests", Desc: true}),
		"list[operation:cyberclean operation:serengeti operation:nervone operation:first operation:second#5]"},
	{"by date, none last, then by name downwards", list(operations, intel.Order{By: "startedOn"}, intel.Order{By: intel.OrderName, Desc: true}),
		"list[operation:cyberclean operation:nervone operation:serengeti operation:first operation:second#5]"},
	{"by change", list(intel.KindIn{intel.KindGroup}, intel.Order{By: intel.OrderChanged, Desc: true}), "list[group:phantom group:opera1er group:lazarus#3]"},
	{"claims are about entities, and are none", list(intel.Related{Ends: []intel.End{{Type: "ABOUT", Direction: intel.Out}}, Where: intel.IDIn{nervone}}), "list[]"},
	{"a page after a row", intel.Selection{List: &intel.List{Where: operations, Page: intel.Page{First: 2, Count: true, After: &intel.Position{Keys: []intel.SortValue{{Text: "operation nervone"}}, ID: nervone}}}}, "list[operation:first operation:second+#5]"},
	{"a page after a row that is gone", intel.Selection{List: &intel.List{Where: operations, Order: []intel.Order{{By: "arrests", Desc: true}},
		Page: intel.Page{First: 9, After: &intel.Position{Keys: []intel.SortValue{{Int: 25}}, ID: "operation:zzz"}}}},
		"list[operation:serengeti operation:nervone operation:first operation:second]"},
	{"a page among rows without a value", intel.Selection{List: &intel.List{Where: operations, Order: []intel.Order{{By: "arrests"}},
		Page: intel.Page{First: 9, After: &intel.Position{Keys: []intel.SortValue{{Null: true}}, ID: "operation:first"}}}}, "list[operation:second]"},
	{"a page after the last row", intel.Selection{List: &intel.List{Where: operations, Page: intel.Page{First: 9, Count: true, After: &intel.Position{Keys: []intel.SortValue{{Text: "zzz"}}, ID: "z"}}}}, "list[#5]"},
	{"first 0 of a list with rows", intel.Selection{List: &intel.List{Where: operations, Page: counted(0)}}, "list[+#5]"},
	{"first 0 of a list without", intel.Selection{List: &intel.List{Where: intel.Any{}, Page: counted(0)}}, "list[]"},
}

func sources(f intel.SourceFilter, order ...intel.SourceOrder) intel.Selection {
	return intel.Selection{SourceList: &intel.SourceList{Where: f, Order: order, Page: counted(50)}}
}

func optional(op intel.TextOp, v string) *intel.OptionalTextIs {
	return &intel.OptionalTextIs{Op: op, Values: []string{v}}
}

var sourceCases = []selectCase{
	{"all, by title", sources(intel.SourceFilter{}), "sources<source:c source:a source:b#3>"},
	{"by title downwards", sources(intel.SourceFilter{}, intel.SourceOrder{By: intel.ByTitle, Desc: true}), "sources<source:b source:a source:c#3>"},
	{"by published, none last", sources(intel.SourceFilter{}, intel.SourceOrder{By: intel.ByPublished}), "sources<source:b source:a source:c#3>"},
	{"by published downwards, none last", sources(intel.SourceFilter{}, intel.SourceOrder{By: intel.ByPublished, Desc: true}), "sources<source:a source:b source:c#3>"},
	{"by live claims", sources(intel.SourceFilter{}, intel.SourceOrder{By: intel.ByClaims}), "sources<source:c source:b source:a#3>"},
	{"ids of sources", sources(intel.SourceFilter{IDs: []string{"source:c", "source:none"}}), "sources<source:c#1>"},
	{"title contains", sources(intel.SourceFilter{Title: optional(intel.Contains, "nervone")}), "sources<source:a source:b#2>"},
	{"title begins", sources(intel.SourceFilter{Title: optional(intel.HasPrefix, "another")}), "sources<source:c#1>"},
	{"publisher exactly", sources(intel.SourceFilter{Publisher: optional(intel.Equal, "INTERPOL")}), "sources<source:a#1>"},
	{"no publisher", sources(intel.SourceFilter{Publisher: &intel.OptionalTextIs{Null: new(true)}}), "sources<source:c#1>"},
	{"reliability", sources(intel.SourceFilter{Reliability: []intel.Reliability{"A", "B"}}), "sources<source:c source:a#2>"},
	{"marking", sources(intel.SourceFilter{Marking: []intel.Marking{"AMBER", "RED"}}), "sources<source:c#1>"},
	{"published possibly on", sources(intel.SourceFilter{PublishedLo: dayOf("2023-07-31"), PublishedHi: dayOf("2023-07-31")}), "sources<source:b#1>"},
	{"published by", sources(intel.SourceFilter{PublishedHi: dayOf("2023-07-01")}), "sources<source:b#1>"},
	{"no date", sources(intel.SourceFilter{PublishedNull: new(true)}), "sources<source:c#1>"},
	{"a date", sources(intel.SourceFilter{PublishedNull: new(false)}), "sources<source:a source:b#2>"},
	{"a page of the list", intel.Selection{SourceList: &intel.SourceList{Page: intel.Page{First: 1, Count: true, After: &intel.Position{Keys: []intel.SortValue{{Text: "another view"}}, ID: "source:c"}}}}, "sources<source:a+#3>"},
}
