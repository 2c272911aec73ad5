package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bojanz/currency"

	"dragnet/internal/intel"
)

// figure is a number as people write it: "about 300 million", "24-99", "dozens
// (24-99)", and what follows it: a unit or a currency.
type figure struct {
	qualifier intel.Qualifier
	low, high string // digits with at most one point; high only for RANGE
	written   string // the document's own words, before the brackets
	rest      string
}

const (
	quantityForms = "a number such as 30, about 30, more than 3500, at least 5, up to 9, 24-99, 2 million, about 40 kg or dozens (24-99)"
	moneyForms    = "an amount and a currency's code, such as 5000 USD, about 300 million USD in cryptocurrency or 2-3 million EUR"
)

var qualifierWords = []struct {
	words string
	means intel.Qualifier
}{
	{"about", intel.About}, {"around", intel.About}, {"approximately", intel.About}, {"roughly", intel.About}, {"circa", intel.About},
	{"more than", intel.MoreThan}, {"over", intel.MoreThan}, {"above", intel.MoreThan},
	{"at least", intel.AtLeast},
	{"at most", intel.AtMost}, {"up to", intel.AtMost},
	{"less than", intel.LessThan}, {"fewer than", intel.LessThan}, {"under", intel.LessThan}, {"below", intel.LessThan},
	{"exactly", intel.Exact},
}

