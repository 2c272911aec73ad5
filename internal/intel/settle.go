package intel

import (
	"cmp"
	"slices"
)

// PPM is a share in parts per million, 0 to 1,000,000. Settling computes in
// whole PPM, rounded half up at each step, because floats differ between
// machines.
type PPM int64

const one PPM = 1_000_000

// Percent rounds to 0-100 for display.
func (p PPM) Percent() int { return int((p + 5_000) / 10_000) }

// PercentFloor is the least PPM that Percent shows as n.
func PercentFloor(n int) PPM { return PPM(n)*10_000 - 5_000 }

func times(a, b PPM) PPM { return (a*b + one/2) / one }

// Weight is what one claim counts: reliability of its source × confidence.
func Weight(r Reliability, confidence int) PPM {
	return (reliabilityPPM[r]*PPM(confidence) + 50) / 100
}

// Evidence is a claim with what settling needs to know of its source.
type Evidence struct {
	*Claim
	Title       string
	Reliability Reliability
	PublishedOn PartialDate
	Origins     []string // sorted
}

func (e Evidence) weight() PPM { return Weight(e.Reliability, e.Confidence) }

// dated is the date a claim bears under LATEST: validFrom, else the day its
// source was published.
func (e Evidence) dated() PartialDate {
	if !e.ValidFrom.IsZero() {
		return e.ValidFrom
	}
	return e.PublishedOn
}

// Gather pairs claims with their sources under a view, leaving out those that
// do not count in it. Every claim's source must be in sources; a view of the
// past needs the sources' versions, and those of their ancestors.
func Gather(claims []*Claim, sources map[string]*Source, v View) []Evidence {
	out := make([]Evidence, 0, len(claims))
	past := originsUnder(sources, v)
	for _, c := range claims {
		s := sources[c.Source]
		if s == nil {
			s = StubSource(c.Source)
		}
		h, _ := v.Header(s)
		if v.Admits(c, h) {
			out = append(out, Evidence{Claim: c, Title: h.Title, Reliability: h.Reliability, PublishedOn: h.PublishedOn, Origins: past(s)})
		}
	}
	return out
}

func originsUnder(sources map[string]*Source, v View) func(*Source) []string {
	if !v.Past() {
		return func(s *Source) []string { return s.Origins }
	}
	known := map[string][]string{}
	parents := func(id string) []string {
		if s := sources[id]; s != nil {
			h, _ := v.Header(s)
			return h.DerivedFrom
		}
		return nil
	}
	return func(s *Source) []string {
		if _, ok := known[s.ID]; !ok {
			known[s.ID] = OriginsOf(s.ID, parents)
		}
		return known[s.ID]
	}
}

// tally is what the claims of one value or link add up to.
type tally struct {
	asserting, denying []Evidence // heaviest first, ties by id
	taken              []Evidence // the independent assertions
	a, d, support      PPM
}

// outweighed values are never shown.
func (t *tally) outweighed() bool { return t.a == 0 || t.d > t.a }

func (t *tally) all() []Evidence { return append(slices.Clone(t.asserting), t.denying...) }

func weigh(es []Evidence) tally {
	var t tally
	for _, e := range es {
		if e.Stance == Denies {
			t.denying = append(t.denying, e)
		} else {
			t.asserting = append(t.asserting, e)
		}
	}
	t.a, t.taken = combine(t.asserting)
	t.d, _ = combine(t.denying)
	t.support = times(t.a, one-t.d)
	return t
}

// combine sorts claims from the heaviest down (ties by id), takes each whose
// origins meet none of those taken, and returns 1 − Π(1 − w) over them.
func combine(es []Evidence) (PPM, []Evidence) {
	slices.SortFunc(es, func(x, y Evidence) int {
		return cmp.Or(cmp.Compare(y.weight(), x.weight()), cmp.Compare(x.ID, y.ID))
	})
	rest := one
	var taken []Evidence
	for _, e := range es {
		if slices.ContainsFunc(taken, func(t Evidence) bool { return meet(t.Origins, e.Origins) }) {
			continue
		}
		taken = append(taken, e)
		rest = times(rest, one-e.weight())
	}
	return one - rest, taken
}

