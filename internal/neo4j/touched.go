package neo4j

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// A claim tells by itself the last revision that touched it. Every earlier one
// has a Touched node, and so has every source that a revision reweighed.
const readTouched = readBegin + `CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(changed, id)
  WHERE c.changed > $since AND c.changed <= $until AND c.id IS NOT NULL
  WITH c ORDER BY c.changed, c.id LIMIT $limit
  RETURN collect([c.changed, c.id, null]) AS last
}
CALL () {
  MATCH (t:Touched) USING INDEX SEEK t:Touched(revision)
  WHERE t.revision > $since AND t.revision <= $until
  WITH t ORDER BY t.revision LIMIT $limit
  RETURN collect([t.revision, t.claim, t.source]) AS earlier
}
` + readEnd + `, last, earlier`

// Touched lists what later revisions touched. It asks for one more than the
// limit, to see whether the limit falls inside a revision.
func (r *reader) Touched(ctx context.Context, since int64, limit int) ([]intel.Touched, error) {
	since = max(since, 0)
	all, whole, err := r.touched(ctx, since, math.MaxInt64, limit+1)
	if err != nil {
		return nil, err
	}
	if len(all) > 0 && whole < all[0].Revision { // the first revision alone is more than that
		all, _, err = r.touched(ctx, since, all[0].Revision, math.MaxInt64)
		return all, err
	}
	room := limit
	for i, row := range all {
		room -= len(row.Claims) + len(row.Sources)
		if row.Revision > whole || room < 0 && i > 0 {
			return all[:i], nil
		}
		if room <= 0 {
			return all[:i+1], nil
		}
	}
	return all, nil
}

// touched reads rows of revisions after since up to until, at most limit from
// each of its two lists. Up to the revision whole nothing is left out.
func (r *reader) touched(ctx context.Context, since, until int64, limit int) (out []intel.Touched, whole int64, err error) {
	row, err := r.read(ctx, "list what was touched", readTouched, map[string]any{"since": since, "until": until, "limit": limit})
	if err != nil {
		return nil, 0, err
	}
	whole = until
	byRevision := map[int64]*intel.Touched{}
	for _, rows := range row {
		for _, v := range list(rows) {
			fields := list(v)
			n := number(fields[0])
			t := byRevision[n]
			if t == nil {
				t = &intel.Touched{Revision: n}
				byRevision[n] = t
			}
			if id := text(fields[1]); id != "" {
				t.Claims = append(t.Claims, id)
			} else {
				t.Sources = append(t.Sources, text(fields[2]))
			}
		}
		if n := len(list(rows)); n == limit {
			whole = min(whole, number(list(list(rows)[n-1])[0])-1)
		}
	}
	for _, t := range byRevision {
		t.Claims, t.Sources = sortedOnce(t.Claims), sortedOnce(t.Sources)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b intel.Touched) int { return cmp.Compare(a.Revision, b.Revision) })
	return out, whole, nil
}

func sortedOnce(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

const (
	// lockSchema holds the Meta node until the end of the transaction.
	lockSchema = `MATCH (m:Meta {id: 'dragnet'}) SET m.commits = m.commits RETURN m.schema`

	claimsWithEvents = `MATCH (c:Claim) USING INDEX SEEK c:Claim(id)
WHERE c.id > $after
WITH c ORDER BY c.id LIMIT $limit
WITH collect(c) AS page
RETURN [c IN page | c.id][-1], [c IN page WHERE c.events IS NOT NULL | [c.id, c.revision, c.changed, c.events]]`

	sourcesWithVersions = `MATCH (s:Source) WHERE s.versions IS NOT NULL RETURN collect([s.id, s.versions])`

	makeTouched = `UNWIND $rows AS row CREATE (t:Touched) SET t = row`

	raiseSchema = `MATCH (m:Meta {id: 'dragnet'}) SET m.schema = $schema`
)

// upgrade brings a database of schema 1 up, whole or not at all: it makes the
// Touched nodes of what is there. Which sources depended on a header then is not
// known any more, so those that got one stand for all.
func upgrade(ctx context.Context, session neo4j.SessionWithContext) error {
	tx, err := session.BeginTransaction(ctx, timeout(ctx))
	if err != nil {
		return err
	}
	defer func() { _ = tx.Close(ctx) }() // nothing is left of it unless it was committed
	run := func(statement string, params map[string]any) ([]any, error) {
		result, err := tx.Run(ctx, statement, params)
		if err != nil {
			return nil, err
		}
		return oneRow(ctx, result)
	}
	row, err := run(lockSchema, nil)
	if err != nil || number(row[0]) == schemaVersion { // another process was faster
		return err
	}
	for after := ""; ; {
		page, err := run(claimsWithEvents, map[string]any{"after": after, "limit": pageRows})
		if err != nil {
			return err
		}
		rows, err := touchesOf(list(page[1]))
		if err != nil {
			return err
		}
		if _, err := run(makeTouched, map[string]any{"rows": rows}); err != nil {
			return err
		}
		if after = text(page[0]); after == "" {
			break
		}
	}
	page, err := run(sourcesWithVersions, nil)
	if err != nil {
		return err
	}
	rows, err := reweighedBy(list(page[0]))
	if err != nil {
		return err
	}
	if _, err := run(makeTouched, map[string]any{"rows": rows}); err != nil {
		return err
	}
	if _, err := run(raiseSchema, map[string]any{"schema": schemaVersion}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// touchesOf lists the revisions that touched claims before their last one.
func touchesOf(claims []any) ([]any, error) {
	rows := []any{}
	for _, c := range claims {
		fields := list(c)
		seen := map[int64]bool{number(fields[2]): true}
		touch := func(n int64) {
			if !seen[n] {
				seen[n] = true
				rows = append(rows, map[string]any{"revision": n, "claim": text(fields[0])})
			}
		}
		touch(number(fields[1]))
		for _, e := range list(fields[3]) {
			var event intel.Event
			if err := json.Unmarshal([]byte(text(e)), &event); err != nil {
				return nil, corrupt("claim", text(fields[0]), err)
			}
			touch(event.Revision)
		}
	}
	return rows, nil
}

func reweighedBy(sources []any) ([]any, error) {
	rows := []any{}
	for _, s := range sources {
		fields := list(s)
		for _, v := range list(fields[1]) {
			var version intel.HeaderVersion
			if err := json.Unmarshal([]byte(text(v)), &version); err != nil {
				return nil, corrupt("source", text(fields[0]), err)
			}
			rows = append(rows, map[string]any{"revision": version.Added.Revision, "source": text(fields[0])})
		}
	}
	return rows, nil
}
