// Package internal_test holds the arrows between the rooms of ARCHITECTURE.md as a test.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "dragnet"

// room is what the files of one folder, and of the folders in it, may import of this module besides the room itself.
type room struct {
	path string
	// rooms are the folders that any file may import.
	rooms []string
	// inTests are the folders that files named _test.go may import too.
	inTests []string
	// why is said when a file breaks the rule.
	why string
}

// stores are the adapters of the Store contract.
var stores = []string{"internal/sqlite", "internal/neo4j"}

// harness is for tests alone.
var harness = []string{"internal/storetest", "internal/neo4jtest", "internal/everystore"}

// rooms is ordered from the domain upwards. A folder that is not under any of these must get a line here first.
var rooms = []room{
	{
		path: "internal/intel",
		why:  "the domain knows nothing of what is built on it",
	},
	{
		path: "internal/sqlite", rooms: []string{"internal/intel"}, inTests: harness,
		why: "a store stores and finds; rules live above it, once",
	},
	{
		path: "internal/neo4j", rooms: []string{"internal/intel"}, inTests: harness,
		why: "a store stores and finds; rules live above it, once",
	},
	{
		path: "internal/storetest", rooms: []string{"internal/intel"},
		why: "the suite knows the contract only, so that no store gets an exception",
	},
	{
		path: "internal/neo4jtest",
		why:  "it starts servers, and knows nothing of what is stored in them",
	},
	{
		path: "internal/everystore", rooms: append([]string{"internal/intel", "internal/neo4jtest"}, stores...),
		why: "it opens stores for tests, and knows nothing of what is built on them",
	},
	{
		path: "internal/catalog", rooms: []string{"internal/intel"}, inTests: harness,
		why: "the catalog works above any store",
	},
	{
		path: "internal/analysis", rooms: []string{"internal/intel"}, inTests: harness,
		why: "the projection is filled from any store",
	},
	{
		path: "internal/exchange", rooms: []string{"internal/intel"}, inTests: []string{"seed"},
		why: "readers and writers turn files into claims and back, and do nothing with them",
	},
	{
		path: "internal/seeding", rooms: []string{"internal/exchange", "internal/catalog", "internal/intel"},
		inTests: append([]string{"seed"}, harness...),
		why:     "seeding feeds what exchange reads to the catalog",
	},
	{
		path: "internal/reconcile", rooms: []string{"internal/catalog", "internal/intel"}, inTests: append([]string{"seed", "internal/seeding", "internal/exchange"}, harness...),
		why: "it puts the catalog's answers into the documents of a protocol",
	},
	{
		path: "internal/progress", rooms: []string{"internal/seeding", "internal/exchange", "internal/intel"},
		why: "it renders the progress events of seeding",
	},
	{
		path: "graph", rooms: []string{"internal/catalog", "internal/analysis", "internal/intel"},
		inTests: append(append([]string{"seed", "internal/seeding", "internal/exchange"}, harness...), stores...),
		why:     "GraphQL speaks to the catalog and the analysis, and its tests run over both stores",
	},
	{
		path: "internal/web",
		why:  "it serves pages",
	},
	{
		path: "internal/config",
		why:  "configuration is values; those who read it know what they mean",
	},
	{
		path: "internal/server", rooms: []string{"graph", "internal/web", "internal/reconcile", "internal/seeding", "internal/exchange", "internal/catalog", "internal/analysis", "internal/intel"},
		inTests: harness,
		why:     "HTTP is above GraphQL and below the program",
	},
	{
		path: "seed", inTests: []string{"internal/exchange", "internal/intel"},
		why: "it is data",
	},
	{
		path: "cmd", rooms: []string{"graph", "seed", "internal"},
		why: "the program wires the rooms together",
	},
	{
		path: "bench", rooms: []string{"graph", "seed", "internal"},
		why: "benchmarks compare everything with everything",
	},
	{
		path: "internal/imports_test.go",
		why:  "it reads files",
	},
	{
		path: "dev",
		why:  "scripts that set a machine up",
	},
}

// only lists packages that few may import, whatever the rooms above allow. A package is itself and all below it.
var only = []struct {
	packages []string
	by       []string // folders, or files
	byTests  []string // folders whose files named _test.go may
	why      string
}{
	{
		packages: []string{module + "/internal/sqlite", module + "/internal/neo4j"},
		by:       []string{"internal/sqlite", "internal/neo4j", "internal/everystore", "cmd/dragnet/open.go", "bench"},
		byTests:  []string{"cmd", "graph"},
		why:      "cmd/dragnet/open.go is the only place that names both stores, and internal/everystore for tests",
	},
	{
		packages: []string{module + "/internal/storetest", module + "/internal/neo4jtest", module + "/internal/everystore"},
		by:       []string{"internal/storetest", "internal/neo4jtest", "internal/everystore", "bench"},
		byTests:  []string{"."},
		why:      "it is for tests",
	},
	{
		packages: []string{"github.com/neo4j/neo4j-go-driver"},
		by:       []string{"internal/neo4j", "internal/neo4jtest", "bench"},
		why:      "driver types never leave the adapter's room",
	},
	{
		packages: []string{"zombiezen.com/go/sqlite", "modernc.org/sqlite"},
		by:       []string{"internal/sqlite", "bench"},
		why:      "driver types never leave the adapter's room",
	},
	{
		packages: []string{"github.com/99designs/gqlgen", "github.com/vektah/gqlparser"},
		by:       []string{"graph", "internal/server", "bench"},
		byTests:  []string{"cmd", "internal/web"},
		why:      "GraphQL ends at the graph room and its transport",
	},
}

