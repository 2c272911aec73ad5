package seeding

import "dragnet/internal/catalog"

// Event tells how far an import is: Checked, Wrote or Finished.
type Event interface{ event() }

// Checked says that a file was read and has no mistake.
type Checked struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
}

// Wrote says that a batch was written; in a dry run, that it would be.
type Wrote struct {
	File   string `json:"file"`
	Source string `json:"source"`
	// Rows of the file's Of are written by now.
	Rows    int              `json:"rows"`
	Of      int              `json:"of"`
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
