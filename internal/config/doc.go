// Package config is what a user sets, as values: which store, and secrets that
// do not show. It reads no environment and opens nothing.
package config
