package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"dragnet/internal/config"
	"dragnet/internal/intel"
	"dragnet/internal/neo4jtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dragnet": main})
}

// bothStores is the first line of the scripts that run on Neo4j too. All
// scripts find their store in $STORE.
const bothStores = "# On both stores:"

func TestScripts(t *testing.T) {
	testscript.Run(t, params(filepath.Join("testdata", "script"), nil, func(e *testscript.Env) {
		e.Setenv("STORE", "sqlite:"+filepath.Join(e.WorkDir, "graph.db"))
	}))
}

func TestScriptsOnNeo4j(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	uri := neo4jtest.URI(t)
	ran := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), bothStores) {
			continue
		}
		ran++
		t.Run(filepath.Base(file), func(t *testing.T) { // ends when the script has, and before the next begins
			neo4jtest.Clear(t, uri)
			testscript.Run(t, params("", []string{file}, func(e *testscript.Env) { e.Setenv("STORE", uri) }))
		})
	}
	if ran == 0 {
		t.Error("no script is for both stores")
	}
}

func params(dir string, files []string, store func(*testscript.Env)) testscript.Params {
	return testscript.Params{
		Dir: dir, Files: files,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			seeds, err := filepath.Abs(filepath.Join("..", "..", "seed"))
			if err != nil {
				return err
			}
			e.Setenv("SEED", seeds)
			store(e)
			e.Values[serverKey{}] = new(*served)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": start, "stop": stop, "log": log, "http": ask,
			"newer": newer, "tamper": tamper, "unsettle": unsettle,
		},
	}
}

// exits CODE COMMAND ARG… runs a command that must end with that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("it ended with exit code %d, want %s", code, args[0])
	}
}

type serverKey struct{}

// serverOf gives the dragnet serve of a script.
func serverOf(ts *testscript.TestScript) **served { return ts.Value(serverKey{}).(**served) }

// start ARG… runs dragnet serve in the background, on a free port, and sets
// $URL once it says where. It does not wait until the graph is ready: see http.
func start(ts *testscript.TestScript, _ bool, args []string) {
	s, err := serve("dragnet", ts.MkAbs("."), os.Environ(), args...)
	ts.Check(err)
	ts.Defer(s.kill9)
	ts.Setenv("URL", s.url)
	*serverOf(ts) = s
}

// stop tells the server to end; it must do so with exit code 0.
func stop(ts *testscript.TestScript, _ bool, _ []string) {
	s := *serverOf(ts)
	if code := s.stop(syscall.SIGTERM); code != 0 {
		ts.Fatalf("the server ended with exit code %d:\n%s", code, s.said())
	}
}

// log makes what the server has said so far the standard output.
func log(ts *testscript.TestScript, _ bool, _ []string) {
	_, err := io.WriteString(ts.Stdout(), (*serverOf(ts)).said())
	ts.Check(err)
}

// http STATUS METHOD PATH [FILE] asks the server and makes the answer the
// standard output. It asks again for a while until the status is the one
// wanted. FILE is the body; of a .graphql file, its content is the query.
func ask(ts *testscript.TestScript, _ bool, args []string) {
	status, method, target := args[0], args[1], ts.Getenv("URL")+args[2]
	body := ""
	if len(args) > 3 {
		body = ts.ReadFile(args[3])
	}
	if len(args) > 3 && strings.HasSuffix(args[3], ".graphql") {
		if method == http.MethodGet {
			target, body = target+"?query="+url.QueryEscape(body), ""
		} else {
			body = `{"query":` + strconv.Quote(body) + `}`
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	deadline := time.Now().Add(time.Minute)
	for {
		r, err := http.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
		ts.Check(err)
		r.Header.Set("Content-Type", "application/json")
		w, err := client.Do(r)
		ts.Check(err)
		answer, err := io.ReadAll(w.Body)
		ts.Check(errors.Join(err, w.Body.Close()))
		if strconv.Itoa(w.StatusCode) == status {
			_, err := ts.Stdout().Write(answer)
			ts.Check(err)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("status %d, want %s: %s", w.StatusCode, status, answer)
		}
		time.Sleep(pollEvery)
	}
}

// newer FILE makes a SQLite store look as if a newer dragnet had made it: the
// version of the schema stands at byte 60 of the file.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt([]byte{0, 0, 0x27, 0x0f}, 60)
	ts.Check(err)
	ts.Check(f.Close())
}

// withStore runs an Update on the script's store.
func withStore(ts *testscript.TestScript, write func(context.Context, intel.Writer) error) {
	s, err := config.ParseStore(ts.Getenv("STORE"), "", config.Secret{})
	ts.Check(err)
	store, err := open(s)
	ts.Check(err)
	ctx := context.Background()
	ts.Check(store.Update(ctx, func(w intel.Writer) error { return write(ctx, w) }))
	ts.Check(store.Close())
}

// tamper ID NAME gives an entity another name behind the catalog's back.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	withStore(ts, func(ctx context.Context, w intel.Writer) error {
		ws, err := w.Collect(ctx, intel.Need{Records: args[:1]})
		if err != nil {
			return err
		}
		r := *ws.Records[0]
		r.Name = args[1]
		return w.Put(ctx, intel.Batch{Records: []*intel.Record{&r}})
	})
}

// unsettle makes the store look as if it had been settled under older rules.
func unsettle(ts *testscript.TestScript, _ bool, _ []string) {
	withStore(ts, func(ctx context.Context, w intel.Writer) error {
		return w.Put(ctx, intel.Batch{Settled: &[2]int{0, 0}})
	})
}
