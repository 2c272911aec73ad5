package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dragnet/bench/byhand"
	"dragnet/bench/gen"
	"dragnet/internal/intel"
)

// request is a GraphQL query with one variable, the id or name it is about.
type request struct {
	name  string
	query string
	root  func(g *gen.Graph, i int) string
	hops  []byhand.Hop // of the Select it makes, when a question has it
}

func (c *httpCmd) requests() []request {
	var out []request
	for _, r := range []request{
		{"point", pointQuery, anyone, nil},
		{"like OPERA1ER", groupQuery, known, nil},
		{"tree 10×10×10", treeQuery, technique, questions[0].hops},
		{"search", searchQuery, typed, nil},
		{"resolve", resolveQuery, misspelled, nil},
	} {
		if strings.HasPrefix(r.name, c.Only) {
			out = append(out, r)
		}
	}
	return out
}

const (
	pointQuery = `query($id: ID!) { group(id: $id) { id name kind groupStatus firstSeen summary } }`

	groupQuery = `query($id: ID!) { group(id: $id) { name aliases { nodes { name } }
		proceeds { text support claim { locator source { reliability } } }
		operatesIn { nodes { id name } }
		targetedBy { nodes { name agencies { nodes { name } edges { link { type support } } } firms { nodes { name } } } } } }`

	searchQuery = `query($id: String!) { search(text: $id) { edges { score matchedName node { id name kind } } } }`

	resolveQuery = `query($id: String!) { resolve(name: $id) { verdict candidates { score matchedName reasons { kind detail } entity { id name kind } } } }`

	treeQuery = `query($id: ID!) { technique(id: $id) { id name kind
		usedBy(first: 10) { edges { link { type support } node { id name kind
		links(first: 10, where: {type: [USES]}, direction: OUT) { edges { node { type support } neighbor { id name kind
		links(first: 10, where: {type: [USES]}, direction: IN) { edges { node { type support } neighbor { id name kind } } } } } } } } } } }`
)

// nameOf is the name of an entity of the graph.
func nameOf(g *gen.Graph, i int) string {
	for _, c := range g.Claims(i * 7919 % g.Len()) {
		if c.Property == intel.PropName {
			return c.Value.Text
		}
	}
	return "nobody"
}

// typed is the beginning of a name, one to ten letters.
func typed(g *gen.Graph, i int) string {
	rs := []rune(nameOf(g, i))
	return string(rs[:min(len(rs), 1+i%10)])
}

// misspelled is a name, each third time as it is, in lower case without spaces,
// and with a letter left out.
func misspelled(g *gen.Graph, i int) string {
	name := nameOf(g, i)
	rs := []rune(name)
	switch {
	case i%3 == 1:
		return strings.ReplaceAll(strings.ToLower(name), " ", "")
	case i%3 == 2 && len(rs) > 6:
		return string(append(rs[:len(rs)/3:len(rs)/3], rs[len(rs)/3+1:]...))
	}
	return name
}

// client sends requests on connections that stay open.
type client struct {
	http.Client
	url string
}

func newClient(url string, connections int) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.Proxy = connections, nil
	return &client{http.Client{Transport: t, Timeout: time.Minute}, url + "/graphql"}
}

func (c *client) close() { c.CloseIdleConnections() }

// ask sends one request and gives the size of its answer.
func (c *client) ask(ctx context.Context, r request, id string) (int, error) {
	body, err := json.Marshal(map[string]any{"query": r.query, "variables": map[string]string{"id": id}})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	resp, err := c.Do(req)
	if err != nil {
		return 0, err
	}
	answer, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors":`)) {
		return 0, fmt.Errorf("status %d: %.500s", resp.StatusCode, answer)
	}
	return len(answer), nil
}

// storm has clients send requests one after the other for a while, after a
// short warm-up.
func (c *client) storm(ctx context.Context, r request, of *gen.Graph, clients int, d time.Duration) (*sample, float64, error) {
	for i := range warm {
		if _, err := c.ask(ctx, r, r.root(of, i)); err != nil {
			return nil, 0, err
		}
	}
	var next, bytes atomic.Int64
	var senders sync.WaitGroup
	times, failed := make([][]time.Duration, clients), make([]error, clients)
	start := time.Now()
	for w := range clients {
		senders.Go(func() {
			for time.Since(start) < d && failed[w] == nil {
				began := time.Now()
				n, err := c.ask(ctx, r, r.root(of, int(next.Add(1))))
				times[w], failed[w] = append(times[w], time.Since(began)), err
				bytes.Add(int64(n))
			}
		})
	}
	senders.Wait()
	took := time.Since(start)
	s := &sample{}
	for w := range times {
		s.times = append(s.times, times[w]...)
	}
	s.bytes = float64(bytes.Load()) / float64(len(s.times))
	return s, float64(len(s.times)) / took.Seconds(), errors.Join(failed...)
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startProgram starts a dragnet on a free port and waits until it is ready.
func startProgram(ctx context.Context, program, store string) (url string, stop func() error, err error) {
	cmd := exec.CommandContext(ctx, program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--log-level", "warn")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	told, err := cmd.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() error { return errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()) }
	lines := bufio.NewScanner(told)
	for url == "" && lines.Scan() {
		url = address.FindString(lines.Text())
	}
	go func() {
		for lines.Scan() { // so that it can go on telling
			fmt.Fprintln(os.Stderr, lines.Text())
		}
	}()
	if url == "" {
		return "", nil, errors.Join(errors.New("dragnet did not say where it listens"), stop())
	}
	for range 200 {
		if ready(ctx, url) {
			return url, stop, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", nil, errors.Join(errors.New("dragnet did not become ready"), stop())
}

func ready(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	err = resp.Body.Close()
	return err == nil && resp.StatusCode == http.StatusOK
}
