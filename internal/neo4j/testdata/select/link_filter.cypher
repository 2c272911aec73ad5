MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH ()-[r4:TARGETS]->(n5) USING INDEX SEEK r4:TARGETS(fromKey, toSort, toKey)
WHERE r4.fromKey = n2.idKey AND r4.toSort IS NOT NULL AND r4.toKey IS NOT NULL AND r4.support >= $p2 AND r4.support < $p3 AND r4.origins >= $p4 AND r4.origins <= $p5 AND r4.roleKey STARTS WITH $p6 AND r4.disputed = $p7 AND (r4.days IS NULL OR any(i IN range(0, size(r4.days) - 1, 2) WHERE r4.days[i] <= $p8 AND r4.days[i + 1] >= $p9)) AND (n5:Sector) AND n5.id IN $p10 AND EXISTS { MATCH (n5)-[:KNOWN_AS]->(alias:Alias) WHERE alias.nameKey CONTAINS $p11 }
WITH r4 ORDER BY r4.fromKey, r4.toSort, r4.toKey LIMIT $p1
WITH collect(r4) AS found6
UNWIND found6[..$p12] AS r4
WITH r4, endNode(r4) AS n5, size(found6) AS found6Size
RETURN collect([found6Size, r4.row, n5.row]) AS page3
}
CALL (n2) {
MATCH (n2)-[r8:TARGETS]->(n9)
WHERE r8.support >= $p13 AND r8.support < $p14 AND r8.origins >= $p15 AND r8.origins <= $p16 AND r8.roleKey STARTS WITH $p17 AND r8.disputed = $p18 AND (r8.days IS NULL OR any(i IN range(0, size(r8.days) - 1, 2) WHERE r8.days[i] <= $p19 AND r8.days[i + 1] >= $p20)) AND (n9:Sector) AND n9.id IN $p21 AND EXISTS { MATCH (n9)-[:KNOWN_AS]->(alias:Alias) WHERE alias.nameKey CONTAINS $p22 }
RETURN count(*) AS total7
}
RETURN collect([n2.row, page3, total7]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
