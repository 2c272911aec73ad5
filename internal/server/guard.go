package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// secure sets the headers of every answer; pages widen the policy as far as
// they need. No answer may be kept, framed or read by other sites.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

// guardHost refuses requests for names that are not this server's. Nothing
// here asks for a password yet, so a page on any web site could otherwise let
// its own name point to this address (DNS rebinding) and, as the same origin
// to the browser, read and write the graph. Addresses cannot be rebound: beyond
// loopback any is accepted, on loopback those of loopback.
func guardHost(next http.Handler, names []string, exposed bool) http.Handler {
	own := []string{"localhost"}
	for _, n := range names {
		own = append(own, hostName(n))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostName(r.Host)
		addr, err := netip.ParseAddr(host)
		if isAddr := err == nil; isAddr && (exposed || addr.Unmap().IsLoopback()) || slices.Contains(own, host) {
			next.ServeHTTP(w, r)
			return
		}
		refuse(w, r, http.StatusMisdirectedRequest, codeForbidden, "this server does not answer to that host name: ask for localhost or its address, or start it with --host NAME")
	})
}

// hostName gives the name or address in a Host header, without port, brackets
// and final dot, in lower case.
func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// guardURI refuses addresses that are too long to be meant.
func guardURI(next http.Handler, most int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > most {
			refuse(w, r, http.StatusRequestURITooLong, codeLimit, "the address is too long: send the query by POST")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuseCrossSite refuses what a browser sends for a page of another site, also
// where it could only read nothing and cost time. Browsers say so in
// Sec-Fetch-Site, older ones in Origin; a page cannot set either. What is not a
// browser sends neither.
func refuseCrossSite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fromElsewhere(r) {
			refuse(w, r, http.StatusForbidden, codeForbidden, "pages of other sites may not ask this server")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func fromElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}
