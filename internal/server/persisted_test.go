package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/graph"
	"dragnet/internal/analysis"
	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

func hashText(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}

func withHash(hash string) string {
	return `{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}`
}

// getHash reads a persisted query; query "" sends the hash alone.
func getHash(query, hash string, header ...string) ask {
	v := url.Values{"extensions": {withHash(hash)}}
	if query != "" {
		v.Set("query", query)
	}
	a := ask{method: "GET", target: "/graphql?" + v.Encode(), header: map[string]string{}}
	for i := 0; i < len(header); i += 2 {
		a.header[header[i]] = header[i+1]
	}
	return a
}

func TestPersistedQueries(t *testing.T) {
	h := handler(echo())
	query, hash := "{a}", hashText("{a}")
	alone := `{"extensions":` + withHash(hash) + `}`
	for range 2 { // asking for it does not make it known
		w := post(alone).to(t, h)
		if code, message := errorOf(t, w); w.Code != 200 || code != codePersisted || message != messagePersisted {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if w := post(`{"query":"`+query+`","extensions":`+withHash(hash)+`}`).to(t, h); w.Code != 200 || !strings.Contains(w.Body.String(), `"query":"{a}"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, a := range []ask{post(alone), post(`{"query":null,"extensions":` + withHash(hash) + `}`), getHash("", hash)} {
		if w := a.to(t, h); w.Code != 200 || !strings.Contains(w.Body.String(), `"query":"{a}"`) {
			t.Errorf("%s: %d %s", a.target, w.Code, w.Body)
		}
	}
}

func TestPersistedQueryFaults(t *testing.T) {
	h := handler(echo())
	for name, test := range map[string]struct{ body, want string }{
		"another's hash": {`{"query":"{b}","extensions":` + withHash(hashText("{a}")) + `}`, "is not that of the query"},
		"short hash":     {`{"extensions":` + withHash("abc") + `}`, "64 digits"},
		"upper case":     {`{"extensions":` + withHash(strings.ToUpper(hashText("{a}"))) + `}`, "64 digits"},
		"version":        {`{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"` + hashText("{a}") + `"}}}`, "version must be 1"},
		"no object":      {`{"extensions":{"persistedQuery":7}}`, "version must be 1"},
		"none":           {`{"extensions":{"persistedQuery":null}}`, "query is missing"},
	} {
		w := post(test.body).to(t, h)
		if code, message := errorOf(t, w); w.Code != 400 || code != codeInput || !strings.Contains(message, test.want) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// TestPersistedMutation has a mutation whose hash is known: it is not run by GET.
func TestPersistedMutation(t *testing.T) {
	h := handler(echo())
	query := "mutation { a }"
	if w := post(`{"query":"`+query+`","extensions":`+withHash(hashText(query))+`}`).to(t, h); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := getHash("", hashText(query)).to(t, h); w.Code != 405 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestRefusedQueriesAreNotKept has a query that the graph refuses.
func TestRefusedQueriesAreNotKept(t *testing.T) {
	h := handler(fake{execute: func(context.Context, *graphql.RawParams) *graphql.Response {
		return failure(t.Context(), codeLimit, "too deep")
	}})
	hash := hashText("{a}")
	post(`{"query":"{a}","extensions":`+withHash(hash)+`}`).to(t, h)
	if code, _ := errorOf(t, post(`{"extensions":`+withHash(hash)+`}`).to(t, h)); code != codePersisted {
		t.Error(code)
	}
}

// TestPersistedQueriesAreBounded fills the cache by number and by bytes.
func TestPersistedQueriesAreBounded(t *testing.T) {
	params := func(query string) *graphql.RawParams {
		p := &graphql.RawParams{Query: query}
		if err := decode([]byte(withHash(hashText(query))), &p.Extensions); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, test := range map[string]struct {
		limits Limits
		kept   int
	}{"number": {Limits{Persisted: 3, PersistedBytes: 1000}, 3}, "bytes": {Limits{Persisted: 100, PersistedBytes: 25}, 2}} {
		p := newPersisted(test.limits)
		for i := range 10 {
			p.keep(params(fmt.Sprintf("{ number%d }", i)))
			p.keep(params("{ number0 }"))
		}
		p.keep(params(strings.Repeat("x", 2000)))
		if p.texts.Len() != test.kept || p.bytes != test.kept*11 {
			t.Errorf("%s: %d of %d bytes", name, p.texts.Len(), p.bytes)
		}
	}
}

// TestAnswersThatHold reads a persisted query again and again.
func TestAnswersThatHold(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		store := open(t)
		cat := catalog.New(store, time.Now)
		t.Cleanup(cat.Close)
		g := graph.New(cat, analysis.New(store, cat, time.Minute), graph.Options{Log: slog.New(slog.DiscardHandler)})
		ran := 0
		b := fake{graph: cat, execute: func(ctx context.Context, p *graphql.RawParams) *graphql.Response {
			ran++
			return g.Execute(ctx, p)
		}}
		h := handler(b)
		query := `{ group(id: "group:x") { name } service { entities } }`
		hash := hashText(query)
		first := getHash(query, hash).to(t, h)
		tag := first.Header().Get("ETag")
		if first.Code != 200 || tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" || !strings.Contains(strings.Join(first.Header().Values("Vary"), ","), "Accept") {
			t.Fatalf("%d %v %s", first.Code, first.Header(), first.Body)
		}
		same := getHash(query, hash, "If-None-Match", `"other", W/`+tag).to(t, h)
		if same.Code != 304 || same.Body.Len() != 0 || same.Header().Get("ETag") != tag || ran != 1 {
			t.Errorf("unchanged: %d %q, ran %d times", same.Code, same.Body, ran)
		}
		short := getHash("", hash).to(t, h)
		if short.Code != 200 || short.Body.String() != first.Body.String() {
			t.Errorf("by hash: %d %s", short.Code, short.Body)
		}
		_, err := cat.Assert(t.Context(), catalog.AssertInput{By: "tester", Source: &intel.SourceDraft{ID: "source:one", Header: intel.Header{Title: "One", Reliability: "A"}}, Claims: []intel.Draft{
			{Subject: intel.Ref{ID: "group:x"}, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: "X"}}}})
		if err != nil {
			t.Fatal(err)
		}
		next := getHash(query, hash, "If-None-Match", tag).to(t, h)
		if next.Code != 200 || next.Header().Get("ETag") == tag || !strings.Contains(next.Body.String(), `"name":"X"`) {
			t.Errorf("changed: %d %s", next.Code, next.Body)
		}
		o := options(b, io.Discard)
		o.NewID = func() string { return "another" }
		if again := getHash(query, hash, "If-None-Match", next.Header().Get("ETag")).to(t, o.filled().handler(newStreams(9))); again.Code != 200 {
			t.Errorf("another process: %d", again.Code)
		}
		noTags(t, h)
	})
}

// noTags has answers that nobody may keep.
func noTags(t *testing.T, h http.Handler) {
	t.Helper()
	partial := `{ group(id: "not an id") { name } service { name } }`
	query := `{ service { name } }`
	for name, a := range map[string]ask{
		"with errors": getHash(partial, hashText(partial)),
		"by POST":     post(`{"query":"` + query + `","extensions":` + withHash(hashText(query)) + `}`),
		"not by hash": {method: "GET", target: "/graphql?query=" + url.QueryEscape(query)},
	} {
		if w := a.to(t, h); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}
