package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// gathering builds the answer of one Collect.
type gathering struct {
	*reader
	need   *intel.Need
	claims map[int64]*intel.Claim
	live   string // narrows statements to live claims, unless history is wanted
	links  map[string]bool
	set    *intel.WorkingSet
}

// Collect implements intel.Reader.
func (r *reader) Collect(ctx context.Context, n intel.Need) (*intel.WorkingSet, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	g := &gathering{reader: r, need: &n, claims: map[int64]*intel.Claim{}, live: " AND c.live = 1", links: map[string]bool{},
		set: &intel.WorkingSet{Sources: map[string]*intel.Source{}, Mentions: map[string]intel.Mention{}}}
	if n.History {
		g.live = ""
	}
	for _, part := range []func() error{g.claimsByID, g.claimsAbout, g.claimsOnLinks, g.claimsTouching, g.claimsOf,
		g.claimsMentioning, g.sourcesOfClaims, g.records, g.settledLinks, g.sourcesWithAncestors, g.dependents, g.mentions} {
		if err := part(); err != nil {
			return nil, failure(ctx, "collect", err)
		}
	}
	return g.set, nil
}

// add runs a statement that answers claimColumns and keeps each claim once.
func (g *gathering) add(query string, vs ...value) error {
	return g.c.each(query, func(st *stmt) error {
		no := st.ColumnInt64(0)
		if g.claims[no] != nil {
			return nil
		}
		if g.need.ClaimLimit > 0 && len(g.claims) == g.need.ClaimLimit {
			return fmt.Errorf("%w: more than %d claims are needed at once", intel.ErrLimit, g.need.ClaimLimit)
		}
		c, err := g.claim(st)
		g.claims[no] = c
		return err
	}, vs...)
}

