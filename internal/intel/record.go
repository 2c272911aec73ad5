package intel

import (
	"encoding/json"
	"slices"
	"strings"
)

// SettleVersion numbers the rules of settling. A store that was settled under
// other rules must be resettled before it is written to.
const SettleVersion = 1

// Shown is a value that settling chose, with what it rests on.
type Shown struct {
	Value     Value
	Support   PPM
	Origins   int // assertions taken as independent
	Contested bool
	Claim     string // the heaviest claim of the form shown
}

// Settled is what a property, or one slot of it, settled to: one value, or all
// values of a SET property, best supported first.
type Settled struct {
	Property Property
	Slot     string
	Values   []Shown
}

// Record is the settled state of one entity.
type Record struct {
	ID       string
	Kind     Kind
	Name     string // the settled name; of a stub, its key
	NameKind string // PROPER unless claimed otherwise
	Stub     bool   // nothing has named it yet
	NameKey  string // NameKey of Name
	SortKey  string // SortKey of Name
	// Revision is that of the last change to a claim with it as subject, else
	// that of the first live claim which mentions it.
	Revision int64
	// Facts are in the ontology's order of properties, then by slot; nil in
	// answers that were not asked for values.
	Facts []Settled
}

// NewRecord makes the record of an entity from what its claims settled to.
func NewRecord(id string, facts []Settled, revision int64) *Record {
	r := &Record{ID: id, Kind: KindOf(id), Name: KeyOf(id), NameKind: Proper, Stub: true, Revision: revision, Facts: facts}
	if v := r.One(PropName); v != nil {
		r.Name, r.Stub = v.Value.Text, false
	}
	if v := r.One(PropNameKind); v != nil {
		r.NameKind = v.Value.Text
	}
	r.NameKey, r.SortKey = NameKey(r.Name), SortKey(r.Name)
	return r
}

// One gives the value shown of a property that has one, or nil.
func (r *Record) One(p Property) *Shown {
	for i := range r.Facts {
		if r.Facts[i].Property == p && len(r.Facts[i].Values) > 0 {
			return &r.Facts[i].Values[0]
		}
	}
	return nil
}

// All gives every value shown of a property, over all its slots.
func (r *Record) All(p Property) []Shown {
	var out []Shown
	for i := range r.Facts {
		if r.Facts[i].Property == p {
			out = append(out, r.Facts[i].Values...)
		}
	}
	return out
}

// IndexEntry is what filters and orders can ask of one shown value.
type IndexEntry struct {
	Property Property
	// Slot is the asset class of Money and the scheme of an external id.
	Slot string
	// Text is compared exactly: the text, the enum value, the external id's
	// value, the currency of Money.
	Text string
	// Key is NameKey of Text for text and external ids, else "".
	Key string
	// Lo and Hi bound a date (days) or a quantity (Value and Max).
	Lo, Hi int64
	// LoKey and HiKey bound Money: SortKey of Amount and Max.
	LoKey, HiKey string
}

// Index lists what filters and orders can ask of the record, in the order of
// its facts.
func (r *Record) Index() []IndexEntry {
	var out []IndexEntry
	for _, f := range r.Facts {
		info := f.Property.Info()
		if info == nil || !info.Indexed() || f.Property == PropName || f.Property == PropNameKind {
			continue
		}
		for _, s := range f.Values {
			out = append(out, indexEntry(f, s.Value))
		}
	}
	return out
}

func indexEntry(f Settled, v Value) IndexEntry {
	e := IndexEntry{Property: f.Property, Slot: f.Slot}
	switch v.Type {
	case TypeDate:
		e.Text, e.Lo, e.Hi = v.Date.String(), v.Date.First(), v.Date.Last()
	case TypeQuantity:
		e.Lo, e.Hi = v.Quantity.Value, max(v.Quantity.Value, v.Quantity.Max)
	case TypeMoney:
		e.Text, e.LoKey = v.Money.Currency, v.Money.Amount.SortKey()
		e.HiKey = max(e.LoKey, v.Money.Max.SortKey())
	case TypeExternalID:
		e.Text = v.ExternalID.Value
		e.Key = NameKey(e.Text)
	case TypeEnum:
		e.Text = v.Text
	default:
		e.Text, e.Key = v.Text, NameKey(v.Text)
	}
	return e
}

