package neo4j

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// This file and compile_filter.go are the only ones that assemble statements.
// They put fixed fragments together by the shape of a Selection; labels, types
// and properties are the ontology's, every value is a parameter.
//
// Each part and each page below a node is one CALL subquery that collects its
// rows into a list, so a tree of any depth comes back in one row. A row is a
// list too: what stands in it, and in which order, answer.go reads off the
// same Selection.

// A compiler builds one statement. Variables are numbered, since Cypher lets
// no subquery use a name of an outer one again.
type compiler struct {
	text   strings.Builder
	params map[string]any
	names  int
}

// A compiled statement, its parameters, and its columns behind the counters.
type compiled struct {
	text   string
	params map[string]any
}

func compile(s intel.Selection) compiled {
	c := &compiler{params: map[string]any{}}
	c.text.WriteString(readBegin)
	var columns []string
	column := func(name string) {
		if name != "" {
			columns = append(columns, name)
		}
	}
	column(c.roots(s))
	column(c.list(s))
	column(c.links(s))
	for _, name := range c.linkList(s) {
		column(name)
	}
	column(c.claimsByID(s.ClaimIDs))
	for _, name := range c.claimList(s.ClaimList) {
		column(name)
	}
	column(c.sourcesByID(s))
	column(c.sourceList(s))
	c.text.WriteString(readEnd + ", revision")
	for _, name := range columns {
		c.text.WriteString(", " + name)
	}
	return compiled{c.text.String(), c.params}
}

func (c *compiler) param(v any) string {
	name := "p" + strconv.Itoa(len(c.params))
	c.params[name] = v
	return "$" + name
}

// name makes a variable.
func (c *compiler) name(kind string) string {
	c.names++
	return kind + strconv.Itoa(c.names)
}

func (c *compiler) addf(format string, args ...any) { fmt.Fprintf(&c.text, format, args...) }

// and joins conditions; empty ones are none.
func and(conditions ...string) string {
	conditions = slices.DeleteFunc(conditions, func(s string) bool { return s == "" })
	if len(conditions) == 0 {
		return "true"
	}
	return strings.Join(conditions, " AND ")
}

// items joins what a row holds.
func items(parts ...[]string) string { return strings.Join(slices.Concat(parts...), ", ") }

// roots are the entities in IDs.
func (c *compiler) roots(s intel.Selection) string {
	if len(s.IDs) == 0 {
		return ""
	}
	out, n := c.name("nodes"), c.name("n")
	c.addf("CALL () {\nUNWIND %s AS id\nMATCH (%s:Entity {id: id})\n", c.param(anys(s.IDs)), n)
	c.addf("RETURN collect([%s]) AS %s\n}\n", items(c.node(n, s.Node)), out)
	return out
}

// links are the settled links in LinkIDs.
func (c *compiler) links(s intel.Selection) string {
	if len(s.LinkIDs) == 0 {
		return ""
	}
	wanted := linkEnds(s.LinkIDs)
	var types []intel.LinkType
	for _, l := range intel.LinkTypes() {
		if slices.ContainsFunc(wanted, func(w any) bool { return w.([]any)[1] == string(l.Type) }) {
			types = append(types, l.Type)
		}
	}
	if len(types) == 0 {
		return "[]"
	}
	out, r, a, b := c.name("links"), c.name("r"), c.name("a"), c.name("b")
	c.addf("CALL () {\nUNWIND %s AS l\nMATCH (%s:Entity {id: l[0]})\nMATCH (%s:Entity {id: l[2]})\n", c.param(wanted), a, b)
	c.addf("MATCH (%s)-[%s:%s]->(%s)\nWHERE type(%s) = l[1]\n", a, r, union(types), b, r)
	c.addf("RETURN collect([%s]) AS %s\n}\n", c.rootLink(r, a, b, s), out)
	return out
}

// rootLink are the items of the row of a link between two nodes.
func (c *compiler) rootLink(r, a, b string, s intel.Selection) string {
	return items([]string{r + ".row"}, c.backing(r, s.Link), c.node(a, s.From), c.node(b, s.To))
}

// node writes the subqueries that a node needs, and gives the items of its row.
func (c *compiler) node(n string, s intel.NodeSelection) []string {
	row := []string{n + ".row"}
	if s.Values {
		row = append(row, n+".facts")
	}
	if s.Counts {
		row = append(row, c.counts(n)...)
	}
	if s.Evidence {
		row = append(row, c.evidence(n, "USING INDEX SEEK %[1]s:Claim(subject, property)\nWHERE %[1]s.subject = %[2]s.id AND %[1]s.property IS NOT NULL AND %[1]s.live"))
	}
	for _, l := range s.Links {
		row = append(row, c.linkPage(n, l)...)
	}
	for _, p := range s.Claims {
		row = append(row, c.claimPage(n, "subject", n+".id", p.On, p)...)
	}
	for _, p := range s.Sources {
		row = append(row, c.sourcePage(n, p)...)
	}
	return row
}

// counts are rows of type, kind of neighbour and number, leaving and arriving.
// Claims arrive by relationships without properties.
func (c *compiler) counts(n string) []string {
	leaving, arriving := c.name("leaving"), c.name("arriving")
	for _, way := range [][4]string{{"-", "->", "toKind", leaving}, {"<-", "-", "fromKind", arriving}} {
		c.addf("CALL (%s) {\nMATCH (%s)%s[r]%s()\nWHERE r.%s IS NOT NULL\n", n, n, way[0], way[1], way[2])
		c.addf("WITH type(r) AS t, r.%s AS kind, count(*) AS total\nRETURN collect([t, kind, total]) AS %s\n}\n", way[2], way[3])
	}
	return []string{leaving, arriving}
}

