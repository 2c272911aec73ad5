package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

func compareVersions(a, b intel.HeaderVersion) int {
	return cmp.Or(cmp.Compare(a.Added.Revision, b.Added.Revision), cmp.Compare(a.Hash, b.Hash))
}

// listed gives the values of a map in order of their keys.
func listed[V any](m map[string]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

func where[V any](all []V, keep func(V) bool) []V {
	var out []V
	for _, v := range all {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func (s *state) Meta(ctx context.Context) (intel.Meta, error) { return s.meta, ctx.Err() }

func (s *state) source(id string) *intel.Source {
	if s.sources[id] == nil {
		return nil
	}
	own := *s.sources[id]
	own.Versions = s.versions[id]
	return &own
}

func (s *state) Collect(ctx context.Context, n intel.Need) (*intel.WorkingSet, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ws := &intel.WorkingSet{
		Claims:   s.wanted(n),
		Links:    where(listed(s.links), func(l *intel.Link) bool { return wantsLink(n, l) }),
		Records:  where(listed(s.records), func(r *intel.Record) bool { return slices.Contains(n.Records, r.ID) }),
		Sources:  map[string]*intel.Source{},
		Mentions: map[string]intel.Mention{},
	}
	if n.ClaimLimit > 0 && len(ws.Claims) > n.ClaimLimit {
		return nil, intel.ErrLimit
	}
	for _, c := range ws.Claims {
		ws.Sources[c.Source] = s.sources[c.Source]
		if n.History {
			ws.Sources[c.Source] = s.source(c.Source)
		}
	}
	up := s.closure(n.Sources, func(id string) []string {
		if s.sources[id] == nil {
			return nil
		}
		return s.sources[id].DerivedFrom
	})
	for id := range up {
		if src := s.source(id); src != nil {
			ws.Sources[id] = src
		}
	}
	down := s.closure(n.Dependents, func(id string) []string {
		var out []string
		for _, src := range s.sources {
			if slices.Contains(src.DerivedFrom, id) {
				out = append(out, src.ID)
			}
		}
		return out
	})
	ws.Dependents = where(slices.Sorted(maps.Keys(down)), func(id string) bool { return s.sources[id] != nil })
	s.mentions(n, ws.Mentions)
	return ws, nil
}

func (s *state) wanted(n intel.Need) []*intel.Claim {
	mentioning := map[string]bool{}
	for _, id := range n.Mentioning {
		cs := s.claimsWhere(func(c *intel.Claim) bool { return (c.Live() || n.History) && slices.Contains(c.Mentions(), id) })
		slices.SortStableFunc(cs, func(a, b *intel.Claim) int { return cmp.Compare(a.Added.Revision, b.Added.Revision) })
		if n.FirstMentions > 0 {
			cs = first(cs, n.FirstMentions)
		}
		for _, c := range cs {
			mentioning[c.ID] = true
		}
	}
	return s.claimsWhere(func(c *intel.Claim) bool { return mentioning[c.ID] || wantsClaim(n, c) })
}

func wantsClaim(n intel.Need, c *intel.Claim) bool {
	if slices.Contains(n.ClaimIDs, c.ID) {
		return true
	}
	if !c.Live() && !n.History {
		return false
	}
	if slices.Contains(n.ClaimsOf, c.Source) {
		return true
	}
	if !c.IsLink() {
		return slices.Contains(n.Subjects, c.Subject)
	}
	return slices.Contains(n.Links, c.LinkID()) ||
		slices.Contains(n.From, intel.FromNeed{From: c.Subject, Type: c.LinkType}) ||
		(slices.Contains(n.Touching, c.Subject) || slices.Contains(n.Touching, c.Object)) &&
			(len(n.TouchingTypes) == 0 || slices.Contains(n.TouchingTypes, c.LinkType))
}

func wantsLink(n intel.Need, l *intel.Link) bool {
	return slices.Contains(n.LinkRows, l.ID) || slices.Contains(n.FromRows, intel.FromNeed{From: l.From, Type: l.Type})
}

func (s *state) closure(ids []string, next func(string) []string) map[string]bool {
	seen := map[string]bool{}
	for todo := slices.Clone(ids); len(todo) > 0; todo = todo[1:] {
		if !seen[todo[0]] {
			seen[todo[0]] = true
			todo = append(todo, next(todo[0])...)
		}
	}
	return seen
}

func (s *state) mentions(n intel.Need, into map[string]intel.Mention) {
	for _, id := range n.Mentions {
		var m intel.Mention
		for _, c := range s.claims {
			if c.Subject == id {
				m.Own = max(m.Own, c.Changed())
			}
			if !c.Live() || slices.Contains(n.Except, c.ID) || !slices.Contains(c.Mentions(), id) {
				continue
			}
			if m.First == 0 || c.Added.Revision < m.First {
				m.First = c.Added.Revision
			}
		}
		into[id] = m
	}
}

func (s *state) Names(ctx context.Context, keys []string) ([]intel.NameRow, error) {
	var out []intel.NameRow
	for _, r := range s.records {
		if !r.Stub && slices.Contains(keys, r.NameKey) {
			out = append(out, intel.NameRow{Key: r.NameKey, Entity: r.ID})
		}
	}
	for _, l := range s.links {
		if l.Type != intel.KnownAs {
			continue
		}
		row := intel.NameRow{Key: s.records[l.To].NameKey, Entity: l.From, Alias: true}
		if slices.Contains(keys, row.Key) && !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b intel.NameRow) int {
		own := func(r intel.NameRow) int {
			if r.Alias {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Entity, b.Entity), cmp.Compare(own(a), own(b)))
	})
	return out, ctx.Err()
}

func (s *state) Named(ctx context.Context, q intel.NameQuery) ([]string, error) {
	found := map[string]bool{}
	rs := slices.DeleteFunc(listed(s.records), func(r *intel.Record) bool { return len(q.Kinds) > 0 && !slices.Contains(q.Kinds, r.Kind) })
	slices.SortStableFunc(rs, func(a, b *intel.Record) int { return cmp.Compare(a.SortKey, b.SortKey) })
	take := func(has func(*intel.Record) bool) {
		n := 0
		for _, r := range rs {
			if n < q.Limit && has(r) {
				found[r.ID] = true
				n++
			}
		}
	}
	for _, t := range q.Terms {
		take(func(r *intel.Record) bool { return slices.Contains(intel.FormsOf(r.Name).Terms(), t) })
	}
	for _, p := range q.Prefixes {
		take(func(r *intel.Record) bool { return strings.HasPrefix(r.SortKey, intel.SortKey(p)) })
	}
	for _, p := range q.Words {
		take(func(r *intel.Record) bool {
			return slices.ContainsFunc(intel.FormsOf(r.Name).Terms(), func(t string) bool { return strings.HasPrefix(t, intel.WordTerm(p)) })
		})
	}
	return slices.Sorted(maps.Keys(found)), ctx.Err()
}

func (s *state) Mentioned(ctx context.Context, kinds []intel.Kind, after string, limit int) ([]string, error) {
	ids := map[string]bool{}
	for _, c := range s.claims {
		for _, id := range c.Mentions() {
			ids[id] = true
		}
	}
	out := where(slices.Sorted(maps.Keys(ids)), func(id string) bool {
		return id > after && (len(kinds) == 0 || slices.Contains(kinds, intel.KindOf(id)))
	})
	return first(out, limit), ctx.Err()
}

func first[V any](all []V, n int) []V { return all[:min(n, len(all))] }

func (s *state) Changes(ctx context.Context, since int64, limit int) ([]*intel.Claim, error) {
	all := where(listed(s.claims), func(c *intel.Claim) bool { return c.Changed() > since })
	slices.SortStableFunc(all, func(a, b *intel.Claim) int { return cmp.Compare(a.Changed(), b.Changed()) })
	if len(all) <= limit {
		return all, ctx.Err()
	}
	cut := all[limit].Changed() // the revision that the limit leaves something of
	if all[0].Changed() == cut {
		return where(all, func(c *intel.Claim) bool { return c.Changed() == cut }), ctx.Err()
	}
	return where(all, func(c *intel.Claim) bool { return c.Changed() < cut }), ctx.Err()
}

func (s *state) Touched(ctx context.Context, since int64, limit int) ([]intel.Touched, error) {
	var out []intel.Touched
	room := limit
	for n := max(since, 0) + 1; n <= s.meta.Last.Revision; n++ {
		row := intel.Touched{Revision: n, Sources: unique(s.reweighed[n])}
		for _, c := range listed(s.claims) {
			if c.Added.Revision == n || slices.ContainsFunc(c.Events, func(e intel.Event) bool { return e.Revision == n }) {
				row.Claims = append(row.Claims, c.ID)
			}
		}
		size := len(row.Claims) + len(row.Sources)
		if size == 0 {
			continue
		}
		if room -= size; room < 0 && len(out) > 0 {
			break
		}
		if out = append(out, row); room <= 0 {
			break
		}
	}
	return out, ctx.Err()
}

// unique sorts ids and keeps each once; none is nil.
func unique(ids []string) []string {
	out := slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(out) == 0 {
		return nil
	}
	return out
}

func (s *state) Scan(ctx context.Context, part intel.Part, after string, limit int) (*intel.WorkingSet, error) {
	ws := &intel.WorkingSet{}
	switch part {
	case intel.PartClaims:
		ws.Claims = first(where(listed(s.claims), func(c *intel.Claim) bool { return c.ID > after }), limit)
	case intel.PartEntities:
		ws.Records = first(where(listed(s.records), func(r *intel.Record) bool { return r.ID > after }), limit)
	case intel.PartLinks:
		ws.Links = first(where(listed(s.links), func(l *intel.Link) bool { return l.ID > after }), limit)
	case intel.PartSources:
		ws.Sources = map[string]*intel.Source{}
		for _, src := range first(where(listed(s.sources), func(x *intel.Source) bool { return x.ID > after }), limit) {
			ws.Sources[src.ID] = s.source(src.ID)
		}
	}
	return ws, ctx.Err()
}
