package exchange

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// mispValue is a value of a galaxy.
type mispValue struct {
	UUID        string               `json:"uuid"`
	Value       string               `json:"value"`
	Description string               `json:"description"`
	Meta        map[string]mispWords `json:"meta"`
	Related     []mispRelated        `json:"related"`
	Revoked     bool                 `json:"revoked"`
	// Galaxy is the type of its galaxy, in a value that stands alone.
	Galaxy string `json:"_galaxy"`
}

// mispRelated is a relation to another value, perhaps of another galaxy.
type mispRelated struct {
	Dest string `json:"dest-uuid"`
	Type string `json:"type"`
}

// mispWords are the words under a key, which MISP writes as one text or as a
// list.
type mispWords []string

// UnmarshalJSON reads a text, a list of such, or whatever else stands there as
// it is written.
func (w *mispWords) UnmarshalJSON(b []byte) error {
	var read any
	if err := json.Unmarshal(b, &read); err != nil {
		return err
	}
	list, ok := read.([]any)
	if !ok {
		list = []any{read}
	}
	*w = nil
	for _, v := range list {
		switch v := v.(type) {
		case nil:
		case string:
			*w = append(*w, v)
		default:
			text, err := plainJSON(v)
			if err != nil {
				return err
			}
			*w = append(*w, string(text))
		}
	}
	return nil
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// piece makes the piece of a value; nil of one that is left out.
func (r *mispReader) piece(b json.RawMessage, galaxy string) *Piece {
	var v mispValue
	err := json.Unmarshal(b, &v)
	if v.Galaxy != "" {
		galaxy = v.Galaxy
	}
	uuid := strings.ToLower(v.UUID)
	at := Position{File: r.name, Item: uuid}
	if uuid == "" {
		at.Item = "value " + strconv.Itoa(r.n)
	}
	kind, known := mispKinds[galaxy]
	reason := ""
	switch {
	case !utf8.Valid(b):
		reason = "the value is not valid UTF-8"
	case err != nil:
		reason = mispMistake(err)
	case !known:
		r.tally["values of the galaxy "+show(galaxy)+", left out"]++
		return nil
	case !uuidForm.MatchString(uuid):
		reason = "`uuid` " + show(v.UUID) + " is no UUID"
	case strings.TrimSpace(v.Value) == "":
		reason = "the value has no `value`, its name"
	case v.Revoked:
		r.tally["revoked values, left out"]++
		return nil
	}
	raw := b
	if v.Galaxy == "" && galaxy != mispActor {
		raw = append([]byte(`{"_galaxy":`+strconv.Quote(galaxy)+`,`), b[1:]...)
	}
	if reason != "" {
		return &Piece{At: at, Rejects: []Reject{{At: at, Raw: raw, Reason: reason}}}
	}
	rec := &mispRecord{feedRecord: feedRecord{piece: &Piece{At: at, Described: true}, subject: mispID(kind, uuid), raw: raw, tally: r.tally}, v: &v, kind: kind}
	rec.header(uuid, galaxy)
	rec.claims(uuid)
	return rec.piece
}

func mispMistake(err error) string {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		if typ.Field == "" {
			return "the value is not a JSON object"
		}
		return "`" + typ.Field + "` cannot be a " + typ.Value
	}
	return err.Error()
}

func mispID(k intel.Kind, uuid string) string { return intel.EntityID(k, "misp-"+uuid) }

// mispRecord makes the claims of one value.
type mispRecord struct {
	feedRecord
	v    *mispValue
	kind intel.Kind
}

// header describes the value as a source, which derives from the documents that
// it names.
func (m *mispRecord) header(uuid, galaxy string) {
	s := &m.piece.Source
	s.ID = intel.SourcePrefix + "misp-" + uuid
	s.Title = tidy("MISP galaxy, "+galaxy+": "+m.v.Value, false)
	s.Publisher, s.URL = "MISP Project", "https://github.com/MISP/misp-galaxy"
	s.Language, s.Reliability, s.Marking = "en", "C", "CLEAR"
	var urls []string
	for _, key := range []string{"refs", "official-refs", "references", "sources"} {
		for _, u := range m.v.Meta[key] {
			urls = append(urls, strings.TrimSpace(u))
		}
	}
	s.DerivedFrom = m.tally.derivedFrom(s.ID, urls)
}

// claims says all that a value says.
func (m *mispRecord) claims(uuid string) {
	m.text(intel.PropName, m.v.Value, "value")
	m.text(intel.PropSummary, m.v.Description, "description")
	m.externalID("misp", uuid, "uuid")
	m.aliases()
	for _, key := range slices.Sorted(maps.Keys(m.v.Meta)) {
		m.meta(key, m.v.Meta[key])
	}
	m.related()
}
