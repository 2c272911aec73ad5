MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
MATCH (c1:Claim) USING INDEX c1:Claim(subject, revision, id)
WHERE c1.subject IN $p1 AND c1.revision IS NOT NULL AND c1.id IS NOT NULL AND c1.subject IN $p2 AND c1.source IN $p3
WITH c1 ORDER BY c1.revision, c1.id LIMIT $p4
WITH collect(c1) AS found2
CALL (found2) {
UNWIND found2[..$p5] AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found2), [c IN found2[..$p5] | [c.row, c.events]], cited] AS page3
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, page3
