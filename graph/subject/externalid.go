package subject

import (
	"net/url"
	"strings"

	"dragnet/internal/intel"
)

// pageOf is the page of an entity in somebody else's catalogue, "" where the
// catalogue has none that follows from the id.
func pageOf(x intel.ExternalID) string {
	switch x.Scheme {
	case "mitre-attack":
		return attackPage(x.Value)
	case "wikidata":
		return "https://www.wikidata.org/wiki/" + url.PathEscape(x.Value)
	}
	return ""
}

// attackPage follows how attack.mitre.org places its objects: T1566.001 is
// /techniques/T1566/001.
func attackPage(id string) string {
	if id == "" {
		return ""
	}
	kinds := map[byte]string{'T': "techniques", 'G': "groups", 'S': "software", 'C': "campaigns", 'M': "mitigations"}
	kind, ok := kinds[id[0]]
	if !ok {
		return ""
	}
	main, sub, nested := strings.Cut(id, ".")
	page := "https://attack.mitre.org/" + kind + "/" + url.PathEscape(main)
	if nested {
		page += "/" + url.PathEscape(sub)
	}
	return page
}
