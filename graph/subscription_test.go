package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"go.uber.org/goleak"

	"dragnet/internal/everystore"
)

// follow begins a subscription.
func (w *world) follow(ctx context.Context, query string) *Stream {
	w.t.Helper()
	epoch, err := w.epoch(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	s, refused := w.stream(ctx, &graphql.RawParams{Query: strings.ReplaceAll(query, "EPOCH", epoch)})
	if refused != nil {
		w.t.Fatal(pretty(w.t, refused))
	}
	w.t.Cleanup(s.Close)
	return s
}

// arrived takes n changes and writes each as revision and entity.
func (w *world) arrived(s *Stream, n int) string {
	w.t.Helper()
	var out []string
	for range n {
		r, _ := s.Next()
		if r == nil || len(r.Errors) > 0 {
			w.t.Fatalf("after %v: %s", out, pretty(w.t, r))
		}
		var data struct {
			Changes struct {
				Revision string
				Entity   struct{ ID string }
			}
		}
		if err := json.Unmarshal(r.Data, &data); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, data.Changes.Revision[strings.Index(data.Changes.Revision, ".")+1:]+" "+data.Changes.Entity.ID)
	}
	return strings.Join(out, ", ")
}

const pairOfNames = `mutation { assertClaims(input: {source: {id: "source:s"}, claims: [{subject: {id: "group:%[1]s"}, property: name, value: {text: "%[2]s"}} {subject: {id: "agency:%[1]s"}, property: name, value: {text: "%[2]s"}}]}) { revision } }`

func TestSubscriptionChanges(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		w := newWorld(t, open, Options{})
		for _, key := range []string{"a", "b", "c"} {
			w.get(fmt.Sprintf(pairOfNames, key, "First"), "")
		}
		fresh := w.follow(t.Context(), `subscription { changes(kinds: [GROUP]) { revision entity { id name sources { nodes { id } } } added { source { title } } facts { before { text } after { text } } } }`)
		for query, want := range map[string]string{
			`since: "EPOCH.0"`:                                              "1 agency:a, 1 group:a, 2 agency:b, 2 group:b, 3 agency:c, 3 group:c",
			`since: "EPOCH.2"`:                                              "3 agency:c, 3 group:c",
			`since: "EPOCH.2", after: "agency:b"`:                           "2 group:b, 3 agency:c, 3 group:c",
			`since: "EPOCH.2", after: "group:b"`:                            "3 agency:c, 3 group:c",
			`since: "EPOCH.0", kinds: [GROUP]`:                              "1 group:a, 2 group:b, 3 group:c",
			`since: "EPOCH.0", ids: ["agency:b", "group:c"]`:                "2 agency:b, 3 group:c",
			`since: "EPOCH.0", kinds: [GROUP], ids: ["agency:b","group:c"]`: "3 group:c",
		} {
			s := w.follow(t.Context(), `subscription { changes(`+query+`) { revision entity { id } } }`)
			if got := w.arrived(s, strings.Count(want, ",")+1); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
			s.Close()
			if r, _ := s.Next(); r != nil {
				t.Errorf("a closed stream goes on: %s", pretty(t, r))
			}
		}
		whole := w.follow(t.Context(), `subscription { changes(since: "EPOCH.0") { revision } }`)
		for i := range 6 { // of two revisions each
			if _, more := whole.Next(); more != (i%2 == 0) {
				t.Errorf("change %d: more is %v", i, more)
			}
		}
		w.get(fmt.Sprintf(pairOfNames, "a", "Second"), "")
		if got := w.arrived(fresh, 1); got != "4 group:a" {
			t.Errorf("from now on: %s", got)
		}
	})
}

func TestSubscriptionFaults(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	w := newWorld(t, everystore.SQLite, Options{})
	w.get(fmt.Sprintf(pairOfNames, "a", "First"), "")
	for query, want := range map[string]string{
		`changes(since: "elsewhere.1") { revision }`:                                          "since: ",
		`changes(since: "EPOCH.2") { revision }`:                                              "since: the graph has not come to 2 yet",
		`changes(after: "group:a") { revision }`:                                              "after: ",
		`changes(since: "EPOCH.1", after: "group") { revision }`:                              "after: ",
		`changes(ids: ["group:a", "x"]) { revision }`:                                         "ids[1]: ",
		`changes(since: "EPOCH.0") { entity { history(first: 201) { nodes { revision } } } }`: "first: ",
		`changes(kinds: [NOTHING]) { revision }`:                                              "NOTHING",
		`a: changes { revision } b: changes { revision }`:                                     "one",
		`changes { nothing }`:                                                                 "nothing",
		manyOf(31, "a%d: changes { revision } "):                                              "root fields",
	} {
		epoch, err := w.epoch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s, r := w.stream(t.Context(), &graphql.RawParams{Query: "subscription {" + strings.ReplaceAll(query, "EPOCH", epoch) + "}"})
		if s != nil {
			r, _ = s.Next()
			if again, _ := s.Next(); again != nil {
				t.Errorf("%s: goes on after a fault: %s", query, pretty(t, again))
			}
			s.Close()
		}
		if len(r.Errors) == 0 || r.Data != nil || !strings.Contains(r.Errors[0].Message, want) || r.Errors[0].Extensions["code"] == nil {
			t.Errorf("%s: %s", query, pretty(t, r))
		}
	}
	r := w.ask("subscription { changes { revision } }", "")
	if len(r.Errors) != 1 || r.Data != nil || r.Errors[0].Extensions["code"] != codeInput {
		t.Error(pretty(t, r))
	}
	s := w.follow(t.Context(), "{ service { name } }")
	if r, _ := s.Next(); len(r.Errors) > 0 || string(r.Data) != `{"service":{"name":"dragnet"}}` {
		t.Errorf("a query: %s", pretty(t, r))
	}
	if r, _ := s.Next(); r != nil {
		t.Errorf("a query goes on: %s", pretty(t, r))
	}
}
