// Package sqlite is the embedded store: it keeps what intel.Store describes in
// one SQLite file, through zombiezen.com/go/sqlite. It stores and finds; it
// must not validate, settle, derive ids or clamp pages.
package sqlite
