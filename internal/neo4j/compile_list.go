package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// manyKinds is from how many kinds on a list walks the index of all entities
// instead of one index per kind.
const manyKinds = 8

// A scope is where the rows of a list are: what is found by its conditions
// alone, or else each label with the range of its ids.
type scope struct {
	seed   string // a MATCH of few, without WHERE
	ranges []idRange
	where  string // the conditions, with the seed's own among them
	all    string // the label whose index of ids holds the ranges
}

type idRange struct{ label, from, to string }

// list is the list of entities.
func (c *compiler) list(s intel.Selection) string {
	if s.List == nil {
		return ""
	}
	l, n := *s.List, c.name("n")
	parts := conjuncts(l.Where)
	sc := scope{all: "Entity", seed: c.seed(n, parts)}
	if sc.seed == "" {
		sc.ranges, parts = kindRanges(parts)
	}
	conditions := make([]string, len(parts))
	for i, f := range parts {
		conditions[i] = c.filter(n, f, false)
	}
	sc.where = strings.Join(conditions, " AND ")
	out := c.name("list")
	found := c.page(sc, n, orderKeys(n, l.Order), l.Page)
	if l.Page.First == 0 {
		return c.endPage(out, n, sc, []string{"1"}, l.Page)
	}
	row := []string{"size(" + found + ")"}
	for _, k := range orderKeys(n, l.Order) {
		if k.kept {
			row = append(row, k.column)
		}
	}
	row = append(row, c.node(n, s.Node)...)
	return c.endPage(out, n, sc, row, l.Page)
}

// kindRanges gives the labels that a condition on kinds leaves, and the other
// conditions.
func kindRanges(parts []intel.Filter) (ranges []idRange, rest []intel.Filter) {
	for i, part := range parts {
		kinds, ok := part.(intel.KindIn)
		if !ok || len(kinds) >= manyKinds {
			continue
		}
		for _, k := range intel.Kinds() {
			if slices.Contains(kinds, k) {
				prefix := intel.EntityID(k, "")
				ranges = append(ranges, idRange{k.Label(), prefix, prefixEnd(prefix)})
			}
		}
		if len(ranges) > 0 {
			return ranges, slices.Concat(parts[:i], parts[i+1:])
		}
	}
	return []idRange{{"Entity", "", beyond}}, parts
}

// page writes what finds a page and leaves its rows in the variable n, beside
// the list of all that were found, which it gives. Of a page of no rows it
// leaves one, when there are any.
func (c *compiler) page(sc scope, n string, keys []orderKey, p intel.Page) string {
	limit := c.param(p.First + 1)
	c.addf("CALL () {\n")
	var lists []string
	if sc.seed != "" {
		lists = []string{c.seeded(sc, n, keys, p, limit)}
	} else {
		lists = c.walked(sc, n, keys, p, limit)
	}
	found := c.name("found")
	c.addf("WITH %s AS %s\nUNWIND %s[..%s] AS %s\n", strings.Join(lists, " + "), found, found, c.param(max(p.First, 1)), n)
	return found
}

// endPage closes the page; its items are the rows and, when counted, the total.
func (c *compiler) endPage(out, n string, sc scope, row []string, p intel.Page) string {
	c.addf("RETURN collect([%s]) AS %s\n}\n", strings.Join(row, ", "), out)
	if !p.Count {
		return out
	}
	total := c.name("total")
	c.addf("CALL () {\n")
	if sc.seed != "" {
		c.addf("%s\nWHERE %s\nRETURN count(DISTINCT %s) AS %s\n}\n", sc.seed, and(sc.where), n, total)
		return out + ", " + total
	}
	c.addf("CALL () {\n")
	for i, r := range sc.ranges {
		if i > 0 {
			c.addf("UNION ALL\n")
		}
		c.addf("MATCH (%s:%s)\nWHERE %s\nRETURN count(*) AS n\n", n, r.label, and(sc.where))
	}
	c.addf("}\nRETURN sum(n) AS %s\n}\n", total)
	return out + ", " + total
}

// seeded finds the few and sorts them.
func (c *compiler) seeded(sc scope, n string, keys []orderKey, p intel.Page, limit string) string {
	out := c.name("rows")
	c.addf("CALL () {\n%s\nWHERE %s", sc.seed, and(sc.where))
	c.keyset(keys, p.After, n+".idKey")
	c.addf("\nWITH DISTINCT %[1]s ORDER BY %[2]s LIMIT %[3]s\nRETURN collect(%[1]s) AS %[4]s\n}\n", n, ordering(keys, n+".idKey"), limit, out)
	return out
}

