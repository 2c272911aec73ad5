package intel

// LinkType names a type of link; its text is the API's enum value and the
// Neo4j relationship type.
type LinkType string

// KnownAs leads from a subject to a name it goes by; the code speaks of it
// because aliases are names.
const KnownAs LinkType = "KNOWN_AS"

// Ends is a pair of kinds that a link type may join. Exclusive: of rival
// targets with overlapping validity at most one can be right, so they mark
// each other disputed.
type Ends struct {
	From, To  Kind
	Exclusive bool
}

// Whereabouts lists the types of links that say in which country or region an
// entity is, acts or has a say.
func Whereabouts() []LinkType { return []LinkType{"BASED_IN", "OPERATES_IN", "CONDUCTED_IN", "SERVES"} }

// LinkTypeInfo is one row of the ontology's link types.
type LinkTypeInfo struct {
	Type        LinkType
	Ends        []Ends
	Symmetric   bool
	Description string
}

// Exclusive says that some pair of ends is exclusive.
func (l *LinkTypeInfo) Exclusive() bool {
	for _, e := range l.Ends {
		if e.Exclusive {
			return true
		}
	}
	return false
}

func ends(from []Kind, to ...Kind) []Ends {
	var out []Ends
	for _, f := range from {
		for _, t := range to {
			out = append(out, Ends{From: f, To: t})
		}
	}
	return out
}

func same(ks ...Kind) []Ends {
	var out []Ends
	for _, k := range ks {
		out = append(out, Ends{From: k, To: k})
	}
	return out
}

