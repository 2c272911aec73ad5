package storetest

import (
	"testing"

	"dragnet/internal/intel"
)

// selectCase asks one Selection of the sample. The outline says in short what
// must come; the model says it in full.
type selectCase struct {
	name string
	sel  intel.Selection
	want string
}

// selects runs cases on the sample.
func selects(tables ...[]selectCase) func(*testing.T, *onSample) {
	return func(t *testing.T, on *onSample) {
		for _, table := range tables {
			for _, c := range table {
				t.Run(c.name, func(t *testing.T) {
					got := choose(t, on.store, c.sel)
					if d := diff(c.want, on.sample.outline(got)); d != "" {
						t.Errorf("outline :\n%s", d)
					}
					same(t, "the answer", flatten(choose(t, on.model, c.sel)), flatten(got))
				})
			}
		}
	}
}

func one(id string, n intel.NodeSelection) intel.Selection {
	return intel.Selection{IDs: []string{id}, Node: n}
}

func linked(l ...intel.LinkSelection) intel.NodeSelection { return intel.NodeSelection{Links: l} }

func ends(d intel.Direction, types ...intel.LinkType) (out []intel.End) {
	for _, t := range types {
		out = append(out, intel.End{Type: t, Direction: d})
	}
	return out
}

func firstRows(n int) intel.Page { return intel.Page{First: n} }
func counted(n int) intel.Page   { return intel.Page{First: n, Count: true} }

const opera1er, nervone = "group:opera1er", "operation:nervone"

var rootCases = []selectCase{
	{"nothing asked, nothing answered", intel.Selection{}, ""},
	{"ids in their order, each once, unknown ones left out",
		intel.Selection{IDs: []string{nervone, "group:none", opera1er, nervone, "group:lazarus"}},
		"operation:nervone group:opera1er group:lazarus"},
	{"an entity that no live claim mentions is not in the graph", intel.Selection{IDs: []string{"group:wrong"}}, ""},
	{"all parts together",
		intel.Selection{
			IDs: []string{opera1er}, List: &intel.List{Where: intel.KindIn{intel.KindFirm}, Page: counted(5)},
			LinkIDs: []string{"group:opera1er|BASED_IN|country:FR"}, ClaimIDs: []string{newSample().id("nervone.arrests@c")},
			SourceIDs: []string{"source:c"}, SourceList: &intel.SourceList{Page: firstRows(1)},
		},
		"group:opera1er list[firm:group-ib firm:orange#2] group:opera1er-BASED_IN:country:FR (nervone.arrests@c) source:c sources<source:c+>"},
	{"links in their order with both ends, outweighed or unknown ones left out",
		intel.Selection{
			LinkIDs: []string{"operation:nervone|TARGETED|group:opera1er", "group:a|USES|tool:b", "group:lazarus|ALLIED_WITH|group:opera1er"},
			Link:    intel.LinkSelection{Evidence: true, Claims: []intel.ClaimSelection{{Key: "c", Page: counted(1)}}},
			From:    intel.NodeSelection{Counts: true}, To: intel.NodeSelection{Sources: []intel.SourceSelection{{Key: "s", Page: firstRows(9)}}},
		},
		"operation:nervone{1×OUT:TARGETED:GROUP 1×IN:COORDINATED:AGENCY 1×IN:LED:AGENCY 1×IN:TOOK_PART_IN:AGENCY 1×IN:SUPPORTED:FIRM 1×OUT:SEIZED:GOOD}" +
			"-TARGETED:group:opera1er{s<source:a source:b source:c>}{c(nervone.TARGETED>opera1er@a+#3) !nervone.TARGETED>opera1er@a nervone.TARGETED>opera1er@b nervone.TARGETED>opera1er@c-}" +
			" group:lazarus{1×BOTH:ALLIED_WITH:GROUP}-ALLIED_WITH:group:opera1er{s<source:a source:b source:c>}{c(lazarus.ALLIED_WITH>opera1er@b#1) !lazarus.ALLIED_WITH>opera1er@b}"},
	{"claims in their order, live or not",
		intel.Selection{ClaimIDs: []string{newSample().id("wrong.name@c"), "claim:none", newSample().id("nervone.arrests@a")}},
		"(wrong.name@c nervone.arrests@a)"},
	{"sources in their order with pages of their claims, live or not",
		intel.Selection{
			SourceIDs:    []string{"source:c", "source:unknown", "source:a"},
			SourceClaims: []intel.ClaimSelection{{Key: "dead", Where: intel.ClaimFilter{Live: new(false)}, Page: counted(9)}, {Key: "links", Where: intel.ClaimFilter{LinkTypes: []intel.LinkType{"LED", "TARGETED"}}, Page: firstRows(9)}},
		},
		"source:c{dead(phantom.ALLIED_WITH>wrong@c wrong.name@c#2) links(nervone.TARGETED>opera1er@c-)} source:a{dead() links(nervone.TARGETED>opera1er@a)}"},
}

