package reconcile

import (
	"strings"

	"dragnet/internal/intel"
)

// Manifest says what the service can do.
type Manifest struct {
	Versions        []string `json:"versions"`
	Name            string   `json:"name"`
	IdentifierSpace string   `json:"identifierSpace"`
	SchemaSpace     string   `json:"schemaSpace"`
	DefaultTypes    []Type   `json:"defaultTypes"`
	View            struct {
		URL string `json:"url"`
	} `json:"view"`
	Preview struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	} `json:"preview"`
	Suggest map[string]Place `json:"suggest"`
	Extend  struct {
		Propose Place `json:"propose_properties"`
	} `json:"extend"`
}

// Place is where a part of the service is.
type Place struct {
	URL  string `json:"service_url"`
	Path string `json:"service_path"`
}

// The spaces of ids and of properties: those of Dragnet, whichever graph.
const (
	identifierSpace = "urn:x-dragnet:entity"
	schemaSpace     = "urn:x-dragnet:ontology"
)

// ManifestAt gives the manifest of the service at an address, without a slash at
// its end.
func ManifestAt(address string) Manifest {
	m := Manifest{Versions: []string{"0.2"}, Name: "Dragnet", IdentifierSpace: identifierSpace, SchemaSpace: schemaSpace, DefaultTypes: types("")}
	m.View.URL = address + "/preview?id={{id}}"
	m.Preview.URL, m.Preview.Width, m.Preview.Height = m.View.URL, 420, 260
	m.Suggest = map[string]Place{
		"entity":   {address, "/suggest/entity"},
		"property": {address, "/suggest/property"},
		"type":     {address, "/suggest/type"},
	}
	m.Extend.Propose = Place{address, "/properties"}
	return m
}

// types are the kinds that can be asked for by name and whose id, name or
// description has the text in it; aliases lead to others and are none.
func types(text string) []Type {
	out := []Type{}
	for _, k := range intel.Ontology() {
		t := Type{string(k.Kind), k.Kind.Label(), k.Description}
		if k.Kind != intel.KindAlias && has(text, t.ID, t.Name, t.Description) {
			out = append(out, t)
		}
	}
	return out
}

func has(text string, in ...string) bool {
	return strings.Contains(strings.ToLower(strings.Join(in, "\n")), strings.ToLower(strings.TrimSpace(text)))
}
