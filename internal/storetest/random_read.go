package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// asking draws random questions about a state.
type asking struct {
	*state
	claimIDs, linkIDs []string
	linkTypes         []*intel.LinkTypeInfo // the most frequent first
}

// noClaim is the id of a claim that no store holds.
var noClaim = intel.ClaimPrefix + strings.Repeat("7", 64)

func newAsking(s *state) *asking {
	a := &asking{state: s, claimIDs: []string{noClaim}, linkIDs: []string{"group:a|USES|tool:none"}}
	for _, c := range listed(s.claims) {
		a.claimIDs = append(a.claimIDs, c.ID)
	}
	count := map[intel.LinkType]int{}
	for _, l := range listed(s.links) {
		a.linkIDs = append(a.linkIDs, l.ID)
		count[l.Type]++
	}
	a.linkTypes = intel.LinkTypes()
	slices.SortStableFunc(a.linkTypes, func(x, y *intel.LinkTypeInfo) int { return cmp.Compare(count[y.Type], count[x.Type]) })
	return a
}

var (
	filterableTexts = []intel.Field{intel.FieldName, intel.FieldNameKey, intel.FieldAlias, intel.FieldExternalID, "groupType", "groupStatus", "acronym", "agencyType", "url", "alpha2"}
	filterableSpans = []intel.Property{"arrests", "startedOn", "firstSeen", "attacks", "publishedOn", "victims"}
	filterableMoney = []intel.Property{"proceeds", "losses", "seized"}
	orderKeys       = []intel.OrderKey{intel.OrderName, intel.OrderChanged, "arrests", "startedOn", "firstSeen", "attacks"}
)

func (a *asking) filter(t *rapid.T, depth int) intel.Filter {
	kinds := 9
	if depth > 0 {
		kinds = 14
	}
	parts := func() (out []intel.Filter) {
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			out = append(out, a.filter(t, depth-1))
		}
		return out
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "filter") {
	case 0:
		return intel.KindIn(some(t, intel.Kinds(), 4, "kinds"))
	case 1:
		return intel.IDIn(some(t, pools.ids, 5, "ids"))
	case 2:
		return intel.IsStub(rapid.Bool().Draw(t, "stub"))
	case 3, 4:
		return randomTextIs(t)
	case 5:
		fields := append(slices.Clone(filterableTexts), "arrests", "startedOn", "proceeds")
		return intel.IsNull{Field: drawn(t, fields, "field"), Null: rapid.Bool().Draw(t, "null")}
	case 6:
		p := drawn(t, filterableSpans, "property")
		bounds := []int64{0, 1, 10, 99, 3500, intel.MaxLong, intel.MustDate("2020").First(), intel.MustDate("2020-02-29").First(), intel.MinDay, math.MaxInt64}
		return intel.RangeIs{Property: p, Lo: maybe(t, bounds, "lo"), Hi: maybe(t, bounds, "hi")}
	case 7:
		amounts := []intel.Decimal{"", "0", "5", "9.9", "10", "10.5", "12345678901234567890123456789012345678"}
		return intel.MoneyIs{Property: drawn(t, filterableMoney, "property"), Currency: drawn(t, []string{"USD", "BTC", "EUR"}, "currency"),
			AssetClass: drawn(t, append([]intel.AssetClass{""}, intel.AssetClasses()[:2]...), "class"), Lo: drawn(t, amounts, "lo"), Hi: drawn(t, amounts, "hi")}
	case 8:
		areas := where(pools.ids, func(id string) bool {
			return slices.Contains([]intel.Kind{intel.KindCountry, intel.KindRegion, intel.KindGroup}, intel.KindOf(id))
		})
		return intel.Within{Area: drawn(t, areas, "area"), Broader: rapid.Bool().Draw(t, "broader")}
	case 9:
		return intel.All(parts())
	case 10:
		return intel.Any(parts())
	case 11, 12:
		l := a.links(t, "related", 0)
		f := intel.Related{Ends: l.Ends, Kinds: l.Kinds, Link: l.Link}
		if rapid.Bool().Draw(t, "such") {
			f.Where = a.filter(t, depth-1)
		}
		return f
	}
	return intel.Not{Filter: a.filter(t, depth-1)}
}