func join(parts ...[]Ends) []Ends {
	var out []Ends
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func but(without Kind) []Kind {
	var out []Kind
	for _, k := range kindTable {
		if k.Kind != without {
			out = append(out, k.Kind)
		}
	}
	return out
}

func every() []Kind { return but("") }

func exclusive(e []Ends, to Kind, from Kind) []Ends {
	for i := range e {
		e[i].Exclusive = e[i].From == from && e[i].To == to
	}
	return e
}

var linkTable = []LinkTypeInfo{
	{Type: KnownAs, Ends: ends(but(KindAlias), KindAlias), Description: "is also called"},
	{Type: "TARGETED", Ends: ends(kinds(KindOperation), KindGroup, KindInfrastructure, KindTool, KindCampaign, KindPerson, KindGood, KindTechnique), Description: "was against"},
	{Type: "COORDINATED", Ends: ends(kinds(KindAgency), KindOperation), Description: "coordinated"},
	{Type: "LED", Ends: ends(kinds(KindAgency), KindOperation), Description: "led"},
	{Type: "TOOK_PART_IN", Ends: ends(kinds(KindAgency, KindCountry), KindOperation), Description: "took part in"},
	{Type: "SUPPORTED", Ends: ends(kinds(KindAgency, KindFirm), KindOperation), Description: "supported"},
	{Type: "CONDUCTED_IN", Ends: ends(kinds(KindOperation), KindCountry, KindRegion), Description: "was carried out in"},
	{Type: "SEIZED", Ends: ends(kinds(KindOperation), KindGood, KindInfrastructure), Description: "seized; amount says how much"},
	{Type: "PROMPTED_BY", Ends: ends(kinds(KindOperation), KindReport), Description: "began because of"},
	{Type: "PART_OF", Ends: join(same(KindAgency, KindFirm, KindGroup, KindOperation, KindTechnique, KindSector, KindGood, KindTool), ends(kinds(KindCountry, KindRegion), KindRegion), ends(kinds(KindAgency), KindFirm)), Description: "is a unit, subsidiary, phase, sub-technique or area of"},
	{Type: "BASED_IN", Ends: exclusive(ends(kinds(KindGroup, KindAgency, KindFirm, KindPerson, KindInfrastructure), KindCountry, KindRegion), KindCountry, KindGroup), Description: "has its seat or whereabouts in"},
	{Type: "SERVES", Ends: ends(kinds(KindAgency), KindCountry, KindRegion), Description: "is an authority of"},
	{Type: "NATIONAL_OF", Ends: ends(kinds(KindPerson), KindCountry), Description: "is a national of"},
	{Type: "OPERATES_IN", Ends: ends(kinds(KindGroup, KindCampaign), KindCountry, KindRegion), Description: "attacks or is active in"},
	{Type: "TARGETS", Ends: ends(kinds(KindGroup, KindCampaign), KindCountry, KindRegion, KindSector, KindFirm, KindAgency, KindPerson), Description: "has as victims"},
	{Type: "SPONSORED_BY", Ends: ends(kinds(KindGroup), KindCountry, KindAgency), Description: "is sponsored by"},
	{Type: "USES", Ends: join(ends(kinds(KindGroup, KindCampaign, KindPerson), KindTechnique, KindTool, KindInfrastructure), ends(kinds(KindTool), KindTechnique)), Description: "uses"},
	{Type: "OPERATES", Ends: ends(kinds(KindGroup, KindPerson), KindInfrastructure), Description: "runs"},
	{Type: "TRADES_IN", Ends: ends(kinds(KindGroup, KindInfrastructure), KindGood), Description: "trades in"},
	{Type: "INVOLVED_IN", Ends: ends(kinds(KindGroup), KindOffence), Description: "is involved in"},
	{Type: "MEMBER_OF", Ends: ends(kinds(KindPerson), KindGroup), Description: "is a member of; role says as what"},
	{Type: "WORKS_FOR", Ends: ends(kinds(KindPerson), KindAgency, KindFirm), Description: "works for; role says as what"},
	{Type: "ARRESTED_IN", Ends: ends(kinds(KindPerson), KindOperation), Description: "was arrested in"},
	{Type: "WANTED_BY", Ends: ends(kinds(KindPerson), KindAgency), Description: "is wanted by"},
	{Type: "ARRESTED_BY", Ends: ends(kinds(KindPerson), KindAgency), Description: "was arrested by"},
	{Type: "CHARGED_BY", Ends: ends(kinds(KindPerson), KindAgency), Description: "was charged by"},
	{Type: "ATTRIBUTED_TO", Ends: exclusive(ends(kinds(KindCampaign), KindGroup), KindGroup, KindCampaign), Description: "is the work of"},
	{Type: "AUTHORED", Ends: ends(kinds(KindFirm, KindAgency, KindPerson), KindReport), Description: "published"},
	{Type: "ABOUT", Ends: ends(kinds(KindReport), but(KindAlias)...), Description: "is about"},
	{Type: "PARTNER_OF", Symmetric: true, Ends: ends(kinds(KindAgency, KindFirm), KindAgency, KindFirm), Description: "cooperates with"},
	{Type: "ALLIED_WITH", Symmetric: true, Ends: same(KindGroup), Description: "is allied with"},
	{Type: "RIVAL_OF", Symmetric: true, Ends: same(KindGroup), Description: "is a rival of"},
	{Type: "SUCCESSOR_OF", Ends: same(KindGroup), Description: "succeeded"},
	{Type: "AFFILIATE_OF", Ends: same(KindGroup), Description: "is an affiliate of"},
	{Type: "REPLACED_BY", Ends: ends(every(), every()...), Description: "is an outdated record, replaced by"},
	{Type: "RELATED_TO", Ends: ends(every(), every()...), Description: "has something to do with; role keeps the feed's own word"},
	{Type: "CHARGED_WITH", Ends: ends(kinds(KindPerson, KindOperation), KindOffence), Description: "is charged with; of an operation: those arrested are"},
	{Type: "CONVICTED_OF", Ends: ends(kinds(KindPerson, KindOperation), KindOffence), Description: "was convicted of; of an operation: those arrested were"},
	{Type: "EXTRADITED_TO", Ends: ends(kinds(KindPerson), KindCountry), Description: "was extradited to"},
}

var linkByType = func() map[LinkType]*LinkTypeInfo {
	m := map[LinkType]*LinkTypeInfo{}
	for i := range linkTable {
		m[linkTable[i].Type] = &linkTable[i]
	}
	return m
}()

// LinkTypes lists the ontology's link types in its order. Callers must not
// change the rows.
func LinkTypes() []*LinkTypeInfo {
	out := make([]*LinkTypeInfo, len(linkTable))
	for i := range linkTable {
		out[i] = &linkTable[i]
	}
	return out
}

// Info gives the row of a link type, or nil when there is none.
func (t LinkType) Info() *LinkTypeInfo { return linkByType[t] }

// Valid says that t is a link type of the ontology.
func (t LinkType) Valid() bool { return linkByType[t] != nil }

// Orient puts the ends of a symmetric link in order and leaves others alone.
func (t LinkType) Orient(from, to string) (string, string) {
	if i := linkByType[t]; i != nil && i.Symmetric && to < from {
		return to, from
	}
	return from, to
}

// Allows says whether the type may join the two kinds, and whether such links
// exclude each other.
func (t LinkType) Allows(from, to Kind) (ok, exclusive bool) {
	i := linkByType[t]
	if i == nil {
		return false, false
	}
	for _, e := range i.Ends {
		if e.From == from && e.To == to {
			return true, e.Exclusive
		}
	}
	return false, false
}

// Direction is the way in which a link is walked from an entity.
type Direction string

// The directions.
const (
	Out  Direction = "OUT"
	In   Direction = "IN"
	Both Direction = "BOTH"
)
