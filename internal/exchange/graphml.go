package exchange

import (
	"context"
	"io"

	"dragnet/internal/intel"
)

// WriteGraphML writes entities and links as GraphML (graphml.graphdrawing.org),
// all links directed. The ids of keys begin with n: or e:, since a node and an
// edge may have attributes of one name.
func WriteGraphML(ctx context.Context, w io.Writer, g Graph) error {
	x := newXMLWriter(w)
	nodes, links := nodeColumns(), linkColumns()
	x.open("graphml", "xmlns", "http://graphml.graphdrawing.org/xmlns")
	x.newline()
	for _, c := range nodes {
		x.graphMLKey("node", c.name, c.kind)
	}
	for _, c := range links {
		x.graphMLKey("edge", c.name, c.kind)
	}
	x.open("graph", "id", "dragnet", "edgedefault", "directed")
	x.newline()
	err := g.Entities(ctx, func(r *intel.Record) error {
		x.open("node", "id", r.ID)
		for _, c := range nodes {
			x.graphMLData("n:"+c.name, c.text(r))
		}
		x.close("node")
		x.newline()
		return x.err
	})
	if err != nil {
		return err
	}
	err = g.Links(ctx, func(l *intel.Link) error {
		x.open("edge", "id", l.ID, "source", l.From, "target", l.To)
		for _, c := range links {
			x.graphMLData("e:"+c.name, c.text(l))
		}
		x.close("edge")
		x.newline()
		return x.err
	})
	if err != nil {
		return err
	}
	x.close("graph")
	x.close("graphml")
	return x.end()
}

func (x *xmlWriter) graphMLKey(of, name string, kind columnKind) {
	types := map[columnKind]string{textColumn: "string", listColumn: "string", numberColumn: "long", flagColumn: "boolean"}
	x.element("key", "", "id", of[:1]+":"+name, "for", of, "attr.name", name, "attr.type", types[kind])
	x.newline()
}

func (x *xmlWriter) graphMLData(key, text string) {
	if text != "" {
		x.element("data", text, "key", key)
	}
}
