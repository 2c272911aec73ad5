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
CALL (r4) {
MATCH (c7:Claim) USING INDEX SEEK c7:Claim(link, revision, id)
WHERE c7.link = r4.id AND c7.revision IS NOT NULL AND c7.id IS NOT NULL AND c7.live
WITH collect(c7) AS found8
CALL (found8) {
UNWIND found8 AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found8), [c IN found8 | [c.row, c.events]], cited] AS page9
}
CALL (r4) {
MATCH (c10:Claim) USING INDEX SEEK c10:Claim(link, revision, id)
WHERE c10.link = r4.id AND c10.revision IS NOT NULL AND c10.id IS NOT NULL
WITH c10 ORDER BY c10.link, c10.revision, c10.id LIMIT $p3
WITH collect(c10) AS found11
CALL (found11) {
UNWIND found11[..$p4] AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found11), [c IN found11[..$p4] | [c.row, c.events]], cited] AS page12
}
CALL (r4) {
MATCH (c10:Claim) USING INDEX SEEK c10:Claim(link, revision, id)
WHERE c10.link = r4.id AND c10.revision IS NOT NULL AND c10.id IS NOT NULL
RETURN count(*) AS total13
}
RETURN collect([found6Size, r4.row, n5.row, page9, page12, total13]) AS page3
}
RETURN collect([n2.row, page3]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
