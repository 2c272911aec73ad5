package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// putRows bounds the rows of each part of a batch that one statement takes.
const putRows = 5000

// putSettled writes the settled graph. Like those of Collect, the statements of
// Put have all their lists in one parameter. Types and labels that come as
// values are only written, never matched, so they cost no plan.
//
// created are the entities that were not there: claims about them may stand
// alone from a time when they were. renamed are those whose sort key changed.
const putSettled = `CALL () {
  UNWIND $batch.dropLinks AS l
  MATCH (a:Entity {id: l[0]})
  MATCH (b:Entity {id: l[2]})
  MATCH (a)-[r]->(b)
  WHERE type(r) = l[1]
  DELETE r
}
CALL () {
  UNWIND $batch.dropRecords AS id
  MATCH (n:Entity {id: id})
  DETACH DELETE n
}
CALL () {
  UNWIND $batch.records AS row
  MERGE (n:Entity {id: row.id})
  WITH n, row, n.sortKey AS was
  SET n = row.properties
  SET n:$(row.label)
  RETURN count(*) AS records,
    collect(CASE WHEN was IS NULL THEN row.id END) AS created,
    collect(CASE WHEN was <> row.properties.sortKey THEN row.id END) AS renamed
}
CALL (created) {
  UNWIND created AS id
  MATCH (n:Entity {id: id})
  MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, changed)
  WHERE c.subject = id AND c.changed IS NOT NULL
  CREATE (c)-[:ABOUT]->(n)
}
CALL () {
  UNWIND $batch.links AS row
  MATCH (a:Entity {id: row.from})
  MATCH (b:Entity {id: row.to})
  OPTIONAL MATCH (a)-[old]->(b)
  WHERE type(old) = row.type
  FOREACH (x IN CASE WHEN old IS NULL THEN [] ELSE [old] END |
    SET x = row.properties, x.fromSort = a.sortKey, x.toSort = b.sortKey)
  FOREACH (x IN CASE WHEN old IS NULL THEN [1] ELSE [] END |
    CREATE (a)-[r:$(row.type)]->(b) SET r = row.properties, r.fromSort = a.sortKey, r.toSort = b.sortKey)
  RETURN count(*) AS links
}
RETURN records, links, renamed`

// putClaims writes what was said and by whom. A claim whose subject is not in
// the settled graph stands alone until it is. derived are the sources that are
// new or derive from others than before. It also writes what the Put makes of
// the state, because every further statement costs each commit a round trip.
const putClaims = `MATCH (m:Meta {id: 'dragnet'})
SET m.commits = m.commits + 1, m += $meta
WITH m LIMIT 1
CALL () {
  UNWIND $batch.sources AS row
  MERGE (s:Source {id: row.id})
  WITH s, row, s.derivedFrom AS was
  SET s += row
  RETURN count(*) AS sources, collect(CASE WHEN was IS NULL OR was <> row.derivedFrom THEN row.id END) AS derived
}
CALL () {
  UNWIND $batch.claims AS row
  CREATE (c:Claim)
  SET c = row
  RETURN count(*) AS claims
}
CALL () {
  UNWIND $batch.claims AS row
  MATCH (c:Claim {id: row.id})
  MATCH (n:Entity {id: row.subject})
  CREATE (c)-[:ABOUT]->(n)
}
CALL () {
  UNWIND $batch.events AS row
  MATCH (c:Claim {id: row.claim})
  FOREACH (was IN CASE WHEN c.changed = row.changed THEN [] ELSE [c.changed] END |
    CREATE (:Touched {revision: was, claim: row.claim}))
  SET c.events = coalesce(c.events, []) + row.events, c.live = row.live, c.changed = row.changed
  RETURN count(*) AS events
}
CALL () {
  UNWIND $batch.versions AS row
  MATCH (s:Source {id: row.id})
  SET s.versions = coalesce(s.versions, []) + row.versions
  RETURN count(*) AS versions
}
CALL () {
  UNWIND $batch.reweighed AS row
  CREATE (t:Touched)
  SET t = row
}
RETURN sources, claims, events, versions, derived`