// scales are the words for powers of ten, by their number of zeros.
var scales = map[string]int{"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}

var (
	numberStart = regexp.MustCompile(`^[0-9][0-9,]*(\.[0-9]+)?`)
	numberForm  = regexp.MustCompile(`^([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)
	rangeMark   = regexp.MustCompile(`^(\s*[-\x{2010}-\x{2015}]\s*|\s+to\s+|\s+and\s+)`)
)

// parseFigure reads a figure; forms says in messages what would be one.
func parseFigure(text, forms string) (figure, *Mistake) {
	text = strings.Join(strings.Fields(text), " ")
	before, inner, bracket := strings.Cut(text, "(")
	if !bracket {
		return plainFigure(text, forms)
	}
	inner, after, closed := strings.Cut(inner, ")")
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if !closed || !strings.ContainsFunc(before, unicode.IsLetter) {
		return figure{}, bad("%s has brackets, which hold the number that the words before them stand for, as in dozens (24-99)", show(text))
	}
	f, m := plainFigure(inner, forms)
	if m != nil {
		return f, m
	}
	f.written, f.rest = before, strings.TrimSpace(f.rest+" "+after)
	return f, checkRest(" "+after, text)
}

func plainFigure(text, forms string) (figure, *Mistake) {
	f := figure{qualifier: intel.Exact}
	s := strings.TrimSpace(text)
	qualified, between := false, false
	for _, q := range qualifierWords {
		if rest, ok := cutWords(s, q.words); ok {
			f.qualifier, s, qualified = q.means, rest, true
			break
		}
	}
	if rest, ok := cutWords(s, "between"); ok {
		s, between = rest, true
	}
	low, lowScale, s, m := number(s, text, forms)
	if m != nil {
		return f, m
	}
	mark := rangeMark.FindString(s)
	if strings.TrimSpace(mark) == "and" && !between {
		mark = ""
	}
	if between && mark == "" {
		return f, bad("%s gives no end of the range: write 24-99", show(text))
	}
	if mark != "" {
		high, highScale, rest, m := number(s[len(mark):], text, forms)
		switch {
		case m != nil:
			return f, m
		case qualified:
			return f, bad("%s is both qualified and a range: write one of the two", show(text))
		case lowScale == 0:
			lowScale = highScale
		}
		f.qualifier, s = intel.Range, rest
		f.high = shift(high, highScale)
	}
	f.low, f.rest = shift(low, lowScale), strings.TrimSpace(s)
	return f, checkRest(s, text)
}

// What follows a number begins with a letter, and no word of it with a digit.
var restForm = regexp.MustCompile(`^([\pL%]\S*( [^0-9]\S*)*)?$`)

// counting are words that are part of a number, not a unit.
var counting = []string{"dozen", "dozens", "score", "hundreds", "thousands", "millions", "billions", "trillions"}

// checkRest checks what follows a number: a space, then a unit or a currency.
func checkRest(s, whole string) *Mistake {
	rest := strings.TrimSpace(s)
	first, _, _ := strings.Cut(strings.ToLower(rest), " ")
	switch {
	case !restForm.MatchString(rest) || scales[first] > 0 || slices.Contains(counting, first):
		return bad("%s goes on with %s after the number", show(whole), show(rest))
	case s != "" && s[0] != ' ' && s[0] != '%':
		return bad("%s has no space after the number; 300 thousand and 40 kg are understood, 300k and 40kg are not", show(whole))
	}
	return nil
}

// cutWords takes words off the front of a text, whatever their case.
func cutWords(s, words string) (rest string, ok bool) {
	if len(s) <= len(words) || !strings.EqualFold(s[:len(words)], words) || s[len(words)] != ' ' {
		return s, false
	}
	return strings.TrimSpace(s[len(words):]), true
}

// number takes a number off the front of s, without commas, and the zeros that a
// word such as million adds. whole is what messages show.
func number(s, whole, forms string) (digits string, zeros int, rest string, m *Mistake) {
	digits = numberStart.FindString(s)
	if digits == "" {
		return "", 0, "", noNumber(s, whole, forms)
	}
	s = s[len(digits):]
	if !numberForm.MatchString(digits) {
		return "", 0, "", bad("%s has commas that do not part thousands: write 3500 or 3,500", show(whole))
	}
	digits = strings.ReplaceAll(digits, ",", "")
	if len(digits) > 60 {
		return "", 0, "", bad("%s is too long a number", show(whole))
	}
	if word, after := firstWord(s); scales[strings.ToLower(word)] > 0 {
		return digits, scales[strings.ToLower(word)], after, nil
	}
	return digits, 0, s, nil
}

func firstWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " ")
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// noNumber says what stands where a number should.
func noNumber(s, whole, forms string) *Mistake {
	digit := strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
	switch {
	case digit < 0:
		return &Mistake{Found: show(whole) + " is not a number", Expected: forms}
	case strings.HasPrefix(s, "-"):
		return bad("%s is negative", show(whole))
	}
	var known []string
	for _, q := range qualifierWords {
		known = append(known, q.words)
	}
	return oneOf(strings.TrimSpace(s[:digit]), "a word before a number", known)
}

// shift multiplies a decimal number by a power of ten.
func shift(digits string, zeros int) string {
	whole, frac, _ := strings.Cut(digits, ".")
	frac += strings.Repeat("0", max(0, zeros-len(frac)))
	whole, frac = whole+frac[:zeros], strings.TrimRight(frac[zeros:], "0")
	if frac != "" {
		whole += "." + frac
	}
	return whole
}

// parseQuantity reads a number of things and its unit.
func parseQuantity(text string) (intel.Quantity, *Mistake) {
	f, m := parseFigure(text, quantityForms)
	if m != nil {
		return intel.Quantity{}, m
	}
	q := intel.Quantity{Qualifier: f.qualifier, AsWritten: f.written, Unit: f.rest}
	if q.Value, m = whole(f.low); m != nil {
		return q, m
	}
	if f.qualifier != intel.Range {
		return q, nil
	}
	if q.Max, m = whole(f.high); m == nil && q.Max <= q.Value {
		m = bad("%s does not run upwards", show(text))
	}
	return q, m
}

// whole reads digits as a whole number that the API carries exactly.
func whole(digits string) (int64, *Mistake) {
	if strings.Contains(digits, ".") {
		return 0, bad("%s is not a whole number", show(digits))
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > intel.MaxLong {
		return 0, bad("%s is too large: at most %d", show(digits), int64(intel.MaxLong))
	}
	return n, nil
}

// parseMoney reads an amount, its currency and, after "in", what it consists of.
func parseMoney(text string) (intel.Money, *Mistake) {
	if strings.ContainsAny(text, "$€£¥₿") {
		return intel.Money{}, &Mistake{Found: show(text) + " has a sign for the currency", Expected: moneyForms}
	}
	text = strings.Join(strings.Fields(text), " ")
	plain, code := cutCode(text)
	f, m := parseFigure(plain, moneyForms)
	if m != nil {
		return intel.Money{}, m
	}
	rest := f.rest
	if code == "" {
		code, rest, _ = strings.Cut(rest, " ")
	}
	if m := checkCurrency(code, text); m != nil {
		return intel.Money{}, m
	}
	money := intel.Money{Qualifier: f.qualifier, AsWritten: f.written, Currency: strings.ToUpper(code), AssetClass: "OTHER"}
	if money.Amount, m = decimal(f.low); m != nil {
		return money, m
	}
	if f.qualifier == intel.Range {
		if money.Max, m = decimal(f.high); m != nil {
			return money, m
		}
		if money.Max.SortKey() <= money.Amount.SortKey() {
			return money, bad("%s does not run upwards", show(text))
		}
	}
	if rest = strings.TrimSpace(rest); rest != "" {
		money.AssetClass, m = parseAssetClass(rest)
	}
	return money, m
}

var codeFirst = regexp.MustCompile(`(^| |\()([A-Z]{3,5}) ([0-9])`)

// cutCode takes out the code of a currency that stands before its number.
func cutCode(text string) (rest, code string) {
	at := codeFirst.FindStringSubmatchIndex(text)
	if len(at) < 6 || !isCurrency(text[at[4]:at[5]]) {
		return text, ""
	}
	return text[:at[4]] + text[at[6]:], text[at[4]:at[5]]
}

func checkCurrency(code, text string) *Mistake {
	switch {
	case code == "":
		return &Mistake{Found: show(text) + " has no currency", Expected: moneyForms}
	case !isCurrency(strings.ToUpper(code)):
		return &Mistake{Found: show(code) + " is not a currency", Expected: "an ISO 4217 code such as USD, or a crypto code such as BTC"}
	}
	return nil
}

func isCurrency(code string) bool {
	return currency.IsValid(code) || slices.Contains(intel.CryptoCurrencies(), code)
}

// decimal reads digits, with or without commas between thousands.
func decimal(digits string) (intel.Decimal, *Mistake) {
	if numberForm.MatchString(digits) {
		digits = strings.ReplaceAll(digits, ",", "")
	}
	d, err := intel.ParseDecimal(digits)
	if err != nil {
		return "", bad("%s", err)
	}
	return d, nil
}

// parseAssetClass reads "in cryptocurrency" or the bare word.
func parseAssetClass(text string) (intel.AssetClass, *Mistake) {
	word, _ := cutWords(text, "in")
	class := intel.AssetClass(strings.ToUpper(wordForm(word)))
	if slices.Contains(intel.AssetClasses(), class) {
		return class, nil
	}
	var valid []string
	for _, c := range intel.AssetClasses() {
		valid = append(valid, strings.ReplaceAll(strings.ToLower(string(c)), "_", " "))
	}
	return "", oneOf(word, "an asset class", valid)
}
