MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH ()<-[r4:OPERATES_IN]-(n5) USING INDEX SEEK r4:OPERATES_IN(toKey, fromSort, fromKey)
WHERE r4.toKey = n2.idKey AND r4.fromSort IS NOT NULL AND r4.fromKey IS NOT NULL AND (r4.fromSort >= $p4 AND (r4.fromSort <> $p4 OR (r4.fromKey >= $p3 AND (r4.fromKey <> $p3 OR r4.idKey > $p2))))
WITH r4 ORDER BY r4.toKey, r4.fromSort, r4.fromKey LIMIT $p1
WITH collect(r4) AS found6
UNWIND found6[..$p5] AS r4
WITH r4, startNode(r4) AS n5, size(found6) AS found6Size
RETURN collect([found6Size, r4.row, n5.row]) AS page3
}
RETURN collect([n2.row, page3]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
