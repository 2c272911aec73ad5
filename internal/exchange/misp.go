package exchange

import (
	"encoding/json"
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
	m := &mispReader{tally: tally{}}
	m.listStream = &listStream{objectStream: newObjectStream(name, r), list: "values", begin: m.galaxyOf}
	return m
}

type mispReader struct {
	*listStream
	tally  tally
	galaxy string // its type
	n      int    // values read
}

func (r *mispReader) Tally() map[string]int { return r.tally.counts() }

func (r *mispReader) Next() (*Piece, error) {
	for {
		value, err := r.object()
		if err != nil {
			return nil, err
		}
		r.n++
		galaxy := mispActor
		if r.in {
			galaxy = r.galaxy
		}
		if p := r.piece(value, galaxy); p != nil {
			return p, nil
		}
	}
}

// galaxyOf takes the galaxy's type, which must be known before its values.
func (r *mispReader) galaxyOf(fields []jsonField) error {
	for _, f := range fields {
		if f.key == "type" && json.Unmarshal(f.raw, &r.galaxy) == nil {
			return nil
		}
	}
	return r.mistake("the galaxy's `type` must stand before its `values`")
}
