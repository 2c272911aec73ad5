package intel

import (
	"slices"
	"strings"
	"time"
)

// Filter is a condition on entities: a small closed language that every store
// compiles and Match evaluates. The types below are all of it.
type Filter interface{ filter() }

// The conditions on entities.
type (
	// All holds when every part does; an empty All always holds.
	All []Filter
	// Any holds when some part does; an empty Any never does.
	Any []Filter
	// Not holds when its part does not.
	Not struct{ Filter Filter }
	// IDIn holds for these ids.
	IDIn []string
	// KindIn holds for these kinds.
	KindIn []Kind
	// IsStub holds for stubs, or for all others.
	IsStub bool
	// TextIs compares the texts of a field; it holds when some text of the
	// field passes.
	TextIs struct {
		Field  Field
		Op     TextOp
		Values []string
	}
	// IsNull holds when the field has no value, or when it has one.
	IsNull struct {
		Field Field
		Null  bool
	}
	// RangeIs holds when some value of a date or quantity property meets the
	// closed interval: Hi of the value ≥ Lo and Lo of the value ≤ Hi, as
	// IndexEntry has them. A nil bound is open.
	RangeIs struct {
		Property Property
		Lo, Hi   *int64
	}
	// MoneyIs holds when some amount of the property in that currency (and of
	// that asset class, when one is named) meets the closed interval. Bounds
	// are decimals; empty ones are open.
	MoneyIs struct {
		Property   Property
		Currency   string
		AssetClass AssetClass
		Lo, Hi     Decimal
	}
	// Related holds when some settled link over one of the ends passes Link and
	// leads to a neighbour of one of the kinds (empty: any) that passes Where.
	// That none does, or every one, is said with Not. In Link, Types narrow the
	// ends.
	Related struct {
		Ends  []End
		Kinds []Kind
		Link  LinkFilter
		Where Filter // nil: any neighbour
	}
	// Within holds for an area and for all that is PART_OF it, however far; with
	// Broader also for all that it is PART_OF itself.
	Within struct {
		Area    string
		Broader bool
	}
)

// MaxRelated is how deep Related conditions stand in each other.
const MaxRelated = 3

func (All) filter()     {}
func (Any) filter()     {}
func (Not) filter()     {}
func (IDIn) filter()    {}
func (KindIn) filter()  {}
func (IsStub) filter()  {}
func (TextIs) filter()  {}
func (IsNull) filter()  {}
func (RangeIs) filter() {}
func (MoneyIs) filter() {}
func (Related) filter() {}
func (Within) filter()  {}

// Field is what TextIs and IsNull look at: one of the fields below or any
// property of type TEXT, ENUM or EXTERNAL_ID (IsNull: of any type).
type Field string

// The fields that are not properties.
const (
	// FieldName is the settled name; a stub has none.
	FieldName Field = "name"
	// FieldNameKey is NameKey of the name as shown, a stub's key included.
	FieldNameKey Field = "nameKey"
	// FieldAlias is the name as shown of every Alias that a settled KNOWN_AS
	// link leads to.
	FieldAlias Field = "alias"
	// FieldExternalID is the value of every external id; Equal also matches
	// scheme:value.
	FieldExternalID Field = "externalId"
)

// TextOp is a comparison of texts.
type TextOp int

// The comparisons of texts. Equal takes the text exactly, any one of Values;
// Contains and HasPrefix work on NameKey, and Values must hold one NameKey.
const (
	Equal TextOp = iota
	Contains
	HasPrefix
)

// Subject is what Match needs to know of an entity.
type Subject struct {
	*Record
	// Linked gives its settled links over some ends.
	Linked func([]End) []Neighbor
}

// Neighbor is an entity at the other end of a link. Subject is called only when
// the link and the kind pass.
type Neighbor struct {
	ID      string
	Link    *Link
	Subject func() Subject
}

