package seeding

import (
	"context"
	"errors"
	"io"

	"dragnet/internal/exchange"
)

// Lint reads files and checks what is in them as an import would, but against no
// graph. Tell is called with Checked for each file that is good. When anything is
// wrong the error is *MistakesError, which holds at most exchange.MaxMistakes of
// each file; errors of reading end the check.
func Lint(ctx context.Context, files []File, tell func(Checked)) error {
	try := newChecker()
	defer try.close()
	var wrong MistakesError
	for _, f := range files {
		rows, err := try.all(ctx, f)
		var found *exchange.MistakesError
		switch {
		case errors.As(err, &found):
			wrong.Files = append(wrong.Files, found)
		case err != nil:
			return err
		default:
			tell(Checked{File: f.Name, Rows: rows})
		}
	}
	if len(wrong.Files) > 0 {
		return &wrong
	}
	return nil
}

// all reads a file to its end and gives all that is wrong with it.
func (c *checker) all(ctx context.Context, f File) (rows int, err error) {
	o, err := f.open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	var wrong exchange.MistakesError
	add := func(err error) bool {
		var found *exchange.MistakesError
		if !errors.As(err, &found) {
			return false
		}
		room := min(exchange.MaxMistakes-len(wrong.List), len(found.List))
		wrong.List = append(wrong.List, found.List[:room]...)
		wrong.More += found.More + len(found.List) - room
		return true
	}
	for ctx.Err() == nil {
		p, err := o.Next()
		switch {
		case errors.Is(err, io.EOF) && len(wrong.List) > 0, err != nil && add(err):
			return rows, &wrong
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return rows, err
		}
		rows += len(p.Rows)
		if err := c.pieces(ctx, []*exchange.Piece{p}); err != nil && !add(err) {
			return rows, err
		}
	}
	return rows, ctx.Err()
}
