MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (n1:Operation) USING INDEX n1:Operation(arrests, idKey)
WHERE n1.arrests IS NOT NULL AND n1.idKey IS NOT NULL AND (n1.arrests <= $p2 AND (n1.arrests <> $p2 OR n1.idKey > $p1))
RETURN n1 ORDER BY n1.arrests DESC, n1.idKey LIMIT $p0
}
RETURN collect(n1) AS rows3
}
CALL (rows3) {
WITH rows3 WHERE size(rows3) < $p0
CALL () {
MATCH (n1:Entity) USING INDEX SEEK n1:Entity(idKey)
WHERE n1.idKey > $p3 AND n1.idKey < $p4 AND n1.arrests IS NULL
RETURN n1 ORDER BY n1.idKey LIMIT $p0
}
RETURN collect(n1) AS rows4
}
WITH rows3 + rows4 AS found5
UNWIND found5[..$p5] AS n1
RETURN collect([size(found5), n1.arrests, n1.row]) AS list2
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2
