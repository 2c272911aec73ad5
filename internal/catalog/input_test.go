package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

func TestBadInput(t *testing.T) {
	money := func(amount, currency string) *intel.Value {
		return &intel.Value{Type: intel.TypeMoney, Money: intel.Money{Amount: intel.Decimal(amount), Currency: currency}}
	}
	with := func(d intel.Draft, change func(*intel.Draft)) intel.Draft {
		change(&d)
		return d
	}
	prop := func(about string, p intel.Property, v *intel.Value) intel.Draft {
		return intel.Draft{Subject: intel.Ref{ID: about}, Property: p, Value: v}
	}
	n := func(i int) *int { return &i }
	good := number("operation:x", "arrests", 5)
	lnk := link("person:x", "MEMBER_OF", "group:y")
	cases := map[string]struct {
		draft intel.Draft
		field string
		says  string
	}{
		"malformed id":          {number("nonsense", "arrests", 1), "subject.id", "kind:key"},
		"unknown kind":          {number("gang:x", "arrests", 1), "subject.id", "kind:key"},
		"id with a slash":       {number("operation:a/b", "arrests", 1), "subject.id", "holds"},
		"id with a zero-width":  {number("operation:a\u200bb", "arrests", 1), "subject.id", "U+200B"},
		"id over 200 bytes":     {number("operation:"+strings.Repeat("a", 201), "arrests", 1), "subject.id", "200"},
		"country by name":       {number("country:france", "arrests", 1), "subject.id", "alpha-2"},
		"empty reference":       {number("", "arrests", 1), "subject", "exactly one"},
		"two references":        {with(good, func(d *intel.Draft) { d.Subject.New = &intel.NewEntity{Kind: "GROUP", Name: "x"} }), "subject", "exactly one"},
		"unknown property":      {number("operation:x", "arests", 1), "property", "arests"},
		"property of others":    {number("group:x", "arrests", 1), "property", "not a property of GROUP"},
		"no value":              {prop("operation:x", "arrests", nil), "value", "needs a value"},
		"no property":           {prop("operation:x", "", good.Value), "property", "needs a property"},
		"neither":               {prop("operation:x", "", nil), "property", "or a link"},
		"both":                  {with(good, func(d *intel.Draft) { d.Link = lnk.Link }), "link", "not both"},
		"wrong value":           {text("operation:x", "arrests", "5"), "value", "takes quantity, not text"},
		"negative":              {number("operation:x", "arrests", -1), "value.quantity.value", "0 to 9007199254740991"},
		"beyond 2^53-1":         {number("operation:x", "arrests", 1<<53), "value.quantity.value", "0 to 9007199254740991"},
		"max without RANGE":     {prop("operation:x", "arrests", &intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: 1, Max: 2}}), "value.quantity.max", "RANGE"},
		"RANGE upside down":     {prop("operation:x", "arrests", &intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: 2, Max: 1, Qualifier: "RANGE"}}), "value.quantity.max", "above"},
		"unknown qualifier":     {prop("operation:x", "arrests", &intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: 2, Qualifier: "SOME"}}), "value.quantity.qualifier", "SOME"},
		"unknown word":          {text("group:x", "groupStatus", "sleeping"), "value.text", "DORMANT"},
		"unknown currency":      {prop("group:x", "proceeds", money("5", "XQX")), "value.money.currency", "ISO 4217"},
		"40 digits":             {prop("group:x", "proceeds", money(strings.Repeat("9", 40), "USD")), "value.money.amount", "38 digits"},
		"exponent":              {prop("group:x", "proceeds", money("1e6", "USD")), "value.money.amount", "no exponent"},
		"no amount":             {prop("group:x", "proceeds", money("", "USD")), "value.money.amount", "not a decimal"},
		"empty name":            {text("group:x", "name", "  "), "value.text", "is empty"},
		"1 MB name":             {text("group:x", "name", strings.Repeat("a", 1<<20)), "value.text", "too long"},
		"1 MB summary":          {text("group:x", "summary", strings.Repeat("a", 1<<20)), "value.text", "too long"},
		"1 MB quote":            {with(good, func(d *intel.Draft) { d.Quote = strings.Repeat("a", 1<<20) }), "quote", "too long"},
		"control in a name":     {text("group:x", "name", "a\x00b"), "value.text", "U+0000"},
		"control in a summary":  {text("group:x", "summary", "a\x1bb"), "value.text", "U+001B"},
		"bidi in a name":        {text("group:x", "name", "a\u202eb"), "value.text", "U+202E"},
		"zero-width in a name":  {text("group:x", "name", "a\u200bb"), "value.text", "U+200B"},
		"joiner at the end":     {text("group:x", "name", "ab\u200d"), "value.text", "U+200D"},
		"zero-width in a code":  {text("agency:x", "acronym", "F\ufeffBI"), "value.text", "U+FEFF"},
		"not UTF-8":             {text("group:x", "name", "a\xffb"), "value.text", "UTF-8"},
		"bad url":               {text("report:x", "url", "javascript:alert(1)"), "value.text", "web address"},
		"bad duration":          {text("operation:x", "duration", "two years"), "value.text", "ISO 8601"},
		"empty duration":        {text("operation:x", "duration", "P"), "value.text", "ISO 8601"},
		"no scheme":             {prop("group:x", "externalId", &intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Value: "G1"}}), "value.externalId.scheme", "is empty"},
		"confidence 101":        {with(good, func(d *intel.Draft) { d.Confidence = n(101) }), "confidence", "0 to 100"},
		"confidence -1":         {with(good, func(d *intel.Draft) { d.Confidence = n(-1) }), "confidence", "0 to 100"},
		"unknown stance":        {with(good, func(d *intel.Draft) { d.Stance = "DOUBTS" }), "stance", "DENIES"},
		"ends before it begins": {with(good, func(d *intel.Draft) { d.ValidFrom, d.ValidTo = date("2024"), date("2023-07") }), "validTo", "before validFrom"},
		"bad speaker":           {with(good, func(d *intel.Draft) { d.SaidBy = &intel.Ref{ID: "x"} }), "saidBy.id", "kind:key"},
		"unknown link type":     {link("person:x", "FRIEND_OF", "person:y"), "link.type", "FRIEND_OF"},
		"link between others":   {link("person:x", "MEMBER_OF", "country:FR"), "link.type", "does not join PERSON to COUNTRY"},
		"link to itself":        {link("group:x", "ALLIED_WITH", "group:X"), "link.to", "itself"},
		"bad link end":          {link("group:x", "ALLIED_WITH", "ally"), "link.to.id", "kind:key"},
		"negative link amount": {with(lnk, func(d *intel.Draft) {
			d.Link = &intel.LinkDraft{Type: "MEMBER_OF", To: lnk.Link.To, Amount: &intel.Quantity{Value: -1}}
		}), "link.amount.value", "0 to"},
		"new without a name": {with(good, func(d *intel.Draft) { d.Subject = intel.Ref{New: &intel.NewEntity{Kind: "GROUP"}} }), "subject.new.name", "is empty"},
		"new with a bad key": {with(good, func(d *intel.Draft) {
			d.Subject = intel.Ref{New: &intel.NewEntity{Kind: "OPERATION", Key: "a b", Name: "A"}}
		}), "subject.new.key", "holds"},
		"new country by name":  {with(good, func(d *intel.Draft) { d.Subject = intel.Ref{New: &intel.NewEntity{Kind: "COUNTRY", Name: "France"}} }), "subject.new.name", "give the id"},
		"new with no key left": {with(good, func(d *intel.Draft) { d.Subject = intel.Ref{New: &intel.NewEntity{Kind: "OPERATION", Name: "---"}} }), "subject.new.name", "no key"},
		"named by nobody": {with(good, func(d *intel.Draft) {
			d.Subject = intel.Ref{Named: &intel.NamedEntity{Kind: "OPERATION", Name: "Nobody"}}
		}), "subject.name", "no OPERATION has the name"},
		"named of unknown kind":  {with(good, func(d *intel.Draft) { d.Subject = intel.Ref{Named: &intel.NamedEntity{Kind: "GANG", Name: "x"}} }), "subject.name.kind", "not a kind"},
		"new of an unknown kind": {with(good, func(d *intel.Draft) { d.Subject = intel.Ref{New: &intel.NewEntity{Kind: "GANG", Name: "x"}} }), "subject.new.kind", "not a kind"},
	}
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		for name, tc := range cases {
			t.Run(name, func(t *testing.T) {
				_, err := c.Assert(t.Context(), catalog.AssertInput{By: "tester", SourceID: "source:a", Claims: []intel.Draft{good, tc.draft}})
				var fe *intel.FieldError
				if !errors.As(err, &fe) {
					t.Fatalf("error %v, want a field at fault", err)
				}
				if fe.Field != tc.field || fe.Row != 1 || !strings.Contains(fe.Msg, tc.says) {
					t.Errorf("row %d, %s: %s\nwant row 1, %s, saying %q", fe.Row, fe.Field, fe.Msg, tc.field, tc.says)
				}
				if len(fe.Msg) > 600 {
					t.Errorf("the message has %d bytes", len(fe.Msg))
				}
				if revision(t, c) != 0 {
					t.Error("something was written")
				}
			})
		}
	})
}

