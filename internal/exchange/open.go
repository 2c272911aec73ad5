package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Format is a format of files that are read.
type Format string

// The formats.
const (
	FormatDossier Format = "dossier"
	FormatClaims  Format = "claims"
	FormatCSV     Format = "csv"
	FormatMISP    Format = "misp"
	FormatSTIX    Format = "stix"
)

// formats has a row for each format: what its files begin with, and how they are
// read. The first one that a file looks like is its format.
var formats = []struct {
	Format
	looks func(name string, prefix []byte, o OpenOptions) bool
	open  func(name string, r io.Reader, o OpenOptions) (Reader, error)
}{
	{FormatSTIX, looksLikeSTIX, func(name string, r io.Reader, _ OpenOptions) (Reader, error) { return newSTIX(name, r), nil }},
	{FormatMISP, looksLikeMISP, func(name string, r io.Reader, _ OpenOptions) (Reader, error) { return newMISP(name, r), nil }},
	{FormatClaims, looksLikeJSON, func(name string, r io.Reader, _ OpenOptions) (Reader, error) { return newJSONL(name, r), nil }},
	{FormatCSV, looksLikeCSV, openCSV},
	{FormatDossier, func(string, []byte, OpenOptions) bool { return true }, openDossier},
}

// Formats lists the names of the formats.
func Formats() []string {
	var out []string
	for _, f := range formats {
		out = append(out, string(f.Format))
	}
	return out
}

// Valid says that there is such a format.
func (f Format) Valid() bool {
	for _, row := range formats {
		if row.Format == f {
			return true
		}
	}
	return false
}

// OpenOptions say how to read a file.
type OpenOptions struct {
	Format Format // empty: what the file looks like
	// Mapping says what the columns of tables mean; nil: tables cannot be read.
	Mapping *Mapping
}

// sniffed is how much of a file is looked at to find its format.
const sniffed = 64 << 10

// Open reads a file in its format, gzip and zstd undone. The Reader of a dossier
// has read it whole, and gives what is in it by Pieces. Errors are as those of
// Reader.Next.
func Open(name string, r io.Reader, o OpenOptions) (Reader, error) {
	plain, done, err := expand(name, r)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(plain, sniffed)
	prefix, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		done()
		return nil, broken(name, err)
	}
	prefix = bytes.TrimLeft(bytes.TrimPrefix(prefix, []byte("\ufeff")), " \t\r\n")
	for _, f := range formats {
		if o.Format == f.Format || o.Format == "" && f.looks(name, prefix, o) {
			reader, err := f.open(name, in, o)
			if err != nil {
				done()
				return nil, err
			}
			return &closing{reader, done}, nil
		}
	}
	done()
	return nil, &MistakesError{List: []*Mistake{{Position: Position{File: name}, Found: show(string(o.Format)) + " is no format", Expected: listed(Formats())}}}
}

// closing gives back what a reader needs.
type closing struct {
	Reader
	done func()
}

// Close ends the reading.
func (c *closing) Close() error {
	c.done()
	return nil
}

// Pieces gives all pieces of a file that was read whole, and nil of any other.
func (c *closing) Pieces() []*Piece {
	if d, ok := c.Reader.(*dossierPieces); ok {
		return d.pieces
	}
	return nil
}

func looksLikeJSON(_ string, prefix []byte, _ OpenOptions) bool {
	return begins(prefix, '{') || begins(prefix, '[')
}

var (
	csvName    = regexp.MustCompile(`(?i)\.(csv|tsv)(\.(gz|zst))?$`)
	dossierTop = regexp.MustCompile(`(?m)^dossier *:`)
)

// looksLikeCSV says that a file is a table: it is called so, or there is a
// mapping for it and it is no dossier.
func looksLikeCSV(name string, prefix []byte, o OpenOptions) bool {
	return csvName.MatchString(name) || o.Mapping != nil && !dossierTop.Match(prefix)
}

func openCSV(name string, r io.Reader, o OpenOptions) (Reader, error) {
	if o.Mapping == nil {
		return nil, &MistakesError{List: []*Mistake{{Position: Position{File: name}, Found: "a table needs a mapping, which says what its columns mean: dragnet mapping proposes one"}}}
	}
	return newCSV(name, r, o.Mapping)
}

