package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"dragnet/internal/config"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
)

// The exit codes.
const (
	exitGood    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitInvalid = 3 // what was to be read in is wrong
)

// program is what the commands have of the world around them.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
}

type commands struct {
	Serve    serveCmd    `cmd:"" help:"Answer GraphQL over HTTP, with the playground at /graphiql."`
	Import   importCmd   `cmd:"" help:"Write what files claim into the graph. Importing a file again changes nothing."`
	Export   exportCmd   `cmd:"" help:"Write the graph, or a part of it, in a format that other tools read."`
	Lint     lintCmd     `cmd:"" help:"Check files as an import would, without a graph."`
	Mapping  mappingCmd  `cmd:"" help:"Propose what the columns of a table mean, for a person to mend."`
	Resolve  resolveCmd  `cmd:"" help:"Say of each name in a table whom it means: the same table, with id, score, verdict and reasons."`
	Hash     hashCmd     `cmd:"" help:"Print the hash of the graph: the same claims give the same hash, in any order, on any store."`
	Check    checkCmd    `cmd:"" help:"Derive everything again from the claims and print what differs."`
	Resettle resettleCmd `cmd:"" help:"Derive everything again from the claims and mend what differs, while nothing else uses the graph."`
	Backup   backupCmd   `cmd:"" help:"Copy a graph that is kept in SQLite to a file, while it is in use."`
	Restore  restoreCmd  `cmd:"" help:"Put a backup in the place of a graph that is kept in SQLite and not in use."`
	Schema   schemaCmd   `cmd:"" help:"Print the JSON Schema of a file format."`
	Version  versionCmd  `cmd:"" help:"Print which Dragnet this is."`
}

const about = "A graph of criminal groups, the operations against them and all around them, in which every fact has its source."

// environment explains the settings that are not flags.
const environment = `Every flag can be set by the variable shown beside it. The credentials of Neo4j are best set by
DRAGNET_NEO4J_USER and DRAGNET_NEO4J_PASSWORD; those in the address of the store win over them.

Exit codes: 0 good, 1 failed, 2 wrong usage, 3 the input is invalid.`

// main runs one command and returns the exit code.
func (p *program) main(ctx context.Context, args []string) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("dragnet"), kong.Description(about+"\n\n"+environment),
		kong.DefaultEnvars("DRAGNET"), kong.Vars{"formats": formatNames()}, kong.Writers(p.stdout, p.stderr), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p))
	if err != nil {
		p.complain(err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		p.complain(fmt.Errorf("%s; dragnet --help says how it is used", withoutPasswords(err.Error(), args)))
		return exitUsage
	}
	if err := parsed.Run(); err != nil {
		p.complain(err)
		return codeOf(err)
	}
	return exitGood
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func codeOf(err error) int {
	var usage usageError
	var wrong *seeding.MistakesError
	var table *exchange.TableError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &wrong), errors.As(err, &table):
		return exitInvalid
	}
	return exitFailed
}

// complain says what went wrong, and what to do where that is known.
func (p *program) complain(err error) {
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		text = "stopped"
	}
	fmt.Fprintln(p.stderr, "dragnet: "+text)
}

// withoutPasswords hides the passwords of arguments that a text repeats.
func withoutPasswords(text string, args []string) string {
	for _, a := range args {
		if hidden := config.Redact(a); hidden != a {
			text = strings.ReplaceAll(text, a, hidden)
			if _, value, ok := strings.Cut(a, "="); ok {
				text = strings.ReplaceAll(text, value, config.Redact(value))
			}
		}
	}
	return text
}

// The credentials of Neo4j, which are no flags so that no list of processes
// shows them.
const (
	userVar     = "DRAGNET_NEO4J_USER"
	passwordVar = "DRAGNET_NEO4J_PASSWORD" //nolint:gosec // the name of a variable
)

// storeFlags name the store a command works on.
type storeFlags struct {
	Store string `default:"sqlite:dragnet.db" placeholder:"ADDRESS" help:"Where the graph is kept: sqlite:PATH, or neo4j://HOST or bolt://HOST of a Neo4j (+s for TLS). Default: ${default}."`
}

// config reads the flag and the environment.
func (f storeFlags) config(p *program) (config.Store, error) {
	s, err := config.ParseStore(f.Store, p.getenv(userVar), config.NewSecret(p.getenv(passwordVar)))
	if err != nil {
		return s, usageError{fmt.Errorf("--store %w", err)}
	}
	return s, nil
}

// advise adds what to do to an error of the store.
func advise(s config.Store, err error) error {
	if err == nil || !errors.Is(err, intel.ErrUnavailable) {
		return err
	}
	if s.Neo4j() {
		return fmt.Errorf("%w\nIs Neo4j running at %s, and are DRAGNET_NEO4J_USER and DRAGNET_NEO4J_PASSWORD right? A graph that is not set up yet is set up by dragnet serve and dragnet import", err, s)
	}
	return fmt.Errorf("%w\nThe graph is looked for in %s; one that is not set up yet is set up by dragnet serve and dragnet import", err, s.Path)
}