// meet says that two sorted lists share an element.
func meet(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0], b[0]); {
		case c == 0:
			return true
		case c < 0:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// Fact is what one property, or one slot of it, settled to, with everything
// behind it.
type Fact struct {
	Settled
	Support      PPM
	Origins      int
	Contested    bool
	Alternatives []Alternative // best supported first
	Claims       []*Claim      // those about the values shown, denials too, heaviest first
	Reason       string        // one sentence: rule, winner's sources, dissent
}

// Alternative is a value that is not shown.
type Alternative struct {
	Shown
	Agrees bool
	Claims []*Claim
}

// Settle turns the claims about one entity that count in a view into its
// facts, in the ontology's order, then by slot. Link claims are passed over. A
// property whose every value is outweighed has no fact. minSupport leaves out
// facts below it. The same claims in any order give the same facts.
func Settle(es []Evidence, minSupport int) []Fact {
	type key struct {
		p    Property
		slot string
	}
	byKey := map[key][]Evidence{}
	for _, e := range es {
		if info := e.Property.Info(); info != nil {
			k := key{e.Property, ""}
			if info.Slotted() {
				k.slot = e.Value.Slot()
			}
			byKey[k] = append(byKey[k], e)
		}
	}
	keys := make([]key, 0, len(byKey))
	for k := range byKey {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.p.Info().order, b.p.Info().order), cmp.Compare(a.slot, b.slot))
	})
	var out []Fact
	for _, k := range keys {
		f, ok := settleFact(k.p.Info(), k.slot, byKey[k])
		if ok && f.Support.Percent() >= minSupport {
			out = append(out, f)
		}
	}
	return out
}

// Compact keeps of facts what a Record holds.
func Compact(fs []Fact) []Settled {
	var out []Settled
	for _, f := range fs {
		out = append(out, f.Settled)
	}
	return out
}

func settleFact(info *PropertyInfo, slot string, es []Evidence) (Fact, bool) {
	groups := grouped(info, es)
	live := notOutweighed(groups)
	if len(live) == 0 {
		return Fact{}, false
	}
	chosen := choose(info, live)
	f := Fact{Settled: Settled{Property: info.Property, Slot: slot}, Support: chosen[0].support, Origins: len(chosen[0].taken)}
	for _, g := range chosen {
		s := g.shown()
		s.Contested = contested(info, g, groups)
		f.Contested = f.Contested || s.Contested
		f.Values = append(f.Values, s)
	}
	for _, g := range chosen {
		f.Claims = append(f.Claims, claimsOf(g.all())...)
	}
	f.Alternatives = alternatives(info, chosen, groups)
	f.Reason = reason(info, chosen, groups)
	return f, true
}

func notOutweighed(gs []*valueGroup) []*valueGroup {
	return slices.DeleteFunc(slices.Clone(gs), func(g *valueGroup) bool { return g.outweighed() })
}

func claimsOf(es []Evidence) []*Claim {
	es = slices.Clone(es)
	slices.SortFunc(es, func(x, y Evidence) int {
		return cmp.Or(cmp.Compare(y.weight(), x.weight()), cmp.Compare(x.ID, y.ID))
	})
	out := make([]*Claim, len(es))
	for i, e := range es {
		out[i] = e.Claim
	}
	return out
}

