package neo4j

import (
	"context"
	"encoding/json"

	"dragnet/internal/intel"
)

const (
	scanClaims = readBegin + `CALL () {
  MATCH (c:Claim) USING INDEX SEEK c:Claim(id)
  WHERE c.id > $after
  WITH c ORDER BY c.id LIMIT $limit
  RETURN collect([c.row, c.events]) AS rows
}
` + readEnd + `, rows`

	scanSources = readBegin + `CALL () {
  MATCH (s:Source) USING INDEX SEEK s:Source(idKey)
  WHERE s.idKey > $after
  WITH s ORDER BY s.idKey LIMIT $limit
  RETURN collect([s.row, s.versions]) AS rows
}
` + readEnd + `, rows`

	scanEntities = readBegin + `CALL () {
  MATCH (n:Entity) USING INDEX SEEK n:Entity(idKey)
  WHERE n.idKey > $after
  WITH n ORDER BY n.idKey LIMIT $limit
  RETURN collect([n.row, n.facts]) AS rows
}
` + readEnd + `, rows`
)

// The id of a link begins with that of its from end and a bar, which no id
// holds; so links in order of id are those of each entity in order of
// linkPrefix. First come the rest of the links of the entity the last page
// ended in, then those of the entities after it.
const scanLinks = readBegin + `CALL () {
  MATCH (n:Entity {linkPrefix: $prefix})-[r]->()
  WHERE r.idKey > $after
  WITH r ORDER BY r.idKey LIMIT $limit
  RETURN collect([r.row]) AS rest
}
CALL (rest) {
  WITH rest WHERE size(rest) < $limit
  MATCH (n:Entity) USING INDEX SEEK n:Entity(linkPrefix)
  WHERE n.linkPrefix > $after
  MATCH (n)-[r]->()
  WITH n, r ORDER BY n.linkPrefix, r.idKey LIMIT $limit
  RETURN collect([r.row]) AS rows
}
` + readEnd + `, (rest + rows)[..$limit] AS rows`

// Scan lists one part of the store.
func (r *reader) Scan(ctx context.Context, part intel.Part, after string, limit int) (*intel.WorkingSet, error) {
	ws := &intel.WorkingSet{}
	if part == intel.PartSources {
		ws.Sources = map[string]*intel.Source{}
	}
	for limit > 0 {
		n := min(limit, pageRows)
		last, count, err := r.scanPage(ctx, ws, part, after, n)
		if err != nil {
			return nil, err
		}
		if count < n {
			break
		}
		after, limit = last, limit-n
	}
	return ws, nil
}

// scanPage adds one page and gives its last id and its number of rows.
func (r *reader) scanPage(ctx context.Context, ws *intel.WorkingSet, part intel.Part, after string, limit int) (string, int, error) {
	params := map[string]any{"after": idKey(after), "limit": limit}
	statement := scanClaims
	switch part {
	case intel.PartSources:
		statement = scanSources
	case intel.PartEntities:
		statement = scanEntities
	case intel.PartLinks:
		statement = scanLinks
		params["prefix"] = linkPrefixOf(idKey(after))
	}
	row, err := r.read(ctx, "list the store", statement, params)
	if err != nil {
		return "", 0, err
	}
	rows := list(row[0])
	last, err := addScanned(ws, part, rows)
	return last, len(rows), err
}

func addScanned(ws *intel.WorkingSet, part intel.Part, rows []any) (last string, err error) {
	switch part {
	case intel.PartClaims:
		return added(&ws.Claims, rows, toClaim, func(c *intel.Claim) string { return c.ID })
	case intel.PartEntities:
		return added(&ws.Records, rows, toRecord, func(r *intel.Record) string { return r.ID })
	case intel.PartLinks:
		return added(&ws.Links, rows, toLink, func(l *intel.Link) string { return l.ID })
	}
	var sources []*intel.Source
	last, err = added(&sources, rows, toSource, func(s *intel.Source) string { return s.ID })
	for _, s := range sources {
		ws.Sources[s.ID] = s
	}
	return last, err
}

func added[T any](to *[]T, rows []any, read func([]any) (T, error), id func(T) string) (string, error) {
	vs, err := each(rows, read)
	if err != nil || len(vs) == 0 {
		return "", err
	}
	*to = append(*to, vs...)
	return id(vs[len(vs)-1]), nil
}

// linkPrefixOf is the linkPrefix of the entity that a link leaves.
func linkPrefixOf(link string) string {
	for i := range len(link) {
		if link[i] == '|' {
			return link[:i+1]
		}
	}
	return link
}

// toSource reads a row with its versions.
func toSource(row []any) (*intel.Source, error) {
	s, err := readSource(text(row[0]))
	if err != nil {
		return nil, err
	}
	for _, v := range list(row[1]) {
		var version intel.HeaderVersion
		if err := json.Unmarshal([]byte(text(v)), &version); err != nil {
			return nil, corrupt("source", s.ID, err)
		}
		s.Versions = append(s.Versions, version)
	}
	sortVersions(s.Versions)
	return s, nil
}
