package storetest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// pools are what random data is drawn from: few, so that things meet.
var pools = struct {
	ids, sources, words, prose []string
	dates                      []string
	types                      []intel.LinkType
}{
	ids: []string{
		"group:a", "group:b", "group:B", "group:\ufa0e", "group:\U00010428", "operation:a", "operation:b", "operation:c", "agency:a", "agency:b",
		"firm:a", "firm:b", "country:CI", "country:FR", "region:002", "region:015", "person:a", "person:b", "tool:a", "tool:a%2f", "alias:a", "alias:nx$m$", "alias:b",
		"good:a", "campaign:a", "campaign:b", "report:a", "technique:a", "offence:a", "infrastructure:a", "sector:a",
	},
	sources: []string{"source:a", "source:A", "source:b", "source:c", "source:d", "source:é", "source:é", "source:z"},
	words:   []string{"A", "a", "Ab", "aB c", "b", "É", "E", "\U00010428", "\ufa0e", "NX$M$", "%", "_", "it's", `"`, "`", `\`, "{}", "a b", "ab", "c d e", "10", "9"},
	prose:   []string{"", "x", "two\nlines", "zero\u200bwidth", "e\u0301", "é", `'"\` + "`$"},
	types:   []intel.LinkType{"RELATED_TO", "REPLACED_BY", intel.KnownAs, "TARGETED", "ALLIED_WITH", "PARTNER_OF", "BASED_IN", "USES", "TARGETS", "PART_OF", "SUPPORTED", "SEIZED"},
	dates:   []string{"2016", "2020", "2020-02", "2020-02-29", "2020~", "2021-06?", "2021-12-31", "2022", "0001", "9999-12-31"},
}

func drawn[V any](t *rapid.T, from []V, label string) V {
	return rapid.SampledFrom(from).Draw(t, label)
}

// chance is true in one of n draws, seldom enough to be worth a case.
func chance(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}

func some[V any](t *rapid.T, from []V, most int, label string) []V {
	if len(from) == 0 {
		return nil
	}
	at := rapid.SliceOfNDistinct(rapid.IntRange(0, len(from)-1), 0, min(most, len(from)), rapid.ID[int]).Draw(t, label)
	out := make([]V, len(at))
	for i, n := range at {
		out[i] = from[n]
	}
	return out
}

func maybeDate(t *rapid.T, label string) intel.PartialDate {
	if chance(t, 2, label+"?") {
		return intel.MustDate(drawn(t, pools.dates, label))
	}
	return intel.PartialDate{}
}

func randomQuantity(t *rapid.T) intel.Quantity {
	n := drawn(t, []int64{0, 1, 2, 9, 10, 99, 3500, intel.MaxLong - 1}, "number")
	q := intel.Quantity{Value: n, Qualifier: drawn(t, intel.Qualifiers(), "qualifier"), AsWritten: drawn(t, []string{"", "", "dozens", "é"}, "written")}
	if q.Qualifier == intel.Range {
		q.Max = n + rapid.Int64Range(1, 100).Draw(t, "width")
		q.Max = min(q.Max, intel.MaxLong)
	}
	return q
}

func randomValue(t *rapid.T, p *intel.PropertyInfo) intel.Value {
	v := intel.Value{Type: p.Type}
	switch p.Type {
	case intel.TypeEnum:
		v.Text = drawn(t, p.Vocabulary[:min(3, len(p.Vocabulary))], "word")
	case intel.TypeDate:
		v.Date = intel.MustDate(drawn(t, pools.dates, "date"))
	case intel.TypeQuantity:
		v.Quantity = randomQuantity(t)
	case intel.TypeMoney:
		v.Money = intel.Money{Amount: drawn(t, []intel.Decimal{"0", "1", "9", "10", "10.5", "12345678901234567890123456789012345678"}, "amount"), Currency: drawn(t, []string{"USD", "BTC"}, "currency"),
			Qualifier: intel.About, AssetClass: drawn(t, intel.AssetClasses()[:3], "class")}
		if chance(t, 3, "range") {
			v.Money.Qualifier, v.Money.Max = intel.Range, "99999999999999999999999999999999999999"
		}
	case intel.TypeExternalID:
		v.ExternalID = intel.ExternalID{Scheme: drawn(t, []string{"misp", "mitre-attack"}, "scheme"), Value: drawn(t, pools.words, "value")}
	default:
		v.Text = drawn(t, pools.words, "text")
		if p.Check == intel.AnyProse {
			v.Text = drawn(t, pools.prose, "prose")
		}
	}
	return v
}

func randomShown(t *rapid.T, v intel.Value) intel.Shown {
	return intel.Shown{Value: v, Support: intel.PPM(rapid.IntRange(0, 1_000_000).Draw(t, "support")), Origins: rapid.IntRange(0, 3).Draw(t, "origins"),
		Contested: rapid.Bool().Draw(t, "contested"), Claim: fmt.Sprintf("%s%064x", intel.ClaimPrefix, rapid.IntRange(0, 99).Draw(t, "claim"))}
}

// randomRecord has facts that no claim needs to bear out.
func randomRecord(t *rapid.T, id string, revision int64) *intel.Record {
	var facts []intel.Settled
	for _, p := range intel.PropertiesOf(intel.KindOf(id)) {
		often := 4
		if p.Property == intel.PropName || p.Sortable {
			often = 2
		}
		if p.Property == intel.PropName && !chance(t, 4, "stub") || chance(t, often, string(p.Property)) {
			facts = append(facts, randomFacts(t, p)...)
		}
	}
	return intel.NewRecord(id, facts, rapid.Int64Range(max(1, revision-2), revision).Draw(t, "revision"))
}

func randomFacts(t *rapid.T, p *intel.PropertyInfo) []intel.Settled {
	most := 1
	if p.Many {
		most = 3
	}
	bySlot := map[string]intel.Settled{}
	for range rapid.IntRange(1, most).Draw(t, "values") {
		v := randomValue(t, p)
		f := bySlot[v.Slot()]
		if len(f.Values) == 0 || !p.Slotted() && !slices.ContainsFunc(f.Values, func(s intel.Shown) bool { return s.Value == v }) {
			f.Property, f.Values = p.Property, append(f.Values, randomShown(t, v))
			f.Slot = v.Slot()
			bySlot[v.Slot()] = f
		}
	}
	return listed(bySlot)
}

func randomEnds(t *rapid.T, ids []string) (intel.LinkType, string, string, bool) {
	from, to := drawn(t, ids, "from"), drawn(t, ids, "to")
	var types []intel.LinkType
	for _, typ := range pools.types {
		if ok, _ := typ.Allows(intel.KindOf(from), intel.KindOf(to)); ok {
			types = append(types, typ)
		}
	}
	if from == to || len(types) == 0 {
		return "", "", "", false
	}
	typ := drawn(t, types, "type")
	from, to = typ.Orient(from, to)
	return typ, from, to, true
}

func randomLink(t *rapid.T, typ intel.LinkType, from, to string) *intel.Link {
	l := plainLink(from, typ, to, intel.PPM(rapid.IntRange(0, 1_000_000).Draw(t, "support")))
	l.Origins, l.Disputed = rapid.IntRange(0, 3).Draw(t, "origins"), rapid.Bool().Draw(t, "disputed")
	if chance(t, 3, "role?") {
		l.Role = drawn(t, pools.words, "role")
	}
	l.On = maybeDate(t, "on")
	if chance(t, 4, "amount?") {
		s := randomShown(t, intel.Value{Type: intel.TypeQuantity, Quantity: randomQuantity(t)})
		l.Amount = &s
	}
	if chance(t, 2, "dated") {
		l.ValidFrom = intel.MustDate("2016")
		if to := maybeDate(t, "to"); to.Last() > intel.MustDate("2020-02").Last() {
			l.ValidTo = to
		}
		l.Validity = []intel.Interval{intel.Validity(intel.MustDate("2016"), intel.MustDate("2017")), intel.Validity(intel.MustDate("2020-02"), l.ValidTo)}
	}
	return l
}

func randomClaim(t *rapid.T, stamp intel.Stamp) *intel.Claim {
	c := intel.Claim{Subject: drawn(t, pools.ids, "subject"), Source: drawn(t, pools.sources, "source"), Added: stamp,
		Stance: drawn(t, []intel.Stance{intel.Asserts, intel.Asserts, intel.Denies}, "stance"), Confidence: rapid.IntRange(0, 100).Draw(t, "confidence"),
		Locator: drawn(t, pools.prose, "locator"), Quote: drawn(t, pools.prose, "quote"), ValidFrom: maybeDate(t, "from"), ValidTo: maybeDate(t, "to")}
	if chance(t, 3, "said by") {
		c.SaidBy = drawn(t, pools.ids, "said by")
	}
	if typ, from, to, ok := randomEnds(t, pools.ids); ok && rapid.Bool().Draw(t, "link") {
		c.LinkType, c.Subject, c.Object = typ, from, to
		if chance(t, 2, "role?") {
			c.Role = drawn(t, pools.words, "role")
		}
		c.On = maybeDate(t, "on")
		if chance(t, 3, "amount?") {
			q := randomQuantity(t)
			c.Amount = &q
		}
	} else {
		p := drawn(t, intel.PropertiesOf(intel.KindOf(c.Subject)), "property")
		c.Property, c.Value = p.Property, randomValue(t, p)
	}
	c.ID = c.HashID()
	return &c
}

func randomHeader(t *rapid.T, stamp intel.Stamp) intel.Header {
	h := header(drawn(t, pools.words, "title"), drawn(t, intel.Reliabilities(), "reliability"), from(some(t, pools.sources, 2, "derived")...), marked(drawn(t, intel.Markings(), "marking")))
	slices.Sort(h.DerivedFrom)
	h.PublishedOn = maybeDate(t, "published")
	h.RetrievedAt = stamp.At.AddDate(0, 0, rapid.IntRange(-3, 3).Draw(t, "retrieved"))
	if chance(t, 2, "publisher?") {
		h.Publisher = drawn(t, pools.words, "publisher")
	}
	return h
}
