package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"

	"dragnet/internal/catalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a backend whose executor is a function; nil: none yet.
type fake struct {
	execute func(context.Context, *graphql.RawParams) *graphql.Response
	// stream gives what a subscription answers; nil: what execute does, once.
	stream func(context.Context, *graphql.RawParams) func() *graphql.Response
	// stopped is told of each stream that was stopped; it may be nil.
	stopped chan struct{}
	missing *Missing
	graph   *catalog.Catalog // what documents are of; nil: none yet
}

func (f fake) Execute(ctx context.Context, p *graphql.RawParams) *graphql.Response {
	return f.execute(ctx, p)
}

func (f fake) Subscribe(ctx context.Context, p *graphql.RawParams) (next func() (*graphql.Response, bool), stop func(), refused *graphql.Response) {
	if f.stream != nil {
		stop = func() {}
		if f.stopped != nil {
			stop = func() { f.stopped <- struct{}{} }
		}
		next := f.stream(ctx, p)
		return func() (*graphql.Response, bool) {
			r := next()
			return r, r != nil && r.Extensions["more"] != nil
		}, stop, nil
	}
	r := f.execute(ctx, p)
	if r.Data == nil {
		return nil, nil, r
	}
	return func() (*graphql.Response, bool) { once := r; r = nil; return once, false }, func() {}, nil
}

func (f fake) Executor() Executor {
	if f.execute == nil {
		return nil
	}
	return f
}

func (f fake) Catalog() *catalog.Catalog { return f.graph }

func (f fake) Missing(context.Context) *Missing { return f.missing }

// answers always gives the same.
func answers(response *graphql.Response) fake {
	return fake{execute: func(context.Context, *graphql.RawParams) *graphql.Response { return response }}
}

func echo() fake {
	return fake{execute: func(_ context.Context, p *graphql.RawParams) *graphql.Response {
		data, err := json.Marshal(map[string]any{"query": p.Query, "operationName": p.OperationName, "variables": p.Variables, "extensions": p.Extensions})
		if err != nil {
			panic(err)
		}
		return &graphql.Response{Data: data}
	}}
}

// buffer is a log that goroutines may write.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// lines gives what was logged, decoded.
func (b *buffer) lines(t *testing.T) (out []map[string]any) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range strings.Split(strings.TrimSpace(b.b.String()), "\n") {
		if text == "" {
			continue
		}
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out = append(out, line)
	}
	return out
}

func options(b Backend, log io.Writer) Options {
	return Options{
		Backend: b,
		Pages:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "page "+r.URL.Path) }),
		Log:     slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		NewID:   func() string { return "new-id" },
	}
}

func handler(b Backend) http.Handler { return options(b, io.Discard).filled().handler(newStreams(9)) }

type ask struct {
	method, target, body string
	header               map[string]string
	host                 string
}

func (a ask) to(t *testing.T, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), a.method, a.target, strings.NewReader(a.body))
	r.Host = "127.0.0.1:8080"
	if a.host != "" {
		r.Host = a.host
	}
	for k, v := range a.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(body string, header ...string) ask {
	a := ask{method: http.MethodPost, target: "/graphql", body: body, header: map[string]string{"Content-Type": "application/json"}}
	for i := 0; i < len(header); i += 2 {
		a.header[header[i]] = header[i+1]
	}
	return a
}

// errorOf gives the code and message of the only error in an answer.
func errorOf(t *testing.T, w *httptest.ResponseRecorder) (code, message string) {
	t.Helper()
	var answer struct {
		Errors gqlerror.List
		Data   *json.RawMessage
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%q: %v", w.Body, err)
	}
	if len(answer.Errors) != 1 || answer.Data != nil {
		t.Fatalf("%s: want one error and no data", w.Body)
	}
	code, _ = answer.Errors[0].Extensions["code"].(string)
	return code, answer.Errors[0].Message
}

func TestRequestIDs(t *testing.T) {
	for _, test := range []struct{ name, sent, want string }{
		{"none", "", "new-id"},
		{"sane", "abc-123_X.y:z/9+=", "abc-123_X.y:z/9+="},
		{"hundred characters", strings.Repeat("a", 100), strings.Repeat("a", 100)},
		{"too long", strings.Repeat("a", 101), "new-id"},
		{"with a space", "a b", "new-id"},
		{"with a line break", "a\nb", "new-id"},
		{"with a quote", `a"b`, "new-id"},
		{"not ASCII", "é", "new-id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log buffer
			h := options(fake{}, &log).filled().handler(newStreams(9))
			w := post(`{"query":"{a}"}`, "X-Request-Id", test.sent).to(t, h)
			if got := w.Header().Get("X-Request-Id"); got != test.want {
				t.Errorf("answered with %q, want %q", got, test.want)
			}
			if !strings.Contains(w.Body.String(), `"requestId":"`+test.want+`"`) {
				t.Errorf("the error does not name the request: %s", w.Body)
			}
			if got := log.lines(t)[0]["request_id"]; got != test.want {
				t.Errorf("logged as %q, want %q", got, test.want)
			}
		})
	}
}

