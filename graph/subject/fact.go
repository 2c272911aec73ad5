package subject

import (
	"slices"

	"dragnet/internal/intel"
)

// Fact is one settled property, or one slot of it.
type Fact struct {
	fact *intel.Fact
	of   *Entity
}

// The fields of a fact.

func (f *Fact) Entity() AnyEntity        { return anyOf(f.of) }
func (f *Fact) Property() intel.Property { return f.fact.Property }
func (f *Fact) Slot() (string, bool)     { return given(f.fact.Slot) }
func (f *Fact) Value() Value             { return f.shown(f.fact.Values[0]) }
func (f *Fact) Support() int             { return f.fact.Support.Percent() }
func (f *Fact) Origins() int             { return f.fact.Origins }
func (f *Fact) Contested() bool          { return f.fact.Contested }
func (f *Fact) Reason() string           { return f.fact.Reason }
func (f *Fact) Claims() []*Claim         { return f.claims(f.fact.Claims) }
func (f *Fact) Sources() []*Source       { return f.of.res.sourcesOf(asserting(f.fact.Claims)) }

// Values lists all values shown.
func (f *Fact) Values() []Value {
	return rows(f.of.res, len(f.fact.Values), func(i int) Value { return f.shown(f.fact.Values[i]) })
}

func (f *Fact) shown(s intel.Shown) Value {
	return f.of.res.value(s.Value, standing{res: f.of.res, subject: f.of.node, shown: s, of: func() []*intel.Claim { return f.fact.Claims }})
}

func (f *Fact) claims(cs []*intel.Claim) []*Claim {
	return rows(f.of.res, len(cs), func(i int) *Claim { return &Claim{claim: cs[i], subject: f.of.node, res: f.of.res} })
}

// Alternatives lists the values that are not shown.
func (f *Fact) Alternatives() []*FactAlternative {
	return rows(f.of.res, len(f.fact.Alternatives), func(i int) *FactAlternative { return &FactAlternative{alt: &f.fact.Alternatives[i], of: f} })
}

// FactAlternative is a value that is not shown.
type FactAlternative struct {
	alt *intel.Alternative
	of  *Fact
}

// The fields of an alternative.

func (a *FactAlternative) Support() int     { return a.alt.Support.Percent() }
func (a *FactAlternative) Origins() int     { return a.alt.Origins }
func (a *FactAlternative) Agrees() bool     { return a.alt.Agrees }
func (a *FactAlternative) Claims() []*Claim { return a.of.claims(a.alt.Claims) }

// Value is the value.
func (a *FactAlternative) Value() Value {
	e := a.of.of
	return e.res.value(a.alt.Shown.Value, standing{res: e.res, subject: e.node, shown: a.alt.Shown, of: func() []*intel.Claim { return a.alt.Claims }})
}

// ExternalID is an id elsewhere.
type ExternalID struct {
	id intel.ExternalID
	of *Entity
}

// The fields of an external id.

func (x *ExternalID) Scheme() string      { return x.id.Scheme }
func (x *ExternalID) Value() string       { return x.id.Value }
func (x *ExternalID) URL() (string, bool) { return given(pageOf(x.id)) }

// Sources lists the sources that state it.
func (x *ExternalID) Sources() []*Source {
	for _, f := range x.of.res.factsOf(x.of.node) {
		if f.Property == intel.PropExternalID && f.Slot == x.id.Scheme {
			return x.of.res.sourcesOf(slices.DeleteFunc(asserting(f.Claims), func(c *intel.Claim) bool {
				return c.Value.ExternalID.Value != x.id.Value
			}))
		}
	}
	return []*Source{}
}
