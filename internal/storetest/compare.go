package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dragnet/internal/intel"
)

// The contract says nothing of nil and empty lists.
var options = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b }),
}

// diff shows how two values differ; it is empty when they do not.
func diff(want, got any) string {
	if equal(want, got) {
		return ""
	}
	var d differences
	if cmp.Equal(want, got, options, cmp.Reporter(&d)) {
		panic("storetest: equal and cmp do not agree")
	}
	return d.String()
}

// failing is what a comparison needs of a test, of rapid's too.
type failing interface {
	Helper()
	Errorf(format string, args ...any)
}

// same fails the test when the two differ.
func same(t failing, what string, want, got any) {
	t.Helper()
	if d := diff(want, got); d != "" {
		t.Errorf("%s differs:\n%s", what, d)
	}
}

// flatAnswer is an Answer without its circles, for comparing.
type flatAnswer struct {
	Revision    int64
	Nodes       []flatNode
	List        *flatNodes
	Links       []flatEdge
	Claims      []*intel.Claim
	SourceNodes []flatSource
	LinkList    *flatLinks
	ClaimList   *intel.ClaimPage
	SourceList  *flatSources
	Sources     map[string]*intel.Source
	Wrong       []string // pointers that do not point where they must
}

type flatNode struct {
	Record   intel.Record
	Links    map[string]flatLinks
	Claims   map[string]*intel.ClaimPage
	Sources  map[string]flatSources
	Counts   []intel.LinkCount
	Evidence []*intel.Claim
}

type flatNodes struct {
	Nodes     []flatNode
	Positions []intel.Position
	More      bool
	Total     int
}

type flatLinks struct {
	Edges []flatEdge
	More  bool
	Total int
}

type flatEdge struct {
	Link       intel.Link
	Parent     *flatNode // of links that are roots
	Node       flatNode
	Position   intel.Position // of links that are not
	Claims     map[string]*intel.ClaimPage
	Evidence   []*intel.Claim
	From, Goes string // ids, as FromNode and ToNode give them
}

type flatSource struct {
	Source intel.Source
	Claims map[string]*intel.ClaimPage
}

type flatSources struct {
	Sources   []flatSource
	Positions []intel.Position
	More      bool
	Total     int
}

func flatten(a *intel.Answer) flatAnswer {
	f := flatAnswer{Revision: a.Revision, Claims: a.Claims, Sources: a.Sources}
	for _, n := range a.Nodes {
		f.Nodes = append(f.Nodes, f.node(n))
	}
	if a.List != nil {
		f.List = &flatNodes{Positions: a.List.Positions, More: a.List.More, Total: a.List.Total}
		for _, n := range a.List.Nodes {
			f.List.Nodes = append(f.List.Nodes, f.node(n))
		}
	}
	for _, e := range a.Links {
		flat := f.edge(e)
		parent := f.node(e.Parent)
		flat.Parent = &parent
		flat.Position = intel.Position{}
		f.Links = append(f.Links, flat)
	}
	f.ClaimList = a.ClaimList
	if p := a.LinkList; p != nil {
		f.LinkList = &flatLinks{More: p.More, Total: p.Total}
		for _, e := range p.Edges {
			flat := f.edge(e)
			parent := f.node(e.Parent)
			flat.Parent = &parent
			f.LinkList.Edges = append(f.LinkList.Edges, flat)
		}
	}
	for _, s := range a.SourceNodes {
		f.SourceNodes = append(f.SourceNodes, flatSource{*s.Source, s.Claims})
	}
	if a.SourceList != nil {
		p := flattenSources(a.SourceList)
		f.SourceList = &p
	}
	slices.Sort(f.Wrong)
	return f
}

func (f *flatAnswer) node(n *intel.Node) flatNode {
	out := flatNode{Record: *n.Record, Claims: n.Claims, Counts: n.Counts, Evidence: n.Evidence, Links: map[string]flatLinks{}, Sources: map[string]flatSources{}}
	for k, p := range n.Links {
		flat := flatLinks{More: p.More, Total: p.Total}
		for _, e := range p.Edges {
			if e.Parent != n {
				f.Wrong = append(f.Wrong, fmt.Sprintf("Parent of %s below %s", e.ID, n.ID))
			}
			flat.Edges = append(flat.Edges, f.edge(e))
		}
		out.Links[k] = flat
	}
	for k, p := range n.Sources {
		out.Sources[k] = flattenSources(p)
	}
	return out
}

func (f *flatAnswer) edge(e *intel.Edge) flatEdge {
	return flatEdge{Link: *e.Link, Node: f.node(e.Node), Position: e.Position, Claims: e.Claims, Evidence: e.Evidence, From: e.FromNode().ID, Goes: e.ToNode().ID}
}

func flattenSources(p *intel.SourcePage) flatSources {
	flat := flatSources{Positions: p.Positions, More: p.More, Total: p.Total}
	for _, s := range p.Sources {
		flat.Sources = append(flat.Sources, flatSource{*s.Source, s.Claims})
	}
	return flat
}

// sameSet compares two answers of Collect; records have no stated order.
func sameSet(t failing, what string, want, got *intel.WorkingSet) {
	t.Helper()
	w, g := *want, *got
	w.Records, g.Records = byID(w.Records), byID(g.Records)
	same(t, what, w, g)
}

// samePart compares two answers of Scan.
func samePart(t failing, what string, part intel.Part, want, got *intel.WorkingSet) {
	t.Helper()
	g := *got
	if part == intel.PartClaims {
		g.Sources = nil // may come or not
	}
	same(t, what, *want, g)
}

func byID(rs []*intel.Record) []*intel.Record {
	rs = slices.Clone(rs)
	slices.SortFunc(rs, func(a, b *intel.Record) int { return strings.Compare(a.ID, b.ID) })
	return rs
}
