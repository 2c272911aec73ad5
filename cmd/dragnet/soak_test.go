package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"dragnet/internal/neo4jtest"
)

// seen is a change as a subscriber sees it.
type seen struct {
	revision int64
	entity   string
}

// subscriber follows changes to entities from the beginning, again and again
// where it was broken off.
type subscriber struct {
	url    *atomic.Value // where the server is now
	socket bool          // over WebSocket, else by server-sent events
	last   *seen
	epoch  string
	got    []seen
}

// follow takes changes until there are so many.
func (s *subscriber) follow(ctx context.Context, most int) error {
	for len(s.got) < most {
		var err error
		if s.socket {
			err = s.overSocket(ctx, most)
		} else {
			err = s.byEvents(ctx, most)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%d of %d changes came, and then %w", len(s.got), most, err)
		}
		var wrong *wrongAnswerError
		if errors.As(err, &wrong) {
			return err
		}
		time.Sleep(pollEvery) // it is being started again
	}
	return nil
}

// wrongAnswerError is an answer that has no place.
type wrongAnswerError struct{ text string }

func (w *wrongAnswerError) Error() string { return w.text }

func (s *subscriber) query() string {
	where := fmt.Sprintf("since: %q", s.epoch+".0")
	if s.last != nil {
		where = fmt.Sprintf("since: %q, after: %q", s.epoch+"."+strconv.FormatInt(s.last.revision, 10), s.last.entity)
	}
	return "subscription { changes(" + where + ") { revision entity { id } } }"
}

// take takes one answer; done says that it was the last one wanted.
func (s *subscriber) take(answer []byte, most int) (done bool, err error) {
	var got struct {
		Data *struct {
			Changes struct {
				Revision string
				Entity   struct{ ID string }
			}
		}
		Errors json.RawMessage
	}
	if err := json.Unmarshal(answer, &got); err != nil || got.Errors != nil || got.Data == nil {
		return false, &wrongAnswerError{fmt.Sprintf("%s %v", answer, err)}
	}
	counter, err := strconv.ParseInt(strings.TrimPrefix(got.Data.Changes.Revision, s.epoch+"."), 10, 64)
	if err != nil {
		return false, &wrongAnswerError{string(answer)}
	}
	now := seen{counter, got.Data.Changes.Entity.ID}
	if s.last != nil && (now.revision < s.last.revision || now.revision == s.last.revision && now.entity <= s.last.entity) {
		return false, &wrongAnswerError{fmt.Sprintf("%v came after %v", now, *s.last)}
	}
	s.last = &now
	s.got = append(s.got, now)
	return len(s.got) == most, nil
}

func (s *subscriber) overSocket(ctx context.Context, most int) error {
	c, _, err := websocket.Dial(ctx, s.url.Load().(string)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return err
	}
	defer func() { _ = c.CloseNow() }() // the server may be gone
	say := func(m any) {
		text, _ := json.Marshal(m)                    // it is of maps and texts
		_ = c.Write(ctx, websocket.MessageText, text) // reading tells
	}
	type object = map[string]any
	say(object{"type": "connection_init"})
	say(object{"type": "subscribe", "id": "1", "payload": object{"query": s.query()}})
	for {
		_, text, err := c.Read(ctx)
		if err != nil {
			return err
		}
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal(text, &m); err != nil {
			return &wrongAnswerError{string(text)}
		}
		if m.Type == "connection_ack" {
			continue
		}
		if m.Type != "next" {
			return &wrongAnswerError{string(text)}
		}
		if done, err := s.take(m.Payload, most); done || err != nil {
			return err
		}
	}
}

func (s *subscriber) byEvents(ctx context.Context, most int) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url.Load().(string)+"/graphql?query="+url.QueryEscape(s.query()), nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	w, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = w.Body.Close() }() // it was only read
	if w.StatusCode != http.StatusOK {
		return errors.New(w.Status)
	}
	lines := bufio.NewScanner(w.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if done, err := s.take([]byte(data), most); done || err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

// TestSubscriptionSoak lets many follow while the server is killed twice in the
// middle of it: each sees every change once, in order.
func TestSubscriptionSoak(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) {
		soak(t, binary, "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), 200, 2_000)
	})
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.URI(t)
		neo4jtest.Clear(t, uri)
		soak(t, binary, uri, 20, 200)
	})
}