func maybe[V any](t *rapid.T, from []V, label string) *V {
	if rapid.Bool().Draw(t, label+"?") {
		v := drawn(t, from, label)
		return &v
	}
	return nil
}

func randomTextIs(t *rapid.T) intel.TextIs {
	f := intel.TextIs{Field: drawn(t, filterableTexts, "field")}
	enum := intel.Property(f.Field).Info() != nil && intel.Property(f.Field).Info().Type == intel.TypeEnum
	if !enum && rapid.Bool().Draw(t, "by key") {
		f.Op = drawn(t, []intel.TextOp{intel.Contains, intel.HasPrefix}, "op")
		f.Values = []string{intel.NameKey(drawn(t, pools.words, "key"))}
		return f
	}
	values := slices.Concat(pools.words, []string{"a", "nx$m$", "misp:A", "mitre-attack:b", "CRIMINAL", "ACTIVIST", "ACTIVE", "POLICE"})
	f.Values = some(t, values, 4, "values")
	return f
}

func (a *asking) order(t *rapid.T) (out []intel.Order) {
	for _, k := range some(t, orderKeys, 3, "order") {
		out = append(out, intel.Order{By: k, Desc: rapid.Bool().Draw(t, "desc")})
	}
	return out
}

func (a *asking) page(t *rapid.T, at func() intel.Position) intel.Page {
	p := intel.Page{First: drawn(t, []int{25, 3, 200, 5, 2, 1, 0}, "first"), Count: rapid.Bool().Draw(t, "count")}
	if chance(t, 5, "after?") {
		after := at()
		p.After = &after
	}
	return p
}

// somewhere is the place of some entity, in the list or not.
func (a *asking) somewhere(t *rapid.T, order []intel.Order) intel.Position {
	id := drawn(t, append(slices.Clone(pools.ids), "group:zz"), "after")
	r := a.records[id]
	if r == nil {
		r = intel.NewRecord(id, nil, 2)
	}
	return intel.PositionOfRecord(r, order)
}

func (a *asking) node(t *rapid.T, depth int) intel.NodeSelection {
	n := intel.NodeSelection{Values: rapid.Bool().Draw(t, "values"), Evidence: chance(t, 3, "evidence"), Counts: chance(t, 3, "counts")}
	if depth > 0 {
		branches := 1
		if chance(t, 3, "two branches") {
			branches = 2
		}
		for i := range branches {
			n.Links = append(n.Links, a.links(t, fmt.Sprintf("l%d", i), depth))
		}
	}
	if chance(t, 3, "claims") {
		n.Claims = append(n.Claims, a.claimSelection(t, "c", true))
	}
	if chance(t, 3, "sources") {
		n.Sources = append(n.Sources, intel.SourceSelection{Key: "s", On: a.onKinds(t), Page: a.page(t, func() intel.Position { return intel.Position{ID: drawn(t, pools.sources, "after")} })})
	}
	return n
}

func (a *asking) onKinds(t *rapid.T) []intel.Kind {
	if !chance(t, 4, "on") {
		return nil
	}
	return some(t, intel.Kinds(), 8, "on")
}

