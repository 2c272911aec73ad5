package seeding

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// File is a file to import. Name is what messages call it.
type File struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// FromFS makes files of names in a file system, such as the sample data.
func FromFS(fsys fs.FS, names []string) []File {
	var files []File
	for _, name := range names {
		files = append(files, File{Name: name, Open: func() (io.ReadCloser, error) { return fsys.Open(name) }})
	}
	return files
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

// plan is a file that was read, as the steps that write it.
type plan struct {
	name  string
	steps []*step
	rows  int
}

// step is one batch: a part of what one source states, and perhaps its header.
type step struct {
	source string
	header *intel.SourceDraft
	at     exchange.Position // of the header
	drafts []intel.Draft
	batch  *exchange.Batch // drafts are a part of it, from first on
	first  int
}

func readPlan(f File) (*plan, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", f.Name, withoutPath(err))
	}
	defer func() { _ = r.Close() }() // it was only read
	d, err := exchange.ReadDossier(f.Name, r)
	if err != nil {
		return nil, err
	}
	return newPlan(f.Name, d), nil
}

// withoutPath takes the name of the file out of an error, which has it already.
func withoutPath(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // only what Open itself returned
		return pe.Err
	}
	return err
}

// newPlan puts the headers first, each with what its source states.
func newPlan(name string, d *exchange.Dossier) *plan {
	p := &plan{name: name}
	batches := map[string]*exchange.Batch{}
	for i := range d.Batches {
		batches[d.Batches[i].Source] = &d.Batches[i]
	}
	described := map[string]bool{}
	for i := range d.Sources {
		id := d.Sources[i].ID
		described[id] = true
		p.cut(&step{source: id, header: &d.Sources[i], at: d.SourcesAt[i]}, batches[id])
	}
	for i := range d.Batches {
		if b := &d.Batches[i]; !described[b.Source] {
			p.cut(&step{source: b.Source}, b)
		}
	}
	return p
}

// cut adds a source's batch as steps of at most catalog.MaxClaims rows.
func (p *plan) cut(head *step, b *exchange.Batch) {
	p.steps = append(p.steps, head)
	if b == nil {
		return
	}
	p.rows += len(b.Drafts)
	for first := 0; first < len(b.Drafts); first += catalog.MaxClaims {
		s := head
		if first > 0 {
			s = &step{source: head.source}
			p.steps = append(p.steps, s)
		}
		s.batch, s.first = b, first
		s.drafts = b.Drafts[first:min(first+catalog.MaxClaims, len(b.Drafts))]
	}
}

func (p *plan) sources() map[string]bool {
	out := map[string]bool{}
	for _, s := range p.steps {
		out[s.source] = true
	}
	return out
}

func (s *step) input(o Options) catalog.AssertInput {
	in := catalog.AssertInput{By: o.By, Claims: s.drafts, Mode: catalog.Add, OnError: catalog.Abort, KeepHeader: true, DryRun: o.DryRun}
	if s.header != nil {
		in.Source = s.header
	} else {
		in.SourceID = s.source
	}
	return in
}

// locate gives faults their places in the file.
func (s *step) locate(p *plan, faults intel.FieldErrors) *exchange.MistakesError {
	out := &exchange.MistakesError{}
	for _, f := range faults {
		if len(out.List) == exchange.MaxMistakes {
			out.More = len(faults) - len(out.List)
			break
		}
		if f.Row < 0 || s.batch == nil {
			at := s.at
			if at.File == "" {
				at.File = p.name
			}
			out.List = append(out.List, &exchange.Mistake{Position: at, Found: f.Error()})
			continue
		}
		moved := *f
		moved.Row += s.first
		out.List = append(out.List, s.batch.Locate(&moved))
	}
	return out
}