// Link is the settled state of one link.
type Link struct {
	ID       string
	Type     LinkType
	From, To string
	Support  PPM
	Origins  int
	Disputed bool // a live claim denies it, or a rival excludes it
	// ValidFrom and ValidTo are the hull of its claims' intervals, as written
	// by the claims that bound it.
	ValidFrom, ValidTo PartialDate
	// Validity is the set of days on which it holds: apart from each other, in
	// order. A link without dates has the one interval that is Always.
	Validity []Interval
	Role     string
	On       PartialDate
	Amount   *Shown // a Quantity
}

// ValidOn says that the link possibly held at the date.
func (l *Link) ValidOn(d PartialDate) bool {
	at := Interval{d.First(), d.Last()}
	return slices.ContainsFunc(l.Validity, at.Overlaps)
}

// EncodeFacts writes facts as JSON for a store to keep; DecodeFacts reads it.
func EncodeFacts(fs []Settled) ([]byte, error) {
	out := make([]factJSON, len(fs))
	for i, f := range fs {
		out[i] = factJSON{Property: f.Property, Slot: f.Slot, Values: make([]shownJSON, len(f.Values))}
		for j, s := range f.Values {
			out[i].Values[j] = toShownJSON(s)
		}
	}
	return json.Marshal(out)
}

// DecodeFacts reads what EncodeFacts wrote.
func DecodeFacts(b []byte) ([]Settled, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var in []factJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, err
	}
	if len(in) == 0 {
		return nil, nil
	}
	out := make([]Settled, len(in))
	for i, f := range in {
		out[i] = Settled{Property: f.Property, Slot: f.Slot, Values: make([]Shown, len(f.Values))}
		for j, s := range f.Values {
			v, err := s.shown()
			if err != nil {
				return nil, err
			}
			out[i].Values[j] = v
		}
	}
	return out, nil
}

type factJSON struct {
	Property Property    `json:"p"`
	Slot     string      `json:"s,omitempty"`
	Values   []shownJSON `json:"v"`
}

type shownJSON struct {
	Type      ValueType       `json:"t"`
	Value     json.RawMessage `json:"v"`
	Support   PPM             `json:"s"`
	Origins   int             `json:"o"`
	Contested bool            `json:"d,omitempty"`
	Claim     string          `json:"c"`
}

func toShownJSON(s Shown) shownJSON {
	return shownJSON{Type: s.Value.Type, Value: EncodeValue(s.Value), Support: s.Support, Origins: s.Origins, Contested: s.Contested, Claim: strings.TrimPrefix(s.Claim, ClaimPrefix)}
}

func (s shownJSON) shown() (Shown, error) {
	v, err := DecodeValue(s.Type, s.Value)
	return Shown{Value: v, Support: s.Support, Origins: s.Origins, Contested: s.Contested, Claim: ClaimPrefix + s.Claim}, err
}

// EncodeShown writes one shown value as JSON, DecodeShown reads it.
func EncodeShown(s Shown) ([]byte, error) { return json.Marshal(toShownJSON(s)) }

// DecodeShown reads what EncodeShown wrote.
func DecodeShown(b []byte) (Shown, error) {
	var j shownJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return Shown{}, err
	}
	return j.shown()
}

// EncodeValue writes a value as JSON: a string for text, words and dates, an
// object otherwise. The type is kept beside it.
func EncodeValue(v Value) json.RawMessage {
	var x any
	switch v.Type {
	case TypeDate:
		x = v.Date.String()
	case TypeQuantity:
		x = v.Quantity
	case TypeMoney:
		x = v.Money
	case TypeExternalID:
		x = v.ExternalID
	default:
		x = v.Text
	}
	b, err := json.Marshal(x)
	if err != nil {
		panic("intel: a value that cannot be JSON: " + err.Error())
	}
	return b
}

// DecodeValue reads what EncodeValue wrote for a value of the type.
func DecodeValue(t ValueType, b []byte) (Value, error) {
	v := Value{Type: t}
	var into any
	switch t {
	case TypeDate:
		into = &v.Date
	case TypeQuantity:
		into = &v.Quantity
	case TypeMoney:
		into = &v.Money
	case TypeExternalID:
		into = &v.ExternalID
	default:
		into = &v.Text
	}
	return v, json.Unmarshal(b, into)
}
