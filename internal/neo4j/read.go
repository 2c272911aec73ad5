package neo4j

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"dragnet/internal/intel"
)

// pageRows bounds the rows of one statement of a long list.
const pageRows = 5000

const (
	metaColumns = `m.epoch, m.revision, m.at, m.by, m.settleVersion, m.namesVersion, m.entities, m.stubs, m.links, m.claims, m.sources`

	readMeta = readBegin + `MATCH (m:Meta {id: 'dragnet'})
WITH before, [` + metaColumns + `] AS meta LIMIT 1
` + readEnd + `, meta`
)

func toMeta(row []any) (intel.Meta, error) {
	if len(row) != 11 {
		return intel.Meta{}, errShape
	}
	m := intel.Meta{Epoch: text(row[0]), SettleVersion: int(number(row[4])), NamesVersion: int(number(row[5]))}
	m.Last = intel.Stamp{Revision: number(row[1]), By: text(row[3])}
	if at := number(row[2]); at != 0 {
		m.Last.At = time.UnixMicro(at).UTC()
	}
	m.Counts = intel.Counts{Entities: number(row[6]), Stubs: number(row[7]), Links: number(row[8]), Claims: number(row[9]), Sources: number(row[10])}
	return m, nil
}

// Meta describes the state.
func (r *reader) Meta(ctx context.Context) (intel.Meta, error) {
	row, err := r.read(ctx, "read the state", readMeta, nil)
	if err != nil {
		return intel.Meta{}, err
	}
	return toMeta(list(row[0]))
}

// A name's sort key stands for the name in the index, because it is bounded
// and names are not.
const readNames = readBegin + `CALL () {
  UNWIND $keys AS key
  MATCH (n:Entity) USING INDEX SEEK n:Entity(sortKey, idKey)
  WHERE n.sortKey = key[1] AND n.idKey IS NOT NULL AND n.nameKey = key[0] AND NOT n.stub
  RETURN collect([key[0], n.id]) AS own
}
CALL () {
  UNWIND $keys AS key
  MATCH (a:Alias) USING INDEX SEEK a:Alias(sortKey, idKey)
  WHERE a.sortKey = key[1] AND a.idKey IS NOT NULL AND a.nameKey = key[0]
  MATCH (n:Entity)-[:KNOWN_AS]->(a)
  WITH DISTINCT key[0] AS name, n.id AS id
  RETURN collect([name, id]) AS alias
}
` + readEnd + `, own, alias`

// Names finds who has one of the names.
func (r *reader) Names(ctx context.Context, keys []string) ([]intel.NameRow, error) {
	var out []intel.NameRow
	for part := range slices.Chunk(distinct(keys), pageRows) {
		var pairs []any
		for _, k := range part {
			pairs = append(pairs, []any{k, intel.SortKey(k)})
		}
		row, err := r.read(ctx, "find names", readNames, map[string]any{"keys": pairs})
		if err != nil {
			return nil, err
		}
		for alias, found := range row[:2] {
			for _, f := range list(found) {
				f := list(f)
				out = append(out, intel.NameRow{Key: text(f[0]), Entity: text(f[1]), Alias: alias == 1})
			}
		}
	}
	slices.SortFunc(out, func(a, b intel.NameRow) int {
		own := 0
		if a.Alias != b.Alias {
			own = 1
			if b.Alias {
				own = -1
			}
		}
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Entity, b.Entity), own)
	})
	return out, nil
}

