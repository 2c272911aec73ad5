package exchange

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The largest pieces that are parsed. The parser needs more than linear time
// for some texts, and a level of its stack for each level of nesting.
const (
	maxPieceBytes  = 256 << 10
	maxPieceTokens = 50_000
	maxFlowDepth   = 8
	maxDashes      = 4 // on one line
)

type form int

const (
	noValue form = iota
	textValue
	listValue
	mappingValue
)

// node is one value of a YAML file with its place. Scalars keep their text as
// written and are never read as numbers, dates or booleans.
type node struct {
	Position
	form   form
	text   string
	quoted bool // in quotes or as a block, so that nothing in it is a slip
	items  []*node
	pairs  []pair
	flow   bool // written in { } or [ ]
}

type pair struct{ key, value *node }

// parse reads one piece of a file. It notes what is wrong and then returns nil.
func (n *notes) parse(p piece) *node {
	doc := n.syntax(p)
	if doc == nil {
		return nil
	}
	c := converter{notes: n, line: p.line - 1}
	return c.node(doc)
}

// syntax parses a piece as YAML. The library panics on a few texts that are not
// YAML; that is a mistake of the file like any other.
func (n *notes) syntax(p piece) (doc ast.Node) {
	start := n.at(p.line, p.column)
	defer func() {
		if recover() != nil {
			n.addf(start, "what begins here is not YAML")
			doc = nil
		}
	}()
	if len(p.text) > maxPieceBytes || strings.Contains(p.text, strings.Repeat("<", 100)) {
		n.addf(start, "what begins here is too long for one statement: at most %d KiB", maxPieceBytes>>10)
		return nil
	}
	tokens := lexer.Tokenize(p.text)
	for i, t := range tokens {
		if m := refuse(tokens, i); m != nil {
			n.add(n.at(t.Position.Line+p.line-1, t.Position.Column), m)
			return nil
		}
	}
	if m := tooDeep(tokens); m != nil {
		n.add(start, m)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, m := syntaxMistake(err)
		if at == nil {
			at = &token.Position{Line: 1, Column: 1}
		}
		n.add(n.at(at.Line+p.line-1, at.Column), m)
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		n.addf(start, "nothing can be read from what begins here")
		return nil
	}
	return file.Docs[0].Body
}

// refuse names the parts of YAML that a dossier has no use for.
func refuse(tokens token.Tokens, i int) *Mistake {
	switch t := tokens[i]; t.Type {
	case token.InvalidType:
		return &Mistake{Found: "not YAML: " + plainer(t.Error)}
	case token.AnchorType:
		return bad("`&` begins an anchor, which a dossier does not use: put the text in quotes")
	case token.AliasType:
		return bad("`*` begins an alias, which a dossier does not use: write the value out, or put the text in quotes")
	case token.TagType:
		return bad("`!` begins a tag, which a dossier does not use: put the text in quotes")
	case token.MergeKeyType:
		return bad("`<<` merges mappings, which a dossier does not use: write the values out")
	case token.MappingKeyType:
		return bad("`?` begins a long key, which a dossier does not use: put the text in quotes")
	case token.DirectiveType:
		return bad("`%%` begins a directive, which a dossier does not use")
	case token.DocumentHeaderType, token.DocumentEndType:
		return bad("%s parts documents, and a dossier is one document", show(t.Value))
	}
	return nil
}

func tooDeep(tokens token.Tokens) *Mistake {
	if len(tokens) > maxPieceTokens {
		return bad("what begins here is too long for one statement: it has %d parts, at most %d", len(tokens), maxPieceTokens)
	}
	depth, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			dashes, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
		}
		if depth > maxFlowDepth || dashes > maxDashes {
			return bad("what begins here is nested too deep")
		}
	}
	return nil
}

// syntaxMistake tells an error of the parser in the words of this package.
func syntaxMistake(err error) (*token.Position, *Mistake) {
	var e yaml.Error
	if !errors.As(err, &e) {
		return nil, bad("not YAML")
	}
	m := &Mistake{Found: "not YAML: " + plainer(e.GetMessage())}
	if t := e.GetToken(); t != nil {
		return t.Position, m
	}
	return nil, m
}

