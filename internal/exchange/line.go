package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"dragnet/internal/intel"
)

// Line is one line of claims JSONL, the native form of what a graph was told. It
// says a claim, in the words of the API's ClaimInput, or describes a source, or
// both:
//
//	{"source":{"id":"source:one","title":"One","reliability":"C","marking":"CLEAR"}}
//	{"source":"source:one","subject":"group:opera1er","property":"attacks","value":{"quantity":{"value":30,"qualifier":"ABOUT"}}}
//	{"source":"source:one","subject":"group:opera1er","link":{"type":"TARGETS","to":"sector:finance"},"confidence":90}
//
// A source may be described several times: each line is one version of its
// header. In a history every line carries when, by whom and in which revision it
// was recorded, and lines of a third sort retract and reinstate claims:
//
//	{"claim":"claim:5f…","event":{"revision":7,"at":"2026-01-02T03:04:05Z","by":"local","retracted":true,"reason":"a misprint"}}
type Line struct {
	Source LineSource `json:"source,omitzero"`

	Subject    LineRef           `json:"subject,omitzero"`
	Property   intel.Property    `json:"property,omitempty"`
	Value      *LineValue        `json:"value,omitempty"`
	Link       *LineLink         `json:"link,omitempty"`
	Stance     intel.Stance      `json:"stance,omitempty"`
	Confidence *int              `json:"confidence,omitempty"`
	SaidBy     LineRef           `json:"saidBy,omitzero"`
	Locator    string            `json:"locator,omitempty"`
	Quote      string            `json:"quote,omitempty"`
	ValidFrom  intel.PartialDate `json:"validFrom,omitzero"`
	ValidTo    intel.PartialDate `json:"validTo,omitzero"`

	Added *intel.Stamp `json:"added,omitempty"`

	Claim string       `json:"claim,omitempty"`
	Event *intel.Event `json:"event,omitempty"`

	// Reason and Position stand in lines that were rejected; readers pass over
	// them.
	Reason   string `json:"_reason,omitempty"`
	Position string `json:"_position,omitempty"`
}

// LineSource is a source: its id as a text or, where it is described, an object.
type LineSource struct {
	ID     string
	Header *intel.Header // nil: not described here
}

// LineRef is an entity: its id as a text or, where it is named, an object with
// kind and name, perhaps key and nameKind.
type LineRef struct {
	ID  string
	New *intel.NewEntity
}

// LineValue is a value in the words of the API's ValueInput: exactly one is
// given. Words of a vocabulary are texts.
type LineValue struct {
	Text       *string            `json:"text,omitempty"`
	Date       *intel.PartialDate `json:"date,omitempty"`
	Quantity   *intel.Quantity    `json:"quantity,omitempty"`
	Money      *intel.Money       `json:"money,omitempty"`
	ExternalID *intel.ExternalID  `json:"externalId,omitempty"`
}

// LineLink is the link that a claim is about.
type LineLink struct {
	Type   intel.LinkType    `json:"type"`
	To     LineRef           `json:"to"`
	Role   string            `json:"role,omitempty"`
	On     intel.PartialDate `json:"on,omitzero"`
	Amount *intel.Quantity   `json:"amount,omitempty"`
}

// DecodeLine reads one line. Names that a line does not have are an error, and
// so is anything after the object.
func DecodeLine(text []byte) (*Line, error) {
	var l Line
	if err := decodeStrict(text, &l); err != nil {
		return nil, err
	}
	return &l, nil
}

func decodeStrict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// IsClaim says that the line says a claim, not only describes a source.
func (l *Line) IsClaim() bool {
	return l.Subject != LineRef{} || l.Property != "" || l.Value != nil || l.Link != nil
}

// Draft gives the claim that a line says; the ids and words in it are not
// checked yet.
func (l *Line) Draft() (intel.Draft, error) {
	d := intel.Draft{Subject: l.Subject.ref(), Property: l.Property, Stance: l.Stance, Confidence: l.Confidence, Locator: l.Locator, Quote: l.Quote, ValidFrom: l.ValidFrom, ValidTo: l.ValidTo}
	if l.SaidBy != (LineRef{}) {
		by := l.SaidBy.ref()
		d.SaidBy = &by
	}
	if l.Link != nil {
		d.Link = &intel.LinkDraft{Type: l.Link.Type, To: l.Link.To.ref(), Role: l.Link.Role, On: l.Link.On, Amount: l.Link.Amount}
	}
	if l.Value != nil {
		v, err := l.Value.value()
		if err != nil {
			return d, err
		}
		d.Value = &v
	}
	return d, nil
}

