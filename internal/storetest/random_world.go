package storetest

import (
	"context"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// world makes random batches that fit what is in the store already: it keeps
// a model of it.
type world struct {
	now     *state
	leaving string // the entity of whose claims the batch retracts all
}

// worlds draws a history of batches.
func worlds(batches int) *rapid.Generator[[]intel.Batch] {
	return rapid.Custom(func(t *rapid.T) []intel.Batch {
		w := &world{now: &state{}}
		var out []intel.Batch
		for range batches {
			b := w.batch(t)
			d := w.now.clone()
			if err := d.Put(context.Background(), b); err != nil {
				panic("storetest: a random batch that does not fit: " + err.Error())
			}
			w.now = d.state
			out = append(out, b)
		}
		return out
	})
}

func (w *world) batch(t *rapid.T) intel.Batch {
	b := intel.Batch{Stamp: intel.NextStamp(w.now.meta.Last, epochStart, drawn(t, []string{"adam", "zoë"}, "by")), Versions: map[string][]intel.HeaderVersion{}}
	d := w.now.clone() // what the store will hold: claims and sources first
	w.claims(t, d, &b)
	touched := w.headers(t, d, &b)
	if len(b.Claims)+len(b.Events)+len(b.Versions) == 0 {
		b.Stamp = intel.Stamp{}
	}
	for _, c := range b.Claims {
		touched[c.Source] = true
	}
	for _, e := range b.Events {
		touched[d.claims[e.Claim].Source] = true
	}
	w.sources(d, touched, &b)
	w.rows(t, d, &b)
	b.Counts = intel.Counts{Entities: int64(len(b.Records) - len(b.DropRecords)), Links: int64(len(b.Links)), Claims: int64(len(b.Claims)), Stubs: -1, Sources: int64(len(b.Sources))}
	return b
}

// claims draws new claims and events, and carries them out on d.
func (w *world) claims(t *rapid.T, d *draft, b *intel.Batch) {
	for range rapid.IntRange(0, 20).Draw(t, "claims") {
		c := randomClaim(t, b.Stamp)
		if d.claims[c.ID] == nil {
			d.claims[c.ID] = c
			own := *c
			b.Claims = append(b.Claims, &own)
		}
	}
	ids := slices.Sorted(maps.Keys(d.claims))
	if len(ids) == 0 {
		return
	}
	event := func(id string) {
		c := *d.claims[id]
		e := intel.Event{Stamp: b.Stamp, Retracted: c.Live(), Reason: drawn(t, pools.prose, "reason"), ByReplace: chance(t, 3, "by replace")}
		c.Events = append(slices.Clone(c.Events), e)
		d.claims[id] = &c
		b.Events = append(b.Events, intel.ClaimEvent{Claim: id, Event: e})
	}
	for range rapid.IntRange(0, 6).Draw(t, "events") {
		event(drawn(t, ids, "claim"))
	}
	w.leaving = drawn(t, append([]string{"", "", ""}, pools.ids...), "leaving")
	for _, id := range ids {
		if c := d.claims[id]; c.Live() && slices.Contains(c.Mentions(), w.leaving) {
			event(id)
		}
	}
}

// headers draws header versions and gives the sources that they are of.
func (w *world) headers(t *rapid.T, d *draft, b *intel.Batch) map[string]bool {
	touched := map[string]bool{}
	for range rapid.IntRange(0, 2).Draw(t, "headers") {
		id, h := drawn(t, pools.sources, "source"), randomHeader(t, b.Stamp)
		v := intel.HeaderVersion{Header: h, Hash: intel.HeaderHash(id, h), Added: b.Stamp}
		if slices.ContainsFunc(d.versions[id], func(o intel.HeaderVersion) bool { return o.Hash == v.Hash }) {
			continue
		}
		d.versions[id] = append(slices.Clone(d.versions[id]), v)
		b.Versions[id] = append(b.Versions[id], v)
		touched[id] = true
	}
	if len(touched) > 0 {
		b.Reweighed = append(slices.Sorted(maps.Keys(touched)), some(t, slices.Sorted(maps.Keys(d.sources)), 2, "reweighed")...)
	}
	return touched
}

// sources writes the rows of the sources that were touched, and of all whose
// origins that may change.
func (w *world) sources(d *draft, touched map[string]bool, b *intel.Batch) {
	for id := range touched {
		s := intel.StubSource(id)
		if v, ok := intel.Counting(d.versions[id]); ok {
			s = &intel.Source{ID: id, Header: v.Header}
		}
		d.sources[id] = s
	}
	for _, id := range slices.Sorted(maps.Keys(d.sources)) {
		s := *d.sources[id]
		s.Claims = len(d.claimsWhere(func(c *intel.Claim) bool { return c.Live() && c.Source == id }))
		s.Origins = intel.OriginsOf(id, func(id string) []string {
			if d.sources[id] == nil {
				return nil
			}
			return d.sources[id].DerivedFrom
		})
		b.Sources = append(b.Sources, &s)
	}
}

// rows draws settled rows. Whatever a live claim mentions has a record.
func (w *world) rows(t *rapid.T, d *draft, b *intel.Batch) {
	mentioned := map[string]bool{}
	for _, c := range d.claims {
		for _, id := range c.Mentions() {
			mentioned[id] = mentioned[id] || c.Live()
		}
	}
	revision := max(1, b.Stamp.Revision)
	records := map[string]*intel.Record{}
	for _, id := range some(t, pools.ids, 6, "records") {
		records[id] = randomRecord(t, id, revision)
	}
	for _, id := range slices.Sorted(maps.Keys(mentioned)) {
		if mentioned[id] && d.records[id] == nil && records[id] == nil {
			records[id] = intel.NewRecord(id, nil, revision)
		}
	}
	dropped := map[string]bool{}
	for _, id := range append(some(t, slices.Sorted(maps.Keys(d.records)), 2, "drops"), w.leaving) {
		if d.records[id] != nil && !mentioned[id] {
			delete(records, id)
			dropped[id] = true
		}
	}
	there := where(pools.ids, func(id string) bool { return !dropped[id] && (records[id] != nil || d.records[id] != nil) })
	links := map[string]*intel.Link{}
	for range rapid.IntRange(4, 20).Draw(t, "links") {
		if len(there) < 2 {
			break
		}
		if typ, from, to, ok := randomEnds(t, there); ok {
			l := randomLink(t, typ, from, to)
			links[l.ID] = l
		}
	}
	for _, l := range listed(d.links) {
		if links[l.ID] == nil && (dropped[l.From] || dropped[l.To] || chance(t, 30, "drop link")) {
			b.DropLinks = append(b.DropLinks, l.ID)
		}
	}
	b.Records, b.Links, b.DropRecords = listed(records), listed(links), slices.Sorted(maps.Keys(dropped))
}
