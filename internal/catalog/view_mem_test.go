package catalog

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// memGraph is a graph in memory, settled from nothing but its claims and
// header versions in the plainest way. It stands in for a store, and answering
// from a graph that never received the other claims, it is the oracle of
// reading under a view.
type memGraph struct {
	last       intel.Stamp
	claims     map[string]*intel.Claim
	versions   map[string][]intel.HeaderVersion
	minSupport int

	sources map[string]*intel.Source
	records map[string]*intel.Record
	links   map[string]*intel.Link

	needs   []intel.Need // what Collect was asked for
	brought int          // claims it brought
}

func newMemGraph(last intel.Stamp, claims map[string]*intel.Claim, versions map[string][]intel.HeaderVersion, minSupport int) *memGraph {
	m := &memGraph{last: last, claims: claims, versions: versions, minSupport: minSupport,
		sources: map[string]*intel.Source{}, records: map[string]*intel.Record{}, links: map[string]*intel.Link{}}
	m.deriveSources()
	about := map[string][]intel.Evidence{}
	first, own := map[string]int64{}, map[string]int64{}
	for _, c := range m.all() {
		own[c.Subject] = max(own[c.Subject], c.Changed())
	}
	for _, e := range intel.Gather(m.all(), m.sources, intel.View{}) {
		key := e.Subject
		if e.IsLink() {
			key = e.LinkID()
		}
		about[key] = append(about[key], e)
		for _, id := range e.Mentions() {
			if at, ok := first[id]; !ok || e.Added.Revision < at {
				first[id] = e.Added.Revision
			}
		}
	}
	for id, at := range first {
		m.records[id] = intel.NewRecord(id, intel.Compact(intel.Settle(about[id], minSupport)), cmp.Or(own[id], at))
	}
	rivals := map[intel.FromNeed][]*intel.Link{}
	for id, es := range about {
		if _, _, _, isLink := intel.SplitLinkID(id); !isLink {
			continue
		}
		if l := intel.SettleLink(es); l != nil && l.Support.Percent() >= minSupport {
			m.links[id] = l
			of := intel.FromNeed{From: l.From, Type: l.Type}
			rivals[of] = append(rivals[of], l)
		}
	}
	for _, set := range rivals {
		intel.MarkRivals(set)
	}
	return m
}

func (m *memGraph) deriveSources() {
	for id, vs := range m.versions {
		if v, ok := intel.Counting(vs); ok {
			m.sources[id] = &intel.Source{ID: id, Header: v.Header}
		}
	}
	for _, c := range m.claims {
		if m.sources[c.Source] == nil {
			m.sources[c.Source] = intel.StubSource(c.Source)
		}
		if c.Live() {
			m.sources[c.Source].Claims++
		}
	}
	for _, s := range m.sources {
		s.Origins = intel.OriginsOf(s.ID, func(id string) []string {
			if m.sources[id] == nil {
				return nil
			}
			return m.sources[id].DerivedFrom
		})
	}
}

// under gives the graph that only ever received what counts in a view.
func (m *memGraph) under(v intel.View) *memGraph {
	versions := map[string][]intel.HeaderVersion{}
	for id, vs := range m.versions {
		if seen := keepIf(vs, func(hv intel.HeaderVersion) bool { return v.Saw(hv.Added) }); len(seen) > 0 {
			versions[id] = seen
		}
	}
	claims := map[string]*intel.Claim{}
	for id, c := range m.claims {
		h := intel.StubHeader(c.Source)
		if counting, ok := intel.Counting(versions[c.Source]); ok {
			h = counting.Header
		}
		holds := intel.Interval{From: v.ValidAt.First(), To: v.ValidAt.Last()}
		grades := intel.Reliabilities()
		switch {
		case !v.Saw(c.Added), c.Confidence < v.MinConfidence:
		case v.MinReliability != "" && slices.Index(grades, h.Reliability) > slices.Index(grades, v.MinReliability):
		case v.MaxMarking != "" && h.Marking.Above(v.MaxMarking):
		case v.Sources != nil && !slices.Contains(v.Sources, c.Source):
		case !v.ValidAt.IsZero() && !c.Interval().Overlaps(holds):
		default:
			then := *c
			then.Events = keepIf(c.Events, func(e intel.Event) bool { return v.Saw(e.Stamp) })
			claims[id] = &then
		}
	}
	last := m.last
	if v.AtRevision != nil {
		last.Revision = min(last.Revision, *v.AtRevision)
	}
	return newMemGraph(last, claims, versions, v.MinSupport)
}

