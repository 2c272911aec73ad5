package graph

import (
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// assertion is an AssertClaimsInput as far as it could be read. Rows that could
// not be read are missing in its claims: rows says which row each claim is.
type assertion struct {
	catalog.AssertInput
	rows []int
	// bad are the faults of rows, by row.
	bad intel.FieldErrors
	// refs are the clientRefs of all rows.
	refs []string
}

// readAssertion reads the input of assertClaims from the raw argument. Faults
// outside its rows are left in the reader.
func readAssertion(r *reader, raw map[string]any) *assertion {
	whole, at := (*place)(nil).field("input"), &assertion{}
	rows, isList := raw["claims"].([]any)
	if !isList {
		rows = []any{raw["claims"]}
	}
	head := make(map[string]any, len(raw))
	for k, v := range raw {
		head[k] = v
	}
	head["claims"] = []any{}
	v, _ := r.input(r.schema.Types["AssertClaimsInput"], head, whole)
	m, _ := v.(map[string]any)
	at.head(object{m: m, at: whole, r: r})
	if len(rows) > catalog.MaxClaims {
		r.failed(whole, catalog.TooManyClaims(len(rows), at.Mode))
		return at
	}
	at.readRows(r, rows, whole.field("claims"))
	return at
}

func (a *assertion) head(o object) {
	a.Mode, a.OnError, a.DryRun = catalog.Mode(o.text("mode")), catalog.OnError(o.text("onError")), get[bool](o, "dryRun")
	source, _ := o.object("source")
	if put, given := source.object("put"); given {
		d := readSource(put)
		a.Source = &d
	} else {
		a.SourceID = source.text("id")
	}
}

func (a *assertion) readRows(r *reader, rows []any, at *place) {
	claim := r.schema.Types["ClaimInput"]
	for i, raw := range rows {
		ref := ""
		if m, isMap := raw.(map[string]any); isMap {
			ref, _ = m["clientRef"].(string)
		}
		a.refs = append(a.refs, ref)
		row := &reader{schema: r.schema, limits: r.limits, row: i}
		v, ok := row.input(claim, raw, at.item(i))
		m, _ := v.(map[string]any)
		if !ok {
			a.bad = append(a.bad, row.faults...)
			continue
		}
		a.rows = append(a.rows, i)
		a.Claims = append(a.Claims, readDraft(object{m: m, at: at.item(i), r: row}))
	}
}

func readSource(o object) intel.SourceDraft {
	return intel.SourceDraft{ID: o.text("id"), Header: intel.Header{
		Title: o.text("title"), Publisher: o.text("publisher"), URL: o.text("url"), PublishedOn: o.date("publishedOn"),
		RetrievedAt: o.time("retrievedAt"), Language: o.text("language"),
		Reliability: intel.Reliability(o.text("reliability")), Marking: intel.Marking(o.text("marking")), DerivedFrom: list[string](o, "derivedFrom"),
	}}
}

func readDraft(o object) intel.Draft {
	d := intel.Draft{
		Property: intel.Property(o.text("property")), Stance: intel.Stance(o.text("stance")), Confidence: o.number("confidence"),
		Locator: o.text("locator"), Quote: o.text("quote"), ValidFrom: o.date("validFrom"), ValidTo: o.date("validTo"), ClientRef: o.text("clientRef"),
	}
	subject, _ := o.object("subject")
	d.Subject = readRef(subject)
	if v, given := o.object("value"); given {
		d.Value = readValue(v)
	}
	if l, given := o.object("link"); given {
		d.Link = readLink(l)
	}
	if by, given := o.object("saidBy"); given {
		ref := readRef(by)
		d.SaidBy = &ref
	}
	return d
}

func readRef(o object) intel.Ref {
	if n, given := o.object("new"); given {
		return intel.Ref{New: &intel.NewEntity{Kind: intel.Kind(n.text("kind")), Key: n.text("key"), Name: n.text("name"), NameKind: n.text("nameKind")}}
	}
	if n, given := o.object("name"); given {
		return intel.Ref{Named: &intel.NamedEntity{Kind: intel.Kind(n.text("kind")), Name: n.text("name")}}
	}
	return intel.Ref{ID: o.text("id")}
}

func readLink(o object) *intel.LinkDraft {
	to, _ := o.object("to")
	l := &intel.LinkDraft{Type: intel.LinkType(o.text("type")), To: readRef(to), Role: o.text("role"), On: o.date("on")}
	if q, given := o.object("amount"); given {
		amount := readQuantity(q)
		l.Amount = &amount
	}
	return l
}

func readValue(o object) *intel.Value {
	if q, given := o.object("quantity"); given {
		return &intel.Value{Type: intel.TypeQuantity, Quantity: readQuantity(q)}
	}
	if m, given := o.object("money"); given {
		return &intel.Value{Type: intel.TypeMoney, Money: intel.Money{
			Amount: get[intel.Decimal](m, "amount"), Max: get[intel.Decimal](m, "max"), Currency: m.text("currency"),
			Qualifier: intel.Qualifier(m.text("qualifier")), AsWritten: m.text("asWritten"), AssetClass: intel.AssetClass(m.text("assetClass")),
		}}
	}
	if x, given := o.object("externalId"); given {
		return &intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: x.text("scheme"), Value: x.text("value")}}
	}
	if o.has("date") {
		return &intel.Value{Type: intel.TypeDate, Date: o.date("date")}
	}
	return &intel.Value{Type: intel.TypeText, Text: o.text("text")}
}

func readQuantity(o object) intel.Quantity {
	return intel.Quantity{
		Value: get[int64](o, "value"), Max: get[int64](o, "max"), Qualifier: intel.Qualifier(o.text("qualifier")),
		AsWritten: o.text("asWritten"), Unit: o.text("unit"),
	}
}
