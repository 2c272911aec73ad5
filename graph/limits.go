package graph

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"dragnet/graph/subject"
	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

// Limits bound what one request may ask. They are checked before a query is
// validated, because validating takes time quadratic in the size of a query,
// and in time linear in its text.
type Limits struct {
	Text       int // bytes of a query
	Tokens     int
	Depth      int // of selections, and of lists and objects in arguments
	RootFields int // of an operation
	Aliases    int
	Fragments  int
	Fields     int   // of all operations, fragments spread out
	Pairs      int64 // of fields with one path of response keys
	Objects    int64 // asked for: the product of page sizes
	Name       int   // bytes of a name or alias

	FilterDepth, FilterConditions, FilterValues int

	Errors  int // of one answer
	Message int // bytes of an error's message
}

// DefaultLimits are the limits in force unless told otherwise.
func DefaultLimits() Limits {
	return Limits{
		Text: 64 << 10, Tokens: 4_000, Depth: 20, RootFields: 30, Aliases: 200, Fragments: 50, Fields: 2_000, Pairs: 10_000, Objects: 200_000, Name: 100,
		FilterDepth: 20, FilterConditions: 200, FilterValues: 1_000, Errors: 20, Message: 500,
	}
}

// list names the limits for those who ask the service.
func (l Limits) list() []subject.Limit {
	row := func(name string, n int, what string) subject.Limit {
		return subject.Limit{Name: name, Value: int64(n), Description: what}
	}
	return []subject.Limit{
		row("queryText", l.Text, "Bytes of a query's text; what is long goes into variables."),
		row("queryTokens", l.Tokens, "Tokens of a query's text."),
		row("queryDepth", l.Depth, "Levels to which selections nest, and lists and objects in arguments."),
		row("rootFields", l.RootFields, "Root fields of an operation."),
		row("aliases", l.Aliases, "Aliases in a query."),
		row("fragments", l.Fragments, "Fragments in a query."),
		row("fields", l.Fields, "Fields of a query, every fragment counted wherever it is spread."),
		row("fieldPairs", int(l.Pairs), "Pairs of fields with one path of response keys, which validation compares."),
		row("objects", int(l.Objects), "Objects that a query asks for: the product of its page sizes, a page without first counted as its default, a plain list as 3; and that its answer holds in lists."),
		row("nameLength", l.Name, "Bytes of an alias, or of the name of a variable, a fragment or an operation."),
		row("pageSize", intel.MaxPage, "Entries of a page."),
		row("nodes", maxNodes, "Ids that one nodes field takes."),
		row("orderKeys", maxOrder, "Keys that a list is ordered by."),
		row("filterDepth", l.FilterDepth, "Levels to which a filter nests."),
		row("filterConditions", l.FilterConditions, "Conditions in the filters of one field."),
		row("filterValues", l.FilterValues, "Values of one list in a filter, and ids of one list anywhere but in nodes and in writes."),
		row("claimsPerCall", catalog.MaxClaims, "Claims that one assertClaims takes."),
		row("sourcesPerCall", catalog.MaxSources, "Sources that one putSources takes."),
		row("idsPerCall", catalog.MaxChanges, "Ids that one retractClaims or reinstateClaims takes."),
		row("errors", l.Errors, "Errors that one answer reports; more are counted in extensions.errorsLeftOut."),
		row("messageLength", l.Message, "Bytes of an error's message."),
	}
}

// check refuses what would take too much to validate or to answer.
func (g *Graph) check(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	l := g.opts.Limits
	if n := len(params.Query); n > l.Text {
		return over("the query's text has %d bytes, at most %d are taken: put what is long into variables", n, l.Text)
	}
	doc, cached := g.docs.Get(ctx, params.Query)
	if !cached {
		if moreTokens(params.Query, l.Tokens) {
			return over("the query has more than %d tokens", l.Tokens)
		}
		var err error
		if doc, err = parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, l.Tokens); err != nil {
			return unparsed(err)
		}
	}
	if names := operationNames(doc); params.OperationName == "" && len(names) > 1 {
		return &gqlerror.Error{Message: clip("the query has several operations: say in operationName which one is to run: "+strings.Join(names, ", "), l.Message), Extensions: map[string]any{"code": codeInput}}
	}
	c := newCount(g.schema, doc, params.Variables, l)
	if err := c.document(); err != nil {
		return err
	}
	if g.opts.NoIntrospection && c.introspects {
		return &gqlerror.Error{Message: "this service does not answer questions about its schema", Extensions: map[string]any{"code": codeInput}}
	}
	return c.operation(params.OperationName)
}

func operationNames(doc *ast.QueryDocument) []string {
	var out []string
	for _, op := range doc.Operations {
		out = append(out, cmp.Or(op.Name, "(one without a name)"))
	}
	return out
}

// moreTokens says that a text has more tokens than that; what is no token ends
// the counting, and the parser says so.
func moreTokens(text string, most int) bool {
	lex := lexer.New(&ast.Source{Input: text})
	for range most + 1 {
		t, err := lex.ReadToken()
		if err != nil || t.Kind == lexer.EOF {
			return false
		}
	}
	return true
}

func unparsed(err error) *gqlerror.Error {
	out := &gqlerror.Error{Message: "the query does not parse", Extensions: map[string]any{"code": codeInput}}
	var at *gqlerror.Error
	if errors.As(err, &at) {
		out.Message, out.Locations = at.Message, at.Locations
	}
	return out
}

func over(format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: tooMuch(format, args...).Msg, Extensions: map[string]any{"code": codeLimit}}
}

// number says that a literal is a number that can be read: what cannot would
// stop the reading of arguments.
func number(v *ast.Value) bool {
	var err error
	switch v.Kind {
	case ast.IntValue:
		_, err = strconv.ParseInt(v.Raw, 10, 64)
	case ast.FloatValue:
		_, err = strconv.ParseFloat(v.Raw, 64)
	}
	return err == nil
}
