package sqlite

import (
	"encoding/json"
	"slices"

	"dragnet/internal/intel"
)

// sourceRoots answers sources by id and as a list.
func (w *walk) sourceRoots(s *intel.Selection, a *intel.Answer) error {
	for _, id := range s.SourceIDs {
		src, err := w.sourceByID(id)
		if err != nil {
			return err
		}
		if src == nil {
			continue
		}
		n := &intel.SourceNode{Source: src}
		if err := w.sourceClaims(n, s.SourceClaims); err != nil {
			return err
		}
		a.SourceNodes = append(a.SourceNodes, n)
	}
	if s.SourceList == nil {
		return nil
	}
	page, err := w.sourceList(s.SourceList)
	a.SourceList = page
	if err != nil {
		return err
	}
	for _, n := range page.Sources {
		if err := w.sourceClaims(n, s.SourceClaims); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) sourceClaims(n *intel.SourceNode, sels []intel.ClaimSelection) error {
	if len(sels) == 0 {
		return nil
	}
	no, err := w.sourceNo(n.ID)
	if err != nil {
		return err
	}
	n.Claims = make(map[string]*intel.ClaimPage, len(sels))
	for i := range sels {
		page, err := w.claimPage(&sels[i], claimsSaying, num(no))
		if err != nil {
			return err
		}
		n.Claims[sels[i].Key] = page
		if _, err := w.cite(page.Claims, nil); err != nil {
			return err
		}
	}
	return nil
}

// sourceList reads a page of sources in the order of an index: first those
// that have a value for the first key, then those that lack it.
func (w *walk) sourceList(l *intel.SourceList) (*intel.SourcePage, error) {
	page := &intel.SourcePage{}
	keys, index := sourceKeys(l.Order)
	if l.Page.Count {
		q := w.query().write("SELECT count(*) FROM source s WHERE s.body IS NOT NULL")
		q.sourceWhere(&l.Where)
		n, err := w.no(q.text.String(), q.args...)
		if err != nil {
			return nil, err
		}
		page.Total = int(n)
	}
	at := l.Page.After
	if at != nil && len(at.Keys) != len(keys) {
		at = nil
	}
	for _, null := range []bool{false, true} {
		if null && !keys[0].nullable || !null && at != nil && at.Keys[0].Null {
			continue
		}
		from := at
		if null && at != nil && !at.Keys[0].Null {
			from = nil
		}
		q := w.sourceStage(l, slices.Clone(keys), index, null, from, l.Page.First+1-len(page.Sources))
		if err := w.sourceRows(q, keys, page); err != nil {
			return nil, err
		}
		if len(page.Sources) > l.Page.First {
			page.Sources, page.Positions, page.More = page.Sources[:l.Page.First], page.Positions[:l.Page.First], true
			break
		}
	}
	return page, nil
}

func (w *walk) sourceRows(q *query, keys []sortKey, page *intel.SourcePage) error {
	return w.c.each(q.text.String(), func(st *stmt) error {
		s, err := source(st)
		if err != nil {
			return err
		}
		page.Sources = append(page.Sources, &intel.SourceNode{Source: s})
		page.Positions = append(page.Positions, intel.Position{Keys: positionKeys(st, 4, keys), ID: s.ID})
		return nil
	}, q.args...)
}

// sourcesOf reads a page of the sources of live claims about an entity; two
// indexes hold all that it takes to find them.
func (w *walk) sourcesOf(sel *intel.SourceSelection, no int64) (*intel.SourcePage, error) {
	const from = ` FROM source s WHERE s.body IS NOT NULL AND s.no IN (
			SELECT c.source FROM claim c INDEXED BY claim_by_subject WHERE c.subject = ?1 AND c.live = 1
			UNION ALL
			SELECT c.source FROM claim c INDEXED BY claim_by_object WHERE c.object = ?1 AND c.live = 1
		)`
	page := &intel.SourcePage{}
	if sel.Page.Count {
		n, err := w.no("SELECT count(*)"+from, num(no))
		if err != nil {
			return nil, err
		}
		page.Total = int(n)
	}
	after := ""
	if sel.Page.After != nil {
		after = sel.Page.After.ID
	}
	err := w.c.each("SELECT "+sourceColumns+from+" AND s.id > ?2 ORDER BY s.id LIMIT ?3", func(st *stmt) error {
		if len(page.Sources) == sel.Page.First {
			page.More = true
			return nil
		}
		s, err := source(st)
		if err != nil {
			return err
		}
		page.Sources = append(page.Sources, &intel.SourceNode{Source: s})
		page.Positions = append(page.Positions, intel.Position{ID: s.ID})
		return nil
	}, num(no), txt(after), num(sel.Page.First+1))
	return page, err
}

// sourceVersions reads all headers that a source ever had, by revision, then
// hash.
func (r *reader) sourceVersions(id string) (out []intel.HeaderVersion, err error) {
	err = r.c.each(`SELECT v.hash, v.revision, v.at, v.author, v.header
		FROM version v JOIN source s ON s.no = v.source WHERE s.id = ? ORDER BY v.revision, v.hash`, func(st *stmt) error {
		v := intel.HeaderVersion{Hash: st.ColumnText(0)}
		author, err := r.word(authorWord, st.ColumnInt64(3))
		if err != nil {
			return err
		}
		v.Added = intel.Stamp{Revision: st.ColumnInt64(1), At: momentAt(st, 2), By: author}
		err = json.Unmarshal(bytesAt(st, 4), &v.Header)
		out = append(out, v)
		return err
	}, txt(id))
	return out, err
}
