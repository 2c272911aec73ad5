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

// refs are the references of a draft.
func (d *Draft) refs() []Ref {
	out := []Ref{d.Subject}
	if d.Link != nil {
		out = append(out, d.Link.To)
	}
	if d.SaidBy != nil {
		out = append(out, *d.SaidBy)
	}
	return out
}

// id is the id that a reference gives, folded as it is kept; "" where that
// cannot be made out, as of a reference by name.
func (r *Ref) id() string {
	id := r.ID
	if n := r.New; n != nil {
		key := n.Key
		if key == "" {
			key, _ = DeriveKey(n.Kind, n.Name)
		}
		id = EntityID(n.Kind, key)
	}
	id, err := ParseEntityID(id)
	if err != nil {
		return ""
	}
	return id
}

// Mentions lists the ids of the entities that the draft mentions, as far as they
// can be made out before it is checked.
func (d *Draft) Mentions() []string {
	var out []string
	for _, r := range d.refs() {
		if id := r.id(); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// Names lists those of them that the draft names.
func (d *Draft) Names() []string {
	var out []string
	if d.Property == PropName && d.Stance != Denies {
		out = append(out, d.Subject.id())
	}
	for _, r := range d.refs() {
		if r.New != nil {
			out = append(out, r.id())
		}
	}
	return out
}
