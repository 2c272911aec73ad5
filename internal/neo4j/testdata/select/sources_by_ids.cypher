MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
UNWIND $p1 AS id
MATCH (s1:Source {id: id})
WHERE s1.id IN $p0
WITH DISTINCT s1 ORDER BY s1.titleSort, s1.idKey LIMIT $p2
RETURN collect(s1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p3] AS s1
RETURN collect([size(found4), s1.row]) AS list2
}
CALL () {
UNWIND $p1 AS id
MATCH (s1:Source {id: id})
WHERE s1.id IN $p0
RETURN count(DISTINCT s1) AS total5
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2, total5
