package server

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The media types of answers.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
	mediaEvents  = "text/event-stream"
)

// The codes of errors that come from here; the graph room has more.
const (
	codeInput       = "BAD_USER_INPUT"
	codeNotFound    = "NOT_FOUND"
	codeLimit       = "LIMIT_EXCEEDED"
	codeConflict    = "CONFLICT"
	codeForbidden   = "FORBIDDEN"
	codeUnavailable = "UNAVAILABLE"
	codeInternal    = "INTERNAL"
)

// negotiate picks the media type of the answer from Accept headers: what the
// client wants most, then what it names most exactly. Who has no wish gets
// application/json, which every client knows.
func negotiate(accept []string) (media string, ok bool) {
	wishes := strings.Join(accept, ",")
	if strings.TrimSpace(wishes) == "" {
		return mediaJSON, true
	}
	best, exactness := 0.0, 0
	for _, part := range strings.Split(wishes, ",") {
		wanted, details, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, given := details["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		candidate, exact := mediaJSON, 1
		switch wanted {
		case mediaGraphQL:
			candidate, exact = mediaGraphQL, 4
		case mediaJSON:
			exact = 3
		case "application/*":
			exact = 2
		case "*/*":
		default:
			continue
		}
		if q > best || q == best && q > 0 && exact > exactness {
			media, best, exactness = candidate, q, exact
		}
	}
	return media, media != ""
}

// weight is how much Accept headers want the one of these media types, named as
// they are, that they want most: 0 to 1.
func weight(accept []string, media ...string) float64 {
	most := 0.0
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		wanted, details, err := mime.ParseMediaType(part)
		if err != nil || !slices.Contains(media, wanted) {
			continue
		}
		q := 1.0
		if text, given := details["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		most = max(most, q)
	}
	return most
}

// refusal is why a request is not carried out. Its message repeats no more
// of what was sent than the part at fault.
type refusal struct {
	status     int
	code       string
	message    string
	allow      string // for 405
	acceptPost string // for 415
	hangUp     bool   // what is left of the request is not read
}

func badRequest(message string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: codeInput, message: message}
}

func (f *refusal) write(w http.ResponseWriter, r *http.Request, media string) {
	if f.allow != "" {
		w.Header().Set("Allow", f.allow)
	}
	if f.acceptPost != "" {
		w.Header().Set("Accept-Post", f.acceptPost)
	}
	if f.hangUp {
		w.Header().Set("Connection", "close")
	}
	visitOf(r.Context()).errors = 1
	writeResponse(w, media, f.status, &graphql.Response{Errors: gqlerror.List{{
		Message:    f.message,
		Extensions: map[string]any{"code": f.code, "requestId": RequestID(r.Context())},
	}}})
}

// refuse answers a request that is not carried out with an error in the shape
// of a GraphQL response.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	(&refusal{status: status, code: code, message: message}).write(w, r, mediaJSON)
}

// writeResponse writes a GraphQL response.
func writeResponse(w http.ResponseWriter, media string, status int, response *graphql.Response) {
	parts := append(partsOf(response), []byte("\n"))
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return // the reader has gone: nobody is left to tell
		}
	}
}

// partsOf gives the JSON of a GraphQL response in pieces: errors first, as the
// specification of GraphQL recommends, and no data when nothing ran.
func partsOf(response *graphql.Response) [][]byte {
	var parts [][]byte
	next := "{"
	add := func(name string, value []byte) {
		parts = append(parts, []byte(next+`"`+name+`":`), value)
		next = ","
	}
	if len(response.Errors) > 0 {
		add("errors", mustJSON(response.Errors))
	}
	if response.Data != nil {
		add("data", response.Data)
	}
	if len(response.Extensions) > 0 {
		add("extensions", mustJSON(response.Extensions))
	}
	return append(parts, []byte("}"))
}

// mustJSON panics when the graph room put something into an answer that JSON
// cannot say, which is answered as INTERNAL.
func mustJSON(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return out
}

func hasCode(errs gqlerror.List, code string) bool {
	for _, e := range errs {
		if e.Extensions["code"] == code {
			return true
		}
	}
	return false
}
