package graph

import (
	"maps"
	"slices"
	"strings"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// entityFilter reads the where of a list of entities. kind is the kind that is
// listed, "" for lists of several. A filter that is not given, or empty, holds
// for all.
func entityFilter(kind intel.Kind, o object) intel.Filter {
	return filterOf{kind: kind}.read(o)
}

// filterOf reads filters on entities of a kind, so many conditions on related
// entities deep.
type filterOf struct {
	kind intel.Kind
	deep int
}

func (f filterOf) read(o object) intel.Filter {
	var all intel.All
	for _, key := range slices.Sorted(maps.Keys(o.m)) {
		if !o.has(key) {
			continue
		}
		switch key {
		case "and":
			all = append(all, intel.All(f.each(o.objects(key))))
		case "or":
			all = append(all, intel.Any(f.each(o.objects(key))))
		case "not":
			sub, _ := o.object(key)
			all = append(all, intel.Not{Filter: f.read(sub)})
		case "stub":
			all = append(all, intel.IsStub(get[bool](o, key)))
		case "kind":
			sub, _ := o.object(key)
			if sub.has("in") {
				all = append(all, intel.KindIn(several[intel.Kind](sub, "in")))
			}
		case "id":
			sub, _ := o.object(key)
			for _, ids := range idsOf(sub, intel.ParseEntityID) {
				all = append(all, intel.IDIn(ids))
			}
		case "within":
			sub, _ := o.object(key)
			all = append(all, f.within(sub))
		default:
			sub, _ := o.object(key)
			if r, ok := subject.RelationOf(f.kind, key); ok {
				all = append(all, f.related(r, sub, o.place(key)))
				continue
			}
			all = append(all, fieldFilter(key, sub)...)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

func (f filterOf) each(os []object) []intel.Filter {
	out := make([]intel.Filter, 0, len(os))
	for _, o := range os {
		out = append(out, f.read(o))
	}
	return out
}

// related reads a condition on the entities that a relation leads to.
func (f filterOf) related(r subject.Relation, o object, at *place) intel.Filter {
	if f.deep++; f.deep > intel.MaxRelated {
		o.r.failed(at, tooMuch("conditions on related entities stand in each other at most %d deep", intel.MaxRelated))
		return intel.All{}
	}
	link, _ := o.object("link")
	base, kinds := relatedOver(f.kind, r, linkFilter(link))
	if f.kind = ""; len(kinds) == 1 {
		f.kind = kinds[0]
	}
	all := intel.All{}
	for _, key := range []string{"some", "none", "every"} {
		sub, given := o.object(key)
		if !given {
			continue
		}
		such := base
		such.Where = f.read(sub)
		switch key {
		case "some":
			all = append(all, such)
		case "none":
			all = append(all, intel.Not{Filter: such})
		case "every":
			such.Where = intel.Not{Filter: such.Where}
			all = append(all, intel.Not{Filter: such})
		}
	}
	switch len(all) {
	case 0:
		return base
	case 1:
		return all[0]
	}
	return all
}

// relatedOver gives what a relation of a kind reads as a condition, with a
// filter on its links, and the kinds of neighbours that the relation has.
func relatedOver(k intel.Kind, r subject.Relation, link intel.LinkFilter) (f intel.Related, kinds []intel.Kind) {
	var reach []intel.Kind
	for _, e := range r.Ends {
		hit := subject.Reach(k, e)
		reach, kinds = union(reach, hit), union(kinds, common(hit, r.Neighbors))
		if link.Types == nil || slices.Contains(link.Types, e.Type) {
			f.Ends = append(f.Ends, e)
		}
	}
	if allowed := common(kinds, link.Kinds); len(allowed) == 0 {
		f.Ends = nil // nothing can be found
	} else if len(allowed) < len(reach) {
		f.Kinds = allowed
	}
	link.Types, link.Kinds = nil, nil // the ends and kinds say it
	f.Link = link
	return f, kinds
}

// within reads a WithinFilter: an entity is within an area as an area itself, or
// by the links that say where it is.
func (f filterOf) within(o object) intel.Filter {
	area := intel.Within{Area: o.id("area", intel.ParseEntityID), Broader: get[bool](o, "includeBroader")}
	if k := intel.KindOf(area.Area); area.Area != "" && k != intel.KindCountry && k != intel.KindRegion {
		o.fail("area", "is the id of a country or region, such as country:CI or region:011")
	}
	kinds := []intel.Kind{f.kind}
	if f.kind == "" {
		kinds = intel.Kinds()
	}
	there := intel.Any{}
	by := intel.Related{Where: area}
	for _, t := range intel.Whereabouts() {
		if end := (intel.End{Type: t, Direction: intel.Out}); leave(kinds, end) {
			by.Ends = append(by.Ends, end)
		}
	}
	if by.Ends != nil {
		there = append(there, by)
	}
	if slices.Contains(kinds, intel.KindCountry) || slices.Contains(kinds, intel.KindRegion) {
		there = append(there, area)
	}
	return there
}

// idsOf reads an IdFilter: each list must hold.
func idsOf(o object, parse func(string) (string, error)) [][]string {
	var out [][]string
	if o.has("eq") {
		out = append(out, []string{o.id("eq", parse)})
	}
	if o.has("in") {
		out = append(out, o.ids("in", parse))
	}
	return out
}

// fieldFilter reads the filter of a name or of a property, by the type that the
// ontology gives it.
func fieldFilter(key string, o object) []intel.Filter {
	field := intel.Field(key)
	switch field {
	case intel.FieldName, intel.FieldNameKey, intel.FieldAlias, intel.FieldExternalID:
		return textFilter(field, o)
	}
	info := intel.Property(key).Info()
	switch {
	case info == nil:
		panic("graph: the filter " + key + " is of no property")
	case info.Type == intel.TypeEnum && info.Many:
		return setFilter(field, o)
	case info.Type == intel.TypeEnum:
		return textFilter(field, o)
	case info.Type == intel.TypeDate:
		lo, hi := days(o)
		return rangeFilter(info.Property, lo, hi, o)
	case info.Type == intel.TypeQuantity:
		lo, hi := pointer[int64](o, "gte"), pointer[int64](o, "lte")
		if eq := pointer[int64](o, "eq"); eq != nil {
			lo, hi = larger(lo, eq), smaller(hi, eq)
		}
		return rangeFilter(info.Property, lo, hi, o)
	case info.Type == intel.TypeMoney:
		return []intel.Filter{intel.MoneyIs{
			Property: info.Property, Currency: strings.ToUpper(o.text("currency")), AssetClass: intel.AssetClass(o.text("assetClass")),
			Lo: get[intel.Decimal](o, "gte"), Hi: get[intel.Decimal](o, "lte"),
		}}
	}
	return textFilter(field, o)
}

// textFilter reads a StringFilter, or the filter of one word.
func textFilter(f intel.Field, o object) []intel.Filter {
	var out []intel.Filter
	is := func(op intel.TextOp, values ...string) {
		out = append(out, intel.TextIs{Field: f, Op: op, Values: values})
	}
	if o.has("eq") {
		is(intel.Equal, o.text("eq"))
	}
	if o.has("in") {
		is(intel.Equal, several[string](o, "in")...)
	}
	if o.has("contains") {
		is(intel.Contains, intel.NameKey(o.text("contains")))
	}
	if o.has("startsWith") {
		is(intel.HasPrefix, intel.NameKey(o.text("startsWith")))
	}
	return append(out, nullFilter(f, o, "isNull")...)
}

func nullFilter(f intel.Field, o object, key string) []intel.Filter {
	if null := pointer[bool](o, key); null != nil {
		return []intel.Filter{intel.IsNull{Field: f, Null: *null}}
	}
	return nil
}

// setFilter reads the filter of a set of words.
func setFilter(f intel.Field, o object) []intel.Filter {
	var out []intel.Filter
	if o.has("has") {
		out = append(out, intel.TextIs{Field: f, Op: intel.Equal, Values: []string{o.text("has")}})
	}
	if o.has("hasAny") {
		out = append(out, intel.TextIs{Field: f, Op: intel.Equal, Values: several[string](o, "hasAny")})
	}
	for _, word := range several[string](o, "hasAll") {
		out = append(out, intel.TextIs{Field: f, Op: intel.Equal, Values: []string{word}})
	}
	return append(out, nullFilter(f, o, "isEmpty")...)
}

func rangeFilter(p intel.Property, lo, hi *int64, o object) []intel.Filter {
	var out []intel.Filter
	if lo != nil || hi != nil {
		out = append(out, intel.RangeIs{Property: p, Lo: lo, Hi: hi})
	}
	return append(out, nullFilter(intel.Field(p), o, "isNull")...)
}

// days reads a DateFilter: gte is met by the latest day that a date may mean,
// lte by the earliest, eq by any.
func days(o object) (lo, hi *int64) {
	day := func(key string, of func(intel.PartialDate) intel.Day) *int64 {
		if !o.has(key) {
			return nil
		}
		d := of(o.date(key))
		return &d
	}
	lo = larger(day("eq", intel.PartialDate.First), day("gte", intel.PartialDate.First))
	hi = smaller(day("eq", intel.PartialDate.Last), day("lte", intel.PartialDate.Last))
	return lo, hi
}

func larger(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func smaller(a, b *int64) *int64 {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

// linkFilter reads a LinkFilter.
func linkFilter(o object) intel.LinkFilter {
	var f intel.LinkFilter
	f.Types = several[intel.LinkType](o, "type")
	f.MinSupport, f.MaxSupport = intRange(o, "support")
	f.MinOrigins, f.MaxOrigins = intRange(o, "origins")
	f.Role = optionalText(o, "role")
	f.Disputed = pointer[bool](o, "disputed")
	f.ValidAt = o.date("validAt")
	f.Kinds = several[intel.Kind](o, "kinds")
	f.IDs = o.ids("ids", intel.ParseEntityID)
	return f
}

func intRange(o object, key string) (lo, hi *int) {
	r, _ := o.object(key)
	return r.number("gte"), r.number("lte")
}

// optionalText reads the filter of a text that may be missing; only one of its
// comparisons can be asked for at a time.
func optionalText(o object, key string) *intel.OptionalTextIs {
	s, given := o.object(key)
	if !given {
		return nil
	}
	var out *intel.OptionalTextIs
	for _, k := range []string{"eq", "in", "contains", "startsWith", "isNull"} {
		if !s.has(k) {
			continue
		}
		if out != nil {
			o.fail(key, "takes one comparison at a time")
			break
		}
		switch k {
		case "eq":
			out = &intel.OptionalTextIs{Op: intel.Equal, Values: []string{s.text(k)}}
		case "in":
			out = &intel.OptionalTextIs{Op: intel.Equal, Values: several[string](s, k)}
		case "contains":
			out = &intel.OptionalTextIs{Op: intel.Contains, Values: []string{intel.NameKey(s.text(k))}}
		case "startsWith":
			out = &intel.OptionalTextIs{Op: intel.HasPrefix, Values: []string{intel.NameKey(s.text(k))}}
		case "isNull":
			out = &intel.OptionalTextIs{Null: pointer[bool](s, k)}
		}
	}
	return out
}

// claimFilter reads a ClaimFilter; left out, it takes live claims.
func (p *planner) claimFilter(o object, given bool) intel.ClaimFilter {
	live := true
	if !given {
		return intel.ClaimFilter{Live: &live}
	}
	f := intel.ClaimFilter{
		Properties: several[intel.Property](o, "property"), LinkTypes: several[intel.LinkType](o, "linkType"),
		Subjects: o.ids("subject", intel.ParseEntityID), Sources: o.ids("source", intel.ParseSourceID),
		Live: pointer[bool](o, "live"), Stance: intel.Stance(o.text("stance")), RecordedAfter: o.time("recordedAfter"),
	}
	f.MinConfidence, f.MaxConfidence = intRange(o, "confidence")
	if o.has("sinceRevision") {
		f.SinceRevision = p.counter(o, "sinceRevision")
	}
	return f
}

// sourceFilter reads a SourceFilter.
func sourceFilter(o object) intel.SourceFilter {
	f := intel.SourceFilter{
		Title: optionalText(o, "title"), Publisher: optionalText(o, "publisher"),
		Reliability: several[intel.Reliability](o, "reliability"), Marking: several[intel.Marking](o, "marking"),
	}
	if id, given := o.object("id"); given {
		for _, ids := range idsOf(id, intel.ParseSourceID) {
			f.IDs = common(f.IDs, ids)
		}
	}
	if d, given := o.object("publishedOn"); given {
		f.PublishedLo, f.PublishedHi = days(d)
		f.PublishedNull = pointer[bool](d, "isNull")
	}
	return f
}
