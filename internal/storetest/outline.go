package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// outline writes an answer in one line, for reading it beside what a case
// wants: the ids of nodes, and in braces behind each what hangs on it, by key:
//
//	key[TYPE:id …]    a page of links      key(claim …)  a page of claims
//	key<source …>     a page of sources    !claim …      evidence
//	2×OUT:TYPE:KIND   counts
//
// A + closes a page that is followed by rows, #n one that was counted.
func (s *sample) outline(a *intel.Answer) string {
	var parts []string
	for _, n := range a.Nodes {
		parts = append(parts, s.outlineNode(n))
	}
	if p := a.List; p != nil {
		parts = append(parts, enclosed("list[", s.outlineNodes(p.Nodes), "]", p.More, p.Total))
	}
	for _, e := range a.Links {
		parts = append(parts, s.outlineNode(e.Parent)+"-"+s.outlineEdge(e))
	}
	if p := a.LinkList; p != nil {
		var edges []string
		for _, e := range p.Edges {
			edges = append(edges, s.outlineNode(e.Parent)+"-"+s.outlineEdge(e))
		}
		parts = append(parts, enclosed("links[", edges, "]", p.More, p.Total))
	}
	if p := a.ClaimList; p != nil {
		parts = append(parts, s.outlineClaims(map[string]*intel.ClaimPage{"claims": p})...)
	}
	if len(a.Claims) > 0 {
		parts = append(parts, "("+s.labelled(a.Claims)+")")
	}
	for _, n := range a.SourceNodes {
		parts = append(parts, s.outlineSource(n))
	}
	if p := a.SourceList; p != nil {
		parts = append(parts, s.outlineSources("sources", p))
	}
	return strings.Join(parts, " ")
}

func enclosed(open string, parts []string, shut string, more bool, total int) string {
	out := strings.Join(parts, " ")
	if more {
		out += "+"
	}
	if total > 0 {
		out += fmt.Sprintf("#%d", total)
	}
	return open + out + shut
}

func (s *sample) outlineNodes(ns []*intel.Node) (parts []string) {
	for _, n := range ns {
		parts = append(parts, s.outlineNode(n))
	}
	return parts
}

func (s *sample) outlineNode(n *intel.Node) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(n.Links)) {
		p := n.Links[k]
		var edges []string
		for _, e := range p.Edges {
			edges = append(edges, s.outlineEdge(e))
		}
		parts = append(parts, enclosed(k+"[", edges, "]", p.More, p.Total))
	}
	parts = append(parts, s.outlineClaims(n.Claims)...)
	for _, k := range slices.Sorted(maps.Keys(n.Sources)) {
		parts = append(parts, s.outlineSources(k, n.Sources[k]))
	}
	for _, c := range n.Counts {
		parts = append(parts, fmt.Sprintf("%d×%s:%s:%s", c.Count, c.Direction, c.Type, c.Kind))
	}
	if len(n.Evidence) > 0 {
		parts = append(parts, "!"+s.labelled(byLabel(s, n.Evidence)))
	}
	if len(parts) == 0 {
		return n.ID
	}
	return n.ID + "{" + strings.Join(parts, " ") + "}"
}

// byLabel orders claims for people: ids are hashes.
func byLabel(s *sample, cs []*intel.Claim) []*intel.Claim {
	cs = slices.Clone(cs)
	slices.SortFunc(cs, func(a, b *intel.Claim) int { return strings.Compare(s.labels[a.ID], s.labels[b.ID]) })
	return cs
}

func (s *sample) outlineEdge(e *intel.Edge) string {
	var behind []string
	behind = append(behind, s.outlineClaims(e.Claims)...)
	if len(e.Evidence) > 0 {
		behind = append(behind, "!"+s.labelled(byLabel(s, e.Evidence)))
	}
	out := string(e.Type) + ":" + s.outlineNode(e.Node)
	if len(behind) > 0 {
		out += "{" + strings.Join(behind, " ") + "}"
	}
	return out
}

func (s *sample) outlineClaims(pages map[string]*intel.ClaimPage) (parts []string) {
	for _, k := range slices.Sorted(maps.Keys(pages)) {
		p := pages[k]
		// Within one revision claims stand by id, which is a hash: order them
		// for people. Their true order is held against the model.
		parts = append(parts, enclosed(k+"(", []string{s.labelled(byLabel(s, p.Claims))}, ")", p.More, p.Total))
	}
	return parts
}

func (s *sample) outlineSources(key string, p *intel.SourcePage) string {
	var parts []string
	for _, n := range p.Sources {
		parts = append(parts, s.outlineSource(n))
	}
	return enclosed(key+"<", parts, ">", p.More, p.Total)
}

func (s *sample) outlineSource(n *intel.SourceNode) string {
	out := n.ID
	if behind := s.outlineClaims(n.Claims); len(behind) > 0 {
		out += "{" + strings.Join(behind, " ") + "}"
	}
	return out
}
