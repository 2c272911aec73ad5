MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH ()-[r4:USES]->(n5) USING INDEX SEEK r4:USES(fromKey, toSort, toKey)
WHERE r4.fromKey = n2.idKey AND r4.toSort IS NOT NULL AND r4.toKey IS NOT NULL
WITH r4 ORDER BY r4.fromKey, r4.toSort, r4.toKey LIMIT $p1
WITH collect(r4) AS found6
UNWIND found6[..$p2] AS r4
WITH r4, endNode(r4) AS n5, size(found6) AS found6Size
CALL (n5) {
MATCH ()-[r8:USES]->(n9) USING INDEX SEEK r8:USES(fromKey, toSort, toKey)
WHERE r8.fromKey = n5.idKey AND r8.toSort IS NOT NULL AND r8.toKey IS NOT NULL
WITH r8 ORDER BY r8.fromKey, r8.toSort, r8.toKey LIMIT $p3
WITH collect(r8) AS found10
UNWIND found10[..$p4] AS r8
WITH r8, endNode(r8) AS n9, size(found10) AS found10Size
CALL (n9) {
MATCH ()-[r12:USES]->(n13) USING INDEX SEEK r12:USES(fromKey, toSort, toKey)
WHERE r12.fromKey = n9.idKey AND r12.toSort IS NOT NULL AND r12.toKey IS NOT NULL
WITH r12 ORDER BY r12.fromKey, r12.toSort, r12.toKey LIMIT $p5
WITH collect(r12) AS found14
UNWIND found14[..$p6] AS r12
WITH r12, endNode(r12) AS n13, size(found14) AS found14Size
RETURN collect([found14Size, r12.row, n13.row]) AS page11
}
RETURN collect([found10Size, r8.row, n9.row, page11]) AS page7
}
RETURN collect([found6Size, r4.row, n5.row, page7]) AS page3
}
RETURN collect([n2.row, page3]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
