package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func get(query url.Values, header ...string) ask {
	a := ask{method: http.MethodGet, target: "/graphql?" + query.Encode(), header: map[string]string{}}
	for i := 0; i < len(header); i += 2 {
		a.header[header[i]] = header[i+1]
	}
	return a
}

func TestReadsParameters(t *testing.T) {
	const all = `{"extensions":{"x":1},"operationName":"Q","query":"query Q { a }","variables":{"n":12345678901234567890.5,"s":"é"}}`
	full := url.Values{"query": {"query Q { a }"}, "operationName": {"Q"}, "variables": {`{"n":12345678901234567890.5,"s":"é"}`}, "extensions": {`{"x":1}`}}
	const bare = `{"extensions":null,"operationName":"","query":"{ a }","variables":null}`
	for name, test := range map[string]struct {
		ask  ask
		want string
	}{
		"post, all":           {post(all), all},
		"post, query only":    {post(`{"query":"{ a }"}`), bare},
		"post, nulls":         {post(`{"query":"{ a }","variables":null,"operationName":null,"extensions":null}`), bare},
		"post, with charset":  {post(`{"query":"{ a }"}`, "Content-Type", "application/json; charset=UTF-8"), bare},
		"post, not encoded":   {post(`{"query":"{ a }"}`, "Content-Encoding", "identity"), bare},
		"post, unknown names": {post(`{"query":"{ a }","Query":"{ b }","id":7}`), bare},
		"post, space around":  {post(" {\"query\":\"{ a }\"}\n"), bare},
		"get, all":            {get(full), all},
		"get, query only":     {get(url.Values{"query": {"{ a }"}}), bare},
		"get, empty":          {get(url.Values{"query": {"{ a }"}, "variables": {""}, "operationName": {""}, "extensions": {""}}), bare},
		"get, null variables": {get(url.Values{"query": {"{ a }"}, "variables": {"null"}}), bare},
		"get, other names":    {get(url.Values{"query": {"{ a }"}, "x": {"1", "2"}}), bare},
	} {
		t.Run(name, func(t *testing.T) {
			w := test.ask.to(t, handler(echo()))
			if diff := cmp.Diff(`{"data":`+test.want+"}\n", w.Body.String()); diff != "" || w.Code != 200 {
				t.Errorf("status %d (-want +got):\n%s", w.Code, diff)
			}
		})
	}
}

