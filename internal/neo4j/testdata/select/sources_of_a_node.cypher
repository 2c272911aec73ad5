MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
CALL (n2) {
MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
WHERE c.subject = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
UNION
MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
WHERE c.object = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
}
MATCH (s:Source {id: id})
WHERE s.idKey > $p1
WITH s ORDER BY s.idKey LIMIT $p2
WITH collect(s) AS found4
UNWIND found4[..$p3] AS s
RETURN collect([size(found4), s.row]) AS page3
}
CALL (n2) {
CALL (n2) {
MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
WHERE c.subject = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
UNION
MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
WHERE c.object = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
}
RETURN count(*) AS total5
}
CALL (n2) {
CALL (n2) {
MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
WHERE c.subject = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
UNION
MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
WHERE c.object = n2.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live
RETURN c.source AS id
}
MATCH (s:Source {id: id})
WHERE s.idKey > $p4
WITH s ORDER BY s.idKey LIMIT $p5
WITH collect(s) AS found7
RETURN [x IN found7 | [1]] AS page6
}
RETURN collect([n2.row, page3, total5, page6]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
