package graph

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"

	"dragnet/internal/everystore"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestTranscripts runs the operations of each file, in order, over every store:
// those in reads on the sample data, those in writes each file on an empty
// store. name.golden.json has the answers, by operation; EPOCH stands for the
// store's epoch in both. name.variables.json has variables, by operation.
func TestTranscripts(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		t.Run("reads", func(t *testing.T) {
			w := sampled(t, open)
			for _, file := range transcripts(t, "reads") {
				t.Run(file.name, func(t *testing.T) { file.run(t, w) })
			}
		})
		for _, file := range transcripts(t, "writes") {
			t.Run("writes/"+file.name, func(t *testing.T) { file.run(t, newWorld(t, open, Options{})) })
		}
	})
}

type transcript struct{ name, path string }

func transcripts(t *testing.T, folder string) []transcript {
	t.Helper()
	files, err := filepath.Glob("testdata/transcripts/" + folder + "/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	var out []transcript
	for _, f := range files {
		out = append(out, transcript{strings.TrimSuffix(filepath.Base(f), ".graphql"), strings.TrimSuffix(f, ".graphql")})
	}
	return out
}

func (f transcript) run(t *testing.T, w *world) {
	epoch, err := w.epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(f.path + ".graphql")
	if err != nil {
		t.Fatal(err)
	}
	query := strings.ReplaceAll(string(text), "EPOCH", epoch)
	variables := f.variables(t, epoch)
	var b bytes.Buffer
	for i, op := range operations(query) {
		b.WriteString(map[bool]string{true: "{\n", false: ",\n"}[i == 0] + `"` + op.name + `": `)
		p := &graphql.RawParams{Query: op.text, Variables: variables[op.name]}
		b.WriteString(strings.TrimSpace(pretty(t, w.Execute(t.Context(), p))))
	}
	b.WriteString("\n}\n")
	got := strings.ReplaceAll(b.String(), epoch, "EPOCH")
	golden := f.path + ".golden.json"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Error(d)
	}
	if w.logs.Len() > 0 {
		t.Errorf("logged: %s", w.logs)
		w.logs.Reset()
	}
}

func (f transcript) variables(t *testing.T, epoch string) map[string]map[string]any {
	t.Helper()
	text, err := os.ReadFile(f.path + ".variables.json")
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]map[string]any
	d := json.NewDecoder(strings.NewReader(strings.ReplaceAll(string(text), "EPOCH", epoch)))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// operation is one operation of a file, alone with the fragments it spreads:
// what is wrong with the others does not matter to it.
type operation struct{ name, text string }

var definition = regexp.MustCompile(`(?m)^(query|mutation|fragment) (\w+)`)

func operations(query string) []operation {
	at := definition.FindAllStringSubmatchIndex(query, -1)
	var out []operation
	fragments := map[string]string{}
	for i, m := range at {
		end := len(query)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		kind, name, text := query[m[2]:m[3]], query[m[4]:m[5]], query[m[0]:end]
		if kind == "fragment" {
			fragments[name] = text
		} else {
			out = append(out, operation{name, text})
		}
	}
	for i := range out {
		for name, text := range fragments {
			if strings.Contains(out[i].text, "..."+name) {
				out[i].text += text
			}
		}
	}
	return out
}
