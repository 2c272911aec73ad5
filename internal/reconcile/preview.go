package reconcile

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"

	"dragnet/internal/intel"
)

//go:embed preview.html
var previewText string

//go:embed preview.css
var previewStyle string

// previewPage has its one style within: it is shown in frames of a few hundred
// points.
var previewPage = template.Must(template.New("preview").Parse(previewText))

// PreviewStyle is the hash by which a content security policy lets the preview's
// style pass.
func PreviewStyle() string {
	sum := sha256.Sum256([]byte(previewStyle))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

const (
	// previewAliases and previewFacts bound what a preview shows.
	previewAliases = 8
	previewFacts   = 6
)

// Preview is a small page about an entity.
type Preview struct {
	// Asked is the id that was asked for; Found says that it is in the graph.
	Asked string
	Found bool

	Name, Kind, ID, Summary string
	Aliases                 []string
	More                    bool // there are more aliases
	Facts                   []previewFact
	Style                   template.CSS
}

type previewFact struct{ Name, Value string }

// Preview reads what a preview shows of an entity.
func (s Service) Preview(ctx context.Context, id string) (*Preview, error) {
	p := &Preview{Asked: clip(id), Style: template.CSS(previewStyle)} //nolint:gosec // it is a file of ours
	nodes, err := s.extended(ctx, []string{id}, intel.NodeSelection{Values: true, Links: []intel.LinkSelection{
		linksTo(propAliases, []intel.Kind{intel.KindAlias}, previewAliases),
	}})
	n := nodes[id]
	if err != nil || n == nil {
		return p, err
	}
	p.Found, p.Name, p.Kind, p.ID = true, n.Name, n.Kind.Label(), n.ID
	page := n.Links[propAliases]
	p.More = page.More
	for _, e := range page.Edges {
		p.Aliases = append(p.Aliases, e.Node.Name)
	}
	said := []intel.Property{intel.PropName, intel.PropNameKind, intel.PropNote}
	for _, f := range n.Facts {
		switch {
		case len(f.Values) == 0:
		case f.Property == intel.PropSummary:
			p.Summary = f.Values[0].Value.Written()
		case len(p.Facts) < previewFacts && !slices.Contains(said, f.Property):
			p.Facts = append(p.Facts, previewFact{title(string(f.Property)), f.Values[0].Value.Written()})
		}
	}
	return p, nil
}

// Write writes the page as HTML.
func (p *Preview) Write(w io.Writer) error { return previewPage.Execute(w, p) }