func keepIf[T any](all []T, keep func(T) bool) []T {
	var out []T
	for _, x := range all {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

func values[V any](m map[string]V) []V {
	var out []V
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

func (m *memGraph) all() []*intel.Claim { return values(m.claims) }

func (m *memGraph) Meta(context.Context) (intel.Meta, error) {
	return intel.Meta{Epoch: "mem", Last: m.last}, nil
}

func (m *memGraph) Collect(_ context.Context, n intel.Need) (*intel.WorkingSet, error) {
	m.needs = append(m.needs, n)
	mentioning := m.mentioning(n)
	ws := &intel.WorkingSet{Sources: map[string]*intel.Source{}}
	for _, c := range m.all() {
		if slices.Contains(n.ClaimIDs, c.ID) || mentioning[c.ID] || (n.History || c.Live()) && named(n, c) {
			ws.Claims = append(ws.Claims, c)
			ws.Sources[c.Source] = m.source(c.Source, n.History)
		}
	}
	if n.ClaimLimit > 0 && len(ws.Claims) > n.ClaimLimit {
		return nil, intel.ErrLimit
	}
	m.brought += len(ws.Claims)
	for todo := slices.Clone(n.Sources); len(todo) > 0; todo = todo[1:] {
		if s := m.source(todo[0], true); s != nil && ws.Sources[s.ID] == nil {
			ws.Sources[s.ID] = s
			for _, v := range s.Versions {
				todo = append(todo, v.DerivedFrom...)
			}
		}
	}
	return ws, nil
}

func named(n intel.Need, c *intel.Claim) bool {
	if slices.Contains(n.ClaimsOf, c.Source) {
		return true
	}
	if !c.IsLink() {
		return slices.Contains(n.Subjects, c.Subject)
	}
	return slices.Contains(n.Links, c.LinkID()) || slices.Contains(n.From, intel.FromNeed{From: c.Subject, Type: c.LinkType}) ||
		(slices.Contains(n.Touching, c.Subject) || slices.Contains(n.Touching, c.Object)) &&
			(len(n.TouchingTypes) == 0 || slices.Contains(n.TouchingTypes, c.LinkType))
}

func (m *memGraph) mentioning(n intel.Need) map[string]bool {
	out := map[string]bool{}
	for _, id := range n.Mentioning {
		cs := keepIf(m.all(), func(c *intel.Claim) bool { return (n.History || c.Live()) && slices.Contains(c.Mentions(), id) })
		slices.SortStableFunc(cs, func(a, b *intel.Claim) int { return cmp.Compare(a.Added.Revision, b.Added.Revision) })
		for i, c := range cs {
			if n.FirstMentions == 0 || i < n.FirstMentions {
				out[c.ID] = true
			}
		}
	}
	return out
}

func (m *memGraph) source(id string, versions bool) *intel.Source {
	if m.sources[id] == nil {
		return nil
	}
	s := *m.sources[id]
	if versions {
		s.Versions = m.versions[id]
	}
	return &s
}

func (m *memGraph) Mentioned(_ context.Context, kinds []intel.Kind, after string, limit int) ([]string, error) {
	ids := map[string]bool{}
	for _, c := range m.claims {
		for _, id := range c.Mentions() {
			if id > after && (len(kinds) == 0 || slices.Contains(kinds, intel.KindOf(id))) {
				ids[id] = true
			}
		}
	}
	out := slices.Sorted(maps.Keys(ids))
	return out[:min(limit, len(out))], nil
}

func (m *memGraph) Names(context.Context, []string) ([]intel.NameRow, error) { panic("not asked for") }
func (m *memGraph) Named(context.Context, intel.NameQuery) ([]string, error) { panic("not asked for") }

func (m *memGraph) Changes(context.Context, int64, int) ([]*intel.Claim, error) {
	panic("not asked for")
}

func (m *memGraph) Touched(context.Context, int64, int) ([]intel.Touched, error) {
	panic("not asked for")
}

func (m *memGraph) Scan(_ context.Context, part intel.Part, after string, limit int) (*intel.WorkingSet, error) {
	ws := &intel.WorkingSet{}
	switch part {
	case intel.PartClaims:
		ws.Claims = scanned(m.claims, after, limit)
	case intel.PartEntities:
		ws.Records = scanned(m.records, after, limit)
	case intel.PartLinks:
		ws.Links = scanned(m.links, after, limit)
	case intel.PartSources:
		ws.Sources = map[string]*intel.Source{}
		for _, s := range scanned(m.sources, after, limit) {
			ws.Sources[s.ID] = m.source(s.ID, true)
		}
	}
	return ws, nil
}

func scanned[V any](of map[string]V, after string, limit int) []V {
	rest := maps.Clone(of)
	maps.DeleteFunc(rest, func(id string, _ V) bool { return id <= after })
	all := values(rest)
	return all[:min(limit, len(all))]
}

// memStore is a store that holds such a graph.
type memStore struct {
	intel.Store
	*memGraph
}

func (s memStore) View(_ context.Context, read func(intel.Reader) error) error {
	return read(s.memGraph)
}