func distinct(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

// namedByList asks the full-text index, which knows no kinds, for whole terms and
// beginnings of words.
const namedByList = `CALL () {
  UNWIND $listed AS q
  CALL (q) {
    CALL db.index.fulltext.queryNodes('` + nameTerms + `', q[1]) YIELD node AS n
    WHERE $kinds = [] OR split(n.id, ':')[0] IN $kinds
    RETURN n.id AS id LIMIT $limit
  }
  RETURN collect([q[0], '', id]) AS byList
}
`

// namedByTerm seeks the terms of a parameter in a column.
func namedByTerm(param, column, op string) string {
	return `CALL () {
  UNWIND $` + param + ` AS t
  CALL (t) {
    MATCH (n:Entity) USING INDEX n:Entity(` + column + `)
    WHERE n.` + column + ` ` + op + ` t AND ($kinds = [] OR split(n.id, ':')[0] IN $kinds)
    RETURN n.id AS id LIMIT $limit
  }
  RETURN collect([t, '', id]) AS by_` + param + `
}
`
}

// namedByPrefix walks the index of names of a label.
func namedByPrefix(label string) string {
	return `CALL () {
  UNWIND $prefixes AS p
  CALL (p) {
    MATCH (n:` + label + `) USING INDEX n:` + label + `(sortKey, idKey)
    WHERE n.sortKey STARTS WITH p AND n.idKey IS NOT NULL
    RETURN n.id AS id, n.sortKey AS sort ORDER BY n.sortKey, n.idKey LIMIT $limit
  }
  RETURN collect(['|' + p, sort, id]) AS by` + label + `
}
`
}

// named is the statement for terms, and for prefixes of the names of labels.
func named(labels []string) string {
	statement, columns := readBegin+namedByList, ", byList"
	for _, c := range slices.Sorted(maps.Values(termColumns)) {
		statement += namedByTerm(c, c, "=")
		columns += ", by_" + c
	}
	statement += namedByTerm("words", termColumns['w'], "STARTS WITH")
	columns += ", by_words"
	for _, l := range labels {
		statement += namedByPrefix(l)
		columns += ", by" + l
	}
	return statement + readEnd + columns
}

// Named finds entities by search terms and by the beginnings of names.
func (r *reader) Named(ctx context.Context, q intel.NameQuery) ([]string, error) {
	params := map[string]any{"limit": int64(q.Limit)}
	lists := map[string][]any{}
	for _, t := range q.Terms {
		lists[termColumns[t[0]]] = append(lists[termColumns[t[0]]], t)
		lists["listed"] = append(lists["listed"], []any{t, phrase(t)})
	}
	for _, p := range q.Words {
		t := intel.WordTerm(p)
		lists["words"] = append(lists["words"], t)
		lists["listed"] = append(lists["listed"], []any{t, beginning(t)})
	}
	for _, p := range q.Prefixes {
		if key := intel.SortKey(p); !slices.Contains(lists["prefixes"], any(key)) {
			lists["prefixes"] = append(lists["prefixes"], key)
		}
	}
	labels := []string{"Entity"}
	if len(q.Kinds) > 0 {
		labels = nil
	}
	for _, k := range q.Kinds {
		if !slices.Contains(labels, k.Label()) {
			labels = append(labels, k.Label())
			lists["kinds"] = append(lists["kinds"], k.Prefix())
		}
	}
	if len(lists["prefixes"]) == 0 {
		labels = nil
	}
	for _, name := range append(slices.Collect(maps.Values(termColumns)), "words", "listed", "prefixes", "kinds") {
		params[name] = append([]any{}, lists[name]...)
	}
	row, err := r.read(ctx, "find names", named(labels), params)
	if err != nil {
		return nil, err
	}
	return distinct(firstOfEach(row, q.Limit)), nil
}

// firstOfEach takes of rows of what was asked, sort key and id the first ids for
// each that was asked.
func firstOfEach(columns []any, limit int) []string {
	rows := map[string][][2]string{}
	for _, c := range columns {
		for _, item := range list(c) {
			row := list(item)
			asked := text(row[0])
			rows[asked] = append(rows[asked], [2]string{text(row[1]), text(row[2])})
		}
	}
	var out []string
	for _, found := range rows {
		slices.SortFunc(found, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
		found = slices.Compact(found)
		for _, f := range found[:min(limit, len(found))] {
			out = append(out, f[1])
		}
	}
	return out
}

// beginning is a full-text query for what begins so.
func beginning(s string) any {
	var b strings.Builder
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String() + "*"
}

const readMentioned = readBegin + `CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
  WHERE c.subject > $after AND c.subject < $end AND c.revision IS NOT NULL AND c.id IS NOT NULL
  WITH DISTINCT c.subject AS id ORDER BY id LIMIT $limit
  RETURN collect(id) AS subjects
}
CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
  WHERE c.object > $after AND c.object < $end AND c.revision IS NOT NULL AND c.id IS NOT NULL
  WITH DISTINCT c.object AS id ORDER BY id LIMIT $limit
  RETURN collect(id) AS objects
}
CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(saidBy, revision, id)
  WHERE c.saidBy > $after AND c.saidBy < $end AND c.revision IS NOT NULL AND c.id IS NOT NULL
  WITH DISTINCT c.saidBy AS id ORDER BY id LIMIT $limit
  RETURN collect(id) AS speakers
}
` + readEnd + `, subjects, objects, speakers`

// beyond is greater than every id.
const beyond = "\x7f"

// Mentioned lists who is mentioned. Ids begin with their kind, so the ids of
// one kind are a range, and the ranges stand in the order of their prefixes.
func (r *reader) Mentioned(ctx context.Context, kinds []intel.Kind, after string, limit int) ([]string, error) {
	type span struct{ after, end string }
	spans := []span{{after, beyond}}
	if len(kinds) > 0 {
		spans = nil
		for _, k := range kinds {
			prefix := intel.EntityID(k, "")
			if end := prefixEnd(prefix); after < end {
				spans = append(spans, span{max(after, prefix), end})
			}
		}
		slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.end, b.end) })
		spans = slices.Compact(spans)
	}
	var out []string
	for _, s := range spans {
		if len(out) >= limit {
			break
		}
		row, err := r.read(ctx, "list who is mentioned", readMentioned, map[string]any{"after": s.after, "end": s.end, "limit": limit - len(out)})
		if err != nil {
			return nil, err
		}
		var found []string
		for _, ids := range row {
			for _, id := range list(ids) {
				found = append(found, text(id))
			}
		}
		found = distinct(found)
		out = append(out, found[:min(len(found), limit-len(out))]...)
	}
	return out, nil
}

