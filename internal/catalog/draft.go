package catalog

import (
	"slices"
	"strings"

	"github.com/bojanz/currency"

	"dragnet/internal/intel"
)

// row is a checked draft: the claims it makes, in the form in which they are
// kept but for references by name, which the commit resolves.
type row struct {
	index     int
	clientRef string
	claim     *intel.Claim
	// made is the claim with its ends in order and its id.
	made *intel.Claim
	// also are the claims that the draft's new entities bring: their names.
	also []*intel.Claim
	// named are references to fill in, by their place in the claim.
	named []namedRef
}

// namedRef is a reference by name that waits for the graph to be asked.
type namedRef struct {
	intel.NamedEntity
	field string
	put   func(id string)
}

// checker collects the faults of one row.
type checker struct {
	row    int
	errs   intel.FieldErrors
	source string
}

func (c *checker) add(field string, err error) {
	fe, ok := err.(*intel.FieldError) //nolint:errorlint // intel's checks return it bare
	if !ok {
		fe = intel.Invalid("", "%s", err)
	}
	fe = fe.At(field)
	fe.Row = c.row
	c.errs = append(c.errs, fe)
}

func (c *checker) addf(field, format string, args ...any) {
	c.add(field, intel.Invalid("", format, args...))
}

// text cleans a text; an empty one is a fault when it is required.
func (c *checker) text(field, s string, form intel.Form, limit int, required bool) string {
	out, err := intel.CleanText(s, form, limit)
	switch {
	case err != nil:
		c.add(field, err)
	case out == "" && required:
		c.addf(field, "is empty")
	}
	return out
}

// checkDraft turns a draft into a row, or gives every fault of it.
func checkDraft(index int, source string, d intel.Draft) (*row, intel.FieldErrors) {
	c := &checker{row: index, source: source}
	r := &row{index: index, clientRef: d.ClientRef}
	cl := &intel.Claim{Source: source, Stance: intel.Asserts, Confidence: intel.DefaultConfidence}
	r.claim = cl
	if d.Stance != "" {
		cl.Stance = intel.Stance(strings.ToUpper(string(d.Stance)))
		if cl.Stance != intel.Asserts && cl.Stance != intel.Denies {
			c.addf("stance", "is ASSERTS or DENIES, not %q", d.Stance)
		}
	}
	if d.Confidence != nil {
		cl.Confidence = *d.Confidence
		if cl.Confidence < 0 || cl.Confidence > 100 {
			c.addf("confidence", "is 0 to 100, not %d", cl.Confidence)
		}
	}
	cl.Locator = c.text("locator", d.Locator, intel.Line, intel.MaxLocatorBytes, false)
	cl.Quote = c.text("quote", d.Quote, intel.Prose, intel.MaxQuoteBytes, false)
	cl.ValidFrom, cl.ValidTo = d.ValidFrom, d.ValidTo
	if iv := cl.Interval(); iv.From > iv.To {
		c.addf("validTo", "%s lies before validFrom %s", d.ValidTo, d.ValidFrom)
	}
	subject := c.ref(r, "subject", d.Subject, func(id string) { cl.Subject = id })
	if d.SaidBy != nil {
		c.ref(r, "saidBy", *d.SaidBy, func(id string) { cl.SaidBy = id })
	}
	switch {
	case d.Link != nil && (d.Property != "" || d.Value != nil):
		c.addf("link", "a claim is about a property or about a link, not both")
	case d.Link != nil:
		c.link(r, subject, *d.Link)
	case d.Property == "" && d.Value == nil:
		c.addf("property", "a claim needs a property with a value, or a link")
	default:
		c.property(cl, subject, d.Property, d.Value)
	}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	return r, nil
}

// ref checks a reference, notes what it brings and returns the kind it points
// to, "" when that could not be made out.
func (c *checker) ref(r *row, field string, ref intel.Ref, put func(string)) intel.Kind {
	given := 0
	for _, is := range []bool{ref.ID != "", ref.New != nil, ref.Named != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		c.addf(field, "give exactly one of id, new and name")
		return ""
	}
	switch {
	case ref.ID != "":
		id, err := intel.ParseEntityID(ref.ID)
		if err != nil {
			c.add(field+".id", err)
			return ""
		}
		put(id)
		return intel.KindOf(id)
	case ref.New != nil:
		return c.newEntity(r, field+".new", *ref.New, put)
	}
	n := *ref.Named
	n.Name = c.text(field+".name.name", n.Name, intel.Name, intel.MaxNameBytes, true)
	if !n.Kind.Valid() {
		c.addf(field+".name.kind", "%q is not a kind", n.Kind)
		return ""
	}
	r.named = append(r.named, namedRef{NamedEntity: n, field: field + ".name", put: put})
	return n.Kind
}

