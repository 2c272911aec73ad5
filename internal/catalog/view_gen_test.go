package catalog

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// The small world that random histories are about: every rule has something to
// bite on, and collisions are frequent.
var (
	worldIDs = []string{
		"group:a", "group:b", "group:c", "alias:x", "alias:y", "country:FR", "country:CI", "region:002",
		"person:p", "person:q", "operation:n", "agency:i", "firm:f", "campaign:k", "technique:t",
	}
	worldSources = []string{"source:1", "source:2", "source:3", "source:4", "source:5"}
	worldNames   = []string{"Alpha", "ALPHA", "Beta", "Gamma ray", "Étoile", "delta", "𝔾roup"}
	worldDates   = []string{"2020", "2021-06", "2021-06-15", "2022~", "2023-01-01?", "2024"}
	worldLinks   = []struct {
		from, to intel.Kind
		t        intel.LinkType
	}{
		{intel.KindGroup, intel.KindAlias, intel.KnownAs}, {intel.KindPerson, intel.KindAlias, intel.KnownAs},
		{intel.KindGroup, intel.KindCountry, "BASED_IN"}, {intel.KindGroup, intel.KindCountry, "BASED_IN"}, {intel.KindGroup, intel.KindRegion, "BASED_IN"},
		{intel.KindGroup, intel.KindCountry, "OPERATES_IN"}, {intel.KindGroup, intel.KindGroup, "ALLIED_WITH"},
		{intel.KindCampaign, intel.KindGroup, "ATTRIBUTED_TO"}, {intel.KindPerson, intel.KindGroup, "MEMBER_OF"},
		{intel.KindOperation, intel.KindGroup, "TARGETED"}, {intel.KindAgency, intel.KindOperation, "LED"},
		{intel.KindAgency, intel.KindFirm, "PARTNER_OF"}, {intel.KindFirm, intel.KindAgency, "PARTNER_OF"},
		{intel.KindGroup, intel.KindTechnique, "USES"}, {intel.KindCountry, intel.KindRegion, "PART_OF"},
		{intel.KindGroup, intel.KindPerson, "RELATED_TO"},
	}
	worldStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
)

type dice struct{ *rapid.T }

func oneOf[V any](t dice, what string, of ...V) V { return rapid.SampledFrom(of).Draw(t.T, what) }

func (t dice) chance(what string, percent int) bool {
	return rapid.IntRange(0, 99).Draw(t.T, what) < percent
}

func (t dice) some(what string, most int) int { return rapid.IntRange(0, most).Draw(t.T, what) }

func ofKind(k intel.Kind) []string {
	return keepIf(worldIDs, func(id string) bool { return intel.KindOf(id) == k })
}

func (t dice) date(what string, percent int) intel.PartialDate {
	if !t.chance(what, percent) {
		return intel.PartialDate{}
	}
	return intel.MustDate(oneOf(t, what, worldDates...))
}

func (t dice) claim() *intel.Claim {
	c := &intel.Claim{Stance: intel.Asserts, Confidence: oneOf(t, "confidence", 1, 20, 40, 60, 80, 80, 95), Source: oneOf(t, "source", worldSources...)}
	if t.chance("denies", 15) {
		c.Stance = intel.Denies
	}
	if t.chance("saidBy", 20) {
		c.SaidBy = oneOf(t, "saidBy", ofKind(intel.KindPerson)...)
	}
	c.ValidFrom, c.ValidTo = t.date("from", 30), t.date("to", 20)
	if !c.ValidTo.IsZero() && c.ValidTo.Last() < c.ValidFrom.First() {
		c.ValidTo = c.ValidFrom
	}
	if t.chance("link", 55) {
		l := oneOf(t, "ends", worldLinks...)
		from, to := oneOf(t, "subject", ofKind(l.from)...), oneOf(t, "object", ofKind(l.to)...)
		if from == to {
			to = "group:a"
			from = "group:b"
		}
		c.LinkType = l.t
		c.Subject, c.Object = l.t.Orient(from, to)
		c.Role = oneOf(t, "role", "", "", "leader", "Member")
		c.On = t.date("on", 20)
		c.ID = c.HashID()
		return c
	}
	c.Subject = oneOf(t, "subject", worldIDs...)
	c.Property, c.Value = t.value(intel.KindOf(c.Subject))
	c.ID = c.HashID()
	return c
}

