package sqlite

import (
	"encoding/json"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

func (w *writer) putRecords(b *intel.Batch) error {
	for _, r := range b.Records {
		if err := w.putRecord(r); err != nil {
			return err
		}
	}
	return nil
}

// putRecord writes an entity of the settled graph. An entity whose name moves
// in the order moves on the links of its neighbours too.
func (w *writer) putRecord(r *intel.Record) error {
	e, err := w.find(r.ID)
	if err != nil {
		return err
	}
	old := entity{}
	if e != nil {
		old = *e
	}
	if e, err = w.writeRecord(e, r); err != nil {
		return err
	}
	if !old.settled {
		w.people[e.kind]++
	} else if old.sort != e.sort {
		if err := w.move(e.no, old.sort, e.sort); err != nil {
			return err
		}
	}
	if err := w.putFacts(e.no, r.Facts, old.settled); err != nil {
		return err
	}
	return w.putIndex(e, r, old.settled)
}

func (w *writer) writeRecord(e *entity, r *intel.Record) (*entity, error) {
	rest := entityRest(r)
	old, had := "", e != nil && e.settled
	if had {
		old = e.name
	}
	switch {
	case e == nil:
		var err error
		if e, err = w.insert(r.ID, [6]value{truth(r.Stub), num(r.Revision), txt(r.Name), txt(r.SortKey), txt(r.NameKey), rest}); err != nil {
			return nil, err
		}
	case e.settled && e.name == r.Name && e.sort == r.SortKey && e.rest == rest:
		// The indexes by name stay as they are.
		if err := w.c.run("UPDATE entity SET revision = ?2 WHERE no = ?1 AND revision <> ?2", num(e.no), num(r.Revision)); err != nil {
			return nil, err
		}
	default:
		err := w.c.run("UPDATE entity SET stub = ?, revision = ?, name = ?, sort_key = ?, name_key = ?, rest = ? WHERE no = ?",
			truth(r.Stub), num(r.Revision), txt(r.Name), txt(r.SortKey), txt(r.NameKey), rest, num(e.no))
		if err != nil {
			return nil, err
		}
	}
	e.settled, e.sort, e.name, e.rest = true, r.SortKey, r.Name, rest
	if had && old == r.Name && !w.rename {
		return e, nil
	}
	return e, w.putTerms(e.no, had, r.Name)
}

// putTerms writes the search terms of a name, in place of those that were there.
func (w *writer) putTerms(no int64, had bool, name string) error {
	if had {
		if err := w.c.run("DELETE FROM term WHERE rowid = ?", num(no)); err != nil {
			return err
		}
	}
	if name == "" {
		return nil
	}
	terms := intel.FormsOf(name).Terms()
	for i, t := range terms {
		terms[i] = token(t)
	}
	return w.c.run("INSERT INTO term (rowid, terms) VALUES (?, ?)", num(no), txt(strings.Join(terms, " ")))
}

// token writes a search term as the full-text index has it.
func token(term string) string { return strings.ReplaceAll(term, " ", "_") }

// move takes an entity to its new place among the neighbours of others.
func (w *writer) move(no int64, from, to string) error {
	var mirrors []degree // there, type and direction of the other halves
	err := w.c.each("SELECT there, type, 1 - dir FROM edge WHERE here = ?", func(st *stmt) error {
		mirrors = append(mirrors, degree{there: st.ColumnInt64(0), kind: st.ColumnInt64(1), dir: st.ColumnInt64(2)})
		return nil
	}, num(no))
	if err != nil {
		return err
	}
	for _, m := range mirrors {
		err := w.c.run("UPDATE edge SET there_sort = ? WHERE here = ? AND type = ? AND dir = ? AND there_sort = ? AND there = ?",
			txt(to), num(m.there), num(m.kind), num(m.dir), txt(from), num(no))
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putFacts(no int64, facts []intel.Settled, settled bool) error {
	if len(facts) == 0 {
		if !settled {
			return nil
		}
		return w.c.run("DELETE FROM fact WHERE entity = ?", num(no))
	}
	body, err := intel.EncodeFacts(facts)
	if err != nil {
		return err
	}
	return w.c.run("INSERT INTO fact (entity, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body", num(no), blob(body))
}

// prop is a row of prop.
type prop struct {
	property, seq    int64
	slot, text, key  string
	ranged           bool
	lo, hi           int64
	loKey, hiKey     string
	sortable, listed bool // listed: it has a text that filters compare
}

// putIndex writes what filters and orders ask of the facts, as far as it has
// changed.
func (w *writer) putIndex(e *entity, r *intel.Record, settled bool) error {
	rows, err := w.indexOf(r)
	if err != nil {
		return err
	}
	var old []prop
	if settled {
		if old, err = w.props(e.no); err != nil {
			return err
		}
	}
	for _, p := range old {
		if slices.Contains(rows, p) {
			continue
		}
		if err := w.c.run("DELETE FROM prop WHERE entity = ? AND property = ? AND seq = ?", num(e.no), num(p.property), num(p.seq)); err != nil {
			return err
		}
		if p.sortable {
			if err := w.unsort(e, p); err != nil {
				return err
			}
		}
	}
	for _, p := range rows {
		if slices.Contains(old, p) {
			continue
		}
		if err := w.addProp(e, p); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) addProp(e *entity, p prop) error {
	lo, hi := value{}, value{}
	if p.ranged {
		lo, hi = num(p.lo), num(p.hi)
	}
	text, key := opt(p.text), opt(p.key)
	if p.listed {
		text, key = txt(p.text), txt(p.key)
	}
	err := w.c.run("INSERT INTO prop (entity, property, seq, slot, text, key, lo, hi, lo_key, hi_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		num(e.no), num(p.property), num(p.seq), opt(p.slot), text, key, lo, hi, opt(p.loKey), opt(p.hiKey))
	if err != nil || !p.sortable {
		return err
	}
	err = w.c.run("INSERT INTO sortable (kind, property, lo, id, hi, entity) VALUES (?, ?, ?, ?, ?, ?)",
		num(e.kind), num(p.property), num(p.lo), txt(e.id), num(p.hi), num(e.no))
	if err != nil {
		return err
	}
	return w.c.run(`INSERT INTO extent (kind, property, width) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET width = excluded.width WHERE excluded.width > width`, num(e.kind), num(p.property), num(p.hi-p.lo))
}

func (w *writer) unsort(e *entity, p prop) error {
	return w.c.run("DELETE FROM sortable WHERE kind = ? AND property = ? AND lo = ? AND id = ?", num(e.kind), num(p.property), num(p.lo), txt(e.id))
}

// indexOf turns the entries of a record's index into rows.
func (w *writer) indexOf(r *intel.Record) ([]prop, error) {
	var out []prop
	seq := map[intel.Property]int64{}
	for _, x := range r.Index() {
		no, err := w.intern(propertyWord, string(x.Property))
		if err != nil {
			return nil, err
		}
		info := x.Property.Info()
		p := prop{property: no, seq: seq[x.Property], slot: x.Slot, text: x.Text, key: x.Key, loKey: x.LoKey, hiKey: x.HiKey}
		seq[x.Property]++
		switch info.Type {
		case intel.TypeDate, intel.TypeQuantity:
			p.ranged, p.lo, p.hi, p.text = true, x.Lo, x.Hi, ""
			p.sortable = info.Sortable && p.seq == 0
		case intel.TypeMoney:
		default:
			p.listed, p.key = true, intel.NameKey(x.Text)
		}
		out = append(out, p)
	}
	return out, nil
}

// props reads the rows of an entity as indexOf made them.
func (w *writer) props(no int64) (out []prop, err error) {
	err = w.c.each("SELECT property, seq, slot, text, key, lo, hi, lo_key, hi_key FROM prop WHERE entity = ?", func(st *stmt) error {
		p := prop{property: st.ColumnInt64(0), seq: st.ColumnInt64(1), slot: st.ColumnText(2), text: st.ColumnText(3), key: st.ColumnText(4),
			ranged: !st.ColumnIsNull(5), lo: st.ColumnInt64(5), hi: st.ColumnInt64(6), loKey: st.ColumnText(7), hiKey: st.ColumnText(8),
			listed: !st.ColumnIsNull(4)}
		word, err := w.word(propertyWord, p.property)
		if info := intel.Property(word).Info(); info != nil {
			p.sortable = p.ranged && info.Sortable && p.seq == 0
		}
		out = append(out, p)
		return err
	}, num(no))
	return out, err
}

func (w *writer) dropRecords(b *intel.Batch) error {
	for _, id := range b.DropRecords {
		e, err := w.find(id)
		if err != nil {
			return err
		}
		if e == nil || !e.settled {
			continue
		}
		if err := w.putIndex(e, &intel.Record{ID: id}, true); err != nil {
			return err
		}
		if err := w.putFacts(e.no, nil, true); err != nil {
			return err
		}
		if err := w.putTerms(e.no, true, ""); err != nil {
			return err
		}
		err = w.c.run("UPDATE entity SET stub = NULL, revision = NULL, name = NULL, sort_key = NULL, name_key = NULL, rest = NULL WHERE no = ?", num(e.no))
		if err != nil {
			return err
		}
		e.settled, e.sort, e.name, e.rest = false, "", "", value{}
		w.people[e.kind]--
	}
	return nil
}

// putLinks writes both halves of each link.
func (w *writer) putLinks(b *intel.Batch) error {
	for _, l := range b.Links {
		from, to, kind, err := w.linkEnds(l.From, l.To, l.Type)
		if err != nil {
			return err
		}
		if from == nil || to == nil || !from.settled || !to.settled {
			return wrong("an end of a link is not in the graph")
		}
		body, err := linkBody(l)
		if err != nil {
			return err
		}
		fresh, err := w.putHalf(from, to, kind, 0, l, body)
		if err != nil {
			return err
		}
		if _, err := w.putHalf(to, from, kind, 1, l, body); err != nil {
			return err
		}
		if fresh {
			w.countLink(from, to, kind, 1)
		}
	}
	return nil
}

func (w *writer) linkEnds(from, to string, t intel.LinkType) (f, o *entity, kind int64, err error) {
	if f, err = w.find(from); err != nil {
		return nil, nil, 0, err
	}
	if o, err = w.find(to); err != nil {
		return nil, nil, 0, err
	}
	kind, err = w.intern(typeWord, string(t))
	return f, o, kind, err
}

func (w *writer) countLink(from, to *entity, kind, n int64) {
	w.degree[degree{n: from.no, kind: kind, dir: 0, there: to.kind}] += n
	w.degree[degree{n: to.no, kind: kind, dir: 1, there: from.kind}] += n
}

// putHalf writes one half of a link; fresh says that it was not there.
func (w *writer) putHalf(here, there *entity, kind, dir int64, l *intel.Link, body [6]value) (fresh bool, err error) {
	vs := append([]value{num(here.no), num(kind), num(dir), txt(there.sort), num(there.no), num(gistOf(l, there.kind))}, body[:]...)
	err = w.c.run(`INSERT INTO edge (here, type, dir, there_sort, there, gist, rest, valid_lo, valid_hi, validity, role, role_key)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING`, vs...)
	if err != nil || w.c.Changes() > 0 {
		return true, err
	}
	return false, w.c.run(`UPDATE edge SET gist = ?6, rest = ?7, valid_lo = ?8, valid_hi = ?9, validity = ?10, role = ?11, role_key = ?12
		WHERE here = ?1 AND type = ?2 AND dir = ?3 AND there_sort = ?4 AND there = ?5`, vs...)
}

// linkBody gives the columns from rest on.
func linkBody(l *intel.Link) (out [6]value, err error) {
	packed, err := linkRest(l)
	if err != nil {
		return out, err
	}
	if packed != "" {
		out[0] = blob(packed)
	}
	lo, hi := intel.MaxDay, intel.MinDay // no days at all
	for _, days := range l.Validity {
		lo, hi = min(lo, days.From), max(hi, days.To)
	}
	out[1], out[2] = num(lo), num(hi)
	if len(l.Validity) != 1 {
		b, err := json.Marshal(l.Validity)
		if err != nil {
			return out, err
		}
		out[3] = txt(string(b))
	}
	if l.Role != "" {
		out[4], out[5] = txt(l.Role), txt(intel.NameKey(l.Role))
	}
	return out, nil
}

func (w *writer) dropLinks(b *intel.Batch) error {
	for _, id := range b.DropLinks {
		t, f, o, ok := intel.SplitLinkID(id)
		if !ok {
			continue
		}
		from, to, kind, err := w.linkEnds(f, o, t)
		if err != nil {
			return err
		}
		if from == nil || to == nil {
			continue
		}
		gone := 0
		for _, half := range [...]struct {
			here, there *entity
			dir         int64
		}{{from, to, 0}, {to, from, 1}} {
			err := w.c.run("DELETE FROM edge WHERE here = ? AND type = ? AND dir = ? AND there_sort = ? AND there = ?",
				num(half.here.no), num(kind), num(half.dir), txt(half.there.sort), num(half.there.no))
			if err != nil {
				return err
			}
			gone += w.c.Changes()
		}
		if gone > 0 {
			w.countLink(from, to, kind, -1)
		}
	}
	return nil
}
