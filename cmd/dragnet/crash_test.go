package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/neo4jtest"
)

const (
	crashWriters = 6
	crashClaims  = 5 // of a batch
)

// stream sends batches of claims from several goroutines and remembers which
// were acknowledged. All claims of a batch carry its name as their locator.
type stream struct {
	url    string
	client *http.Client
	rnd    func(writer int) *rand.Rand
	acked  atomic.Int64

	mu     sync.Mutex
	claims map[string][]string // ids by batch acknowledged
}

func newStream(seed uint64) *stream {
	return &stream{
		client: &http.Client{Transport: &http.Transport{}, Timeout: 2 * time.Minute},
		rnd:    func(writer int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(writer))) },
		claims: map[string][]string{},
	}
}

// run sends batches until the context ends. With stopOnError a writer ends at
// its first failure, else it goes on with another batch.
func (s *stream) run(ctx context.Context, name string, stopOnError bool) {
	var all sync.WaitGroup
	for w := range crashWriters {
		all.Go(func() {
			rnd := s.rnd(w)
			for i := 0; ctx.Err() == nil; i++ {
				batch := fmt.Sprintf("%s writer %d batch %d", name, w, i)
				ids, err := s.send(ctx, w, batch, rnd)
				switch {
				case err == nil:
					s.mu.Lock()
					s.claims[batch] = ids
					s.mu.Unlock()
					s.acked.Add(1)
				case stopOnError:
					return
				default:
					time.Sleep(pollEvery)
				}
			}
		})
	}
	all.Wait()
	s.client.CloseIdleConnections()
}

const assertQuery = `mutation($input: AssertClaimsInput!) { assertClaims(input: $input) { added results { claim { id } } } }`

// send sends one batch, about few enough entities that writers meet.
func (s *stream) send(ctx context.Context, w int, batch string, rnd *rand.Rand) ([]string, error) {
	type object = map[string]any
	var claims []object
	for i := range crashClaims {
		operation := object{"id": fmt.Sprintf("operation:o%d", rnd.IntN(20))}
		claim := object{"subject": operation, "locator": batch, "property": "arrests", "value": object{"quantity": object{"value": 1000 + i}}}
		if i%2 == 1 {
			agency := object{"id": fmt.Sprintf("agency:a%d", rnd.IntN(10))}
			claim = object{"subject": agency, "locator": batch, "quote": fmt.Sprint(i), "link": object{"type": "COORDINATED", "to": operation}}
		}
		claims = append(claims, claim)
	}
	body, err := json.Marshal(object{"query": assertQuery, "variables": object{"input": object{
		"source": object{"id": fmt.Sprintf("source:w%d", w)}, "claims": claims,
	}}})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	var got struct {
		Errors json.RawMessage
		Data   struct {
			AssertClaims struct {
				Added   int
				Results []struct{ Claim struct{ ID string } }
			}
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return nil, err
	}
	if got.Errors != nil || got.Data.AssertClaims.Added != crashClaims {
		return nil, fmt.Errorf("not added: %s", got.Errors)
	}
	var ids []string
	for _, row := range got.Data.AssertClaims.Results {
		ids = append(ids, row.Claim.ID)
	}
	return ids, nil
}

// verify looks into the store: every acknowledged claim is there, and no batch
// is there in part.
func (s *stream) verify(t *testing.T, address string) {
	t.Helper()
	parsed, err := config.ParseStore(address, "", config.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	store, err := open(parsed)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, store)
	there, batches := map[string]bool{}, map[string]int{}
	for after := ""; ; {
		var page *intel.WorkingSet
		err := store.View(t.Context(), func(r intel.Reader) (err error) {
			page, err = r.Scan(t.Context(), intel.PartClaims, after, 1_000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Claims) == 0 {
			break
		}
		for _, c := range page.Claims {
			there[c.ID] = true
			batches[c.Locator]++
			after = c.ID
		}
	}
	for batch, ids := range s.claims {
		for _, id := range ids {
			if !there[id] {
				t.Errorf("%s was acknowledged, and %s is lost", batch, id)
			}
		}
	}
	for batch, n := range batches {
		if n != crashClaims {
			t.Errorf("%s is there in part: %d of %d claims", batch, n, crashClaims)
		}
	}
	if unacknowledged := len(batches) - len(s.claims); unacknowledged < 0 || unacknowledged > 200 {
		t.Errorf("%d batches are there, %d were acknowledged", len(batches), len(s.claims))
	}
}

// build builds the program as it is shipped.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "dragnet")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// check runs dragnet check.
func check(t *testing.T, binary, address string) {
	t.Helper()
	if out, err := exec.Command(binary, "check", "--store", address).CombinedOutput(); err != nil {
		t.Errorf("dragnet check: %v\n%s", err, out)
	}
}

func TestKill9LosesNothing(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) {
		killDragnet(t, binary, "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), 5)
	})
	t.Run("neo4j", func(t *testing.T) { killDragnet(t, binary, neo4jtest.URI(t), 3) })
}

// killDragnet kills dragnet again and again in the middle of writing, and looks
// each time at what is left.
func killDragnet(t *testing.T, binary, address string, rounds int) {
	rnd := rand.New(rand.NewPCG(1, uint64(len(address))))
	s := newStream(2)
	for round := range rounds {
		server, err := serve(binary, t.TempDir(), os.Environ(), "--store", address, "--log-level", "warn")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.kill9)
		server.await(t, http.StatusOK, `"ready":true`)
		s.url = server.url
		until := s.acked.Load() + 20 + rnd.Int64N(60)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.run(ctx, fmt.Sprintf("round %d", round), true)
		}()
		for s.acked.Load() < until {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rnd.IntN(20_000)) * time.Microsecond) // any moment of a commit
		server.kill9()
		<-ended
		cancel()
		s.verify(t, address)
		check(t, binary, address)
		if t.Failed() {
			t.Fatalf("round %d; the log:\n%s", round, server.said())
		}
	}
	// It starts once more and ends in order.
	server, err := serve(binary, t.TempDir(), os.Environ(), "--store", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill9)
	server.await(t, http.StatusOK, `"ready":true`)
	if code := server.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d:\n%s", code, server.said())
	}
}

