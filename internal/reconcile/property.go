package reconcile

import (
	"strings"
	"unicode"

	"dragnet/internal/intel"
)

// The properties that help to find who is meant: those of the API's
// ResolveContext. All but the last can be fetched too.
const (
	propCountries = "countries"
	propSectors   = "sectors"
	propRelated   = "related"
	propSeenIn    = "seenIn"
	propAliases   = "aliases" // can be fetched only
)

func contextProperties() []Type {
	return append(linkProperties()[1:], Type{propSeenIn, "Seen in", "When it was active: a year, a month or a day, such as 2023-07."})
}

// linkProperties are those whose values are entities.
func linkProperties() []Type {
	return []Type{
		{propAliases, "Aliases", "Other names by which it goes."},
		{propCountries, "Countries", "Countries it is linked to."},
		{propSectors, "Sectors", "Sectors it is linked to."},
		{propRelated, "Related", "Anything it is linked to, aliases apart."},
	}
}

// linkedKinds gives the kinds of which the values of a property are, and whether
// they are entities.
func linkedKinds(property string) ([]intel.Kind, bool) {
	switch property {
	case propAliases:
		return []intel.Kind{intel.KindAlias}, true
	case propCountries:
		return []intel.Kind{intel.KindCountry}, true
	case propSectors:
		return []intel.Kind{intel.KindSector}, true
	case propRelated:
		var kinds []intel.Kind
		for _, k := range intel.Kinds() {
			if k != intel.KindAlias {
				kinds = append(kinds, k)
			}
		}
		return kinds, true
	}
	return nil, false
}

// factType writes a property of the ontology.
func factType(p *intel.PropertyInfo) Type {
	return Type{string(p.Property), title(string(p.Property)), p.Description}
}

// title makes words of a property's name: "Accounts blocked".
func title(name string) string {
	var out strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			out.WriteRune(unicode.ToUpper(r))
		case unicode.IsUpper(r):
			out.WriteRune(' ')
			out.WriteRune(unicode.ToLower(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
