package gen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"dragnet/internal/intel"
)

// likely is a property and how often an entity of the kind has it.
type likely struct {
	property intel.Property
	p        float64
}

// known says what is usually known of entities of a kind, beside the name.
var known = map[intel.Kind][]likely{
	intel.KindGroup:          {{"groupType", .8}, {"groupStatus", .6}, {"motivation", .4}, {"firstSeen", .6}, {"lastSeen", .4}, {"attacks", .2}, {"victims", .25}, {"proceeds", .2}, {"losses", .1}, {"summary", .3}, {"externalId", .5}, {"sophistication", .15}},
	intel.KindOperation:      {{"operationType", .8}, {"operationStatus", .4}, {"startedOn", .6}, {"endedOn", .3}, {"announcedOn", .3}, {"arrests", .7}, {"suspectsIdentified", .2}, {"countriesInvolved", .3}, {"devicesSeized", .2}, {"seized", .4}, {"fundsRecovered", .1}, {"sitesTakenDown", .15}, {"duration", .1}},
	intel.KindPerson:         {{"personStatus", .7}, {"externalId", .05}, {"note", .05}, {"summary", .1}},
	intel.KindAgency:         {{"agencyType", .8}, {"acronym", .4}},
	intel.KindFirm:           {{"firmType", .7}, {"acronym", .1}},
	intel.KindTool:           {{"toolType", .8}, {"externalId", .4}, {"summary", .2}},
	intel.KindInfrastructure: {{"infrastructureType", .8}, {"venue", .5}},
	intel.KindCampaign:       {{"firstSeen", .7}, {"lastSeen", .5}, {"externalId", .2}},
	intel.KindReport:         {{"publishedOn", .9}, {"url", .6}, {"reportType", .3}},
	intel.KindTechnique:      {{"attackId", .7}, {"externalId", .5}, {"summary", .2}},
	intel.KindCountry:        {{"alpha2", 1}, {"alpha3", 1}, {"numeric", 1}},
	intel.KindRegion:         {{"regionType", 1}, {"m49", 1}},
	intel.KindSector:         {{"nace", .6}},
	intel.KindOffence:        {{"iccs", .6}},
}

// facts writes the claims about the entity's properties.
func (b *builder) facts(k int) {
	name := b.name(b.kind, k)
	b.state(func() *intel.Claim {
		return &intel.Claim{Property: intel.PropName, Value: intel.Value{Type: intel.TypeText, Text: name}}
	}, func(c *intel.Claim) {
		if b.chance(0.3) {
			c.Value.Text = strings.ToUpper(name) // another way to write it
		}
	})
	if b.kind == intel.KindPerson && b.chance(0.04) {
		b.fact(intel.PropNameKind.Info(), intel.Value{Type: intel.TypeEnum, Text: intel.Descriptive})
	}
	for _, l := range known[b.kind] {
		if !b.chance(l.p) {
			continue
		}
		info := l.property.Info()
		n := 1
		if info.Many && b.chance(0.3) {
			n = 2
		}
		for range n {
			b.fact(info, b.value(info, k))
		}
	}
}

// fact writes the claims about one value: others say the same, word it
// otherwise, or contradict.
func (b *builder) fact(info *intel.PropertyInfo, v intel.Value) {
	dated := info.Rule == intel.Latest && b.chance(0.5)
	b.state(func() *intel.Claim {
		c := &intel.Claim{Property: info.Property, Value: v}
		if dated {
			c.ValidFrom = b.date()
		}
		return c
	}, func(c *intel.Claim) {
		switch p := b.Float64(); {
		case p < 0.12:
			c.Value = b.reworded(v)
		case p < 0.27:
			c.Value = b.contradicting(info, v)
		}
	})
}

