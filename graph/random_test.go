package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/internal/everystore"
)

// TestRandomQueries asks thousands of random queries, fragments, aliases and
// pages included. Whatever can be asked must have been planned: a field that
// does not find what was read for it is an internal error.
func TestRandomQueries(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	n := 500
	if testing.Short() {
		n = 100
	}
	answered, rows := 0, 0
	for seed := range n {
		r := &asker{schema: w.schema, rand: rand.New(rand.NewPCG(1, uint64(seed)))}
		query := r.query()
		resp := w.ask(query, "")
		for _, e := range resp.Errors {
			if code := e.Extensions["code"]; code != codeLimit {
				t.Fatalf("seed %d: %v\n%s\n%s", seed, e, query, w.logs)
			}
		}
		if len(resp.Errors) == 0 {
			answered++
			rows += strings.Count(string(resp.Data), `{`)
		}
	}
	if answered < n/2 || rows < 5*answered {
		t.Errorf("%d of %d were answered, with %d objects", answered, n, rows)
	}
}

// asker makes queries.
type asker struct {
	schema  *ast.Schema
	rand    *rand.Rand
	aliases int
	fields  int
}

var starts = []string{
	`group(id: "group:opera1er"%s)`, `operation(id: "operation:nervone"%s)`, `operation(id: "operation:cyberclean"%s)`, `entity(id: "agency:interpol"%s)`,
	`entities(first: 4, where: {kind: {in: [GROUP, OPERATION, AGENCY, FIRM]}}%s)`, `groups(first: 2%s)`, `people(first: 2%s)`, `countries(first: 2, where: {id: {in: ["country:CI", "country:NG"]}}%s)`,
	`entityByExternalId(scheme: "mitre-attack", value: "T1566"%s)`,
	`nodes(ids: ["group:opera1er", "operation:nervone|TARGETED|group:opera1er", "source:seed-000-e6f633b0b3c9aef7", "alias:bec"]%s)`,
	`node(id: "agency:interpol|COORDINATED|operation:nervone"%s)`,
}

var views = []string{"", "", "", ", view: {minSupport: 20}", ", view: {validAt: \"2024\"}", ", view: {minReliability: C}", `, view: {sources: ["source:seed-000-e6f633b0b3c9aef7"]}`, `, view: {knownAt: "2099-01-01T00:00:00Z"}`}

func (a *asker) query() string {
	start := starts[a.rand.IntN(len(starts))]
	name, _, _ := strings.Cut(start, "(")
	def := a.schema.Query.Fields.ForName(name)
	field := fmt.Sprintf(start, views[a.rand.IntN(len(views))])
	if a.rand.IntN(12) == 0 {
		field, def = `sources(first: 2, orderBy: [TITLE_DESC])`, a.schema.Query.Fields.ForName("sources")
	}
	return "{ " + field + a.selection(def.Type.Name(), 3+a.rand.IntN(6)) + " }"
}

func (a *asker) selection(typeName string, depth int) string {
	def := a.schema.Types[typeName]
	var parts []string
	if def.Kind == ast.Interface {
		parts = append(parts, "__typename")
		possible := slices.DeleteFunc(slices.Clone(a.schema.GetPossibleTypes(def)), func(d *ast.Definition) bool { return d.Kind != ast.Object })
		for range a.rand.IntN(6) {
			t := a.likely(possible)
			parts = append(parts, "... on "+t.Name+a.selection(t.Name, depth))
		}
		if typeName == "Node" && a.rand.IntN(3) > 0 {
			parts = append(parts, "... on Entity"+a.selection("Entity", depth))
		}
		if typeName != "Value" && a.rand.IntN(3) == 0 {
			parts = append(parts, a.rivals(possible)...)
		}
	}
	for range 2 + a.rand.IntN(4) {
		f := def.Fields[a.rand.IntN(len(def.Fields))]
		for range 2 { // rather what leads on
			if a.schema.Types[f.Type.Name()].IsLeafType() {
				f = def.Fields[a.rand.IntN(len(def.Fields))]
			}
		}
		if s := a.field(f, depth); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return " { __typename }"
	}
	return " { " + strings.Join(parts, " ") + " }"
}

