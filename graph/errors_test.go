package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// failing is a store whose reads fail.
type failing struct {
	intel.Store
	err error
}

func (f *failing) View(ctx context.Context, read func(intel.Reader) error) error {
	if f.err == nil {
		return f.Store.View(ctx, read)
	}
	if f.err.Error() == "panic" {
		panic("the secret /path")
	}
	return f.err
}

// TestErrorsOfTheInside: callers see a code and a safe message; the log has the
// rest, once, with the request's id.
func TestErrorsOfTheInside(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		code   string
		logged bool
	}{
		"unknown":     {errors.New("dial bolt://user:secret@host"), codeInternal, true},
		"panic":       {errors.New("panic"), codeInternal, true},
		"unavailable": {fmt.Errorf("%w: secret host", intel.ErrUnavailable), codeUnavailable, true},
		"conflict":    {fmt.Errorf("%w: secret row", intel.ErrConflict), codeConflict, false},
		"resettle":    {catalog.ErrResettle, codeConflict, false},
		"limit":       {&intel.FieldError{Field: "where", Row: -1, Kind: intel.ErrLimit, Msg: "too much"}, codeLimit, false},
		"too long":    {context.DeadlineExceeded, codeLimit, false},
		"given up":    {context.Canceled, codeUnavailable, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, everystore.SQLite, Options{RequestID: func(context.Context) string { return "req-7" }})
			w.get(`{ group(id: "group:x") { name } }`, "")
			f := &failing{Store: w.store.Store, err: c.err}
			w.store.Store = f
			r := w.ask(`{ group(id: "group:x") { name } service { name } }`, "")
			f.err = nil
			if len(r.Errors) != 2 || string(r.Data) != "null" {
				t.Fatalf("%s", pretty(t, r))
			}
			for _, e := range r.Errors {
				if e.Extensions["code"] != c.code {
					t.Errorf("code %v, want %s", e.Extensions["code"], c.code)
				}
				if text, _ := json.Marshal(e); strings.Contains(string(text), "secret") || strings.Contains(string(text), "graph_test") {
					t.Errorf("it tells too much: %s", text)
				}
				if c.logged && e.Extensions["requestId"] != "req-7" {
					t.Errorf("extensions %v", e.Extensions)
				}
			}
			if n := strings.Count(w.logs.String(), "request_id=req-7"); c.logged && n != 2 || !c.logged && n != 0 {
				t.Errorf("logged %d times: %s", n, w.logs)
			}
			w.get(`{ group(id: "group:x") { name } }`, "")
		})
	}
}

// TestEndedContext: a request whose time is over is answered as such.
func TestEndedContext(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	r := w.Execute(ctx, &graphql.RawParams{Query: `{ group(id: "group:x") { name } }`})
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeLimit {
		t.Errorf("%s", pretty(t, r))
	}
}

// TestManyAtOnce answers many queries at once, whose fields resolve in
// goroutines of their own, and writes between them. It is for the race detector.
func TestManyAtOnce(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	query := `{ entities(where: {kind: {in: [GROUP, OPERATION, AGENCY]}}) { nodes { name facts { reason claims { saidBy { name } } } ... on Group { proceeds { claim { locator } } attacks { sources { title } } } ... on Operation { arrests { claim { source { title } } sources { id } } agencies { edges { link { sources { id } } } nodes { facts { support } } } } } } }`
	want := w.get(query, "")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 5 {
				if i == 0 {
					r := w.Execute(t.Context(), &graphql.RawParams{Query: fmt.Sprintf(`mutation { assertClaims(input: {source: {id: "source:x"}, claims: [{subject: {id: "tool:t%d"}, property: name, value: {text: "T"}}]}) { added changes { entity { name links { totalCount } } } } }`, j)})
					if len(r.Errors) > 0 {
						t.Error(r.Errors)
					}
					continue
				}
				r := w.Execute(t.Context(), &graphql.RawParams{Query: query})
				var b strings.Builder
				e := json.NewEncoder(&b)
				e.SetEscapeHTML(false)
				e.SetIndent("", "  ")
				if err := e.Encode(r.Data); err != nil || b.String() != want {
					t.Error("another answer", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestPlaces(t *testing.T) {
	at := (*place)(nil).field("input").field("claims").item(3).field("value").field("date")
	if at.String() != "input.claims[3].value.date" {
		t.Error(at)
	}
	if s := (*place)(nil).field("ids").item(0).String(); s != "ids[0]" {
		t.Error(s)
	}
}