var nodeCases = []selectCase{
	{"evidence is all live property claims", one(nervone, intel.NodeSelection{Evidence: true}),
		"operation:nervone{!nervone.arrests@a nervone.arrests@c nervone.name@a nervone.startedOn@a}"},
	{"values come only when asked for", one(opera1er, intel.NodeSelection{Values: true}), opera1er},
	{"counts by type, direction and kind", one(opera1er, intel.NodeSelection{Counts: true}),
		"group:opera1er{2×OUT:KNOWN_AS:ALIAS 1×IN:TARGETED:OPERATION 2×OUT:BASED_IN:COUNTRY 1×BOTH:ALLIED_WITH:GROUP 1×OUT:SUCCESSOR_OF:GROUP 1×IN:SUCCESSOR_OF:GROUP}"},
	{"a page of claims is restricted to kinds",
		intel.Selection{IDs: []string{nervone, opera1er}, Node: intel.NodeSelection{Claims: []intel.ClaimSelection{
			{Key: "g", On: []intel.Kind{intel.KindGroup}, Where: intel.ClaimFilter{Properties: []intel.Property{"attacks"}}, Page: firstRows(9)},
			{Key: "o", On: []intel.Kind{intel.KindOperation, intel.KindTool}, Where: intel.ClaimFilter{Properties: []intel.Property{"arrests"}}, Page: counted(1)},
		}}}, "operation:nervone{o(nervone.arrests@a+#2)} group:opera1er{g(opera1er.attacks@a)}"},
	{"sources of live claims with it as subject or object, by id",
		intel.Selection{IDs: []string{"country:CI", "group:phantom", opera1er, "firm:orange"}, Node: intel.NodeSelection{Sources: []intel.SourceSelection{{Key: "s", Page: counted(2)}, {Key: "o", On: []intel.Kind{intel.KindFirm}, Page: firstRows(1)}}}},
		"country:CI{s<source:a#1>} group:phantom{s<source:a source:b#2>} group:opera1er{s<source:a source:b+#3>} firm:orange{o<> s<>}"},
}