// Match evaluates a filter on one entity. It is what every store's compiled
// filter must agree with. A nil filter matches.
func Match(f Filter, s Subject) bool {
	switch f := f.(type) {
	case nil:
		return true
	case All:
		return !slices.ContainsFunc(f, func(p Filter) bool { return !Match(p, s) })
	case Any:
		return slices.ContainsFunc(f, func(p Filter) bool { return Match(p, s) })
	case Not:
		return !Match(f.Filter, s)
	case IDIn:
		return slices.Contains(f, s.ID)
	case KindIn:
		return slices.Contains(f, s.Kind)
	case IsStub:
		return s.Stub == bool(f)
	case TextIs:
		return slices.ContainsFunc(textsOf(f.Field, s), func(t string) bool { return f.holds(t) }) ||
			f.Field == FieldExternalID && f.Op == Equal && hasExternalID(s, f.Values)
	case IsNull:
		return f.Null != hasValue(f.Field, s)
	case RangeIs:
		return slices.ContainsFunc(entries(s, f.Property), func(e IndexEntry) bool {
			return (f.Lo == nil || e.Hi >= *f.Lo) && (f.Hi == nil || e.Lo <= *f.Hi)
		})
	case MoneyIs:
		return slices.ContainsFunc(entries(s, f.Property), func(e IndexEntry) bool {
			return e.Text == f.Currency && (f.AssetClass == "" || e.Slot == string(f.AssetClass)) &&
				(f.Lo == "" || e.HiKey >= f.Lo.SortKey()) && (f.Hi == "" || e.LoKey <= f.Hi.SortKey())
		})
	case Related:
		return slices.ContainsFunc(s.Linked(f.Ends), f.holds)
	case Within:
		return f.reaches(s, Out) || f.Broader && f.reaches(s, In)
	}
	panic("intel: a filter of no known type")
}

func (f Related) holds(n Neighbor) bool {
	return (len(f.Kinds) == 0 || slices.Contains(f.Kinds, KindOf(n.ID))) && f.Link.Match(n.Link, n.ID) && (f.Where == nil || Match(f.Where, n.Subject()))
}

// PartOf is the type of links that areas are within each other by.
const PartOf LinkType = "PART_OF"

// reaches says that PART_OF links walked in one direction lead to the area.
func (f Within) reaches(s Subject, way Direction) bool {
	seen := map[string]bool{s.ID: true}
	for todo := []Subject{s}; len(todo) > 0; todo = todo[1:] {
		if todo[0].ID == f.Area {
			return true
		}
		for _, n := range todo[0].Linked([]End{{PartOf, way}}) {
			if !seen[n.ID] {
				seen[n.ID] = true
				todo = append(todo, n.Subject())
			}
		}
	}
	return false
}

func (f TextIs) holds(text string) bool {
	switch f.Op {
	case Contains:
		return strings.Contains(NameKey(text), f.Values[0])
	case HasPrefix:
		return strings.HasPrefix(NameKey(text), f.Values[0])
	}
	return slices.Contains(f.Values, text)
}

func textsOf(f Field, s Subject) []string {
	switch f {
	case FieldName:
		if s.Stub {
			return nil
		}
		return []string{s.Name}
	case FieldNameKey:
		return []string{s.NameKey}
	case FieldAlias:
		var out []string
		for _, n := range s.Linked([]End{{KnownAs, Out}}) {
			out = append(out, n.Subject().Name)
		}
		return out
	}
	var out []string
	for _, e := range entries(s, Property(f)) {
		out = append(out, e.Text)
	}
	return out
}

func hasExternalID(s Subject, values []string) bool {
	return slices.ContainsFunc(entries(s, PropExternalID), func(e IndexEntry) bool {
		return slices.Contains(values, e.Slot+":"+e.Text)
	})
}

func hasValue(f Field, s Subject) bool {
	switch f {
	case FieldName, FieldNameKey, FieldAlias:
		return len(textsOf(f, s)) > 0
	}
	return len(entries(s, Property(f))) > 0
}

func entries(s Subject, p Property) []IndexEntry {
	var out []IndexEntry
	for _, e := range s.Index() {
		if e.Property == p {
			out = append(out, e)
		}
	}
	return out
}

// LinkFilter is a condition on settled links; the zero value holds for all.
type LinkFilter struct {
	Types []LinkType
	// MinSupport and MaxSupport are percent as shown; nil is open.
	MinSupport, MaxSupport *int
	MinOrigins, MaxOrigins *int
	Role                   *OptionalTextIs
	Disputed               *bool
	ValidAt                PartialDate
	// Kinds and IDs are of the neighbour: of either end where there is no
	// neighbour.
	Kinds []Kind
	IDs   []string
}

// OptionalTextIs is a condition on a text that may be missing. Null is set for isNull, else Op
// and Values count as in TextIs.
type OptionalTextIs struct {
	Op     TextOp
	Values []string
	Null   *bool
}

