MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (s1:Source) USING INDEX s1:Source(publishedLo, idKey)
WHERE s1.publishedLo IS NOT NULL AND s1.idKey IS NOT NULL AND s1.titleKey CONTAINS $p0 AND s1.publisher IS NULL AND s1.reliability IN $p1 AND s1.marking IN $p2 AND (s1.publishedOn IS NULL) = $p3 AND s1.publishedHi >= $p4 AND s1.publishedLo <= $p5
RETURN s1 ORDER BY s1.publishedLo DESC, s1.claims, s1.idKey LIMIT $p6
}
RETURN collect(s1) AS rows3
}
CALL (rows3) {
WITH rows3 WHERE size(rows3) < $p6
CALL () {
MATCH (s1:Source) USING INDEX SEEK s1:Source(idKey)
WHERE s1.idKey > $p7 AND s1.idKey < $p8 AND s1.publishedLo IS NULL AND s1.titleKey CONTAINS $p0 AND s1.publisher IS NULL AND s1.reliability IN $p1 AND s1.marking IN $p2 AND (s1.publishedOn IS NULL) = $p3 AND s1.publishedHi >= $p4 AND s1.publishedLo <= $p5
RETURN s1 ORDER BY s1.claims, s1.idKey LIMIT $p6
}
RETURN collect(s1) AS rows4
}
WITH rows3 + rows4 AS found5
UNWIND found5[..$p9] AS s1
RETURN collect([size(found5), s1.row]) AS list2
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2