func (t dice) value(k intel.Kind) (intel.Property, intel.Value) {
	switch oneOf(t, "property", "name", "name", "nameKind", "externalId", "own", "own") {
	case "nameKind":
		return intel.PropNameKind, intel.Value{Type: intel.TypeEnum, Text: oneOf(t, "kind", intel.Proper, intel.Descriptive)}
	case "externalId":
		return intel.PropExternalID, intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: oneOf(t, "scheme", "s1", "s2"), Value: oneOf(t, "xid", "T1", "T2")}}
	case "own":
		switch k {
		case intel.KindGroup:
			if t.chance("enum", 40) {
				return "groupStatus", intel.Value{Type: intel.TypeEnum, Text: oneOf(t, "status", "ACTIVE", "DORMANT")}
			}
			return "firstSeen", intel.Value{Type: intel.TypeDate, Date: intel.MustDate(oneOf(t, "seen", worldDates...))}
		case intel.KindOperation:
			if t.chance("money", 40) {
				return "seized", intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: oneOf(t, "amount", intel.Decimal("100"), intel.Decimal("250.5")), Currency: "USD", Qualifier: intel.Exact, AssetClass: oneOf(t, "class", intel.AssetClass("CASH"), intel.AssetClass("TOTAL"))}}
			}
			return "arrests", intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: int64(oneOf(t, "arrests", 3, 40, 3500)), Qualifier: intel.Exact}}
		}
	}
	return intel.PropName, intel.Value{Type: intel.TypeText, Text: oneOf(t, "name", worldNames...)}
}

// history makes a graph that came into being over several revisions.
func (t dice) history() *memGraph {
	claims, versions := map[string]*intel.Claim{}, map[string][]intel.HeaderVersion{}
	var ids []string
	stamp := intel.Stamp{}
	for range 1 + t.some("revisions", 9) {
		stamp = intel.NextStamp(stamp, worldStart.Add(time.Duration(stamp.Revision)*time.Hour), "somebody")
		for range t.some("claims", 10) {
			c := t.claim()
			if claims[c.ID] == nil {
				c.Added = stamp
				claims[c.ID] = c
				ids = append(ids, c.ID)
			}
		}
		for range t.some("events", 2) {
			if len(ids) == 0 {
				break
			}
			c := claims[oneOf(t, "event on", ids...)]
			if c.Added != stamp && (len(c.Events) == 0 || c.Events[len(c.Events)-1].Stamp != stamp) {
				c.Events = append(c.Events, intel.Event{Stamp: stamp, Retracted: c.Live(), Reason: "because"})
			}
		}
		for range t.some("headers", 2) {
			id := oneOf(t, "header of", worldSources...)
			h := t.header(id)
			versions[id] = append(versions[id], intel.HeaderVersion{Header: h, Hash: intel.HeaderHash(id, h), Added: stamp})
		}
	}
	return newMemGraph(stamp, claims, versions, 0)
}

func (t dice) header(id string) intel.Header {
	h := intel.Header{Title: "Title " + oneOf(t, "title", worldNames...), Reliability: oneOf(t, "grade", intel.Reliabilities()...), Marking: oneOf(t, "marking", intel.Markings()...),
		PublishedOn: t.date("published", 50), RetrievedAt: worldStart.Add(time.Duration(t.some("retrieved", 5)) * time.Hour)}
	if t.chance("derived", 40) {
		if from := oneOf(t, "derived from", append(worldSources, "source:unknown")...); from != id {
			h.DerivedFrom = []string{from}
		}
	}
	return h
}

// view draws a view; it may be the default one.
func (t dice) view(last int64) intel.View {
	var v intel.View
	v.ValidAt = t.date("validAt", 25)
	if t.chance("knownAt", 25) {
		v.KnownAt = worldStart.Add(time.Duration(t.some("hours", int(last))) * time.Hour)
	}
	if t.chance("atRevision", 30) {
		at := int64(t.some("revision", int(last)+1))
		v.AtRevision = &at
	}
	if t.chance("minConfidence", 25) {
		v.MinConfidence = oneOf(t, "confidence at least", 1, 40, 80)
	}
	if t.chance("minSupport", 25) {
		v.MinSupport = oneOf(t, "support at least", 10, 30, 50)
	}
	if t.chance("minReliability", 20) {
		v.MinReliability = oneOf(t, "grade at least", intel.Reliabilities()...)
	}
	if t.chance("maxMarking", 25) {
		v.MaxMarking = oneOf(t, "marked at most", intel.Markings()...)
	}
	if t.chance("sources", 20) {
		v.Sources = []string{}
		for range t.some("sources", 3) {
			v.Sources = append(v.Sources, oneOf(t, "only", append(worldSources, "source:unknown")...))
		}
	}
	return v
}

