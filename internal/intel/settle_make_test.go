package intel_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// Short ways to write evidence.

type say func(*intel.Evidence)

var claimNumber int

// stating makes one claim with what settling needs of its source: an origin of
// its own, grade C, confidence 80, asserting, unless said otherwise.
func stating(p intel.Property, v intel.Value, says ...say) intel.Evidence {
	e := intel.Evidence{Claim: &intel.Claim{Subject: "operation:x", Property: p, Value: v, Stance: intel.Asserts, Confidence: 80}, Reliability: "C"}
	return finished(e, says)
}

func linking(typ intel.LinkType, from, to string, says ...say) intel.Evidence {
	e := intel.Evidence{Claim: &intel.Claim{Subject: from, LinkType: typ, Object: to, Stance: intel.Asserts, Confidence: 80}, Reliability: "C"}
	return finished(e, says)
}

func finished(e intel.Evidence, says []say) intel.Evidence {
	claimNumber++
	e.ID = fmt.Sprintf("claim:%04d", claimNumber)
	for _, s := range says {
		s(&e)
	}
	if e.Source == "" {
		e.Source = "source:" + e.ID
	}
	if e.Origins == nil {
		e.Origins = []string{e.Source}
	}
	e.Title = intel.KeyOf(e.Source)
	return e
}

func grading(r intel.Reliability) say { return func(e *intel.Evidence) { e.Reliability = r } }
func sure(n int) say                  { return func(e *intel.Evidence) { e.Confidence = n } }
func denying(e *intel.Evidence)       { e.Stance = intel.Denies }
func origin(os ...string) say {
	return func(e *intel.Evidence) { slices.Sort(os); e.Origins = os; e.Source = os[0] }
}
func published(d string) say { return func(e *intel.Evidence) { e.PublishedOn = intel.MustDate(d) } }
func since(d string) say     { return func(e *intel.Evidence) { e.ValidFrom = intel.MustDate(d) } }
func until(d string) say     { return func(e *intel.Evidence) { e.ValidTo = intel.MustDate(d) } }
func numbered(id string) say { return func(e *intel.Evidence) { e.ID = "claim:" + id } }
func role(r string) say      { return func(e *intel.Evidence) { e.Role = r } }
func happened(d string) say  { return func(e *intel.Evidence) { e.On = intel.MustDate(d) } }

func some(q intel.Qualifier, n int64) intel.Value {
	return intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n, Qualifier: q}}
}

func between(lo, hi int64) intel.Value {
	return intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: lo, Max: hi, Qualifier: intel.Range}}
}

func exactly(n int64) intel.Value { return some(intel.Exact, n) }

func words(v intel.Value, asWritten string) intel.Value {
	v.Quantity.AsWritten = asWritten
	return v
}

func counted(v intel.Value, unit string) intel.Value {
	v.Quantity.Unit = unit
	return v
}

func usd(q intel.Qualifier, amount intel.Decimal) intel.Value {
	return intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: amount, Currency: "USD", Qualifier: q, AssetClass: "TOTAL"}}
}

func text(s string) intel.Value { return intel.Value{Type: intel.TypeText, Text: s} }
func word(s string) intel.Value { return intel.Value{Type: intel.TypeEnum, Text: s} }
func date(s string) intel.Value {
	return intel.Value{Type: intel.TypeDate, Date: intel.MustDate(s)}
}

func external(scheme, value string) intel.Value {
	return intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: scheme, Value: value}}
}

// Random evidence: few values, sources and dates, so that groups meet and tie.

func drawn[V any](t *rapid.T, label string, from ...V) V {
	return rapid.SampledFrom(from).Draw(t, label)
}

var settlingDates = []string{"2020", "2020-02", "2020-02-10", "2020-02-11~", "2020-03", "2021", "2021?", "2019-12-31", "2020-02-10~"}

func maybeDate(t *rapid.T, label string) (d intel.PartialDate) {
	if rapid.Bool().Draw(t, label+"?") {
		return intel.MustDate(drawn(t, label, settlingDates...))
	}
	return d
}

func randomQuantity(t *rapid.T) intel.Quantity {
	q := intel.Quantity{Qualifier: drawn(t, "qualifier", intel.Qualifiers()...), Value: drawn[int64](t, "number", 0, 9, 10, 11, 15, 16, 100)}
	if q.Qualifier == intel.Range {
		q.Max = q.Value + drawn[int64](t, "width", 1, 5, 90)
	}
	q.Unit, q.AsWritten = drawn(t, "unit", "", "", "", "kg"), drawn(t, "as written", "", "", "ten", "dix")
	return q
}