func TestImports(t *testing.T) {
	files := sourceFiles(t, "..")
	if len(files) == 0 {
		t.Fatal("no Go file found")
	}
	for _, file := range files {
		for path, line := range importsOf(t, file) {
			if why := forbidden(file, path); why != "" {
				t.Errorf("%s:%d imports %s: %s", file, line, path, why)
			}
		}
	}
}

// TestForbidden shows that the rules bite, each with an example.
func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		file, imported string
		allowed        bool
	}{
		{"internal/intel/claim.go", "golang.org/x/text/unicode/norm", true},
		{"internal/intel/claim.go", "encoding/json", true},
		{"internal/intel/claim.go", "github.com/google/go-cmp/cmp", false},
		{"internal/intel/claim_test.go", "github.com/google/go-cmp/cmp", true},
		{"internal/intel/claim.go", "dragnet/internal/catalog", false},
		{"internal/intel/claim_test.go", "dragnet/internal/catalog", false},
		{"internal/sqlite/open.go", "dragnet/internal/intel", true},
		{"internal/sqlite/open.go", "dragnet/internal/neo4j", false},
		{"internal/sqlite/open.go", "dragnet/internal/storetest", false},
		{"internal/sqlite/suite_test.go", "dragnet/internal/storetest", true},
		{"internal/sqlite/open.go", "zombiezen.com/go/sqlite/sqlitex", true},
		{"internal/neo4j/open.go", "github.com/neo4j/neo4j-go-driver/v5/neo4j", true},
		{"internal/catalog/catalog.go", "github.com/neo4j/neo4j-go-driver/v5/neo4j", false},
		{"internal/catalog/catalog.go", "dragnet/internal/sqlite", false},
		{"internal/catalog/catalog.go", "dragnet/internal/everystore", false},
		{"internal/catalog/catalog_test.go", "dragnet/internal/everystore", true},
		{"internal/catalog/catalog.go", "dragnet/graph", false},
		{"internal/exchange/dossier/read.go", "dragnet/internal/catalog", false},
		{"internal/exchange/dossier/read.go", "dragnet/internal/exchange/csv", true},
		{"internal/seeding/seeding.go", "dragnet/internal/exchange/dossier", true},
		{"graph/generated/exec.go", "dragnet/internal/intel", true},
		{"graph/group.go", "dragnet/graph/generated", true},
		{"graph/group.go", "dragnet/internal/server", false},
		{"graph/group.go", "dragnet/internal/sqlite", false},
		{"graph/transcript_test.go", "dragnet/internal/sqlite", true},
		{"internal/server/http.go", "dragnet/graph", true},
		{"internal/server/http.go", "dragnet/internal/sqlite", false},
		{"cmd/dragnet/open.go", "dragnet/internal/neo4j", true},
		{"cmd/dragnet/serve.go", "dragnet/internal/neo4j", false},
		{"cmd/dragnet/serve_test.go", "dragnet/internal/neo4j", true},
		{"bench/nested.go", "github.com/neo4j/neo4j-go-driver/v5/neo4j", true},
		{"internal/util/util.go", "fmt", false},
	} {
		why := forbidden(c.file, c.imported)
		if allowed := why == ""; allowed != c.allowed {
			t.Errorf("%s imports %s: got allowed %v (%s), want %v", c.file, c.imported, allowed, why, c.allowed)
		}
	}
}

// forbidden says why the file, a slash-separated path below the root, may not import the package, or "".
func forbidden(file, imported string) string {
	isTest := strings.HasSuffix(file, "_test.go")
	i := slices.IndexFunc(rooms, func(r room) bool { return within(file, r.path) })
	if i < 0 {
		return "the file is in no known room: give it one in internal/imports_test.go and .golangci.yml"
	}
	r := rooms[i]
	for _, o := range only {
		mayImport := withinAny(file, o.by) || isTest && withinAny(file, o.byTests)
		if withinAny(imported, o.packages) && !mayImport {
			return o.why
		}
	}

	own, isOwn := strings.CutPrefix(imported, module+"/")
	switch {
	case isOwn:
		if within(own, r.path) || withinAny(own, r.rooms) || isTest && withinAny(own, r.inTests) {
			return ""
		}
		return r.why
	case r.path == "internal/intel" && !isTest && strings.Contains(imported, ".") && !within(imported, "golang.org/x/text"):
		return "the domain imports the standard library and golang.org/x/text only"
	}
	return ""
}

// within reports whether path is folder or below it.
func within(path, folder string) bool {
	return folder == "." || path == folder || strings.HasPrefix(path, folder+"/")
}

func withinAny(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return within(path, folder) })
}

// sourceFiles lists the Go files below root, whatever system they are for, as slash-separated paths.
func sourceFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".go"):
			relative, err := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(relative))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// importsOf maps the packages that a file imports to the lines that say so.
func importsOf(t *testing.T, file string) map[string]int {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, filepath.Join("..", file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string]int{}
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		imports[path] = set.Position(spec.Pos()).Line
	}
	return imports
}
