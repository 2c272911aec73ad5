package catalog

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"

	"dragnet/internal/intel"
)

// settlement works out what a commit's changes do to the settled graph.
type settlement struct {
	*state
	changed []*intel.Claim // added, retracted or reinstated by the commit

	bySubject map[string][]*intel.Claim // live property claims, as they will be
	byLink    map[string][]*intel.Claim // live link claims
	byFrom    map[intel.FromNeed][]string

	subjects map[string]bool         // whose facts settle again
	linkIDs  map[string]bool         // that settle again
	froms    map[intel.FromNeed]bool // exclusive sets that settle again
	mentions map[string]intel.Mention

	batch   intel.Batch
	changes map[string]*Change
	created map[string]bool // entities that come into being
}

// settle completes the commit's changes: the batch to put and, by entity, what
// changed.
func (s *state) settle(ctx context.Context) (*settlement, error) {
	t := &settlement{state: s, subjects: map[string]bool{}, linkIDs: map[string]bool{}, froms: map[intel.FromNeed]bool{},
		bySubject: map[string][]*intel.Claim{}, byLink: map[string][]*intel.Claim{}, byFrom: map[intel.FromNeed][]string{}, changes: map[string]*Change{}, created: map[string]bool{}}
	ids := map[string]bool{}
	for _, c := range s.added {
		ids[c.ID] = true
	}
	for _, e := range s.events {
		ids[e.Claim] = true
	}
	for _, id := range sorted(ids) {
		t.changed = append(t.changed, s.claims[id])
	}
	reweighed, err := s.reweighed(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range reweighed {
		t.batch.Reweighed = append(t.batch.Reweighed, c.Source)
	}
	t.batch.Reweighed = distinct(t.batch.Reweighed)
	for _, c := range append(reweighed, t.changed...) {
		t.affect(c)
	}
	if len(t.subjects)+len(t.linkIDs) > maxResettled && len(reweighed) > 0 {
		return nil, tooMany()
	}
	if err := t.loadAffected(ctx); err != nil {
		return nil, err
	}
	t.index()
	t.settleRecords()
	t.settleLinks()
	t.finish()
	return t, nil
}

func (t *settlement) affect(c *intel.Claim) {
	if !c.IsLink() {
		t.subjects[c.Subject] = true
		return
	}
	t.linkIDs[c.LinkID()] = true
	if _, exclusive := c.LinkType.Allows(intel.KindOf(c.Subject), intel.KindOf(c.Object)); exclusive {
		t.froms[intel.FromNeed{From: c.Subject, Type: c.LinkType}] = true
	}
}

// loadAffected reads what settling the affected parts needs and the commit did
// not read before.
func (t *settlement) loadAffected(ctx context.Context) error {
	need := intel.Need{Subjects: sorted(t.subjects), Links: sorted(t.linkIDs), From: slices.Collect(maps.Keys(t.froms))}
	slices.SortFunc(need.From, func(a, b intel.FromNeed) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Type, b.Type))
	})
	mentioned := map[string]bool{}
	for _, c := range t.changed {
		for _, id := range c.Mentions() {
			mentioned[id] = true
		}
	}
	for link := range t.linkIDs { // those that a header moves are told of too
		_, from, _, _ := intel.SplitLinkID(link)
		mentioned[from] = true
	}
	need.Records = sorted(mentioned)
	if _, err := t.load(ctx, need); err != nil {
		return err
	}
	recount := map[string]bool{}
	var gone []string
	for _, c := range t.changed {
		isEvent := c.Added.Revision != t.stamp.Revision
		for _, id := range c.Mentions() {
			if isEvent || t.records[id] == nil {
				recount[id] = true
			}
		}
		if !c.Live() {
			gone = append(gone, c.ID)
		}
	}
	if len(recount) == 0 {
		return nil
	}
	ws, err := t.r.Collect(ctx, intel.Need{Mentions: sorted(recount), Except: gone})
	if err != nil {
		return err
	}
	t.mentions = ws.Mentions
	return nil
}

func (t *settlement) index() {
	for _, id := range slices.Sorted(maps.Keys(t.claims)) {
		c := t.claims[id]
		switch {
		case !c.Live():
		case c.IsLink():
			l := c.LinkID()
			if t.byLink[l] == nil {
				f := intel.FromNeed{From: c.Subject, Type: c.LinkType}
				t.byFrom[f] = append(t.byFrom[f], l)
			}
			t.byLink[l] = append(t.byLink[l], c)
		default:
			t.bySubject[c.Subject] = append(t.bySubject[c.Subject], c)
		}
	}
}

func (t *settlement) settleRecords() {
	own, live := map[string]bool{}, map[string]int64{}
	ids := maps.Clone(t.subjects)
	for _, c := range t.changed {
		own[c.Subject] = true
		for _, id := range c.Mentions() {
			ids[id] = true
			if first, ok := live[id]; c.Live() && (!ok || c.Added.Revision < first) {
				live[id] = c.Added.Revision
			}
		}
	}
	for _, id := range sorted(ids) {
		before := t.records[id]
		m, recounted := t.mentions[id]
		first := m.First
		if l, ok := live[id]; ok && (first == 0 || l < first) {
			first = l
		}
		if recounted && first == 0 {
			t.drop(id, before, own[id])
			continue
		}
		after := t.record(id, before)
		switch {
		case own[id]:
			after.Revision = t.stamp.Revision
		case recounted:
			after.Revision = cmp.Or(m.Own, first)
		}
		t.keep(before, after)
	}
}