func (a *asking) links(t *rapid.T, key string, depth int) intel.LinkSelection {
	l := intel.LinkSelection{Key: key, On: a.onKinds(t), Order: a.order(t), Link: a.linkFilter(t), Evidence: chance(t, 3, "evidence")}
	ways := []intel.Direction{intel.Both, intel.Out, intel.In}
	types := intel.LinkTypes()
	if !chance(t, 8, "all types") {
		types = some(t, a.linkTypes[1:], 3, "types")
		types = append(types, a.linkTypes[0])
	}
	if rapid.Bool().Draw(t, "every way") {
		ways = ways[:1]
	}
	for _, info := range types {
		way := intel.Both
		if !info.Symmetric {
			way = drawn(t, ways, "direction")
		}
		l.Ends = append(l.Ends, intel.End{Type: info.Type, Direction: way})
	}
	if chance(t, 5, "kinds") {
		l.Kinds = some(t, intel.Kinds(), 6, "kinds")
	}
	if chance(t, 4, "where") {
		l.Where = a.filter(t, 1)
	}
	l.Page = a.page(t, func() intel.Position {
		p := a.somewhere(t, l.Order)
		p.Link = drawn(t, a.linkIDs, "after")
		return p
	})
	if chance(t, 3, "claims") {
		l.Claims = append(l.Claims, a.claimSelection(t, "c", false))
	}
	l.Node = a.node(t, depth-1)
	return l
}

func (a *asking) linkFilter(t *rapid.T) (f intel.LinkFilter) {
	percents, origins := []int{0, 1, 25, 50, 75, 99, 100}, []int{0, 1, 2, 3}
	switch rapid.IntRange(-8, 7).Draw(t, "link filter") {
	case 0:
		f.MinSupport, f.MaxSupport = maybe(t, percents, "min"), maybe(t, percents, "max")
	case 1:
		f.MinOrigins, f.MaxOrigins = maybe(t, origins, "min"), maybe(t, origins, "max")
	case 2:
		f.Role = randomOptional(t)
	case 3:
		f.Disputed = new(rapid.Bool().Draw(t, "disputed"))
	case 4:
		f.ValidAt = maybeDate(t, "valid at")
	case 5:
		f.Kinds = some(t, intel.Kinds(), 6, "kinds")
	case 6:
		f.IDs = some(t, pools.ids, 6, "ids")
	case 7:
		for _, info := range some(t, intel.LinkTypes(), 9, "types") {
			f.Types = append(f.Types, info.Type)
		}
	}
	return f
}

func randomOptional(t *rapid.T) *intel.OptionalTextIs {
	if chance(t, 3, "null?") {
		return &intel.OptionalTextIs{Null: new(rapid.Bool().Draw(t, "null"))}
	}
	f := randomTextIs(t)
	return &intel.OptionalTextIs{Op: f.Op, Values: f.Values}
}

func (a *asking) claimSelection(t *rapid.T, key string, on bool) intel.ClaimSelection {
	c := intel.ClaimSelection{Key: key, Where: a.claimFilter(t)}
	if on {
		c.On = a.onKinds(t)
	}
	c.Page = a.page(t, func() intel.Position {
		if k := a.claims[drawn(t, a.claimIDs, "after")]; k != nil {
			return intel.PositionOf(k)
		}
		return intel.Position{Keys: []intel.SortValue{{Int: 3}}, ID: noClaim}
	})
	return c
}

func (a *asking) claimFilter(t *rapid.T) (f intel.ClaimFilter) {
	switch rapid.IntRange(-3, 6).Draw(t, "claim filter") {
	case 0:
		f.Properties = some(t, []intel.Property{"name", "arrests", "groupType", "note", "acronym"}, 3, "properties")
	case 1:
		f.LinkTypes = []intel.LinkType{"TARGETED", "KNOWN_AS", "USES", "RELATED_TO"}
		f.Properties = some(t, []intel.Property{"name", "note"}, 2, "properties")
	case 2:
		f.Subjects, f.Live = some(t, pools.ids, 9, "subjects"), new(true)
	case 3:
		f.Sources = some(t, pools.sources, 4, "sources")
	case 4:
		f.Live, f.Stance = new(rapid.Bool().Draw(t, "live")), drawn(t, []intel.Stance{"", intel.Asserts, intel.Denies}, "stance")
	case 5:
		f.MinConfidence, f.MaxConfidence = maybe(t, []int{0, 20, 50, 100}, "min"), maybe(t, []int{0, 30, 80, 100}, "max")
	case 6:
		if k := a.claims[drawn(t, a.claimIDs, "since")]; k != nil {
			f.RecordedAfter, f.SinceRevision = k.Added.At, maybe(t, []int64{0, 1, k.Added.Revision}, "revision")
		}
	}
	return f
}

