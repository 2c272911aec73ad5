// Package neo4jtest finds or starts real Neo4j servers for tests. It must be imported by tests and benchmarks only.
//
// Where a server comes from, in this order: the environment variable NEO4J_URI (credentials, if any, inside the URI);
// else dev/neo4j/neo4j.sh, which takes Docker if its daemon answers and otherwise jars from Maven.
package neo4jtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/rogpeppe/go-internal/lockedfile"
)

// URI returns the address of a Neo4j server whose database is empty, without constraints and indexes either, and which
// nobody else uses until the test t has ended. Other tests that ask meanwhile wait, in other packages' processes too.
// Asked again by the same test, or by a subtest of it, it returns the same address and empties nothing: see Clear.
//
// Without a server the test is skipped, or fails if REQUIRE_NEO4J is 1. A server started here serves the whole test
// process and is killed, and its data removed, within a second of the end of the process.
//
// A database that NEO4J_URI names is emptied only if it was found empty at its first use on this machine.
func URI(t testing.TB) string {
	t.Helper()
	uri, err := shared()
	if err != nil {
		unavailable(t, err)
	}
	if holder.has(t) {
		return uri
	}
	unlock := lock(t, uri)
	t.Cleanup(unlock)
	return uri
}

// Clear removes every node and relationship from the database at uri; constraints and indexes stay. It is for
// subtests that want an empty store and not the cost of making its schema again.
func Clear(t testing.TB, uri string) {
	t.Helper()
	withDriver(t, uri, func(ctx context.Context, driver neo4j.DriverWithContext) error {
		return deleteData(ctx, driver)
	})
}

// unavailable ends the test: there is no server for it.
func unavailable(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("REQUIRE_NEO4J") == "1" {
		t.Fatalf("REQUIRE_NEO4J=1, but there is no Neo4j: %v", err)
	}
	t.Skipf("there is no Neo4j: %v", err)
}

// shared finds the server that all tests of this process use in turn. It is state of the package, since package testing
// has no other place for what outlives a test; nothing but the address is kept.
var shared = sync.OnceValues(func() (string, error) {
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		return uri, nil
	}
	dir, err := os.MkdirTemp("", "dragnet-neo4j-")
	if err != nil {
		return "", err
	}
	uri, err := script("start", dir, "--owner", fmt.Sprint(os.Getpid()), "--ephemeral")
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return uri, nil
})

// holder is the test of this process that holds the shared server, if any.
var holder holding

type holding struct {
	mu   sync.Mutex
	name string
}

// has reports whether the server is held by t or by a test that t is a part of.
func (h *holding) has(t testing.TB) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.name != "" && (t.Name() == h.name || strings.HasPrefix(t.Name(), h.name+"/"))
}

func (h *holding) set(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.name = name
}

// lock waits for the server at uri, empties its database, and returns what gives the server back. The lock is a file
// named after the server; a second file remembers the id of the database that was empty at its first use.
func lock(t testing.TB, uri string) func() {
	t.Helper()
	parsed, err := url.Parse(uri)
	if err != nil {
		t.Fatal("NEO4J_URI is no URI") // the error would show the credentials
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("dragnet-neo4j-locks-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%x", sha256.Sum256([]byte(parsed.Host))))
	release, err := lockedfile.MutexAt(path + ".lock").Lock()
	if err != nil {
		t.Fatal(err)
	}
	holder.set(t.Name())
	unlock := func() {
		holder.set("")
		release()
	}
	ready := false
	defer func() {
		if !ready { // the test failed here, by runtime.Goexit
			unlock()
		}
	}()
	withDriver(t, uri, func(ctx context.Context, driver neo4j.DriverWithContext) error {
		if err := claim(ctx, driver, path+".id"); err != nil {
			return err
		}
		return wipe(ctx, driver)
	})
	ready = true
	return unlock
}

// claim makes sure that the database is one that tests may empty: the one that the file names, or an empty one, which
// the file then names.
func claim(ctx context.Context, driver neo4j.DriverWithContext, file string) error {
	rows, err := query(ctx, driver, "CALL db.info() YIELD id RETURN id", nil)
	if err != nil {
		return err
	}
	id := rows[0].Values[0].(string)
	known, err := os.ReadFile(file)
	if err == nil && string(known) == id {
		return nil
	}
	rows, err = query(ctx, driver, "MATCH (n) RETURN n LIMIT 1", nil)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return errors.New("the database that NEO4J_URI names has data in it, and tests would remove it: " +
			"name another server, or empty that database yourself")
	}
	return os.WriteFile(file, []byte(id), 0o600)
}

func wipe(ctx context.Context, driver neo4j.DriverWithContext) error {
	if err := deleteData(ctx, driver); err != nil {
		return err
	}
	for _, schema := range []struct{ list, drop string }{
		{"SHOW CONSTRAINTS YIELD name", "DROP CONSTRAINT $name"},
		// The two lookup indexes are part of every Neo4j database.
		{"SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'", "DROP INDEX $name"},
	} {
		rows, err := query(ctx, driver, schema.list, nil)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := query(ctx, driver, schema.drop, map[string]any{"name": row.Values[0]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// deleteData deletes in batches, since a transaction must fit into the heap.
func deleteData(ctx context.Context, driver neo4j.DriverWithContext) error {
	for _, statement := range []string{
		"MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 50000 ROWS",
		"MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 50000 ROWS",
	} {
		if _, err := query(ctx, driver, statement, nil); err != nil {
			return err
		}
	}
	return nil
}

// query runs one statement in a transaction of its own, which CALL … IN TRANSACTIONS and SHOW ask for.
func query(
	ctx context.Context, driver neo4j.DriverWithContext, text string, params map[string]any,
) (_ []*neo4j.Record, err error) {
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// withDriver lends a driver of its own to work, and fails the test when the work fails. Nothing runs on after it.
func withDriver(t testing.TB, uri string, work func(context.Context, neo4j.DriverWithContext) error) {
	t.Helper()
	// Not the test's context: cleanup functions call this too, when that is cancelled.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	auth, address := neo4j.NoAuth(), uri
	if parsed, err := url.Parse(uri); err == nil && parsed.User != nil {
		password, _ := parsed.User.Password()
		auth = neo4j.BasicAuth(parsed.User.Username(), password, "")
		parsed.User = nil
		address = parsed.String()
	}
	driver, err := neo4j.NewDriverWithContext(address, auth)
	if err != nil {
		t.Fatalf("neo4jtest: %v", err)
	}
	err = work(ctx, driver)
	if err := errors.Join(err, driver.Close(ctx)); err != nil {
		t.Fatalf("neo4jtest: %v", err)
	}
}
