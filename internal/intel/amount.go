package intel

import (
	"math/big"
	"strconv"
	"strings"
)

// Qualifier says how a stated number is meant.
type Qualifier string

// The qualifiers of a quantity or an amount of money.
const (
	Exact    Qualifier = "EXACT"
	About    Qualifier = "ABOUT"
	AtLeast  Qualifier = "AT_LEAST"
	AtMost   Qualifier = "AT_MOST"
	MoreThan Qualifier = "MORE_THAN"
	LessThan Qualifier = "LESS_THAN"
	Range    Qualifier = "RANGE"
)

// caution orders qualifiers from the one that claims least to the one that
// claims most; of equally supported wordings the smaller is shown.
var caution = map[Qualifier]int{Range: 0, About: 1, MoreThan: 2, AtLeast: 3, LessThan: 4, AtMost: 5, Exact: 6}

// Qualifiers lists every qualifier.
func Qualifiers() []Qualifier {
	return []Qualifier{Exact, About, AtLeast, AtMost, MoreThan, LessThan, Range}
}

// MaxLong is the largest number the API carries exactly: 2^53-1.
const MaxLong = 1<<53 - 1

// Quantity is a stated number of things. Value is 0 to 2^53-1; Max is given
// for RANGE only and then larger than Value. AsWritten keeps the document's
// words where they are not digits ("dozens").
type Quantity struct {
	Value     int64     `json:"value"`
	Max       int64     `json:"max,omitempty"`
	Qualifier Qualifier `json:"qualifier"`
	AsWritten string    `json:"asWritten,omitempty"`
	Unit      string    `json:"unit,omitempty"`
}

// Text writes the quantity as a person would: "more than 3,500".
func (q Quantity) Text() string {
	s := qualified(q.Qualifier, group(strconv.FormatInt(q.Value, 10)), group(strconv.FormatInt(q.Max, 10)), q.AsWritten)
	if q.Unit != "" {
		s += " " + q.Unit
	}
	return s
}

// Decimal is a non-negative decimal number in canonical text: no sign, no
// exponent, no superfluous zeros, at most 38 digits. The empty text is none.
type Decimal string

// ParseDecimal reads a decimal number of at most 38 digits and returns its
// canonical text.
func ParseDecimal(s string) (Decimal, error) {
	whole, frac, point := strings.Cut(s, ".")
	digits := func(p string) bool {
		for _, c := range []byte(p) {
			if c < '0' || c > '9' {
				return false
			}
		}
		return p != ""
	}
	if !digits(whole) || point && !digits(frac) {
		return "", Invalid("", "%q is not a decimal number: write digits with at most one point, no sign, no exponent, no thousands separators", clip(s, 50))
	}
	if len(whole)+len(frac) > 38 {
		return "", Invalid("", "a decimal number has at most 38 digits, this one has %d", len(whole)+len(frac))
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	frac = strings.TrimRight(frac, "0")
	if frac != "" {
		whole += "." + frac
	}
	return Decimal(whole), nil
}

// SortKey is an ASCII text that orders as the numbers do.
func (d Decimal) SortKey() string {
	if d == "" {
		return ""
	}
	whole, frac, _ := strings.Cut(string(d), ".")
	n := strconv.Itoa(len(whole))
	if len(n) == 1 {
		n = "0" + n
	}
	return n + whole + "." + frac
}

func (d Decimal) rat() *big.Rat {
	r, ok := new(big.Rat).SetString(string(d))
	if !ok {
		return new(big.Rat)
	}
	return r
}

// AssetClass says what an amount consists of; it is the slot of Money.
type AssetClass string

// Money is a stated amount. Currency is an ISO 4217 or a crypto code. Max is
// given for RANGE only.
type Money struct {
	Amount     Decimal    `json:"amount"`
	Max        Decimal    `json:"max,omitempty"`
	Currency   string     `json:"currency"`
	Qualifier  Qualifier  `json:"qualifier"`
	AsWritten  string     `json:"asWritten,omitempty"`
	AssetClass AssetClass `json:"assetClass"`
}

// Text writes the amount as a person would: "about USD 30,000,000".
func (m Money) Text() string {
	return qualified(m.Qualifier, m.Currency+" "+group(string(m.Amount)), group(string(m.Max)), m.AsWritten)
}

// ExternalID is the id of an entity in somebody else's catalogue.
type ExternalID struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

func qualified(q Qualifier, n, top, written string) string {
	switch q {
	case About:
		return "about " + n
	case AtLeast:
		return "at least " + n
	case AtMost:
		return "at most " + n
	case MoreThan:
		return "more than " + n
	case LessThan:
		return "less than " + n
	case Range:
		if written != "" {
			return written + " (" + n + "–" + top + ")"
		}
		return n + "–" + top
	}
	return n
}

// group puts a comma between thousands.
func group(s string) string {
	whole, frac, point := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + frac
	}
	return whole
}

// span is the interval of numbers a qualified number may mean: ABOUT is ±10 %,
// MORE_THAN and AT_LEAST reach to 1.5 n, AT_MOST and LESS_THAN down to n/1.5,
// RANGE is itself (ONTOLOGY, settling).
func span(q Qualifier, n, top *big.Rat) (lo, hi *big.Rat) {
	mul := func(a, b int64) *big.Rat { return new(big.Rat).Mul(n, big.NewRat(a, b)) }
	switch q {
	case About:
		return mul(9, 10), mul(11, 10)
	case MoreThan, AtLeast:
		return n, mul(3, 2)
	case LessThan, AtMost:
		return mul(2, 3), n
	case Range:
		return n, top
	}
	return n, n
}

func spansMeet(alo, ahi, blo, bhi *big.Rat) bool {
	return alo.Cmp(bhi) <= 0 && blo.Cmp(ahi) <= 0
}
