package exchange

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxBlankLines bounds the empty lines in a row; the YAML library needs
// quadratic time for more.
const maxBlankLines = 100

// piece is a run of whole lines of a file that is parsed on its own: the
// header, one source, one subject, one statement. So a mistake of syntax hides
// none of those behind it, and long files are read in linear time.
type piece struct {
	line   int // number of its first line
	column int // where that begins
	text   string
}

// line is one line of a file, without its end.
type line struct {
	number int
	text   string
	indent int  // spaces before the first character
	dash   bool // begins an entry of a list
	more   bool // blank, a comment or a closing bracket: belongs to what is above
}

// readText checks what holds for the whole file and cuts it into lines.
func (n *notes) readText(data []byte) []line {
	switch {
	case len(data) > MaxDossierBytes:
		n.addf(n.at(1, 1), "the file is larger than %d MiB: split it; a dossier may name the sources of another", MaxDossierBytes>>20)
		return nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		n.addf(n.at(1, 1), "the file is UTF-16: save it as UTF-8")
		return nil
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\ufeff")
	var out []line
	blank, content, marked := 0, false, false
	for i, s := range strings.Split(text, "\n") {
		l := newLine(i+1, s)
		if !content && !marked && (s == "---" || strings.HasPrefix(s, "--- #")) {
			marked = true
			l = newLine(i+1, "")
		}
		n.checkLine(l)
		content = content || !l.more
		blank++
		if l.text != "" {
			blank = 0
		} else if blank == maxBlankLines+1 {
			n.addf(n.at(l.number, 1), "more than %d empty lines in a row", maxBlankLines)
		}
		out = append(out, l)
		if n.full() {
			return nil
		}
	}
	if !content && len(n.list) == 0 {
		n.add(n.at(1, 1), &Mistake{Found: "the file is empty", Expected: "a dossier"})
	}
	if len(n.list) > 0 {
		return nil
	}
	return out
}

func newLine(number int, text string) line {
	rest := strings.TrimLeft(text, " ")
	if rest == "" {
		return line{number: number, more: true}
	}
	return line{
		number: number, text: text, indent: len(text) - len(rest),
		dash: rest == "-" || strings.HasPrefix(rest, "- "),
		more: strings.ContainsRune("#}]", rune(rest[0])),
	}
}

// checkLine refuses what no YAML file may hold, and tabs.
func (n *notes) checkLine(l line) {
	column := 1
	for i, r := range l.text {
		_, size := utf8.DecodeRuneInString(l.text[i:])
		switch {
		case r == utf8.RuneError && size < 2:
			n.addf(n.at(l.number, column), "the file is not valid UTF-8 here: save it as UTF-8")
		case r == '\t':
			n.addf(n.at(l.number, column), "a tab: use spaces, or \\t inside double quotes")
		case unicode.IsControl(r) || r == '\ufeff' || r == '\u2028' || r == '\u2029':
			n.addf(n.at(l.number, column), "the character U+%04X has no place in a dossier", r)
		default:
			column++
			continue
		}
		return
	}
}

func join(lines []line) piece {
	for len(lines) > 0 && lines[len(lines)-1].text == "" {
		lines = lines[:len(lines)-1]
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	p := piece{text: b.String()}
	if len(lines) > 0 {
		p.line, p.column = lines[0].number, lines[0].indent+1
	}
	return p
}

// split cuts lines before each that starts says begins something new. What
// stands before the first such line stays with it.
func split(lines []line, starts func(line) bool) [][]line {
	var out [][]line
	from, begun := 0, false
	for i, l := range lines {
		if !starts(l) {
			continue
		}
		if begun {
			out = append(out, lines[from:i])
			from = i
		}
		begun = true
	}
	if begun {
		out = append(out, lines[from:])
	}
	return out
}

// topLevel cuts a file into what its words in the first column begin.
func topLevel(lines []line) [][]line {
	return split(lines, func(l line) bool { return l.indent == 0 && !l.more && !l.dash })
}

// body splits off the first line of an entry when its value begins on a later
// line; body is nil when it does not. first is the first line of the value.
func body(entry []line) (head, body []line, first line) {
	i := 0
	for i < len(entry) && entry[i].more {
		i++
	}
	if i == len(entry) {
		return entry, nil, line{}
	}
	text, _, _ := strings.Cut(entry[i].text, " #")
	if !strings.HasSuffix(strings.TrimRight(text, " "), ":") {
		return entry, nil, line{}
	}
	for _, l := range entry[i+1:] {
		if !l.more {
			return entry[:i+1], entry[i+1:], l
		}
	}
	return entry, nil, line{}
}

// entries cuts the value of an entry into its own entries: the subjects of
// statements, or with dashes the items of a list. Lines indented less than the
// first belong nowhere.
func (n *notes) entries(lines []line, first line) [][]line {
	var out [][]line
	for _, e := range split(lines, func(l line) bool {
		return !l.more && l.indent <= first.indent && (l.dash == first.dash || l.indent < first.indent || first.dash)
	}) {
		i := 0
		for e[i].more {
			i++
		}
		if l := e[i]; l.indent != first.indent || l.dash != first.dash {
			n.addf(n.at(l.number, l.indent+1), "this line belongs to nothing before it: it is indented by %d, the others by %d (line %d)", l.indent, first.indent, first.number)
			continue
		}
		out = append(out, e)
	}
	return out
}