// choose picks the groups to show among those not outweighed: all of a SET,
// best supported first, else the one the rule names.
func choose(info *PropertyInfo, live []*valueGroup) []*valueGroup {
	slices.SortFunc(live, better)
	if info.Rule == Set {
		return live
	}
	if info.Rule == Best {
		return live[:1]
	}
	// The other rules look among values with at least half of the best support.
	var strong []*valueGroup
	for _, g := range live {
		if 2*g.support >= live[0].support {
			strong = append(strong, g)
		}
	}
	switch info.Rule {
	case Latest:
		slices.SortStableFunc(strong, func(x, y *valueGroup) int { return cmp.Compare(y.latest, x.latest) })
	case EarliestDate:
		strong = precise(strong)
		slices.SortStableFunc(strong, func(x, y *valueGroup) int {
			return cmp.Compare(x.value.Date.First(), y.value.Date.First())
		})
	case LatestDate:
		strong = precise(strong)
		slices.SortStableFunc(strong, func(x, y *valueGroup) int {
			return cmp.Compare(y.value.Date.Last(), x.value.Date.Last())
		})
	}
	return strong[:1]
}

// precise drops each date whose days contain those of another that remains.
func precise(gs []*valueGroup) []*valueGroup {
	var out []*valueGroup
	for _, g := range gs {
		wider := func(o *valueGroup) bool {
			return g.value.Date.First() <= o.value.Date.First() && o.value.Date.Last() <= g.value.Date.Last() &&
				g.value.Date.Last()-g.value.Date.First() > o.value.Date.Last()-o.value.Date.First()
		}
		if !slices.ContainsFunc(gs, wider) {
			out = append(out, g)
		}
	}
	return out
}

// better orders groups by support, then later publishedOn, then the more
// precise value, then the smaller canonical text.
func better(x, y *valueGroup) int {
	return cmp.Or(
		cmp.Compare(y.support, x.support),
		cmp.Compare(y.published, x.published),
		cmp.Compare(precision(y.value), precision(x.value)),
		cmp.Compare(x.key, y.key),
	)
}

func precision(v Value) int {
	switch v.Type {
	case TypeDate:
		p := 2 * v.Date.Precision()
		if !v.Date.Qualified() {
			p++
		}
		return p
	case TypeQuantity:
		return caution[v.Quantity.Qualifier]
	case TypeMoney:
		return caution[v.Money.Qualifier]
	}
	return 0
}

// contested says that a group which does not agree has at least a quarter of
// the chosen one's support, or that the denials of the chosen value do.
func contested(info *PropertyInfo, g *valueGroup, all []*valueGroup) bool {
	if info.Undisputed {
		return false
	}
	if g.d > 0 && 4*g.d >= g.support {
		return true
	}
	if info.Rule == Set {
		return false
	}
	return slices.ContainsFunc(all, func(o *valueGroup) bool { return dissents(info, g, o) })
}

func dissents(info *PropertyInfo, chosen, o *valueGroup) bool {
	return 4*o.support >= chosen.support && differs(info, chosen, o)
}

// differs says that the other value is one that cannot be true beside the chosen
// one, however little supports it.
func differs(info *PropertyInfo, chosen, o *valueGroup) bool {
	return o != chosen && o.support > 0 && !agree(chosen.value, o.value) && overlap(chosen.validity, o.validity) && !superseded(info, chosen, o)
}

// superseded says that under LATEST the other value's validFrom lies wholly
// before the chosen one's.
func superseded(info *PropertyInfo, chosen, o *valueGroup) bool {
	return info.Rule == Latest && !chosen.from.IsZero() && !o.from.IsZero() && o.from.Last() < chosen.from.First()
}

func overlap(a, b []Interval) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, x.Overlaps) {
			return true
		}
	}
	return false
}

func alternatives(info *PropertyInfo, chosen, all []*valueGroup) []Alternative {
	var rest []*valueGroup
	for _, g := range all {
		if !slices.Contains(chosen, g) && g.a > 0 {
			rest = append(rest, g)
		}
	}
	slices.SortFunc(rest, better)
	var out []Alternative
	for _, g := range rest {
		agrees := info.Rule == Set || agree(chosen[0].value, g.value)
		out = append(out, Alternative{Shown: g.shown(), Agrees: agrees, Claims: claimsOf(g.all())})
	}
	return out
}