func randomValue(t *rapid.T, p intel.Property) intel.Value {
	switch info := p.Info(); info.Type {
	case intel.TypeDate:
		return date(drawn(t, "date", settlingDates...))
	case intel.TypeQuantity:
		return intel.Value{Type: info.Type, Quantity: randomQuantity(t)}
	case intel.TypeMoney:
		m := intel.Money{Qualifier: drawn(t, "qualifier", intel.Exact, intel.About, intel.AtMost, intel.Range), Amount: drawn[intel.Decimal](t, "amount", "9.5", "10", "15"),
			Currency: drawn(t, "currency", "USD", "USD", "EUR"), AssetClass: drawn[intel.AssetClass](t, "class", "CASH", "TOTAL"), AsWritten: drawn(t, "as written", "", "", "ten")}
		if m.Qualifier == intel.Range {
			m.Max = "20"
		}
		return intel.Value{Type: info.Type, Money: m}
	case intel.TypeExternalID:
		return external(drawn(t, "scheme", "a", "b"), drawn(t, "id", "1", "2"))
	case intel.TypeEnum:
		return word(drawn(t, "word", info.Vocabulary[:3]...))
	}
	return text(drawn(t, "text", "Wolf", "wolf", "WOLF!", "Fox", "Émile", "emile"))
}

// randomSource gives the parts of evidence that follow from the source.
func randomSource(t *rapid.T, e *intel.Evidence) {
	n := rapid.IntRange(0, 5).Draw(t, "source")
	e.Source = fmt.Sprintf("source:%d", n)
	e.Title = fmt.Sprint("Title ", n)
	e.Reliability = intel.Reliabilities()[n]
	e.Origins = [][]string{{"source:0"}, {"source:1"}, {"source:0", "source:1"}, {"source:3"}, {"source:3", "source:4"}, {"source:5"}}[n]
	if n%2 == 0 {
		e.PublishedOn = intel.MustDate(settlingDates[n])
	}
}

func randomClaim(t *rapid.T, i int) intel.Claim {
	c := intel.Claim{
		ID: fmt.Sprintf("claim:%02d", i), Stance: drawn(t, "stance", intel.Asserts, intel.Asserts, intel.Asserts, intel.Denies),
		Confidence: drawn(t, "confidence", 80, 80, 60, 100, 50, 20, 1, 0), ValidFrom: maybeDate(t, "from"), ValidTo: maybeDate(t, "to"),
	}
	if iv := c.Interval(); iv.To < iv.From {
		c.ValidTo = intel.PartialDate{} // no claim ends before it begins
	}
	return c
}

var settledProperties = []intel.Property{"name", "arrests", "startedOn", "endedOn", "announcedOn", "seized", "operationType", "operationStatus", "externalId", "summary", "note"}

func randomEvidence(t *rapid.T) (out []intel.Evidence) {
	ps := settledProperties
	if rapid.Bool().Draw(t, "one property") {
		ps = []intel.Property{drawn(t, "property", ps...)}
	}
	for i := range rapid.IntRange(1, 14).Draw(t, "claims") {
		c := randomClaim(t, i)
		c.Subject, c.Property = "operation:x", drawn(t, "property", ps...)
		c.Value = randomValue(t, c.Property)
		e := intel.Evidence{Claim: &c}
		randomSource(t, &e)
		c.Source = e.Source
		out = append(out, e)
	}
	return out
}

func randomLinkEvidence(t *rapid.T) (out []intel.Evidence) {
	for i := range rapid.IntRange(1, 10).Draw(t, "claims") {
		c := randomClaim(t, i)
		c.Subject, c.LinkType, c.Object = "operation:x", "SEIZED", "good:y"
		c.Role, c.On = drawn(t, "role", "", "", "a", "b", "A"), maybeDate(t, "on")
		if rapid.Bool().Draw(t, "amount?") {
			q := randomQuantity(t)
			c.Amount = &q
		}
		e := intel.Evidence{Claim: &c}
		randomSource(t, &e)
		c.Source = e.Source
		out = append(out, e)
	}
	return out
}