func TestRefusesWhatIsNoRequest(t *testing.T) {
	deep := strings.Repeat("[", 20_000)
	for name, test := range map[string]struct {
		ask     ask
		status  int
		code    string
		message string
	}{
		"no content type":       {post(`{"query":"{a}"}`, "Content-Type", ""), 415, codeInput, "application/json"},
		"form":                  {post(`query={a}`, "Content-Type", "application/x-www-form-urlencoded"), 415, codeInput, "application/json"},
		"text":                  {post(`{"query":"{a}"}`, "Content-Type", "text/plain"), 415, codeInput, "application/json"},
		"text with json in it":  {post(`{"query":"{a}"}`, "Content-Type", "text/plain; application/json"), 415, codeInput, "application/json"},
		"multipart":             {post(`{"query":"{a}"}`, "Content-Type", "multipart/form-data; boundary=x"), 415, codeInput, "application/json"},
		"other charset":         {post(`{"query":"{a}"}`, "Content-Type", "application/json; charset=latin1"), 415, codeInput, "UTF-8"},
		"compressed":            {post(`{"query":"{a}"}`, "Content-Encoding", "gzip"), 415, codeInput, "compressed"},
		"empty":                 {post(``), 400, codeInput, "not valid JSON"},
		"broken":                {post(`{ "not a JSON`), 400, codeInput, "not valid JSON"},
		"two values":            {post(`{"query":"{a}"} {}`), 400, codeInput, "not valid JSON"},
		"not UTF-8":             {post("{\"query\":\"{a}\xff\"}"), 400, codeInput, "UTF-8"},
		"too deep":              {post(`{"query":"{a}","variables":` + deep), 400, codeInput, "not valid JSON"},
		"null":                  {post(`null`), 400, codeInput, "not a JSON object"},
		"batch":                 {post(`[{"query":"{a}"}]`), 400, codeInput, "not a JSON object"},
		"no query":              {post(`{"qeury":"{a}"}`), 400, codeInput, "query is missing"},
		"null query":            {post(`{"query":null}`), 400, codeInput, "query is missing"},
		"query in other case":   {post(`{"Query":"{a}"}`), 400, codeInput, "query is missing"},
		"query not a string":    {post(`{"query":{"a":1}}`), 400, codeInput, "query is missing or not a string"},
		"name not a string":     {post(`{"query":"{a}","operationName":["x"]}`), 400, codeInput, "operationName"},
		"variables not a map":   {post(`{"query":"{a}","variables":[1]}`), 400, codeInput, "variables"},
		"extensions not a map":  {post(`{"query":"{a}","extensions":"x"}`), 400, codeInput, "extensions"},
		"get without query":     {get(url.Values{"q": {"{a}"}}), 400, codeInput, "query is missing"},
		"get, bad variables":    {get(url.Values{"query": {"{a}"}, "variables": {"{"}}), 400, codeInput, "variables"},
		"get, query twice":      {get(url.Values{"query": {"{a}", "{b}"}}), 400, codeInput, "more than once"},
		"get, bad encoding":     {ask{method: "GET", target: "/graphql?query=%7Ba%7D&x=%zz"}, 400, codeInput, "well-formed"},
		"get, semicolon":        {ask{method: "GET", target: "/graphql?query=%7Ba%7D;variables=1"}, 400, codeInput, "well-formed"},
		"get, not UTF-8":        {ask{method: "GET", target: "/graphql?query=%ff"}, 400, codeInput, "UTF-8"},
		"get, mutation":         {get(url.Values{"query": {"mutation { a }"}}), 405, codeInput, "POST"},
		"get, mutation by name": {get(url.Values{"query": {"query Q { a } mutation M { a }"}, "operationName": {"M"}}), 405, codeInput, "POST"},
		"put":                   {ask{method: "PUT", target: "/graphql"}, 405, codeInput, "GET or POST"},
		"head":                  {ask{method: "HEAD", target: "/graphql?query=%7Ba%7D"}, 405, codeInput, "GET or POST"},
		"options":               {ask{method: "OPTIONS", target: "/graphql"}, 405, codeInput, "GET or POST"},
		"not acceptable":        {post(`{"query":"{a}"}`, "Accept", "text/html"), 406, codeInput, "accept"},
		"nothing acceptable":    {post(`{"query":"{a}"}`, "Accept", "*/*;q=0"), 406, codeInput, "accept"},
		"long address":          {get(url.Values{"query": {"{a}"}, "x": {strings.Repeat("x", 128<<10)}}), 414, codeLimit, "POST"},
		"host of another":       {ask{method: "GET", target: "/graphql?query=%7Ba%7D", host: "evil.example"}, 421, codeForbidden, "--host"},
		"other site":            {post(`{"query":"{a}"}`, "Sec-Fetch-Site", "cross-site"), 403, codeForbidden, "other sites"},
	} {
		t.Run(name, func(t *testing.T) {
			w := test.ask.to(t, handler(echo()))
			code, message := errorOf(t, w)
			if w.Code != test.status || code != test.code || !strings.Contains(message, test.message) {
				t.Errorf("got %d %s %q, want %d %s …%s…", w.Code, code, message, test.status, test.code, test.message)
			}
			if w.Body.Len() > 1000 {
				t.Errorf("the refusal takes %d bytes", w.Body.Len())
			}
			if allow := w.Header().Get("Allow"); (allow != "") != (w.Code == http.StatusMethodNotAllowed) {
				t.Errorf("status %d with Allow %q", w.Code, allow)
			}
		})
	}
}

func TestRefusalsRepeatNothing(t *testing.T) {
	const mark = "ZQ7MARK"
	for _, a := range []ask{
		post(`{ "` + mark), post(`"` + mark + `"`), post(`{"` + mark + `":1}`), post(`{"query":["` + mark + `"]}`),
		post(`{"query":"{a}","variables":"` + mark + `"}`), post("x", "Content-Type", mark+"/"+mark), post("x", "Accept", mark+"/"+mark),
		{method: "GET", target: "/graphql?query=" + mark + "&query=" + mark},
		{method: "GET", target: "/graphql", host: mark + ".example"}, {method: mark, target: "/graphql"},
		{method: "GET", target: "/graphql?query=%7Ba%7D&variables=" + mark},
	} {
		if w := a.to(t, handler(echo())); strings.Contains(strings.ToUpper(w.Body.String()), mark) || w.Code < 400 {
			t.Errorf("%s %s: %d %s", a.method, a.target, w.Code, w.Body)
		}
	}
}

// counting counts what is read of it.
type counting struct {
	r    io.Reader
	read int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += n
	return n, err
}

