package gen

import (
	"fmt"
	"strings"

	"dragnet/internal/intel"
)

// habit says how many links of a type an entity of some kind usually has, and
// where they lead. top is the q of Zipf's law: the larger, the less the first
// entities of the kind stand out.
type habit struct {
	typ  intel.LinkType
	to   intel.Kind
	mean float64
	top  float64
}

// hub is the top of the countries, so chosen that the first one has links to
// about 9 % of all entities.
const hub = 3.6

var habits = map[intel.Kind][]habit{
	intel.KindPerson: {
		{"MEMBER_OF", intel.KindGroup, .7, 20}, {"NATIONAL_OF", intel.KindCountry, .95, hub}, {"BASED_IN", intel.KindCountry, .6, hub},
		{"WORKS_FOR", intel.KindAgency, .15, 20}, {"WORKS_FOR", intel.KindFirm, .3, 20}, {"ARRESTED_IN", intel.KindOperation, .35, 20},
		{"CHARGED_WITH", intel.KindOffence, .35, 2}, {"WANTED_BY", intel.KindAgency, .25, 5},
		{"OPERATES", intel.KindInfrastructure, .15, 40}, {intel.KnownAs, intel.KindAlias, .35, 0},
	},
	intel.KindGroup: {
		{"USES", intel.KindTechnique, 7, 4}, {"USES", intel.KindTool, 3, 20}, {"TARGETS", intel.KindCountry, 2.5, hub}, {"TARGETS", intel.KindSector, 1.5, 2},
		{"OPERATES_IN", intel.KindCountry, 2, hub}, {"BASED_IN", intel.KindCountry, .8, hub}, {"INVOLVED_IN", intel.KindOffence, .5, 2},
		{"TRADES_IN", intel.KindGood, .3, 2}, {"AFFILIATE_OF", intel.KindGroup, .2, 20}, {"SUCCESSOR_OF", intel.KindGroup, .1, 20},
		{"ALLIED_WITH", intel.KindGroup, .3, 20}, {"RIVAL_OF", intel.KindGroup, .1, 20}, {"SPONSORED_BY", intel.KindCountry, .1, hub}, {intel.KnownAs, intel.KindAlias, 1.4, 0},
	},
	intel.KindTool:           {{"USES", intel.KindTechnique, 4, 4}, {intel.KnownAs, intel.KindAlias, .4, 0}, {"PART_OF", intel.KindTool, .1, 20}},
	intel.KindInfrastructure: {{"BASED_IN", intel.KindCountry, .9, hub}, {"TRADES_IN", intel.KindGood, .5, 2}, {intel.KnownAs, intel.KindAlias, .2, 0}},
	intel.KindOperation: {
		{"TARGETED", intel.KindGroup, 1, 20}, {"TARGETED", intel.KindInfrastructure, .6, 20}, {"TARGETED", intel.KindPerson, .3, 40}, {"CONDUCTED_IN", intel.KindCountry, 4, hub},
		{"SEIZED", intel.KindGood, .6, 2}, {"SEIZED", intel.KindInfrastructure, .2, 40}, {"PROMPTED_BY", intel.KindReport, .3, 20},
		{"PART_OF", intel.KindOperation, .2, 10}, {"CHARGED_WITH", intel.KindOffence, .5, 2},
	},
	intel.KindAgency: {
		{"COORDINATED", intel.KindOperation, .8, 40}, {"LED", intel.KindOperation, .6, 40}, {"TOOK_PART_IN", intel.KindOperation, 3, 40}, {"SUPPORTED", intel.KindOperation, .8, 40},
		{"BASED_IN", intel.KindCountry, 1, hub}, {"SERVES", intel.KindCountry, .8, hub}, {"PART_OF", intel.KindAgency, .4, 4}, {"PARTNER_OF", intel.KindAgency, .6, 4},
		{"AUTHORED", intel.KindReport, .6, 40}, {intel.KnownAs, intel.KindAlias, .3, 0},
	},
	intel.KindFirm: {
		{"BASED_IN", intel.KindCountry, 1, hub}, {"SUPPORTED", intel.KindOperation, .8, 40}, {"AUTHORED", intel.KindReport, 1.5, 40},
		{"PARTNER_OF", intel.KindAgency, .5, 4}, {"PART_OF", intel.KindFirm, .3, 10},
	},
	intel.KindCampaign: {
		{"ATTRIBUTED_TO", intel.KindGroup, .9, 20}, {"TARGETS", intel.KindCountry, 1, hub}, {"TARGETS", intel.KindSector, 1, 2}, {"TARGETS", intel.KindFirm, .6, 20},
		{"OPERATES_IN", intel.KindCountry, .7, hub}, {"USES", intel.KindTechnique, 5, 4}, {"USES", intel.KindTool, 1, 20},
	},
	intel.KindReport: {
		{"ABOUT", intel.KindGroup, 1.2, 20}, {"ABOUT", intel.KindTool, .8, 20}, {"ABOUT", intel.KindCampaign, .5, 20}, {"ABOUT", intel.KindCountry, .8, hub}, {"ABOUT", intel.KindPerson, .5, 40}, {"ABOUT", intel.KindOperation, .5, 20},
	},
	intel.KindTechnique: {{"PART_OF", intel.KindTechnique, .5, 4}},
	intel.KindCountry:   {{"PART_OF", intel.KindRegion, 1, 30}},
	intel.KindGood:      {{"PART_OF", intel.KindGood, .2, 4}},
}

