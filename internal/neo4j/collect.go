package neo4j

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"dragnet/internal/intel"
)

// needRows bounds the ids of each part of a Need that one statement takes.
const needRows = 5000

// The statements of Collect answer a whole Need between them; what nobody
// asked for is an empty list and costs nothing. All lists of one stand in one
// parameter, so that their sizes, of which the planner would make a plan each,
// stay hidden from it. There are several because planning takes longer than in
// proportion to the subqueries.

const collectClaims = readBegin + `CALL () {
  UNWIND $need.claimIDs AS id
  MATCH (c:Claim {id: id})
  RETURN collect([c.row, c.events, c.source]) AS named
}
CALL () {
  UNWIND $need.subjects AS id
  MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, property)
  WHERE c.subject = id AND c.property IS NOT NULL AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS facts
}
CALL () {
  UNWIND $need.links AS id
  MATCH (c:Claim) USING INDEX SEEK c:Claim(link, revision, id)
  WHERE c.link = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS joins
}
CALL () {
  UNWIND $need.from AS f
  MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
  WHERE c.subject = f[0] AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.linkType = f[1] AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS leaving
}
CALL () {
  UNWIND $need.touching AS id
  MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
  WHERE c.subject = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.linkType IS NOT NULL
    AND ($need.anyType OR c.linkType IN $need.touchingTypes) AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS touchingOut
}
CALL () {
  UNWIND $need.touching AS id
  MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
  WHERE c.object = id AND c.revision IS NOT NULL AND c.id IS NOT NULL
    AND ($need.anyType OR c.linkType IN $need.touchingTypes) AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS touchingIn
}
CALL () {
  UNWIND $need.claimsOf AS id
  MATCH (c:Claim) USING INDEX SEEK c:Claim(source, revision, id)
  WHERE c.source = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND (c.live OR $need.history)
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS stated
}
WITH before, revision, named + facts + joins + leaving + touchingOut + touchingIn + stated AS claims
CALL (claims) {
  UNWIND claims AS c
  WITH DISTINCT c[2] AS id
  MATCH (s:Source {id: id})
  RETURN collect([s.row, CASE WHEN $need.history THEN s.versions END]) AS cited
}
` + readEnd + `, claims, cited`

// A link is found between its ends, from the one with fewer relationships.
// What leaves an entity are settled links and nothing else (claims arrive), so
// no types are named there: with forty of them planning takes seconds.
const collectRows = readBegin + `CALL () {
  UNWIND $need.records AS id
  MATCH (n:Entity {id: id})
  RETURN collect([n.row, n.facts]) AS records
}
CALL () {
  UNWIND $need.linkRows AS l
  MATCH (a:Entity {id: l[0]})
  MATCH (b:Entity {id: l[2]})
  MATCH (a)-[r]->(b)
  WHERE type(r) = l[1]
  RETURN collect([r.row]) AS links
}
CALL () {
  UNWIND $need.fromRows AS f
  MATCH (a:Entity {id: f[0]})-[r]->()
  WHERE type(r) = f[1]
  RETURN collect([r.row]) AS fromRows
}
CALL () {
  UNWIND $need.sources AS id
  MATCH (s:Source {id: id})-[:DERIVED_FROM*0..]->(t:Source)
  WITH DISTINCT t
  RETURN collect([t.row, t.versions]) AS sources
}
CALL () {
  UNWIND $need.dependents AS id
  CALL (id) {
    MATCH (s:Source {id: id}) RETURN s
    UNION ALL
    MATCH (s:UnknownSource {id: id}) RETURN s
  }
  MATCH (d:Source)-[:DERIVED_FROM*0..]->(s)
  WITH DISTINCT d
  RETURN collect(d.id) AS dependents
}
` + readEnd + `, records, links, fromRows, sources, dependents`