// reworded is the same value, claimed with less precision.
func (b *builder) reworded(v intel.Value) intel.Value {
	switch v.Type {
	case intel.TypeQuantity:
		if v.Quantity.Qualifier != intel.Range {
			v.Quantity.Qualifier = pick(b.draw, intel.About, intel.MoreThan, intel.AtLeast)
		}
	case intel.TypeMoney:
		if v.Money.Qualifier != intel.Range {
			v.Money.Qualifier = intel.About
		}
	case intel.TypeDate:
		if text := v.Date.String(); len(text) > 7 {
			v.Date = intel.MustDate(text[:7])
		}
	}
	return v
}

func (b *builder) contradicting(info *intel.PropertyInfo, v intel.Value) intel.Value {
	switch other := b.value(info, b.IntN(1000)); {
	case v.Type == intel.TypeMoney:
		v.Money.Amount = other.Money.Amount
		if v.Money.Qualifier == intel.Range {
			v.Money.Qualifier, v.Money.Max = intel.Exact, ""
		}
		return v
	case info.Check == intel.AnyCode:
		return v // codes are looked up, not guessed
	default:
		return other
	}
}

func (b *builder) value(info *intel.PropertyInfo, k int) intel.Value {
	v := intel.Value{Type: info.Type}
	switch info.Type {
	case intel.TypeEnum:
		v.Text = first(b.draw, info.Vocabulary)
	case intel.TypeDate:
		v.Date = b.date()
	case intel.TypeQuantity:
		v.Quantity = b.quantity()
	case intel.TypeMoney:
		v.Money = b.money()
	case intel.TypeExternalID:
		v.ExternalID = intel.ExternalID{Scheme: pick(b.draw, "mitre-attack", "misp", "etda", "malpedia"), Value: fmt.Sprintf("%c%04d", b.kind[0], b.i)}
	default:
		v.Text = b.text(info, k)
	}
	return v
}

func (b *builder) text(info *intel.PropertyInfo, k int) string {
	switch info.Property {
	case intel.PropAlpha2:
		return countries[min(k, len(countries)-1)]
	case "alpha3":
		return language.MustParseRegion(countries[min(k, len(countries)-1)]).ISO3()
	case "numeric":
		return fmt.Sprintf("%03d", language.MustParseRegion(countries[min(k, len(countries)-1)]).M49())
	case "duration":
		return "P" + strconv.Itoa(1+b.IntN(24)) + "M"
	case "url":
		return fmt.Sprintf("https://%s.example/report/%d", pick(b.draw, publishers...), b.i)
	case intel.PropSummary, intel.PropNote:
		return b.sentence() + " " + b.sentence()
	case "attackId":
		return fmt.Sprintf("T%d", 1001+k)
	}
	return fmt.Sprintf("%s-%d", strings.ToUpper(string(info.Property[:2])), k+1)
}

func (d draw) date() intel.PartialDate {
	year, month, day := 2008+d.IntN(18), 1+d.IntN(12), 1+d.IntN(28)
	text := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	switch p := d.Float64(); {
	case p < 0.25:
		text = text[:4]
	case p < 0.5:
		text = text[:7]
	}
	if d.chance(0.05) {
		text += pick(d, "~", "?")
	}
	return intel.MustDate(text)
}

func (d draw) quantity() intel.Quantity {
	q := intel.Quantity{Value: d.magnitude(1, 50_000), Qualifier: intel.Exact}
	switch p := d.Float64(); {
	case p < 0.15:
		q.Qualifier = intel.About
	case p < 0.25:
		q.Qualifier = intel.MoreThan
	case p < 0.3:
		q.Qualifier, q.Value, q.Max, q.AsWritten = intel.Range, 24, 99, "dozens"
	}
	return q
}

func (d draw) money() intel.Money {
	m := intel.Money{Amount: intel.Decimal(strconv.FormatInt(d.magnitude(1_000, 900_000_000), 10)), Currency: pick(d, "USD", "USD", "EUR", "GBP", "BTC"), Qualifier: intel.Exact}
	m.AssetClass = first(d, slices.Clip(intel.AssetClasses()))
	if d.chance(0.4) {
		m.Qualifier = pick(d, intel.About, intel.MoreThan)
	}
	return m
}