var claimCases = []selectCase{
	{"properties and link types together mean either", claimsOf(nervone, intel.ClaimFilter{Properties: []intel.Property{"arrests"}, LinkTypes: []intel.LinkType{"SEIZED"}}),
		"operation:nervone{c(nervone.SEIZED>devices@a nervone.arrests@a nervone.arrests@c#3)}"},
	{"properties alone leave links out", claimsOf(nervone, intel.ClaimFilter{Properties: []intel.Property{"arrests", "name"}}),
		"operation:nervone{c(nervone.arrests@a nervone.arrests@c nervone.name@a#3)}"},
	{"no properties at all leave everything out", claimsOf(nervone, intel.ClaimFilter{Properties: []intel.Property{}}), "operation:nervone{c()}"},
	{"live ones", claimsOf("group:phantom", intel.ClaimFilter{Live: new(true)}),
		"group:phantom{c(phantom.KNOWN_AS>nx$m$@b phantom.SUCCESSOR_OF>opera1er@b phantom.groupType@b phantom.name@b#4)}"},
	{"dead ones", claimsOf("group:phantom", intel.ClaimFilter{Live: new(false)}), "group:phantom{c(phantom.ALLIED_WITH>wrong@c#1)}"},
	{"live and dead ones", claimsOf("group:phantom", intel.ClaimFilter{}),
		"group:phantom{c(phantom.ALLIED_WITH>wrong@c phantom.KNOWN_AS>nx$m$@b phantom.SUCCESSOR_OF>opera1er@b phantom.groupType@b phantom.name@b#5)}"},
	{"sources", claimsOf(nervone, intel.ClaimFilter{Sources: []string{"source:c", "source:none"}}),
		"operation:nervone{c(nervone.TARGETED>opera1er@c- nervone.arrests@c#2)}"},
	{"subjects", claimsOf(nervone, intel.ClaimFilter{Subjects: []string{"group:phantom"}}), "operation:nervone{c()}"},
	{"stance", claimsOf(nervone, intel.ClaimFilter{Stance: intel.Denies}), "operation:nervone{c(nervone.TARGETED>opera1er@c-#1)}"},
	{"confidence, bounds included", claimsOf(opera1er, intel.ClaimFilter{MinConfidence: new(30), MaxConfidence: new(79)}), "group:opera1er{c(opera1er.BASED_IN>FR@b#1)}"},
	{"confidence of ten at most", claimsOf(nervone, intel.ClaimFilter{MaxConfidence: new(10)}), "operation:nervone{c(nervone.TARGETED>opera1er@c-#1)}"},
	{"recorded later than", claimsOf(nervone, intel.ClaimFilter{RecordedAfter: epochStart}),
		"operation:nervone{c(nervone.TARGETED>opera1er@c- nervone.arrests@a nervone.arrests@c nervone.startedOn@a#4)}"},
	{"since a revision", claimsOf(nervone, intel.ClaimFilter{SinceRevision: new(int64(2))}),
		"operation:nervone{c(nervone.TARGETED>opera1er@c- nervone.arrests@c#2)}"},
	{"first 0 with a count", one(nervone, intel.NodeSelection{Claims: []intel.ClaimSelection{{Key: "c", Page: counted(0)}}}), "operation:nervone{c(+#8)}"},
}

func claimsOf(id string, f intel.ClaimFilter) intel.Selection {
	return one(id, intel.NodeSelection{Claims: []intel.ClaimSelection{{Key: "c", Where: f, Page: counted(50)}}})
}