// renameEnds brings the sort keys on the links of renamed entities up.
const renameEnds = `UNWIND $ids AS id
MATCH (n:Entity {id: id})
CALL (n) {
  MATCH (n)-[r]->()
  SET r.fromSort = n.sortKey
}
CALL (n) {
  MATCH (n)<-[r]-()
  WHERE r.toKey IS NOT NULL
  SET r.toSort = n.sortKey
}`

// deriveSources draws DERIVED_FROM again from sources that are new or changed,
// and, from those that name one, to what so far was an UnknownSource.
const deriveSources = `CALL () {
  UNWIND $ids AS id
  MATCH (s:Source {id: id})-[d:DERIVED_FROM]->()
  DELETE d
}
CALL () {
  UNWIND $ids AS id
  MATCH (s:Source {id: id})
  MATCH (u:UnknownSource {id: id})<-[:DERIVED_FROM]-(d)
  CREATE (d)-[:DERIVED_FROM]->(s)
}
CALL () {
  UNWIND $ids AS id
  MATCH (u:UnknownSource {id: id})
  DETACH DELETE u
}
CALL () {
  UNWIND $ids AS id
  MATCH (s:Source {id: id})
  UNWIND s.derivedFrom AS parent
  OPTIONAL MATCH (known:Source {id: parent})
  WITH s, parent WHERE known IS NULL
  MERGE (u:UnknownSource {id: parent})
  CREATE (s)-[:DERIVED_FROM]->(u)
}
CALL () {
  UNWIND $ids AS id
  MATCH (s:Source {id: id})
  UNWIND s.derivedFrom AS parent
  MATCH (t:Source {id: parent})
  CREATE (s)-[:DERIVED_FROM]->(t)
}`

// Put writes a batch: two statements per putRows rows of its longest part, and
// one more each where names or derivations changed.
func (w *writer) Put(ctx context.Context, b intel.Batch) error {
	ctx, cancel := timely(ctx)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.stamp(b); err != nil {
		return err
	}
	w.wrote = true
	w.meta.Counts = w.meta.Counts.Plus(b.Counts)
	if b.Settled != nil {
		w.meta.SettleVersion, w.meta.NamesVersion = b.Settled[0], b.Settled[1]
	}
	var renamed []any
	if len(b.DropLinks)+len(b.DropRecords)+len(b.Records)+len(b.Links) > 0 {
		var err error
		renamed, err = w.putParts(ctx, putSettled, []string{"records", "links"}, []stage{
			{"dropLinks": linkEnds(b.DropLinks), "dropRecords": anys(b.DropRecords), "records": rows(b.Records, recordParam)},
			{"links": linkParams(b.Links)},
		})
		if err != nil {
			return err
		}
	}
	derived, err := w.putParts(ctx, putClaims, []string{"sources", "claims", "events", "versions"}, []stage{
		{"sources": rows(b.Sources, sourceParam), "claims": rows(b.Claims, claimParam)},
		{"versions": versionParams(b.Versions), "events": eventParams(b.Events), "reweighed": reweighedParams(b)},
	})
	if err != nil {
		return err
	}
	for _, again := range []struct {
		statement string
		ids       []any
	}{{renameEnds, renamed}, {deriveSources, derived}} {
		if len(again.ids) > 0 {
			if _, err := w.run(ctx, "write", again.statement, map[string]any{"ids": again.ids}); err != nil {
				return err
			}
		}
	}
	return nil
}

// stamp checks that the batch makes the next revision, or none.
func (w *writer) stamp(b intel.Batch) error {
	if len(b.Claims)+len(b.Events)+len(b.Versions) == 0 {
		return nil
	}
	next := w.meta.Last.Revision + 1
	if w.stamped {
		next--
	}
	if b.Stamp.Revision != next {
		return fmt.Errorf("neo4j store: %w: the batch makes revision %d, the store is at %d", intel.ErrConflict, b.Stamp.Revision, w.meta.Last.Revision)
	}
	w.stamped, w.meta.Last = true, b.Stamp
	return nil
}

