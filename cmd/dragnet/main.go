// Command dragnet serves and fills a graph of criminal groups in which every
// fact has its source. This package wires the rooms together and holds the
// commands; it decides nothing about the graph.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(run())
}

// run is the program; it returns the exit code.
func run() int {
	hidePassword(os.Args, os.Environ())
	unsetEmpty(os.Environ())
	// The first signal asks for an orderly end. After it, the next one ends the
	// process at once, as if there were no handler.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	p := &program{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, now: time.Now,
	}
	return p.main(ctx, os.Args[1:])
}
