package intel

import (
	"cmp"
	"slices"
)

// SettleLink turns the claims about one link that count in a view into its
// settled state; nil when there is none or it is outweighed. Rivals are marked
// by MarkRivals afterwards.
func SettleLink(es []Evidence) *Link {
	if t := weigh(es); len(es) == 0 || t.outweighed() {
		return nil
	}
	return WeighLink(es)
}

// WeighLink does the same for a link that need not be in the settled graph: an
// outweighed one comes with what support is left to it. nil when no claim
// counts.
func WeighLink(es []Evidence) *Link {
	if len(es) == 0 {
		return nil
	}
	t := weigh(es)
	c := t.all()[0].Claim
	l := &Link{ID: c.LinkID(), Type: c.LinkType, From: c.Subject, To: c.Object, Support: t.support, Origins: len(t.taken), Disputed: len(t.denying) > 0}
	l.ValidFrom, l.ValidTo, l.Validity = validity(t.asserting)
	if v := settleAttribute(t.asserting, func(c *Claim) (Value, bool) {
		return Value{Type: TypeText, Text: c.Role}, c.Role != ""
	}); v != nil {
		l.Role = v.Value.Text
	}
	if v := settleAttribute(t.asserting, func(c *Claim) (Value, bool) {
		return Value{Type: TypeDate, Date: c.On}, !c.On.IsZero()
	}); v != nil {
		l.On = v.Value.Date
	}
	l.Amount = settleAttribute(t.asserting, func(c *Claim) (Value, bool) {
		if c.Amount == nil {
			return Value{}, false
		}
		return Value{Type: TypeQuantity, Quantity: *c.Amount}, true
	})
	return l
}

// attribute rows settle by BEST, like any text, date or number.
var attributeInfo = PropertyInfo{Rule: Best}

// settleAttribute settles role, on or amount over the asserting claims that
// state it; nil when none does with any weight.
func settleAttribute(es []Evidence, of func(*Claim) (Value, bool)) *Shown {
	var stating []Evidence
	for _, e := range es {
		if v, ok := of(e.Claim); ok {
			c := *e.Claim
			c.Value = v
			e.Claim = &c
			stating = append(stating, e)
		}
	}
	gs := grouped(&attributeInfo, stating)
	live := notOutweighed(gs)
	if len(live) == 0 {
		return nil
	}
	best := choose(&attributeInfo, live)[0]
	s := best.shown()
	s.Contested = contested(&attributeInfo, best, gs)
	return &s
}

// validity gives the hull of the claims' intervals as the claims wrote it, and
// the set of days itself.
func validity(es []Evidence) (from, to PartialDate, set []Interval) {
	openFrom, openTo := false, false
	for _, e := range es {
		iv := e.Interval()
		set = append(set, iv)
		openFrom = openFrom || e.ValidFrom.IsZero()
		openTo = openTo || e.ValidTo.IsZero()
		if f := e.ValidFrom; !f.IsZero() && (from.IsZero() || cmp.Or(cmp.Compare(f.lo, from.lo), cmp.Compare(f.text, from.text)) < 0) {
			from = f
		}
		if t := e.ValidTo; !t.IsZero() && (to.IsZero() || cmp.Or(cmp.Compare(to.hi, t.hi), cmp.Compare(t.text, to.text)) < 0) {
			to = t
		}
	}
	if openFrom {
		from = PartialDate{}
	}
	if openTo {
		to = PartialDate{}
	}
	return from, to, union(set)
}

// union joins intervals that overlap or touch, in order.
func union(set []Interval) []Interval {
	slices.SortFunc(set, func(a, b Interval) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var out []Interval
	for _, iv := range set {
		if n := len(out); n > 0 && iv.From <= out[n-1].To+1 {
			out[n-1].To = max(out[n-1].To, iv.To)
			continue
		}
		out = append(out, iv)
	}
	return out
}

// MarkRivals marks as disputed those links of one entity and one exclusive
// type whose validity overlaps that of a rival. links are all settled links of
// one type from one entity, as SettleLink made them.
func MarkRivals(links []*Link) {
	for i, a := range links {
		if _, exclusive := a.Type.Allows(KindOf(a.From), KindOf(a.To)); !exclusive {
			continue
		}
		for _, b := range links[i+1:] {
			if _, also := b.Type.Allows(KindOf(b.From), KindOf(b.To)); also && overlap(a.Validity, b.Validity) {
				a.Disputed, b.Disputed = true, true
			}
		}
	}
}
