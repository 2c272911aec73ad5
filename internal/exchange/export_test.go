package exchange

import (
	"encoding/json"
	"errors"
	"strings"
)

// JSONValue reads a YAML text as this package does and gives it as JSON values,
// scalars without quotes as the numbers and booleans they look like.
func JSONValue(text string) (any, error) {
	n := &notes{file: "text"}
	root := n.parse(piece{line: 1, column: 1, text: strings.TrimPrefix(text, "---\n")})
	if root == nil || len(n.list) > 0 {
		return nil, errors.Join(n.err(), errors.New("not read"))
	}
	return root.jsonValue(), nil
}

func (n *node) jsonValue() any {
	switch n.form {
	case listValue:
		out := []any{}
		for _, item := range n.items {
			out = append(out, item.jsonValue())
		}
		return out
	case mappingValue:
		out := map[string]any{}
		for _, p := range n.pairs {
			out[p.key.text] = p.value.jsonValue()
		}
		return out
	case noValue:
		return nil
	}
	switch {
	case n.quoted:
	case n.text == "true" || n.text == "false":
		return n.text == "true"
	case json.Valid([]byte(n.text)):
		return json.Number(n.text)
	}
	return n.text
}

// SnakeCase is how a property is named in STIX.
var SnakeCase = snakeCase
