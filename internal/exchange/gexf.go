package exchange

import (
	"context"
	"io"
	"time"

	"dragnet/internal/intel"
)

// WriteGEXF writes entities and links as GEXF 1.3 (gexf.net), all links
// directed. The days on which a link holds are its spells; a link without dates
// has none, and holds always.
func WriteGEXF(ctx context.Context, w io.Writer, g Graph) error {
	x := newXMLWriter(w)
	nodes, links := nodeColumns(), linkColumns()
	x.open("gexf", "xmlns", "http://gexf.net/1.3", "version", "1.3")
	x.newline()
	x.open("meta")
	x.element("creator", "Dragnet")
	x.close("meta")
	x.newline()
	x.open("graph", "defaultedgetype", "directed", "mode", "dynamic", "timerepresentation", "interval", "timeformat", "date")
	x.newline()
	gexfAttributes(x, "node", nodes)
	gexfAttributes(x, "edge", links)
	x.open("nodes")
	x.newline()
	err := g.Entities(ctx, func(r *intel.Record) error {
		x.open("node", "id", r.ID, "label", r.Name)
		gexfValues(x, nodes, r)
		x.close("node")
		x.newline()
		return x.err
	})
	if err != nil {
		return err
	}
	x.close("nodes")
	x.newline()
	x.open("edges")
	x.newline()
	err = g.Links(ctx, func(l *intel.Link) error {
		x.open("edge", "id", l.ID, "source", l.From, "target", l.To, "kind", string(l.Type))
		gexfValues(x, links, l)
		x.gexfSpells(l.Validity)
		x.close("edge")
		x.newline()
		return x.err
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"edges", "graph", "gexf"} {
		x.close(name)
	}
	return x.end()
}

func gexfAttributes[T any](x *xmlWriter, class string, columns []column[T]) {
	types := map[columnKind]string{textColumn: "string", listColumn: "string", numberColumn: "long", flagColumn: "boolean"}
	x.open("attributes", "class", class, "mode", "static")
	x.newline()
	for _, c := range columns {
		x.element("attribute", "", "id", c.name, "title", c.name, "type", types[c.kind])
		x.newline()
	}
	x.close("attributes")
	x.newline()
}

func gexfValues[T any](x *xmlWriter, columns []column[T], row T) {
	x.open("attvalues")
	for _, c := range columns {
		if text := c.text(row); text != "" {
			x.element("attvalue", "", "for", c.name, "value", text)
		}
	}
	x.close("attvalues")
}

func (x *xmlWriter) gexfSpells(validity []intel.Interval) {
	if len(validity) == 0 || validity[0].Always() {
		return
	}
	x.open("spells")
	for _, iv := range validity {
		var attrs []string
		if iv.From != intel.MinDay {
			attrs = append(attrs, "start", isoDay(iv.From))
		}
		if iv.To != intel.MaxDay {
			attrs = append(attrs, "end", isoDay(iv.To))
		}
		x.element("spell", "", attrs...)
	}
	x.close("spells")
}

// isoDay writes a day as ISO 8601 does.
func isoDay(d intel.Day) string {
	return time.Unix(d*24*60*60, 0).UTC().Format(time.DateOnly)
}
