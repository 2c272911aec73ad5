package intel

// Property names a property of an entity; its text is the API's enum value.
type Property string

// ValueType is what the values of a property are.
type ValueType string

// The types of values.
const (
	TypeText       ValueType = "TEXT"
	TypeEnum       ValueType = "ENUM"
	TypeDate       ValueType = "DATE"
	TypeQuantity   ValueType = "QUANTITY"
	TypeMoney      ValueType = "MONEY"
	TypeExternalID ValueType = "EXTERNAL_ID"
)

// Rule says how claims of a property settle into the value shown.
type Rule string

// The settling rules; settle.go carries them out.
const (
	Best         Rule = "BEST"
	Latest       Rule = "LATEST"
	EarliestDate Rule = "EARLIEST_DATE"
	LatestDate   Rule = "LATEST_DATE"
	Set          Rule = "SET"
)

// TextCheck narrows what a text property takes.
type TextCheck string

// The checks of text properties.
const (
	AnyProse   TextCheck = ""         // summary, note
	AnyName    TextCheck = "NAME"     // what something is called
	AnyCode    TextCheck = "CODE"     // an acronym, a number in a catalogue
	WebAddress TextCheck = "URL"      // http or https
	ISOPeriod  TextCheck = "DURATION" // ISO 8601: P2Y, P3M, PT36H
)

// PropertyInfo is one row of the ontology's properties.
type PropertyInfo struct {
	Property    Property
	Type        ValueType
	Check       TextCheck
	Vocabulary  []string
	Many        bool
	Rule        Rule
	Sortable    bool
	Kinds       []Kind // empty: every kind
	Description string
	// Undisputed properties keep several opinions without contesting them.
	Undisputed bool
	order      int
}

// Slotted says that the property has one fact per slot: the asset class of
// Money, the scheme of an external id.
func (p *PropertyInfo) Slotted() bool { return p.Type == TypeMoney || p.Type == TypeExternalID }

// Indexed says that filters and orders may ask for the property.
func (p *PropertyInfo) Indexed() bool {
	return p.Check != AnyProse || p.Type != TypeText
}

// Of says that entities of the kind have the property.
func (p *PropertyInfo) Of(k Kind) bool {
	if len(p.Kinds) == 0 {
		return true
	}
	for _, have := range p.Kinds {
		if have == k {
			return true
		}
	}
	return false
}

// KindInfo is one row of the ontology's kinds.
type KindInfo struct {
	Kind        Kind
	Description string
	STIX        string
}

// The properties that the code itself speaks of.
const (
	PropName       Property = "name"
	PropNameKind   Property = "nameKind"
	PropSummary    Property = "summary"
	PropNote       Property = "note"
	PropExternalID Property = "externalId"
	PropAlpha2     Property = "alpha2"
)

// The ways in which a name stands for an entity.
const (
	Proper      = "PROPER"
	Descriptive = "DESCRIPTIVE"
)

var kindTable = []KindInfo{
	{KindGroup, "A criminal group or threat actor.", "threat-actor"},
	{KindAlias, "One name as written; it may denote several subjects.", ""},
	{KindOperation, "A law-enforcement operation, also a series of operations or a phase of one.", "law-enforcement-operation"},
	{KindAgency, "A police body, international body, prosecutor or national CERT, or a unit of one.", "identity"},
	{KindFirm, "A private partner or a victim organisation.", "identity"},
	{KindCountry, "A country or territory of ISO 3166-1 (and Kosovo as XK).", "location"},
	{KindRegion, "An area: a region of UN M49, a bloc such as the EU, or an informal area such as the Middle East.", "location"},
	{KindPerson, "A suspect, member, official or spokesperson; may be unnamed.", "identity"},
	{KindTechnique, "A way of attacking, such as phishing.", "attack-pattern"},
	{KindTool, "Malware or a tool, by name.", "tool"},
	{KindInfrastructure, "A market, forum, botnet, hosting, mixer or ring of websites.", "infrastructure"},
	{KindSector, "An industry.", "identity"},
	{KindGood, "An illicit good or service, such as drugs, weapons or stolen data.", "illicit-good"},
	{KindOffence, "What someone is charged with or convicted of.", "offence"},
	{KindCampaign, "A named series of attacks by a group.", "campaign"},
	{KindReport, "A published analysis or announcement.", "report"},
}

