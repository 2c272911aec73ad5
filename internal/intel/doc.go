// Package intel is the domain: kinds, properties and link types, claims and
// their sources, dates and amounts, how claims settle into what is shown, and
// the contract a store must keep. It knows no database, no transport and no
// file format.
package intel
