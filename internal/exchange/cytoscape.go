package exchange

import (
	"context"
	"encoding/json"
	"io"
	"strconv"

	"dragnet/internal/intel"
)

// WriteCytoscape writes entities and links as Cytoscape.js reads them: an object
// whose elements hold nodes and edges, each with its data. Desktop Cytoscape
// reads the same.
func WriteCytoscape(ctx context.Context, w io.Writer, g Graph) error {
	j := newJSONWriter(w)
	j.raw(`{"data":{"name":"Dragnet"},"directed":true,"multigraph":true,"elements":{"nodes":[` + "\n")
	nodes, links := nodeColumns(), linkColumns()
	err := g.Entities(ctx, func(r *intel.Record) error {
		return j.item(map[string]any{"data": withColumns(map[string]any{"id": r.ID}, nodes, r)})
	})
	if err != nil {
		return err
	}
	j.raw("\n" + `],"edges":[` + "\n")
	j.first = true
	err = g.Links(ctx, func(l *intel.Link) error {
		return j.item(map[string]any{"data": withColumns(map[string]any{"id": l.ID, "source": l.From, "target": l.To}, links, l)})
	})
	if err != nil {
		return err
	}
	j.raw("\n]}}\n")
	return j.end()
}

func withColumns[T any](data map[string]any, columns []column[T], row T) map[string]any {
	for _, c := range columns {
		vs := c.of(row)
		if len(vs) == 0 {
			continue
		}
		switch c.kind {
		case listColumn:
			data[c.name] = vs
		case numberColumn:
			data[c.name] = json.Number(vs[0])
		case flagColumn:
			data[c.name] = vs[0] == strconv.FormatBool(true)
		default:
			data[c.name] = vs[0]
		}
	}
	return data
}
