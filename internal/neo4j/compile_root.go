package neo4j

import (
	"fmt"
	"slices"

	"dragnet/internal/intel"
)

// linkList is a page of all settled links: walked type by type in order of
// their from ends, or found at the entities that are named.
func (c *compiler) linkList(s intel.Selection) []string {
	if s.LinkList == nil {
		return nil
	}
	l := *s.LinkList
	types := linkTypes(l.Where.Types)
	if len(types) == 0 {
		return none(l.Page)
	}
	out, r, a, b, found := c.name("links"), c.name("r"), c.name("a"), c.name("b"), c.name("found")
	matches := c.linkMatches(l.Where, types, r, a, b)
	each := ""
	if l.Where.IDs != nil { // a link between two of them is found twice
		each = "DISTINCT "
	}
	c.addf("CALL () {\nCALL () {\n")
	for i, match := range matches {
		if i > 0 {
			c.addf("UNION ALL\n")
		}
		c.addf("%s", match)
		c.keyset(nil, l.Page.After, r+".fromKey", r+".idKey")
		c.addf("\nWITH %[3]s%[1]s ORDER BY %[1]s.fromKey, %[1]s.idKey LIMIT %[2]s\nRETURN %[1]s\n", r, c.param(l.Page.First+1), each)
	}
	c.addf("}\nWITH %[1]s ORDER BY %[1]s.fromKey, %[1]s.idKey LIMIT %[2]s\nWITH collect(%[1]s) AS %[3]s\n", r, c.param(l.Page.First+1), found)
	if l.Page.First == 0 {
		c.addf("RETURN [x IN %s | [1]] AS %s\n}\n", found, out)
	} else {
		c.addf("UNWIND %[1]s[..%[2]s] AS %[3]s\nWITH %[1]s, %[3]s, startNode(%[3]s) AS %[4]s, endNode(%[3]s) AS %[5]s\n", found, c.param(l.Page.First), r, a, b)
		c.addf("RETURN collect([size(%s), %s]) AS %s\n}\n", found, c.rootLink(r, a, b, s), out)
	}
	if !l.Page.Count {
		return []string{out}
	}
	return []string{out, c.linkListTotal(l.Where, matches, r)}
}

func (c *compiler) linkListTotal(f intel.LinkFilter, matches []string, r string) string {
	total := c.name("total")
	if f.Types == nil && unfiltered(f) {
		c.addf("CALL () {\nMATCH (m:Meta)\nRETURN m.links AS %s\n}\n", total)
		return total
	}
	c.addf("CALL () {\nCALL () {\n")
	for i, match := range matches {
		if i > 0 {
			c.addf("UNION ALL\n")
		}
		c.addf("%s\nRETURN count(DISTINCT %s) AS n\n", match, r)
	}
	c.addf("}\nRETURN sum(n) AS %s\n}\n", total)
	return total
}

// linkMatches are the MATCHes, with their conditions, that find links without a
// neighbour: one for each type, or one from the entities that are named.
func (c *compiler) linkMatches(f intel.LinkFilter, types []intel.LinkType, r, a, b string) (out []string) {
	rest := f
	rest.Kinds, rest.IDs = nil, nil
	where := and(c.linkConditions(r, b, rest)...)
	if f.IDs != nil {
		if f.Kinds != nil {
			where += " AND (" + labels(a, f.Kinds) + ")"
		}
		return []string{fmt.Sprintf("UNWIND %s AS id\nMATCH (%s:Entity {id: id})\nMATCH (%[2]s)-[%[3]s:%[4]s]-()\nWHERE %[3]s.idKey IS NOT NULL AND %[5]s", c.param(anys(f.IDs)), a, r, union(types), where)}
	}
	if f.Kinds != nil {
		where += fmt.Sprintf(" AND (%s OR %s)", labels(a, f.Kinds), labels(b, f.Kinds))
	}
	for _, t := range types {
		out = append(out, fmt.Sprintf("MATCH (%[1]s)-[%[2]s:%[3]s]->(%[4]s) USING INDEX %[2]s:%[3]s(fromKey, toSort, toKey)\nWHERE %[2]s.fromKey IS NOT NULL AND %[2]s.toSort IS NOT NULL AND %[2]s.toKey IS NOT NULL AND %[5]s", a, r, t, b, where))
	}
	return out
}

// linkTypes are the types wanted, all when none are named, in the ontology's
// order.
func linkTypes(wanted []intel.LinkType) []intel.LinkType {
	var out []intel.LinkType
	for _, l := range intel.LinkTypes() {
		if wanted == nil || slices.Contains(wanted, l.Type) {
			out = append(out, l.Type)
		}
	}
	return out
}
