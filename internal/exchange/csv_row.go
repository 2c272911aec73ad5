package exchange

import (
	"slices"
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// tableRow is a row that is made claims of, by the reader of dossiers.
type tableRow struct {
	*csvReader
	record []string
	number int
	at     Position
	claims *dossierReader
	// subjects are the row's, by their text: each claims its name once.
	subjects map[string]*reference
	reasons  []string
}

// cell gives what stands in a column, "" for what means nothing.
func (r *tableRow) cell(column string) string {
	i, ok := r.csvReader.at[column]
	if !ok || i >= len(r.record) {
		return ""
	}
	s := strings.TrimSpace(r.record[i])
	if slices.Contains(r.mapping.empty, s) {
		return ""
	}
	return s
}

// read makes the claims of a row, or says why there are none.
func (r *tableRow) read() (drafts []intel.Draft, reason string) {
	blank := !slices.ContainsFunc(r.record, func(s string) bool { return strings.TrimSpace(s) != "" })
	if blank {
		return nil, ""
	}
	r.claims = newDossierReader(r.name)
	r.claims.main, r.subjects = r.mapping.source.ID, map[string]*reference{}
	t := r.mapping.defaults
	locator := rowItem + strconv.Itoa(r.number)
	if t.draft.Locator != "" {
		locator = t.draft.Locator + ", " + locator
	}
	t.draft.Locator = locator
	for _, c := range r.mapping.columns {
		if s := r.values(c); len(s) > 0 && slices.Contains(statementWords, c.key) {
			r.claims.term(&t, r.pair(c, s))
			r.note(c)
		}
	}
	if iv := intel.Validity(t.draft.ValidFrom, t.draft.ValidTo); iv.From > iv.To {
		r.reasons = append(r.reasons, "`validTo` "+t.draft.ValidTo.Text()+" lies before `validFrom` "+t.draft.ValidFrom.Text())
	}
	r.subject(r.mapping.subject)
	for _, c := range r.mapping.columns {
		if len(r.reasons) == 0 || r.subjects != nil {
			r.column(c, &t)
		}
	}
	if len(r.reasons) > 0 {
		return nil, strings.Join(r.reasons, "; ")
	}
	for _, b := range r.claims.out.Batches {
		drafts = append(drafts, b.Drafts...)
	}
	return drafts, ""
}

func (r *tableRow) column(c mapped, t *terms) {
	if slices.Contains(statementWords, c.key) {
		return
	}
	values := r.values(c)
	if len(values) == 0 {
		return
	}
	of := r.mapping.subject
	if c.subject != nil {
		of = *c.subject
	}
	if subject := r.subject(of); subject != nil {
		r.claims.claim(subject, t, r.pair(c, values))
		r.note(c)
	}
}

// subject gives the row's subject of a template; nil when it is noted as wrong.
func (r *tableRow) subject(t template) *reference {
	text, missing := t.fill(r.cell)
	if missing != "" {
		r.noteOnce("the column " + show(missing) + " is empty, which names whom the row is about")
		return nil
	}
	if known, ok := r.subjects[text]; ok {
		return known
	}
	ref, m := parseReference(text)
	if m != nil {
		ref = nil
		r.noteOnce(m.Message())
	}
	r.subjects[text] = ref
	return ref
}

func (r *tableRow) noteOnce(reason string) {
	if !slices.Contains(r.reasons, reason) {
		r.reasons = append(r.reasons, reason)
	}
}

// note moves what was found wrong to the column it was found in.
func (r *tableRow) note(c mapped) {
	for _, m := range r.claims.list {
		r.noteOnce("in the column " + show(c.column) + " " + m.Message())
	}
	r.claims.list = nil
}

// values are the texts of a cell, as the mapping has them read.
func (r *tableRow) values(c mapped) []string {
	cell := r.cell(c.column)
	if cell == "" {
		return nil
	}
	parts := []string{cell}
	if c.list != "" {
		parts = strings.Split(cell, c.list)
	}
	var out []string
	for _, s := range parts {
		s = strings.TrimSpace(s)
		if word, ok := c.words[s]; ok {
			s = word
		}
		if s == "" || slices.Contains(r.mapping.empty, s) {
			continue
		}
		if c.value != nil {
			s, _ = c.value.fill(func(column string) string {
				if column == "" {
					return s
				}
				return r.cell(column)
			})
		}
		if c.kind != "" && s != "" {
			s = asReference(c.kind, s)
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// asReference makes a reference of a cell with a name, a country's code or an
// id.
func asReference(kind intel.Kind, s string) string {
	if intel.KindOf(s) != "" {
		return s
	}
	if kind == intel.KindCountry {
		if code := countryCode(s); code != "" {
			return intel.EntityID(kind, code)
		}
	}
	return kind.Prefix() + ` "` + s + `"`
}

func (r *tableRow) pair(c mapped, values []string) pair {
	key := &node{Position: r.at, form: textValue, text: c.key}
	if len(values) == 1 {
		return pair{key, &node{Position: r.at, form: textValue, text: values[0], quoted: true}}
	}
	list := &node{Position: r.at, form: listValue}
	for _, s := range values {
		list.items = append(list.items, &node{Position: r.at, form: textValue, text: s, quoted: true})
	}
	return pair{key, list}
}
