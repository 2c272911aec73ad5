package sqlite

import (
	"context"

	"dragnet/internal/intel"
)

// Touched implements intel.Reader. The claims that a revision added follow each
// other by number; events and reweighed sources are found by revision.
func (r *reader) Touched(ctx context.Context, since int64, limit int) ([]intel.Touched, error) {
	if err := r.use(ctx); err != nil {
		return nil, err
	}
	var out []intel.Touched
	room := limit
	for revision := max(since, 0) + 1; revision <= r.revision; revision++ {
		row, err := r.touchedBy(revision)
		if err != nil {
			return nil, failure(ctx, "read what was touched", err)
		}
		size := len(row.Claims) + len(row.Sources)
		if size == 0 {
			continue
		}
		if room -= size; room < 0 && len(out) > 0 {
			break
		}
		if out = append(out, row); room <= 0 {
			break
		}
	}
	return out, nil
}

func (r *reader) touchedBy(revision int64) (row intel.Touched, err error) {
	row.Revision = revision
	first, err := r.no("SELECT first_claim FROM revision WHERE no = ?", num(revision))
	if err != nil {
		return row, err
	}
	err = r.c.each(`SELECT id FROM (
			SELECT c.id FROM claim c WHERE c.no >= ?1 AND c.no < coalesce((SELECT first_claim FROM revision WHERE no > ?2 ORDER BY no LIMIT 1), 1 << 62)
			UNION SELECT c.id FROM event v JOIN claim c ON c.no = v.claim WHERE v.revision = ?2)
		ORDER BY id`, func(st *stmt) error {
		row.Claims = append(row.Claims, claimID(st, 0))
		return nil
	}, num(first), num(revision))
	if err != nil {
		return row, err
	}
	err = r.c.each("SELECT s.id FROM reweighed w JOIN source s ON s.no = w.source WHERE w.revision = ? ORDER BY s.id", func(st *stmt) error {
		row.Sources = append(row.Sources, st.ColumnText(0))
		return nil
	}, num(revision))
	return row, err
}

// putReweighed notes the sources whose claims weigh otherwise.
func (w *writer) putReweighed(b *intel.Batch) error {
	for _, id := range b.Reweighed {
		o, err := w.origin(id)
		if err != nil {
			return err
		}
		if err := w.c.run("INSERT OR IGNORE INTO reweighed (revision, source) VALUES (?, ?)", num(w.made), num(o.no)); err != nil {
			return err
		}
	}
	return nil
}
