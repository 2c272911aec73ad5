package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"dragnet/internal/catalog"
)

// Backend is what the server stands in front of. It may still be on its way
// when the server starts.
type Backend interface {
	// Executor gives what answers GraphQL, or nil while there is none.
	Executor() Executor
	// Catalog gives the graph itself, for documents, or nil while there is none.
	Catalog() *catalog.Catalog
	// Missing says what keeps it from answering everything; nil when nothing does.
	Missing(ctx context.Context) *Missing
}

// Missing is one thing that keeps the graph from being served.
type Missing struct {
	// What is a word for programs: STORE, SETUP, RESETTLE or SAMPLE_DATA.
	What string `json:"what"`
	// Why is a sentence for people, which says what to do when somebody must.
	Why string `json:"why"`
}

// readyWait is how long asking whether the store answers may take.
const readyWait = 3 * time.Second

// healthz says that the process lives, whatever the state of its store.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // the reader has gone: nobody is left to tell
}

// readyz says whether requests are answered, and if not, what is missing.
func readyz(b Backend) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWait)
		defer cancel()
		answer := struct {
			Ready   bool     `json:"ready"`
			Missing *Missing `json:"missing,omitempty"`
		}{Missing: b.Missing(ctx)}
		answer.Ready = answer.Missing == nil
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !answer.Ready {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(answer) // the reader has gone: nobody is left to tell
	})
}