func TestLargeBodiesAreRefusedCheaply(t *testing.T) {
	o := options(echo(), io.Discard)
	o.Limits.Body = 1 << 10
	h := o.filled().handler(newStreams(9))
	request := func(body io.Reader, length int64) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", body)
		r.Host, r.ContentLength = "localhost", length
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	large := append([]byte(`{"query":"{a}","variables":{"x":"`), bytes.Repeat([]byte("x"), 1<<20)...)

	said := &counting{r: bytes.NewReader(large)}
	if w := request(said, int64(len(large))); w.Code != 413 || said.read != 0 {
		t.Errorf("announced: %d, %d bytes read", w.Code, said.read)
	}
	unsaid := &counting{r: bytes.NewReader(large)}
	w := request(unsaid, -1)
	if code, message := errorOf(t, w); w.Code != 413 || code != codeLimit || !strings.Contains(message, "1024 bytes") || unsaid.read > 4<<10 {
		t.Errorf("not announced: %d %s %q, %d bytes read", w.Code, code, message, unsaid.read)
	}
	exact := `{"query":"` + strings.Repeat("x", 1<<10-len(`{"query":""}`)) + `"}`
	if w := post(exact).to(t, h); w.Code != 200 {
		t.Errorf("a body of exactly the limit: %d", w.Code)
	}
	if w := post(exact+" ").to(t, h); w.Code != 413 {
		t.Errorf("one byte more: %d", w.Code)
	}
}

