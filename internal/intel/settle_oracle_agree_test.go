package intel_test

import (
	"cmp"
	"math/big"
	"slices"

	"dragnet/internal/intel"
)

// exactness of a value: the more precise value wins a tie.
func exactness(v intel.Value) int {
	switch v.Type {
	case intel.TypeDate:
		n := 2 * v.Date.Precision()
		if v.Date.Qualified() {
			return n
		}
		return n + 1
	case intel.TypeQuantity:
		return slices.Index(claimsLess, v.Quantity.Qualifier)
	case intel.TypeMoney:
		return slices.Index(claimsLess, v.Money.Qualifier)
	}
	return 0
}

// ahead orders groups by support; ties by later publishedOn, then the more
// precise value, then the smaller canonical text.
func ahead(x, y *group) int {
	return cmp.Or(cmp.Compare(y.support, x.support), cmp.Compare(y.published, x.published),
		cmp.Compare(exactness(y.value), exactness(x.value)), cmp.Compare(x.canonical, y.canonical))
}

// span of numbers that a value may mean, as rational numbers.
func spanOf(v intel.Value) (lo, hi *big.Rat) {
	num := func(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
	dec := func(d intel.Decimal) *big.Rat {
		if d == "" {
			return new(big.Rat)
		}
		r, ok := new(big.Rat).SetString(string(d))
		if !ok {
			panic("oracle: " + d)
		}
		return r
	}
	q, n, top := v.Quantity.Qualifier, num(v.Quantity.Value), num(v.Quantity.Max)
	if v.Type == intel.TypeMoney {
		q, n, top = v.Money.Qualifier, dec(v.Money.Amount), dec(v.Money.Max)
	}
	of := func(a, b int64) *big.Rat { return new(big.Rat).Mul(n, big.NewRat(a, b)) }
	switch q {
	case intel.About: // ±10 %
		return of(90, 100), of(110, 100)
	case intel.MoreThan, intel.AtLeast: // to 1.5 n
		return n, of(15, 10)
	case intel.AtMost, intel.LessThan: // down to n/1.5
		return of(10, 15), n
	case intel.Range:
		return n, top
	}
	return n, n
}

func agreeing(x, y intel.Value) bool {
	switch x.Type {
	case intel.TypeDate:
		return !(x.Date.Last() < y.Date.First() || y.Date.Last() < x.Date.First())
	case intel.TypeQuantity, intel.TypeMoney:
		if x.Quantity.Unit != y.Quantity.Unit || x.Money.Currency != y.Money.Currency {
			return false
		}
		xlo, xhi := spanOf(x)
		ylo, yhi := spanOf(y)
		return !(xhi.Cmp(ylo) < 0 || yhi.Cmp(xlo) < 0)
	}
	return false // different groups are different texts
}

func meeting(xs, ys []intel.Interval) bool {
	for _, x := range xs {
		for _, y := range ys {
			if max(x.From, y.From) <= min(x.To, y.To) {
				return true
			}
		}
	}
	return false
}

// linkOracle settles the claims about one link; ok is false when it has no row.
func linkOracle(es []intel.Evidence) (l intel.Link, ok bool) {
	a, origins := combined(stanceOf(es, intel.Asserts))
	d, _ := combined(stanceOf(es, intel.Denies))
	if a == 0 || d > a {
		return l, false
	}
	c := es[0]
	l = intel.Link{ID: c.LinkID(), Type: c.LinkType, From: c.Subject, To: c.Object, Support: intel.PPM(product(a, million-d)), Origins: origins}
	l.Disputed = len(stanceOf(es, intel.Denies)) > 0
	asserting := stanceOf(es, intel.Asserts)
	l.ValidFrom, l.ValidTo = hull(asserting)
	l.Validity = daySet(asserting)
	attribute := func(value func(*intel.Claim) (intel.Value, bool)) *intel.Shown {
		var stating []intel.Evidence
		for _, e := range asserting {
			if v, ok := value(e.Claim); ok {
				own := *e.Claim
				own.Value = v
				e.Claim = &own
				stating = append(stating, e)
			}
		}
		o, ok := rules{rule: intel.Best}.settle(stating)
		if !ok {
			return nil
		}
		return &o.Values[0]
	}
	if v := attribute(func(c *intel.Claim) (intel.Value, bool) {
		return intel.Value{Type: intel.TypeText, Text: c.Role}, c.Role != ""
	}); v != nil {
		l.Role = v.Value.Text
	}
	if v := attribute(func(c *intel.Claim) (intel.Value, bool) {
		return intel.Value{Type: intel.TypeDate, Date: c.On}, !c.On.IsZero()
	}); v != nil {
		l.On = v.Value.Date
	}
	l.Amount = attribute(func(c *intel.Claim) (intel.Value, bool) {
		if c.Amount == nil {
			return intel.Value{}, false
		}
		return intel.Value{Type: intel.TypeQuantity, Quantity: *c.Amount}, true
	})
	return l, true
}

// hull is the earliest beginning and the latest end as claims write them; open
// when a claim leaves it open.
func hull(es []intel.Evidence) (from, to intel.PartialDate) {
	for i, e := range es {
		f, t := e.ValidFrom, e.ValidTo
		switch {
		case i == 0:
			from, to = f, t
			continue
		case f.IsZero() || from.IsZero():
			from = intel.PartialDate{}
		case f.First() < from.First() || f.First() == from.First() && f.String() < from.String():
			from = f
		}
		switch {
		case t.IsZero() || to.IsZero():
			to = intel.PartialDate{}
		case t.Last() > to.Last() || t.Last() == to.Last() && t.String() < to.String():
			to = t
		}
	}
	return from, to
}

// daySet is the set of days of the claims, as runs apart from each other. It
// looks at every bound of a claim and the day after: there runs begin and end.
func daySet(es []intel.Evidence) (out []intel.Interval) {
	var days []intel.Day
	for _, e := range es {
		iv := intel.Validity(e.ValidFrom, e.ValidTo)
		days = append(days, iv.From, iv.To+1)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	held := func(d intel.Day) bool {
		return slices.ContainsFunc(es, func(e intel.Evidence) bool {
			iv := intel.Validity(e.ValidFrom, e.ValidTo)
			return iv.From <= d && d <= iv.To
		})
	}
	for i, d := range days {
		if !held(d) {
			continue
		}
		end := days[i+1] - 1 // the last run of days ends before the last bound
		if n := len(out); n > 0 && out[n-1].To == d-1 {
			out[n-1].To = end
		} else {
			out = append(out, intel.Interval{From: d, To: end})
		}
	}
	return out
}
