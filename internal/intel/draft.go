package intel

// Draft is a claim as somebody sends it, before it is checked, its references
// resolved and its id derived. Readers of files and the API make drafts;
// catalog makes claims of them.
type Draft struct {
	Subject  Ref
	Property Property
	// Value has its Type set to what was given; a word of a vocabulary is TEXT.
	Value      *Value
	Link       *LinkDraft
	Stance     Stance // empty: ASSERTS
	Confidence *int   // nil: 80
	SaidBy     *Ref
	Locator    string
	Quote      string
	ValidFrom  PartialDate
	ValidTo    PartialDate
	// ClientRef comes back in the result of the row and is not kept.
	ClientRef string
}

// DefaultConfidence is what a claim has whose sender states none.
const DefaultConfidence = 80

// LinkDraft is the link part of a draft.
type LinkDraft struct {
	Type   LinkType
	To     Ref
	Role   string
	On     PartialDate
	Amount *Quantity
}

// Ref points to an entity in one of three ways, of which exactly one is given.
type Ref struct {
	ID    string
	New   *NewEntity
	Named *NamedEntity
}

// NewEntity names an entity and claims the name too. Without a key, the key is
// derived from the name.
type NewEntity struct {
	Kind     Kind
	Key      string
	Name     string
	NameKind string // empty: PROPER
}

// NamedEntity is the one entity of a kind that has this name or alias.
type NamedEntity struct {
	Kind Kind
	Name string
}

// SourceDraft is a source's header as somebody sends it.
type SourceDraft struct {
	ID string
	Header
}