// newEntity claims the name of an entity with the row's own source, confidence
// and locator.
func (c *checker) newEntity(r *row, field string, n intel.NewEntity, put func(string)) intel.Kind {
	if !n.Kind.Valid() {
		c.addf(field+".kind", "%q is not a kind", n.Kind)
		return ""
	}
	name := c.text(field+".name", n.Name, intel.Name, intel.MaxNameBytes, true)
	kind := strings.ToUpper(n.NameKind)
	if kind != "" && kind != intel.Proper && kind != intel.Descriptive {
		c.addf(field+".nameKind", "is PROPER or DESCRIPTIVE, not %q", n.NameKind)
	}
	if name == "" {
		return n.Kind
	}
	key, at, err := n.Key, field+".key", error(nil)
	if key == "" {
		at = field + ".name"
		key, err = intel.DeriveKey(n.Kind, name)
	}
	var id string
	if err == nil {
		id, err = intel.ParseEntityID(intel.EntityID(n.Kind, key))
	}
	if err != nil {
		c.add(at, err)
		return n.Kind
	}
	put(id)
	also := func(p intel.Property, v intel.Value) {
		r.also = append(r.also, &intel.Claim{Subject: id, Property: p, Value: v, Stance: intel.Asserts, Confidence: r.claim.Confidence, Source: c.source, Locator: r.claim.Locator})
	}
	also(intel.PropName, intel.Value{Type: intel.TypeText, Text: name})
	if kind == intel.Descriptive {
		also(intel.PropNameKind, intel.Value{Type: intel.TypeEnum, Text: kind})
	}
	return n.Kind
}

func (c *checker) link(r *row, from intel.Kind, l intel.LinkDraft) {
	cl := r.claim
	to := c.ref(r, "link.to", l.To, func(id string) { cl.Object = id })
	cl.LinkType = intel.LinkType(strings.ToUpper(string(l.Type)))
	cl.Role = c.text("link.role", l.Role, intel.Line, intel.MaxCodeBytes, false)
	cl.On = l.On
	if l.Amount != nil {
		q := c.quantity("link.amount", *l.Amount)
		cl.Amount = &q
	}
	if !cl.LinkType.Valid() {
		c.addf("link.type", "%q is not a link type", l.Type)
		return
	}
	if from == "" || to == "" {
		return
	}
	if ok, _ := cl.LinkType.Allows(from, to); !ok {
		c.addf("link.type", "%s does not join %s to %s; it joins %s", cl.LinkType, from, to, endsText(cl.LinkType))
	}
	if cl.Subject != "" && cl.Subject == cl.Object {
		c.addf("link.to", "an entity cannot be linked to itself (%s)", cl.Subject)
	}
}

func endsText(t intel.LinkType) string {
	var parts []string
	for i, e := range t.Info().Ends {
		if i == 8 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, string(e.From)+" to "+string(e.To))
	}
	return strings.Join(parts, ", ")
}

func (c *checker) property(cl *intel.Claim, kind intel.Kind, p intel.Property, v *intel.Value) {
	info := p.Info()
	switch {
	case p == "":
		c.addf("property", "a value needs a property")
		return
	case info == nil:
		c.addf("property", "%q is not a property", p)
		return
	case kind != "" && !info.Of(kind):
		c.addf("property", "%s is not a property of %s", p, kind)
	case v == nil:
		c.addf("value", "a property needs a value")
		return
	}
	cl.Property = p
	if v != nil {
		cl.Value = c.value(info, *v)
	}
}

// given maps what a sender can give to the field it is given in.
var given = map[intel.ValueType]string{intel.TypeText: "text", intel.TypeEnum: "text", intel.TypeDate: "date", intel.TypeQuantity: "quantity", intel.TypeMoney: "money", intel.TypeExternalID: "externalId"}

func (c *checker) value(info *intel.PropertyInfo, v intel.Value) intel.Value {
	field := "value." + given[info.Type]
	if given[v.Type] != given[info.Type] {
		c.addf("value", "%s takes %s, not %s", info.Property, given[info.Type], given[v.Type])
		return v
	}
	out := intel.Value{Type: info.Type}
	switch info.Type {
	case intel.TypeDate:
		if v.Date.IsZero() {
			c.addf(field, "is empty")
		}
		out.Date = v.Date
	case intel.TypeQuantity:
		out.Quantity = c.quantity(field, v.Quantity)
	case intel.TypeMoney:
		out.Money = c.money(field, v.Money)
	case intel.TypeExternalID:
		out.ExternalID.Scheme = strings.ToLower(c.text(field+".scheme", v.ExternalID.Scheme, intel.Name, intel.MaxSchemeBytes, true))
		out.ExternalID.Value = c.text(field+".value", v.ExternalID.Value, intel.Name, intel.MaxCodeBytes, true)
	case intel.TypeEnum:
		out.Text = strings.ToUpper(c.text(field, v.Text, intel.Name, intel.MaxCodeBytes, true))
		if out.Text != "" && !slices.Contains(info.Vocabulary, out.Text) {
			c.addf(field, "%q is not a word of %s; it has %s", clip(v.Text), info.Property, strings.Join(info.Vocabulary, ", "))
		}
	default:
		out.Text = c.plain(field, info, v.Text)
	}
	return out
}

