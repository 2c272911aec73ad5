package subject

import (
	"context"
	"slices"

	"dragnet/internal/intel"
)

// Value is a value of a property: TextValue, DateValue, *Quantity or *Money.
type Value interface {
	IsValue()
	Text() string
}

// standing is what a value rests on: a settled value with the claims that
// state or deny it, or one claim by itself.
type standing struct {
	res     *Result
	subject *intel.Node // whom its claims are about, where that was read with them
	edge    *intel.Edge // likewise the link
	shown   intel.Shown
	of      func() []*intel.Claim
	self    *Claim
	change  bool // the claim was read at a crossing
}

// Support is its support; of one claim by itself, the claim's weight.
func (s standing) Support() int {
	if s.self == nil {
		return s.shown.Support.Percent()
	}
	return intel.Weight(s.self.Source().Reliability(), s.self.claim.Confidence).Percent()
}

// Contested says that others disagree.
func (s standing) Contested() bool { return s.shown.Contested }

// Claim is the weightiest claim that states it in this form.
func (s standing) Claim(ctx context.Context) *Claim {
	switch {
	case s.self != nil:
		return s.self
	case s.change:
		return s.res.Claim(s.res.Claims[s.res.path(ctx)][s.shown.Claim])
	}
	for _, c := range s.of() {
		if c.ID == s.shown.Claim {
			return s.claim(c)
		}
	}
	return nil
}

func (s standing) claim(c *intel.Claim) *Claim {
	return &Claim{claim: c, subject: s.subject, edge: s.edge, res: s.res}
}

// Sources lists the sources that state it.
func (s standing) Sources(ctx context.Context) []*Source {
	switch {
	case s.self != nil:
		return []*Source{s.self.Source()}
	case s.change:
		if c := s.res.Claims[s.res.path(ctx)][s.shown.Claim]; c != nil {
			return []*Source{s.res.source(c.Source)}
		}
		return []*Source{}
	}
	return s.res.sourcesOf(asserting(s.of()))
}

func asserting(claims []*intel.Claim) []*intel.Claim {
	return slices.DeleteFunc(slices.Clone(claims), func(c *intel.Claim) bool { return c.Stance == intel.Denies })
}

// value wraps a value with what it rests on.
func (r *Result) value(v intel.Value, s standing) Value {
	switch v.Type {
	case intel.TypeDate:
		return DateValue{v.Date}
	case intel.TypeQuantity:
		return &Quantity{q: v.Quantity, standing: s}
	case intel.TypeMoney:
		return &Money{m: v.Money, standing: s}
	}
	return TextValue{v.Written()}
}

// TextValue is a text, a word, a code or an external id.
type TextValue struct{ text string }

// IsValue marks the types of the interface.
func (TextValue) IsValue() {}

// Text is the text itself.
func (t TextValue) Text() string { return t.text }

// DateValue is a date.
type DateValue struct{ date intel.PartialDate }

// IsValue marks the types of the interface.
func (DateValue) IsValue() {}

// The fields of a date.

func (d DateValue) Text() string            { return d.date.Text() }
func (d DateValue) Date() intel.PartialDate { return d.date }

// Quantity is a number of something.
type Quantity struct {
	q intel.Quantity
	standing
}

// IsValue marks the types of the interface.
func (*Quantity) IsValue() {}

// The fields of a quantity.

func (q *Quantity) Text() string               { return q.q.Text() }
func (q *Quantity) Value() int64               { return q.q.Value }
func (q *Quantity) Max() (int64, bool)         { return q.q.Max, q.q.Qualifier == intel.Range }
func (q *Quantity) Qualifier() intel.Qualifier { return q.q.Qualifier }
func (q *Quantity) AsWritten() (string, bool)  { return given(q.q.AsWritten) }
func (q *Quantity) Unit() (string, bool)       { return given(q.q.Unit) }

// Money is an amount of money.
type Money struct {
	m intel.Money
	standing
}

// IsValue marks the types of the interface.
func (*Money) IsValue() {}

// The fields of an amount.

func (m *Money) Text() string                 { return m.m.Text() }
func (m *Money) Amount() intel.Decimal        { return m.m.Amount }
func (m *Money) Max() (intel.Decimal, bool)   { return m.m.Max, m.m.Max != "" }
func (m *Money) Currency() string             { return m.m.Currency }
func (m *Money) Qualifier() intel.Qualifier   { return m.m.Qualifier }
func (m *Money) AsWritten() (string, bool)    { return given(m.m.AsWritten) }
func (m *Money) AssetClass() intel.AssetClass { return m.m.AssetClass }
