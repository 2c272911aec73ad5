MATCH (meta0:Meta {id: 'dragnet'})
WITH meta0.commits AS before, meta0.revision AS revision LIMIT 1
MATCH (meta1:Meta {id: 'dragnet'})
RETURN before, meta1.commits AS after, revision