func (a *asking) linkList(t *rapid.T) *intel.LinkList {
	l := &intel.LinkList{Where: a.linkFilter(t)}
	l.Page = a.page(t, func() intel.Position {
		id := drawn(t, a.linkIDs, "after")
		_, from, _, _ := intel.SplitLinkID(id)
		return intel.Position{ID: cmp.Or(from, "group:a"), Link: id}
	})
	return l
}

func (a *asking) sourceList(t *rapid.T) *intel.SourceList {
	l := &intel.SourceList{}
	for _, k := range some(t, []intel.SourceKeyName{intel.ByTitle, intel.ByPublished, intel.ByClaims}, 2, "order") {
		l.Order = append(l.Order, intel.SourceOrder{By: k, Desc: rapid.Bool().Draw(t, "desc")})
	}
	days := []int64{intel.MustDate("2020").First(), intel.MustDate("2021-12-31").First()}
	switch rapid.IntRange(-3, 5).Draw(t, "source filter") {
	case 0:
		l.Where.IDs = some(t, pools.sources, 4, "ids")
	case 1:
		l.Where.Title = randomOptional(t)
	case 2:
		l.Where.Publisher = randomOptional(t)
	case 3:
		l.Where.Reliability = some(t, intel.Reliabilities(), 4, "reliability")
	case 4:
		l.Where.Marking = some(t, intel.Markings(), 3, "marking")
	case 5:
		l.Where.PublishedLo, l.Where.PublishedHi, l.Where.PublishedNull = maybe(t, days, "lo"), maybe(t, days, "hi"), maybe(t, []bool{true, false, false, false}, "null")
	}
	l.Page = a.page(t, func() intel.Position {
		s := a.sources[drawn(t, pools.sources, "after")]
		if s == nil {
			s = intel.StubSource("source:none")
		}
		return intel.PositionOfSource(s, l.Order)
	})
	return l
}

// selection draws one part of a Selection, or several: stores that plan each
// shape anew pay for size.
func (a *asking) selection(t *rapid.T, depth int) (s intel.Selection) {
	parts := []int{rapid.IntRange(0, 6).Draw(t, "part")}
	if chance(t, 4, "several parts") {
		parts = some(t, []int{0, 1, 2, 3, 4, 5, 6}, 7, "parts")
	}
	for _, part := range parts {
		switch part {
		case 0:
			s.IDs = append(some(t, pools.ids, 8, "ids"), "group:a")
		case 1:
			l := &intel.List{Order: a.order(t)}
			if rapid.Bool().Draw(t, "where") {
				l.Where = a.filter(t, 2)
			}
			l.Page = a.page(t, func() intel.Position { return a.somewhere(t, l.Order) })
			s.List = l
		case 2:
			s.LinkIDs = append(some(t, a.linkIDs, 6, "links"), a.linkIDs[len(a.linkIDs)-1])
			s.Link = a.links(t, "root", 0)
			s.From, s.To = a.node(t, min(1, depth)), a.node(t, 0)
		case 3:
			s.ClaimIDs = some(t, a.claimIDs, 6, "claims")
			s.SourceIDs = some(t, pools.sources, 4, "sources")
		case 4:
			s.SourceList = a.sourceList(t)
			s.SourceClaims = []intel.ClaimSelection{a.claimSelection(t, "of", false)}
		case 5:
			s.ClaimList = new(a.claimSelection(t, "", false))
		case 6:
			s.LinkList = a.linkList(t)
			s.Link = a.links(t, "root", 0)
			s.From, s.To = a.node(t, 0), a.node(t, min(1, depth))
		}
	}
	if s.IDs != nil || s.List != nil {
		s.Node = a.node(t, depth)
	}
	return s
}

