// Package neo4j keeps the graph in Neo4j (5.26 or later, any edition). It
// stores and finds; it settles nothing and checks no input, and neither Cypher
// nor the driver's types or errors leave it.
//
// What stands in the database, for somebody who opens Neo4j Browser:
//
//	(:Entity:Group {id, name, arrests: 3500, firstSeen: '2023-07', …})
//	    the settled graph; the second label is the kind
//	(:Entity)-[:TARGETED {support, role, validFrom, …}]->(:Entity)
//	    settled links, of the ontology's types
//	(:Claim {subject, property, value, source, …})-[:ABOUT]->(:Entity)
//	    everything anybody ever said, retracted or not; a claim whose subject
//	    is no more in the settled graph stands alone
//	(:Source {title, reliability, …})-[:DERIVED_FROM]->(:Source)
//	    or to (:UnknownSource {id}), of which nothing but its id was ever said
//	(:Meta {revision, schema, …})
//	    one node
//
// Beside its natural properties, which filters, orders and people use, every
// node and relationship keeps the whole of itself in one text, the property
// row (row.go): reading one property of a record costs Neo4j as much as the
// record, so answers made from rows come two to three times as fast.
package neo4j
