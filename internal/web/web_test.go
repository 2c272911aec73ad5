package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const bundledPage = `<!doctype html><title>Dragnet playground</title>`

func bundle() fstest.MapFS {
	return fstest.MapFS{
		".keep":                           {},
		"graphiql.html":                   {Data: []byte(bundledPage)},
		"assets/graphiql-ABCD2345.js":     {Data: []byte("console.log(1)")},
		"assets/graphiql-ABCD2346.css":    {Data: []byte("body{}")},
		"assets/graphiql-ABCD2347.woff2":  {Data: []byte("font")},
		"assets/graphiql-ABCD2348.png":    {Data: []byte("image")},
		"assets/licenses.txt":             {Data: []byte("MIT")},
		"assets/graphiql-ABCD2349-old.js": {Data: []byte("not hashed")},
	}
}

func get(t *testing.T, handler http.Handler, method, target string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func mustHandler(t *testing.T, files fstest.MapFS) http.Handler {
	t.Helper()
	handler, err := newHandler(files)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func TestServesWithBundle(t *testing.T) {
	const (
		immutable  = "public, max-age=31536000, immutable"
		revalidate = "no-cache"
	)
	tests := []struct {
		target       string
		status       int
		contentType  string
		cacheControl string
		policy       string
	}{
		{"/", 200, "text/html; charset=utf-8", revalidate, pagePolicy},
		{"/graphiql", 200, "text/html; charset=utf-8", revalidate, playgroundPolicy},
		{"/assets/graphiql-ABCD2345.js", 200, "text/javascript; charset=utf-8", immutable, pagePolicy},
		{"/assets/graphiql-ABCD2346.css", 200, "text/css; charset=utf-8", immutable, pagePolicy},
		{"/assets/graphiql-ABCD2347.woff2", 200, "font/woff2", immutable, pagePolicy},
		{"/assets/graphiql-ABCD2348.png", 200, "image/png", immutable, pagePolicy},
		{"/assets/graphiql-ABCD2349-old.js", 200, "text/javascript; charset=utf-8", revalidate, pagePolicy},
		{"/assets/licenses.txt", 200, "text/plain; charset=utf-8", revalidate, pagePolicy},
		{"/assets/pages.css", 200, "text/css; charset=utf-8", revalidate, pagePolicy},
		{"/assets/icon.svg", 200, "image/svg+xml", revalidate, pagePolicy},
		{"/assets/unknown.js", 404, "text/plain; charset=utf-8", "", pagePolicy},
		{"/assets/", 404, "text/plain; charset=utf-8", "", pagePolicy},
		{"/graphiql.html", 404, "text/plain; charset=utf-8", "", pagePolicy},
		{"/nothing", 404, "text/plain; charset=utf-8", "", pagePolicy},
	}
	handler := mustHandler(t, bundle())
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			response := get(t, handler, http.MethodGet, test.target, nil)
			if response.StatusCode != test.status {
				t.Fatalf("status %d, want %d", response.StatusCode, test.status)
			}
			for name, want := range map[string]string{
				"Content-Type":                 test.contentType,
				"Cache-Control":                test.cacheControl,
				"Content-Security-Policy":      test.policy,
				"X-Content-Type-Options":       "nosniff",
				"X-Frame-Options":              "DENY",
				"Referrer-Policy":              "no-referrer",
				"Cross-Origin-Opener-Policy":   "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestPoliciesAllowNothingInlineAndNothingFromElsewhere(t *testing.T) {
	for _, policy := range []string{pagePolicy, playgroundPolicy} {
		if !strings.HasPrefix(policy, "default-src 'none'; ") {
			t.Errorf("%q does not start from nothing", policy)
		}
		for _, loose := range []string{"unsafe-", "data:", "blob:", "http", "*"} {
			if strings.Contains(policy, loose) {
				t.Errorf("%q allows %s", policy, loose)
			}
		}
	}
}

func TestAnswersNotModified(t *testing.T) {
	handler := mustHandler(t, bundle())
	for _, target := range []string{"/", "/graphiql", "/assets/graphiql-ABCD2345.js", "/assets/pages.css"} {
		etag := get(t, handler, http.MethodGet, target, nil).Header.Get("ETag")
		if etag == "" {
			t.Fatalf("%s has no ETag", target)
		}
		response := get(t, handler, http.MethodGet, target, http.Header{"If-None-Match": {etag}})
		if response.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its own ETag: status %d, want 304", target, response.StatusCode)
		}
		response = get(t, handler, http.MethodGet, target, http.Header{"If-None-Match": {`"other"`}})
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s with another ETag: status %d, want 200", target, response.StatusCode)
		}
	}
}

func TestRefusesOtherMethods(t *testing.T) {
	handler := mustHandler(t, bundle())
	for _, target := range []string{"/", "/graphiql", "/assets/pages.css"} {
		response := get(t, handler, http.MethodPost, target, nil)
		if response.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: status %d, want 405", target, response.StatusCode)
		}
		response = get(t, handler, http.MethodHead, target, nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("HEAD %s: status %d, want 200", target, response.StatusCode)
		}
	}
}

func TestServesTheBundledPlayground(t *testing.T) {
	if got := body(t, get(t, mustHandler(t, bundle()), http.MethodGet, "/graphiql", nil)); got != bundledPage {
		t.Errorf("playground: %q", got)
	}
}

func TestWithoutBundle(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"empty":     {},
		"only keep": {".keep": {}},
	} {
		t.Run(name, func(t *testing.T) {
			handler := mustHandler(t, files)
			response := get(t, handler, http.MethodGet, "/graphiql", nil)
			if response.StatusCode != http.StatusNotFound {
				t.Errorf("/graphiql: status %d, want 404", response.StatusCode)
			}
			if got := response.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("/graphiql: content type %q", got)
			}
			if got := body(t, response); !strings.Contains(got, "<code>make build</code>") {
				t.Errorf("/graphiql does not say how to build it: %s", got)
			}
			for _, target := range []string{"/", "/assets/pages.css", "/assets/icon.svg"} {
				if response := get(t, handler, http.MethodGet, target, nil); response.StatusCode != http.StatusOK {
					t.Errorf("%s: status %d, want 200", target, response.StatusCode)
				}
			}
		})
	}
}

func TestRefusesAssetsOfUnknownType(t *testing.T) {
	_, err := newHandler(fstest.MapFS{"assets/movie.mp4": {}})
	if err == nil || !strings.Contains(err.Error(), "movie.mp4") {
		t.Errorf("error %v, want one that names movie.mp4", err)
	}
}

func TestHomeSaysWhatThisIsAndLinks(t *testing.T) {
	page := body(t, get(t, Handler(), http.MethodGet, "/", nil))
	wanted := []string{
		"<title>Dragnet</title>", "every fact has its source",
		`href="graphiql"`, `href="healthz"`, `href="readyz"`, "Who is OPERA1ER?",
	}
	for _, want := range wanted {
		if !strings.Contains(page, want) {
			t.Errorf("the start page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") {
		t.Error("the start page has a script or inline style, which its policy forbids")
	}
}
