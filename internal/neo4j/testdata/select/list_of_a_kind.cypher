MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (n1:Group) USING INDEX n1:Group(sortKey, idKey)
WHERE n1.sortKey IS NOT NULL AND n1.idKey IS NOT NULL AND (n1.sortKey >= $p2 AND (n1.sortKey <> $p2 OR n1.idKey > $p1))
RETURN n1 ORDER BY n1.sortKey, n1.idKey LIMIT $p0
}
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p3] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2
