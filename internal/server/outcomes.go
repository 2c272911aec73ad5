package server

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/http"
	"sync"
)

// keptOutcomes is how many outcomes are remembered, the oldest forgotten first.
const keptOutcomes = 1_000

// outcomes remembers how requests with an Idempotency-Key ended, while the
// program runs. After that a request that is sent again is carried out again,
// which changes nothing either: claims are written once.
type outcomes struct {
	mu    sync.Mutex
	by    map[string]*outcome // nil: being carried out
	order []string
}

// outcome is how a request ended.
type outcome struct {
	sum   string
	event []byte
}

// begin says what is known of a key, and takes it when nothing is.
func (o *outcomes) begin(key string) (before *outcome, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if before, known = o.by[key]; known {
		return before, true
	}
	if o.by == nil {
		o.by = map[string]*outcome{}
	}
	o.by[key] = nil
	return nil, false
}

// end keeps how the request that took the key ended, or gives the key back.
func (o *outcomes) end(key string, out *outcome) {
	if key == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if out == nil {
		delete(o.by, key)
		return
	}
	o.by[key] = out
	if o.order = append(o.order, key); len(o.order) > keptOutcomes {
		delete(o.by, o.order[0])
		o.order = o.order[1:]
	}
}

// sum is the fingerprint of a request: how it was asked, and its body.
type sum struct{ hash.Hash }

func newSum(r *http.Request) *sum {
	s := &sum{sha256.New()}
	s.add([]byte(r.URL.RawQuery + "\x00"))
	return s
}

func (s *sum) add(b []byte) { _, _ = s.Write(b) } // a hash takes all

func (s *sum) text() string { return hex.EncodeToString(s.Sum(nil)) }