func TestProseKeepsWritingDirections(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		d := text("group:x", "summary", "a\u202eb\u200bc\nd\te")
		d.Quote = "x\u2067y"
		assert(t, c, catalog.AssertInput{SourceID: "source:a", Claims: []intel.Draft{d, text("group:x", "name", "\u0646\u200c\u0645")}})
		if f := fact(t, c, intel.View{}, "group:x", "summary"); f.Values[0].Value.Text != d.Value.Text {
			t.Errorf("summary %q, want %q", f.Values[0].Value.Text, d.Value.Text)
		}
	})
}

func TestAllFaultsOfABatchAtOnce(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		bad := number("nonsense", "arests", -1)
		in := catalog.AssertInput{By: "tester", SourceID: "source:a", Claims: []intel.Draft{number("operation:x", "arrests", 5), bad, number("operation:y", "arrests", 6), bad}}
		_, err := c.Assert(t.Context(), in)
		var all intel.FieldErrors
		if !errors.As(err, &all) || len(all) != 4 || all[0].Row != 1 || all[3].Row != 3 {
			t.Fatalf("faults %v, want two each of rows 1 and 3", err)
		}
		if revision(t, c) != 0 {
			t.Error("something was written")
		}
		in.OnError = catalog.Skip
		res := assert(t, c, in)
		if res.Claims[catalog.Added] != 2 || res.Rejected() != 2 || res.Rows[1].Err == nil {
			t.Errorf("rows %+v, want two added and two rejected with their fault", res.Rows)
		}
	})
}