// likely picks a type, rather one of which the sample data has many.
func (a *asker) likely(types []*ast.Definition) *ast.Definition {
	t := types[a.rand.IntN(len(types))]
	for range 3 {
		if !slices.Contains([]string{"Group", "Operation", "Agency", "Firm", "Country", "Region", "Person", "Alias", "Report", "Technique"}, t.Name) {
			t = types[a.rand.IntN(len(types))]
		}
	}
	return t
}

// rivals answer to one key on several types, with arguments of their own.
func (a *asker) rivals(types []*ast.Definition) []string {
	var out []string
	a.aliases++
	for range 4 {
		t := a.likely(types)
		var relations []string
		for _, f := range t.Fields {
			if isPage(f.Type.Name()) && f.Arguments.ForName("linkWhere") != nil {
				relations = append(relations, f.Name)
			}
		}
		if len(relations) == 0 || strings.Contains(strings.Join(out, " "), "... on "+t.Name+" ") {
			continue
		}
		out = append(out, fmt.Sprintf("... on %s { rival%d: %s(first: %d) { nodes { id name } totalCount edges { link { claims(first: 1) { nodes { saidBy { name } } } } } } }", t.Name, a.aliases, relations[a.rand.IntN(len(relations))], a.rand.IntN(3)))
	}
	return out
}

func (a *asker) field(f *ast.FieldDefinition, depth int) string {
	if strings.HasPrefix(f.Name, "__") {
		return ""
	}
	a.fields++
	leaf := a.schema.Types[f.Type.Name()].IsLeafType()
	if !leaf && (depth == 0 || a.fields > 150) {
		return ""
	}
	a.aliases++
	out := fmt.Sprintf("a%d: %s%s", a.aliases, f.Name, a.arguments(f))
	if leaf {
		return out
	}
	return out + a.selection(f.Type.Name(), depth-1)
}

func (a *asker) arguments(f *ast.FieldDefinition) string {
	var args []string
	for _, d := range f.Arguments {
		switch {
		case d.Name == "first":
			args = append(args, fmt.Sprintf("first: %d", a.rand.IntN(5)))
		case d.Name == "property":
			p := a.schema.Types["Property"].EnumValues
			args = append(args, "property: "+p[a.rand.IntN(len(p))].Name)
		case a.rand.IntN(4) > 0:
		case d.Name == "direction":
			args = append(args, "direction: "+[]string{"OUT", "IN", "BOTH"}[a.rand.IntN(3)])
		case d.Name == "kinds":
			args = append(args, "kinds: [GROUP, COUNTRY, OPERATION]")
		case d.Name == "orderBy":
			args = append(args, "orderBy: [CHANGED_DESC, NAME_ASC]")
		case d.Name == "linkWhere":
			args = append(args, []string{"linkWhere: {type: [TARGETED, COORDINATED, USES]}", "linkWhere: {support: {gte: 10}, disputed: false}"}[a.rand.IntN(2)])
		case d.Name == "where" && f.Type.Name() == "ClaimConnection":
			args = append(args, []string{"where: {live: null}", "where: {stance: ASSERTS, confidence: {gte: 60}}", "where: {linkType: [COORDINATED], property: [name]}"}[a.rand.IntN(3)])
		case d.Name == "where" && f.Type.Name() == "LinkConnection":
			args = append(args, "where: {origins: {gte: 1}}")
		case d.Name == "where":
			args = append(args, `where: {or: [{stub: false}, {name: {contains: "e"}}]}`)
		}
	}
	if len(args) == 0 {
		return ""
	}
	return "(" + strings.Join(args, ", ") + ")"
}
