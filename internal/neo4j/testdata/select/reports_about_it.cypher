MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH (n2)<-[r4:ABOUT]-(n5)
WHERE r4.idKey IS NOT NULL
WITH r4, n5 ORDER BY n5.publishedOnLo IS NULL, n5.publishedOnLo DESC, n5.idKey, r4.idKey LIMIT $p1
WITH collect(r4) AS found6
UNWIND found6[..$p2] AS r4
WITH r4, startNode(r4) AS n5, size(found6) AS found6Size
RETURN collect([found6Size, r4.row, n5.publishedOnLo, n5.row]) AS page3
}
CALL (n2) {
MATCH (n2)<-[r8:ABOUT]-(n9)
WHERE r8.idKey IS NOT NULL
RETURN count(*) AS total7
}
RETURN collect([n2.row, page3, total7]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
