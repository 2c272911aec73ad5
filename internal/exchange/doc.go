// Package exchange reads and writes file formats. It knows intel only, and
// decides nothing: what a reader delivers, catalog checks and stores.
package exchange
