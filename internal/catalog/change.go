package catalog

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"dragnet/internal/intel"
)

// change gives the entry of an entity in the changes.
func (t *settlement) change(id string) *Change {
	ch := t.changes[id]
	if ch == nil {
		ch = &Change{Record: t.records[id]}
		if ch.Record == nil {
			ch.Record = intel.NewRecord(id, nil, t.stamp.Revision)
		}
		t.changes[id] = ch
	}
	return ch
}

func (t *settlement) noteFacts(id string, before, after []intel.Settled) {
	if facts := factChanges(before, after); len(facts) > 0 {
		t.change(id).Facts = facts
	}
}

// factChanges tells what is shown otherwise of an entity: those properties and
// slots that it had first, each in the order of facts.
func factChanges(before, after []intel.Settled) []FactChange {
	type key struct {
		p    intel.Property
		slot string
	}
	was, is := map[key]*intel.Settled{}, map[key]*intel.Settled{}
	var keys []key
	for i := range before {
		k := key{before[i].Property, before[i].Slot}
		was[k] = &before[i]
		keys = append(keys, k)
	}
	for i := range after {
		k := key{after[i].Property, after[i].Slot}
		is[k] = &after[i]
		keys = append(keys, k)
	}
	var out []FactChange
	for _, k := range distinct(keys) {
		if sameShown(was[k], is[k]) {
			continue
		}
		if k.p.Info().Rule == intel.Set {
			out = append(out, setChanges(k.p, k.slot, was[k], is[k])...)
			continue
		}
		fc := FactChange{Property: k.p, Slot: k.slot}
		fc.Before, fc.ContestedBefore = headline(was[k])
		fc.After, fc.ContestedAfter = headline(is[k])
		out = append(out, fc)
	}
	return out
}

// linkChange tells how a link settled otherwise; changed is false when it did
// not.
func linkChange(before, after *intel.Link) (ch LinkChange, changed bool) {
	return LinkChange{Before: before, After: after}, !reflect.DeepEqual(before, after)
}

// row is the link after the change, or, of one that is gone, before it.
func (l LinkChange) row() *intel.Link {
	if l.After != nil {
		return l.After
	}
	return l.Before
}

func sortLinks(ls []LinkChange) {
	slices.SortFunc(ls, func(a, b LinkChange) int { return cmp.Compare(a.row().ID, b.row().ID) })
}

// setChanges tells of each value of a set that came, went or is supported
// otherwise.
func setChanges(p intel.Property, slot string, was, now *intel.Settled) []FactChange {
	var before, after []intel.Shown
	if was != nil {
		before = was.Values
	}
	if now != nil {
		after = now.Values
	}
	is, had := map[intel.Value]*intel.Shown{}, map[intel.Value]bool{}
	for i := range after {
		is[after[i].Value] = &after[i]
	}
	var out []FactChange
	for i, v := range before {
		had[v.Value] = true
		fc := FactChange{Property: p, Slot: slot, Before: &before[i], ContestedBefore: v.Contested}
		if a := is[v.Value]; a != nil {
			if a.Support == v.Support && a.Contested == v.Contested {
				continue
			}
			fc.After, fc.ContestedAfter = a, a.Contested
		}
		out = append(out, fc)
	}
	for i, v := range after {
		if !had[v.Value] {
			out = append(out, FactChange{Property: p, Slot: slot, After: &after[i], ContestedAfter: v.Contested})
		}
	}
	return out
}

func headline(s *intel.Settled) (*intel.Shown, bool) {
	if s == nil {
		return nil, false
	}
	return &s.Values[0], slices.ContainsFunc(s.Values, func(v intel.Shown) bool { return v.Contested })
}

func sameShown(a, b *intel.Settled) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.EqualFunc(a.Values, b.Values, func(x, y intel.Shown) bool {
		return reflect.DeepEqual(x.Value, y.Value) && x.Support == y.Support && x.Contested == y.Contested
	})
}

// changesOf lists the changes of these subjects, by id; nil subjects mean all.
func (t *settlement) changesOf(subjects map[string]bool, by string) []Change {
	var out []Change
	for _, id := range slices.Sorted(maps.Keys(t.changes)) {
		if subjects == nil || subjects[id] {
			ch := *t.changes[id]
			ch.Stamp = t.stamp
			ch.Stamp.By = by
			sortLinks(ch.Links)
			out = append(out, ch)
		}
	}
	return out
}

// createdBy counts the new entities that claims mention, each for the first
// write that asks.
func (t *settlement) createdBy(claims []*intel.Claim) int {
	n := 0
	for _, c := range claims {
		for _, id := range c.Mentions() {
			if t.created[id] {
				delete(t.created, id)
				n++
			}
		}
	}
	return n
}
