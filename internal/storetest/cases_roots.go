package storetest

import (
	"testing"

	"dragnet/internal/intel"
)

func allClaims(f intel.ClaimFilter) intel.Selection {
	return intel.Selection{ClaimList: &intel.ClaimSelection{Where: f, Page: counted(50)}}
}

var claimListCases = []selectCase{
	{"of subjects", allClaims(intel.ClaimFilter{Subjects: []string{"group:phantom", "group:none"}, Live: new(false)}), "claims(phantom.ALLIED_WITH>wrong@c#1)"},
	{"of a source", allClaims(intel.ClaimFilter{Sources: []string{"source:c"}}), "claims(nervone.TARGETED>opera1er@c- nervone.arrests@c phantom.ALLIED_WITH>wrong@c wrong.name@c#4)"},
	{"of a source about a subject", allClaims(intel.ClaimFilter{Sources: []string{"source:c", "source:none"}, Subjects: []string{nervone}}), "claims(nervone.TARGETED>opera1er@c- nervone.arrests@c#2)"},
	{"by what they say", allClaims(intel.ClaimFilter{Properties: []intel.Property{"arrests"}, LinkTypes: []intel.LinkType{"BASED_IN"}}), "claims(cyberclean.arrests@b nervone.arrests@a nervone.arrests@c opera1er.BASED_IN>CI@a opera1er.BASED_IN>FR@b serengeti.arrests@b#6)"},
	{"denials", allClaims(intel.ClaimFilter{Stance: intel.Denies}), "claims(nervone.TARGETED>opera1er@c-#1)"},
	{"since a revision", allClaims(intel.ClaimFilter{SinceRevision: new(int64(2))}), "claims(nervone.TARGETED>opera1er@c- nervone.arrests@c phantom.ALLIED_WITH>wrong@c wrong.name@c#4)"},
	{"since the last revision", allClaims(intel.ClaimFilter{SinceRevision: new(int64(99))}), "claims()"},
	{"no subjects at all", allClaims(intel.ClaimFilter{Subjects: []string{}}), "claims()"},
	{"first 0 with a count", intel.Selection{ClaimList: &intel.ClaimSelection{Page: counted(0)}}, "claims(+#47)"},
}

func allLinks(f intel.LinkFilter) intel.Selection {
	return intel.Selection{LinkList: &intel.LinkList{Where: f, Page: counted(50)}}
}

var linkListCases = []selectCase{
	{"by the id of the from end, then their own", intel.Selection{LinkList: &intel.LinkList{Page: counted(6)}}, "links[agency:afripol-TOOK_PART_IN:operation:nervone agency:interpol-COORDINATED:operation:nervone agency:interpol-LED:operation:nervone firm:group-ib-SUPPORTED:operation:nervone group:lazarus-ALLIED_WITH:group:opera1er group:opera1er-BASED_IN:country:CI+#14]"},
	{"of a type", allLinks(intel.LinkFilter{Types: []intel.LinkType{"KNOWN_AS"}}), "links[group:opera1er-KNOWN_AS:alias:bluebottle group:opera1er-KNOWN_AS:alias:nx$m$ group:phantom-KNOWN_AS:alias:nx$m$#3]"},
	{"of no type", allLinks(intel.LinkFilter{Types: []intel.LinkType{}}), "links[]"},
	{"with an end", allLinks(intel.LinkFilter{IDs: []string{opera1er, "country:FR"}}), "links[group:lazarus-ALLIED_WITH:group:opera1er group:opera1er-BASED_IN:country:CI group:opera1er-BASED_IN:country:FR group:opera1er-KNOWN_AS:alias:bluebottle group:opera1er-KNOWN_AS:alias:nx$m$ group:opera1er-SUCCESSOR_OF:group:phantom group:phantom-SUCCESSOR_OF:group:opera1er operation:nervone-TARGETED:group:opera1er#8]"},
	{"with an end of a kind", allLinks(intel.LinkFilter{Kinds: []intel.Kind{intel.KindCountry}}), "links[group:opera1er-BASED_IN:country:CI group:opera1er-BASED_IN:country:FR#2]"},
	{"with an end that is both", allLinks(intel.LinkFilter{IDs: []string{opera1er}, Kinds: []intel.Kind{intel.KindCountry}}), "links[]"},
	{"disputed", allLinks(intel.LinkFilter{Disputed: new(true)}), "links[group:opera1er-BASED_IN:country:CI group:opera1er-BASED_IN:country:FR operation:nervone-TARGETED:group:opera1er#3]"},
	{"first 0 with a count", intel.Selection{LinkList: &intel.LinkList{Page: counted(0)}}, "links[+#14]"},
	{"with what is asked of them and of their ends", intel.Selection{
		LinkList: &intel.LinkList{Where: intel.LinkFilter{Types: []intel.LinkType{"TARGETED"}}, Page: counted(1)},
		Link:     intel.LinkSelection{Evidence: true, Claims: []intel.ClaimSelection{{Key: "c", Page: firstRows(1)}}},
		From:     intel.NodeSelection{Counts: true}, To: linked(intel.LinkSelection{Key: "k", Ends: ends(intel.Out, "KNOWN_AS"), Page: firstRows(1)}),
	}, "links[operation:nervone{1×OUT:TARGETED:GROUP 1×IN:COORDINATED:AGENCY 1×IN:LED:AGENCY 1×IN:TOOK_PART_IN:AGENCY 1×IN:SUPPORTED:FIRM 1×OUT:SEIZED:GOOD}-TARGETED:group:opera1er{k[KNOWN_AS:alias:bluebottle+]}{c(nervone.TARGETED>opera1er@a+) !nervone.TARGETED>opera1er@a nervone.TARGETED>opera1er@b nervone.TARGETED>opera1er@c-}#1]"},
}

// rootListPages walks the lists of claims and links in pages of two.
func rootListPages(t *testing.T, on *onSample) {
	links := intel.LinkList{}
	var walked []intel.Position
	for links.Page = counted(2); ; {
		sel := intel.Selection{LinkList: &links}
		got := choose(t, on.store, sel)
		same(t, "a page of links", flatten(choose(t, on.model, sel)), flatten(got))
		for _, e := range got.LinkList.Edges {
			walked = append(walked, e.Position)
		}
		if !got.LinkList.More || t.Failed() {
			inOrder(t, walked, nil, got.LinkList.Total)
			break
		}
		links.Page.After = &walked[len(walked)-1]
	}
	walked = nil
	claims := intel.ClaimSelection{}
	for claims.Page = counted(2); ; {
		sel := intel.Selection{ClaimList: &claims}
		got := choose(t, on.store, sel)
		same(t, "a page of claims", flatten(choose(t, on.model, sel)), flatten(got))
		for _, c := range got.ClaimList.Claims {
			walked = append(walked, intel.PositionOf(c))
		}
		if !got.ClaimList.More || t.Failed() {
			inOrder(t, walked, nil, got.ClaimList.Total)
			break
		}
		claims.Page.After = &walked[len(walked)-1]
	}
}
