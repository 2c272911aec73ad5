MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
UNWIND $p0 AS k
MATCH (a:Alias) USING INDEX SEEK a:Alias(sortKey, idKey)
WHERE a.sortKey = k AND a.idKey IS NOT NULL
MATCH (n1:Entity)-[:KNOWN_AS]->(a)
WITH n1
WHERE (n1:Group) AND EXISTS { MATCH (n1)-[:KNOWN_AS]->(alias:Alias) WHERE alias.name IN $p1 }
WITH DISTINCT n1 ORDER BY n1.sortKey, n1.idKey LIMIT $p2
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p3] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
CALL () {
UNWIND $p0 AS k
MATCH (a:Alias) USING INDEX SEEK a:Alias(sortKey, idKey)
WHERE a.sortKey = k AND a.idKey IS NOT NULL
MATCH (n1:Entity)-[:KNOWN_AS]->(a)
WITH n1
WHERE (n1:Group) AND EXISTS { MATCH (n1)-[:KNOWN_AS]->(alias:Alias) WHERE alias.name IN $p1 }
RETURN count(DISTINCT n1) AS total5
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2, total5
