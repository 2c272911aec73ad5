// Package seed holds the sample data as dossiers: the countries and regions of
// the world and the facts of three press documents. It only hands the files
// out; internal/exchange reads them. SOURCES.md says where each comes from.
package seed

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// Dossiers lists the files in the order in which they are best imported:
// countries and regions first, so that what the others mention has its name at
// once. Any other order gives the same graph.
func Dossiers() []string {
	return []string{
		"geography.yaml",
		"000-opera1er.yaml",
		"002-global-cybercrime-crackdown.yaml",
		"004-cyberclean.yaml",
	}
}

// FS holds the files that Dossiers lists, at its root.
func FS() fs.FS { return files }
