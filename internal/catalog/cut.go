package catalog

import (
	"context"
	"strconv"
	"strings"
	"time"

	"dragnet/internal/intel"
)

// CutText is a Cut as a person writes it, in the words of the API; an empty text
// is the default. Sources that are nil leave none out.
type CutText struct {
	Around, Depth                             string
	ValidAt, KnownAt, AtRevision              string
	MinConfidence, MinSupport, MinReliability string
	MaxMarking                                string
	Sources                                   []string
}

// defaultDepth is how far a neighbourhood reaches when nothing else is asked.
const defaultDepth = 1

// ReadCut reads a cut; a fault names its field.
func (c *Catalog) ReadCut(ctx context.Context, t CutText) (Cut, error) {
	r := cutReader{}
	cut := Cut{Around: t.Around}
	if t.Around != "" {
		cut.Depth = r.number("depth", t.Depth, defaultDepth, maxNeighbourhood)
	} else if t.Depth != "" {
		r.fail("depth", "is for around, the entity to begin at, which is not given")
	}
	v := &cut.View
	v.ValidAt = r.date("validAt", t.ValidAt)
	v.KnownAt = r.time("knownAt", t.KnownAt)
	v.MinConfidence = r.number("minConfidence", t.MinConfidence, 0, 100)
	v.MinSupport = r.number("minSupport", t.MinSupport, 0, 100)
	if v.MinReliability = intel.Reliability(strings.ToUpper(t.MinReliability)); v.MinReliability != "" && !v.MinReliability.Valid() {
		r.fail("minReliability", "is A, B, C, D, E or F, not %q", clip(t.MinReliability))
	}
	v.MaxMarking = intel.Marking(strings.ReplaceAll(strings.ToUpper(t.MaxMarking), "-", "_"))
	if v.MaxMarking != "" && !v.MaxMarking.Valid() {
		r.fail("maxMarking", "is CLEAR, GREEN, AMBER, AMBER_STRICT or RED, not %q", clip(t.MaxMarking))
	}
	if t.Sources != nil {
		v.Sources = []string{}
	}
	for _, s := range t.Sources {
		id, err := intel.ParseSourceID(s)
		if err != nil {
			r.fail("sources", "%s", err)
		}
		v.Sources = append(v.Sources, id)
	}
	if t.AtRevision != "" && r.err == nil {
		v.AtRevision, r.err = c.readRevision(ctx, t.AtRevision)
	}
	return cut, r.err
}

// readRevision gives the counter of a revision of this graph.
func (c *Catalog) readRevision(ctx context.Context, text string) (*int64, error) {
	meta, err := c.Meta(ctx)
	if err != nil {
		return nil, err
	}
	epoch, digits, _ := cutLast(text, ".")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || digits[0] == '+' {
		return nil, intel.Invalid("atRevision", "%q is no revision: give one that an answer showed, epoch.counter", clip(text))
	}
	if epoch != meta.Epoch {
		return nil, intel.Invalid("atRevision", "%q is a revision of another graph: this one counts %s.0 and on", clip(text), meta.Epoch)
	}
	return &n, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// cutReader keeps the first fault.
type cutReader struct{ err error }

func (r *cutReader) fail(field, format string, args ...any) {
	if r.err == nil {
		r.err = intel.Invalid(field, format, args...)
	}
}

func (r *cutReader) number(field, text string, otherwise, most int) int {
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		r.fail(field, "is a number from 0 to %d, not %q", most, clip(text))
	}
	return n
}

func (r *cutReader) date(field, text string) intel.PartialDate {
	if text == "" {
		return intel.PartialDate{}
	}
	d, err := intel.ParseDate(text)
	if err != nil {
		r.fail(field, "%s", err)
	}
	return d
}

func (r *cutReader) time(field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.fail(field, "%q is no moment: write 2026-01-31T09:30:00Z", clip(text))
	}
	return t
}
