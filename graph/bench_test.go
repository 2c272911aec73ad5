package graph

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/internal/everystore"
)

// BenchmarkExecute answers queries of several sizes on the sample data, store
// and rendering included.
func BenchmarkExecute(b *testing.B) {
	w := sampled(b, everystore.SQLite)
	for name, query := range map[string]string{
		"one entity":        `{ group(id: "group:opera1er") { name } }`,
		"the issue's query": `{ group(id: "group:opera1er") { name aliases { nodes { name } } proceeds { text support claim { locator source { reliability } } } operatesIn { nodes { id name } } targetedBy { nodes { name agencies { nodes { name } edges { link { type support } } } firms { nodes { name } } } } } }`,
		"1,000 entities":    `{ regions(first: 10, where: {regionType: {eq: M49}}) { nodes { id name parts(first: 10) { nodes { id name ... on Region { parts(first: 10) { nodes { id name } } } } } } } }`,
		"200 countries":     `{ countries(first: 200) { nodes { id name alpha2 alpha3 numeric partOf { nodes { name } } } } }`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := w.Execute(b.Context(), &graphql.RawParams{Query: query}); len(r.Errors) > 0 {
					b.Fatal(r.Errors)
				}
			}
		})
	}
}