// walked reads the page off the index of the first key. Nodes without a value
// are in no index: they come last, in order of their ids, and are looked for
// only when the page is not full.
func (c *compiler) walked(sc scope, n string, keys []orderKey, p intel.Page, limit string) []string {
	var lists []string
	lead, known := keys[0], slices.Clone(keys)
	known[0].nullable = false
	if p.After == nil || len(p.After.Keys) == 0 || !p.After.Keys[0].Null {
		column := strings.TrimPrefix(lead.column, n+".")
		c.addf("CALL () {\n")
		lists = append(lists, c.branches(sc, n, limit, ordering(known, n+".idKey"), func(r idRange) {
			c.addf("MATCH (%[1]s:%[2]s) USING INDEX %[1]s:%[2]s(%[3]s, idKey)\nWHERE %[4]s", n, r.label, column, and(lead.column+" IS NOT NULL", n+".idKey IS NOT NULL", sc.where))
			c.keyset(known, p.After, n+".idKey")
		}))
	}
	if !lead.nullable {
		return lists
	}
	rest := p.After
	c.addf("CALL (%s) {\n", strings.Join(lists, ""))
	if len(lists) > 0 {
		rest = nil
		c.addf("WITH %[1]s WHERE size(%[1]s) < %[2]s\n", lists[0], limit)
	}
	return append(lists, c.branches(sc, n, limit, ordering(keys[1:], n+".idKey"), func(r idRange) {
		c.addf("MATCH (%[1]s:%[2]s) USING INDEX SEEK %[1]s:%[2]s(idKey)\nWHERE %[1]s.idKey > %[3]s AND %[1]s.idKey < %[4]s AND %[5]s", n, sc.all, c.param(r.from), c.param(r.to), and(lead.column+" IS NULL", sc.where))
		c.keyset(keys, rest, n+".idKey")
	}))
}

// branches writes one ordered, bounded search per range, merges them into a
// list and ends the subquery.
func (c *compiler) branches(sc scope, n, limit, order string, search func(idRange)) string {
	out := c.name("rows")
	c.addf("CALL () {\n")
	for i, r := range sc.ranges {
		if i > 0 {
			c.addf("UNION ALL\n")
		}
		search(r)
		c.addf("\nRETURN %s ORDER BY %s LIMIT %s\n", n, order, limit)
	}
	c.addf("}\n")
	if len(sc.ranges) > 1 {
		c.addf("WITH %s ORDER BY %s LIMIT %s\n", n, order, limit)
	}
	c.addf("RETURN collect(%s) AS %s\n}\n", n, out)
	return out
}

func (c *compiler) sourcesByID(s intel.Selection) string {
	if len(s.SourceIDs) == 0 {
		return ""
	}
	out, n := c.name("sources"), c.name("s")
	c.addf("CALL () {\nUNWIND %s AS id\nMATCH (%s:Source {id: id})\n", c.param(anys(s.SourceIDs)), n)
	c.addf("RETURN collect([%s]) AS %s\n}\n", items(c.source(n, s.SourceClaims)), out)
	return out
}

func (c *compiler) source(n string, claims []intel.ClaimSelection) []string {
	row := []string{n + ".row"}
	for _, p := range claims {
		row = append(row, c.claimPage(n, "source", n+".id", nil, p)...)
	}
	return row
}

// sourceList is the list of sources.
func (c *compiler) sourceList(s intel.Selection) string {
	if s.SourceList == nil {
		return ""
	}
	l, n := *s.SourceList, c.name("s")
	sc := scope{where: strings.Join(c.sourceConditions(n, l.Where), " AND "), ranges: []idRange{{"Source", "", beyond}}, all: "Source"}
	if l.Where.IDs != nil {
		sc.seed = fmt.Sprintf("UNWIND %s AS id\nMATCH (%s:Source {id: id})", c.param(anys(l.Where.IDs)), n)
	}
	var keys []orderKey
	for _, o := range l.Order {
		switch o.By {
		case intel.ByPublished:
			keys = append(keys, orderKey{column: n + ".publishedLo", desc: o.Desc, nullable: true})
		case intel.ByClaims:
			keys = append(keys, orderKey{column: n + ".claims", desc: o.Desc})
		default:
			keys = append(keys, orderKey{column: n + ".titleSort", text: true, desc: o.Desc})
		}
	}
	if len(keys) == 0 {
		keys = []orderKey{{column: n + ".titleSort", text: true}}
	}
	out := c.name("list")
	found := c.page(sc, n, keys, l.Page)
	if l.Page.First == 0 {
		return c.endPage(out, n, sc, []string{"1"}, l.Page)
	}
	row := append([]string{"size(" + found + ")"}, c.source(n, s.SourceClaims)...)
	return c.endPage(out, n, sc, row, l.Page)
}
