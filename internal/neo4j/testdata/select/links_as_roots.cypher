MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
MATCH (a3)-[r2:BASED_IN]->(b4) USING INDEX r2:BASED_IN(fromKey, toSort, toKey)
WHERE r2.fromKey IS NOT NULL AND r2.toSort IS NOT NULL AND r2.toKey IS NOT NULL AND true
WITH r2 ORDER BY r2.fromKey, r2.idKey LIMIT $p0
RETURN r2
UNION ALL
MATCH (a3)-[r2:USES]->(b4) USING INDEX r2:USES(fromKey, toSort, toKey)
WHERE r2.fromKey IS NOT NULL AND r2.toSort IS NOT NULL AND r2.toKey IS NOT NULL AND true
WITH r2 ORDER BY r2.fromKey, r2.idKey LIMIT $p1
RETURN r2
}
WITH r2 ORDER BY r2.fromKey, r2.idKey LIMIT $p2
WITH collect(r2) AS found5
UNWIND found5[..$p3] AS r2
WITH found5, r2, startNode(r2) AS a3, endNode(r2) AS b4
RETURN collect([size(found5), r2.row, a3.row, b4.row]) AS links1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, links1
