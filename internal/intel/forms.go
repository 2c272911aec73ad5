package intel

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NameForms are the forms under which a name is looked for and compared. They
// are derived here once, for both stores and for scoring.
type NameForms struct {
	Text   string // NFC, trimmed
	Key    string // NameKey
	Joined string // Key without its spaces: "blue bottle" is BlueBottle
	// Readings are the ways to read its characters, the first one letter for
	// letter, the others, if any, with leetspeak resolved.
	Readings []NameReading
}

// NameReading is a name as words in ASCII as far as it goes: designators apart
// from their numbers (APT28 is apt 28), Cyrillic and Greek spelled in Latin.
type NameReading struct {
	Words  []string
	Leet   bool   // characters were read as the letters they look like
	Latin  bool   // letters of another script were spelled in Latin
	Joined string // the words as one
	Set    string // the words without organisationWords, sorted
	Core   string // the words without those, in their order, as one
	Shape  string // Core as it looks: i for l, which leetspeak writes alike
	Digits string // the digits of Core
	// Generic says that all words are such as say what sort of thing it is.
	Generic bool
	last    bool // also the digits that end a word were read as letters
}

// organisationWords say what sort of thing a name names and are often left out.
var organisationWords = map[string]bool{
	"the": true, "group": true, "team": true, "gang": true, "crew": true, "operation": true,
	"organization": true, "organisation": true, "org": true, "collective": true,
	"inc": true, "ltd": true, "llc": true, "corp": true, "gmbh": true,
}

// Digits are those of the name as it is written.
func (f *NameForms) Digits() string { return digitsOf(f.Key) }

// FormsOf derives the forms of a name.
func FormsOf(name string) *NameForms {
	f := &NameForms{Text: norm.NFC.String(strings.TrimSpace(name)), Key: NameKey(name)}
	f.Joined = strings.ReplaceAll(f.Key, " ", "")
	words := rawWords(name)
	sure := slices.ContainsFunc(words, isLeet)
	for i, r := range [...]reader{{}, {leet: true}, {leet: true, last: true, sure: sure}} {
		if i > 0 && !slices.ContainsFunc(words, mayBeLeet) {
			break
		}
		n := r.read(words)
		if !slices.ContainsFunc(f.Readings, func(o NameReading) bool { return o.Joined == n.Joined }) {
			f.Readings = append(f.Readings, n)
		}
	}
	return f
}

// rawWords splits a name into words at spaces and punctuation, before the
// punctuation is dropped: @ and ! stay within words, since leetspeak writes a
// and i with them.
func rawWords(name string) []string {
	rs := []rune(plainLetters.Replace(norm.NFC.String(withoutMarks(fold(name)))))
	var words []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	for i, r := range rs {
		switch {
		case isWordRune(r), r == '@' && b.Len() > 0, (r == '@' || r == '!') && i+1 < len(rs) && isWordRune(rs[i+1]):
			b.WriteRune(r)
		case r == '\'' || r == '’':
			// Rich'ard and Rich’s are one word.
		default:
			flush()
		}
	}
	flush()
	return words
}

func withoutMarks(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsSymbol(r)
}

// A reader reads words in one way: leet resolves leetspeak; last resolves also
// the digits that end a word; sure says that some word is leetspeak for certain,
// and so the others may be.
type reader struct{ leet, last, sure bool }

