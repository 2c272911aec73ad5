MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (s2:Source {id: id})
CALL (s2) {
MATCH (c3:Claim) USING INDEX SEEK c3:Claim(source, revision, id)
WHERE c3.source = s2.id AND c3.revision IS NOT NULL AND c3.id IS NOT NULL
WITH c3 ORDER BY c3.source, c3.revision, c3.id LIMIT $p1
WITH collect(c3) AS found4
CALL (found4) {
UNWIND found4[..$p2] AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found4), [c IN found4[..$p2] | [c.row, c.events]], cited] AS page5
}
CALL (s2) {
MATCH (c3:Claim) USING INDEX SEEK c3:Claim(source, revision, id)
WHERE c3.source = s2.id AND c3.revision IS NOT NULL AND c3.id IS NOT NULL
RETURN count(*) AS total6
}
RETURN collect([s2.row, page5, total6]) AS sources1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, sources1
