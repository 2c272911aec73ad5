MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
MATCH (c1:Claim) USING INDEX c1:Claim(source, revision, id)
WHERE c1.source IN $p0 AND c1.revision IS NOT NULL AND c1.id IS NOT NULL AND c1.source IN $p1
WITH c1 ORDER BY c1.revision, c1.id LIMIT $p2
WITH collect(c1) AS found2
CALL (found2) {
UNWIND found2[..$p3] AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found2), [c IN found2[..$p3] | [c.row, c.events]], cited] AS page3
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, page3
