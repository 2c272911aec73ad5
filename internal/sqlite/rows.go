package sqlite

import (
	"encoding/binary"
	"encoding/json"
	"strings"

	"dragnet/internal/intel"
)

// pack joins texts, each after its length.
func pack(parts ...string) string {
	var b []byte
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return string(b)
}

// unpack takes apart what pack joined.
func unpack(b string, into ...*string) error {
	for _, p := range into {
		n, w := binary.Uvarint([]byte(b[:min(len(b), binary.MaxVarintLen64)]))
		if w <= 0 || uint64(len(b)-w) < n {
			return wrong("a row's rest is cut short")
		}
		*p, b = b[w:w+int(n)], b[w+int(n):]
	}
	return nil
}

// textRoom is room for the texts of rows, so that a text costs no allocation of its
// own.
type textRoom struct {
	strings.Builder
	scratch []byte
	size    int
}

// column copies a text out of a row.
func (t *textRoom) column(st *stmt, col int) string {
	if t.scratch == nil {
		t.scratch = make([]byte, 1024)
	}
	n := st.ColumnBytes(col, t.scratch)
	if n == len(t.scratch) {
		return st.ColumnText(col) // it may be longer
	}
	return t.add(t.scratch[:n])
}

func (t *textRoom) add(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	t.reserve(len(b))
	at := t.Len()
	t.Write(b)
	return t.String()[at:]
}

// join puts texts together.
func (t *textRoom) join(parts ...string) string {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	t.reserve(n)
	at := t.Len()
	for _, p := range parts {
		t.WriteString(p)
	}
	return t.String()[at:]
}

// reserve begins a new room when the old one is full; texts in the old one stay.
func (t *textRoom) reserve(n int) {
	if t.Cap()-t.Len() < n {
		t.Builder = strings.Builder{}
		t.size = min(max(2*t.size, 256), 4096)
		t.Grow(max(n, t.size))
	}
}

// recordColumns are what record reads, in its order.
const recordColumns = "e.no, e.id, e.kind, e.sort_key, e.revision, e.name, e.rest"

// recordWidth is the number of recordColumns.
const recordWidth = 7

// record reads an entity from recordColumns.
func (r *reader) record(st *stmt, into *intel.Record) error {
	into.ID = r.room.column(st, 1)
	into.SortKey = r.room.column(st, 3)
	kind, err := r.kind(st.ColumnInt64(2))
	if err != nil {
		return err
	}
	into.Kind = kind
	return r.recordRest(st, 4, into)
}

// recordRest reads revision, name and rest; the sort key is there.
func (r *reader) recordRest(st *stmt, at int, into *intel.Record) error {
	into.Revision = st.ColumnInt64(at)
	into.Name = r.room.column(st, at+1)
	rest := r.room.column(st, at+2)
	if rest == "" {
		into.NameKey, into.NameKind = into.SortKey, intel.Proper
		return nil
	}
	stub := ""
	err := unpack(rest, &stub, &into.NameKey, &into.NameKind)
	into.Stub = stub != ""
	return err
}

// entityRest gives what few entities have, null when this one has none of it.
func entityRest(r *intel.Record) value {
	if !r.Stub && r.NameKey == r.SortKey && r.NameKind == intel.Proper {
		return value{}
	}
	stub := ""
	if r.Stub {
		stub = "stub"
	}
	return blob(pack(stub, r.NameKey, r.NameKind))
}

func (r *reader) kind(no int64) (intel.Kind, error) {
	if no >= 0 && no < int64(len(r.vocabulary.kinds)) && r.vocabulary.kinds[no] != "" {
		return r.vocabulary.kinds[no], nil
	}
	k, err := r.word(kindWord, no)
	return intel.Kind(k), err
}

// facts reads the settled facts of an entity; nil when it has none.
func (r *reader) facts(no int64) (fs []intel.Settled, err error) {
	err = r.c.each("SELECT body FROM fact WHERE entity = ?", func(st *stmt) error {
		fs, err = intel.DecodeFacts(bytesAt(st, 0))
		return err
	}, num(no))
	return fs, err
}

func bytesAt(st *stmt, col int) []byte {
	n := st.ColumnLen(col)
	if n == 0 {
		return nil
	}
	b := make([]byte, n)
	return b[:st.ColumnBytes(col, b)]
}