// TestNeo4jComesAndGoes starts dragnet before its database, and then kills the
// database under it. Dragnet lives on, says what is missing, and goes on by
// itself when the database is there.
func TestNeo4jComesAndGoes(t *testing.T) {
	const password = "correct horse"
	neo4j := neo4jtest.StartWithPassword(t, password)
	neo4j.Stop(t)
	binary := build(t)
	address := strings.Replace(neo4j.URI, "://", "://neo4j:correct%20horse@", 1)
	server, err := serve(binary, t.TempDir(), os.Environ(), "--store", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill9)
	server.await(t, http.StatusServiceUnavailable, `"what":"STORE"`)
	server.answers(t, "/healthz", http.StatusOK, "ok")
	server.answers(t, "/graphql?query=%7B__typename%7D", http.StatusServiceUnavailable, `"code":"UNAVAILABLE"`)
	neo4j.Restart(t)
	server.await(t, http.StatusOK, `"ready":true`)

	s := newStream(3)
	s.url = server.url
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.run(ctx, "stream", false)
	}()
	for s.acked.Load() < 30 {
		time.Sleep(pollEvery)
	}
	neo4j.Kill9(t)
	server.await(t, http.StatusServiceUnavailable, `"what":"STORE"`)
	server.answers(t, "/healthz", http.StatusOK, "ok")
	neo4j.Restart(t)
	server.await(t, http.StatusOK, `"ready":true`)
	until := s.acked.Load() + 10
	for s.acked.Load() < until {
		time.Sleep(pollEvery)
	}
	cancel()
	<-ended
	if code := server.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d:\n%s", code, server.said())
	}
	s.verify(t, address)
	check(t, binary, address)
	if log := server.said(); strings.Contains(log, "panic") || strings.Contains(log, password) || strings.Contains(log, "correct%20horse") {
		t.Errorf("it panicked, or shows the password:\n%s", log)
	}
	wrong := exec.Command(binary, "hash", "--store", neo4j.URI)
	wrong.Env = append(os.Environ(), userVar+"=neo4j", passwordVar+"=wrong horse")
	if out, err := wrong.CombinedOutput(); err == nil || strings.Contains(string(out), "horse") || !strings.Contains(string(out), passwordVar) {
		t.Errorf("with a wrong password: %v\n%s", err, out)
	}
}
