MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
UNWIND $p0 AS k
MATCH (n1:Entity) USING INDEX SEEK n1:Entity(sortKey, idKey)
WHERE n1.sortKey = k AND n1.idKey IS NOT NULL
WITH n1
WHERE (n1:Group) AND (NOT n1.stub AND n1.name IN $p1)
WITH DISTINCT n1 ORDER BY n1.sortKey, n1.idKey LIMIT $p2
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p3] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2
