package seeding

import "dragnet/internal/catalog"

// Event tells how far an import is: Checked, Wrote or Finished.
type Event interface{ event() }

// Checked says that a dossier was read whole and has no mistake.
type Checked struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
}

// Wrote says that a batch was written; in a dry run, that it would be.
type Wrote struct {
	File string `json:"file"`
	// Rows of the file are done by now, and Bytes of its Size were read; Size is 0
	// where it is not known.
	Rows    int              `json:"rows"`
	Bytes   int64            `json:"bytes"`
	Size    int64            `json:"size,omitempty"`
	Batch   Report           `json:"batch"`
	Changes []catalog.Change `json:"-"`
}

// Finished says that all of a file is written.
type Finished struct {
	File   string `json:"file"`
	Report Report `json:"report"`
}

func (Checked) event()  {}
func (Wrote) event()    {}
func (Finished) event() {}