// record gives the entity as it settles now; its revision is that of before.
func (t *settlement) record(id string, before *intel.Record) *intel.Record {
	if before != nil && !t.subjects[id] {
		after := *before
		return &after
	}
	var revision int64
	if before != nil {
		revision = before.Revision
	}
	facts := intel.Settle(intel.Gather(t.bySubject[id], t.sources, intel.View{}), 0)
	return intel.NewRecord(id, intel.Compact(facts), revision)
}

// drop takes an entity out of the graph; own says that a claim about it changed.
func (t *settlement) drop(id string, before *intel.Record, own bool) {
	after := intel.NewRecord(id, nil, t.stamp.Revision)
	if before != nil {
		t.batch.DropRecords = append(t.batch.DropRecords, id)
		t.batch.Counts.Entities--
		if before.Stub {
			t.batch.Counts.Stubs--
		}
		t.noteFacts(id, before.Facts, nil)
	}
	if own || t.changes[id] != nil {
		t.change(id).Record = after
	}
}

func (t *settlement) keep(before, after *intel.Record) {
	var was []intel.Settled
	if before == nil {
		t.created[after.ID] = true
		t.batch.Counts.Entities++
		t.batch.Counts.Stubs += one(after.Stub)
	} else {
		was = before.Facts
		t.batch.Counts.Stubs += one(after.Stub) - one(before.Stub)
	}
	t.records[after.ID] = after
	if before == nil || !reflect.DeepEqual(before, after) {
		t.batch.Records = append(t.batch.Records, after)
	}
	t.noteFacts(after.ID, was, after.Facts)
	if ch := t.changes[after.ID]; ch != nil {
		ch.Record = after
	}
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func (t *settlement) settleLinks() {
	done := map[string]bool{}
	for _, f := range slices.SortedFunc(maps.Keys(t.froms), func(a, b intel.FromNeed) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Type, b.Type))
	}) {
		var set []*intel.Link
		for _, id := range t.byFrom[f] {
			if l := t.settleLink(id); l != nil {
				set = append(set, l)
			}
			done[id] = true
		}
		intel.MarkRivals(set)
		for _, l := range set {
			t.keepLink(l.ID, l)
		}
		for _, id := range t.byFrom[f] {
			if !slices.ContainsFunc(set, func(l *intel.Link) bool { return l.ID == id }) {
				t.keepLink(id, nil)
			}
		}
	}
	for _, id := range sorted(t.linkIDs) {
		if !done[id] {
			t.keepLink(id, t.settleLink(id))
		}
	}
}

func (t *settlement) settleLink(id string) *intel.Link {
	return intel.SettleLink(intel.Gather(t.byLink[id], t.sources, intel.View{}))
}

func (t *settlement) keepLink(id string, after *intel.Link) {
	before := t.links[id]
	change, changed := linkChange(before, after)
	switch {
	case !changed:
		return
	case after == nil:
		t.batch.DropLinks = append(t.batch.DropLinks, id)
		t.batch.Counts.Links--
	default:
		t.batch.Links = append(t.batch.Links, after)
		if before == nil {
			t.batch.Counts.Links++
		}
	}
	t.links[id] = after
	_, from, _, _ := intel.SplitLinkID(id)
	ch := t.change(from)
	ch.Links = append(ch.Links, change)
}

// finish fills in the parts of the batch that are not settled rows.
func (t *settlement) finish() {
	for _, c := range t.changed {
		ch := t.change(c.Subject)
		if c.Live() {
			ch.Added = append(ch.Added, c)
		} else {
			ch.Retracted = append(ch.Retracted, c)
		}
	}
	b := &t.batch
	b.Claims, b.Events, b.Versions = t.added, t.events, t.versions
	if len(b.Claims)+len(b.Events)+len(b.Versions) > 0 {
		b.Stamp = t.stamp
	}
	for _, id := range sorted(t.touched) {
		b.Sources = append(b.Sources, t.sources[id])
	}
	b.Counts.Sources = int64(len(t.fresh))
	b.Counts.Claims = int64(len(t.added)) + t.revived
	if v := [2]int{intel.SettleVersion, intel.NamesVersion}; t.meta.SettleVersion != v[0] || t.meta.NamesVersion != v[1] {
		b.Settled = &v
	}
}

// empty says that the commit changes nothing.
func (t *settlement) empty() bool { return t.batch.Stamp.Revision == 0 }

func (t *settlement) revision() intel.Revision {
	n := t.meta.Last.Revision
	if !t.empty() {
		n = t.stamp.Revision
	}
	return intel.Revision{Epoch: t.meta.Epoch, Counter: n}
}
