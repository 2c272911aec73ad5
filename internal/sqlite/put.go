package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"dragnet/internal/intel"
)

// writer writes within one transaction.
type writer struct {
	reader
	failed error // why a Put failed; nothing is committed then
	made   int64 // the revision made in this Update, 0 as long as none
	first  int64 // the number of its first claim
	next   int64 // the number of the next claim

	known   map[string]*entity
	roles   map[string]role    // of the ids that the claims of the batch mention
	origins map[string]*origin // by id
	degree  map[degree]int64   // changes, with n 0 in the key
	rename  bool               // the terms in the store are not this program's
	people  map[int64]int64    // changes of population
}

// entity is what writing needs to know of a row of entity.
type entity struct {
	no, kind  int64
	id        string
	mentioned bool
	changed   bool // in this Update, as the subject of a claim
	settled   bool
	sort      string
	name      string
	rest      value
}

// role says how claims of a batch mention an id.
type role struct{ subject bool }

// origin is what writing needs to know of a row of source.
type origin struct {
	no    int64
	named bool
}

var _ intel.Writer = (*writer)(nil)

// Put implements intel.Writer.
func (w *writer) Put(ctx context.Context, b intel.Batch) error {
	if err := w.use(ctx); err != nil {
		return err
	}
	if w.failed != nil {
		return w.failed
	}
	if w.known == nil {
		w.known, w.origins = map[string]*entity{}, map[string]*origin{}
		w.degree, w.people = map[degree]int64{}, map[int64]int64{}
		version, err := w.no("SELECT names_version FROM meta")
		if err != nil {
			return failure(ctx, "put", err)
		}
		w.rename = version != intel.NamesVersion
	}
	w.readRoles(&b)
	if err := w.put(&b); err != nil {
		w.failed = failure(ctx, "put", err)
		return w.failed
	}
	return nil
}

func (w *writer) put(b *intel.Batch) error {
	for _, part := range []func(*intel.Batch) error{w.stamp, w.putSources, w.putVersions, w.putReweighed,
		w.dropLinks, w.putRecords, w.putLinks, w.putClaims, w.putEvents, w.dropRecords, w.flush} {
		if err := part(b); err != nil {
			return err
		}
	}
	return nil
}

// stamp makes the revision of a batch that changes claims or sources, once in
// an Update.
func (w *writer) stamp(b *intel.Batch) error {
	if len(b.Claims)+len(b.Events)+len(b.Versions) == 0 {
		return nil
	}
	switch {
	case w.made != 0 && b.Stamp.Revision == w.made:
		return nil
	case w.made != 0 || b.Stamp.Revision != w.revision+1:
		return fmt.Errorf("%w: the batch is not the one that follows revision %d", intel.ErrConflict, w.revision)
	}
	last, err := w.no("SELECT max(no) FROM claim")
	if err != nil {
		return err
	}
	w.made, w.revision, w.first, w.next = b.Stamp.Revision, b.Stamp.Revision, last+1, last+1
	if err := w.c.run("INSERT INTO revision (no, first_claim) VALUES (?, ?)", num(w.made), num(w.first)); err != nil {
		return err
	}
	return w.c.run("UPDATE meta SET revision = ?, at = ?, author = ?", num(w.made), moment(b.Stamp.At), txt(b.Stamp.By))
}

// flush writes the counts that the batch has changed.
func (w *writer) flush(b *intel.Batch) error {
	for d, n := range w.degree {
		if n == 0 {
			continue
		}
		err := w.c.run(`INSERT INTO degree (entity, type, dir, kind, n) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n`, num(d.n), num(d.kind), num(d.dir), num(d.there), num(n))
		if err != nil {
			return err
		}
	}
	for kind, n := range w.people {
		err := w.c.run("INSERT INTO population (kind, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", num(kind), num(n))
		if err != nil {
			return err
		}
	}
	clear(w.degree)
	clear(w.people)
	if c := b.Counts; c != (intel.Counts{}) {
		err := w.c.run(`UPDATE meta SET entities = entities + ?, stubs = stubs + ?, links = links + ?,
			claims = claims + ?, sources = sources + ?`, num(c.Entities), num(c.Stubs), num(c.Links), num(c.Claims), num(c.Sources))
		if err != nil {
			return err
		}
	}
	if b.Settled != nil {
		return w.c.run("UPDATE meta SET settle_version = ?, names_version = ?", num(b.Settled[0]), num(b.Settled[1]))
	}
	return nil
}

// find gives the row of an id, nil when there is none.
func (w *writer) find(id string) (e *entity, err error) {
	if e := w.known[id]; e != nil {
		return e, nil
	}
	err = w.c.each("SELECT no, kind, mentioned, rest, sort_key, name FROM entity WHERE id = ?", func(st *stmt) error {
		e = &entity{id: id, no: st.ColumnInt64(0), kind: st.ColumnInt64(1), mentioned: st.ColumnBool(2)}
		if e.settled = !st.ColumnIsNull(4); e.settled {
			e.sort, e.name = st.ColumnText(4), st.ColumnText(5)
			if !st.ColumnIsNull(3) {
				e.rest = blob(bytesAt(st, 3))
			}
		}
		w.known[id] = e
		return nil
	}, txt(id))
	return e, err
}

