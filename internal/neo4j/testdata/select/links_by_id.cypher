MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS l
MATCH (a3:Entity {id: l[0]})
MATCH (b4:Entity {id: l[2]})
MATCH (a3)-[r2:TARGETS|USES]->(b4)
WHERE type(r2) = l[1]
CALL (r2) {
MATCH (c5:Claim) USING INDEX SEEK c5:Claim(link, revision, id)
WHERE c5.link = r2.id AND c5.revision IS NOT NULL AND c5.id IS NOT NULL AND c5.live
WITH collect(c5) AS found6
CALL (found6) {
UNWIND found6 AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found6), [c IN found6 | [c.row, c.events]], cited] AS page7
}
RETURN collect([r2.row, page7, a3.row, b4.row]) AS links1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, links1
