package exchange

import (
	"encoding/json"
	"errors"
	"io"

	"dragnet/internal/intel"
)

// mispKinds are the kinds of entities that the values of a MISP galaxy are, by
// the galaxy's type. Values of other galaxies are left out.
var mispKinds = map[string]intel.Kind{
	"threat-actor": intel.KindGroup, "microsoft-activity-group": intel.KindGroup, "360net-threat-actor": intel.KindGroup,
	"producer": intel.KindFirm, "sector": intel.KindSector,
	"tool": intel.KindTool, "rat": intel.KindTool, "ransomware": intel.KindTool, "backdoor": intel.KindTool, "banker": intel.KindTool,
	"botnet": intel.KindTool, "stealer": intel.KindTool, "exploit-kit": intel.KindTool, "malpedia": intel.KindTool, "android": intel.KindTool,
	"cryptominers": intel.KindTool,
}

// mispActor is the galaxy that a value alone belongs to, unless it says another.
const mispActor = "threat-actor"

// NewMISP reads a cluster of a MISP galaxy: each value is a source of its own,
// and what it says of one entity. Values may also stand alone, one after the
// other, as in a reject file. A value that cannot be read is rejected, and the
// next one is read.
func NewMISP(name string, r io.Reader) Reader { return newMISP(name, raw{r}) }

func newMISP(name string, r io.Reader) Reader {
	return &mispReader{objectStream: newObjectStream(name, r), tally: tally{}}
}

type mispReader struct {
	*objectStream
	tally   tally
	galaxy  string // its type
	inside  bool   // among the values of a galaxy
	n       int    // values read
	closing bool   // the galaxy's own object is not at its end
}

func (r *mispReader) Tally() map[string]int {
	if len(r.tally) == 0 {
		return nil
	}
	return r.tally
}

func (r *mispReader) Next() (*Piece, error) {
	for {
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		r.n++
		if p := r.piece(value); p != nil {
			return p, nil
		}
	}
}

// value gives the next value, wherever it stands.
func (r *mispReader) value() (json.RawMessage, error) {
	for {
		if r.inside {
			if r.next(); r.dec.More() {
				return r.raw()
			}
			if _, err := r.token(); err != nil {
				return nil, r.early(err)
			}
			r.inside = false
		}
		if !r.closing {
			t, err := r.token()
			switch {
			case err != nil:
				return nil, err
			case t != json.Delim('{'):
				return nil, r.mistake("this is no JSON object: a galaxy is expected, or a value of one")
			}
			r.galaxy = mispActor
		}
		value, err := r.object()
		if err != nil || value != nil {
			return value, err
		}
	}
}

// early says that a file ends before it is at its end.
func (r *mispReader) early(err error) error {
	if errors.Is(err, io.EOF) {
		return r.fault(err)
	}
	return err
}

// object reads an object of the uppermost level: a galaxy up to its values, or
// to its end after them, or a value alone, which it gives.
func (r *mispReader) object() (json.RawMessage, error) {
	typed, galaxy := false, r.closing
	r.closing = false
	var fields []jsonField
	r.next()
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return nil, r.fault(err)
		}
		name, _ := key.(string)
		if name == "values" && !galaxy {
			if !typed {
				return nil, r.mistake("the galaxy's `type` must stand before its `values`")
			}
			t, err := r.dec.Token()
			if err != nil {
				return nil, r.fault(err)
			}
			if t != json.Delim('[') {
				return nil, r.mistake("`values` is not a list")
			}
			r.inside, r.closing = true, true
			return nil, nil
		}
		v, err := r.raw()
		if err != nil {
			return nil, err
		}
		switch {
		case name == "type":
			typed = json.Unmarshal(v, &r.galaxy) == nil
		case !galaxy:
			fields = append(fields, jsonField{name, v})
		}
	}
	if _, err := r.token(); err != nil {
		return nil, r.early(err)
	}
	if galaxy {
		return nil, nil
	}
	return objectOf(fields), nil
}
