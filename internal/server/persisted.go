package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/internal/intel"
)

// codePersisted tells clients to send the text beside the hash; its message is
// one that clients look for too.
const (
	codePersisted    = "PERSISTED_QUERY_NOT_FOUND"
	messagePersisted = "PersistedQueryNotFound"
)

// persisted keeps the texts of queries by their SHA-256, so that clients need
// send the hash only: the automatic persisted queries of Apollo
// (https://github.com/apollographql/apollo-link-persisted-queries#protocol).
// The ones not used for longest go first. It is safe for use by many goroutines.
type persisted struct {
	mostBytes int

	mu    sync.Mutex
	texts *simplelru.LRU[string, string]
	bytes int
}

func newPersisted(l Limits) *persisted {
	p := &persisted{mostBytes: l.PersistedBytes}
	p.texts, _ = simplelru.NewLRU(l.Persisted, func(_, text string) { p.bytes -= len(text) }) // the size is above 0
	return p
}

var saneHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// hashOf gives the hash that a request brings, "" when it brings none.
func hashOf(params *graphql.RawParams) (string, *refusal) {
	given, ok := params.Extensions["persistedQuery"]
	if !ok || given == nil {
		return "", nil
	}
	of, _ := given.(map[string]any)
	hash, _ := of["sha256Hash"].(string)
	switch {
	case of["version"] != json.Number("1"):
		return "", badRequest("extensions.persistedQuery.version must be 1")
	case !saneHash.MatchString(hash):
		return "", badRequest("extensions.persistedQuery.sha256Hash must be the SHA-256 of the query's text as 64 digits of lower-case hexadecimal")
	}
	return hash, nil
}

// fill gives a request that brings a hash alone its text.
func (p *persisted) fill(params *graphql.RawParams) *refusal {
	hash, fault := hashOf(params)
	if hash == "" {
		return fault
	}
	if params.Query != "" {
		if sum := sha256.Sum256([]byte(params.Query)); hex.EncodeToString(sum[:]) != hash {
			return badRequest("extensions.persistedQuery.sha256Hash is not that of the query sent with it")
		}
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text, known := p.texts.Get(hash)
	if !known {
		// 200, as clients know it.
		return &refusal{status: http.StatusOK, code: codePersisted, message: messagePersisted}
	}
	params.Query = text
	return nil
}

// keep keeps the text of a request that ran, when it came with its hash.
func (p *persisted) keep(params *graphql.RawParams) {
	hash, _ := hashOf(params)
	if hash == "" || len(params.Query) > p.mostBytes {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.texts.Contains(hash) {
		return
	}
	p.texts.Add(hash, params.Query)
	p.bytes += len(params.Query)
	for p.bytes > p.mostBytes {
		p.texts.RemoveOldest()
	}
}

// tag is the ETag of the answer to a query that is read by GET with its hash,
// "" when there is none. The graph's revision decides what such a query is
// answered; this process how: its version, its settings, the form of the answer.
// The revision is read before the query runs, so that a change in between makes
// the tag too old, never too new.
func (t *transport) tag(r *http.Request, params *graphql.RawParams, media string) (string, error) {
	hash, _ := hashOf(params)
	cat := t.backend.Catalog()
	if hash == "" || cat == nil || r.Method != http.MethodGet || operation(params) != ast.Query {
		return "", nil
	}
	m, err := cat.Meta(r.Context())
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{t.process, intel.Revision{Epoch: m.Epoch, Counter: m.Last.Revision}.String(), media, r.URL.RawQuery}, "\n")))
	return `"` + hex.EncodeToString(sum[:16]) + `"`, nil
}

// unchanged answers who has the answer with this tag already.
func unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	if tag == "" {
		return false
	}
	for _, have := range strings.Split(strings.Join(r.Header.Values("If-None-Match"), ","), ",") {
		if strings.TrimPrefix(strings.TrimSpace(have), "W/") == tag {
			keepable(w.Header(), tag)
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// keepable lets the one who asks keep the answer, and ask whether it still holds.
func keepable(h http.Header, tag string) {
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
}