func (c *checker) plain(field string, info *intel.PropertyInfo, s string) string {
	switch info.Check {
	case intel.AnyName:
		return c.text(field, s, intel.Name, intel.MaxNameBytes, true)
	case intel.AnyCode:
		return c.text(field, s, intel.Name, intel.MaxCodeBytes, true)
	case intel.WebAddress:
		return c.url(field, s, true)
	case intel.ISOPeriod:
		s = c.text(field, s, intel.Name, intel.MaxCodeBytes, true)
		if s != "" && !intel.IsPeriod(s) {
			c.addf(field, "%q is not an ISO 8601 duration: write P2Y, P3M or PT36H", clip(s))
		}
		return s
	}
	return c.text(field, s, intel.Prose, intel.MaxProseBytes, true)
}

func (c *checker) url(field, s string, required bool) string {
	s = c.text(field, s, intel.Name, intel.MaxURLBytes, required)
	if s == "" {
		return s
	}
	if _, err := intel.SourceKey(s); err != nil {
		c.add(field, err)
	}
	return s
}

func (c *checker) qualifier(field string, q intel.Qualifier) intel.Qualifier {
	if q == "" {
		return intel.Exact
	}
	q = intel.Qualifier(strings.ToUpper(string(q)))
	if !slices.Contains(intel.Qualifiers(), q) {
		c.addf(field+".qualifier", "%q is not a qualifier; write EXACT, ABOUT, AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN or RANGE", clip(string(q)))
	}
	return q
}

func (c *checker) quantity(field string, q intel.Quantity) intel.Quantity {
	q.Qualifier = c.qualifier(field, q.Qualifier)
	if q.Value < 0 || q.Value > intel.MaxLong {
		c.addf(field+".value", "is 0 to 9007199254740991, not %d", q.Value)
	}
	switch {
	case q.Qualifier == intel.Range && (q.Max <= q.Value || q.Max > intel.MaxLong):
		c.addf(field+".max", "a RANGE needs a max above its value, at most 9007199254740991")
	case q.Qualifier != intel.Range && q.Max != 0:
		c.addf(field+".max", "only a RANGE has a max")
	}
	q.AsWritten = c.text(field+".asWritten", q.AsWritten, intel.Line, intel.MaxCodeBytes, false)
	q.Unit = c.text(field+".unit", q.Unit, intel.Name, intel.MaxCodeBytes, false)
	return q
}

func (c *checker) money(field string, m intel.Money) intel.Money {
	m.Qualifier = c.qualifier(field, m.Qualifier)
	m.Amount = c.decimal(field+".amount", m.Amount)
	if m.Max != "" || m.Qualifier == intel.Range {
		m.Max = c.decimal(field+".max", m.Max)
	}
	switch {
	case m.Qualifier == intel.Range && m.Max.SortKey() <= m.Amount.SortKey():
		c.addf(field+".max", "a RANGE needs a max above its amount")
	case m.Qualifier != intel.Range && m.Max != "":
		c.addf(field+".max", "only a RANGE has a max")
	}
	m.Currency = strings.ToUpper(c.text(field+".currency", m.Currency, intel.Name, 8, true))
	if m.Currency != "" && !currency.IsValid(m.Currency) && !slices.Contains(intel.CryptoCurrencies(), m.Currency) {
		c.addf(field+".currency", "%q is not a currency: write an ISO 4217 code such as USD, or a crypto code such as BTC", clip(m.Currency))
	}
	m.AssetClass = intel.AssetClass(strings.ToUpper(string(m.AssetClass)))
	if m.AssetClass == "" {
		m.AssetClass = "OTHER"
	}
	if !slices.Contains(intel.AssetClasses(), m.AssetClass) {
		c.addf(field+".assetClass", "%q is not an asset class", clip(string(m.AssetClass)))
	}
	m.AsWritten = c.text(field+".asWritten", m.AsWritten, intel.Line, intel.MaxCodeBytes, false)
	return m
}

func (c *checker) decimal(field string, d intel.Decimal) intel.Decimal {
	out, err := intel.ParseDecimal(strings.TrimSpace(string(d)))
	if err != nil {
		c.add(field, err)
	}
	return out
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