func soak(t *testing.T, binary, address string, subscribers, changes int) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	var url atomic.Value
	var server *served
	start := func() {
		var err error
		if server, err = serve(binary, t.TempDir(), os.Environ(), "--store", address, "--log-level", "warn"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.kill9)
		server.await(t, http.StatusOK, `"ready":true`)
		url.Store(server.url)
	}
	start()
	all := make([]*subscriber, subscribers)
	var g errgroup.Group
	for i := range all {
		all[i] = &subscriber{url: &url, socket: i%2 == 0, epoch: epochOf(t, server.url)}
		g.Go(func() error {
			if err := all[i].follow(ctx, changes); err != nil {
				return fmt.Errorf("subscriber %d: %w", i, err)
			}
			return nil
		})
	}
	const together = 4 // entities that one call changes
	var acked atomic.Int64
	var writers sync.WaitGroup
	jobs := make(chan int)
	for range 4 {
		writers.Go(func() {
			for n := range jobs {
				for ctx.Err() == nil && !changeGroups(ctx, url.Load().(string), n, together) {
					time.Sleep(pollEvery) // it is being started again
				}
				acked.Add(together)
			}
		})
	}
	killed := 0
	for n := 0; n < changes; n += together {
		select {
		case jobs <- n:
		case <-ctx.Done():
		}
		if done := int(acked.Load()); killed < 2 && done > (killed+1)*changes/3 {
			killed++
			server.kill9()
			start()
		}
	}
	close(jobs)
	writers.Wait()
	if err := g.Wait(); err != nil {
		t.Errorf("%v\nthe log:\n%s", err, server.said())
	}
	if killed != 2 {
		t.Errorf("the server was killed %d times", killed)
	}
	for i, s := range all {
		if fmt.Sprint(s.got) != fmt.Sprint(all[0].got) {
			t.Errorf("subscriber %d saw other things than the first", i)
		}
	}
	distinct := map[string]bool{}
	for _, c := range all[0].got {
		distinct[c.entity] = true
	}
	if len(distinct) != changes {
		t.Errorf("%d entities were seen, %d were changed", len(distinct), changes)
	}
	if code := server.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d:\n%s", code, server.said())
	}
}

// TestTwoServersOneGraph follows on one server what is written through another.
func TestTwoServersOneGraph(t *testing.T) {
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) { twoServers(t, binary, "sqlite:"+filepath.Join(t.TempDir(), "graph.db")) })
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.URI(t)
		neo4jtest.Clear(t, uri)
		twoServers(t, binary, uri)
	})
}

func twoServers(t *testing.T, binary, address string) {
	var servers [2]*served
	for i := range servers {
		server, err := serve(binary, t.TempDir(), os.Environ(), "--store", address, "--log-level", "warn")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.kill9)
		server.await(t, http.StatusOK, `"ready":true`)
		servers[i] = server
	}
	var here atomic.Value
	here.Store(servers[0].url)
	s := &subscriber{url: &here, socket: true, epoch: epochOf(t, servers[0].url)}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var g errgroup.Group
	g.Go(func() error { return s.follow(ctx, 40) })
	for n := range 40 {
		if !changeGroups(ctx, servers[1-n%2].url, n, 1) {
			t.Fatalf("change %d was not made; the logs:\n%s\n%s", n, servers[0].said(), servers[1].said())
		}
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// changeGroups names some groups, in one call that may be sent again.
func changeGroups(ctx context.Context, url string, from, n int) bool {
	type object = map[string]any
	var claims []object
	for i := from; i < from+n; i++ {
		claims = append(claims, object{"subject": object{"id": fmt.Sprintf("group:g%d", i)}, "property": "name", "value": object{"text": fmt.Sprint("Group ", i)}})
	}
	body, _ := json.Marshal(object{"query": assertQuery, "variables": object{"input": object{"source": object{"id": "source:s"}, "claims": claims}}}) // it is of maps and texts
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = w.Body.Close() }() // it was only read
	var got struct{ Errors json.RawMessage }
	return json.NewDecoder(w.Body).Decode(&got) == nil && got.Errors == nil
}

// epochOf asks for the epoch of a server's graph.
func epochOf(t *testing.T, url string) string {
	t.Helper()
	_, body := get(url + "/graphql?query=%7Bservice%7Brevision%7D%7D")
	_, rest, _ := strings.Cut(body, `"revision":"`)
	epoch, _, ok := strings.Cut(rest, ".")
	if !ok {
		t.Fatal(body)
	}
	return epoch
}
