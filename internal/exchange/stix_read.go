package exchange

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// NewSTIX reads a bundle of STIX 2.1 or 2.0, or objects of it that stand alone,
// one after the other. Each object is a source of its own. Objects come in any
// order: one that refers to objects that were not read yet waits for them. Of
// what Dragnet wrote itself, the claims and sources are read as they were.
func NewSTIX(name string, r io.Reader) Reader { return newSTIX(name, raw{r}) }

func newSTIX(name string, r io.Reader) Reader {
	s := &stixReader{tally: tally{}, known: map[string]stixKnown{}}
	s.listStream = &listStream{objectStream: newObjectStream(name, r), list: "objects", begin: s.bundle}
	return s
}

type stixReader struct {
	*listStream
	tally   tally
	known   map[string]stixKnown // by the id of the object
	waiting waitingObjects
	last    *json.Decoder // of the objects that waited, when all is read
	n       int
	ready   []*Piece
}

// stixKnown is what others need to know of an object.
type stixKnown struct {
	entity  string        // "" where it is none
	name    string        // of an identity
	marking intel.Marking // of a marking definition
}

func (s *stixReader) Tally() map[string]int { return s.tally.counts() }

// bundle checks what stands before the objects.
func (s *stixReader) bundle(fields []jsonField) error {
	for _, f := range fields {
		var version string
		if f.key == "spec_version" && (json.Unmarshal(f.raw, &version) != nil || version != "2.0" && version != "2.1") {
			return s.mistake("the bundle is STIX " + show(version) + "; 2.0 and 2.1 are read")
		}
	}
	return nil
}

func (s *stixReader) Next() (*Piece, error) {
	for {
		if len(s.ready) > 0 {
			p := s.ready[0]
			s.ready = s.ready[1:]
			return p, nil
		}
		b, err := s.nextObject()
		if err != nil {
			return nil, err
		}
		if err := s.take(b); err != nil {
			return nil, err
		}
	}
}

// nextObject gives an object of the file, and after the last one those that
// waited.
func (s *stixReader) nextObject() (json.RawMessage, error) {
	if s.last == nil {
		b, err := s.object()
		if !errors.Is(err, io.EOF) {
			s.n++
			return b, err
		}
		r, err := s.waiting.reader()
		if err != nil {
			return nil, err
		}
		s.last = json.NewDecoder(r)
	}
	var b json.RawMessage
	err := s.last.Decode(&b)
	return b, err
}

// take makes pieces of an object, or lets it wait.
func (s *stixReader) take(b json.RawMessage) error {
	var o stixRead
	err := json.Unmarshal(b, &o)
	at := Position{File: s.name, Item: o.ID}
	if o.ID == "" {
		at.Item = "object " + strconv.Itoa(s.n)
	}
	reason := ""
	switch {
	case !utf8.Valid(b):
		b, reason = nil, "the object is not valid UTF-8"
	case err != nil:
		reason = stixMistake(err)
	case !stixForm.MatchString(o.ID) || !strings.HasPrefix(o.ID, o.Type+"--"):
		reason = "`id` " + show(o.ID) + " is no id of STIX, which is the type, -- and a UUID"
	}
	if reason != "" {
		s.ready = append(s.ready, &Piece{At: at, Rejects: []Reject{{At: at, Raw: b, Reason: reason}}})
		return nil
	}
	o.raw, o.at = b, at
	if s.own(&o) {
		return nil
	}
	if s.last == nil {
		s.learn(&o)
		if !slices.ContainsFunc(o.needs(), s.unknown) {
			return s.read(&o)
		}
		if !s.waiting.add(b) {
			return s.mistake("too many objects wait for others that come later: put relationships behind what they join")
		}
		return nil
	}
	return s.read(&o)
}

func (s *stixReader) unknown(id string) bool {
	if strings.HasPrefix(id, "relationship--") {
		return false // never an entity, so nothing waits for it
	}
	_, known := s.known[id]
	return !known
}

// learn notes what others need to know of an object.
func (s *stixReader) learn(o *stixRead) {
	if _, twice := s.known[o.ID]; twice || o.Type == "relationship" {
		return
	}
	k := stixKnown{entity: o.entity()}
	switch o.Type {
	case "identity":
		k.name = o.Name
	case "marking-definition":
		k.marking = o.tlp()
	}
	s.known[o.ID] = k
}

// own gives the claims and headers that Dragnet itself put into an object, and
// says whether there are such.
func (s *stixReader) own(o *stixRead) bool {
	ext, ok := o.Extensions[stixClaims]
	var own struct {
		Claim   json.RawMessage `json:"claim"`
		Headers []LineSource    `json:"headers"`
	}
	if !ok {
		return false
	}
	if err := json.Unmarshal(ext, &own); err != nil {
		s.reject(o, "the extension of Dragnet: "+lineMistake(err))
		return true
	}
	for _, h := range own.Headers {
		if h.Header != nil {
			s.ready = append(s.ready, &Piece{Source: intel.SourceDraft{ID: h.ID, Header: *h.Header}, Described: true, At: o.at})
		}
	}
	if own.Claim != nil {
		l, err := DecodeLine(own.Claim)
		if err != nil {
			s.reject(o, lineMistake(err))
			return true
		}
		d, err := l.Draft()
		if err != nil || l.Source.ID == "" {
			s.reject(o, "the claim has no source or no value")
			return true
		}
		s.ready = append(s.ready, &Piece{Source: intel.SourceDraft{ID: l.Source.ID}, At: o.at, Rows: []Row{{Draft: d, At: o.at, Raw: o.raw}}})
	}
	return own.Claim != nil || len(own.Headers) > 0
}

func (s *stixReader) reject(o *stixRead, reason string) {
	s.ready = append(s.ready, &Piece{At: o.at, Rejects: []Reject{{At: o.at, Raw: o.raw, Reason: reason}}})
}

// read makes the piece of an object whose references are known, or never will
// be.
func (s *stixReader) read(o *stixRead) error {
	entity := o.entity()
	switch {
	case o.CreatedBy == stixDragnet || o.ID == stixDragnet:
		return nil // its claims are objects of their own
	case o.Type == "relationship":
		s.relationship(o)
	case o.Type == "note":
		s.remark(o)
	case o.Type == "marking-definition":
		s.marking(o)
	case entity == "":
		s.tally["objects of the type "+show(o.Type)+", left out"]++
	default:
		s.subject(o, entity)
	}
	return nil
}

// maxWaiting bounds the bytes of what waits, compressed.
const maxWaiting = 128 << 20

// waitingObjects keeps objects, compressed.
type waitingObjects struct {
	packed bytes.Buffer
	z      *gzip.Writer
}

func (w *waitingObjects) add(b []byte) bool {
	if w.z == nil {
		w.z = gzip.NewWriter(&w.packed)
	}
	_, err := w.z.Write(append(b, '\n'))
	return err == nil && w.packed.Len() <= maxWaiting
}

func (w *waitingObjects) reader() (io.Reader, error) {
	if w.z == nil {
		return &w.packed, nil
	}
	if err := w.z.Close(); err != nil {
		return nil, err
	}
	return gzip.NewReader(&w.packed)
}
