package sqlite

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// errEnough ends the reading of rows early.
var errEnough = errors.New("enough")

// Scan implements intel.Reader.
func (r *reader) Scan(ctx context.Context, part intel.Part, after string, limit int) (*intel.WorkingSet, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	g := &gathering{reader: r, set: &intel.WorkingSet{}}
	if limit <= 0 {
		return g.set, nil
	}
	var err error
	switch part {
	case intel.PartClaims:
		g.set.Claims, err = r.claims("SELECT "+claimColumns+" FROM claim c WHERE c.id > ? ORDER BY c.id LIMIT ? + 0", blob(hashAfter(after)), num(limit))
	case intel.PartSources:
		err = g.scanSources(after, limit)
	case intel.PartEntities:
		err = r.c.each("SELECT "+recordColumns+` FROM entity e INDEXED BY sqlite_autoindex_entity_1
			WHERE e.id > ? AND e.sort_key IS NOT NULL ORDER BY e.id LIMIT ? + 0`, g.addRecord, txt(after), num(limit))
	case intel.PartLinks:
		err = g.scanLinks(after, limit)
	default:
		err = wrong("there is no such part of a store")
	}
	if err != nil {
		return nil, failure(ctx, "scan", err)
	}
	return g.set, nil
}

// hashAfter gives bytes that stand where any text stands among claim ids.
func hashAfter(id string) string {
	if hash := hashOf(id); hash != "" {
		return hash
	}
	if id > intel.ClaimPrefix+"~" {
		return strings.Repeat(pastEnd, 33)
	}
	hex := strings.TrimPrefix(id, intel.ClaimPrefix)
	if hex == id {
		if id < intel.ClaimPrefix {
			return ""
		}
		return strings.Repeat(pastEnd, 33)
	}
	// A cut or odd id stands before all ids that begin with its whole bytes.
	hash := ""
	for len(hex) > 1 && unhex(hex[0]) < 16 && unhex(hex[1]) < 16 {
		hash += string([]byte{unhex(hex[0])<<4 | unhex(hex[1])})
		hex = hex[2:]
	}
	return hash
}

func (g *gathering) scanSources(after string, limit int) error {
	g.set.Sources = map[string]*intel.Source{}
	return g.c.each("SELECT "+sourceColumns+` FROM source s INDEXED BY sqlite_autoindex_source_1
		WHERE s.id > ? AND s.body IS NOT NULL ORDER BY s.id LIMIT ? + 0`, func(st *stmt) error {
		s, err := source(st)
		if err != nil {
			return err
		}
		s.Versions, err = g.sourceVersions(s.ID)
		g.set.Sources[s.ID] = s
		return err
	}, txt(after), num(limit))
}

// place is an entity by number and id.
type place struct {
	no int64
	id string
}

