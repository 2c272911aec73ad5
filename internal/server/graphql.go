package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Executor answers GraphQL requests; the graph room has the one in use.
type Executor interface {
	// Execute answers a request. A response without Data says that the request
	// was refused before anything ran; Data is the JSON null when the operation
	// ran and nothing is left of it.
	Execute(ctx context.Context, params *graphql.RawParams) *graphql.Response
	// Subscribe begins a request of any kind. A response says that it was refused
	// before anything ran. Else next waits for the next answer, nil when there is
	// no other one; an answer without Data tells why a subscription ended, and more
	// says that another one is at hand without which this one is half a thing. stop
	// must be called at the end, by the same goroutine. An answer's Data holds until
	// next is called again.
	Subscribe(ctx context.Context, params *graphql.RawParams) (next func() (r *graphql.Response, more bool), stop func(), refused *graphql.Response)
}

// transport speaks GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/):
// queries by GET and POST, mutations by POST only, and JSON bodies only, so that
// no page of another site can send one unasked. Where the draft has moved on
// from what its audits check, the audits hold: a request that is no GraphQL
// request, does not parse or is not valid gets 400, and 200 when the client
// reads application/json only and the request was at least well-formed.
type transport struct {
	backend Backend
	limit   Limits
	log     *slog.Logger
	open    *streams
	known   *persisted
	process string // tells this process from others
}

func (t *transport) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isUpgrade(r.Header) {
		t.serveSocket(w, r)
		return
	}
	accept := r.Header.Values("Accept")
	events := weight(accept, mediaEvents)
	media, ok := negotiate(accept)
	w.Header().Add("Vary", "Accept")
	if !ok && events == 0 {
		refuse(w, r, http.StatusNotAcceptable, codeInput, "answers are "+mediaGraphQL+" or "+mediaJSON+", those of subscriptions "+mediaEvents+": accept one of them")
		return
	}
	if !ok {
		media = mediaJSON
	}
	params, fault := t.read(w, r)
	if fault != nil {
		fault.write(w, r, media)
		return
	}
	exec := t.backend.Executor()
	if exec == nil {
		refuse(w, r, http.StatusServiceUnavailable, codeUnavailable, "the graph is not open yet; /readyz says what is missing")
		return
	}
	if events > 0 && (!ok || operation(params) == ast.Subscription || events > weight(accept, mediaGraphQL, mediaJSON, "application/*", "*/*")) {
		t.serveEvents(w, r, exec, params)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.limit.Request)
	defer cancel()
	tag, err := t.tag(r, params, media)
	if err != nil {
		refuseError(w, r, t.log, err)
		return
	}
	if unchanged(w, r, tag) {
		return
	}
	response := exec.Execute(ctx, params)
	visitOf(ctx).errors = len(response.Errors)
	if response.Data != nil {
		t.known.keep(params)
	}
	if tag != "" && len(response.Errors) == 0 {
		keepable(w.Header(), tag)
	}
	writeResponse(w, media, statusOf(response, media), response)
}

