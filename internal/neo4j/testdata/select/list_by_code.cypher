MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
UNWIND $p0 AS k
MATCH (n1:Country) USING INDEX SEEK n1:Country(alpha2, idKey)
WHERE n1.alpha2 = k AND n1.idKey IS NOT NULL
WITH n1
WHERE (n1:Country) AND n1.alpha2 IN $p1
WITH DISTINCT n1 ORDER BY n1.sortKey, n1.idKey LIMIT $p2
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p3] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2
