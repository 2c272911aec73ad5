MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH (c3:Claim) USING INDEX SEEK c3:Claim(subject, revision, id)
WHERE c3.subject = n2.id AND c3.revision IS NOT NULL AND c3.id IS NOT NULL AND (c3.property IN $p1 OR c3.linkType IN $p2) AND c3.subject IN $p3 AND c3.source IN $p4 AND c3.live = $p5 AND c3.stance = $p6 AND c3.confidence >= $p7 AND c3.confidence <= $p8 AND c3.recordedAt > $p9 AND c3.revision > $p10 AND (c3.revision >= $p12 AND (c3.revision <> $p12 OR c3.id > $p11))
WITH c3 ORDER BY c3.subject, c3.revision, c3.id LIMIT $p13
WITH collect(c3) AS found4
CALL (found4) {
UNWIND found4[..$p14] AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found4), [c IN found4[..$p14] | [c.row, c.events]], cited] AS page5
}
CALL (n2) {
MATCH (c3:Claim) USING INDEX SEEK c3:Claim(subject, revision, id)
WHERE c3.subject = n2.id AND c3.revision IS NOT NULL AND c3.id IS NOT NULL AND (c3.property IN $p1 OR c3.linkType IN $p2) AND c3.subject IN $p3 AND c3.source IN $p4 AND c3.live = $p5 AND c3.stance = $p6 AND c3.confidence >= $p7 AND c3.confidence <= $p8 AND c3.recordedAt > $p9 AND c3.revision > $p10
RETURN count(*) AS total6
}
RETURN collect([n2.row, page5, total6]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
