package neo4j

import (
	"fmt"
	"strings"

	"dragnet/internal/intel"
)

// Lists of claims come as one item: how many were found, the rows, and the
// rows of their sources, each once.

// cited turns the collected claims in found into such an item and ends the
// subquery.
func (c *compiler) cited(found, upTo string) string {
	out := c.name("page")
	c.addf("CALL (%[1]s) {\nUNWIND %[1]s%[2]s AS c\nWITH DISTINCT c.source AS id\nMATCH (s:Source {id: id})\nRETURN collect(s.row) AS cited\n}\n", found, upTo)
	c.addf("RETURN [size(%[1]s), [c IN %[1]s%[2]s | [c.row, c.events]], cited] AS %[3]s\n}\n", found, upTo, out)
	return out
}

// evidence is every claim that a condition on it and the outer variable names.
func (c *compiler) evidence(of, condition string) string {
	claim, found := c.name("c"), c.name("found")
	c.addf("CALL (%s) {\nMATCH (%s:Claim) %s\n", of, claim, fmt.Sprintf(condition, claim, of))
	c.addf("WITH collect(%s) AS %s\n", claim, found)
	return c.cited(found, "")
}

func (c *compiler) claimsByID(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	claim, found := c.name("c"), c.name("found")
	c.addf("CALL () {\nUNWIND %s AS id\nMATCH (%s:Claim {id: id})\nWITH collect(%s) AS %s\n", c.param(anys(ids)), claim, claim, found)
	return c.cited(found, "")
}

// claimPage is a page of the claims whose column has the value, in order of
// their revision; on restricts the outer variable.
func (c *compiler) claimPage(of, column, value string, on []intel.Kind, s intel.ClaimSelection) []string {
	claim, found := c.name("c"), c.name("found")
	where := append([]string{fmt.Sprintf("%[1]s.%[2]s = %[3]s AND %[1]s.revision IS NOT NULL AND %[1]s.id IS NOT NULL", claim, column, value)}, c.claimConditions(claim, s.Where)...)
	if len(on) > 0 {
		where = append(where, labels(of, on))
	}
	match := fmt.Sprintf("CALL (%[1]s) {\nMATCH (%[2]s:Claim) USING INDEX SEEK %[2]s:Claim(%[3]s, revision, id)\nWHERE %[4]s", of, claim, column, strings.Join(where, " AND "))
	c.addf("%s", match)
	c.keyset([]orderKey{{column: claim + ".revision"}}, s.Page.After, claim+".id")
	c.addf("\nWITH %[1]s ORDER BY %[1]s.%[2]s, %[1]s.revision, %[1]s.id LIMIT %[3]s\nWITH collect(%[1]s) AS %[4]s\n", claim, column, c.param(s.Page.First+1), found)
	page := c.cited(found, "[.."+c.param(s.Page.First)+"]")
	if !s.Page.Count {
		return []string{page}
	}
	total := c.name("total")
	c.addf("%s\nRETURN count(*) AS %s\n}\n", match, total)
	return []string{page, total}
}

// claimList is a page of all claims: found at their subjects or their sources
// when these are named, else walked in order of their revision.
func (c *compiler) claimList(s *intel.ClaimSelection) []string {
	if s == nil {
		return nil
	}
	claim, found, index, known := c.name("c"), c.name("found"), "revision, id", ""
	for _, by := range []struct {
		column string
		ids    []string
	}{{"source", s.Where.Sources}, {"subject", s.Where.Subjects}} {
		if by.ids != nil {
			index, known = by.column+", revision, id", fmt.Sprintf("%s.%s IN %s", claim, by.column, c.param(anys(by.ids)))
		}
	}
	where := append([]string{known, claim + ".revision IS NOT NULL", claim + ".id IS NOT NULL"}, c.claimConditions(claim, s.Where)...)
	match := fmt.Sprintf("CALL () {\nMATCH (%[1]s:Claim) USING INDEX %[1]s:Claim(%[2]s)\nWHERE %[3]s", claim, index, and(where...))
	c.addf("%s", match)
	c.keyset([]orderKey{{column: claim + ".revision"}}, s.Page.After, claim+".id")
	c.addf("\nWITH %[1]s ORDER BY %[1]s.revision, %[1]s.id LIMIT %[2]s\nWITH collect(%[1]s) AS %[3]s\n", claim, c.param(s.Page.First+1), found)
	page := c.cited(found, "[.."+c.param(s.Page.First)+"]")
	if !s.Page.Count {
		return []string{page}
	}
	total := c.name("total")
	c.addf("%s\nRETURN count(*) AS %s\n}\n", match, total)
	return []string{page, total}
}

