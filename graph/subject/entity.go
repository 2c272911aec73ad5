package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Node is anything with a global id.
type Node interface {
	IsNode()
	ID() string
}

// AnyEntity is an entity of any kind: one of the types over Entity.
type AnyEntity interface {
	Node
	IsEntity()
}

// Entity is what all kinds have in common.
type Entity struct {
	node *intel.Node
	res  *Result
}

// Entity wraps a node of the result.
func (r *Result) Entity(n *intel.Node) *Entity { return &Entity{node: n, res: r} }

// Any wraps a node of the result as the type of its kind.
func (r *Result) Any(n *intel.Node) AnyEntity { return anyOf(r.Entity(n)) }

func anyOf(e *Entity) AnyEntity {
	switch e.node.Kind {
	case intel.KindGroup:
		return Group{e}
	case intel.KindAlias:
		return Alias{e}
	case intel.KindOperation:
		return Operation{e}
	case intel.KindAgency:
		return Agency{e}
	case intel.KindFirm:
		return Firm{e}
	case intel.KindCountry:
		return Country{e}
	case intel.KindRegion:
		return Region{e}
	case intel.KindPerson:
		return Person{e}
	case intel.KindTechnique:
		return Technique{e}
	case intel.KindTool:
		return Tool{e}
	case intel.KindInfrastructure:
		return Infrastructure{e}
	case intel.KindSector:
		return Sector{e}
	case intel.KindGood:
		return Good{e}
	case intel.KindOffence:
		return Offence{e}
	case intel.KindCampaign:
		return Campaign{e}
	case intel.KindReport:
		return Report{e}
	}
	panic("graph: an entity of no kind: " + e.node.ID)
}

// IsNode and IsEntity mark the types of the interfaces.
func (e *Entity) IsNode() {}

// IsEntity marks the types of the interface.
func (e *Entity) IsEntity() {}

// The fields of every kind.

func (e *Entity) ID() string               { return e.node.ID }
func (e *Entity) Kind() intel.Kind         { return e.node.Kind }
func (e *Entity) Name() string             { return e.node.Name }
func (e *Entity) NameKind() string         { return e.node.NameKind }
func (e *Entity) Stub() bool               { return e.node.Stub }
func (e *Entity) Summary() (string, bool)  { return e.text(intel.PropSummary) }
func (e *Entity) Notes() []string          { return e.texts(intel.PropNote) }
func (e *Entity) Revision() intel.Revision { return e.res.revision(e.node.Revision) }

func (e *Entity) Aliases(ctx context.Context) *AliasConnection { return aliases(ctx, e) }

// ExternalIDs lists its ids elsewhere.
func (e *Entity) ExternalIDs() []*ExternalID {
	out := []*ExternalID{}
	for _, s := range e.node.All(intel.PropExternalID) {
		out = append(out, &ExternalID{id: s.Value.ExternalID, of: e})
	}
	return out
}

// Facts lists what its claims settle to, the properties named or all.
func (e *Entity) Facts(properties []intel.Property) []*Fact {
	var out []*Fact
	for i, fs := 0, e.res.factsOf(e.node); i < len(fs); i++ {
		if wanted(properties, fs[i].Property) {
			out = append(out, &Fact{fact: &fs[i], of: e})
		}
	}
	return rows(e.res, len(out), func(i int) *Fact { return out[i] })
}

func wanted(properties []intel.Property, p intel.Property) bool {
	if properties == nil {
		return true
	}
	for _, want := range properties {
		if want == p {
			return true
		}
	}
	return false
}

// Fact is one property, or one slot of it; without a slot, the best supported.
func (e *Entity) Fact(property intel.Property, slot *string) *Fact {
	var best *intel.Fact
	for i, fs := 0, e.res.factsOf(e.node); i < len(fs); i++ {
		f := &fs[i]
		if f.Property == property && (slot == nil || *slot == f.Slot) && (best == nil || f.Support > best.Support) {
			best = f
		}
	}
	if best == nil {
		return nil
	}
	return &Fact{fact: best, of: e}
}

// Claims is a page of the claims with it as subject.
func (e *Entity) Claims(ctx context.Context) *ClaimConnection {
	path := e.res.path(ctx)
	return claimPage(e.res, path, e.node.Claims[path], func(c *intel.Claim) *Claim {
		return &Claim{claim: c, subject: e.node, res: e.res}
	}, absent(e.node))
}

// Links is a page of its links.
func (e *Entity) Links(ctx context.Context) *LinkConnection {
	path := e.res.path(ctx)
	return &LinkConnection{page: linkPage(e, path), res: e.res, list: e.res.list(path)}
}

// LinkCounts counts its links.
func (e *Entity) LinkCounts() []intel.LinkCount {
	if e.node.Counts == nil {
		return []intel.LinkCount{}
	}
	return e.node.Counts
}

// Sources is a page of the sources of its claims.
func (e *Entity) Sources(ctx context.Context) *SourceConnection {
	path := e.res.path(ctx)
	page := e.node.Sources[path]
	if page == nil {
		if !absent(e.node) {
			panic("graph: no page of sources at " + path)
		}
		page = &intel.SourcePage{}
	}
	return e.res.SourcePage(path, page)
}

// What the properties of the kinds show.

func (e *Entity) text(p intel.Property) (string, bool) {
	if v := e.node.One(p); v != nil {
		return v.Value.Text, true
	}
	return "", false
}

func (e *Entity) texts(p intel.Property) []string {
	out := []string{}
	for _, s := range e.node.All(p) {
		out = append(out, s.Value.Text)
	}
	return out
}

func (e *Entity) date(p intel.Property) (intel.PartialDate, bool) {
	if v := e.node.One(p); v != nil {
		return v.Value.Date, true
	}
	return intel.PartialDate{}, false
}

func (e *Entity) quantity(p intel.Property) *Quantity {
	if v := e.node.One(p); v != nil {
		return &Quantity{q: v.Value.Quantity, standing: e.standing(p, "", *v)}
	}
	return nil
}

func (e *Entity) money(p intel.Property) []*Money {
	out := []*Money{}
	for _, s := range e.node.All(p) {
		out = append(out, &Money{m: s.Value.Money, standing: e.standing(p, s.Value.Slot(), s)})
	}
	return out
}

// standing is what a value shown rests on; the claims are looked at when they
// are asked for.
func (e *Entity) standing(p intel.Property, slot string, s intel.Shown) standing {
	return standing{res: e.res, subject: e.node, shown: s, of: func() []*intel.Claim {
		for _, f := range e.res.factsOf(e.node) {
			if f.Property == p && f.Slot == slot {
				return f.Claims
			}
		}
		return nil
	}}
}