// value gives the one value that is there.
func (v *LineValue) value() (out intel.Value, err error) {
	given := 0
	if v.Text != nil {
		given++
		out = intel.Value{Type: intel.TypeText, Text: *v.Text}
	}
	if v.Date != nil {
		given++
		out = intel.Value{Type: intel.TypeDate, Date: *v.Date}
	}
	if v.Quantity != nil {
		given++
		out = intel.Value{Type: intel.TypeQuantity, Quantity: *v.Quantity}
	}
	if v.Money != nil {
		given++
		out = intel.Value{Type: intel.TypeMoney, Money: *v.Money}
	}
	if v.ExternalID != nil {
		given++
		out = intel.Value{Type: intel.TypeExternalID, ExternalID: *v.ExternalID}
	}
	if given != 1 {
		return out, intel.Invalid("value", "give exactly one of text, date, quantity, money and externalId")
	}
	return out, nil
}

// ClaimLine writes a claim; history adds its stamp.
func ClaimLine(c *intel.Claim, history bool) *Line {
	l := &Line{Source: LineSource{ID: c.Source}, Subject: LineRef{ID: c.Subject}, Property: c.Property, Confidence: &c.Confidence,
		SaidBy: LineRef{ID: c.SaidBy}, Locator: c.Locator, Quote: c.Quote, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo}
	if c.Stance == intel.Denies {
		l.Stance = c.Stance
	}
	if c.IsLink() {
		l.Link = &LineLink{Type: c.LinkType, To: LineRef{ID: c.Object}, Role: c.Role, On: c.On, Amount: c.Amount}
	} else {
		l.Value = lineValue(&c.Value)
	}
	if history {
		l.Added = &c.Added
	}
	return l
}

func lineValue(v *intel.Value) *LineValue {
	switch v.Type {
	case intel.TypeDate:
		return &LineValue{Date: &v.Date}
	case intel.TypeQuantity:
		return &LineValue{Quantity: &v.Quantity}
	case intel.TypeMoney:
		return &LineValue{Money: &v.Money}
	case intel.TypeExternalID:
		return &LineValue{ExternalID: &v.ExternalID}
	}
	return &LineValue{Text: &v.Text}
}

// HeaderLine writes one version of a source's header; history adds its stamp.
func HeaderLine(source string, v *intel.HeaderVersion, history bool) *Line {
	l := &Line{Source: LineSource{ID: source, Header: &v.Header}}
	if history {
		l.Added = &v.Added
	}
	return l
}

// lineHeader is how a described source stands in a line.
type lineHeader struct {
	ID          string            `json:"id"`
	Title       string            `json:"title"`
	Publisher   string            `json:"publisher,omitempty"`
	URL         string            `json:"url,omitempty"`
	PublishedOn intel.PartialDate `json:"publishedOn,omitzero"`
	RetrievedAt time.Time         `json:"retrievedAt,omitzero"`
	Language    string            `json:"language,omitempty"`
	Reliability intel.Reliability `json:"reliability"`
	Marking     intel.Marking     `json:"marking,omitempty"`
	DerivedFrom []string          `json:"derivedFrom,omitempty"`
}

// MarshalJSON writes a source as its id or, described, as an object.
func (s LineSource) MarshalJSON() ([]byte, error) {
	if s.Header == nil {
		return plainJSON(s.ID)
	}
	h := s.Header
	return plainJSON(lineHeader{s.ID, h.Title, h.Publisher, h.URL, h.PublishedOn, h.RetrievedAt, h.Language, h.Reliability, h.Marking, h.DerivedFrom})
}

// UnmarshalJSON reads a source as MarshalJSON writes it.
func (s *LineSource) UnmarshalJSON(text []byte) error {
	if begins(text, '"') {
		return json.Unmarshal(text, &s.ID)
	}
	var h lineHeader
	if err := decodeStrict(text, &h); err != nil {
		return err
	}
	*s = LineSource{ID: h.ID, Header: &intel.Header{Title: h.Title, Publisher: h.Publisher, URL: h.URL, PublishedOn: h.PublishedOn, RetrievedAt: h.RetrievedAt, Language: h.Language, Reliability: h.Reliability, Marking: h.Marking, DerivedFrom: h.DerivedFrom}}
	return nil
}

// lineEntity is how an entity that is named stands in a line.
type lineEntity struct {
	Kind     intel.Kind `json:"kind"`
	Key      string     `json:"key,omitempty"`
	Name     string     `json:"name"`
	NameKind string     `json:"nameKind,omitempty"`
}

// MarshalJSON writes an entity as its id or, named, as an object.
func (r LineRef) MarshalJSON() ([]byte, error) {
	if r.New == nil {
		return plainJSON(r.ID)
	}
	return plainJSON(lineEntity(*r.New))
}

// UnmarshalJSON reads an entity as MarshalJSON writes it.
func (r *LineRef) UnmarshalJSON(text []byte) error {
	if begins(text, '"') {
		return json.Unmarshal(text, &r.ID)
	}
	var e lineEntity
	if err := decodeStrict(text, &e); err != nil {
		return err
	}
	n := intel.NewEntity(e)
	r.New = &n
	return nil
}

func (r LineRef) ref() intel.Ref { return intel.Ref{ID: r.ID, New: r.New} }

func begins(text []byte, with byte) bool { return len(text) > 0 && text[0] == with }
