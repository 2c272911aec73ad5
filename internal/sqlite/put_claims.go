package sqlite

import (
	"encoding/json"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// putClaims writes new claims in the order of their ids, so that their numbers
// follow the order of (revision, id).
func (w *writer) putClaims(b *intel.Batch) error {
	claims := byID(slices.Clone(b.Claims))
	numbers, err := w.numberClaims(claims)
	if err != nil {
		return err
	}
	for i, c := range claims {
		if err := w.putClaim(c, numbers[i]); err != nil {
			return err
		}
	}
	return nil
}

// numberClaims gives the numbers of new claims. When an earlier Put of this
// Update has written claims, those move up to let the new ones in.
func (w *writer) numberClaims(claims []*intel.Claim) ([]int64, error) {
	out := make([]int64, len(claims))
	if len(claims) == 0 {
		return out, nil
	}
	type row struct {
		no int64
		id string
	}
	var old []row
	if w.next > w.first {
		err := w.c.each("SELECT no, id FROM claim WHERE no >= ? ORDER BY no", func(st *stmt) error {
			old = append(old, row{st.ColumnInt64(0), claimID(st, 1)})
			return nil
		}, num(w.first))
		if err != nil {
			return nil, err
		}
	}
	no := w.next + int64(len(claims))
	w.next = no
	for i := len(claims) - 1; i >= 0; {
		no--
		if last := len(old) - 1; last >= 0 && strings.Compare(old[last].id, claims[i].ID) > 0 {
			if err := w.c.run("UPDATE claim SET no = ? WHERE no = ?", num(no), num(old[last].no)); err != nil {
				return nil, err
			}
			old = old[:last]
			continue
		}
		out[i] = no
		i--
	}
	return out, nil
}

func (w *writer) putClaim(c *intel.Claim, no int64) error {
	hash := hashOf(c.ID)
	if hash == "" {
		return wrong("a claim's id is not claim: and 64 hexadecimal digits")
	}
	if c.Added.Revision != w.made {
		return wrong("a claim was not added by the revision of its batch")
	}
	ends, err := w.claimEnds(c)
	if err != nil {
		return err
	}
	words, err := w.claimWords(c)
	if err != nil {
		return err
	}
	body, err := claimBody(c)
	if err != nil {
		return err
	}
	live := c.Live()
	return w.c.run(`INSERT INTO claim (no, id, live, revision, changed, events, confidence, at,
			subject, object, said_by, source, type, property, stance, author, value_type,
			value, role, on_date, amount, locator, quote, valid_from, valid_to)
		VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)`,
		num(no), blob(hash), truth(live), num(c.Added.Revision), num(c.Added.Revision), num(c.Confidence), moment(c.Added.At),
		ends[0], ends[1], ends[2], ends[3], words[0], words[1], words[2], words[3], words[4],
		body[0], body[1], body[2], body[3], body[4], body[5], body[6], body[7])
}

// claimEnds gives subject, object, speaker and source by number.
func (w *writer) claimEnds(c *intel.Claim) (out [4]value, err error) {
	for i, id := range [...]string{c.Subject, c.Object, c.SaidBy} {
		if id == "" {
			continue
		}
		e, err := w.mention(id)
		if err != nil {
			return out, err
		}
		out[i] = num(e.no)
		if i == 0 && !e.changed {
			e.changed = true
			if err := w.touch(e.no); err != nil {
				return out, err
			}
		}
	}
	o, err := w.origin(c.Source)
	if err != nil {
		return out, err
	}
	out[3] = num(o.no)
	if o.named {
		return out, nil
	}
	o.named = true
	return out, w.c.run("UPDATE source SET named = 1 WHERE no = ?", num(o.no))
}

// touch notes that the revision changes a claim about an entity.
func (w *writer) touch(no int64) error {
	return w.c.run("UPDATE entity SET changed = ?2 WHERE no = ?1 AND changed < ?2", num(no), num(w.made))
}

// claimWords gives type, property, stance, author and type of the value by
// number.
func (w *writer) claimWords(c *intel.Claim) (out [5]value, err error) {
	for i, word := range [...]struct {
		class    int
		text     string
		optional bool
	}{
		{typeWord, string(c.LinkType), true},
		{propertyWord, string(c.Property), true},
		{otherWord, string(c.Stance), false},
		{authorWord, c.Added.By, false},
		{otherWord, string(c.Value.Type), true},
	} {
		if word.optional && word.text == "" {
			continue
		}
		no, err := w.intern(word.class, word.text)
		if err != nil {
			return out, err
		}
		out[i] = num(no)
	}
	return out, nil
}

// claimBody gives value, role, date, amount, locator, quote and validity.
func claimBody(c *intel.Claim) (out [8]value, err error) {
	if c.Value.Type != "" {
		out[0] = txt(writeValue(c.Value))
	}
	out[1], out[2] = opt(c.Role), opt(c.On.String())
	if c.Amount != nil {
		b, err := json.Marshal(c.Amount)
		if err != nil {
			return out, err
		}
		out[3] = txt(string(b))
	}
	out[4], out[5], out[6], out[7] = opt(c.Locator), opt(c.Quote), opt(c.ValidFrom.String()), opt(c.ValidTo.String())
	return out, nil
}

// putEvents appends events, those that new claims bring first.
func (w *writer) putEvents(b *intel.Batch) error {
	for _, c := range b.Claims {
		for _, e := range c.Events {
			if err := w.putEvent(intel.ClaimEvent{Claim: c.ID, Event: e}); err != nil {
				return err
			}
		}
	}
	for _, e := range b.Events {
		if err := w.putEvent(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putEvent(e intel.ClaimEvent) error {
	var no, seq, subject int64
	err := w.c.each("UPDATE claim SET live = ?, changed = ?, events = events + 1 WHERE id = ? RETURNING no, events, subject", func(st *stmt) error {
		no, seq, subject = st.ColumnInt64(0), st.ColumnInt64(1), st.ColumnInt64(2)
		return nil
	}, truth(!e.Retracted), num(e.Revision), blob(hashOf(e.Claim)))
	if err != nil {
		return err
	}
	if no == 0 {
		return wrong("an event is of a claim that is not there")
	}
	if err := w.touch(subject); err != nil {
		return err
	}
	author, err := w.intern(authorWord, e.By)
	if err != nil {
		return err
	}
	return w.c.run(`INSERT INTO event (claim, seq, revision, at, author, retracted, by_replace, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		num(no), num(seq), num(e.Revision), moment(e.At), num(author), truth(e.Retracted), truth(e.ByReplace), txt(e.Reason))
}