// looksLikeSTIX says that a file begins with a bundle, or an object of one.
func looksLikeSTIX(_ string, prefix []byte, _ OpenOptions) bool {
	keys := topKeys(prefix)
	_, objects := keys["objects"]
	return objects || keys["type"] == "bundle" || keys["type"] != "" && strings.HasPrefix(keys["id"], keys["type"]+"--")
}

// looksLikeMISP says that a file begins with a galaxy, or a value of one. Lines
// of claims have a value too, but no UUID.
func looksLikeMISP(_ string, prefix []byte, _ OpenOptions) bool {
	keys := topKeys(prefix)
	_, uuid := keys["uuid"]
	_, values := keys["values"]
	return uuid || values
}

// A compressed file may hold maxExpansion times its size, and freely so many
// bytes: what holds more is not meant to be read.
const (
	maxExpansion   = 500
	freelyExpanded = 64 << 20
)

// expand undoes gzip and zstd.
func expand(name string, r io.Reader) (plain io.Reader, done func(), err error) {
	in := bufio.NewReader(raw{r})
	magic, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, broken(name, err)
	}
	packed := &packedReader{r: in}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, nil, broken(name, err)
		}
		return &expanding{r: z, packed: packed}, func() {}, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, nil, broken(name, err)
		}
		return &expanding{r: z, packed: packed}, z.Close, nil
	}
	return in, func() {}, nil
}

type packedReader struct {
	r io.Reader
	n int64
}

func (c *packedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

var errExpands = fmt.Errorf("it expands to more than %d times its size", maxExpansion)

// expanding bounds what a compressed file expands to.
type expanding struct {
	r      io.Reader
	packed *packedReader
	n      int64
}

func (e *expanding) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if e.n += int64(n); e.n > freelyExpanded && e.n > maxExpansion*e.packed.n {
		return 0, errExpands
	}
	return n, err
}

// raw tells errors of what is read from those of what is in it.
type raw struct{ r io.Reader }

type rawError struct{ error }

func (e rawError) Unwrap() error { return e.error }

func (r raw) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = rawError{err}
	}
	return n, err
}

// broken says that a file cannot be read: for what is in it, unless what it is
// read from failed.
func broken(name string, err error) error {
	var failed rawError
	if errors.As(err, &failed) {
		return fmt.Errorf("reading %s: %w", name, failed.error)
	}
	found := "the compressed file is damaged"
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		found = "the file ends in the middle"
	case errors.Is(err, errExpands):
		found = errExpands.Error()
	}
	return &MistakesError{List: []*Mistake{{Position: Position{File: name}, Found: found}}}
}

// openDossier reads a dossier whole.
func openDossier(name string, r io.Reader, _ OpenOptions) (Reader, error) {
	d, err := ReadDossier(name, r)
	if err != nil {
		return nil, err
	}
	return newDossierPieces(d), nil
}

// dossierPieces are the headers of a dossier, each with what its source states,
// and then what sources state that it does not describe.
type dossierPieces struct{ pieces, left []*Piece }

func newDossierPieces(d *Dossier) *dossierPieces {
	p := &dossierPieces{}
	bySource := map[string]*Piece{}
	for i, s := range d.Sources {
		bySource[s.ID] = &Piece{Source: s, Described: true, At: d.SourcesAt[i]}
		p.pieces = append(p.pieces, bySource[s.ID])
	}
	for _, b := range d.Batches {
		piece := bySource[b.Source]
		if piece == nil {
			piece = &Piece{}
			piece.Source.ID = b.Source
			p.pieces = append(p.pieces, piece)
		}
		for i := range b.Drafts {
			piece.Rows = append(piece.Rows, Row{Draft: b.Drafts[i], At: b.At[i]})
		}
	}
	p.left = p.pieces
	return p
}

func (d *dossierPieces) Next() (*Piece, error) {
	if len(d.left) == 0 {
		return nil, io.EOF
	}
	p := d.left[0]
	d.left = d.left[1:]
	return p, nil
}

func (d *dossierPieces) Tally() map[string]int { return nil }
