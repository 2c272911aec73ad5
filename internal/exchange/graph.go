package exchange

import (
	"context"
	"io"

	"dragnet/internal/intel"
)

// Graph is what is written: a part of a graph at one revision, walked row by
// row. Each walk gives its rows in an order that follows from the graph alone,
// and can be made again.
type Graph interface {
	// Entities gives the settled entities.
	Entities(ctx context.Context, do func(*intel.Record) error) error
	// Portraits gives the same with what draws each alone.
	Portraits(ctx context.Context, do func(*intel.Portrait) error) error
	// Links gives the settled links; both ends are among the entities.
	Links(ctx context.Context, do func(*intel.Link) error) error
	// Claims gives the live claims, each with its source.
	Claims(ctx context.Context, do func(*intel.Claim, *intel.Source) error) error
	// Sources gives the sources with their header versions, those of the claims
	// among them.
	Sources(ctx context.Context, do func(*intel.Source) error) error
}

// Output is a file format that a graph can be written in. A format of several
// files has WriteFiles, any other Write.
type Output struct {
	Name string
	// Media is the media type, Ending the end of a file's name.
	Media, Ending string
	Write         func(context.Context, io.Writer, Graph) error
	WriteFiles    func(context.Context, Folder, Graph) error
}

// Folder makes the files of a format that has several, one after another: a
// file is written until the next one is made.
type Folder func(name string) (io.Writer, error)

// Outputs lists the formats that a graph can be written in.
func Outputs() []Output {
	return []Output{
		{Name: "jsonl", Media: "application/x-ndjson; charset=utf-8", Ending: ".jsonl", Write: WriteJSONL},
		{Name: "stix", Media: "application/stix+json;version=2.1", Ending: ".stix.json", Write: WriteSTIX},
		{Name: "graphml", Media: "application/graphml+xml; charset=utf-8", Ending: ".graphml", Write: WriteGraphML},
		{Name: "gexf", Media: "application/gexf+xml; charset=utf-8", Ending: ".gexf", Write: WriteGEXF},
		{Name: "cytoscape", Media: "application/json; charset=utf-8", Ending: ".cyjs", Write: WriteCytoscape},
		{Name: "csv", WriteFiles: WriteCSV},
		{Name: "neo4j-csv", WriteFiles: WriteNeo4jCSV},
	}
}

// OutputNamed finds a format by its name.
func OutputNamed(name string) (Output, bool) {
	for _, f := range Outputs() {
		if f.Name == name {
			return f, true
		}
	}
	return Output{}, false
}
