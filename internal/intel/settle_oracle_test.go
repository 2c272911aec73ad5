package intel_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"dragnet/internal/intel"
)

// The oracle settles claims in the plainest way, written from the words of
// ONTOLOGY.md ("Settling: which value is shown") and not from the code.

const million = 1_000_000

// half up: (a × b) / 10⁶.
func product(a, b int64) int64 {
	q, r := a*b/million, a*b%million
	if 2*r >= million {
		q++
	}
	return q
}

var grade = map[intel.Reliability]int64{"A": 950_000, "B": 800_000, "C": 600_000, "D": 400_000, "E": 200_000, "F": 500_000}

func heft(e intel.Evidence) int64 { return grade[e.Reliability] * int64(e.Confidence) / 100 }

// heaviestFirst orders claims by weight, ties by id.
func heaviestFirst(es []intel.Evidence) []intel.Evidence {
	es = slices.Clone(es)
	slices.SortFunc(es, func(a, b intel.Evidence) int { return cmp.Or(cmp.Compare(heft(b), heft(a)), cmp.Compare(a.ID, b.ID)) })
	return es
}

// combined is 1 − Π(1 − w) over claims of independent origins, and their number.
func combined(es []intel.Evidence) (int64, int) {
	rest, taken := int64(million), 0
	used := map[string]bool{}
	for _, e := range heaviestFirst(es) {
		if slices.ContainsFunc(e.Origins, func(o string) bool { return used[o] }) {
			continue
		}
		for _, o := range e.Origins {
			used[o] = true
		}
		taken++
		rest = product(rest, million-heft(e))
	}
	return million - rest, taken
}

func stanceOf(es []intel.Evidence, s intel.Stance) (out []intel.Evidence) {
	for _, e := range es {
		if e.Stance == s {
			out = append(out, e)
		}
	}
	return out
}

// group is a value as the oracle sees it.
type group struct {
	claims           []intel.Evidence
	canonical        string
	a, d, support    int64
	origins          int
	value            intel.Value
	claim            string
	published, dated intel.Day // the latest of the asserting claims; MinDay is none
	validFrom        intel.PartialDate
	days             []intel.Interval
	chosen, disputed bool
}

func (g *group) outweighed() bool { return g.a == 0 || g.d > g.a }

// prefixed is the canonical form of several texts: each after its length.
func prefixed(parts ...string) (s string) {
	for _, p := range parts {
		s += strconv.Itoa(len(p)) + ":" + p
	}
	return s
}

func canonicalOf(p intel.Property, v intel.Value) string {
	switch v.Type {
	case intel.TypeQuantity:
		return prefixed(strconv.FormatInt(v.Quantity.Value, 10), strconv.FormatInt(v.Quantity.Max, 10), v.Quantity.Unit)
	case intel.TypeMoney:
		return prefixed(string(v.Money.Amount), string(v.Money.Max), v.Money.Currency, string(v.Money.AssetClass))
	case intel.TypeExternalID:
		return v.ExternalID.Value
	case intel.TypeDate:
		return v.Date.String()
	}
	if p == intel.PropName {
		return intel.NameKey(v.Text)
	}
	return v.Text
}

// claimsLess orders qualifiers from the one that claims least.
var claimsLess = []intel.Qualifier{intel.Range, intel.About, intel.MoreThan, intel.AtLeast, intel.LessThan, intel.AtMost, intel.Exact}

type form struct {
	qualifier int
	text      string
}

func formed(v intel.Value) form {
	switch v.Type {
	case intel.TypeQuantity:
		return form{slices.Index(claimsLess, v.Quantity.Qualifier), v.Quantity.AsWritten}
	case intel.TypeMoney:
		return form{slices.Index(claimsLess, v.Money.Qualifier), v.Money.AsWritten}
	}
	return form{0, v.Text}
}

func makeGroup(canonical string, es []intel.Evidence) *group {
	g := &group{claims: es, canonical: canonical, published: intel.MinDay, dated: intel.MinDay}
	asserting := stanceOf(es, intel.Asserts)
	g.a, g.origins = combined(asserting)
	g.d, _ = combined(stanceOf(es, intel.Denies))
	g.support = product(g.a, million-g.d)
	wording := asserting
	if len(wording) == 0 {
		wording = es
	}
	g.value, g.claim = wordedBest(wording)
	for _, e := range asserting {
		day := e.ValidFrom
		if day.IsZero() {
			day = e.PublishedOn
		}
		if !day.IsZero() {
			g.dated = max(g.dated, day.Last())
		}
		if !e.PublishedOn.IsZero() {
			g.published = max(g.published, e.PublishedOn.Last())
		}
		if !e.ValidFrom.IsZero() && (g.validFrom.IsZero() || e.ValidFrom.Last() > g.validFrom.Last() ||
			e.ValidFrom.Last() == g.validFrom.Last() && e.ValidFrom.String() < g.validFrom.String()) {
			g.validFrom = e.ValidFrom
		}
		g.days = append(g.days, intel.Validity(e.ValidFrom, e.ValidTo))
	}
	return g
}

func wordedBest(es []intel.Evidence) (intel.Value, string) {
	var best []intel.Evidence
	var bestForm form
	var most int64 = -1
	for _, e := range es {
		f := formed(e.Value)
		var of []intel.Evidence
		for _, o := range es {
			if formed(o.Value) == f {
				of = append(of, o)
			}
		}
		support, _ := combined(of)
		if support > most || support == most && cmp.Or(cmp.Compare(f.qualifier, bestForm.qualifier), cmp.Compare(f.text, bestForm.text)) < 0 {
			best, bestForm, most = of, f, support
		}
	}
	heaviest := heaviestFirst(best)[0]
	return heaviest.Value, heaviest.ID
}

