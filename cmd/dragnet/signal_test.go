package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dragnet/internal/seeding"
)

func TestImportStopsAfterTheBatchInHand(t *testing.T) {
	const sources, each = 60, 1_000 // ten sources to a batch
	var b strings.Builder
	for i := range sources * each {
		fmt.Fprintf(&b, `{"source":"source:s%d","subject":"operation:o%d","property":"note","value":{"text":"note %d"}}`+"\n", i/each, i%500, i)
	}
	file := filepath.Join(t.TempDir(), "big.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	store := "sqlite:" + filepath.Join(t.TempDir(), "graph.db")
	importing := func() (*exec.Cmd, *bufio.Scanner, *strings.Builder) {
		cmd := exec.CommandContext(t.Context(), "dragnet", "import", "--json", "--store", store, file)
		said := &strings.Builder{}
		cmd.Stderr = said
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, bufio.NewScanner(out), said
	}
	type told struct {
		Event, Error string
		Of           seeding.Report
	}
	// end gives the last line, sending the signal after the first batch.
	end := func(cmd *exec.Cmd, lines *bufio.Scanner, interrupt bool) (last told, batches int) {
		for lines.Scan() {
			last = told{}
			if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
				t.Fatal(err)
			}
			if last.Event == "wrote" {
				if batches++; batches == 1 && interrupt {
					_ = cmd.Process.Signal(os.Interrupt)
				}
			}
		}
		_ = cmd.Wait() // ProcessState tells
		return last, batches
	}
	cmd, lines, said := importing()
	last, batches := end(cmd, lines, true)
	if cmd.ProcessState.ExitCode() != exitFailed || last.Event != "failed" || last.Of.Rows != 10*each*batches || last.Of.Rows == sources*each || !strings.Contains(said.String(), "stopped before all was imported") {
		t.Fatalf("%v after %d batches, %+v; it said: %s", cmd.ProcessState, batches, last, said)
	}
	cmd, lines, said = importing()
	again, _ := end(cmd, lines, false)
	if cmd.ProcessState.ExitCode() != exitGood || again.Of.Rows != sources*each || again.Of.Unchanged != last.Of.Rows {
		t.Errorf("again: %v, %+v after %+v; it said: %s", cmd.ProcessState, again, last, said)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	server, err := serve("dragnet", t.TempDir(), os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill9)
	server.await(t, http.StatusOK, "")
	// A request that never arrives whole keeps the orderly end waiting.
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, conn)
	const begin = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"
	if _, err := io.WriteString(conn, begin); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for status := -1; status != 0; { // until nobody listens: the first signal has arrived
		status, _ = get(server.url + "/healthz")
	}
	select {
	case <-server.end:
		t.Fatalf("the first signal did not wait: %v\n%s", server.cmd.ProcessState, server.said())
	default:
	}
	for ended := false; !ended; {
		_ = server.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-server.end:
			ended = true
		default:
		}
	}
	if status, ok := server.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("it ended with %v", server.cmd.ProcessState)
	}
}

func TestPasswordIsNotInTheListOfProcesses(t *testing.T) {
	const password = "hunter22"
	server, err := serve("dragnet", t.TempDir(), os.Environ(), "--store=bolt://ann:"+password+"@127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill9)
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", server.cmd.Process.Pid))
	if err != nil {
		t.Skip("this system has no /proc")
	}
	if args := strings.ReplaceAll(string(list), "\x00", " "); strings.Contains(args, password) || !strings.Contains(args, "--store=bolt://127.0.0.1:1") {
		t.Errorf("the list of processes says: %s", args)
	}
	server.await(t, http.StatusServiceUnavailable, `"what":"STORE"`)
	if _, body := get(server.url + "/readyz"); strings.Contains(body+server.said(), password) {
		t.Errorf("the password shows: %s\n%s", body, server.said())
	}
}
