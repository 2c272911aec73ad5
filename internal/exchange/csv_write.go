package exchange

import (
	"context"
	"encoding/csv"
	"strings"

	"dragnet/internal/intel"
)

// WriteCSV writes entities to nodes.csv and links to edges.csv, with a header
// line each.
func WriteCSV(ctx context.Context, files Folder, g Graph) error {
	nodes, links := nodeColumns(), linkColumns()
	err := csvFile(files, "nodes.csv", csvHeader([]string{"id"}, nodes), func(row func([]string) error) error {
		return g.Entities(ctx, func(r *intel.Record) error { return row(csvRow([]string{r.ID}, nodes, r)) })
	})
	if err != nil {
		return err
	}
	return csvFile(files, "edges.csv", csvHeader([]string{"id", "from", "to"}, links), func(row func([]string) error) error {
		return g.Links(ctx, func(l *intel.Link) error { return row(csvRow([]string{l.ID, l.From, l.To}, links, l)) })
	})
}

func csvFile(files Folder, name string, header []string, rows func(func([]string) error) error) error {
	f, err := files(name)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write(header); err != nil {
		return err
	}
	if err := rows(w.Write); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func csvHeader[T any](begin []string, columns []column[T]) []string {
	for _, c := range columns {
		begin = append(begin, c.name)
	}
	return begin
}

func csvRow[T any](begin []string, columns []column[T], row T) []string {
	for _, c := range columns {
		begin = append(begin, c.text(row))
	}
	return begin
}

// WriteNeo4jCSV writes the two files that neo4j-admin database import takes,
// with types in their header lines:
//
//	neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv
//
// So that its defaults do, a line break in a text is a space, and a semicolon in
// a list, which parts its values, a comma.
func WriteNeo4jCSV(ctx context.Context, files Folder, g Graph) error {
	nodes, links := nodeColumns(), linkColumns()
	links = links[1:] // the type has a column of its own
	err := csvFile(files, "nodes.csv", neo4jHeader([]string{"id:ID", ":LABEL"}, nodes), func(row func([]string) error) error {
		return g.Entities(ctx, func(r *intel.Record) error {
			return row(neo4jRow([]string{r.ID, "Entity;" + r.Kind.Label()}, nodes, r))
		})
	})
	if err != nil {
		return err
	}
	return csvFile(files, "relationships.csv", neo4jHeader([]string{"id", ":START_ID", ":END_ID", ":TYPE"}, links), func(row func([]string) error) error {
		return g.Links(ctx, func(l *intel.Link) error {
			return row(neo4jRow([]string{l.ID, l.From, l.To, string(l.Type)}, links, l))
		})
	})
}

func neo4jHeader[T any](begin []string, columns []column[T]) []string {
	types := map[columnKind]string{textColumn: "string", listColumn: "string[]", numberColumn: "long", flagColumn: "boolean"}
	for _, c := range columns {
		begin = append(begin, c.name+":"+types[c.kind])
	}
	return begin
}

var (
	oneLine  = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
	listPart = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", ";", ",")
)

func neo4jRow[T any](begin []string, columns []column[T], row T) []string {
	for _, c := range columns {
		vs := c.of(row)
		if c.kind != listColumn {
			begin = append(begin, oneLine.Replace(strings.Join(vs, between)))
			continue
		}
		for i := range vs {
			vs[i] = listPart.Replace(vs[i])
		}
		begin = append(begin, strings.Join(vs, ";"))
	}
	return begin
}
