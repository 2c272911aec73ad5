package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// served is a dragnet serve in a process of its own.
type served struct {
	cmd *exec.Cmd
	url string // http://127.0.0.1:PORT

	mu  sync.Mutex
	log strings.Builder
	end chan struct{} // closed when it has ended
}

var address = regexp.MustCompile(`http://[^/ ]+`)

// serve runs dragnet serve on a free port and returns once it says where. The
// graph need not be ready then.
func serve(binary, dir string, env []string, args ...string) (*served, error) {
	s := &served{end: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Dir, s.cmd.Env = dir, env
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	found := make(chan string, 1)
	go s.listen(pipe, found)
	select {
	case s.url = <-found:
		return s, nil
	case <-s.end:
		return nil, fmt.Errorf("it ended before it listened:\n%s", s.said())
	}
}

// listen keeps what the server says, and finds its address in it.
func (s *served) listen(r io.Reader, found chan<- string) {
	defer close(s.end)
	defer func() { _ = s.cmd.Wait() }() // ProcessState tells
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		s.mu.Lock()
		s.log.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		if url := address.FindString(lines.Text()); url != "" {
			select {
			case found <- url:
			default:
			}
		}
	}
}

func (s *served) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// kill9 ends it as the kernel does when memory is short.
func (s *served) kill9() {
	_ = s.cmd.Process.Kill() // it has ended already
	<-s.end
}

// stop tells it to end and gives the exit code.
func (s *served) stop(signal syscall.Signal) int {
	_ = s.cmd.Process.Signal(signal) // it has ended already
	<-s.end
	return s.cmd.ProcessState.ExitCode()
}

// pollEvery is how often another process is asked whether it is so far: it
// tells nobody by itself.
const pollEvery = 20 * time.Millisecond

// await asks /readyz until its status is the one wanted, and looks for a text
// in the answer.
func (s *served) await(t *testing.T, status int, text string) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(pollEvery) {
		got, body := get(s.url + "/readyz")
		if got == status && strings.Contains(body, text) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("/readyz answers %d %s, want %d with %s; the log:\n%s", got, body, status, text, s.said())
		}
	}
}

// answers asks once.
func (s *served) answers(t *testing.T, path string, status int, text string) {
	t.Helper()
	if got, body := get(s.url + path); got != status || !strings.Contains(body, text) {
		t.Errorf("%s answers %d %s, want %d with %s; the log:\n%s", path, got, body, status, text, s.said())
	}
}

// closed gives something back at the end of a test.
func closed(t *testing.T, c io.Closer) {
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// get gives status 0 and the error when there is no answer.
func get(url string) (int, string) {
	w, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = w.Body.Close() }() // it was only read
	body, err := io.ReadAll(w.Body)
	if err != nil {
		return 0, err.Error()
	}
	return w.StatusCode, string(body)
}
