package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"

	"dragnet/internal/intel"
)

// MaxMistakes is the most mistakes of one file that are listed.
const MaxMistakes = 50

// Position is a place in a file. Line and Column count from 1, Column in
// characters; they are 0 when they are not known. Item is the file's own id of
// the record, where it has one.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Item   string `json:"item,omitempty"`
}

func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	if p.Item != "" {
		s += " (" + p.Item + ")"
	}
	return s
}

// Mistake is one thing that is wrong in a file.
type Mistake struct {
	Position
	Found    string `json:"found"`              // what is there and why it will not do, as a sentence without its end
	Expected string `json:"expected,omitempty"` // what would be right, where Found does not say it
	Nearest  string `json:"nearest,omitempty"`  // the valid word most like the one found
}

// Message says what is wrong, without the place.
func (m *Mistake) Message() string {
	s := m.Found
	if m.Expected != "" {
		s += "; expected " + m.Expected
	}
	if m.Nearest != "" {
		s += "; did you mean `" + m.Nearest + "`?"
	}
	return s
}

func (m *Mistake) String() string { return m.Position.String() + ": " + m.Message() }

// MistakesError is all that is wrong in a file, in its order: the first
// MaxMistakes, and how many more were found. It matches intel.ErrInvalid.
type MistakesError struct {
	List []*Mistake `json:"mistakes"`
	More int        `json:"more,omitempty"`
}

// Error lists the mistakes, one a line.
func (e *MistakesError) Error() string {
	var b strings.Builder
	for i, m := range e.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(m.String())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\nand at least %d more", e.More)
	}
	return b.String()
}

// Unwrap says that the file is invalid input.
func (e *MistakesError) Unwrap() error { return intel.ErrInvalid }

// notes collects the mistakes of one file.
type notes struct {
	file string
	list []*Mistake
}

// enough bounds what is collected of a file that is wrong all over.
const enough = 20 * MaxMistakes

func (n *notes) full() bool { return len(n.list) >= enough }

func (n *notes) add(at Position, m *Mistake) {
	m.Position = at
	n.list = append(n.list, m)
}

func (n *notes) addf(at Position, format string, args ...any) {
	n.add(at, &Mistake{Found: fmt.Sprintf(format, args...)})
}

func (n *notes) at(line, column int) Position {
	return Position{File: n.file, Line: line, Column: column}
}

// err gives what was collected, or nil.
func (n *notes) err() error {
	if len(n.list) == 0 {
		return nil
	}
	slices.SortStableFunc(n.list, func(a, b *Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	kept := min(len(n.list), MaxMistakes)
	return &MistakesError{List: n.list[:kept], More: len(n.list) - kept}
}

// bad makes a mistake whose place the caller fills in.
func bad(format string, args ...any) *Mistake { return &Mistake{Found: fmt.Sprintf(format, args...)} }

// unknown makes the mistake of a word that is none of those valid.
func unknown(word, what string, valid ...string) *Mistake {
	return &Mistake{Found: show(word) + " is not " + what, Nearest: nearest(word, valid)}
}

// oneOf is unknown for lists short enough to be written out when no valid word
// comes near.
func oneOf(word, what string, valid []string) *Mistake {
	m := unknown(word, what, valid...)
	if m.Nearest == "" {
		m.Expected = listed(valid)
	}
	return m
}

func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// nearest gives the valid word most like the one written (Levenshtein distance,
// case and the kind of word break aside), the first of several, or "" when none
// is alike in about two thirds of its letters.
func nearest(word string, valid []string) string {
	plain := wordForm(word)
	letters := len([]rune(plain))
	if letters < 2 || letters > 64 {
		return ""
	}
	best, found := max(1, (letters+1)/3)+1, ""
	for _, v := range valid {
		if d := levenshtein.ComputeDistance(plain, wordForm(v)); d < best {
			best, found = d, v
		}
	}
	return found
}

var wordBreaks = strings.NewReplacer("-", "_", " ", "_")

func wordForm(s string) string { return wordBreaks.Replace(strings.ToLower(s)) }

// show puts a text of the file into a message: short, and with nothing that
// cannot be seen.
func show(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || r == '`' {
			return strconv.QuoteToGraphic(s)
		}
	}
	return "`" + s + "`"
}