// linkColumns are what link reads, in its order.
const linkColumns = "d.gist, d.rest"

// linkWidth is the number of linkColumns.
const linkWidth = 2

// gist is what every row of a walk needs to know of a link, in one number; the
// columns of edge that follow from it say how.
type gist int64

func gistOf(l *intel.Link, there int64) gist {
	g := gist(l.Origins)<<27 | gist(l.Support)<<7 | gist(there)<<1
	if l.Disputed {
		g |= 1
	}
	return g
}

// there is the number of the neighbour's kind.
func (g gist) there() int64 { return int64(g >> 1 & 63) }

// link reads what linkColumns hold; the ends and the type are told.
func (r *reader) link(st *stmt, at int, into *intel.Link, days *[1]intel.Interval) error {
	g := gist(st.ColumnInt64(at))
	into.Disputed = g&1 != 0
	into.Support = intel.PPM(g >> 7 & (1<<20 - 1))
	into.Origins = int(g >> 27)
	if rest := r.room.column(st, at+1); rest != "" {
		return readLinkRest(rest, into, days)
	}
	days[0] = intel.Interval{From: intel.MinDay, To: intel.MaxDay}
	into.Validity = days[:]
	return nil
}

// linkRest gives what few links have, "" when this one has none of it.
func linkRest(l *intel.Link) (string, error) {
	always := len(l.Validity) == 1 && l.Validity[0].Always()
	if always && l.Role == "" && l.On.IsZero() && l.Amount == nil && l.ValidFrom.IsZero() && l.ValidTo.IsZero() {
		return "", nil
	}
	days, amount := "", ""
	if !always {
		b, err := json.Marshal(l.Validity)
		if err != nil {
			return "", err
		}
		days = string(b)
	}
	if l.Amount != nil {
		b, err := intel.EncodeShown(*l.Amount)
		if err != nil {
			return "", err
		}
		amount = string(b)
	}
	return pack(l.Role, l.On.String(), l.ValidFrom.String(), l.ValidTo.String(), days, amount), nil
}

func readLinkRest(rest string, into *intel.Link, days *[1]intel.Interval) error {
	var on, from, to, set, amount string
	if err := unpack(rest, &into.Role, &on, &from, &to, &set, &amount); err != nil {
		return err
	}
	for _, d := range [...]struct {
		text string
		into *intel.PartialDate
	}{{on, &into.On}, {from, &into.ValidFrom}, {to, &into.ValidTo}} {
		if d.text != "" {
			if err := d.into.UnmarshalText([]byte(d.text)); err != nil {
				return err
			}
		}
	}
	days[0] = intel.Interval{From: intel.MinDay, To: intel.MaxDay}
	into.Validity = days[:]
	if set != "" {
		into.Validity = nil
		if err := json.Unmarshal([]byte(set), &into.Validity); err != nil {
			return err
		}
	}
	if amount == "" {
		return nil
	}
	s, err := intel.DecodeShown([]byte(amount))
	into.Amount = &s
	return err
}

// sourceColumns are what source reads, in its order.
const sourceColumns = "s.no, s.id, s.claims, s.body"

func source(st *stmt) (*intel.Source, error) {
	s := &intel.Source{}
	if err := json.Unmarshal(bytesAt(st, 3), s); err != nil {
		return nil, err
	}
	s.ID, s.Claims = st.ColumnText(1), st.ColumnInt(2)
	return s, nil
}

// hashOf gives the bytes of a claim's id, "" when it is no such id.
func hashOf(id string) string {
	hex, ok := strings.CutPrefix(id, intel.ClaimPrefix)
	if !ok || len(hex) != 64 {
		return ""
	}
	var b [32]byte
	for i := range b {
		hi, lo := unhex(hex[2*i]), unhex(hex[2*i+1])
		if hi > 15 || lo > 15 {
			return ""
		}
		b[i] = hi<<4 | lo
	}
	return string(b[:])
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

// claimID is the text of the 32 bytes in a column.
func claimID(st *stmt, col int) string {
	const digits = "0123456789abcdef"
	var raw [32]byte
	st.ColumnBytes(col, raw[:])
	var out [len(intel.ClaimPrefix) + 64]byte
	n := copy(out[:], intel.ClaimPrefix)
	for i, b := range raw {
		out[n+2*i], out[n+2*i+1] = digits[b>>4], digits[b&15]
	}
	return string(out[:])
}
