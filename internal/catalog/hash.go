package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// scanPage is how many rows one read of a scan brings.
const scanPage = 2_000

// Hash identifies the content of the graph: SHA-256, in hexadecimal, over the
// claims' ids, the retractions and reinstatements of each, and the sources'
// header versions, sorted by id; without time, author and revision. With
// settled, the settled entities, links and sources follow. Two graphs that were
// told the same hash the same, whatever the order and the store.
func (c *Catalog) Hash(ctx context.Context, settled bool) (string, error) {
	for range 3 {
		before, err := c.Meta(ctx)
		if err != nil {
			return "", err
		}
		h := sha256.New()
		if err := c.hashTold(ctx, h, before.Last.Revision); err != nil {
			return "", err
		}
		if !settled {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err := c.hashSettled(ctx, h); err != nil {
			return "", err
		}
		after, err := c.Meta(ctx)
		if err != nil {
			return "", err
		}
		// Settled rows have no history: they are hashed whole or not at all.
		if after.Last.Revision == before.Last.Revision {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
	}
	return "", fmt.Errorf("%w: the graph keeps changing; hash it when nobody writes", intel.ErrConflict)
}

func record(h hash.Hash, fields ...string) {
	for _, f := range fields {
		fmt.Fprintf(h, "%d:%s", len(f), f)
	}
	h.Write([]byte{'\n'})
}

// hashTold hashes what had been told by a revision; later changes are passed
// over, so that no long snapshot is needed.
func (c *Catalog) hashTold(ctx context.Context, h hash.Hash, at int64) error {
	err := c.scan(ctx, intel.PartClaims, func(ws *intel.WorkingSet) error {
		for _, cl := range ws.Claims {
			if cl.Added.Revision > at {
				continue
			}
			record(h, cl.ID)
			for _, e := range cl.Events {
				if e.Revision <= at {
					record(h, cl.ID, word(e.Retracted, "retracted", "reinstated"), e.Reason, word(e.ByReplace, "replace", ""))
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.scan(ctx, intel.PartSources, func(ws *intel.WorkingSet) error {
		for _, s := range sourcesByID(ws) {
			var hashes []string
			for _, v := range s.Versions {
				if v.Added.Revision <= at {
					hashes = append(hashes, v.Hash)
				}
			}
			slices.Sort(hashes)
			for _, v := range hashes {
				record(h, s.ID, v)
			}
		}
		return nil
	})
}

func (c *Catalog) hashSettled(ctx context.Context, h hash.Hash) error {
	parts := map[intel.Part]func(*intel.WorkingSet) error{
		intel.PartEntities: func(ws *intel.WorkingSet) error {
			for _, r := range ws.Records {
				facts, err := intel.EncodeFacts(r.Facts)
				if err != nil {
					return err
				}
				record(h, r.ID, r.Name, r.NameKind, r.NameKey, r.SortKey, word(r.Stub, "stub", ""), string(facts))
			}
			return nil
		},
		intel.PartLinks: func(ws *intel.WorkingSet) error {
			for _, l := range ws.Links {
				amount := ""
				if l.Amount != nil {
					b, err := intel.EncodeShown(*l.Amount)
					if err != nil {
						return err
					}
					amount = string(b)
				}
				record(h, l.ID, fmt.Sprint(l.Support, l.Origins, l.Disputed, l.Validity), l.ValidFrom.String(), l.ValidTo.String(), l.Role, l.On.String(), amount)
			}
			return nil
		},
		intel.PartSources: func(ws *intel.WorkingSet) error {
			for _, s := range sourcesByID(ws) {
				record(h, s.ID, intel.HeaderHash(s.ID, s.Header), word(s.Stub, "stub", ""), strings.Join(s.Origins, " "), fmt.Sprint(s.Claims))
			}
			return nil
		},
	}
	for _, p := range []intel.Part{intel.PartEntities, intel.PartLinks, intel.PartSources} {
		if err := c.scan(ctx, p, parts[p]); err != nil {
			return err
		}
	}
	return nil
}

// scan reads a part of the store page by page, each in a view of its own.
func (c *Catalog) scan(ctx context.Context, part intel.Part, page func(*intel.WorkingSet) error) error {
	after := ""
	for {
		var ws *intel.WorkingSet
		err := c.store.View(ctx, func(r intel.Reader) (err error) {
			ws, err = r.Scan(ctx, part, after, scanPage)
			return err
		})
		if err != nil {
			return err
		}
		last := lastOf(part, ws)
		if last == "" {
			return nil
		}
		if err := page(ws); err != nil {
			return err
		}
		after = last
	}
}

// lastOf is the id of a page's last row, "" when the page is empty.
func lastOf(part intel.Part, ws *intel.WorkingSet) string {
	switch {
	case part == intel.PartClaims && len(ws.Claims) > 0:
		return ws.Claims[len(ws.Claims)-1].ID
	case part == intel.PartEntities && len(ws.Records) > 0:
		return ws.Records[len(ws.Records)-1].ID
	case part == intel.PartLinks && len(ws.Links) > 0:
		return ws.Links[len(ws.Links)-1].ID
	case part == intel.PartSources && len(ws.Sources) > 0:
		all := sourcesByID(ws)
		return all[len(all)-1].ID
	}
	return ""
}

func sourcesByID(ws *intel.WorkingSet) []*intel.Source {
	out := make([]*intel.Source, 0, len(ws.Sources))
	for _, s := range ws.Sources {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *intel.Source) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func word(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