func TestLargeBodyOverTheWire(t *testing.T) {
	o := options(echo(), io.Discard)
	o.Limits.Body = 1 << 10
	target, _, _ := running(t, o)
	r, err := http.NewRequestWithContext(t.Context(), "POST", target+"/graphql", io.LimitReader(endless{}, 8<<20))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := newClient(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, w.Body)
	if w.StatusCode != 413 || !w.Close {
		t.Errorf("%s, close %v", w.Status, w.Close)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestAnswers(t *testing.T) {
	fault := gqlerror.List{{Message: "wrong", Extensions: map[string]any{"code": "BAD_USER_INPUT"}}}
	const errs = `"errors":[{"message":"wrong","extensions":{"code":"BAD_USER_INPUT"}}]`
	for name, test := range map[string]struct {
		response     *graphql.Response
		graphql, any int // status by media type
		body         string
	}{
		"data":              {&graphql.Response{Data: []byte(`{"a":1}`)}, 200, 200, `{"data":{"a":1}}`},
		"data and errors":   {&graphql.Response{Data: []byte(`{"a":null}`), Errors: fault}, 200, 200, `{` + errs + `,"data":{"a":null}}`},
		"null and errors":   {&graphql.Response{Data: []byte(`null`), Errors: fault}, 200, 200, `{` + errs + `,"data":null}`},
		"refused":           {&graphql.Response{Errors: fault}, 400, 200, `{` + errs + `}`},
		"with extensions":   {&graphql.Response{Data: []byte(`{}`), Extensions: map[string]any{"x": 1}}, 200, 200, `{"data":{},"extensions":{"x":1}}`},
		"refused, internal": {&graphql.Response{Errors: gqlerror.List{{Message: "x", Extensions: map[string]any{"code": "INTERNAL"}}}}, 500, 200, `{"errors":[{"message":"x","extensions":{"code":"INTERNAL"}}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			for media, status := range map[string]int{mediaGraphQL: test.graphql, mediaJSON: test.any} {
				w := post(`{"query":"{a}"}`, "Accept", media).to(t, handler(answers(test.response)))
				if w.Code != status || w.Body.String() != test.body+"\n" {
					t.Errorf("%s: %d %s, want %d %s", media, w.Code, w.Body, status, test.body)
				}
				if got, want := w.Header().Get("Content-Type"), media+"; charset=utf-8"; got != want {
					t.Errorf("Content-Type %q, want %q", got, want)
				}
			}
		})
	}
	t.Run("not open yet", func(t *testing.T) {
		w := post(`{"query":"{a}"}`).to(t, handler(fake{}))
		if code, _ := errorOf(t, w); w.Code != 503 || code != codeUnavailable {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestNegotiates(t *testing.T) {
	for _, test := range []struct {
		accept []string
		want   string // "" for none
	}{
		{nil, mediaJSON},
		{[]string{""}, mediaJSON},
		{[]string{"*/*"}, mediaJSON},
		{[]string{"application/*"}, mediaJSON},
		{[]string{mediaJSON}, mediaJSON},
		{[]string{mediaGraphQL}, mediaGraphQL},
		{[]string{"APPLICATION/GraphQL-Response+JSON; charset=utf-8"}, mediaGraphQL},
		{[]string{mediaGraphQL + ", " + mediaJSON}, mediaGraphQL},
		{[]string{mediaJSON + ", " + mediaGraphQL}, mediaGraphQL},
		{[]string{mediaJSON, mediaGraphQL}, mediaGraphQL},
		{[]string{mediaGraphQL + ", " + mediaJSON + ";q=0.9"}, mediaGraphQL},
		{[]string{mediaGraphQL + ";q=0.5, " + mediaJSON + ";q=0.9"}, mediaJSON},
		{[]string{mediaGraphQL + ";q=0, " + mediaJSON}, mediaJSON},
		{[]string{mediaJSON + ", multipart/mixed"}, mediaJSON},
		{[]string{"text/html, application/xhtml+xml, */*;q=0.8"}, mediaJSON},
		{[]string{"*/*, " + mediaGraphQL}, mediaGraphQL},
		{[]string{"text/html"}, ""},
		{[]string{"application/json;q=0"}, ""},
		{[]string{"application/json;q=x"}, ""},
		{[]string{"nonsense, " + mediaJSON}, mediaJSON},
	} {
		got, ok := negotiate(test.accept)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%q: got %q, want %q", test.accept, got, test.want)
		}
	}
}

func TestGuards(t *testing.T) {
	const own = "dragnet.internal.example"
	local := options(echo(), io.Discard)
	local.Hosts = []string{"Dragnet.Internal.example."}
	exposed := local
	exposed.Exposed = true
	for _, test := range []struct {
		host           string
		local, exposed int
	}{
		{"localhost", 200, 200}, {"localhost:8080", 200, 200}, {"LOCALHOST.:1", 200, 200},
		{"127.0.0.1", 200, 200}, {"127.0.0.1:9000", 200, 200}, {"127.8.8.8", 200, 200},
		{"[::1]", 200, 200}, {"[::1]:8080", 200, 200}, {"[::ffff:127.0.0.1]:80", 200, 200},
		{own, 200, 200}, {own + ":8080", 200, 200},
		{"192.168.1.5:8080", 421, 200}, {"0.0.0.0:8080", 421, 200}, {"[2001:db8::1]:8080", 421, 200},
		{"evil.example", 421, 421}, {"localhost.evil.example", 421, 421}, {"127.0.0.1.evil.example:8080", 421, 421},
		{"evil" + own, 421, 421}, {"x." + own, 421, 421}, {"2130706433", 421, 421}, {"0x7f.1", 421, 421}, {"a:b:c", 421, 421},
	} {
		for name, o := range map[string]Options{"local": local, "exposed": exposed} {
			want := test.local
			if name == "exposed" {
				want = test.exposed
			}
			w := post(`{"query":"{a}"}`)
			w.host = test.host
			if got := w.to(t, o.filled().handler(newStreams(9))).Code; got != want {
				t.Errorf("%s, %s: got %d, want %d", test.host, name, got, want)
			}
		}
	}
	if w := (ask{method: "GET", target: "/", host: "evil.example"}).to(t, handler(echo())); w.Code != 421 {
		t.Errorf("a page for another host: %d", w.Code)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	for _, test := range []struct {
		site, origin string
		want         int
	}{
		{"", "", 200},
		{"none", "", 200},
		{"same-origin", "http://127.0.0.1:8080", 200},
		{"", "http://127.0.0.1:8080", 200},
		{"same-site", "http://127.0.0.1:3000", 403},
		{"cross-site", "http://evil.example", 403},
		{"cross-site", "", 403},
		{"", "http://evil.example", 403},
		{"", "http://127.0.0.1:3000", 403},
		{"", "null", 403},
		{"", "file://", 403},
		{"", "%", 403},
		{"anything", "", 403},
	} {
		header := []string{"Sec-Fetch-Site", test.site, "Origin", test.origin}
		for method, a := range map[string]ask{"POST": post(`{"query":"{a}"}`, header...), "GET": get(url.Values{"query": {"{a}"}}, header...)} {
			for name, v := range a.header {
				if v == "" {
					delete(a.header, name)
				}
			}
			if got := a.to(t, handler(echo())).Code; got != test.want {
				t.Errorf("%s with %+v: got %d", method, test, got)
			}
		}
	}
	// A link on another site may lead to the pages; they do nothing by themselves.
	w := ask{method: "GET", target: "/graphiql", header: map[string]string{"Sec-Fetch-Site": "cross-site"}}.to(t, handler(echo()))
	if w.Code != 200 {
		t.Errorf("a link to the playground: %d", w.Code)
	}
}

func TestCallerAndRequestIDReachTheExecutor(t *testing.T) {
	var caller, id string
	post(`{"query":"{a}"}`, "X-Request-Id", "r-1").to(t, handler(fake{execute: func(ctx context.Context, _ *graphql.RawParams) *graphql.Response {
		caller, id = Caller(ctx), RequestID(ctx)
		return &graphql.Response{Data: []byte("{}")}
	}}))
	if caller != "local" || id != "r-1" {
		t.Errorf("caller %q, request %q", caller, id)
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"query":"{a}"}`, `{"query":"{a}","variables":{"a":[1e9]}}`, `[`, `null`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		params, fault := parseBody(body)
		if (params == nil) == (fault == nil) {
			t.Fatalf("%v and %v", params, fault)
		}
		if params != nil {
			if _, err := json.Marshal(params.Variables); err != nil {
				t.Fatal(err)
			}
		}
	})
}