const collectMentions = readBegin + `CALL () {
  UNWIND $need.mentions AS id
  CALL (id) {
    OPTIONAL MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
    WHERE c.subject = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live AND NOT c.id IN $need.except
    RETURN c.revision AS asSubject ORDER BY c.subject, c.revision LIMIT 1
  }
  CALL (id) {
    OPTIONAL MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
    WHERE c.object = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live AND NOT c.id IN $need.except
    RETURN c.revision AS asObject ORDER BY c.object, c.revision LIMIT 1
  }
  CALL (id) {
    OPTIONAL MATCH (c:Claim) USING INDEX SEEK c:Claim(saidBy, revision, id)
    WHERE c.saidBy = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live AND NOT c.id IN $need.except
    RETURN c.revision AS asSpeaker ORDER BY c.saidBy, c.revision LIMIT 1
  }
  CALL (id) {
    OPTIONAL MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, changed)
    WHERE c.subject = id AND c.changed IS NOT NULL
    RETURN c.changed AS own ORDER BY c.subject DESC, c.changed DESC LIMIT 1
  }
  RETURN collect([id, asSubject, asObject, asSpeaker, own]) AS mentions
}
` + readEnd + `, mentions`

// collectMentioning is apart, since only reading under a View asks for it.
const collectMentioning = readBegin + `CALL () {
  UNWIND $need.mentioning AS id
  CALL (id) {
    CALL (id) {
      MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
      WHERE c.subject = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND (c.live OR $need.history)
      RETURN c ORDER BY c.subject, c.revision, c.id LIMIT $first
      UNION ALL
      MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
      WHERE c.object = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND (c.live OR $need.history)
      RETURN c ORDER BY c.object, c.revision, c.id LIMIT $first
      UNION ALL
      MATCH (c:Claim) USING INDEX SEEK c:Claim(saidBy, revision, id)
      WHERE c.saidBy = id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND (c.live OR $need.history)
      RETURN c ORDER BY c.saidBy, c.revision, c.id LIMIT $first
    }
    WITH DISTINCT c ORDER BY c.revision, c.id LIMIT $first
    RETURN c
  }
  WITH c LIMIT $limit
  RETURN collect([c.row, c.events, c.source]) AS claims
}
CALL (claims) {
  UNWIND claims AS c
  WITH DISTINCT c[2] AS id
  MATCH (s:Source {id: id})
  RETURN collect([s.row, CASE WHEN $need.history THEN s.versions END]) AS cited
}
` + readEnd + `, claims, cited`

// Collect gives the working set.
func (r *reader) Collect(ctx context.Context, n intel.Need) (*intel.WorkingSet, error) {
	g := gathering{claims: map[string]*intel.Claim{}, records: map[string]*intel.Record{}, links: map[string]*intel.Link{}, dependents: map[string]bool{}}
	g.ws = &intel.WorkingSet{Sources: map[string]*intel.Source{}, Mentions: map[string]intel.Mention{}}
	for _, part := range g.parts(n) {
		row, err := r.read(ctx, "collect", part.statement, part.params)
		if err == nil {
			err = part.take(row)
		}
		if err != nil {
			return nil, err
		}
		if n.ClaimLimit > 0 && len(g.claims) > n.ClaimLimit {
			return nil, fmt.Errorf("neo4j store: %w: more than %d claims are needed at once", intel.ErrLimit, n.ClaimLimit)
		}
	}
	return g.finish(), ctx.Err()
}

// A part of a Need is a statement with its parameters, and what takes its row.
type part struct {
	statement string
	params    map[string]any
	take      func([]any) error
}

// parts cuts a Need into statements. Sources asked for come after those of
// claims, since they have their versions.
func (g *gathering) parts(n intel.Need) []part {
	var out []part
	add := func(statement string, take func([]any) error, lists map[string][]any) {
		for _, params := range slice(n, lists) {
			out = append(out, part{statement, params, take})
		}
	}
	add(collectMentioning, g.takeClaims, map[string][]any{"mentioning": anys(n.Mentioning)})
	add(collectClaims, g.takeClaims, map[string][]any{
		"claimIDs": anys(n.ClaimIDs), "subjects": anys(n.Subjects), "links": anys(n.Links), "from": ends(n.From),
		"touching": anys(n.Touching), "claimsOf": anys(n.ClaimsOf),
	})
	add(collectRows, g.takeRows, map[string][]any{
		"records": anys(n.Records), "linkRows": linkEnds(n.LinkRows), "fromRows": ends(n.FromRows),
		"sources": anys(n.Sources), "dependents": anys(n.Dependents),
	})
	add(collectMentions, g.takeMentions, map[string][]any{"mentions": anys(n.Mentions)})
	return out
}