// selection draws a tree.
func (t dice) selection(m *memGraph, depth int) intel.Selection {
	s := intel.Selection{Node: t.node(depth), From: t.node(depth - 1), To: t.node(depth - 1)}
	for range t.some("ids", 4) {
		s.IDs = append(s.IDs, oneOf(t, "id", append(worldIDs, "group:unknown")...))
	}
	if t.chance("list", 70) {
		s.List = &intel.List{Where: t.filter(2), Order: t.order()}
		s.List.Page = t.page(s.List.Order)
	}
	for _, c := range m.all() {
		if c.IsLink() && t.chance("link id", 15) {
			s.LinkIDs = append(s.LinkIDs, c.LinkID())
		}
	}
	s.Link = intel.LinkSelection{Evidence: t.chance("link evidence", 50), Claims: t.claimPages()}
	for _, c := range m.all() {
		if t.chance("claim id", 10) {
			s.ClaimIDs = append(s.ClaimIDs, c.ID)
		}
	}
	if pages := t.claimPages(); pages != nil {
		s.ClaimList = &pages[0]
		t.claimList(&s.ClaimList.Where)
	}
	if t.chance("link list", 40) {
		s.LinkList = t.linkList()
	}
	return s
}

func (t dice) claimList(f *intel.ClaimFilter) {
	if t.chance("subjects", 30) {
		f.Subjects = []string{oneOf(t, "subject", worldIDs...), oneOf(t, "subject", worldIDs...)}
	}
	if t.chance("sources", 30) {
		f.Sources = []string{oneOf(t, "source", "source:1", "source:2", "source:9")}
	}
}

func (t dice) linkList() *intel.LinkList {
	l := &intel.LinkList{Where: t.linkFilter(), Page: t.page(nil)}
	if t.chance("ends", 40) {
		l.Where.IDs = []string{oneOf(t, "end", worldIDs...), oneOf(t, "end", worldIDs...)}
	}
	if t.chance("types", 40) {
		l.Where.Types = []intel.LinkType{oneOf(t, "type", worldLinks...).t}
	}
	if l.Page.After != nil {
		from := oneOf(t, "after", worldIDs...)
		l.Page.After = &intel.Position{ID: from, Link: from + "|KNOWN_AS|alias:x"}
	}
	return l
}

func (t dice) node(depth int) intel.NodeSelection {
	n := intel.NodeSelection{Values: t.chance("values", 60), Evidence: t.chance("evidence", 30), Counts: t.chance("counts", 20), Claims: t.claimPages()}
	if t.chance("sources of", 20) {
		n.Sources = []intel.SourceSelection{{Key: "s", On: t.on(), Page: t.page(nil)}}
	}
	if depth == 0 {
		return n
	}
	for i := range t.some("branches", 3) {
		l := intel.LinkSelection{Key: fmt.Sprint("l", i), On: t.on(), Kinds: t.on(), Link: t.linkFilter(), Order: t.order(), Evidence: t.chance("evidence", 30), Claims: t.claimPages(), Node: t.node(depth - 1)}
		for range 1 + t.some("ends", 3) {
			l.Ends = append(l.Ends, intel.End{Type: oneOf(t, "type", worldLinks...).t, Direction: oneOf(t, "direction", intel.Out, intel.In, intel.Both)})
		}
		if t.chance("where", 40) {
			l.Where = t.filter(1)
		}
		l.Page = t.page(l.Order)
		n.Links = append(n.Links, l)
	}
	return n
}

func (t dice) on() []intel.Kind {
	if t.chance("on", 80) {
		return nil
	}
	return []intel.Kind{oneOf(t, "kind", intel.KindGroup, intel.KindAlias, intel.KindCountry), oneOf(t, "kind", intel.KindPerson, intel.KindOperation)}
}

