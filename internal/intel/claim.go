package intel

import (
	"strconv"
	"time"
)

// Stance says whether a claim asserts or denies.
type Stance string

// The stances.
const (
	Asserts Stance = "ASSERTS"
	Denies  Stance = "DENIES"
)

// Value is the value of a property claim. Type says which part counts: Text
// for TEXT and ENUM.
type Value struct {
	Type       ValueType
	Text       string
	Date       PartialDate
	Quantity   Quantity
	Money      Money
	ExternalID ExternalID
}

// Written gives the value as a person would write it.
func (v Value) Written() string {
	switch v.Type {
	case TypeDate:
		return v.Date.Text()
	case TypeQuantity:
		return v.Quantity.Text()
	case TypeMoney:
		return v.Money.Text()
	case TypeExternalID:
		return v.ExternalID.Scheme + ":" + v.ExternalID.Value
	}
	return v.Text
}

// Slot is the asset class of Money, the scheme of an external id, else "".
func (v Value) Slot() string {
	switch v.Type {
	case TypeMoney:
		return string(v.Money.AssetClass)
	case TypeExternalID:
		return v.ExternalID.Scheme
	}
	return ""
}

// Stamp places a change: the counter of its revision, when and by whom.
type Stamp struct {
	Revision int64     `json:"revision"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
}

// Event is a retraction or a reinstatement of a claim. ByReplace marks what a
// REPLACE did by itself, so that a later REPLACE may take it back.
type Event struct {
	Stamp
	Retracted bool   `json:"retracted"`
	Reason    string `json:"reason"`
	ByReplace bool   `json:"byReplace,omitempty"`
}

// Claim says: a source states, or denies, that a subject has a property with a
// value, or that a link holds. It holds either a Property and a Value, or a
// LinkType and an Object. It never changes; its Events may grow.
type Claim struct {
	ID      string
	Subject string

	Property Property
	Value    Value

	LinkType LinkType
	Object   string
	Role     string
	On       PartialDate
	Amount   *Quantity

	Stance     Stance
	Confidence int // 0-100, as the sender stated it
	Source     string
	SaidBy     string
	Locator    string
	Quote      string
	ValidFrom  PartialDate
	ValidTo    PartialDate

	Added  Stamp
	Events []Event // by revision
}

// IsLink says that the claim is about a link.
func (c *Claim) IsLink() bool { return c.LinkType != "" }

// LinkID is the id of the link the claim is about, or "".
func (c *Claim) LinkID() string {
	if !c.IsLink() {
		return ""
	}
	return LinkID(c.LinkType, c.Subject, c.Object)
}

// Mentions lists the entities the claim brings into being: subject, object of
// a link and whom the document quotes.
func (c *Claim) Mentions() []string {
	out := []string{c.Subject}
	if c.Object != "" {
		out = append(out, c.Object)
	}
	if c.SaidBy != "" {
		out = append(out, c.SaidBy)
	}
	return out
}

// Live says that the claim was never retracted, or was reinstated since.
func (c *Claim) Live() bool { return retraction(c.Events) == nil }

// LiveAt says that the claim was live at a revision: added by then, and its
// last event up to then is not a retraction.
func (c *Claim) LiveAt(revision int64) bool { return liveAt(c.Added, c.Events, revision) }

// LiveAsOf says that the claim was live at a moment (inclusive).
func (c *Claim) LiveAsOf(t time.Time) bool { return liveAsOf(c.Added, c.Events, t) }

// Changed is the revision of the last change to the claim.
func (c *Claim) Changed() int64 { return changed(c.Added, c.Events) }

// Retraction gives the event that withdrew the claim, or nil when it is live.
func (c *Claim) Retraction() *Event { return retraction(c.Events) }

// Interval is the run of days on which the claim may hold.
func (c *Claim) Interval() Interval { return Validity(c.ValidFrom, c.ValidTo) }

// HashID derives the claim's id from everything its sender said: claim: and
// the SHA-256, in hexadecimal, of the canonical encoding. The claim must be in
// the form in which it is kept (text clean, defaults filled in, ends ordered).
func (c *Claim) HashID() string {
	e := newEncoder("dragnet claim 1")
	e.text(c.Subject, string(c.Property))
	if !c.IsLink() {
		e.value(c.Value)
	}
	e.text(string(c.LinkType), c.Object, c.Role, c.On.String())
	if c.Amount != nil {
		e.quantity(*c.Amount)
	}
	e.text(string(c.Stance), itoa(int64(c.Confidence)), c.Source, c.SaidBy, c.Locator, c.Quote, c.ValidFrom.String(), c.ValidTo.String())
	return ClaimPrefix + e.sum()
}

func (e *encoder) value(v Value) {
	e.text(string(v.Type))
	switch v.Type {
	case TypeDate:
		e.text(v.Date.String())
	case TypeQuantity:
		e.quantity(v.Quantity)
	case TypeMoney:
		m := v.Money
		e.text(string(m.Amount), string(m.Max), m.Currency, string(m.Qualifier), m.AsWritten, string(m.AssetClass))
	case TypeExternalID:
		e.text(v.ExternalID.Scheme, v.ExternalID.Value)
	default:
		e.text(v.Text)
	}
}

func (e *encoder) quantity(q Quantity) {
	e.text("quantity", itoa(q.Value), itoa(q.Max), string(q.Qualifier), q.AsWritten, q.Unit)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
