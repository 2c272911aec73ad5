package sqlite

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// linkList answers a page of all settled links. They are walked by their from
// ends, in order of the ids, kind by kind; a filter on ids reads the links of
// these entities and sorts them.
func (w *walk) linkList(l *intel.LinkList, plan *rootLinks) (*intel.LinkPage, error) {
	page := &intel.LinkPage{}
	var ids []string
	for _, part := range w.linkParts(l) {
		if l.Page.Count && !isZero(&l.Where) {
			n, err := w.counted(w.linkListCount(l, part))
			if err != nil {
				return nil, err
			}
			page.Total += int(n)
		}
		if len(ids) > l.Page.First {
			continue
		}
		q := w.linkListPage(l, part, l.Page.First+1-len(ids))
		err := w.c.each(q.text.String(), func(st *stmt) error {
			ids = append(ids, st.ColumnText(0)+"|"+st.ColumnText(1)+"|"+st.ColumnText(2))
			return nil
		}, q.args...)
		if err != nil {
			return nil, err
		}
	}
	if l.Page.Count && isZero(&l.Where) {
		n, err := w.no("SELECT links FROM meta")
		if err != nil {
			return nil, err
		}
		page.Total = int(n)
	}
	if page.More = len(ids) > l.Page.First; page.More {
		ids = ids[:l.Page.First]
	}
	var err error
	page.Edges, err = w.rootLinks(ids, plan)
	for _, e := range page.Edges {
		e.Position = intel.PositionOfLink(e.Link)
	}
	return page, err
}

func (w *walk) counted(q *query) (int64, error) { return w.no(q.text.String(), q.args...) }

// linkPart is a part of the list of links: those that leave entities of a kind.
// With a filter on ids there is one part, of no kind.
type linkPart struct {
	kind  intel.Kind
	types []intel.LinkType
}

// linkParts lists the parts in order of their ids.
func (w *walk) linkParts(l *intel.LinkList) []linkPart {
	var out []linkPart
	if l.Where.IDs != nil {
		return []linkPart{{}}
	}
	for _, k := range intel.Kinds() {
		p := linkPart{kind: k}
		for _, info := range intel.LinkTypes() {
			leaves := func(e intel.Ends) bool { return e.From == k || info.Symmetric && e.To == k }
			if slices.ContainsFunc(info.Ends, leaves) && (l.Where.Types == nil || slices.Contains(l.Where.Types, info.Type)) {
				p.types = append(p.types, info.Type)
			}
		}
		if p.types != nil {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b linkPart) int { return strings.Compare(a.kind.Prefix()+":", b.kind.Prefix()+":") })
	return out
}