var leetLetters = map[rune]rune{'1': 'i', '$': 's', '@': 'a', '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '!': 'i'}

func (r reader) read(words []string) NameReading {
	var n NameReading
	for _, w := range words {
		latin, changed := toLatin(w)
		n.Latin = n.Latin || changed
		if r.leet {
			resolved := r.resolve(latin)
			n.Leet = n.Leet || resolved != latin
			latin = resolved
		}
		n.Words = append(n.Words, parts(strings.Map(letterOrDigit, latin))...)
	}
	n.Joined = strings.Join(n.Words, "")
	n.last = r.last
	core := slices.DeleteFunc(slices.Clone(n.Words), isOrganisationWord)
	if len(core) == 0 {
		n.Generic = true
		core = slices.Clone(n.Words)
	}
	n.Core = strings.Join(core, "")
	slices.Sort(core)
	n.Set = strings.Join(core, " ")
	n.Shape = shape(n.Core)
	n.Digits = digitsOf(n.Core)
	return n
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func shape(s string) string { return strings.ReplaceAll(s, "l", "i") }

// isOrganisationWord knows them also in leetspeak, and the long ones with a
// typing mistake.
func isOrganisationWord(w string) bool {
	if organisationShapes[shape(w)] {
		return true
	}
	return len(w) >= MinTypo && slices.ContainsFunc(longOrganisationWords, func(known string) bool { return oneMistake(w, known) })
}

var organisationShapes, longOrganisationWords = func() (map[string]bool, []string) {
	shapes, long := map[string]bool{}, []string(nil)
	for w := range organisationWords {
		if shapes[shape(w)] = true; len(w) > MinTypo {
			long = append(long, w)
		}
	}
	return shapes, long
}()

func letterOrDigit(r rune) rune {
	if r == '@' || r == '!' {
		return -1
	}
	return r
}

// resolve reads the characters of a word as letters, when it holds a letter and
// is no designator. The digits that end it are its number, unless last is set.
func (r reader) resolve(w string) string {
	stem := strings.TrimRightFunc(w, unicode.IsDigit)
	number := w[len(stem):]
	sure := r.last && r.sure
	if !strings.ContainsFunc(stem, unicode.IsLetter) || isDesignator(stem, number) && !sure {
		return w
	}
	if sure || r.last && len(number) <= maxLastDigits {
		stem, number = w, ""
	}
	return strings.Map(func(c rune) rune {
		if l, ok := leetLetters[c]; ok {
			return l
		}
		return c
	}, stem) + number
}

// mayBeLeet says that a word holds something that can be read as a letter.
func mayBeLeet(w string) bool {
	return strings.ContainsFunc(w, func(c rune) bool { return leetLetters[c] != 0 })
}

// isLeet says that a word is leetspeak for certain: something that is no letter
// stands before a letter that is not its first.
func isLeet(w string) bool {
	stem := strings.TrimRightFunc(w, unicode.IsDigit)
	letter := strings.IndexFunc(stem, unicode.IsLetter)
	return letter >= 0 && mayBeLeet(stem[letter:])
}

const (
	// maxDesignatorLetters bounds the letters before the number of a designator:
	// FIN7 and APT28 are some, pand4 is a word in leetspeak.
	maxDesignatorLetters = 3
	// maxLastDigits bounds the digits that may be the last letters of a word when
	// nothing else says that it is leetspeak.
	maxLastDigits = 2
)

// isDesignator says that a word is a few letters and then a number.
func isDesignator(letters, number string) bool {
	return number != "" && utf8.RuneCountInString(letters) <= maxDesignatorLetters && !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) })
}

// parts takes a word apart where letters end and a number begins that ends it.
func parts(w string) []string {
	letters := strings.TrimRightFunc(w, unicode.IsDigit)
	switch {
	case w == "":
		return nil
	case letters == "" || letters == w || strings.ContainsFunc(letters, unicode.IsDigit):
		return []string{w}
	}
	return []string{letters, w[len(letters):]}
}

