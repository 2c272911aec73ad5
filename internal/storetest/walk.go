package storetest

import (
	"fmt"
	"testing"

	"dragnet/internal/intel"
)

// Walks through a list page by page, each page after the last position of the
// one before. Every page is held against the model's; the whole must be in
// order and have every row once.

// maxPages ends a walk that a store does not end.
const maxPages = 1000

func walkList(t *testing.T, s, m intel.Store, l intel.List, size int) {
	t.Helper()
	var walked []intel.Position
	l.Page = intel.Page{First: size, Count: true}
	total := 0
	for range maxPages {
		sel := intel.Selection{List: &l}
		got := choose(t, s, sel)
		same(t, fmt.Sprintf("the page after %d rows", len(walked)), flatten(choose(t, m, sel)), flatten(got))
		total = got.List.Total
		walked = append(walked, got.List.Positions...)
		if !got.List.More || t.Failed() {
			break
		}
		l.Page.After = &walked[len(walked)-1]
	}
	inOrder(t, walked, intel.Descending(l.Order), total)
}

// walkLinks begins after the page's After, and counts only when there is none.
func walkLinks(t *testing.T, s, m intel.Store, id string, l intel.LinkSelection) {
	t.Helper()
	var walked []intel.Position
	l.Page.Count = l.Page.After == nil
	total := -1
	for range maxPages {
		sel := one(id, linked(l))
		got := choose(t, s, sel)
		same(t, fmt.Sprintf("the page after %d rows", len(walked)), flatten(choose(t, m, sel)), flatten(got))
		p := got.Nodes[0].Links[l.Key]
		if l.Page.Count {
			total = p.Total
		}
		for _, e := range p.Edges {
			walked = append(walked, e.Position)
		}
		if !p.More || t.Failed() {
			break
		}
		l.Page.After = &walked[len(walked)-1]
	}
	inOrder(t, walked, intel.Descending(l.Order), total)
}

func walkSources(t *testing.T, s, m intel.Store, l intel.SourceList, size int) {
	t.Helper()
	var walked []intel.Position
	l.Page = intel.Page{First: size, Count: true}
	total := 0
	for range maxPages {
		sel := intel.Selection{SourceList: &l}
		got := choose(t, s, sel)
		same(t, fmt.Sprintf("the page after %d rows", len(walked)), flatten(choose(t, m, sel)), flatten(got))
		total = got.SourceList.Total
		walked = append(walked, got.SourceList.Positions...)
		if !got.SourceList.More || t.Failed() {
			break
		}
		l.Page.After = &walked[len(walked)-1]
	}
	var desc []bool
	for _, o := range l.Order {
		desc = append(desc, o.Desc)
	}
	inOrder(t, walked, desc, total)
}

// inOrder holds that the rows stand in strictly rising order, and all of them.
func inOrder(t *testing.T, rows []intel.Position, desc []bool, total int) {
	t.Helper()
	for i := 1; i < len(rows); i++ {
		if intel.ComparePositions(rows[i-1], rows[i], desc) >= 0 {
			t.Errorf("row %d at %+v does not follow %+v", i, rows[i], rows[i-1])
		}
	}
	if total >= 0 && len(rows) != total {
		t.Errorf("%d rows came in pages, the count is %d", len(rows), total)
	}
}