// slice cuts lists into parameters of which none has more than needRows of any.
func slice(n intel.Need, lists map[string][]any) []map[string]any {
	limit, first := int64(math.MaxInt64), int64(math.MaxInt64)
	if n.ClaimLimit > 0 {
		limit = int64(n.ClaimLimit) + 1
	}
	if n.FirstMentions > 0 {
		first = int64(n.FirstMentions)
	}
	var out []map[string]any
	for from := 0; from < mostRows(lists); from += needRows {
		need := map[string]any{
			"history": n.History, "anyType": len(n.TouchingTypes) == 0, "touchingTypes": anys(n.TouchingTypes), "except": anys(n.Except),
		}
		for name, all := range lists {
			need[name] = all[min(from, len(all)):min(from+needRows, len(all))]
		}
		out = append(out, map[string]any{"need": need, "limit": limit, "first": first})
	}
	return out
}

// anys gives the elements once each, as parameters go.
func anys[T ~string](in []T) []any {
	seen := make(map[T]bool, len(in))
	out := make([]any, 0, len(in))
	for _, v := range in {
		if !seen[v] {
			seen[v] = true
			out = append(out, string(v))
		}
	}
	return out
}

func ends(in []intel.FromNeed) []any {
	out := []any{}
	for _, f := range in {
		out = append(out, []any{f.From, string(f.Type)})
	}
	return out
}

// linkEnds takes ids of links apart; those that are none name no link.
func linkEnds(ids []string) []any {
	out := []any{}
	for _, id := range ids {
		if t, from, to, ok := intel.SplitLinkID(id); ok {
			out = append(out, []any{from, string(t), to})
		}
	}
	return out
}

// A gathering is a working set in the making, each thing once.
type gathering struct {
	ws         *intel.WorkingSet
	claims     map[string]*intel.Claim
	records    map[string]*intel.Record
	links      map[string]*intel.Link
	dependents map[string]bool
}

func (g *gathering) takeClaims(row []any) error {
	if len(row) != 2 {
		return errShape
	}
	if err := keep(g.claims, row[0], toClaim, func(c *intel.Claim) string { return c.ID }); err != nil {
		return err
	}
	return g.takeSources(row[1])
}

func (g *gathering) takeRows(row []any) error {
	if len(row) != 5 {
		return errShape
	}
	if err := keep(g.records, row[0], toRecord, func(r *intel.Record) string { return r.ID }); err != nil {
		return err
	}
	for _, links := range row[1:3] {
		if err := keep(g.links, links, toLink, func(l *intel.Link) string { return l.ID }); err != nil {
			return err
		}
	}
	for _, d := range list(row[4]) {
		g.dependents[text(d)] = true
	}
	return g.takeSources(row[3])
}

// takeSources prefers a source that has its versions.
func (g *gathering) takeSources(sources any) error {
	found, err := each(list(sources), toSource)
	for _, s := range found {
		if have := g.ws.Sources[s.ID]; have == nil || have.Versions == nil {
			g.ws.Sources[s.ID] = s
		}
	}
	return err
}

func (g *gathering) takeMentions(row []any) error {
	if len(row) != 1 {
		return errShape
	}
	for _, item := range list(row[0]) {
		row := list(item)
		m := intel.Mention{Own: number(row[4])}
		for _, n := range row[1:4] {
			if first := number(n); n != nil && (m.First == 0 || first < m.First) {
				m.First = first
			}
		}
		g.ws.Mentions[text(row[0])] = m
	}
	return nil
}

func keep[T any](in map[string]T, items any, read func([]any) (T, error), id func(T) string) error {
	found, err := each(list(items), read)
	for _, v := range found {
		in[id(v)] = v
	}
	return err
}

func (g *gathering) finish() *intel.WorkingSet {
	g.ws.Claims, g.ws.Records, g.ws.Links = ordered(g.claims), ordered(g.records), ordered(g.links)
	g.ws.Dependents = slices.Sorted(maps.Keys(g.dependents))
	return g.ws
}

func ordered[T any](m map[string]T) []T {
	out := make([]T, 0, len(m))
	for _, id := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[id])
	}
	return out
}

func sortVersions(vs []intel.HeaderVersion) {
	slices.SortFunc(vs, func(a, b intel.HeaderVersion) int {
		return cmp.Or(cmp.Compare(a.Added.Revision, b.Added.Revision), cmp.Compare(a.Hash, b.Hash))
	})
}
