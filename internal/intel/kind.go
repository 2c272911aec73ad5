package intel

import "strings"

// Kind is what an entity is. Its text is the API's enum value; the Neo4j label
// and the prefix of ids follow from it.
type Kind string

// The kinds of entities.
const (
	KindGroup          Kind = "GROUP"
	KindAlias          Kind = "ALIAS"
	KindOperation      Kind = "OPERATION"
	KindAgency         Kind = "AGENCY"
	KindFirm           Kind = "FIRM"
	KindCountry        Kind = "COUNTRY"
	KindRegion         Kind = "REGION"
	KindPerson         Kind = "PERSON"
	KindTechnique      Kind = "TECHNIQUE"
	KindTool           Kind = "TOOL"
	KindInfrastructure Kind = "INFRASTRUCTURE"
	KindSector         Kind = "SECTOR"
	KindGood           Kind = "GOOD"
	KindOffence        Kind = "OFFENCE"
	KindCampaign       Kind = "CAMPAIGN"
	KindReport         Kind = "REPORT"
)

// Kinds lists every kind in the order of the ontology.
func Kinds() []Kind {
	out := make([]Kind, len(kindTable))
	for i := range kindTable {
		out[i] = kindTable[i].Kind
	}
	return out
}

// Label is the Neo4j label and the GraphQL type: Group.
func (k Kind) Label() string { return string(k[:1]) + strings.ToLower(string(k[1:])) }

// Prefix begins the ids of the kind: group.
func (k Kind) Prefix() string { return strings.ToLower(string(k)) }

// Valid says that k is a kind of the ontology.
func (k Kind) Valid() bool { return len(k) > 0 && kindByPrefix[k.Prefix()] == k }

var kindByPrefix = func() map[string]Kind {
	m := map[string]Kind{}
	for _, k := range kindTable {
		m[k.Kind.Prefix()] = k.Kind
	}
	return m
}()