// again asks the same of other entities, links, claims and sources.
func (a *asking) again(t *rapid.T, s intel.Selection) intel.Selection {
	others := func(was, from []string, label string) []string {
		if len(was) == 0 {
			return was
		}
		return some(t, from, 8, label)
	}
	s.IDs, s.LinkIDs = others(s.IDs, pools.ids, "ids"), others(s.LinkIDs, a.linkIDs, "links")
	s.ClaimIDs, s.SourceIDs = others(s.ClaimIDs, a.claimIDs, "claims"), others(s.SourceIDs, pools.sources, "sources")
	if s.List != nil {
		l := *s.List
		l.Page.First = drawn(t, []int{3, 25, 1, 200}, "first")
		s.List = &l
	}
	return s
}

func (a *asking) need(t *rapid.T) (n intel.Need) {
	few := func(label string) []string { return some(t, pools.ids, 4, label) }
	froms := func(label string) (out []intel.FromNeed) {
		for _, id := range few(label) {
			out = append(out, intel.FromNeed{From: id, Type: drawn(t, intel.LinkTypes(), "type").Type})
		}
		return out
	}
	n.History = rapid.Bool().Draw(t, "history")
	n.ClaimIDs, n.LinkRows = some(t, a.claimIDs, 5, "claims"), some(t, a.linkIDs, 5, "links")
	n.Subjects, n.Links, n.From = few("subjects"), some(t, a.linkIDs, 5, "links"), froms("from")
	n.Touching, n.FromRows = few("touching"), froms("rows")
	for _, info := range some(t, intel.LinkTypes(), 9, "types") {
		n.TouchingTypes = append(n.TouchingTypes, info.Type)
	}
	n.Mentioning, n.FirstMentions = few("mentioning"), drawn(t, []int{0, 1, 2, 5}, "first mentions")
	n.ClaimsOf, n.Sources, n.Dependents = some(t, pools.sources, 2, "of"), some(t, pools.sources, 2, "sources"), some(t, pools.sources, 2, "dependents")
	n.Records, n.Mentions, n.Except = few("records"), few("mentions"), some(t, a.claimIDs, 5, "except")
	n.ClaimLimit = drawn(t, []int{0, 0, 1, 5, 20}, "limit")
	return n
}

// names draws a search. Its limit holds everything, because which entities come
// when there are more is left to the store.
func (a *asking) names(t *rapid.T) intel.NameQuery {
	q := intel.NameQuery{Kinds: some(t, intel.Kinds(), 3, "kinds"), Limit: len(a.records)}
	for _, w := range some(t, pools.words, 3, "names") {
		f := intel.FormsOf(w)
		q.Terms = append(append(q.Terms, f.Lookups()...), f.Terms()...)
		if key := []rune(f.Key); len(key) > 0 {
			cut := string(key[:rapid.IntRange(1, len(key)).Draw(t, "letters")])
			if intel.SortKey(cut) != "" {
				q.Prefixes = append(q.Prefixes, cut)
			}
		}
		for _, word := range f.Readings[0].Words {
			letters := []rune(word)
			q.Words = append(q.Words, string(letters[:rapid.IntRange(1, len(letters)).Draw(t, "letters of a word")]))
		}
	}
	return q
}

func compareSearches(t *rapid.T, s, m intel.Store, q intel.NameQuery) {
	compare(t, q, s, m, func(r intel.Reader) (any, error) { return r.Named(context.Background(), q) })
	if len(q.Prefixes) > 0 { // of a prefix the first ones come
		q = intel.NameQuery{Prefixes: q.Prefixes, Kinds: q.Kinds, Limit: rapid.IntRange(1, 3).Draw(t, "limit")}
		compare(t, q, s, m, func(r intel.Reader) (any, error) { return r.Named(context.Background(), q) })
	}
}
