package catalog

import (
	"context"
	"fmt"

	"dragnet/internal/intel"
)

// MaxDossierLinks is the most links that a dossier shows.
const MaxDossierLinks = 1_000

// DossierLinks is the key of a dossier's page of links.
const DossierLinks = "links"

// Dossier reads one entity with all that is said of it: the claims behind its
// facts, and its links in both directions with the claims behind them, the first
// MaxDossierLinks by neighbours' names. An entity that is not in the graph of
// the view is ErrNotFound.
func (c *Catalog) Dossier(ctx context.Context, v intel.View, id string) (*intel.Answer, error) {
	id, err := intel.ParseEntityID(id)
	if err != nil {
		return nil, intel.Invalid("id", "%s", err)
	}
	links := intel.LinkSelection{Key: DossierLinks, Evidence: true, Page: intel.Page{First: intel.MaxPage, Count: true}}
	for _, t := range intel.LinkTypes() {
		links.Ends = append(links.Ends, intel.End{Type: t.Type, Direction: intel.Both})
	}
	s := intel.Selection{IDs: []string{id}, Node: intel.NodeSelection{Values: true, Evidence: true, Links: []intel.LinkSelection{links}}}
	a, err := c.Read(ctx, v, s)
	if err != nil {
		return nil, err
	}
	if len(a.Nodes) == 0 {
		return nil, &intel.FieldError{Field: "id", Row: -1, Kind: intel.ErrNotFound, Msg: fmt.Sprintf("there is no entity %q here", clip(id))}
	}
	page := a.Nodes[0].Links[DossierLinks]
	// What follows is of the same revision.
	v.AtRevision = &a.Revision
	for page.More && len(page.Edges) < MaxDossierLinks {
		s.Node.Links[0].Page.After = &page.Edges[len(page.Edges)-1].Position
		more, err := c.Read(ctx, v, s)
		if err != nil {
			return nil, err
		}
		for id, src := range more.Sources {
			a.Sources[id] = src
		}
		next := more.Nodes[0].Links[DossierLinks]
		page.Edges, page.More = append(page.Edges, next.Edges...), next.More
	}
	return a, nil
}