// statusOf follows the specification: what ran is 200, also with errors. What
// was refused is 400, but for clients that read application/json only: those
// cannot tell a 400 of ours from one of something in between.
func statusOf(response *graphql.Response, media string) int {
	switch {
	case response.Data != nil || media == mediaJSON:
		return http.StatusOK
	case hasCode(response.Errors, codeInternal):
		return http.StatusInternalServerError
	case hasCode(response.Errors, codeUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// read gives the parameters of a request, or what is wrong with it.
func (t *transport) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	var params *graphql.RawParams
	var fault *refusal
	began := graphql.Now()
	switch r.Method {
	case http.MethodGet:
		params, fault = readQuery(r.URL.RawQuery)
	case http.MethodPost:
		params, fault = t.readBody(w, r)
	default:
		fault = &refusal{status: http.StatusMethodNotAllowed, code: codeInput, message: "GraphQL is asked by GET or POST", allow: "GET, POST"}
	}
	if fault != nil {
		return nil, fault
	}
	if fault := t.known.fill(params); fault != nil {
		return nil, fault
	}
	if !utf8.ValidString(params.Query) {
		return nil, badRequest("query is not valid UTF-8")
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: began, End: graphql.Now()}
	if r.Method == http.MethodGet && operation(params) == ast.Mutation {
		return nil, &refusal{status: http.StatusMethodNotAllowed, code: codeInput, message: "a mutation is sent by POST", allow: "POST"}
	}
	return params, nil
}

// readTokens bounds how far a query is parsed to see what it does;
// it is above the limit that holds for every query, so that nothing slips by.
const readTokens = 20_000

// operation is what kind of operation is to run. What does not parse does not
// run either, and has none.
func operation(params *graphql.RawParams) ast.Operation {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, readTokens)
	if err != nil {
		return ""
	}
	if op := doc.Operations.ForName(params.OperationName); op != nil {
		return op.Operation
	}
	return ""
}

// readQuery reads the parameters of a GET.
func readQuery(raw string) (*graphql.RawParams, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("the query string is not well-formed: encode its parts for a URL")
	}
	for name, all := range values {
		if len(all) > 1 && isParam(name) {
			return nil, badRequest(name + " stands there more than once")
		}
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, to := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := values.Get(name); text != "" && decode([]byte(text), to) != nil {
			return nil, badRequest(name + " is not a JSON object")
		}
	}
	if !values.Has("query") && params.Extensions["persistedQuery"] == nil {
		return nil, badRequest("query is missing; the playground is at /graphiql")
	}
	return params, nil
}

func isParam(name string) bool {
	return name == "query" || name == "operationName" || name == "variables" || name == "extensions"
}

// readBody reads the parameters of a POST.
func (t *transport) readBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	if !isJSON(r.Header) {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, code: codeInput, message: "send the request as Content-Type: " + mediaJSON + ", in UTF-8 and not compressed", acceptPost: mediaJSON}
	}
	body, fault := readAll(w, r, t.limit.Body)
	if fault != nil {
		return nil, fault
	}
	return parseBody(body)
}

// readAll reads a body of at most so many bytes.
func readAll(w http.ResponseWriter, r *http.Request, most int64) ([]byte, *refusal) {
	tooLarge := &refusal{status: http.StatusRequestEntityTooLarge, code: codeLimit, message: "the request is larger than " + strconv.FormatInt(most, 10) + " bytes: send it in parts", hangUp: true}
	if r.ContentLength > most {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{status: http.StatusRequestTimeout, code: codeLimit, message: "the request took too long to arrive", hangUp: true}
	case err != nil:
		return nil, &refusal{status: http.StatusBadRequest, code: codeInput, message: "the request broke off", hangUp: true}
	}
	return body, nil
}

// isJSON says that the body is what the specification wants: JSON in UTF-8.
func isJSON(h http.Header) bool {
	media, details, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := details["charset"]
	encoding := h.Get("Content-Encoding")
	return err == nil && media == mediaJSON && (charset == "" || strings.EqualFold(charset, "utf-8")) &&
		(encoding == "" || strings.EqualFold(encoding, "identity"))
}

const noQuery = "query is missing or not a string"

func parseBody(body []byte) (*graphql.RawParams, *refusal) {
	if !utf8.Valid(body) {
		return nil, badRequest("the body is not valid UTF-8")
	}
	// The names are taken as they are written: encoding/json would take Query for
	// query too.
	var parts map[string]json.RawMessage
	if err := decode(body, &parts); err != nil || parts == nil {
		if json.Valid(body) {
			return nil, badRequest("the body is not a JSON object with the query in it")
		}
		return nil, badRequest("the body is not valid JSON")
	}
	params := &graphql.RawParams{}
	part, given := parts["query"]
	if given = given && string(part) != "null"; given && decode(part, &params.Query) != nil {
		return nil, badRequest(noQuery)
	}
	if part, ok := parts["operationName"]; ok && decode(part, &params.OperationName) != nil {
		return nil, badRequest("operationName is not a string")
	}
	for name, to := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if part, ok := parts[name]; ok && decode(part, to) != nil {
			return nil, badRequest(name + " is not an object")
		}
	}
	if !given && params.Extensions["persistedQuery"] == nil {
		return nil, badRequest(noQuery)
	}
	return params, nil
}

// decode reads one JSON value and nothing after it; numbers keep their digits.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows")
	}
	return nil
}
