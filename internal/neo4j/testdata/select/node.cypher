MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
UNWIND $p0 AS id
MATCH (n2:Entity {id: id})
CALL (n2) {
MATCH (n2)-[r]->()
WHERE r.toKind IS NOT NULL
WITH type(r) AS t, r.toKind AS kind, count(*) AS total
RETURN collect([t, kind, total]) AS leaving3
}
CALL (n2) {
MATCH (n2)<-[r]-()
WHERE r.fromKind IS NOT NULL
WITH type(r) AS t, r.fromKind AS kind, count(*) AS total
RETURN collect([t, kind, total]) AS arriving4
}
CALL (n2) {
MATCH (c5:Claim) USING INDEX SEEK c5:Claim(subject, property)
WHERE c5.subject = n2.id AND c5.property IS NOT NULL AND c5.live
WITH collect(c5) AS found6
CALL (found6) {
UNWIND found6 AS c
WITH DISTINCT c.source AS id
MATCH (s:Source {id: id})
RETURN collect(s.row) AS cited
}
RETURN [size(found6), [c IN found6 | [c.row, c.events]], cited] AS page7
}
RETURN collect([n2.row, n2.facts, leaving3, arriving4, page7]) AS nodes1
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, nodes1
