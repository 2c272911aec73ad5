package intel

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Reliability is the Admiralty (NATO) grade of a source, A to F.
type Reliability string

// Marking is a TLP 2.0 marking.
type Marking string

// reliabilityPPM is the weight of a grade in parts per million. F, "cannot be
// judged", stands above D on purpose (ONTOLOGY, settling).
var reliabilityPPM = map[Reliability]PPM{"A": 950_000, "B": 800_000, "C": 600_000, "D": 400_000, "E": 200_000, "F": 500_000}

var reliabilities = []Reliability{"A", "B", "C", "D", "E", "F"}

var markings = []Marking{"CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"}

// Reliabilities lists the grades from the best.
func Reliabilities() []Reliability { return slices.Clone(reliabilities) }

// Markings lists the markings from the most open.
func Markings() []Marking { return slices.Clone(markings) }

// Valid says that r is a grade.
func (r Reliability) Valid() bool { return slices.Contains(reliabilities, r) }

// Valid says that m is a marking.
func (m Marking) Valid() bool { return slices.Contains(markings, m) }

// Above says that m restricts more than n.
func (m Marking) Above(n Marking) bool {
	return slices.Index(markings, m) > slices.Index(markings, n)
}

// atLeast says that r is as good as the grade asked for; F only when F is.
func (r Reliability) atLeast(least Reliability) bool {
	return slices.Index(reliabilities, r) <= slices.Index(reliabilities, least)
}

// Header is what is said of a source. DerivedFrom holds source ids, sorted and
// each once; RetrievedAt is UTC, zero when unknown.
type Header struct {
	Title       string      `json:"title"`
	Publisher   string      `json:"publisher,omitempty"`
	URL         string      `json:"url,omitempty"`
	PublishedOn PartialDate `json:"publishedOn,omitzero"`
	RetrievedAt time.Time   `json:"retrievedAt,omitzero"`
	Language    string      `json:"language,omitempty"`
	Reliability Reliability `json:"reliability"`
	Marking     Marking     `json:"marking"`
	DerivedFrom []string    `json:"derivedFrom,omitempty"`
}

// HeaderVersion is one wording of a source's header, kept with the revision
// that brought it.
type HeaderVersion struct {
	Header
	Hash  string `json:"hash"`
	Added Stamp  `json:"added"`
}

// Source is a document or one record of a feed: the header version that
// counts, and what follows from it. A source that claims name but nobody
// described is a stub.
type Source struct {
	ID string `json:"id"`
	Header
	Stub bool `json:"stub,omitempty"`
	// Origins are the sources at the end of its derivedFrom chains, sorted.
	Origins []string `json:"origins"`
	// Claims counts its live claims.
	Claims int `json:"claims"`
	// Versions are all headers it ever had, by revision, then hash. Answers hold
	// them only where the contract says so.
	Versions []HeaderVersion `json:"-"`
}

// StubSource is a source that claims name but nobody described.
func StubSource(id string) *Source {
	return &Source{ID: id, Header: StubHeader(id), Stub: true, Origins: []string{id}}
}

// StubHeader is the header of a source nobody described: its key as title,
// reliability F, marking CLEAR.
func StubHeader(id string) Header {
	return Header{Title: KeyOf(id), Reliability: "F", Marking: "CLEAR"}
}

// HeaderHash identifies a header version of a source by its content: SHA-256,
// in hexadecimal, of the canonical encoding.
func HeaderHash(id string, h Header) string {
	e := newEncoder("dragnet source 1")
	e.text(id, h.Title, h.Publisher, h.URL, h.PublishedOn.String(), formatTime(h.RetrievedAt), h.Language, string(h.Reliability), string(h.Marking))
	e.number(int64(len(h.DerivedFrom)))
	e.text(h.DerivedFrom...)
	return e.sum()
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Counting picks the version that counts: the latest retrievedAt (none is
// lowest), ties to the larger hash. ok is false when there is none.
func Counting(versions []HeaderVersion) (v HeaderVersion, ok bool) {
	for _, c := range versions {
		if !ok || c.RetrievedAt.After(v.RetrievedAt) || c.RetrievedAt.Equal(v.RetrievedAt) && c.Hash > v.Hash {
			v, ok = c, true
		}
	}
	return v, ok
}

// OriginsOf gives the sources at the end of a source's derivedFrom chains,
// sorted: itself when it has none. Sources that derive from each other in a
// circle which nothing leads out of count as the smallest id among them.
// parents gives the derivedFrom of any source, nil when there is none.
func OriginsOf(id string, parents func(string) []string) []string {
	w := originWalk{parents: parents, index: map[string]int{}, low: map[string]int{}, on: map[string]bool{}, home: map[string]int{}}
	w.visit(id)
	var out []string
	for _, members := range w.components {
		if w.ends(members) {
			out = append(out, slices.Min(members))
		}
	}
	slices.Sort(out)
	return out
}

// originWalk finds the strongly connected components reachable from a source
// (Tarjan 1972).
type originWalk struct {
	parents    func(string) []string
	index, low map[string]int
	on         map[string]bool
	stack      []string
	components [][]string
	home       map[string]int
}

func (w *originWalk) visit(id string) {
	w.index[id] = len(w.index)
	w.low[id] = w.index[id]
	w.stack = append(w.stack, id)
	w.on[id] = true
	for _, p := range w.parents(id) {
		if _, seen := w.index[p]; !seen {
			w.visit(p)
			w.low[id] = min(w.low[id], w.low[p])
		} else if w.on[p] {
			w.low[id] = min(w.low[id], w.index[p])
		}
	}
	if w.low[id] != w.index[id] {
		return
	}
	at := slices.Index(w.stack, id)
	members := slices.Clone(w.stack[at:])
	w.stack = w.stack[:at]
	for _, m := range members {
		w.on[m] = false
		w.home[m] = len(w.components)
	}
	w.components = append(w.components, members)
}

func (w *originWalk) ends(members []string) bool {
	for _, m := range members {
		for _, p := range w.parents(m) {
			if w.home[p] != w.home[m] {
				return false
			}
		}
	}
	return true
}

// encoder writes the canonical, length-prefixed, versioned form that ids are
// hashed from: the version, then each text as its length in bytes, a colon and
// the bytes; numbers as their decimal text.
type encoder struct{ b strings.Builder }

func newEncoder(version string) *encoder {
	e := &encoder{}
	e.text(version)
	return e
}

func (e *encoder) text(ss ...string) {
	for _, s := range ss {
		e.number(int64(len(s)))
		e.b.WriteString(s)
	}
}

func (e *encoder) number(n int64) {
	e.b.WriteString(itoa(n))
	e.b.WriteByte(':')
}

func (e *encoder) sum() string {
	sum := sha256.Sum256([]byte(e.b.String()))
	return hex.EncodeToString(sum[:])
}