func (c *compiler) claimConditions(claim string, f intel.ClaimFilter) []string {
	var out []string
	add := func(format string, v any) { out = append(out, fmt.Sprintf(format, claim, c.param(v))) }
	switch {
	case f.Properties != nil && f.LinkTypes != nil:
		out = append(out, fmt.Sprintf("(%[1]s.property IN %[2]s OR %[1]s.linkType IN %[3]s)", claim, c.param(anys(f.Properties)), c.param(anys(f.LinkTypes))))
	case f.Properties != nil:
		add("%s.property IN %s", anys(f.Properties))
	case f.LinkTypes != nil:
		add("%s.linkType IN %s", anys(f.LinkTypes))
	}
	if f.Subjects != nil {
		add("%s.subject IN %s", anys(f.Subjects))
	}
	if f.Sources != nil {
		add("%s.source IN %s", anys(f.Sources))
	}
	if f.Live != nil {
		add("%s.live = %s", *f.Live)
	}
	if f.Stance != "" {
		add("%s.stance = %s", string(f.Stance))
	}
	if f.MinConfidence != nil {
		add("%s.confidence >= %s", *f.MinConfidence)
	}
	if f.MaxConfidence != nil {
		add("%s.confidence <= %s", *f.MaxConfidence)
	}
	if !f.RecordedAfter.IsZero() {
		add("%s.recordedAt > %s", f.RecordedAfter.UTC().Format(timeText))
	}
	if f.SinceRevision != nil {
		add("%s.revision > %s", *f.SinceRevision)
	}
	return out
}

// sourcePage is a page of the sources of live claims about an entity.
func (c *compiler) sourcePage(n string, s intel.SourceSelection) []string {
	on := ""
	if len(s.On) > 0 {
		on = " AND " + labels(n, s.On)
	}
	about := fmt.Sprintf(`CALL (%[1]s) {
MATCH (c:Claim) USING INDEX SEEK c:Claim(subject, revision, id)
WHERE c.subject = %[1]s.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live%[2]s
RETURN c.source AS id
UNION
MATCH (c:Claim) USING INDEX SEEK c:Claim(object, revision, id)
WHERE c.object = %[1]s.id AND c.revision IS NOT NULL AND c.id IS NOT NULL AND c.live%[2]s
RETURN c.source AS id
}
`, n, on)
	page, found := c.name("page"), c.name("found")
	c.addf("CALL (%s) {\n%s", n, about)
	after := ""
	if s.Page.After != nil {
		after = s.Page.After.ID
	}
	c.addf("MATCH (s:Source {id: id})\nWHERE s.idKey > %s\nWITH s ORDER BY s.idKey LIMIT %s\nWITH collect(s) AS %s\n", c.param(idKey(after)), c.param(s.Page.First+1), found)
	if s.Page.First == 0 {
		c.addf("RETURN [x IN %s | [1]] AS %s\n}\n", found, page)
	} else {
		c.addf("UNWIND %[1]s[..%[2]s] AS s\nRETURN collect([size(%[1]s), s.row]) AS %[3]s\n}\n", found, c.param(s.Page.First), page)
	}
	if !s.Page.Count {
		return []string{page}
	}
	total := c.name("total")
	c.addf("CALL (%s) {\n%sRETURN count(*) AS %s\n}\n", n, about, total)
	return []string{page, total}
}
