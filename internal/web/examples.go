package web

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed examples
var exampleFS embed.FS

// An Example is a query that answers on the sample data; GraphiQL opens with all of them in tabs.
type Example struct {
	Name  string // the file's name without its ending, e.g. "01-who-is-opera1er"
	Query string // the text of the file: comments that explain it, then one operation
}

// Question is what the query asks, in a person's words: its leading comment up to the question mark.
func (e Example) Question() string {
	comment, _, _ := strings.Cut(e.Query, "?")
	return strings.ReplaceAll(strings.TrimPrefix(comment, "# "), "\n# ", " ") + "?"
}

// Examples are the example queries in the order of their tabs. It panics when a file cannot be read, which the
// embedding rules out.
func Examples() []Example {
	names, err := fs.Glob(exampleFS, "examples/*.graphql") // sorted
	if err != nil {
		panic(err)
	}
	examples := make([]Example, 0, len(names))
	for _, name := range names {
		query, err := exampleFS.ReadFile(name)
		if err != nil {
			panic(err)
		}
		examples = append(examples, Example{Name: strings.TrimSuffix(path.Base(name), ".graphql"), Query: string(query)})
	}
	return examples
}