type rules struct {
	property intel.Property
	rule     intel.Rule
}

// pick chooses the groups to show, best first.
func (r rules) pick(groups []*group) []*group {
	var left []*group
	for _, g := range groups {
		if !g.outweighed() {
			left = append(left, g)
		}
	}
	if len(left) == 0 {
		return nil
	}
	slices.SortFunc(left, ahead)
	switch r.rule {
	case intel.Set:
		return left
	case intel.Best:
		return left[:1]
	}
	var strong []*group
	for _, g := range left {
		if g.support*2 >= left[0].support {
			strong = append(strong, g)
		}
	}
	if r.rule != intel.Latest {
		strong = narrowest(strong)
	}
	best := strong[0]
	for _, g := range strong[1:] {
		later := false
		switch r.rule {
		case intel.Latest:
			later = g.dated > best.dated
		case intel.EarliestDate:
			later = g.value.Date.First() < best.value.Date.First()
		case intel.LatestDate:
			later = g.value.Date.Last() > best.value.Date.Last()
		}
		if later {
			best = g
		}
	}
	return []*group{best}
}

// narrowest leaves out dates whose days contain another candidate's.
func narrowest(gs []*group) (out []*group) {
	for _, g := range gs {
		gives := false
		for _, o := range gs {
			contains := g.value.Date.First() <= o.value.Date.First() && g.value.Date.Last() >= o.value.Date.Last()
			same := g.value.Date.First() == o.value.Date.First() && g.value.Date.Last() == o.value.Date.Last()
			gives = gives || contains && !same
		}
		if !gives {
			out = append(out, g)
		}
	}
	return out
}

func (r rules) contested(g *group, groups []*group) bool {
	if r.property == intel.PropSummary || r.property == intel.PropNote {
		return false
	}
	if g.d > 0 && 4*g.d >= g.support {
		return true
	}
	if r.rule == intel.Set {
		return false
	}
	for _, o := range groups {
		switch {
		case o == g || o.support == 0 || 4*o.support < g.support:
		case agreeing(g.value, o.value):
		case !meeting(g.days, o.days):
		case r.rule == intel.Latest && !g.validFrom.IsZero() && !o.validFrom.IsZero() && o.validFrom.Last() < g.validFrom.First():
		default:
			return true
		}
	}
	return false
}

// outcome is what the oracle says of one property or slot.
type outcome struct {
	Property     intel.Property
	Slot         string
	Values       []intel.Shown
	Contested    bool
	Alternatives []intel.Shown
	Agrees       []bool
}

func (g *group) shown() intel.Shown {
	return intel.Shown{Value: g.value, Support: intel.PPM(g.support), Origins: g.origins, Contested: g.disputed, Claim: g.claim}
}

func grouping(p intel.Property, es []intel.Evidence) (out []*group) {
	by := map[string][]intel.Evidence{}
	for _, e := range es {
		k := canonicalOf(p, e.Value)
		by[k] = append(by[k], e)
	}
	for k, es := range by {
		out = append(out, makeGroup(k, es))
	}
	return out
}

func (r rules) settle(es []intel.Evidence) (outcome, bool) {
	groups := grouping(r.property, es)
	chosen := r.pick(groups)
	if chosen == nil {
		return outcome{}, false
	}
	o := outcome{Property: r.property}
	for _, g := range chosen {
		g.chosen, g.disputed = true, r.contested(g, groups)
		o.Contested = o.Contested || g.disputed
		o.Values = append(o.Values, g.shown())
	}
	slices.SortFunc(groups, ahead)
	for _, g := range groups {
		if !g.chosen && g.a > 0 {
			o.Alternatives = append(o.Alternatives, g.shown())
			o.Agrees = append(o.Agrees, r.rule == intel.Set || agreeing(chosen[0].value, g.value))
		}
	}
	return o, true
}

// oracle settles the property claims about one entity.
func oracle(es []intel.Evidence) (out []outcome) {
	for _, info := range intel.Properties() {
		slots := map[string][]intel.Evidence{}
		for _, e := range es {
			if e.Property == info.Property {
				slot := ""
				switch info.Type {
				case intel.TypeMoney:
					slot = string(e.Value.Money.AssetClass)
				case intel.TypeExternalID:
					slot = e.Value.ExternalID.Scheme
				}
				slots[slot] = append(slots[slot], e)
			}
		}
		var names []string
		for s := range slots {
			names = append(names, s)
		}
		slices.Sort(names)
		for _, s := range names {
			if o, ok := (rules{info.Property, info.Rule}).settle(slots[s]); ok {
				o.Slot = s
				out = append(out, o)
			}
		}
	}
	return out
}

// said makes an outcome of a Fact, for comparing.
func said(f intel.Fact) outcome {
	o := outcome{Property: f.Property, Slot: f.Slot, Values: f.Values, Contested: f.Contested}
	for _, a := range f.Alternatives {
		o.Alternatives = append(o.Alternatives, a.Shown)
		o.Agrees = append(o.Agrees, a.Agrees)
	}
	if f.Support != f.Values[0].Support || f.Origins != f.Values[0].Origins {
		panic(fmt.Sprintf("a fact's own support %d (%d) is not that of its first value %+v", f.Support, f.Origins, f.Values[0]))
	}
	return o
}
