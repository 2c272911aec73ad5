package storetest

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"dragnet/internal/intel"
)

// ledger is a naive catalog: it knows every claim and header, settles all of
// them again after each change, and says in a Batch what became different. It
// gives the suite data that is consistent as the contract asks.
type ledger struct {
	last     intel.Stamp
	claims   map[string]*intel.Claim
	versions map[string][]intel.HeaderVersion
	// What the store holds.
	sources map[string]*intel.Source
	records map[string]*intel.Record
	links   map[string]*intel.Link
	counts  intel.Counts
}

func newLedger() *ledger {
	return &ledger{
		claims: map[string]*intel.Claim{}, versions: map[string][]intel.HeaderVersion{},
		sources: map[string]*intel.Source{}, records: map[string]*intel.Record{}, links: map[string]*intel.Link{},
	}
}

// change is what somebody wants of the ledger in one revision.
type change struct {
	headers   map[string]intel.Header
	claims    []*intel.Claim
	retract   []string
	reinstate []string
}

// epochStart is the time of the first revision of every ledger.
var epochStart = time.Date(2024, 2, 29, 23, 59, 59, 123_456_000, time.UTC)

// apply makes the change and gives the batch that brings a store to it.
func (l *ledger) apply(ch change) intel.Batch {
	b := intel.Batch{Stamp: intel.NextStamp(l.last, epochStart, "somebody"), Versions: map[string][]intel.HeaderVersion{}}
	l.last = b.Stamp
	for _, c := range ch.claims {
		c.Added = b.Stamp
		l.claims[c.ID] = c
		own := *c
		b.Claims = append(b.Claims, &own)
	}
	event := func(id string, retracted bool) {
		e := intel.Event{Stamp: b.Stamp, Retracted: retracted, Reason: "because"}
		own := *l.claims[id]
		own.Events = append(slices.Clone(own.Events), e)
		l.claims[id] = &own
		b.Events = append(b.Events, intel.ClaimEvent{Claim: id, Event: e})
	}
	for _, id := range ch.retract {
		event(id, true)
	}
	for _, id := range ch.reinstate {
		event(id, false)
	}
	for id, h := range ch.headers {
		v := intel.HeaderVersion{Header: h, Hash: intel.HeaderHash(id, h), Added: b.Stamp}
		l.versions[id] = append(l.versions[id], v)
		b.Versions[id] = append(b.Versions[id], v)
		b.Reweighed = append(b.Reweighed, id)
	}
	l.settle(&b)
	return b
}

// settle derives every row again and puts into the batch those that differ.
func (l *ledger) settle(b *intel.Batch) {
	sources := l.deriveSources()
	records, links := l.deriveRows(sources)
	b.Sources = differing(l.sources, sources)
	b.Records = differing(l.records, records)
	b.Links = differing(l.links, links)
	b.DropRecords = gone(l.records, records)
	b.DropLinks = gone(l.links, links)
	l.sources, l.records, l.links = sources, records, links

	was := l.counts
	l.counts = intel.Counts{Entities: int64(len(records)), Links: int64(len(links)), Sources: int64(len(sources))}
	for _, r := range records {
		if r.Stub {
			l.counts.Stubs++
		}
	}
	for _, c := range l.claims {
		if c.Live() {
			l.counts.Claims++
		}
	}
	c := l.counts
	b.Counts = intel.Counts{Entities: c.Entities - was.Entities, Stubs: c.Stubs - was.Stubs, Links: c.Links - was.Links, Claims: c.Claims - was.Claims, Sources: c.Sources - was.Sources}
}

func differing[V any](was, is map[string]V) []V {
	var out []V
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if old, ok := was[k]; !ok || !reflect.DeepEqual(old, is[k]) {
			out = append(out, is[k])
		}
	}
	return out
}

func gone[V any](was, is map[string]V) []string {
	return where(slices.Sorted(maps.Keys(was)), func(k string) bool { _, still := is[k]; return !still })
}

func (l *ledger) deriveSources() map[string]*intel.Source {
	out := map[string]*intel.Source{}
	for id, vs := range l.versions {
		if v, ok := intel.Counting(vs); ok {
			out[id] = &intel.Source{ID: id, Header: v.Header}
		}
	}
	for _, c := range l.claims {
		if out[c.Source] == nil {
			out[c.Source] = intel.StubSource(c.Source)
		}
		if c.Live() {
			out[c.Source].Claims++
		}
	}
	for _, s := range out {
		s.Origins = intel.OriginsOf(s.ID, func(id string) []string {
			if out[id] == nil {
				return nil
			}
			return out[id].DerivedFrom
		})
	}
	return out
}

func (l *ledger) deriveRows(sources map[string]*intel.Source) (map[string]*intel.Record, map[string]*intel.Link) {
	revision := map[string]int64{}
	about := map[string][]intel.Evidence{}
	for _, e := range intel.Gather(listed(l.claims), sources, intel.View{}) {
		for _, id := range e.Mentions() {
			if first, ok := revision[id]; !ok || e.Added.Revision < first {
				revision[id] = e.Added.Revision
			}
		}
		key := e.Subject
		if e.IsLink() {
			key = e.LinkID()
		}
		about[key] = append(about[key], e)
	}
	own := map[string]int64{}
	for _, c := range l.claims {
		own[c.Subject] = max(own[c.Subject], c.Changed())
	}
	records, links := map[string]*intel.Record{}, map[string]*intel.Link{}
	for id, at := range revision {
		if own[id] > 0 {
			at = own[id]
		}
		records[id] = intel.NewRecord(id, intel.Compact(intel.Settle(about[id], 0)), at)
	}
	from := map[intel.FromNeed][]*intel.Link{}
	for key, es := range about {
		if _, _, _, ok := intel.SplitLinkID(key); !ok {
			continue
		}
		if k := intel.SettleLink(es); k != nil {
			links[k.ID] = k
			from[intel.FromNeed{From: k.From, Type: k.Type}] = append(from[intel.FromNeed{From: k.From, Type: k.Type}], k)
		}
	}
	for _, rivals := range from {
		intel.MarkRivals(rivals)
	}
	return records, links
}
