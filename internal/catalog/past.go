package catalog

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// past works out what revisions did, from claims with all that ever happened to
// them: each entity is settled as it was before and after. What it tells under
// the default view is what the writes themselves told. Under another view it is
// the history of a graph that only ever received the claims that count in the
// view, by the headers that count in it.
type past struct {
	*reading
	climbed map[string]bool       // sources whose ancestors are loaded
	headers map[int64]intel.Stamp // of header versions, by revision
}

func newPast(r intel.Reader, v intel.View) *past {
	return &past{reading: newReading(r, v, theLimits()), climbed: map[string]bool{}, headers: map[int64]intel.Stamp{}}
}

// climb loads all that the sources at hand derive from or ever derived from.
func (p *past) climb(ctx context.Context) error {
	var ids []string
	for id, s := range p.raw {
		derives := slices.ContainsFunc(s.Versions, func(v intel.HeaderVersion) bool { return len(v.DerivedFrom) > 0 })
		if derives && !p.climbed[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if err := p.addOrigins(ctx, ids); err != nil {
		return err
	}
	for id, s := range p.raw {
		if p.climbed[id] {
			continue
		}
		p.climbed[id] = true
		for _, v := range s.Versions {
			p.headers[v.Added.Revision] = v.Added
		}
	}
	return nil
}

func atRevision(revision int64) intel.View { return intel.View{AtRevision: &revision} }

// facts settles the facts of an entity as they were.
func (p *past) facts(id string, revision int64) []intel.Settled {
	return intel.Compact(intel.Settle(intel.Gather(p.about[id], p.raw, atRevision(revision)), p.view.MinSupport))
}

// linksThen settles links of one entity as they were, those of one exclusive
// type together.
func (p *past) linksThen(ids []string, revision int64) map[string]*intel.Link {
	out := map[string]*intel.Link{}
	rivals := map[intel.LinkType][]*intel.Link{}
	for _, id := range ids {
		l := intel.SettleLink(intel.Gather(p.claims[id], p.raw, atRevision(revision)))
		if l == nil || l.Support.Percent() < p.view.MinSupport {
			continue
		}
		out[id] = l
		rivals[l.Type] = append(rivals[l.Type], l)
	}
	for _, set := range rivals {
		intel.MarkRivals(set)
	}
	return out
}

// stir is what may have changed of one entity in one revision.
type stir struct {
	touched   []*intel.Claim // added, retracted or reinstated
	reweighed []*intel.Claim // of a source that weighs otherwise
}

func (s *stir) all() []*intel.Claim { return append(slices.Clone(s.touched), s.reweighed...) }

// change tells what a revision did to an entity; nil when it is nothing. All
// claims about its properties are loaded, all about the links that were stirred,
// and of exclusive links all from the entity. Of an entity of which no claim was
// touched all claims with it as subject are.
func (p *past) change(revision int64, id string, s *stir) *Change {
	ch := &Change{}
	p.tellClaims(ch, revision, s.touched)
	is := p.facts(id, revision)
	if slices.ContainsFunc(s.all(), func(c *intel.Claim) bool { return !c.IsLink() }) {
		ch.Facts = factChanges(p.facts(id, revision-1), is)
	}
	links := p.stirredLinks(id, s.all())
	was, now := p.linksThen(links, revision-1), p.linksThen(links, revision)
	for _, link := range links {
		if l, changed := linkChange(was[link], now[link]); changed {
			ch.Links = append(ch.Links, l)
		}
	}
	sortLinks(ch.Links)
	if len(ch.Added)+len(ch.Retracted)+len(ch.Facts)+len(ch.Links) == 0 {
		return nil
	}
	if len(s.touched) == 0 {
		ch.Stamp = p.headers[revision]
	}
	ch.Record = intel.NewRecord(id, is, revision)
	if len(s.touched) == 0 {
		ch.Record.Revision = p.lastOf(id, revision)
	}
	return ch
}

// tellClaims tells of touched claims, as they were then, and takes the change's
// stamp from them.
func (p *past) tellClaims(ch *Change, revision int64, touched []*intel.Claim) {
	for _, c := range touched {
		then := asThen(c, atRevision(revision))
		for _, s := range stampsOf(then) {
			if s.Revision == revision {
				ch.Stamp = s
			}
		}
		if then.Live() {
			ch.Added = append(ch.Added, then)
		} else {
			ch.Retracted = append(ch.Retracted, then)
		}
	}
	byID := func(a, b *intel.Claim) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(ch.Added, byID)
	slices.SortFunc(ch.Retracted, byID)
}

// stampsOf lists what happened to a claim.
func stampsOf(c *intel.Claim) []intel.Stamp {
	out := []intel.Stamp{c.Added}
	for _, e := range c.Events {
		out = append(out, e.Stamp)
	}
	return out
}

// stirredLinks lists the links that claims of an entity are about, and all of
// the types that exclude each other.
func (p *past) stirredLinks(id string, claims []*intel.Claim) []string {
	links, types := map[string]bool{}, map[intel.LinkType]bool{}
	for _, c := range claims {
		if !c.IsLink() {
			continue
		}
		links[c.LinkID()] = true
		if isExclusive(c.LinkType, c.Subject, c.Object) {
			types[c.LinkType] = true
		}
	}
	if len(types) > 0 {
		for _, link := range p.links[id] {
			if t, from, _, _ := intel.SplitLinkID(link); from == id && types[t] {
				links[link] = true
			}
		}
	}
	return sorted(links)
}

// lastOf is the last revision up to one that touched a claim with the entity as
// subject.
func (p *past) lastOf(id string, revision int64) int64 {
	var last int64
	for _, c := range p.own(id) {
		for _, s := range stampsOf(c) {
			if s.Revision <= revision {
				last = max(last, s.Revision)
			}
		}
	}
	return last
}

// own lists the loaded claims with the entity as subject.
func (p *past) own(id string) []*intel.Claim {
	out := slices.Clone(p.about[id])
	for _, link := range p.links[id] {
		if _, from, _, _ := intel.SplitLinkID(link); from == id {
			out = append(out, p.claims[link]...)
		}
	}
	return out
}

// tell turns what was stirred into changes, by entity.
func (p *past) tell(revision int64, stirred map[string]*stir) []Change {
	var out []Change
	for _, id := range slices.Sorted(maps.Keys(stirred)) {
		if ch := p.change(revision, id, stirred[id]); ch != nil {
			out = append(out, *ch)
		}
	}
	return out
}
