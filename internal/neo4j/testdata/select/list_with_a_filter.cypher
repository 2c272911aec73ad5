MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
CALL () {
CALL () {
CALL () {
MATCH (n1:Operation) USING INDEX n1:Operation(sortKey, idKey)
WHERE n1.sortKey IS NOT NULL AND n1.idKey IS NOT NULL AND ((n1.arrests IS NOT NULL AND n1.arrestsHi >= $p0) OR NOT coalesce(any(i IN range(0, size(coalesce(n1.seized, [])) - 1) WHERE n1.seizedCurrency[i] = $p1 AND n1.seizedHi[i] >= $p2), false)) AND NOT coalesce(any(x IN n1.operationType WHERE x IN $p3), false) AND (NOT n1.stub) AND (n1.startedOn IS NULL) AND (NOT NOT EXISTS { (n1)-[:KNOWN_AS]->() })
RETURN n1 ORDER BY n1.sortKey, n1.idKey LIMIT $p4
}
RETURN collect(n1) AS rows3
}
WITH rows3 AS found4
UNWIND found4[..$p5] AS n1
RETURN collect([size(found4), n1.row]) AS list2
}
CALL () {
CALL () {
MATCH (n1:Operation)
WHERE ((n1.arrests IS NOT NULL AND n1.arrestsHi >= $p0) OR NOT coalesce(any(i IN range(0, size(coalesce(n1.seized, [])) - 1) WHERE n1.seizedCurrency[i] = $p1 AND n1.seizedHi[i] >= $p2), false)) AND NOT coalesce(any(x IN n1.operationType WHERE x IN $p3), false) AND (NOT n1.stub) AND (n1.startedOn IS NULL) AND (NOT NOT EXISTS { (n1)-[:KNOWN_AS]->() })
RETURN count(*) AS n
}
RETURN sum(n) AS total5
}
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision, list2, total5
