package exchange

import (
	_ "embed"
	"slices"
)

//go:embed dossier.schema.json
var dossierSchema []byte

// DossierSchema gives the JSON Schema (2020-12) of dossiers, for editors that
// complete and check YAML. It is made from the ontology. ReadDossier checks
// more: what a schema cannot say, such as the days of a month.
func DossierSchema() []byte { return slices.Clone(dossierSchema) }

//go:embed stix.schema.json
var stixSchema []byte

// STIXSchema gives the JSON Schema (2020-12) of Dragnet's extensions of STIX
// 2.1. It is made from the ontology.
func STIXSchema() []byte { return slices.Clone(stixSchema) }
