package gen

import (
	"fmt"
	"slices"
	"time"

	"dragnet/internal/intel"
)

const (
	// feeds are the large sources that speak of everything.
	feeds = 20
	// perDocument is how many entities one document brings up first.
	perDocument = 40
)

// Sources is the number of described sources.
func (g *Graph) Sources() int { return g.sources }

func (g *Graph) sourceID(s int) string {
	if s < feeds {
		return fmt.Sprintf("source:feed-%s", feedNames[s%len(feedNames)])
	}
	return fmt.Sprintf("source:%s.example_%d", publishers[int(mix(g.seed, 7, uint64(s))%uint64(len(publishers)))], s)
}

// grades is how often each grade is met, in hundredths.
var grades = map[intel.Reliability]int{"A": 8, "B": 22, "C": 38, "D": 12, "E": 5, "F": 15}

func (d draw) reliability() intel.Reliability {
	p := d.IntN(100)
	for _, r := range intel.Reliabilities() {
		if p -= grades[r]; p < 0 {
			return r
		}
	}
	return "F"
}

// Source describes the s-th source. It derives from sources with smaller
// numbers only.
func (g *Graph) Source(s int) intel.SourceDraft {
	d := newDraw(g.seed, uint64(s)<<1|1)
	id := g.sourceID(s)
	published := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d.IntN(14*365))
	h := intel.Header{Title: d.title(), Reliability: d.reliability(), Marking: "CLEAR", Language: first(d, []string{"en", "fr", "es", "ru", "pt-BR"}),
		RetrievedAt: published.AddDate(0, 0, 1+d.IntN(40)), PublishedOn: intel.MustDate(published.Format(time.DateOnly))}
	switch {
	case s < feeds:
		h.Title, h.PublishedOn = "Feed "+feedNames[s%len(feedNames)], intel.PartialDate{}
		h.Reliability = pick(d, intel.Reliability("A"), "B", "B", "C")
	default:
		h.Publisher = publishers[int(mix(g.seed, 7, uint64(s))%uint64(len(publishers)))]
		h.URL = fmt.Sprintf("https://%s.example/%d", h.Publisher, s)
	}
	if d.chance(0.08) {
		h.Marking = pick(d, intel.Marking("GREEN"), "AMBER", "AMBER_STRICT")
	}
	// A quarter of all documents write from others, mostly recent ones.
	if s > feeds && d.chance(0.25) {
		for range 1 + d.IntN(2) {
			h.DerivedFrom = append(h.DerivedFrom, g.sourceID(max(0, s-1-d.zipf(s, 3))))
		}
		slices.Sort(h.DerivedFrom)
		h.DerivedFrom = slices.Compact(h.DerivedFrom)
	}
	return intel.SourceDraft{ID: id, Header: h}
}

// source names the source of the j-th claim of a fact, each time another one.
// One claim in a hundred is from a source that nobody describes.
func (b *builder) source(j int, used []string) string {
	for range 8 {
		var id string
		switch p := b.Float64(); {
		case p < 0.01:
			id = fmt.Sprintf("source:tip-%d", b.home/10)
		case j == 0 && p < 0.6:
			id = b.sourceID(b.home)
		case p < 0.8:
			id = b.sourceID(b.zipf(feeds, 2))
		case p < 0.93:
			// Documents of one time speak of the same things and copy each other.
			id = b.sourceID(max(feeds, b.home-1-b.IntN(6)))
		default:
			id = b.sourceID(feeds + b.IntN(b.sources-feeds))
		}
		if !slices.Contains(used, id) {
			return id
		}
	}
	return b.sourceID(b.home)
}