// plainer explains the parser's more frequent messages.
func plainer(message string) string {
	for _, p := range [...][2]string{
		{"could not find flow mapping end token", "`{` has no `}`"},
		{"sequence end token ']' not found", "`[` has no `]`"},
		{"could not find '['", "`]` has no `[`"},
		{"could not find '{'", "`}` has no `{`"},
		{"could not find end character", "the quote is never closed"},
		{"',' or '}' must be specified", "a comma is missing before this, or a text that holds { } [ ] needs quotes"},
		{"',' or ']' must be specified", "a comma is missing before this, or a text that holds { } [ ] needs quotes"},
		{"mapping value is not allowed in this context", "a text that holds a colon and a space needs quotes"},
		{"value is not allowed in this context", "this belongs to nothing before it: a text with special characters needs quotes, and what belongs together is indented alike"},
		{"non-map value is specified", "this has no colon and belongs to nothing before it"},
		{"unexpected key name", "this line has no colon, or it holds a text that needs quotes"},
		{"is a reserved character", "a text that begins with @ or a backquote needs quotes"},
		{"found unknown escape character", "the backslash stands before a letter that it does not go with: write \\\\ or use single quotes"},
	} {
		if strings.Contains(message, p[0]) {
			return p[1]
		}
	}
	return message
}

// converter turns the library's tree into nodes.
type converter struct {
	*notes
	line int // added to every line
}

func (c *converter) place(t *token.Token) Position {
	return c.at(t.Position.Line+c.line, t.Position.Column)
}

func (c *converter) node(n ast.Node) *node {
	switch x := n.(type) {
	case *ast.MappingNode:
		return c.mapping(x)
	case *ast.MappingValueNode:
		return &node{Position: c.place(x.Key.GetToken()), form: mappingValue, pairs: []pair{c.pair(x)}}
	case *ast.SequenceNode:
		out := &node{Position: c.place(x.GetToken()), form: listValue, flow: x.IsFlowStyle}
		for _, v := range x.Values {
			out.items = append(out.items, c.item(v, x.IsFlowStyle))
		}
		return out
	case *ast.LiteralNode:
		out := &node{Position: c.place(x.GetToken()), form: textValue, quoted: true}
		if x.Value != nil {
			out.text = x.Value.GetToken().Value
		}
		return out
	case *ast.NullNode:
		return &node{Position: c.place(x.GetToken()), form: noValue}
	}
	return c.scalar(n.GetToken())
}

func (c *converter) scalar(t *token.Token) *node {
	out := &node{Position: c.place(t), form: textValue, text: t.Value, quoted: isQuoted(t)}
	if !out.quoted && (strings.Contains(t.Value, ": ") || strings.HasSuffix(t.Value, ":")) {
		c.addf(out.Position, "%s holds a colon: put it in quotes", show(t.Value))
	}
	return out
}

func isQuoted(t *token.Token) bool {
	return t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
}

func (c *converter) mapping(x *ast.MappingNode) *node {
	out := &node{Position: c.place(x.GetToken()), form: mappingValue, flow: x.IsFlowStyle}
	for _, v := range x.Values {
		p := c.pair(v)
		if x.IsFlowStyle {
			// The library takes {at:para 7} for a pair, YAML for one text.
			if text, one := oneText(v); one {
				p = pair{key: &node{Position: p.key.Position, form: textValue, text: text}, value: &node{Position: p.key.Position}}
			}
		} else if len(out.pairs) == 0 {
			out.Position = p.key.Position
		}
		out.pairs = append(out.pairs, p)
	}
	return out
}

func (c *converter) pair(v *ast.MappingValueNode) pair {
	t := v.Key.GetToken()
	return pair{
		key:   &node{Position: c.place(t), form: textValue, text: t.Value, quoted: isQuoted(t)},
		value: c.node(v.Value),
	}
}

// item converts an entry of a list. The library takes [region:002] for a
// mapping, which by the rules of YAML is a text.
func (c *converter) item(n ast.Node, flow bool) *node {
	if m, ok := n.(*ast.MappingNode); ok && flow && !m.IsFlowStyle && len(m.Values) == 1 {
		if text, one := oneText(m.Values[0]); one {
			return &node{Position: c.place(m.Values[0].Key.GetToken()), form: textValue, text: text}
		}
	}
	return c.node(n)
}

// oneText says that what the library split at a colon is one plain text, as no
// space parts its two halves.
func oneText(v *ast.MappingValueNode) (string, bool) {
	key, colon, value := v.Key.GetToken(), v.Start, v.Value.GetToken()
	if colon == nil || value == nil || isQuoted(key) || isQuoted(value) {
		return "", false
	}
	if _, scalar := v.Value.(ast.ScalarNode); !scalar || v.Value.Type() == ast.NullType || v.Value.Type() == ast.LiteralType {
		return "", false
	}
	k, s, l := key.Position, colon.Position, value.Position
	joined := k.Line == s.Line && s.Line == l.Line &&
		k.Column+utf8.RuneCountInString(key.Value) == s.Column && s.Column+1 == l.Column
	return key.Value + ":" + value.Value, joined
}