func kinds(k ...Kind) []Kind { return k }

var propertyTable = []PropertyInfo{
	{Property: PropName, Type: TypeText, Check: AnyName, Rule: Best, Description: "What it is called."},
	{Property: PropNameKind, Type: TypeEnum, Vocabulary: []string{Proper, Descriptive}, Rule: Best, Description: "Whether the name is a proper one or a description standing in for an unknown name."},
	{Property: PropSummary, Type: TypeText, Rule: Best, Undisputed: true, Description: "What it is, in a few sentences."},
	{Property: PropNote, Type: TypeText, Many: true, Rule: Set, Undisputed: true, Description: "A remark, or a feed's own word that no vocabulary has."},
	{Property: PropExternalID, Type: TypeExternalID, Many: true, Rule: Set, Description: "Its id in somebody else's catalogue, one fact per scheme."},
	{Property: "accountsBlocked", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Accounts blocked."},
	{Property: "acronym", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindAgency, KindFirm), Description: "The letters it goes by."},
	{Property: "agencyType", Type: TypeEnum, Vocabulary: agencyTypes, Rule: Best, Kinds: kinds(KindAgency), Description: "What sort of body it is."},
	{Property: PropAlpha2, Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindCountry), Description: "The two-letter code of ISO 3166-1."},
	{Property: "alpha3", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindCountry), Description: "The three-letter code of ISO 3166-1."},
	{Property: "announcedOn", Type: TypeDate, Rule: Best, Sortable: true, Kinds: kinds(KindOperation), Description: "When it was made public."},
	{Property: "arrests", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "People arrested."},
	{Property: "attackId", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindTechnique), Description: "Its id in MITRE ATT&CK."},
	{Property: "attacks", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindGroup), Description: "Attacks carried out."},
	{Property: "countriesAffected", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindGroup), Description: "Countries in which it struck."},
	{Property: "countriesInvolved", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Countries that took part."},
	{Property: "devicesSeized", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Devices seized."},
	{Property: "duration", Type: TypeText, Check: ISOPeriod, Rule: Best, Kinds: kinds(KindOperation), Description: "How long it ran, as an ISO 8601 duration."},
	{Property: "endedOn", Type: TypeDate, Rule: LatestDate, Sortable: true, Kinds: kinds(KindOperation), Description: "When it ended."},
	{Property: "firmType", Type: TypeEnum, Vocabulary: firmTypes, Rule: Best, Kinds: kinds(KindFirm), Description: "What sort of firm it is."},
	{Property: "firstSeen", Type: TypeDate, Rule: EarliestDate, Sortable: true, Kinds: kinds(KindGroup, KindCampaign), Description: "When it was first active."},
	{Property: "fundsRecovered", Type: TypeMoney, Many: true, Rule: Best, Kinds: kinds(KindOperation), Description: "Money recovered, one fact per asset class."},
	{Property: "fundsReturned", Type: TypeMoney, Many: true, Rule: Best, Kinds: kinds(KindOperation), Description: "Money given back to victims, one fact per asset class."},
	{Property: "groupStatus", Type: TypeEnum, Vocabulary: groupStatuses, Rule: Latest, Kinds: kinds(KindGroup), Description: "Whether it is active."},
	{Property: "groupType", Type: TypeEnum, Vocabulary: groupTypes, Many: true, Rule: Set, Kinds: kinds(KindGroup), Description: "What sort of group it is."},
	{Property: "iccs", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindOffence), Description: "Its code in the UNODC classification of crime (ICCS)."},
	{Property: "infrastructureType", Type: TypeEnum, Vocabulary: infrastructureTypes, Many: true, Rule: Set, Kinds: kinds(KindInfrastructure), Description: "What sort of infrastructure it is."},
	{Property: "lastSeen", Type: TypeDate, Rule: LatestDate, Sortable: true, Kinds: kinds(KindGroup, KindCampaign), Description: "When it was last active."},
	{Property: "losses", Type: TypeMoney, Many: true, Rule: Best, Kinds: kinds(KindGroup), Description: "What its victims lost, one fact per asset class."},
	{Property: "m49", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindRegion), Description: "Its code in UN M49."},
	{Property: "motivation", Type: TypeEnum, Vocabulary: motivations, Many: true, Rule: Set, Kinds: kinds(KindGroup), Description: "Why it acts."},
	{Property: "nace", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindSector), Description: "Its code in the EU's classification of industries (NACE)."},
	{Property: "numeric", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindCountry), Description: "The three-digit code of ISO 3166-1."},
	{Property: "operationStatus", Type: TypeEnum, Vocabulary: operationStatuses, Rule: Latest, Kinds: kinds(KindOperation), Description: "How far it has come."},
	{Property: "operationType", Type: TypeEnum, Vocabulary: operationTypes, Many: true, Rule: Set, Kinds: kinds(KindOperation), Description: "What sort of operation it is."},
	{Property: "personStatus", Type: TypeEnum, Vocabulary: personStatuses, Rule: Latest, Kinds: kinds(KindPerson), Description: "How the person stands with the law."},
	{Property: "proceeds", Type: TypeMoney, Many: true, Rule: Best, Kinds: kinds(KindGroup), Description: "What it took, one fact per asset class."},
	{Property: "publishedOn", Type: TypeDate, Rule: Best, Sortable: true, Kinds: kinds(KindReport), Description: "When it was published."},
	{Property: "regionType", Type: TypeEnum, Vocabulary: []string{"M49", "BLOC", "INFORMAL"}, Rule: Best, Kinds: kinds(KindRegion), Description: "What sort of area it is."},
	{Property: "reportType", Type: TypeText, Check: AnyCode, Rule: Best, Kinds: kinds(KindReport), Description: "What sort of report it is."},
	{Property: "resourceLevel", Type: TypeEnum, Vocabulary: resourceLevels, Rule: Best, Kinds: kinds(KindGroup), Description: "What means it has."},
	{Property: "searches", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Searches carried out."},
	{Property: "seized", Type: TypeMoney, Many: true, Rule: Best, Kinds: kinds(KindOperation), Description: "Money and assets seized, one fact per asset class."},
	{Property: "sitesTakenDown", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Websites taken down."},
	{Property: "sophistication", Type: TypeEnum, Vocabulary: sophistications, Rule: Best, Kinds: kinds(KindGroup), Description: "What it is able to do."},
	{Property: "startedOn", Type: TypeDate, Rule: EarliestDate, Sortable: true, Kinds: kinds(KindOperation), Description: "When it began."},
	{Property: "suspectsIdentified", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Suspects identified."},
	{Property: "toolType", Type: TypeEnum, Vocabulary: toolTypes, Many: true, Rule: Set, Kinds: kinds(KindTool), Description: "What sort of tool it is."},
	{Property: "url", Type: TypeText, Check: WebAddress, Rule: Best, Kinds: kinds(KindReport), Description: "Where it can be read."},
	{Property: "venue", Type: TypeEnum, Vocabulary: []string{"CLEAR_WEB", "DARK_WEB", "MESSAGING", "OTHER"}, Rule: Best, Kinds: kinds(KindInfrastructure), Description: "Where it is run."},
	{Property: "victims", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindGroup), Description: "Victims."},
	{Property: "victimsIdentified", Type: TypeQuantity, Rule: Latest, Sortable: true, Kinds: kinds(KindOperation), Description: "Victims identified."},
}

var propertyByName = func() map[Property]*PropertyInfo {
	m := map[Property]*PropertyInfo{}
	for i := range propertyTable {
		propertyTable[i].order = i
		m[propertyTable[i].Property] = &propertyTable[i]
	}
	return m
}()

// Properties lists the ontology's properties in its order. Callers must not
// change the rows.
func Properties() []*PropertyInfo {
	out := make([]*PropertyInfo, len(propertyTable))
	for i := range propertyTable {
		out[i] = &propertyTable[i]
	}
	return out
}

// Info gives the row of a property, or nil when there is none.
func (p Property) Info() *PropertyInfo { return propertyByName[p] }

// PropertiesOf lists what entities of a kind can have, in the ontology's order.
func PropertiesOf(k Kind) []*PropertyInfo {
	var out []*PropertyInfo
	for i := range propertyTable {
		if propertyTable[i].Of(k) {
			out = append(out, &propertyTable[i])
		}
	}
	return out
}

// Ontology lists the kinds in order.
func Ontology() []KindInfo { return append([]KindInfo(nil), kindTable...) }
