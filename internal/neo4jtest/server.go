package neo4jtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Server is a Neo4j server of one test's own, which that test may stop, kill and start again.
type Server struct {
	// URI is its Bolt address, bolt://127.0.0.1:PORT, the same after every Restart. It holds no credentials.
	URI string
	dir string
}

// Start starts a server with an empty database, without authentication, for the test t alone. It is killed and its data
// removed when t ends. Where no server can be started the test is skipped, or fails if REQUIRE_NEO4J is 1.
func Start(t testing.TB) *Server {
	t.Helper()
	return start(t)
}

// StartWithPassword is Start with authentication: the user is neo4j, and the password must have at least 8 characters.
func StartWithPassword(t testing.TB, password string) *Server {
	t.Helper()
	return start(t, "--password", password)
}

func start(t testing.TB, options ...string) *Server {
	t.Helper()
	s := &Server{dir: t.TempDir()}
	uri, err := script(append([]string{"start", s.dir, "--owner", fmt.Sprint(os.Getpid())}, options...)...)
	if err != nil {
		unavailable(t, err)
	}
	s.URI = uri
	t.Cleanup(func() { s.Kill9(t) })
	return s
}

// Stop shuts the server down cleanly and returns when it is gone. The data stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.run(t, "stop", s.dir)
}

// Kill9 ends the server with SIGKILL, as the kernel does when memory is short, and returns when it is gone. The data
// stays as it was at that moment. Killing a server that does not run is no error.
func (s *Server) Kill9(t testing.TB) {
	t.Helper()
	s.run(t, "kill9", s.dir)
}

// Restart starts a stopped or killed server again, on the same data and the same port, and returns when it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.run(t, "start", s.dir, "--owner", fmt.Sprint(os.Getpid()))
}

func (s *Server) run(t testing.TB, args ...string) {
	t.Helper()
	if _, err := script(args...); err != nil {
		t.Fatalf("neo4jtest: %v", err)
	}
}

// script runs dev/neo4j/neo4j.sh and returns the address that it prints, if any.
func script(args ...string) (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	var out, log bytes.Buffer
	cmd := exec.Command(filepath.Join(root, "dev", "neo4j", "neo4j.sh"), args...)
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("neo4j.sh %s: %w\n%s", args[0], err, log.String())
	}
	return strings.TrimPrefix(strings.TrimSpace(out.String()), "NEO4J_URI="), nil
}

// repository finds the folder of go.mod above the working folder; go test runs in the folder of the package tested.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working folder")
		}
		dir = parent
	}
}
