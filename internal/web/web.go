// Package web serves the pages that come with the program: the start page and the GraphiQL playground with its
// example queries. It holds no API: the pages talk to /graphql like any other client.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
)

// The bundle that `make build` puts into dist is not in the repository; .keep is, so that a bare go build works.
//
//go:embed all:dist
var distFS embed.FS

//go:embed static
var staticFS embed.FS

//go:embed templates
var templateFS embed.FS

const (
	// pagePolicy is the content security policy of pages without scripts.
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// playgroundPolicy also lets the bundle run, load its fonts and ask this server; nothing inline, nothing from elsewhere.
	playgroundPolicy = pagePolicy + "; script-src 'self'; connect-src 'self'; font-src 'self'"
)

// Handler serves / (what Dragnet is), /graphiql (the playground) and /assets/ (what both load).
// Without the bundle, /graphiql is a page with status 404 that says how to build it. It panics when what was
// embedded is broken, which a test of this package would have shown.
func Handler() http.Handler {
	dist, err := fs.Sub(distFS, "dist")
	if err != nil {
		panic(err)
	}
	handler, err := newHandler(dist)
	if err != nil {
		panic(err)
	}
	return handler
}

// newHandler serves the bundle in dist, which may be empty.
func newHandler(dist fs.FS) (http.Handler, error) {
	assets := make(assets)
	if err := assets.addDir(staticFS, "static"); err != nil {
		return nil, err
	}
	if err := assets.addDir(dist, "assets"); err != nil {
		return nil, err
	}
	home, err := renderPage("home.html", map[string]any{"Examples": Examples()})
	if err != nil {
		return nil, err
	}
	unbuilt, err := renderPage("unbuilt.html", nil)
	if err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page(home, http.StatusOK, pagePolicy))
	mux.Handle("GET /assets/{name}", assets)
	playground, err := fs.ReadFile(dist, "graphiql.html")
	if err != nil {
		mux.Handle("GET /graphiql", page(unbuilt, http.StatusNotFound, pagePolicy))
	} else {
		mux.Handle("GET /graphiql", page(playground, http.StatusOK, playgroundPolicy))
	}
	return secure(mux), nil
}

// secure sets the headers that every answer of this package carries; pages widen the policy as far as they need.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", pagePolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func renderPage(name string, data any) ([]byte, error) {
	page, err := template.ParseFS(templateFS, "templates/layout.html", "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("parse page %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("render page %s: %w", name, err)
	}
	return out.Bytes(), nil
}