func (t dice) claimPages() []intel.ClaimSelection {
	if t.chance("no claims", 70) {
		return nil
	}
	c := intel.ClaimSelection{Key: "c", On: t.on(), Page: intel.Page{First: t.some("first", 4), Count: t.chance("count", 50)}}
	if t.chance("live", 60) {
		is := t.chance("is live", 50)
		c.Where.Live = &is
	}
	if t.chance("after", 30) {
		c.Page.After = &intel.Position{Keys: []intel.SortValue{{Int: int64(t.some("after", 9))}}, ID: "claim:7"}
	}
	return []intel.ClaimSelection{c}
}

func (t dice) linkFilter() (f intel.LinkFilter) {
	switch oneOf(t, "link filter", "", "", "", "support", "disputed", "role", "validAt", "kinds") {
	case "support":
		n := oneOf(t, "support", 10, 40)
		f.MinSupport = &n
	case "disputed":
		is := t.chance("is disputed", 50)
		f.Disputed = &is
	case "role":
		f.Role = &intel.OptionalTextIs{Op: intel.Equal, Values: []string{"leader"}}
	case "validAt":
		f.ValidAt = t.date("link validAt", 100)
	case "kinds":
		f.Kinds = t.on()
	}
	return f
}

func (t dice) order() []intel.Order {
	var out []intel.Order
	for range t.some("orders", 2) {
		out = append(out, intel.Order{By: oneOf(t, "by", intel.OrderName, intel.OrderChanged, intel.OrderKey("arrests"), intel.OrderKey("firstSeen")), Desc: t.chance("desc", 50)})
	}
	return out
}

func (t dice) page(order []intel.Order) intel.Page {
	p := intel.Page{First: oneOf(t, "first", 0, 1, 2, 3, 200), Count: t.chance("count", 50)}
	if t.chance("after", 30) {
		r := intel.NewRecord(oneOf(t, "after", worldIDs...), nil, int64(t.some("after", 9)))
		r.SortKey = intel.SortKey(oneOf(t, "after", worldNames...))
		at := intel.PositionOfRecord(r, order)
		p.After = &at
	}
	return p
}

func (t dice) filter(depth int) intel.Filter {
	kinds := 10
	if depth > 0 {
		kinds = 15
	}
	switch t.some("filter", kinds) {
	case 0:
		return nil
	case 1:
		return intel.KindIn{intel.KindGroup, oneOf(t, "kind", intel.Kinds()...)}
	case 2:
		return intel.IDIn{oneOf(t, "id", worldIDs...), oneOf(t, "id", worldIDs...), "group:unknown"}
	case 3:
		return intel.IsStub(t.chance("stub", 50))
	case 4:
		return intel.TextIs{Field: intel.FieldAlias, Op: intel.Contains, Values: []string{oneOf(t, "text", "a", "beta", "x")}}
	case 5:
		return intel.IsNull{Field: oneOf(t, "field", intel.FieldAlias, intel.FieldName, intel.Field("arrests")), Null: t.chance("null", 50)}
	case 6:
		return intel.TextIs{Field: oneOf(t, "field", intel.FieldName, intel.FieldNameKey), Op: intel.Equal, Values: []string{"Alpha", "beta"}}
	case 7:
		return intel.TextIs{Field: intel.FieldExternalID, Op: intel.Equal, Values: []string{oneOf(t, "xid", "T1", "s2:T2")}}
	case 8:
		lo := int64(40)
		return intel.RangeIs{Property: "arrests", Lo: &lo}
	case 9:
		return intel.TextIs{Field: "groupStatus", Op: intel.Equal, Values: []string{"ACTIVE"}}
	case 10:
		return intel.Within{Area: oneOf(t, "area", worldIDs...), Broader: t.chance("broader", 50)}
	case 11, 12:
		return t.related(depth)
	case 13:
		return intel.Not{Filter: intel.All{t.filter(depth - 1)}}
	case 14:
		return intel.All{t.filter(depth - 1), t.filter(depth - 1)}
	}
	return intel.Any{t.filter(depth - 1), t.filter(depth - 1)}
}

func (t dice) related(depth int) intel.Related {
	f := intel.Related{Link: t.linkFilter(), Kinds: t.on(), Where: t.filter(depth - 1)}
	for range 1 + t.some("more ends", 3) {
		f.Ends = append(f.Ends, intel.End{Type: oneOf(t, "type", worldLinks...).t, Direction: oneOf(t, "direction", intel.Out, intel.In, intel.Both)})
	}
	return f
}