var linkCases = []selectCase{
	{"ordered by the neighbour's name, then its id, then the link's",
		one(nervone, linked(intel.LinkSelection{Key: "k", Ends: ends(intel.In, "LED", "COORDINATED", "SUPPORTED", "TOOK_PART_IN"), Page: counted(9)})),
		"operation:nervone{k[TOOK_PART_IN:agency:afripol SUPPORTED:firm:group-ib COORDINATED:agency:interpol LED:agency:interpol#4]}"},
	{"out, in and both", one(opera1er, linked(
		intel.LinkSelection{Key: "both", Ends: ends(intel.Both, "SUCCESSOR_OF"), Page: firstRows(9)},
		intel.LinkSelection{Key: "in", Ends: ends(intel.In, "SUCCESSOR_OF"), Page: firstRows(9)},
		intel.LinkSelection{Key: "out", Ends: ends(intel.Out, "SUCCESSOR_OF"), Page: firstRows(9)},
		intel.LinkSelection{Key: "two", Ends: append(ends(intel.Out, "SUCCESSOR_OF"), ends(intel.In, "SUCCESSOR_OF")...), Page: firstRows(9)},
	)),
		"group:opera1er{both[SUCCESSOR_OF:group:phantom SUCCESSOR_OF:group:phantom] in[SUCCESSOR_OF:group:phantom] out[SUCCESSOR_OF:group:phantom] two[SUCCESSOR_OF:group:phantom SUCCESSOR_OF:group:phantom]}"},
	{"a symmetric link from both its ends", intel.Selection{IDs: []string{opera1er, "group:lazarus"}, Node: linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Both, "ALLIED_WITH"), Page: firstRows(9)})},
		"group:opera1er{k[ALLIED_WITH:group:lazarus]} group:lazarus{k[ALLIED_WITH:group:opera1er]}"},
	{"restricted to kinds of entity: no page for the others",
		intel.Selection{IDs: []string{opera1er, nervone}, Node: linked(intel.LinkSelection{Key: "k", On: []intel.Kind{intel.KindGroup}, Ends: ends(intel.Both, "TARGETED"), Page: counted(9)})},
		"group:opera1er{k[TARGETED:operation:nervone#1]} operation:nervone"},
	{"kinds of neighbours", one(nervone, linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Both, "SUPPORTED", "TARGETED", "SEIZED"), Kinds: []intel.Kind{intel.KindFirm, intel.KindGood}, Page: firstRows(9)})),
		"operation:nervone{k[SEIZED:good:devices SUPPORTED:firm:group-ib]}"},
	{"where, of the neighbour", one(nervone, linked(intel.LinkSelection{Key: "k", Ends: ends(intel.In, "COORDINATED", "LED", "SUPPORTED"), Where: intel.TextIs{Field: intel.FieldName, Values: []string{"INTERPOL"}}, Page: counted(1)})), "operation:nervone{k[COORDINATED:agency:interpol+#2]}"},
	{"evidence and pages of each link's claims", one(nervone, linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Out, "TARGETED"), Evidence: true, Page: firstRows(1),
		Claims: []intel.ClaimSelection{{Key: "deny", Where: intel.ClaimFilter{Stance: intel.Denies}, Page: firstRows(9)}, {Key: "n", Page: counted(2)}}})),
		"operation:nervone{k[TARGETED:group:opera1er{deny(nervone.TARGETED>opera1er@c-) n(nervone.TARGETED>opera1er@a nervone.TARGETED>opera1er@b+#3) !nervone.TARGETED>opera1er@a nervone.TARGETED>opera1er@b nervone.TARGETED>opera1er@c-}]}"},
	{"what is wanted of neighbours, three levels down", one("agency:interpol", linked(intel.LinkSelection{Key: "ops", Ends: ends(intel.Out, "LED"), Page: firstRows(9), Node: linked(
		intel.LinkSelection{Key: "aims", Ends: ends(intel.Out, "TARGETED"), Page: firstRows(9), Node: intel.NodeSelection{Values: true, Evidence: true,
			Links: []intel.LinkSelection{{Key: "names", Ends: ends(intel.Out, intel.KnownAs), Page: counted(1), Node: intel.NodeSelection{Counts: true}}}}},
		intel.LinkSelection{Key: "with", Ends: ends(intel.In, "TOOK_PART_IN", "SUPPORTED"), Page: firstRows(9)},
	)})),
		"agency:interpol{ops[LED:operation:nervone{aims[TARGETED:group:opera1er{names[KNOWN_AS:alias:bluebottle{1×IN:KNOWN_AS:GROUP}+#2] !opera1er.attacks@a opera1er.externalId@a opera1er.firstSeen@b opera1er.groupType@a opera1er.groupType@b opera1er.name@a opera1er.proceeds@a opera1er.proceeds@b opera1er.summary@a}] with[TOOK_PART_IN:agency:afripol SUPPORTED:firm:group-ib]}]}"},
	{"first 0 with a count: no rows, but rows follow", one(nervone, linked(intel.LinkSelection{Key: "k", Ends: ends(intel.In, "COORDINATED", "LED"), Page: counted(0)}, intel.LinkSelection{Key: "none", Ends: ends(intel.In, "USES"), Page: counted(0)})), "operation:nervone{k[+#2] none[]}"},
	{"link filter: types", filtered(intel.LinkFilter{Types: []intel.LinkType{"BASED_IN"}}), "group:opera1er{k[BASED_IN:country:CI BASED_IN:country:FR#2]}"},
	{"link filter: no types at all", filtered(intel.LinkFilter{Types: []intel.LinkType{}}), "group:opera1er{k[]}"},
	{"link filter: support as shown, bounds included", filtered(intel.LinkFilter{MinSupport: new(48), MaxSupport: new(75)}),
		"group:opera1er{k[KNOWN_AS:alias:bluebottle ALLIED_WITH:group:lazarus TARGETED:operation:nervone#3]}"},
	{"link filter: origins", filtered(intel.LinkFilter{MinOrigins: new(2)}), "group:opera1er{k[]}"},
	{"link filter: role contains", filtered(intel.LinkFilter{Role: &intel.OptionalTextIs{Op: intel.Contains, Values: []string{"target"}}}), "group:opera1er{k[TARGETED:operation:nervone#1]}"},
	{"link filter: role equals exactly", filtered(intel.LinkFilter{Role: &intel.OptionalTextIs{Values: []string{"Main target"}}}), "group:opera1er{k[]}"},
	{"link filter: role is missing", filtered(intel.LinkFilter{Role: &intel.OptionalTextIs{Null: new(true)}, Types: []intel.LinkType{"TARGETED", "SUCCESSOR_OF"}}),
		"group:opera1er{k[SUCCESSOR_OF:group:phantom SUCCESSOR_OF:group:phantom#2]}"},
	{"link filter: role is there", filtered(intel.LinkFilter{Role: &intel.OptionalTextIs{Null: new(false)}}), "group:opera1er{k[TARGETED:operation:nervone#1]}"},
	{"link filter: disputed", filtered(intel.LinkFilter{Disputed: new(true)}),
		"group:opera1er{k[BASED_IN:country:CI BASED_IN:country:FR TARGETED:operation:nervone#3]}"},
	{"link filter: undisputed", filtered(intel.LinkFilter{Disputed: new(false)}),
		"group:opera1er{k[KNOWN_AS:alias:bluebottle ALLIED_WITH:group:lazarus KNOWN_AS:alias:nx$m$ SUCCESSOR_OF:group:phantom SUCCESSOR_OF:group:phantom#5]}"},
	{"link filter: valid at a date before the hull", filtered(intel.LinkFilter{Types: []intel.LinkType{"BASED_IN"}, ValidAt: intel.MustDate("2015-12")}), "group:opera1er{k[]}"},
	{"link filter: valid at a date", filtered(intel.LinkFilter{Types: []intel.LinkType{"BASED_IN"}, ValidAt: intel.MustDate("2019")}), "group:opera1er{k[BASED_IN:country:CI#1]}"},
	{"link filter: kinds of the neighbour", filtered(intel.LinkFilter{Kinds: []intel.Kind{intel.KindAlias}}),
		"group:opera1er{k[KNOWN_AS:alias:bluebottle KNOWN_AS:alias:nx$m$#2]}"},
	{"link filter: ids of the neighbour", filtered(intel.LinkFilter{IDs: []string{"country:FR", opera1er}}), "group:opera1er{k[BASED_IN:country:FR#1]}"},
	{"link filter: no ids at all", filtered(intel.LinkFilter{IDs: []string{}}), "group:opera1er{k[]}"},
}

// filtered asks for all links of opera1er that a filter lets through.
func filtered(f intel.LinkFilter) intel.Selection {
	return one(opera1er, linked(intel.LinkSelection{Key: "k", Link: f, Page: counted(50),
		Ends: ends(intel.Both, intel.KnownAs, "BASED_IN", "ALLIED_WITH", "SUCCESSOR_OF", "TARGETED")}))
}
