package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
)

// mediaLines is JSON, one value a line.
const mediaLines = "application/x-ndjson"

// listedRejects is how many rejected rows of one request are told of: a client
// that reads no answer before it has sent all must not be kept from sending.
const listedRejects = 100

// importing takes a file as the body of a POST, of any size, and answers with an
// event for each batch as it is written, the last one saying how it ended. A
// client that goes away stops the import after the batch in hand. A request with
// an Idempotency-Key that was carried out before is answered with how that one
// ended.
type importing struct {
	backend Backend
	limit   Limits
	done    *outcomes
}

func (h *importing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o, fault := importOptions(r)
	if r.Method != http.MethodPost {
		fault = &refusal{status: http.StatusMethodNotAllowed, code: codeInput, message: "a file to import is sent by POST", allow: "POST"}
	}
	graph := h.backend.Catalog()
	switch {
	case fault != nil:
		fault.write(w, r, mediaJSON)
		return
	case graph == nil:
		refuse(w, r, http.StatusServiceUnavailable, codeUnavailable, "the graph is not open yet; /readyz says what is missing")
		return
	}
	out := &eventWriter{w: w, control: http.NewResponseController(w), limit: h.limit.Transfer}
	// Without it the server would stop reading when it begins to answer.
	_ = out.control.EnableFullDuplex() // HTTP/2 always is
	body := &importBody{ReadCloser: r.Body, control: out.control, limit: h.limit.Transfer, sum: newSum(r)}
	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		if !saneID.MatchString(key) {
			refuse(w, r, http.StatusBadRequest, codeInput, "Idempotency-Key is 1 to 100 letters, digits and ._:+/=-")
			return
		}
		if h.again(w, r, key, body, out) {
			return
		}
	}
	var kept *outcome
	defer func() { h.done.end(key, kept) }()
	o.By, o.Tell, o.Reject = Caller(r.Context()), out.tell, out.reject
	file := seeding.File{Name: "body", Once: true, Size: max(0, r.ContentLength), Options: exchange.OpenOptions{Format: exchange.Format(r.URL.Query().Get("format"))},
		Open: func() (io.ReadCloser, error) { return body, nil }}
	report, err := seeding.Import(r.Context(), graph, []seeding.File{file}, o)
	last := out.end(r, report, err)
	// What failed for no fault of the request may go better next time.
	if err == nil || errors.Is(err, intel.ErrInvalid) {
		kept = &outcome{sum: body.sum.text(), event: last}
	}
}

// again answers a request whose key was used, and says that it did.
func (h *importing) again(w http.ResponseWriter, r *http.Request, key string, body *importBody, out *eventWriter) bool {
	before, known := h.done.begin(key)
	switch {
	case !known:
		return false
	case before == nil:
		refuse(w, r, http.StatusConflict, codeConflict, "a request with this Idempotency-Key is being carried out: wait for its answer")
		return true
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		refuse(w, r, http.StatusBadRequest, codeInput, "the request broke off")
		return true
	}
	if body.sum.text() != before.sum {
		refuse(w, r, http.StatusUnprocessableEntity, codeConflict, "this Idempotency-Key was used for another request: take a new one")
		return true
	}
	w.Header().Set("Idempotent-Replayed", "true")
	out.write(before.event)
	return true
}

// importOptions reads the query string.
func importOptions(r *http.Request) (seeding.Options, *refusal) {
	var o seeding.Options
	for name, all := range r.URL.Query() {
		flag := map[string]*bool{"dryRun": &o.DryRun, "replace": &o.Replace, "strict": &o.Strict}[name]
		switch value := all[0]; {
		case len(all) > 1:
			return o, badRequest(name + " stands there more than once")
		case name == "format":
			if f := exchange.Format(value); !f.Valid() {
				return o, badRequest("format is one of " + strings.Join(exchange.Formats(), ", "))
			}
		case flag == nil:
			return o, badRequest("there is no parameter of that name: there are format, dryRun, replace and strict")
		case value == "true":
			*flag = true
		case value != "false":
			return o, badRequest(name + " is true or false")
		}
	}
	return o, nil
}

// importBody is the body of an import. Each read renews the time that the rest
// may take to arrive, so that only a body that stands still is cut off.
type importBody struct {
	io.ReadCloser
	control *http.ResponseController
	limit   time.Duration
	sum     *sum
}

func (b *importBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(b.limit)) // a connection without deadlines waits
	n, err := b.ReadCloser.Read(p)
	b.sum.add(p[:n])
	return n, err
}

// eventWriter writes events, each at once.
type eventWriter struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	limit    time.Duration
	rejected int
	began    bool
}

// importEvent is one line of the answer; what Of holds follows from the event.
type importEvent struct {
	Event string `json:"event"`
	Of    any    `json:"of,omitempty"`
	// Error and Code say what ended the import.
	Error    string              `json:"error,omitempty"`
	Code     string              `json:"code,omitempty"`
	Mistakes []*exchange.Mistake `json:"mistakes,omitempty"`
}

func (e *eventWriter) tell(ev seeding.Event) {
	if w, ok := ev.(seeding.Wrote); ok {
		e.event(importEvent{Event: "wrote", Of: w})
	}
}

func (e *eventWriter) reject(_ seeding.File, r exchange.Reject) error {
	if e.rejected++; e.rejected <= listedRejects {
		e.event(importEvent{Event: "rejected", Of: &exchange.Mistake{Position: r.At, Found: r.Reason}})
	}
	return nil
}

func (e *eventWriter) event(ev importEvent) []byte {
	line, err := json.Marshal(ev)
	if err != nil {
		return nil // events are plain
	}
	line = append(line, '\n')
	e.write(line)
	return line
}

func (e *eventWriter) write(line []byte) {
	if !e.began {
		e.began = true
		e.w.Header().Set("Content-Type", mediaLines)
	}
	_ = e.control.SetWriteDeadline(time.Now().Add(e.limit)) // as in Read
	_, _ = e.w.Write(line)                                  // a client that went away ends the context
	_ = e.control.Flush()
}

// end tells how the import ended. Nothing was told before a request that was
// refused at once, so that its status says it too.
func (e *eventWriter) end(r *http.Request, report seeding.Report, err error) []byte {
	if err == nil {
		return e.event(importEvent{Event: "done", Of: report})
	}
	visitOf(r.Context()).errors = 1
	last := importEvent{Event: "failed", Of: report, Error: fmt.Sprintf("%s; the request id is %s", err, RequestID(r.Context())), Code: codeUnavailable}
	status := http.StatusServiceUnavailable
	var wrong *exchange.MistakesError
	switch {
	case errors.As(err, &wrong):
		last.Event, last.Error, last.Code, last.Mistakes = "refused", "", codeInput, wrong.List
		status = http.StatusBadRequest
	case errors.Is(err, intel.ErrInvalid):
		last.Event, last.Code = "refused", codeInput
		status = http.StatusBadRequest
	case errors.Is(err, intel.ErrConflict):
		last.Code = codeConflict
		status = http.StatusConflict
	}
	if !e.began {
		e.w.Header().Set("Content-Type", mediaLines)
		e.w.WriteHeader(status)
	}
	return e.event(last)
}
