package intel

import (
	"slices"
	"time"
)

// Revision places a change in the history of one store: the epoch is drawn
// when the store is made, the counter goes up by one per committed change.
type Revision struct {
	Epoch   string
	Counter int64
}

// String is epoch.counter.
func (r Revision) String() string { return r.Epoch + "." + itoa(r.Counter) }

// View is the state of knowledge a question is answered from. The zero View is
// everything known now.
type View struct {
	ValidAt        PartialDate // what was true then
	KnownAt        time.Time   // what had been recorded and not retracted by then (inclusive)
	AtRevision     *int64      // as KnownAt, but exact
	MinConfidence  int         // of a claim, 0-100
	MinSupport     int         // of a settled fact or link, 0-100
	MinReliability Reliability // F is left out unless asked for
	MaxMarking     Marking     // leave out claims whose source is marked higher
	Sources        []string    // only what these say
}

// IsDefault says that the materialised state answers the view.
func (v View) IsDefault() bool {
	return v.ValidAt.IsZero() && v.KnownAt.IsZero() && v.AtRevision == nil && v.MinConfidence == 0 &&
		v.MinSupport == 0 && v.MinReliability == "" && (v.MaxMarking == "" || v.MaxMarking == "RED") && v.Sources == nil
}

// Past says that the view looks at an earlier state of knowledge.
func (v View) Past() bool { return !v.KnownAt.IsZero() || v.AtRevision != nil }

// Saw says that what bears the stamp had been recorded in the view.
func (v View) Saw(s Stamp) bool {
	return (v.AtRevision == nil || s.Revision <= *v.AtRevision) && (v.KnownAt.IsZero() || !s.At.After(v.KnownAt))
}

// Header gives the header of a source that counted in the view, and whether
// the source was a stub then. s.Versions must be there for a view of the past.
func (v View) Header(s *Source) (h Header, stub bool) {
	if !v.Past() {
		return s.Header, s.Stub
	}
	var seen []HeaderVersion
	for _, hv := range s.Versions {
		if v.Saw(hv.Added) {
			seen = append(seen, hv)
		}
	}
	if c, ok := Counting(seen); ok {
		return c.Header, false
	}
	return StubHeader(s.ID), true
}

// Admits says that the claim counts in the view. h is the header of its source
// that counted then.
func (v View) Admits(c *Claim, h Header) bool {
	switch {
	case !liveWhen(c.Added, c.Events, v.Saw):
	case c.Confidence < v.MinConfidence:
	case v.MinReliability != "" && !h.Reliability.atLeast(v.MinReliability):
	case v.MaxMarking != "" && h.Marking.Above(v.MaxMarking):
	case v.Sources != nil && !slices.Contains(v.Sources, c.Source):
	case !v.ValidAt.IsZero() && !c.Interval().Overlaps(Interval{v.ValidAt.First(), v.ValidAt.Last()}):
	default:
		return true
	}
	return false
}