const (
	readChanges = readBegin + `CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(changed, id)
  WHERE c.changed > $since AND c.id IS NOT NULL
  WITH c ORDER BY c.changed, c.id LIMIT $limit
  RETURN collect([c.row, c.events]) AS claims
}
` + readEnd + `, claims`

	readRevision = readBegin + `CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(changed, id)
  WHERE c.changed = $revision AND c.id IS NOT NULL
  WITH c ORDER BY c.changed, c.id
  RETURN collect([c.row, c.events]) AS claims
}
` + readEnd + `, claims`
)

// Changes lists what later revisions changed. It asks for one claim more than
// the limit, to see whether the limit falls inside a revision.
func (r *reader) Changes(ctx context.Context, since int64, limit int) ([]*intel.Claim, error) {
	all, err := r.claims(ctx, "list changes", readChanges, map[string]any{"since": since, "limit": limit + 1})
	if err != nil || len(all) <= limit {
		return all, err
	}
	cut := all[limit].Changed()
	if all[0].Changed() == cut {
		return r.claims(ctx, "list a revision", readRevision, map[string]any{"revision": cut})
	}
	return slices.DeleteFunc(all, func(c *intel.Claim) bool { return c.Changed() == cut }), nil
}

func (r *reader) claims(ctx context.Context, doing, statement string, params map[string]any) ([]*intel.Claim, error) {
	row, err := r.read(ctx, doing, statement, params)
	if err != nil {
		return nil, err
	}
	return each(list(row[0]), toClaim)
}

func toClaim(row []any) (*intel.Claim, error) { return readClaim(text(row[0]), list(row[1])) }

func toRecord(row []any) (*intel.Record, error) { return readRecord(text(row[0]), text(row[1])) }

func toLink(row []any) (*intel.Link, error) { return readLink(text(row[0])) }
