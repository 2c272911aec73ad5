// Package analysis answers questions about the shape of the graph: what lies
// around an entity, what joins two, who matters, who belongs together. It keeps
// the settled links in memory, in a projection that is built from the store and
// follows its changes, and finds the same answers in the store where it has
// none.
package analysis