func (g *gathering) claimsByID() error {
	for _, id := range g.need.ClaimIDs {
		if err := g.add("SELECT "+claimColumns+" FROM claim c WHERE c.id = ?", blob(hashOf(id))); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) claimsAbout() error {
	query := "SELECT " + claimColumns + " FROM claim c INDEXED BY claim_by_subject WHERE c.subject = ? AND c.type IS NULL" + g.live
	return g.eachEntity(g.need.Subjects, func(no int64) error { return g.add(query, num(no)) })
}

// eachEntity calls the function with the numbers of those ids that the store
// knows.
func (g *gathering) eachEntity(ids []string, do func(int64) error) error {
	for _, id := range ids {
		no, err := g.entityNo(id)
		if err != nil {
			return err
		}
		if no == 0 {
			continue
		}
		if err := do(no); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) claimsOnLinks() error {
	query := "SELECT " + claimColumns + ` FROM claim c INDEXED BY claim_by_link
		WHERE c.subject = ? AND c.type = ? AND c.object = ?` + g.live
	for _, id := range g.need.Links {
		typ, from, to, ok := intel.SplitLinkID(id)
		if !ok {
			continue
		}
		kind, err := g.number(typeWord, string(typ))
		if err != nil {
			return err
		}
		err = g.eachEntity([]string{from}, func(f int64) error {
			return g.eachEntity([]string{to}, func(t int64) error { return g.add(query, num(f), num(kind), num(t)) })
		})
		if err != nil {
			return err
		}
	}
	query = "SELECT " + claimColumns + " FROM claim c INDEXED BY claim_by_link WHERE c.subject = ? AND c.type = ?" + g.live
	return g.eachFrom(g.need.From, func(from, kind int64) error { return g.add(query, num(from), num(kind)) })
}

func (g *gathering) eachFrom(needs []intel.FromNeed, do func(from, kind int64) error) error {
	for _, n := range needs {
		kind, err := g.number(typeWord, string(n.Type))
		if err != nil {
			return err
		}
		if err := g.eachEntity([]string{n.From}, func(no int64) error { return do(no, kind) }); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) claimsTouching() error {
	q := g.query().touching(g.live, g.need.TouchingTypes)
	where := q.text.String()
	return g.eachEntity(g.need.Touching, func(no int64) error {
		q.args[0] = num(no)
		if err := g.add("SELECT "+claimColumns+" FROM claim c INDEXED BY claim_by_subject WHERE c.subject"+where, q.args...); err != nil {
			return err
		}
		return g.add("SELECT "+claimColumns+" FROM claim c INDEXED BY claim_by_object WHERE c.object"+where, q.args...)
	})
}

func (g *gathering) claimsOf() error {
	for _, id := range g.need.ClaimsOf {
		no, err := g.sourceNo(id)
		if err != nil {
			return err
		}
		if err := g.add("SELECT "+claimColumns+" FROM claim c INDEXED BY claim_by_source WHERE c.source = ?"+g.live, num(no)); err != nil {
			return err
		}
	}
	return nil
}

// records reads entities of the settled graph with their facts.
func (g *gathering) records() error {
	ids := slices.Compact(slices.Sorted(slices.Values(g.need.Records)))
	for _, id := range ids {
		err := g.c.each("SELECT "+recordColumns+" FROM entity e WHERE e.id = ? AND e.sort_key IS NOT NULL", func(st *stmt) error {
			return g.addRecord(st)
		}, txt(id))
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) addRecord(st *stmt) (err error) {
	rec := &intel.Record{}
	if err := g.record(st, rec); err != nil {
		return err
	}
	rec.Facts, err = g.facts(st.ColumnInt64(0))
	g.set.Records = append(g.set.Records, rec)
	return err
}

func (g *gathering) settledLinks() error {
	w := &walk{reader: g.reader}
	for _, id := range g.need.LinkRows {
		e, _, err := w.linkByID(id)
		if err != nil {
			return err
		}
		if e != nil {
			g.addLink(&e.link)
		}
	}
	err := g.eachFrom(g.need.FromRows, func(from, kind int64) error { return g.linksFrom(from, kind) })
	slices.SortFunc(g.set.Links, func(a, b *intel.Link) int { return strings.Compare(a.ID, b.ID) })
	return err
}

func (g *gathering) addLink(l *intel.Link) {
	if !g.links[l.ID] {
		g.links[l.ID] = true
		g.set.Links = append(g.set.Links, l)
	}
}

// linksFrom reads the settled links of one type from an entity.
func (g *gathering) linksFrom(from, kind int64) error {
	id, err := g.entityID(from)
	if err != nil {
		return err
	}
	word, err := g.word(typeWord, kind)
	if err != nil {
		return err
	}
	return g.c.each("SELECT e.id, "+linkColumns+` FROM edge d CROSS JOIN entity e ON e.no = d.there
		WHERE d.here = ? AND d.type = ? AND d.dir = 0`, func(st *stmt) error {
		l, err := g.linkRow(st, id, intel.LinkType(word))
		if err == nil {
			g.addLink(l)
		}
		return err
	}, num(from), num(kind))
}

// linkRow reads a link from the id of its to end and linkColumns.
func (r *reader) linkRow(st *stmt, from string, typ intel.LinkType) (*intel.Link, error) {
	to := st.ColumnText(0)
	l := &intel.Link{ID: from + "|" + string(typ) + "|" + to, Type: typ, From: from, To: to}
	return l, r.link(st, 1, l, new([1]intel.Interval))
}

// sourcesWithAncestors reads sources, what they derive from, and all versions.
func (g *gathering) sourcesWithAncestors() error {
	queue, seen := slices.Clone(g.need.Sources), map[string]bool{}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		s, err := g.sourceByID(id)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		if s.Versions, err = g.sourceVersions(id); err != nil {
			return err
		}
		g.set.Sources[id] = s
		queue = append(queue, s.DerivedFrom...)
	}
	return nil
}

func (g *gathering) dependents() error {
	if len(g.need.Dependents) == 0 {
		return nil
	}
	return g.c.each(`WITH RECURSIVE found (no) AS (
			SELECT s.no FROM source s WHERE s.id IN (SELECT value FROM json_each(?))
			UNION
			SELECT d.child FROM found CROSS JOIN derived d ON d.parent = found.no
		)
		SELECT s.id FROM found CROSS JOIN source s ON s.no = found.no
		WHERE s.body IS NOT NULL OR s.named = 1 ORDER BY s.id`, func(st *stmt) error {
		g.set.Dependents = append(g.set.Dependents, st.ColumnText(0))
		return nil
	}, txt(jsonList(texts(g.need.Dependents))))
}

// sourcesOfClaims orders the claims and reads their sources.
func (g *gathering) sourcesOfClaims() error {
	for _, c := range g.claims {
		g.set.Claims = append(g.set.Claims, c)
	}
	byID(g.set.Claims)
	for _, c := range g.set.Claims {
		if g.set.Sources[c.Source] != nil {
			continue
		}
		s, err := g.sourceByID(c.Source)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		if g.need.History {
			if s.Versions, err = g.sourceVersions(c.Source); err != nil {
				return err
			}
		}
		g.set.Sources[c.Source] = s
	}
	return nil
}

// mentionIndexes are the three ways in which claims mention an entity, each in
// the order of (revision, id).
var mentionIndexes = [...]string{
	"FROM claim c INDEXED BY claim_by_subject WHERE c.subject = ?1",
	"FROM claim c INDEXED BY claim_by_object WHERE c.object = ?1",
	"FROM claim c INDEXED BY claim_by_speaker WHERE c.said_by = ?1",
}

// claimsMentioning reads the first claims that mention an entity: the first of
// each way, then the first of all these.
func (g *gathering) claimsMentioning() error {
	most := int64(g.need.FirstMentions)
	if most <= 0 {
		most = -1
	}
	return g.eachEntity(g.need.Mentioning, func(no int64) error {
		var nos []int64
		for _, from := range mentionIndexes {
			err := g.c.each("SELECT c.no "+from+g.live+" ORDER BY c.no LIMIT ?2 + 0", func(st *stmt) error {
				nos = append(nos, st.ColumnInt64(0))
				return nil
			}, num(no), num(most))
			if err != nil {
				return err
			}
		}
		slices.Sort(nos)
		nos = slices.Compact(nos)
		if most >= 0 && int64(len(nos)) > most {
			nos = nos[:most]
		}
		for _, no := range nos {
			if err := g.add("SELECT "+claimColumns+" FROM claim c WHERE c.no = ?", num(no)); err != nil {
				return err
			}
		}
		return nil
	})
}

// mentions says of entities how claims mention them.
func (g *gathering) mentions() error {
	if len(g.need.Mentions) == 0 {
		return nil
	}
	except := map[int64]bool{}
	for _, id := range g.need.Except {
		no, err := g.no("SELECT no FROM claim WHERE id = ?", blob(hashOf(id)))
		if err != nil {
			return err
		}
		except[no] = true
	}
	for _, id := range g.need.Mentions {
		m, err := g.mention(id, except)
		if err != nil {
			return err
		}
		g.set.Mentions[id] = m
	}
	return nil
}

func (g *gathering) mention(id string, except map[int64]bool) (m intel.Mention, err error) {
	var no int64
	err = g.c.each("SELECT no, changed FROM entity WHERE id = ?", func(st *stmt) error {
		no, m.Own = st.ColumnInt64(0), st.ColumnInt64(1)
		return nil
	}, txt(id))
	if err != nil || no == 0 {
		return m, err
	}
	for _, from := range mentionIndexes {
		err := g.c.each("SELECT c.no, c.revision "+from+" AND c.live = 1 ORDER BY c.no", func(st *stmt) error {
			if except[st.ColumnInt64(0)] {
				return nil
			}
			if revision := st.ColumnInt64(1); m.First == 0 || revision < m.First {
				m.First = revision
			}
			return errEnough
		}, num(no))
		if err != nil && !errors.Is(err, errEnough) {
			return m, err
		}
	}
	return m, nil
}
