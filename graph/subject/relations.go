package subject

import (
	"slices"

	"dragnet/internal/intel"
)

// Relation says which links a field reads: of entities of a kind, over these
// ends, to neighbours of these kinds.
type Relation struct {
	Field     string
	Ends      []intel.End
	Neighbors []intel.Kind // nil: of every kind that the ends allow
}

func out(types ...intel.LinkType) []intel.End { return ends(intel.Out, types) }

func in(types ...intel.LinkType) []intel.End { return ends(intel.In, types) }

// mutual ends are those of symmetric types.
func mutual(types ...intel.LinkType) []intel.End { return ends(intel.Both, types) }

func ends(d intel.Direction, types []intel.LinkType) []intel.End {
	var es []intel.End
	for _, t := range types {
		es = append(es, intel.End{Type: t, Direction: d})
	}
	return es
}

// only narrows a relation to one kind where its links lead to others too.
func only(k intel.Kind) []intel.Kind { return []intel.Kind{k} }

var aboutIt = Relation{"reports", in("ABOUT"), nil}

// relations has one row per field. Every kind but Alias has aliases besides.
var relations = map[intel.Kind][]Relation{
	intel.KindGroup: {
		{"targetedBy", in("TARGETED"), nil},
		{"operatesIn", out("OPERATES_IN"), nil},
		{"basedIn", out("BASED_IN"), nil},
		{"targets", out("TARGETS"), nil},
		{"sponsors", out("SPONSORED_BY"), nil},
		{"uses", out("USES"), nil},
		{"operates", out("OPERATES"), nil},
		{"tradesIn", out("TRADES_IN"), nil},
		{"involvedIn", out("INVOLVED_IN"), nil},
		{"members", in("MEMBER_OF"), nil},
		{"campaigns", in("ATTRIBUTED_TO"), nil},
		{"allies", mutual("ALLIED_WITH"), nil},
		{"rivals", mutual("RIVAL_OF"), nil},
		{"successorOf", out("SUCCESSOR_OF"), nil},
		{"succeededBy", in("SUCCESSOR_OF"), nil},
		{"affiliateOf", out("AFFILIATE_OF"), nil},
		{"affiliates", in("AFFILIATE_OF"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
		aboutIt,
	},
	intel.KindAlias: {
		{"denotes", in(intel.KnownAs), nil},
	},
	intel.KindOperation: {
		{"targets", out("TARGETED"), nil},
		{"agencies", in("COORDINATED", "LED", "TOOK_PART_IN", "SUPPORTED"), only(intel.KindAgency)},
		{"firms", in("SUPPORTED"), only(intel.KindFirm)},
		{"countries", slices.Concat(out("CONDUCTED_IN"), in("TOOK_PART_IN")), only(intel.KindCountry)},
		{"areas", out("CONDUCTED_IN"), nil},
		{"arrested", in("ARRESTED_IN"), nil},
		{"seizedItems", out("SEIZED"), nil},
		{"charges", out("CHARGED_WITH", "CONVICTED_OF"), nil},
		{"promptedBy", out("PROMPTED_BY"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
		aboutIt,
	},
	intel.KindAgency: {
		{"operations", out("COORDINATED", "LED", "TOOK_PART_IN", "SUPPORTED"), nil},
		{"basedIn", out("BASED_IN"), nil},
		{"serves", out("SERVES"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
		{"staff", in("WORKS_FOR"), nil},
		{"partners", mutual("PARTNER_OF"), nil},
		{"authored", out("AUTHORED"), nil},
		aboutIt,
	},
	intel.KindFirm: {
		{"operations", out("SUPPORTED"), nil},
		{"basedIn", out("BASED_IN"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
		{"staff", in("WORKS_FOR"), nil},
		{"partners", mutual("PARTNER_OF"), nil},
		{"targetedBy", in("TARGETS"), nil},
		{"authored", out("AUTHORED"), nil},
		aboutIt,
	},
	intel.KindCountry: {
		{"partOf", out("PART_OF"), nil},
		{"groups", in("OPERATES_IN"), only(intel.KindGroup)},
		{"basedHere", in("BASED_IN"), nil},
		{"operations", slices.Concat(in("CONDUCTED_IN"), out("TOOK_PART_IN")), nil},
		{"agencies", in("SERVES"), nil},
		{"targetedBy", in("TARGETS"), nil},
		{"sponsorOf", in("SPONSORED_BY"), nil},
		{"nationals", in("NATIONAL_OF"), nil},
	},
	intel.KindRegion: {
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
		{"groups", in("OPERATES_IN"), only(intel.KindGroup)},
		{"operations", in("CONDUCTED_IN"), nil},
	},
	intel.KindPerson: {
		{"memberOf", out("MEMBER_OF"), nil},
		{"worksFor", out("WORKS_FOR"), nil},
		{"nationalOf", out("NATIONAL_OF"), nil},
		{"arrestedIn", out("ARRESTED_IN"), nil},
		{"wantedBy", out("WANTED_BY"), nil},
		{"arrestedBy", out("ARRESTED_BY"), nil},
		{"chargedBy", out("CHARGED_BY"), nil},
		{"extraditedTo", out("EXTRADITED_TO"), nil},
		{"chargedWith", out("CHARGED_WITH"), nil},
		{"convictedOf", out("CONVICTED_OF"), nil},
		{"uses", out("USES"), nil},
		{"authored", out("AUTHORED"), nil},
		aboutIt,
	},
	intel.KindTechnique: {
		{"usedBy", in("USES"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
	},
	intel.KindTool: {
		{"usedBy", in("USES"), nil},
		{"techniques", out("USES"), nil},
		{"targetedBy", in("TARGETED"), nil},
		aboutIt,
	},
	intel.KindInfrastructure: {
		{"usedBy", in("USES"), nil},
		{"operatedBy", in("OPERATES"), nil},
		{"tradesIn", out("TRADES_IN"), nil},
		{"targetedBy", in("TARGETED"), nil},
		{"basedIn", out("BASED_IN"), nil},
	},
	intel.KindSector: {
		{"targetedBy", in("TARGETS"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
	},
	intel.KindGood: {
		{"tradedBy", in("TRADES_IN"), nil},
		{"seizedIn", in("SEIZED"), nil},
		{"partOf", out("PART_OF"), nil},
		{"parts", in("PART_OF"), nil},
	},
	intel.KindOffence: {
		{"involved", in("INVOLVED_IN"), nil},
		{"charged", in("CHARGED_WITH"), nil},
		{"convicted", in("CONVICTED_OF"), nil},
	},
	intel.KindCampaign: {
		{"attributedTo", out("ATTRIBUTED_TO"), nil},
		{"uses", out("USES"), nil},
		{"targets", out("TARGETS"), nil},
		{"operatesIn", out("OPERATES_IN"), nil},
		{"targetedBy", in("TARGETED"), nil},
		aboutIt,
	},
	intel.KindReport: {
		{"about", out("ABOUT"), nil},
		{"authors", in("AUTHORED"), nil},
		{"prompted", in("PROMPTED_BY"), nil},
	},
}

// RelationOf finds what a field of a kind reads; ok is false when it is none.
// The aliases of an alias read nothing.
func RelationOf(k intel.Kind, field string) (r Relation, ok bool) {
	if field == "aliases" {
		return Relation{Field: field, Ends: out(intel.KnownAs)}, true
	}
	for _, r := range relations[k] {
		if r.Field == field {
			return r, true
		}
	}
	return Relation{}, false
}

// Relations lists the rows of a kind, aliases apart.
func Relations(k intel.Kind) []Relation { return slices.Clone(relations[k]) }

// Reach lists the kinds of neighbours that links over an end can lead to from
// an entity of the kind, in the ontology's order.
func Reach(k intel.Kind, e intel.End) []intel.Kind {
	info := e.Type.Info()
	if info == nil {
		return nil
	}
	hit := map[intel.Kind]bool{}
	for _, pair := range info.Ends {
		if pair.From == k && e.Direction != intel.In {
			hit[pair.To] = true
		}
		if pair.To == k && e.Direction != intel.Out {
			hit[pair.From] = true
		}
	}
	var kinds []intel.Kind
	for _, n := range intel.Kinds() {
		if hit[n] {
			kinds = append(kinds, n)
		}
	}
	return kinds
}
