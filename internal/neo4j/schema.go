package neo4j

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// schemaVersion is that of the constraints, the indexes and what nodes and
// relationships hold. A step that changes what they hold raises it and brings
// older databases up in Setup.
const schemaVersion = 2

// externalIDs is the full-text index over the whole ids of the list property
// externalId; Neo4j's other indexes do not look into lists.
const externalIDs = "entity_external_id"

// nameTerms is the full-text index over the list of search terms, each whole.
const nameTerms = "entity_terms"

// index is a named part of the schema.
type index struct{ name, definition string }

// schema lists all constraints and indexes. Labels, relationship types and
// properties are the ontology's.
func schema() []index {
	out := []index{
		unique("Meta"), unique("Entity"), unique("Claim"), unique("Source"), unique("UnknownSource"),
		nodeIndex("Entity", "idKey"), nodeIndex("Entity", "linkPrefix"), nodeIndex("Source", "idKey"),
		nodeIndex("Claim", "subject", "revision", "id"), nodeIndex("Claim", "subject", "property"), nodeIndex("Claim", "subject", "changed"),
		nodeIndex("Claim", "object", "revision", "id"), nodeIndex("Claim", "saidBy", "revision", "id"),
		nodeIndex("Claim", "link", "revision", "id"), nodeIndex("Claim", "source", "revision", "id"), nodeIndex("Claim", "revision", "id"), nodeIndex("Claim", "changed", "id"), nodeIndex("Touched", "revision"),
		nodeIndex("Source", "titleSort", "idKey"), nodeIndex("Source", "publishedLo", "idKey"), nodeIndex("Source", "claims", "idKey"),
		{externalIDs, "CREATE FULLTEXT INDEX " + externalIDs + " IF NOT EXISTS FOR (n:Entity) ON EACH [n.externalId, n.externalIdValue] OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword', `fulltext.eventually_consistent`: false}}"},
	}
	out = append(out, index{nameTerms, "CREATE FULLTEXT INDEX " + nameTerms + " IF NOT EXISTS FOR (n:Entity) ON EACH [n.terms] OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword', `fulltext.eventually_consistent`: false}}"})
	for _, column := range slices.Sorted(maps.Values(termColumns)) {
		out = append(out, nodeIndex("Entity", column))
	}
	out = append(out, nodeIndex("Entity", "sortKey", "idKey"), nodeIndex("Entity", "revision", "idKey"))
	for _, k := range intel.Kinds() {
		out = append(out, nodeIndex(k.Label(), "sortKey", "idKey"), nodeIndex(k.Label(), "revision", "idKey"))
		for _, p := range intel.PropertiesOf(k) {
			if column := indexedColumn(p); column != "" {
				out = append(out, nodeIndex(k.Label(), column, "idKey"))
			}
		}
	}
	for _, l := range intel.LinkTypes() {
		out = append(out, linkIndex(l.Type, "fromKey", "toSort", "toKey"), linkIndex(l.Type, "toKey", "fromSort", "fromKey"))
	}
	return out
}

// indexedColumn is the property of the node that an index serves: what lists
// are ordered by, and codes that things are looked up by.
func indexedColumn(p *intel.PropertyInfo) string {
	switch {
	case p.Sortable:
		return orderColumn(p)
	case p.Type == intel.TypeText && p.Indexed() && !p.Many && p.Property != intel.PropName:
		return string(p.Property)
	}
	return ""
}

func unique(label string) index {
	name := "unique_" + strings.ToLower(label)
	return index{name, "CREATE CONSTRAINT " + name + " IF NOT EXISTS FOR (n:" + label + ") REQUIRE n.id IS UNIQUE"}
}

func nodeIndex(label string, properties ...string) index {
	name := strings.ToLower(label + "_" + strings.Join(properties, "_"))
	return index{name, "CREATE INDEX " + name + " IF NOT EXISTS FOR (n:" + label + ") ON (n." + strings.Join(properties, ", n.") + ")"}
}

func linkIndex(t intel.LinkType, properties ...string) index {
	name := "link_" + strings.ToLower(string(t)+"_"+properties[0])
	return index{name, "CREATE INDEX " + name + " IF NOT EXISTS FOR ()-[r:" + string(t) + "]-() ON (r." + strings.Join(properties, ", r.") + ")"}
}

// Setup makes constraints and indexes in one transaction and then, when all
// indexes are there, the Meta node, by which every other call knows that the
// database is set up.
func (s *Store) Setup(ctx context.Context) error {
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	err = s.retry(ctx, func() error { return s.setUp(ctx) })
	if err == nil {
		s.ready.Store(true)
	}
	return fault(ctx, "set up", err)
}

const (
	schemaNow = `OPTIONAL MATCH (m:Meta) RETURN m.schema`

	schemaNames = `SHOW INDEXES YIELD name RETURN collect(name)`

	awaitIndexes = `CALL db.awaitIndexes(3600)`

	makeMeta = `MERGE (m:Meta {id: 'dragnet'})
ON CREATE SET m.schema = $schema, m.epoch = $epoch, m.commits = 0, m.revision = 0,
  m.settleVersion = 0, m.namesVersion = 0, m.entities = 0, m.stubs = 0, m.links = 0, m.claims = 0, m.sources = 0`
)

func (s *Store) setUp(ctx context.Context) (err error) {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	run := func(statement string, params map[string]any) (any, error) {
		result, err := session.Run(ctx, statement, params, timeout(ctx))
		if err != nil {
			return nil, err
		}
		row, err := oneRow(ctx, result)
		if err != nil || len(row) == 0 {
			return nil, err
		}
		return row[0], nil
	}
	found, err := run(schemaNow, nil)
	if err != nil {
		return err
	}
	if v := number(found); v > schemaVersion {
		return fmt.Errorf("neo4j store: %w: the database has schema %d, this program knows %d: use a newer one", intel.ErrConflict, v, schemaVersion)
	}
	names, err := run(schemaNames, nil)
	if err != nil {
		return err
	}
	if missing := without(schema(), list(names)); len(missing) > 0 {
		if err := makeIndexes(ctx, session, missing); err != nil {
			return err
		}
	}
	_, err = run(awaitIndexes, nil)
	switch {
	case err != nil:
	case found != nil && number(found) < schemaVersion:
		err = upgrade(ctx, session)
	case found == nil:
		_, err = run(makeMeta, map[string]any{"schema": schemaVersion, "epoch": strings.ToLower(rand.Text()[:12])})
	}
	return err
}

func without(all []index, names []any) []index {
	have := map[string]bool{}
	for _, n := range names {
		have[text(n)] = true
	}
	var out []index
	for _, i := range all {
		if !have[i.name] {
			out = append(out, i)
		}
	}
	return out
}

func makeIndexes(ctx context.Context, session neo4j.SessionWithContext, missing []index) error {
	tx, err := session.BeginTransaction(ctx, timeout(ctx))
	if err != nil {
		return err
	}
	for _, i := range missing {
		result, err := tx.Run(ctx, i.definition, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return errors.Join(err, tx.Close(ctx))
		}
	}
	return tx.Commit(ctx)
}
