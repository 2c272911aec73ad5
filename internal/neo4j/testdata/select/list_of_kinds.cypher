MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (n1:Group) USING INDEX n1:Group(revision, idKey)
WHERE n1.revision IS NOT NULL AND n1.idKey IS NOT NULL
RETURN n1 ORDER BY n1.revision DESC, n1.idKey LIMIT $p0
UNION ALL
MATCH (n1:Firm) USING INDEX n1:Firm(revision, idKey)
WHERE n1.revision IS NOT NULL AND n1.idKey IS NOT NULL
RETURN n1 ORDER BY n1.revision DESC, n1.idKey LIMIT $p0
}
WITH n1 ORDER BY n1.revision DESC, n1.idKey LIMIT $p0
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p1] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
CALL () {
CALL () {
MATCH (n1:Group)
WHERE true
RETURN count(*) AS n
UNION ALL
MATCH (n1:Firm)
WHERE true
RETURN count(*) AS n
}
RETURN sum(n) AS total5
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2, total5
