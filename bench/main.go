// Command bench loads generated graphs and measures Dragnet on them, each time
// beside the best that can be written by hand. README.md says what was measured.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/alecthomas/kong"
)

type commands struct {
	Profile string        `placeholder:"FILE" help:"Write a CPU profile of what is measured; labels tell the sides apart (go tool pprof -tagfocus)."`
	Limit   time.Duration `default:"5m" help:"Measure no longer than this. Default: ${default}."`

	Load   loadCmd   `cmd:"" help:"Load a generated graph into an empty store."`
	Select selectCmd `cmd:"" help:"Trees and expansions through Select, against the same by hand."`
	Assert assertCmd `cmd:"" help:"Single claims by many callers at once, settling included."`
	Growth growthCmd `cmd:"" help:"The same questions on stores of several sizes."`
	HTTP   httpCmd   `cmd:"" name:"http" help:"GraphQL over HTTP, as clients see it."`
	Names  namesCmd  `cmd:"" help:"How well names are resolved: real synonyms, as they are and spelled otherwise."`
	Shape  shapeCmd  `cmd:"" help:"Link analysis from memory: how large the projection is, and how fast it answers."`
	All    allCmd    `cmd:"" help:"Everything on SQLite, and on Neo4j when one is given, with stores in a folder that is kept."`
}

// program is what the commands share.
type program struct {
	out     io.Writer
	profile string
	limit   time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var c commands
	k := kong.Parse(&c, kong.Name("bench"), kong.Description("Measure Dragnet on generated graphs."), kong.UsageOnError())
	k.BindTo(ctx, (*context.Context)(nil))
	k.FatalIfErrorf(k.Run(&program{out: os.Stdout, profile: c.Profile, limit: c.Limit}))
}