// toLatin spells Cyrillic and Greek letters as BGN/PCGN and ELOT 743 roughly do,
// without marks.
func toLatin(w string) (string, bool) {
	if !strings.ContainsFunc(w, func(r rune) bool { return latinOf[r] != "" || r == 'ь' || r == 'ъ' }) {
		return w, false
	}
	var b strings.Builder
	for _, r := range w {
		if s, ok := latinOf[r]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

var latinOf = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'ђ': "dj", 'е': "e", 'є': "ye", 'ж': "zh", 'з': "z", 'ѕ': "dz", 'и': "i", 'і': "i", 'ј': "j", 'к': "k", 'л': "l", 'љ': "lj",
	'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ћ': "c", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'џ': "dz", 'ш': "sh", 'щ': "shch",
	'ı': "i", 'þ': "th", 'ð': "d",
	'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r",
	'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

// Search terms are texts of which a name has a few, so that a store finds names
// by equality and by prefix alone. Each begins with a character that says what
// it is.
const (
	termJoined = "=" // the reading's words as one
	termSet    = "#" // its set of words
	termShape  = "$" // its shape, where that is not its words as one
	termHead   = "<" // the length of its core, and its first half
	termTail   = ">" // the length of its core, and its second half
	termWord   = "w" // a word after the first, for prefixes
)

// WordTerm begins the terms of words after the first that begin so.
func WordTerm(prefix string) string { return termWord + prefix }

// maxTerm bounds a term's bytes, so that an index can hold it.
const maxTerm = 120

// MinTypo is the least number of characters of a name that is found in spite of
// a typing mistake.
const MinTypo = 6

// Terms are the search terms of a name in the graph.
func (f *NameForms) Terms() []string {
	var t terms
	for _, r := range f.Readings {
		t.add(termJoined, r.Joined)
		t.add(termSet, r.Set)
		if r.Shape != r.Joined {
			t.add(termShape, r.Shape)
		}
		core := []rune(r.Core)
		if n := len(core); n >= MinTypo {
			t.add(termHead, half(n, core[:n/2]))
			t.add(termTail, half(n, core[n/2:]))
		}
		for _, w := range r.Words[min(1, len(r.Words)):] {
			t.add(termWord, w)
		}
	}
	return t
}

// terms are search terms, each once.
type terms []string

func (t *terms) add(kind, text string) {
	if term := kind + text; text != "" && len(term) <= maxTerm && !slices.Contains(*t, term) {
		*t = append(*t, term)
	}
}

func half(n int, of []rune) string { return strconv.Itoa(n) + " " + string(of) }

// Lookups are the terms by which names alike this one are found: equal ones in
// any reading and word order, and all that are one typing mistake away. One
// mistake leaves one half of a name as it is: the first half of one that is
// longer, shorter or as long, or the second; where two letters on either side of
// the middle changed places, both halves of the name with the two put right.
func (f *NameForms) Lookups() []string {
	var t terms
	for _, r := range f.Readings {
		t.add(termJoined, r.Joined)
		t.add(termJoined, r.Shape)
		t.add(termSet, r.Set)
		t.add(termShape, r.Shape)
		core := []rune(r.Core)
		m := len(core)
		for n := max(m-1, MinTypo); n <= m+1; n++ {
			t.add(termHead, half(n, core[:min(n/2, m)]))
			t.add(termTail, half(n, core[max(0, m-(n-n/2)):]))
		}
		if m >= MinTypo {
			core[m/2-1], core[m/2] = core[m/2], core[m/2-1]
			t.add(termHead, half(m, core[:m/2]))
		}
	}
	return t
}

// MistakenFor says whether two readings are one typing mistake apart. The digits
// that end a word are no letters here: a number is never mistaken for another.
func (n *NameReading) MistakenFor(o *NameReading) bool {
	return !n.last && !o.last && n.Digits == o.Digits && oneMistake(n.Core, o.Core)
}

// oneMistake says that one letter added, left out or exchanged, or two
// neighbours that changed places, make one text the other (optimal string
// alignment distance 1).
func oneMistake(x, y string) bool {
	a, b := []rune(x), []rune(y)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	left := len(a) - i - j // what differs of the shorter
	if len(a) != len(b) {
		return left == 0
	}
	return left <= 1 || left == 2 && a[i] == b[i+1] && a[i+1] == b[i]
}