func TestLogsOneLineForEachRequest(t *testing.T) {
	var log buffer
	h := options(answers(&graphql.Response{Data: []byte(`{"a":null}`), Errors: gqlerror.List{{Message: "x"}, {Message: "y"}}}), &log).filled().handler(newStreams(9))
	w := post(`{"query":"query Secrets { a(b: \"secret\") }","variables":{"c":"secret"}}`).to(t, h)
	ask{method: "GET", target: "/graphql?query=%7Bsecret%7D"}.to(t, h)
	ask{method: "GET", target: "/healthz"}.to(t, h)
	ask{method: "PUT", target: "/graphql"}.to(t, h)
	lines := log.lines(t)
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4", len(lines))
	}
	first := lines[0]
	for key, want := range map[string]any{
		"msg": "request", "level": "INFO", "method": "POST", "path": "/graphql", "status": 200.0, "caller": "local",
		"bytes": float64(w.Body.Len()), "errors": 2.0, "request_id": "new-id",
	} {
		if first[key] != want {
			t.Errorf("%s is %v, want %v", key, first[key], want)
		}
	}
	if _, ok := first["ms"].(float64); !ok {
		t.Errorf("no duration in %v", first)
	}
	if lines[2]["level"] != "DEBUG" || lines[3]["status"] != 405.0 {
		t.Errorf("probe or refusal logged otherwise: %v", lines[2:])
	}
	if strings.Contains(log.b.String(), "ecret") {
		t.Errorf("a question is in the log: %s", log.b.String())
	}
}

func TestPanicsAreAnsweredAndLogged(t *testing.T) {
	var log buffer
	o := options(fake{execute: func(context.Context, *graphql.RawParams) *graphql.Response { panic("secret trouble") }}, &log)
	w := post(`{"query":"{a}"}`).to(t, o.filled().handler(newStreams(9)))
	if code, message := errorOf(t, w); w.Code != 500 || code != "INTERNAL" || strings.Contains(message, "secret") {
		t.Errorf("%d %s: %s", w.Code, code, message)
	}
	lines := log.lines(t)
	if len(lines) != 2 || lines[0]["level"] != "ERROR" || lines[0]["panic"] != "secret trouble" || lines[1]["status"] != 500.0 {
		t.Errorf("logged %v", lines)
	}
	if stack, _ := lines[0]["stack"].(string); !strings.Contains(stack, "server_test.go") {
		t.Errorf("no stack in the log: %v", lines[0])
	}
}

func TestAnswerBrokenOffByAPanicIsNotTakenForWhole(t *testing.T) {
	o := options(fake{}, io.Discard)
	o.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("trouble")
	})
	s := httptest.NewServer(o.filled().handler(newStreams(9)))
	defer s.Close()
	r, err := s.Client().Get(s.URL + "/page")
	if err == nil {
		_, err = io.ReadAll(r.Body)
		closed(t, r.Body)
	}
	if err == nil {
		t.Error("the client saw a whole answer")
	}
}

func TestHealth(t *testing.T) {
	missing := &Missing{What: "STORE", Why: "the store cannot be reached"}
	for _, test := range []struct {
		name, method, target string
		backend              fake
		status               int
		body                 string
	}{
		{"alive", "GET", "/healthz", fake{missing: missing}, 200, "ok\n"},
		{"alive, head", "HEAD", "/healthz", fake{missing: missing}, 200, ""},
		{"ready", "GET", "/readyz", fake{}, 200, `{"ready":true}` + "\n"},
		{"not ready", "GET", "/readyz", fake{missing: missing}, 503, `{"ready":false,"missing":{"what":"STORE","why":"the store cannot be reached"}}` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask{method: test.method, target: test.target}.to(t, handler(test.backend))
			if test.method == http.MethodHead {
				w.Body.Reset()
			}
			if w.Code != test.status || w.Body.String() != test.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body, test.status, test.body)
			}
		})
	}
	t.Run("a store that hangs", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // stands for the time that readyz allows
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(ctx, "GET", "/readyz", nil)
		readyz(hanging{}).ServeHTTP(w, r)
		if w.Code != 503 {
			t.Errorf("got %d", w.Code)
		}
	})
}

// hanging is a backend that answers when it is no longer asked.
type hanging struct{ fake }

func (hanging) Missing(ctx context.Context) *Missing {
	<-ctx.Done()
	return &Missing{What: "STORE", Why: ctx.Err().Error()}
}

func TestPagesAndHeaders(t *testing.T) {
	w := ask{method: "GET", target: "/graphiql"}.to(t, handler(fake{}))
	if w.Body.String() != "page /graphiql" {
		t.Errorf("got %q", w.Body)
	}
	for _, a := range []ask{{method: "GET", target: "/"}, {method: "GET", target: "/healthz"}, post("{"), {method: "GET", target: "/", host: "evil.example"}} {
		w := a.to(t, handler(fake{}))
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", a.target, name, got, want)
			}
		}
		for name := range w.Header() {
			if name == "Server" || strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: has %s", a.target, name)
			}
		}
	}
}
