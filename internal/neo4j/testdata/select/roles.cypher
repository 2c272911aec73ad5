MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH (n2)<-[r4:COORDINATED|LED|TOOK_PART_IN]-(n5)
WHERE n2:Operation AND n5:Agency
WITH r4, n5 ORDER BY n5.revision DESC, n5.idKey, r4.idKey LIMIT $p1
WITH collect(r4) AS found6
UNWIND found6[..$p2] AS r4
WITH r4, startNode(r4) AS n5, size(found6) AS found6Size
RETURN collect([found6Size, r4.row, n5.row]) AS page3
}
RETURN collect([n2.row, page3]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
