package seeding

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"dragnet/internal/exchange"
)

// File is a file to import. Name is what messages call it.
type File struct {
	Name string
	Open func() (io.ReadCloser, error)
	Size int64 // in bytes, 0 when it is not known
	Once bool  // it can be read only once, like the standard input
	// Options say how to read it.
	Options exchange.OpenOptions
}

// FromFS makes files of names in a file system, such as the sample data.
func FromFS(fsys fs.FS, names []string) []File {
	var files []File
	for _, name := range names {
		files = append(files, File{Name: name, Open: func() (io.ReadCloser, error) { return fsys.Open(name) }})
	}
	return files
}

// opened is a file that is being read.
type opened struct {
	exchange.Reader
	raw   io.Closer
	bytes int64
}

func (f File) open() (*opened, error) {
	raw, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", f.Name, withoutPath(err))
	}
	o := &opened{raw: raw}
	if o.Reader, err = exchange.Open(f.Name, &counted{raw, &o.bytes}, f.Options); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return o, nil
}

func (o *opened) close() error {
	if c, ok := o.Reader.(io.Closer); ok {
		return errors.Join(c.Close(), o.raw.Close())
	}
	return o.raw.Close()
}

type counted struct {
	r io.Reader
	n *int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	*c.n += int64(n)
	return n, err
}

// piecesOf hands out pieces that are held.
func piecesOf(held []*exchange.Piece) func() (*exchange.Piece, error) {
	return func() (*exchange.Piece, error) {
		if len(held) == 0 {
			return nil, io.EOF
		}
		p := held[0]
		held = held[1:]
		return p, nil
	}
}

// withoutPath takes the name of the file out of an error, which has it already.
func withoutPath(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // only what Open itself returned
		return pe.Err
	}
	return err
}

// MistakesError is what is wrong in the files of one import.
type MistakesError struct {
	Files []*exchange.MistakesError
}

// Wrong makes *MistakesError of what exchange found wrong in one file; any other
// error stays as it is.
func Wrong(err error) error {
	var found *exchange.MistakesError
	if errors.As(err, &found) {
		return &MistakesError{Files: []*exchange.MistakesError{found}}
	}
	return err
}

// Error lists the mistakes, one a line.
func (m *MistakesError) Error() string {
	var lines []string
	for _, f := range m.Files {
		lines = append(lines, f.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.As see every mistake.
func (m *MistakesError) Unwrap() []error {
	var out []error
	for _, f := range m.Files {
		out = append(out, f)
	}
	return out
}
