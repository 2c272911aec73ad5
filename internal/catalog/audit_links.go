package catalog

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"dragnet/internal/intel"
)

// strayRecords finds rows of entities that no claim ever mentioned.
func (a *audit) strayRecords(ctx context.Context) error {
	return a.stray(ctx, intel.PartEntities, func(r intel.Reader, ws *intel.WorkingSet, b *intel.Batch) error {
		var ids []string
		for _, rec := range ws.Records {
			ids = append(ids, rec.ID)
		}
		m, err := r.Collect(ctx, intel.Need{Mentions: ids})
		if err != nil {
			return err
		}
		for _, rec := range ws.Records {
			if m.Mentions[rec.ID] == (intel.Mention{}) {
				a.sayf("%s", rec.ID+": is in the store, but no claim mentions it")
				b.DropRecords = append(b.DropRecords, rec.ID)
				b.Counts.Entities--
				b.Counts.Stubs -= one(rec.Stub)
			}
		}
		return nil
	})
}

func (a *audit) stray(ctx context.Context, part intel.Part, step func(intel.Reader, *intel.WorkingSet, *intel.Batch) error) error {
	after := ""
	for {
		var last string
		err := a.page(ctx, func(r intel.Reader, b *intel.Batch) error {
			ws, err := r.Scan(ctx, part, after, auditPage)
			if err != nil {
				return err
			}
			if last = lastOf(part, ws); last == "" {
				return nil
			}
			return step(r, ws, b)
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

// links derives, page of claims by page of claims, the links they are about.
func (a *audit) links(ctx context.Context) error {
	return a.stray(ctx, intel.PartClaims, func(r intel.Reader, page *intel.WorkingSet, b *intel.Batch) error {
		need := intel.Need{}
		for _, c := range page.Claims {
			if !c.IsLink() {
				continue
			}
			need.Links = append(need.Links, c.LinkID())
			if _, exclusive := c.LinkType.Allows(intel.KindOf(c.Subject), intel.KindOf(c.Object)); exclusive {
				need.From = append(need.From, intel.FromNeed{From: c.Subject, Type: c.LinkType})
			}
		}
		if need.Links, need.From = distinct(need.Links), distinct(need.From); len(need.Links) == 0 {
			return nil
		}
		need.LinkRows = need.Links
		ws, err := r.Collect(ctx, need)
		if err != nil {
			return err
		}
		is, was := deriveLinks(ws), map[string]*intel.Link{}
		for _, l := range ws.Links {
			was[l.ID] = l
		}
		for _, id := range need.Links {
			a.link(id, was[id], is[id], b)
		}
		return nil
	})
}

func deriveLinks(ws *intel.WorkingSet) map[string]*intel.Link {
	claims := map[string][]*intel.Claim{}
	for _, c := range ws.Claims {
		if c.IsLink() {
			claims[c.LinkID()] = append(claims[c.LinkID()], c)
		}
	}
	out := map[string]*intel.Link{}
	sets := map[intel.FromNeed][]*intel.Link{}
	for _, id := range slices.Sorted(maps.Keys(claims)) {
		if l := intel.SettleLink(intel.Gather(claims[id], ws.Sources, intel.View{})); l != nil {
			out[id] = l
			f := intel.FromNeed{From: l.From, Type: l.Type}
			sets[f] = append(sets[f], l)
		}
	}
	for _, set := range sets {
		intel.MarkRivals(set)
	}
	return out
}

func (a *audit) link(id string, was, is *intel.Link, b *intel.Batch) {
	switch {
	case was == nil && is == nil, was != nil && is != nil && reflect.DeepEqual(was, is):
		return
	case is == nil:
		a.sayf("%s", id+": is in the store, but its claims do not carry it")
		b.DropLinks = append(b.DropLinks, id)
		b.Counts.Links--
	case was == nil:
		a.sayf("%s", id+": is not in the store, but its claims carry it")
		b.Links = append(b.Links, is)
		b.Counts.Links++
	default:
		a.sayf("%s: the store has support %d, disputed %t, its claims say %d, %t", id, was.Support, was.Disputed, is.Support, is.Disputed)
		b.Links = append(b.Links, is)
	}
}

// strayLinks counts the links and finds rows that no claim is about.
func (a *audit) strayLinks(ctx context.Context) error {
	return a.stray(ctx, intel.PartLinks, func(r intel.Reader, page *intel.WorkingSet, b *intel.Batch) error {
		var ids []string
		for _, l := range page.Links {
			ids = append(ids, l.ID)
		}
		ws, err := r.Collect(ctx, intel.Need{Links: ids})
		if err != nil {
			return err
		}
		claimed := map[string]bool{}
		for _, c := range ws.Claims {
			claimed[c.LinkID()] = true
		}
		for _, id := range ids {
			if claimed[id] {
				a.counts.Links++
				continue
			}
			a.sayf("%s", id+": is in the store, but no live claim is about it")
			b.DropLinks = append(b.DropLinks, id)
			b.Counts.Links--
		}
		return nil
	})
}
