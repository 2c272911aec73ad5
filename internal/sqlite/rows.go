package sqlite

import (
	"encoding/json"
	"strings"

	"dragnet/internal/intel"
)

// Marks of a row of entity.
const (
	markStub     = 1 << iota
	markAlike    // name_key is sort_key
	markNameKind // name_kind is not PROPER
)

// recordColumns are what record reads, in its order. The last two are null or
// not read unless the marks say so.
const recordColumns = "e.no, e.id, e.kind, e.marks, e.revision, e.name, e.sort_key, e.name_key, e.name_kind"

// recordWidth is the number of recordColumns.
const recordWidth = 9

// record reads an entity from recordColumns that begin at a column.
func (r *reader) record(st *stmt, at int, into *intel.Record) error {
	into.ID = st.ColumnText(at + 1)
	kind, err := r.kind(st.ColumnInt64(at + 2))
	if err != nil {
		return err
	}
	into.Kind = kind
	into.Revision = st.ColumnInt64(at + 4)
	into.SortKey = st.ColumnText(at + 6)
	r.nameParts(st, st.ColumnInt64(at+3), at+5, at+7, into)
	return nil
}

func (r *reader) nameParts(st *stmt, marks int64, name, key int, into *intel.Record) {
	into.Name = st.ColumnText(name)
	into.Stub = marks&markStub != 0
	into.NameKey, into.NameKind = into.SortKey, intel.Proper
	if marks&markAlike == 0 {
		into.NameKey = st.ColumnText(key)
	}
	if marks&markNameKind != 0 {
		into.NameKind = st.ColumnText(key + 1)
	}
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

// Marks of a row of edge.
const (
	markDisputed = 1 << iota
	markDated    // valid_lo to valid_hi is not always, or there are more days
	markRest     // a role, a date or an amount is given
)

// linkColumns are what link reads, in its order. Those after origins need not
// be read unless the marks say so.
const linkColumns = "d.marks, d.support, d.origins, d.valid_lo, d.valid_hi, d.validity, d.valid_from, d.valid_to, d.role, d.on_date, d.amount"

// link reads what linkColumns hold; the ends and the type are told.
func (r *reader) link(st *stmt, at int, into *intel.Link, days *[1]intel.Interval) error {
	marks := st.ColumnInt64(at)
	into.Disputed = marks&markDisputed != 0
	into.Support = intel.PPM(st.ColumnInt64(at + 1))
	into.Origins = st.ColumnInt(at + 2)
	if marks&markDated == 0 {
		days[0] = intel.Interval{From: intel.MinDay, To: intel.MaxDay}
		into.Validity = days[:]
	} else if err := linkDays(st, at+3, into); err != nil {
		return err
	}
	if marks&markRest == 0 {
		return nil
	}
	into.Role = st.ColumnText(at + 8)
	if err := into.On.UnmarshalText([]byte(st.ColumnText(at + 9))); err != nil {
		return err
	}
	if st.ColumnIsNull(at + 10) {
		return nil
	}
	s, err := intel.DecodeShown(bytesAt(st, at+10))
	into.Amount = &s
	return err
}

func linkDays(st *stmt, at int, into *intel.Link) error {
	if st.ColumnIsNull(at + 2) {
		into.Validity = []intel.Interval{{From: st.ColumnInt64(at), To: st.ColumnInt64(at + 1)}}
	} else if err := json.Unmarshal([]byte(st.ColumnText(at+2)), &into.Validity); err != nil {
		return err
	}
	if err := into.ValidFrom.UnmarshalText([]byte(st.ColumnText(at + 3))); err != nil {
		return err
	}
	return into.ValidTo.UnmarshalText([]byte(st.ColumnText(at + 4)))
}

// sourceColumns are what source reads, in its order.
const sourceColumns = "s.no, s.id, s.claims, s.body"

func source(st *stmt, at int) (*intel.Source, error) {
	s := &intel.Source{}
	if err := json.Unmarshal(bytesAt(st, at+3), s); err != nil {
		return nil, err
	}
	s.ID, s.Claims = st.ColumnText(at+1), st.ColumnInt(at+2)
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