// scanLinks lists links in the order of their ids. The id of a link begins
// with that of its from end and a bar, and a bar is greater than every ASCII
// character of a key: the links of group:a-b come before those of group:a. So
// an entity waits on a stack until those whose ids continue its own have
// passed.
func (g *gathering) scanLinks(after string, limit int) error {
	from, _, _ := strings.Cut(after, "|")
	waiting, err := g.scanStart(after, from, limit)
	if err != nil {
		return err
	}
	pop := func() error {
		last := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		return g.scanFrom(last, "", limit)
	}
	start := ""
	if after != "" {
		start = from + "|"
	}
	err = g.c.each(`SELECT e.no, e.id FROM entity e INDEXED BY sqlite_autoindex_entity_1
		WHERE e.id > ? AND e.sort_key IS NOT NULL ORDER BY e.id`, func(st *stmt) error {
		next := place{st.ColumnInt64(0), st.ColumnText(1)}
		for len(waiting) > 0 && !continues(next.id, waiting[len(waiting)-1].id) {
			if err := pop(); err != nil {
				return err
			}
		}
		waiting = append(waiting, next)
		return nil
	}, txt(start))
	for err == nil && len(waiting) > 0 {
		err = pop()
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// continues says that an id begins with another and that its links come before
// the other's.
func continues(id, begin string) bool {
	return len(id) > len(begin) && strings.HasPrefix(id, begin) && id[len(begin)] < '|'
}

// scanStart reads what is left of the links of the entity that a scan stopped
// at, and finds the entities that still wait then.
func (g *gathering) scanStart(after, from string, limit int) (waiting []place, err error) {
	if after == "" {
		return nil, nil
	}
	for i := range len(from) {
		if from[i] >= '|' {
			continue
		}
		no, err := g.no("SELECT no FROM entity WHERE id = ? AND sort_key IS NOT NULL", txt(from[:i]))
		if err != nil {
			return nil, err
		}
		if no != 0 {
			waiting = append(waiting, place{no, from[:i]})
		}
	}
	no, err := g.entityNo(from)
	if err != nil || no == 0 {
		return waiting, err
	}
	if err := g.scanFrom(place{no, from}, after, limit); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return waiting, nil
}

// scanFrom adds the links that leave an entity and whose ids follow one.
func (g *gathering) scanFrom(from place, after string, limit int) error {
	if len(g.set.Links) >= limit {
		return errEnough
	}
	degrees, err := g.degrees(from.no)
	if err != nil {
		return err
	}
	types := map[string]int64{}
	var names []string
	for _, d := range degrees {
		word, err := g.word(typeWord, d.kind)
		if err != nil {
			return err
		}
		if _, known := types[word]; d.dir == 0 && !known {
			types[word] = d.kind
			names = append(names, word)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(a+"|", b+"|") })
	for _, name := range names {
		begin := from.id + "|" + name + "|"
		to := ""
		switch {
		case strings.HasPrefix(after, begin):
			to = after[len(begin):]
		case after > begin:
			continue
		}
		if err := g.scanType(from, types[name], intel.LinkType(name), to, limit); err != nil {
			return err
		}
	}
	if len(g.set.Links) >= limit {
		return errEnough
	}
	return nil
}

func (g *gathering) scanType(from place, kind int64, name intel.LinkType, after string, limit int) error {
	return g.c.each("SELECT e.id, "+linkColumns+` FROM edge d CROSS JOIN entity e ON e.no = d.there
		WHERE d.here = ? AND d.type = ? AND d.dir = 0 AND e.id > ? ORDER BY e.id LIMIT ? + 0`, func(st *stmt) error {
		l, err := g.linkRow(st, from.id, name)
		g.set.Links = append(g.set.Links, l)
		return err
	}, num(from.no), num(kind), txt(after), num(limit-len(g.set.Links)))
}

// Mentioned implements intel.Reader.
func (r *reader) Mentioned(ctx context.Context, kinds []intel.Kind, after string, limit int) ([]string, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	prefixes := []string{""}
	if len(kinds) > 0 {
		prefixes = nil
		for _, k := range kinds {
			prefixes = append(prefixes, k.Prefix()+":")
		}
		slices.Sort(prefixes)
		prefixes = slices.Compact(prefixes)
	}
	var out []string
	for _, p := range prefixes {
		end := pastEnd
		if p != "" {
			end = p[:len(p)-1] + ";" // what follows a colon
		}
		err := r.c.each(`SELECT id FROM entity INDEXED BY sqlite_autoindex_entity_1
			WHERE id > ?1 AND id >= ?2 AND id < ?3 AND mentioned = 1 ORDER BY id LIMIT ?4 + 0`, func(st *stmt) error {
			out = append(out, st.ColumnText(0))
			return nil
		}, txt(after), txt(p), txt(end), num(max(0, limit-len(out))))
		if err != nil {
			return nil, failure(ctx, "list mentions", err)
		}
	}
	return out, nil
}

// Names implements intel.Reader.
func (r *reader) Names(ctx context.Context, keys []string) ([]intel.NameRow, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	known, err := r.number(typeWord, string(intel.KnownAs))
	if err != nil {
		return nil, failure(ctx, "find names", err)
	}
	var out []intel.NameRow
	for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		err := r.c.each(`SELECT e.id, 0 FROM entity e INDEXED BY entity_by_key WHERE e.name_key = ?1 AND e.stub = 0
			UNION
			SELECT e.id, 1 FROM entity a INDEXED BY entity_by_key
			CROSS JOIN edge d ON d.here = a.no AND d.type = ?2 AND d.dir = 1
			CROSS JOIN entity e ON e.no = d.there
			WHERE a.name_key = ?1
			ORDER BY 1, 2`, func(st *stmt) error {
			out = append(out, intel.NameRow{Key: key, Entity: st.ColumnText(0), Alias: st.ColumnBool(1)})
			return nil
		}, txt(key), num(known))
		if err != nil {
			return nil, failure(ctx, "find names", err)
		}
	}
	return out, nil
}

// Named implements intel.Reader.
func (r *reader) Named(ctx context.Context, q intel.NameQuery) ([]string, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	mask, kinds, err := r.kindSet(q.Kinds)
	if err != nil {
		return nil, failure(ctx, "find names", err)
	}
	var out []string
	find := func(match string) {
		if err == nil {
			err = r.c.each(`SELECT e.id FROM term CROSS JOIN entity e ON e.no = term.rowid
				WHERE term MATCH ?1 AND ?2 >> e.kind & 1 LIMIT ?3`, func(st *stmt) error {
				out = append(out, st.ColumnText(0))
				return nil
			}, txt(match), num(mask), num(q.Limit))
		}
	}
	for _, t := range q.Terms {
		find(`"` + token(t) + `"`)
	}
	for _, p := range q.Words {
		find(`"` + token(intel.WordTerm(p)) + `"*`)
	}
	for _, p := range q.Prefixes {
		from := intel.SortKey(p)
		var first []named
		for _, kind := range kinds {
			if err == nil {
				err = r.c.each(`SELECT id, sort_key FROM entity INDEXED BY entity_by_name
					WHERE kind = ?1 AND sort_key >= ?2 AND sort_key < ?3 ORDER BY sort_key, id LIMIT ?4`, func(st *stmt) error {
					first = append(first, named{id: st.ColumnText(0), sort: st.ColumnText(1)})
					return nil
				}, num(kind), txt(from), txt(from+pastEnd), num(q.Limit))
			}
		}
		slices.SortFunc(first, func(a, b named) int { return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.id, b.id)) })
		for _, n := range first[:min(q.Limit, len(first))] {
			out = append(out, n.id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), failure(ctx, "find names", err)
}

type named struct{ id, sort string }

// kindSet gives the numbers of kinds (none: all) and a mask with their bits.
func (r *reader) kindSet(kinds []intel.Kind) (mask int64, numbers []int64, err error) {
	if len(kinds) == 0 {
		kinds = intel.Kinds()
	}
	for _, k := range kinds {
		n, err := r.number(kindWord, string(k))
		if err != nil {
			return 0, nil, err
		}
		if n != noWord && mask&(1<<n) == 0 {
			mask |= 1 << n
			numbers = append(numbers, n)
		}
	}
	return mask, numbers, nil
}

// Changes implements intel.Reader. The claims a revision added follow each
// other; those it retracted or reinstated are found by its events.
func (r *reader) Changes(ctx context.Context, since int64, limit int) ([]*intel.Claim, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	var out []*intel.Claim
	for revision := max(since, 0) + 1; revision <= r.revision; revision++ {
		changed, err := r.changedBy(revision)
		if err != nil {
			return nil, failure(ctx, "read changes", err)
		}
		if len(out) > 0 && len(out)+len(changed) > limit {
			break
		}
		out = append(out, changed...)
		if len(out) >= limit {
			break
		}
	}
	return out, nil
}

// changedBy reads the claims whose last change a revision made, by id.
func (r *reader) changedBy(revision int64) ([]*intel.Claim, error) {
	first, err := r.no("SELECT first_claim FROM revision WHERE no = ?", num(revision))
	if err != nil {
		return nil, err
	}
	added, err := r.claims("SELECT "+claimColumns+` FROM claim c WHERE c.no >= ?1 AND c.changed = ?2
		AND c.no < coalesce((SELECT first_claim FROM revision WHERE no > ?2 ORDER BY no LIMIT 1), 1 << 62)`, num(first), num(revision))
	if err != nil {
		return nil, err
	}
	moved, err := r.claims("SELECT "+claimColumns+` FROM claim c
		WHERE c.no IN (SELECT v.claim FROM event v WHERE v.revision = ?1) AND c.changed = ?1 AND c.revision < ?1`, num(revision))
	return byID(append(added, moved...)), err
}
