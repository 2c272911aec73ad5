package seeding

// Report says what became of the rows of some files; of a dry run, what would.
type Report struct {
	Files      int `json:"files"`
	Sources    int `json:"sources"` // that the files describe or speak for
	Rows       int `json:"rows"`    // claims as they stand in the files, rejected ones too
	Added      int `json:"added"`
	Unchanged  int `json:"unchanged"`  // they were there
	Suppressed int `json:"suppressed"` // they had been retracted, and stay so
	Retracted  int `json:"retracted"`  // an edition before held them, this one does not
	Rejected   int `json:"rejected"`   // rows
	Entities   int `json:"entities"`   // that came into being
	// Stubs are the entities in the graph that nothing names, when all is done.
	Stubs int `json:"stubs"`
	// Tally counts what was read and became no claim, or another one, by what it
	// was.
	Tally map[string]int `json:"tally,omitempty"`
	// Revision is that of the graph after the last batch, "" when there was none.
	Revision string `json:"revision,omitempty"`
}

// add adds all but Sources, which may be the same ones, and Stubs.
func (r *Report) add(o Report) {
	r.Files += o.Files
	r.Rows += o.Rows
	r.Added += o.Added
	r.Unchanged += o.Unchanged
	r.Suppressed += o.Suppressed
	r.Retracted += o.Retracted
	r.Rejected += o.Rejected
	r.Entities += o.Entities
	for what, n := range o.Tally {
		if r.Tally == nil {
			r.Tally = map[string]int{}
		}
		r.Tally[what] += n
	}
	if o.Revision != "" {
		r.Revision = o.Revision
	}
}
