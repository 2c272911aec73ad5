package sqlite

import (
	"encoding/json"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// claimColumns are what claim reads, in its order.
const claimColumns = `c.no, c.id, c.subject, c.type, c.object, c.property, c.source, c.revision, c.at, c.author,
	c.events, c.stance, c.confidence, c.said_by, c.value_type, c.value, c.role, c.on_date, c.amount,
	c.locator, c.quote, c.valid_from, c.valid_to`

// claim reads one claim with its events.
func (r *reader) claim(st *stmt) (*intel.Claim, error) {
	c := &intel.Claim{ID: claimID(st, 1), Confidence: st.ColumnInt(12), Locator: st.ColumnText(19), Quote: st.ColumnText(20)}
	no, events := st.ColumnInt64(0), st.ColumnInt(10)
	err := r.claimWords(st, c)
	if err == nil {
		err = r.claimEnds(st, c)
	}
	if err == nil {
		err = r.claimBody(st, c)
	}
	if err == nil && events > 0 {
		c.Events, err = r.events(no, events)
	}
	return c, err
}

func (r *reader) claimWords(st *stmt, c *intel.Claim) error {
	author, err := r.word(authorWord, st.ColumnInt64(9))
	if err != nil {
		return err
	}
	stance, err := r.word(otherWord, st.ColumnInt64(11))
	if err != nil {
		return err
	}
	c.Stance = intel.Stance(stance)
	c.Added = intel.Stamp{Revision: st.ColumnInt64(7), At: momentAt(st, 8), By: author}
	if !st.ColumnIsNull(3) {
		word, err := r.word(typeWord, st.ColumnInt64(3))
		c.LinkType = intel.LinkType(word)
		if err != nil {
			return err
		}
	}
	if !st.ColumnIsNull(5) {
		word, err := r.word(propertyWord, st.ColumnInt64(5))
		c.Property = intel.Property(word)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) claimEnds(st *stmt, c *intel.Claim) (err error) {
	if c.Subject, err = r.entityID(st.ColumnInt64(2)); err != nil {
		return err
	}
	if no := st.ColumnInt64(4); no != 0 {
		if c.Object, err = r.entityID(no); err != nil {
			return err
		}
	}
	if no := st.ColumnInt64(13); no != 0 {
		if c.SaidBy, err = r.entityID(no); err != nil {
			return err
		}
	}
	c.Source, err = r.sourceID(st.ColumnInt64(6))
	return err
}

func (r *reader) claimBody(st *stmt, c *intel.Claim) error {
	if no := st.ColumnInt64(14); no != 0 {
		word, err := r.word(otherWord, no)
		if err != nil {
			return err
		}
		if c.Value, err = readValue(intel.ValueType(word), st.ColumnText(15)); err != nil {
			return err
		}
	}
	c.Role = st.ColumnText(16)
	for _, d := range []struct {
		col  int
		into *intel.PartialDate
	}{{17, &c.On}, {21, &c.ValidFrom}, {22, &c.ValidTo}} {
		if text := st.ColumnText(d.col); text != "" {
			if err := d.into.UnmarshalText([]byte(text)); err != nil {
				return err
			}
		}
	}
	if text := st.ColumnText(18); text != "" {
		c.Amount = &intel.Quantity{}
		return json.Unmarshal([]byte(text), c.Amount)
	}
	return nil
}

// readValue reads what writeValue wrote.
func readValue(t intel.ValueType, text string) (intel.Value, error) {
	switch t {
	case intel.TypeText, intel.TypeEnum:
		return intel.Value{Type: t, Text: text}, nil
	case intel.TypeDate:
		v := intel.Value{Type: t}
		return v, v.Date.UnmarshalText([]byte(text))
	}
	return intel.DecodeValue(t, []byte(text))
}

func writeValue(v intel.Value) string {
	switch v.Type {
	case intel.TypeText, intel.TypeEnum:
		return v.Text
	case intel.TypeDate:
		return v.Date.String()
	}
	return string(intel.EncodeValue(v))
}

func (r *reader) events(claim int64, n int) ([]intel.Event, error) {
	out := make([]intel.Event, 0, n)
	err := r.c.each(`SELECT revision, at, author, retracted, by_replace, reason
		FROM event WHERE claim = ? ORDER BY seq`, func(st *stmt) error {
		author, err := r.word(authorWord, st.ColumnInt64(2))
		out = append(out, intel.Event{
			Stamp:     intel.Stamp{Revision: st.ColumnInt64(0), At: momentAt(st, 1), By: author},
			Retracted: st.ColumnBool(3), ByReplace: st.ColumnBool(4), Reason: st.ColumnText(5),
		})
		return err
	}, num(claim))
	return out, err
}

// claims runs a statement that answers claimColumns.
func (r *reader) claims(query string, vs ...value) (out []*intel.Claim, err error) {
	err = r.c.each(query, func(st *stmt) error {
		c, err := r.claim(st)
		out = append(out, c)
		return err
	}, vs...)
	return out, err
}

func byID(claims []*intel.Claim) []*intel.Claim {
	slices.SortFunc(claims, func(a, b *intel.Claim) int { return strings.Compare(a.ID, b.ID) })
	return claims
}

// claimPage reads a page of claims. from is one of the beginnings above, with
// its parameters.
func (r *reader) claimPage(sel *intel.ClaimSelection, from string, vs ...value) (*intel.ClaimPage, error) {
	page := &intel.ClaimPage{}
	if sel.Page.Count {
		q := r.query().claimCount(sel, from, vs)
		total, err := r.no(q.text.String(), q.args...)
		if err != nil {
			return nil, err
		}
		page.Total = int(total)
	}
	place := int64(0)
	if at := sel.Page.After; at != nil {
		var err error
		if place, err = r.claimPlace(at); err != nil {
			return nil, err
		}
	}
	q := r.query().claimPage(sel, place, from, vs)
	claims, err := r.claims(q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	if len(claims) > sel.Page.First {
		page.More, claims = true, claims[:sel.Page.First]
	}
	page.Claims = claims
	return page, r.lost
}

// claimPlace gives the number of the last claim that does not stand behind a
// place. Numbers follow the order of (revision, id).
func (r *reader) claimPlace(at *intel.Position) (int64, error) {
	if len(at.Keys) == 0 {
		return 0, nil
	}
	revision := at.Keys[0].Int
	no, err := r.no("SELECT no FROM claim WHERE id = ? AND revision = ?", blob(hashOf(at.ID)), num(revision))
	if err != nil || no != 0 {
		return no, err
	}
	// The place is of no claim here: look among the claims of its revision.
	first, err := r.no("SELECT first_claim FROM revision WHERE no >= ? ORDER BY no LIMIT 1", num(revision))
	if err != nil {
		return 0, err
	}
	if first == 0 {
		return r.no("SELECT max(no) FROM claim")
	}
	no, err = r.no(`SELECT max(no) FROM claim WHERE revision = ?1 AND id <= ?2 AND no >= ?3
		AND no < coalesce((SELECT first_claim FROM revision WHERE no > ?1 ORDER BY no LIMIT 1), 1 << 62)`, num(revision), blob(hashOf(at.ID)), num(first))
	return max(no, first-1), err
}
