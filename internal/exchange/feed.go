package exchange

import "dragnet/internal/intel"

// Reader reads a file piece by piece, in bounded memory. It is used by one
// goroutine.
type Reader interface {
	// Next gives the next piece; io.EOF after the last one. *MistakesError says
	// that the file cannot be read, or not any further; any other error comes
	// from what is read.
	Next() (*Piece, error)
	// Tally counts, by what it was, all that was read so far and became no claim
	// or another one: self-links dropped, words outside a vocabulary, objects of
	// unknown types. nil when there was none.
	Tally() map[string]int
}

// Piece is a part of a file: what one source states in it. A source may come in
// several pieces.
type Piece struct {
	// Source is the header; of a source that the file does not describe only the
	// id is set.
	Source    intel.SourceDraft
	Described bool
	// At is where the header stands, or the piece begins.
	At   Position
	Rows []Row
	// Rejects are rows of the file that no claim could be made of.
	Rejects []Reject
}

// Row is a claim of a file.
type Row struct {
	Draft intel.Draft
	At    Position
	// Raw is what the reject file says of the row, in the file's own format: a
	// line of JSON, a record of CSV, an object of STIX or a value of MISP.
	Raw []byte
}

// Reject is a row that is not imported.
type Reject struct {
	At     Position
	Raw    []byte
	Reason string // a sentence without its end
}