// linkPage writes a page of links and gives its items: the rows, and the total
// when it is counted. A row begins with the number of links found, which is
// one more than wanted when others follow; a page of no rows is one row when
// there are any.
func (c *compiler) linkPage(n string, s intel.LinkSelection) []string {
	w := walkOf(s)
	if w.none() {
		return none(s.Page)
	}
	out, r, m := c.name("page"), c.name("r"), c.name("n")
	keys := orderKeys(m, s.Order)
	after := c.param(s.Page.First + 1)
	c.addf("CALL (%s) {\n", n)
	c.match(w, n, r, m, s)
	if w.indexed(s) {
		self, sort, other := w.keys()
		keys = []orderKey{{column: r + "." + sort, text: true, desc: len(s.Order) > 0 && s.Order[0].Desc}}
		c.keyset(keys, s.Page.After, r+"."+other, r+".idKey")
		down := ""
		if keys[0].desc {
			down = " DESC"
		}
		c.addf("\nWITH %s ORDER BY %s.%s%s, %s.%s%s, %s.%s LIMIT %s\n", r, r, self, down, r, sort, down, r, other, after)
	} else {
		c.keyset(keys, s.Page.After, m+".idKey", r+".idKey")
		c.addf("\nWITH %s, %s ORDER BY %s LIMIT %s\n", r, m, ordering(keys, m+".idKey", r+".idKey"), after)
	}
	if s.Page.First == 0 {
		c.addf("RETURN collect([1]) AS %s\n}\n", out)
		return c.counted(out, w, n, s)
	}
	found := c.name("found")
	c.addf("WITH collect(%s) AS %s\nUNWIND %s[..%s] AS %s\nWITH %s, %s AS %s, size(%s) AS %sSize\n", r, found, found, c.param(s.Page.First), r, r, w.neighbor(n, r), m, found, found)
	row := []string{found + "Size", r + ".row"}
	for _, k := range orderKeys(m, s.Order) {
		if k.kept {
			row = append(row, k.column)
		}
	}
	row = append(row, c.node(m, s.Node)...)
	row = append(row, c.backing(r, s)...)
	c.addf("RETURN collect([%s]) AS %s\n}\n", items(row), out)
	return c.counted(out, w, n, s)
}

func (c *compiler) counted(page string, w walk, n string, s intel.LinkSelection) []string {
	if !s.Page.Count {
		return []string{page}
	}
	return []string{page, c.linkTotal(w, n, s)}
}

// none is the page of a selection that nothing can meet.
func none(p intel.Page) []string {
	if p.Count {
		return []string{"[]", "0"}
	}
	return []string{"[]"}
}

// linkTotal counts all links of a page's selection. Where nothing is filtered
// Neo4j keeps the number.
func (c *compiler) linkTotal(w walk, n string, s intel.LinkSelection) string {
	total, r, m := c.name("total"), c.name("r"), c.name("n")
	if w.plain() && len(s.Kinds) == 0 && s.Where == nil && unfiltered(s.Link) {
		c.addf("CALL (%s) {\nRETURN COUNT { %s } AS %s\n}\n", n, w.pattern(n, "", ""), total)
		if len(s.On) > 0 {
			return fmt.Sprintf("CASE WHEN %s THEN %s ELSE 0 END", labels(n, s.On), total)
		}
		return total
	}
	c.addf("CALL (%s) {\n", n)
	s.Order = []intel.Order{{By: intel.OrderChanged}} // no index of names
	c.match(w, n, r, m, s)
	c.addf("\nRETURN count(*) AS %s\n}\n", total)
	return total
}

// match writes the MATCH of a page of links, with all its conditions but that
// of the position.
func (c *compiler) match(w walk, n, r, m string, s intel.LinkSelection) {
	where := []string{}
	if w.indexed(s) {
		self, sort, other := w.keys()
		c.addf("MATCH %s USING INDEX SEEK %s:%s(%s, %s, %s)", w.pattern("", r, m), r, w.types()[0], self, sort, other)
		where = append(where, fmt.Sprintf("%[1]s.%[2]s = %[3]s.idKey AND %[1]s.%[4]s IS NOT NULL AND %[1]s.%[5]s IS NOT NULL", r, self, n, sort, other))
	} else {
		c.addf("MATCH %s", w.pattern(n, r, m))
		where = append(where, w.condition(n, r)...)
	}
	if len(s.On) > 0 {
		where = append(where, labels(n, s.On))
	}
	if len(s.Kinds) > 0 {
		where = append(where, labels(m, s.Kinds))
	}
	where = append(where, c.linkConditions(r, m, s.Link)...)
	if s.Where != nil {
		where = append(where, c.filter(m, s.Where, false))
	}
	c.addf("\nWHERE %s", and(where...))
}

// backing writes what is wanted of a link's claims.
func (c *compiler) backing(r string, s intel.LinkSelection) []string {
	var row []string
	if s.Evidence {
		row = append(row, c.evidence(r, "USING INDEX SEEK %[1]s:Claim(link, revision, id)\nWHERE %[1]s.link = %[2]s.id AND %[1]s.revision IS NOT NULL AND %[1]s.id IS NOT NULL AND %[1]s.live"))
	}
	for _, p := range s.Claims {
		row = append(row, c.claimPage(r, "link", r+".id", nil, p)...)
	}
	return row
}