// links writes the claims about the links that leave the entity.
func (b *builder) links() {
	fame := b.fame()
	if b.kind == intel.KindCountry {
		fame = 1
	}
	seen := map[string]bool{}
	for _, h := range habits[b.kind] {
		for range b.poisson(h.mean * fame) {
			if to := b.target(h); to != "" && !seen[to+string(h.typ)] {
				seen[to+string(h.typ)] = true
				b.link(h.typ, to)
			}
		}
	}
	if b.chance(0.01) {
		b.link("RELATED_TO", fmt.Sprintf("person:unnamed-%d", b.i))
	}
}

// target picks an entity with a smaller number; "" when there is none, or when
// the link would belong to the other end.
func (b *builder) target(h habit) string {
	m := b.layout.before(h.to, b.i)
	if m == 0 {
		return ""
	}
	var k int
	if h.to == intel.KindAlias {
		// A name belongs to what was reported about at the same time.
		k = max(0, m-1-b.zipf(60, 4))
	} else {
		k = b.zipf(m, h.top)
	}
	to := b.Graph.id(h.to, k)
	if from, _ := h.typ.Orient(b.id, to); from != b.id {
		return ""
	}
	return to
}

func (b *builder) link(t intel.LinkType, to string) {
	first := intel.Claim{LinkType: t, Object: to}
	switch t {
	case "MEMBER_OF", "WORKS_FOR":
		if b.chance(0.5) {
			first.Role = pick(b.draw, roles...)
		}
	case "RELATED_TO":
		first.Role = "linked-to"
	case "ARRESTED_IN":
		first.On = b.date()
	case "SEIZED":
		q := b.quantity()
		q.Unit = pick(b.draw, "kg", "items")
		first.Amount = &q
	}
	if b.chance(0.12) {
		first.ValidFrom = b.date()
		if b.chance(0.3) {
			first.ValidTo = intel.MustDate(fmt.Sprintf("%d", 2026+b.IntN(3)))
		}
	}
	b.state(func() *intel.Claim {
		c := first
		return &c
	}, func(c *intel.Claim) {
		if c.Role != "" && b.chance(0.3) {
			c.Role = pick(b.draw, roles...)
		}
		if c.ValidFrom.IsZero() && b.chance(0.1) {
			c.ValidFrom = b.date()
		}
	})
}

// IsStub says that an id is one that nothing names: only one entity's claims
// mention it.
func IsStub(id string) bool {
	return strings.HasPrefix(id, "person:unnamed-") || strings.HasPrefix(id, "person:spokesperson-")
}