func TestBadSources(t *testing.T) {
	cases := map[string]struct {
		change func(*intel.SourceDraft)
		field  string
	}{
		"id":           {func(d *intel.SourceDraft) { d.ID = "a" }, "id"},
		"title":        {func(d *intel.SourceDraft) { d.Title = " " }, "title"},
		"url":          {func(d *intel.SourceDraft) { d.URL = "ftp://x" }, "url"},
		"language":     {func(d *intel.SourceDraft) { d.Language = "english please" }, "language"},
		"reliability":  {func(d *intel.SourceDraft) { d.Reliability = "G" }, "reliability"},
		"marking":      {func(d *intel.SourceDraft) { d.Marking = "PURPLE" }, "marking"},
		"derived from": {func(d *intel.SourceDraft) { d.DerivedFrom = []string{"source:b", "x"} }, "derivedFrom[1]"},
		"itself":       {func(d *intel.SourceDraft) { d.DerivedFrom = []string{"source:a"} }, "derivedFrom[0]"},
	}
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		for name, tc := range cases {
			t.Run(name, func(t *testing.T) {
				d := source("source:a", "C", "")
				tc.change(d)
				_, err := c.PutSources(t.Context(), "tester", []intel.SourceDraft{*source("source:ok", "A", ""), *d})
				var fe *intel.FieldError
				if !errors.As(err, &fe) || fe.Field != tc.field || fe.Row != 1 {
					t.Errorf("%v, want a fault of %s in row 1", err, tc.field)
				}
				if revision(t, c) != 0 {
					t.Error("something was written")
				}
			})
		}
	})
}
