package server

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"testing"
)

const tablePage = "http://127.0.0.1:3333" // where OpenRefine is

func form(values ...string) ask {
	v := url.Values{}
	for i := 0; i < len(values); i += 2 {
		v.Set(values[i], values[i+1])
	}
	return ask{method: "POST", target: "/reconcile", body: v.Encode(), header: map[string]string{"Content-Type": mediaForm}}
}

func TestReconcileOverHTTP(t *testing.T) {
	h := handler(graphOf(t, 0, nil))
	for _, test := range []struct {
		name   string
		ask    ask
		status int
		want   string
	}{
		{"manifest", ask{method: "GET", target: "/reconcile"}, 200, `"url":"http://127.0.0.1:8080/reconcile/preview?id={{id}}"`},
		{"queries by POST", form("queries", `{"q0":{"query":"lonely"}}`), 200, `{"q0":{"result":[{"id":"group:lonely","name":"Lonely"`},
		{"queries by GET", ask{method: "GET", target: "/reconcile?queries=" + url.QueryEscape(`{"q0":{"query":"lonely"}}`)}, 200, `"id":"group:lonely"`},
		{"fetching", form("extend", `{"ids":["group:lonely"],"properties":[{"id":"name"}]}`), 200, `"rows":{"group:lonely":{"name":[{"str":"Lonely"}]}}`},
		{"suggest entity", ask{method: "GET", target: "/reconcile/suggest/entity?prefix=lon"}, 200, `"id":"group:lonely"`},
		{"suggest type", ask{method: "GET", target: "/reconcile/suggest/type?prefix=gro"}, 200, `"id":"GROUP"`},
		{"suggest property", ask{method: "GET", target: "/reconcile/suggest/property?prefix=sect"}, 200, `"id":"sectors"`},
		{"propose", ask{method: "GET", target: "/reconcile/properties?type=OPERATION&limit=2"}, 200, `{"type":"OPERATION","limit":2,`},
		{"nothing asked", form(), 400, "neither queries nor extend"},
		{"both", form("queries", "{}", "extend", "{}"), 400, "together"},
		{"bad queries", form("queries", "["), 400, "queries"},
		{"bad cursor", ask{method: "GET", target: "/reconcile/suggest/type?cursor=-1"}, 400, "cursor"},
		{"bad type", ask{method: "GET", target: "/reconcile/properties?type=Q5"}, 400, "is no type here"},
		{"bad escape", ask{method: "GET", target: "/reconcile?queries=%zz"}, 400, "not well-formed"},
		{"JSONP", ask{method: "GET", target: "/reconcile?callback=f"}, 400, "JSONP"},
		{"no such suggestion", ask{method: "GET", target: "/reconcile/suggest/flyout"}, 404, "are suggested"},
		{"JSON body", ask{method: "POST", target: "/reconcile", body: "{}", header: map[string]string{"Content-Type": mediaJSON}}, 415, mediaForm},
		{"PUT", ask{method: "PUT", target: "/reconcile"}, 405, "GET, HEAD, POST"},
		{"preview", ask{method: "GET", target: "/reconcile/preview?id=group:lonely"}, 200, "<h1>Lonely</h1>"},
		{"preview of nobody", ask{method: "GET", target: "/reconcile/preview?id=%3Cb%3E"}, 404, "no entity &lt;b&gt; here"},
		{"preview by POST", ask{method: "POST", target: "/reconcile/preview"}, 405, "GET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := test.ask.to(t, h)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("%d %s, want %d with %q", w.Code, w.Body, test.status, test.want)
			}
		})
	}
	if w := (ask{method: "GET", target: "/reconcile"}).to(t, handler(fake{})); w.Code != 503 {
		t.Errorf("without a graph: %d", w.Code)
	}
}

func TestWhoMayReconcile(t *testing.T) {
	o := options(graphOf(t, 0, nil), io.Discard)
	o.Origins = []string{"https://refine.example"}
	h := o.filled().handler(newStreams(9))
	for _, test := range []struct {
		origin, site string
		allowed      bool
	}{
		{"", "", true}, {"", "none", true}, {tablePage, "same-site", true}, {"http://localhost:3333", "cross-site", true},
		{"http://[::1]:3333", "cross-site", true}, {"https://refine.example", "cross-site", true},
		{"https://evil.example", "cross-site", false}, {"https://evil.example", "", false}, {"null", "cross-site", false},
		{"", "cross-site", false}, {"http://localhost.evil.example", "", false}, {"http://127.0.0.1.evil.example", "", false},
		{"file://localhost", "", false}, {"https://refine.example.evil.example", "", false},
	} {
		a := form("queries", `{"q0":{"query":"lonely"}}`)
		a.header["Origin"], a.header["Sec-Fetch-Site"] = test.origin, test.site
		w := a.to(t, h)
		if (w.Code == 200) != test.allowed || !test.allowed && w.Code != 403 {
			t.Errorf("%+v: %d", test, w.Code)
		}
		want := ""
		if test.allowed {
			want = test.origin
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%+v: allows %q, want %q", test, got, want)
		}
	}
	pre := ask{method: "OPTIONS", target: "/reconcile", header: map[string]string{"Origin": tablePage, "Access-Control-Request-Method": "POST"}}.to(t, h)
	if pre.Code != 204 || pre.Header().Get("Access-Control-Allow-Methods") != "GET, HEAD, POST" {
		t.Errorf("before: %d %v", pre.Code, pre.Header())
	}
}

// TestPreviewIsTame holds what the page may do, and who may frame it.
func TestPreviewIsTame(t *testing.T) {
	w := ask{method: "GET", target: "/reconcile/preview?id=group:lonely"}.to(t, handler(graphOf(t, 0, nil)))
	_, rest, _ := strings.Cut(w.Body.String(), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:*"
	if got := w.Header().Get("Content-Security-Policy"); got != want || w.Header().Get("X-Frame-Options") != "" {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("other pages may read the preview")
	}
}