func metaProperties(m intel.Meta) map[string]any {
	at := int64(0)
	if !m.Last.At.IsZero() {
		at = m.Last.At.UnixMicro()
	}
	return map[string]any{
		"revision": m.Last.Revision, "at": at, "by": m.Last.By, "settleVersion": m.SettleVersion, "namesVersion": m.NamesVersion,
		"entities": m.Counts.Entities, "stubs": m.Counts.Stubs, "links": m.Counts.Links, "claims": m.Counts.Claims, "sources": m.Counts.Sources,
	}
}

// A stage is what leans on nothing later; a list of rows for each subquery.
type stage map[string][]any

// putParts runs a statement as often as its rows need, and makes sure that no
// MATCH dropped a row in silence. It returns the ids the statement tells last.
func (w *writer) putParts(ctx context.Context, statement string, counted []string, stages []stage) ([]any, error) {
	var told []any
	for _, part := range cut(stages) {
		row, err := w.run(ctx, "write", statement, map[string]any{"batch": map[string][]any(part), "meta": metaProperties(w.meta)})
		if err != nil {
			return nil, err
		}
		if len(row) != len(counted)+1 {
			return nil, errShape
		}
		for i, name := range counted {
			if got := number(row[i]); got != int64(len(part[name])) {
				return nil, fmt.Errorf("neo4j store: of %d %s only %d fit the store", len(part[name]), name, got)
			}
		}
		told = append(told, list(row[len(counted)])...)
	}
	return told, nil
}

// cut gives the parts of a batch that go as one statement each: all together
// when they are few, else stage after stage.
func cut(stages []stage) []stage {
	all := stage{}
	longest := 0
	for _, s := range stages {
		for name, rows := range s {
			all[name] = rows
		}
		longest = max(longest, mostRows(s))
	}
	if longest <= putRows {
		return []stage{all}
	}
	var out []stage
	for _, s := range stages {
		for from := 0; from < mostRows(s); from += putRows {
			part := stage{}
			for name := range all {
				part[name] = []any{}
			}
			for name, rows := range s {
				part[name] = rows[min(from, len(rows)):min(from+putRows, len(rows))]
			}
			out = append(out, part)
		}
	}
	return out
}

func mostRows(lists map[string][]any) int {
	n := 0
	for _, rows := range lists {
		n = max(n, len(rows))
	}
	return n
}

func rows[T any](in []T, param func(T) any) []any {
	out := make([]any, 0, len(in))
	for _, v := range in {
		out = append(out, param(v))
	}
	return out
}

func recordParam(r *intel.Record) any {
	return map[string]any{"id": r.ID, "label": r.Kind.Label(), "properties": map[string]any(recordProperties(r))}
}

func sourceParam(s *intel.Source) any { return map[string]any(sourceProperties(s)) }

func claimParam(c *intel.Claim) any { return map[string]any(claimProperties(c)) }

// linkParams stand in order of the entities they leave: locks are then taken
// in one order, and neighbours are written together.
func linkParams(ls []*intel.Link) []any {
	ls = slices.Clone(ls)
	slices.SortStableFunc(ls, func(a, b *intel.Link) int { return strings.Compare(a.From, b.From) })
	return rows(ls, func(l *intel.Link) any {
		return map[string]any{"from": l.From, "to": l.To, "type": string(l.Type), "properties": map[string]any(linkProperties(l))}
	})
}

// eventParams puts the events of one claim into one row.
func eventParams(es []intel.ClaimEvent) []any {
	var out []any
	at := map[string]map[string]any{}
	for _, e := range es {
		row := at[e.Claim]
		if row == nil {
			row = map[string]any{"claim": e.Claim, "events": []string{}}
			at[e.Claim] = row
			out = append(out, row)
		}
		row["events"] = append(row["events"].([]string), toJSON(e.Event))
		row["live"], row["changed"] = !e.Retracted, e.Revision
	}
	return out
}

func reweighedParams(b intel.Batch) []any {
	out := []any{}
	for _, id := range b.Reweighed {
		out = append(out, map[string]any{"revision": b.Stamp.Revision, "source": id})
	}
	return out
}

func versionParams(versions map[string][]intel.HeaderVersion) []any {
	var out []any
	for id, vs := range versions {
		texts := make([]string, len(vs))
		for i, v := range vs {
			texts[i] = toJSON(v)
		}
		out = append(out, map[string]any{"id": id, "versions": texts})
	}
	return out
}