// Match evaluates the filter on a link and the id of the neighbour.
func (f *LinkFilter) Match(l *Link, neighbor string) bool {
	within := func(n int, lo, hi *int) bool { return (lo == nil || n >= *lo) && (hi == nil || n <= *hi) }
	switch {
	case f == nil:
		return true
	case f.Types != nil && !slices.Contains(f.Types, l.Type):
	case !within(l.Support.Percent(), f.MinSupport, f.MaxSupport):
	case !within(l.Origins, f.MinOrigins, f.MaxOrigins):
	case f.Role != nil && !f.Role.match(l.Role):
	case f.Disputed != nil && *f.Disputed != l.Disputed:
	case !f.ValidAt.IsZero() && !l.ValidOn(f.ValidAt):
	case f.Kinds != nil && !slices.Contains(f.Kinds, KindOf(neighbor)):
	case f.IDs != nil && !slices.Contains(f.IDs, neighbor):
	default:
		return true
	}
	return false
}

// MatchEnds evaluates the filter on a link that has no neighbour.
func (f *LinkFilter) MatchEnds(l *Link) bool { return f.Match(l, l.From) || f.Match(l, l.To) }

func (r *OptionalTextIs) match(role string) bool {
	if r.Null != nil {
		return *r.Null == (role == "")
	}
	return role != "" && TextIs{Op: r.Op, Values: r.Values}.holds(role)
}

// ClaimFilter is a condition on claims; the zero value holds for all, live or
// not. Properties and LinkTypes together mean either.
type ClaimFilter struct {
	Properties                   []Property
	LinkTypes                    []LinkType
	Subjects, Sources            []string
	Live                         *bool
	Stance                       Stance
	MinConfidence, MaxConfidence *int
	RecordedAfter                time.Time // added later than this
	SinceRevision                *int64    // added by a later revision
}

// Match evaluates the filter on a claim as it stands now.
func (f *ClaimFilter) Match(c *Claim) bool { return f.MatchLive(c, c.Live()) }

// MatchLive evaluates the filter on a claim whose being live is told, as under
// a view of the past.
func (f *ClaimFilter) MatchLive(c *Claim, live bool) bool {
	switch {
	case f == nil:
		return true
	case (f.Properties != nil || f.LinkTypes != nil) &&
		!slices.Contains(f.Properties, c.Property) && !(c.IsLink() && slices.Contains(f.LinkTypes, c.LinkType)):
	case f.Subjects != nil && !slices.Contains(f.Subjects, c.Subject):
	case f.Sources != nil && !slices.Contains(f.Sources, c.Source):
	case f.Live != nil && *f.Live != live:
	case f.Stance != "" && f.Stance != c.Stance:
	case f.MinConfidence != nil && c.Confidence < *f.MinConfidence:
	case f.MaxConfidence != nil && c.Confidence > *f.MaxConfidence:
	case !f.RecordedAfter.IsZero() && !c.Added.At.After(f.RecordedAfter):
	case f.SinceRevision != nil && c.Added.Revision <= *f.SinceRevision:
	default:
		return true
	}
	return false
}

// SourceFilter is a condition on sources; the zero value holds for all.
type SourceFilter struct {
	IDs              []string
	Title, Publisher *OptionalTextIs // conditions on a text that may be missing
	Reliability      []Reliability
	Marking          []Marking
	// Published is met as RangeIs is, on the days of publishedOn.
	PublishedLo, PublishedHi *int64
	PublishedNull            *bool
}

// Match evaluates the filter on a source.
func (f *SourceFilter) Match(s *Source) bool {
	d := s.PublishedOn
	switch {
	case f == nil:
		return true
	case f.IDs != nil && !slices.Contains(f.IDs, s.ID):
	case f.Title != nil && !f.Title.match(s.Title):
	case f.Publisher != nil && !f.Publisher.match(s.Publisher):
	case f.Reliability != nil && !slices.Contains(f.Reliability, s.Reliability):
	case f.Marking != nil && !slices.Contains(f.Marking, s.Marking):
	case f.PublishedNull != nil && *f.PublishedNull != d.IsZero():
	case (f.PublishedLo != nil || f.PublishedHi != nil) && d.IsZero():
	case f.PublishedLo != nil && d.Last() < *f.PublishedLo:
	case f.PublishedHi != nil && d.First() > *f.PublishedHi:
	default:
		return true
	}
	return false
}