// readRoles notes how the claims of a batch mention ids, so that a new row can
// be written whole.
func (w *writer) readRoles(b *intel.Batch) {
	w.roles = make(map[string]role, len(b.Claims))
	for _, c := range b.Claims {
		w.roles[c.Subject] = role{subject: true}
		for _, id := range [...]string{c.Object, c.SaidBy} {
			if _, ok := w.roles[id]; !ok && id != "" {
				w.roles[id] = role{}
			}
		}
	}
}

// insert adds the row of an id, with the columns of the settled graph if they
// are given.
func (w *writer) insert(id string, settled [6]value) (*entity, error) {
	kind, err := w.intern(kindWord, string(intel.KindOf(id)))
	if err == nil && kind > maxKinds {
		err = wrong("there are more kinds than a number has bits")
	}
	if err != nil {
		return nil, err
	}
	e := &entity{id: id, kind: kind}
	r, mentioned := w.roles[id]
	e.mentioned, e.changed = mentioned, r.subject
	changed := int64(0)
	if r.subject {
		changed = w.made
	}
	err = w.c.run(`INSERT INTO entity (id, kind, mentioned, changed, stub, revision, name, sort_key, name_key, rest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, txt(id), num(kind), truth(mentioned), num(changed),
		settled[0], settled[1], settled[2], settled[3], settled[4], settled[5])
	e.no = w.c.LastInsertRowID()
	w.known[id] = e
	return e, err
}

// mention gives the row of an id that a claim mentions, a new one if need be.
func (w *writer) mention(id string) (*entity, error) {
	e, err := w.find(id)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return w.insert(id, [6]value{})
	}
	if !e.mentioned {
		e.mentioned = true
		err = w.c.run("UPDATE entity SET mentioned = 1 WHERE no = ?", num(e.no))
	}
	return e, err
}

// origin gives the row of a source's id, a new one if need be.
func (w *writer) origin(id string) (*origin, error) {
	if o := w.origins[id]; o != nil {
		return o, nil
	}
	o := &origin{}
	err := w.c.each("SELECT no, named FROM source WHERE id = ?", func(st *stmt) error {
		o.no, o.named = st.ColumnInt64(0), st.ColumnBool(1)
		return nil
	}, txt(id))
	if err != nil {
		return nil, err
	}
	if o.no == 0 {
		if err := w.c.run("INSERT INTO source (id, named) VALUES (?, 0)", txt(id)); err != nil {
			return nil, err
		}
		o.no = w.c.LastInsertRowID()
	}
	w.origins[id] = o
	return o, nil
}

func (w *writer) putSources(b *intel.Batch) error {
	for _, s := range b.Sources {
		if err := w.putSource(s); err != nil {
			return err
		}
	}
	return nil
}

// putSource writes a source's row. Mostly only its count of claims has changed.
func (w *writer) putSource(s *intel.Source) error {
	o, err := w.origin(s.ID)
	if err != nil {
		return err
	}
	no := o.no
	kept := *s
	kept.ID, kept.Claims, kept.Versions = "", 0, nil
	body, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	same := false
	err = w.c.each("SELECT body = ?2 FROM source WHERE no = ?1", func(st *stmt) error {
		same = st.ColumnBool(0)
		return nil
	}, num(no), blob(body))
	if err != nil {
		return err
	}
	if same {
		return w.c.run("UPDATE source SET claims = ?2 WHERE no = ?1 AND claims <> ?2", num(no), num(s.Claims))
	}
	lo, hi := value{}, value{}
	if !s.PublishedOn.IsZero() {
		lo, hi = num(s.PublishedOn.First()), num(s.PublishedOn.Last())
	}
	err = w.c.run(`UPDATE source SET claims = ?, title = ?, title_key = ?, title_sort = ?, publisher = ?, publisher_key = ?,
		published_lo = ?, published_hi = ?, reliability = ?, marking = ?, body = ? WHERE no = ?`,
		num(s.Claims), opt(s.Title), txt(intel.NameKey(s.Title)), txt(intel.SortKey(s.Title)), opt(s.Publisher), txt(intel.NameKey(s.Publisher)),
		lo, hi, txt(s.Reliability), txt(s.Marking), blob(body), num(no))
	if err != nil {
		return err
	}
	return w.derive(no, s.DerivedFrom)
}

func (w *writer) derive(child int64, from []string) error {
	if err := w.c.run("DELETE FROM derived WHERE child = ?", num(child)); err != nil {
		return err
	}
	for _, id := range from {
		parent, err := w.origin(id)
		if err != nil {
			return err
		}
		if err := w.c.run("INSERT OR IGNORE INTO derived (child, parent) VALUES (?, ?)", num(child), num(parent.no)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putVersions(b *intel.Batch) error {
	for id, versions := range b.Versions {
		o, err := w.origin(id)
		if err != nil {
			return err
		}
		for _, v := range versions {
			header, err := json.Marshal(v.Header)
			if err != nil {
				return err
			}
			author, err := w.intern(authorWord, v.Added.By)
			if err != nil {
				return err
			}
			err = w.c.run("INSERT INTO version (source, hash, revision, at, author, header) VALUES (?, ?, ?, ?, ?, ?)",
				num(o.no), txt(v.Hash), num(v.Added.Revision), moment(v.Added.At), num(author), blob(header))
			if err != nil {
				return err
			}
		}
	}
	return nil
}
