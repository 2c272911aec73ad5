MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (s1:Source) USING INDEX s1:Source(titleSort, idKey)
WHERE s1.titleSort IS NOT NULL AND s1.idKey IS NOT NULL
RETURN s1 ORDER BY s1.titleSort, s1.idKey LIMIT $p0
}
RETURN collect(s1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p1] AS s1
RETURN collect([size(found4), s1.row]) AS list2
}
CALL () {
CALL () {
MATCH (s1:Source)
WHERE true
RETURN count(*) AS n
}
RETURN sum(n) AS total5
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2, total5
