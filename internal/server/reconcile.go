package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dragnet/internal/intel"
	"dragnet/internal/reconcile"
)

const mediaForm = "application/x-www-form-urlencoded"

// reconciler is the reconciliation service under /reconcile. Its protocol wants
// that pages of other origins may ask. Whoever reads the graph by it needs no
// password, so only pages served from this machine (OpenRefine is one) and from
// the origins named at the start may; JSONP, by which any page could, is not
// spoken.
type reconciler struct {
	backend Backend
	limit   Limits
	log     *slog.Logger
	origins []string
}

// handle puts the parts of the service in their places.
func (c *reconciler) handle(mux *http.ServeMux) {
	mux.Handle("/reconcile", c.open(c.reconcile, "GET, HEAD, POST"))
	mux.Handle("/reconcile/suggest/{what}", c.open(c.suggest, "GET, HEAD"))
	mux.Handle("/reconcile/properties", c.open(c.properties, "GET, HEAD"))
	mux.Handle("/reconcile/preview", readOnly(c.preview))
}

// part answers one part of the protocol, from what a form or a query string
// says.
type part func(ctx context.Context, s reconcile.Service, r *http.Request, form url.Values) (any, error)

// open lets pages of some origins ask, and answers them with JSON.
func (c *reconciler) open(answer part, methods string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		switch {
		case origin != "" && c.allowed(origin):
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		case fromElsewhere(r):
			refuse(w, r, http.StatusForbidden, codeForbidden, "pages of this origin may not ask this server: start it with --origin ORIGIN")
			return
		}
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", methods)
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if !slices.Contains(strings.Split(methods, ", "), r.Method) {
			(&refusal{status: http.StatusMethodNotAllowed, code: codeInput, message: "this is asked by " + methods, allow: methods}).write(w, r, mediaJSON)
			return
		}
		form, fault := c.form(w, r)
		if fault != nil {
			fault.write(w, r, mediaJSON)
			return
		}
		service, ok := c.service(w, r)
		if !ok {
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), c.limit.Request)
		defer cancel()
		out, err := answer(ctx, service, r, form)
		if err != nil {
			refuseError(w, r, c.log, err)
			return
		}
		w.Header().Set("Content-Type", mediaJSON+"; charset=utf-8")
		_ = json.NewEncoder(w).Encode(out) // the reader has gone: nobody is left to tell
	})
}

func (c *reconciler) service(w http.ResponseWriter, r *http.Request) (s reconcile.Service, ok bool) {
	s.Catalog = c.backend.Catalog()
	if s.Catalog == nil {
		refuse(w, r, http.StatusServiceUnavailable, codeUnavailable, "the graph is not open yet; /readyz says what is missing")
	}
	return s, s.Catalog != nil
}

// allowed says that pages of an origin may ask: it is of this machine, or named.
func (c *reconciler) allowed(origin string) bool {
	if slices.Contains(c.origins, "*") || slices.Contains(c.origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := hostName(u.Host)
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// form reads what was sent.
func (c *reconciler) form(w http.ResponseWriter, r *http.Request) (url.Values, *refusal) {
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != mediaForm {
			return nil, &refusal{status: http.StatusUnsupportedMediaType, code: codeInput, message: "send the request as Content-Type: " + mediaForm, acceptPost: mediaForm}
		}
		body, fault := readAll(w, r, c.limit.Body)
		if fault != nil {
			return nil, fault
		}
		raw = string(body)
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("the form is not well-formed: encode its parts for a URL")
	}
	if values.Has("callback") {
		return nil, badRequest("callback: JSONP is not spoken here, since any page could read the graph by it; use CORS")
	}
	return values, nil
}

// reconcile answers at the service's own address: queries, fetching properties,
// or what the service can do.
func (c *reconciler) reconcile(ctx context.Context, s reconcile.Service, r *http.Request, form url.Values) (any, error) {
	switch {
	case form.Has("queries") && form.Has("extend"):
		return nil, intel.Invalid("", "queries and extend cannot be sent together")
	case form.Has("queries"):
		return s.Reconcile(ctx, []byte(form.Get("queries")))
	case form.Has("extend"):
		return s.Extend(ctx, []byte(form.Get("extend")))
	case r.Method == http.MethodPost:
		return nil, intel.Invalid("", "the form has neither queries nor extend")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return reconcile.ManifestAt(scheme + "://" + r.Host + "/reconcile"), nil
}

func (c *reconciler) suggest(ctx context.Context, s reconcile.Service, r *http.Request, form url.Values) (any, error) {
	skip, err := count(form, "cursor")
	if err != nil {
		return nil, err
	}
	switch prefix := form.Get("prefix"); r.PathValue("what") {
	case "entity":
		return s.SuggestEntities(ctx, prefix, skip)
	case "type":
		return reconcile.SuggestTypes(prefix, skip), nil
	case "property":
		return reconcile.SuggestProperties(prefix, skip), nil
	}
	return nil, &intel.FieldError{Row: -1, Kind: intel.ErrNotFound, Msg: "entity, type and property are suggested"}
}

func (c *reconciler) properties(_ context.Context, _ reconcile.Service, _ *http.Request, form url.Values) (any, error) {
	limit, err := count(form, "limit")
	if err != nil {
		return nil, err
	}
	return reconcile.Propose(form.Get("type"), limit)
}

// count reads a number that may be left out.
func count(form url.Values, name string) (int, error) {
	text := form.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, intel.Invalid(name, "must be a number from 0 on")
	}
	return int(n), nil
}

// preview shows an entity on a small page, which the pages that may ask may put
// into a frame.
func (c *reconciler) preview(w http.ResponseWriter, r *http.Request) {
	s, ok := c.service(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), c.limit.Request)
	defer cancel()
	p, err := s.Preview(ctx, r.URL.Query().Get("id"))
	if err != nil {
		refuseError(w, r, c.log, err)
		return
	}
	h := w.Header()
	h.Del("X-Frame-Options") // it cannot name origins; frame-ancestors does
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+reconcile.PreviewStyle()+"; base-uri 'none'; form-action 'none'; frame-ancestors "+c.ancestors())
	h.Set("Content-Type", "text/html; charset=utf-8")
	if !p.Found {
		w.WriteHeader(http.StatusNotFound)
	}
	_ = p.Write(w) // the reader has gone: nobody is left to tell
}

// ancestors are the origins whose pages may frame.
func (c *reconciler) ancestors() string {
	own := []string{"'self'", "http://localhost:*", "https://localhost:*", "http://127.0.0.1:*", "https://127.0.0.1:*"}
	for _, o := range c.origins {
		if !strings.ContainsAny(o, "; ,\r\n") {
			own = append(own, o)
		}
	}
	return strings.Join(own, " ")
}
