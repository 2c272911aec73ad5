package exchange

import (
	_ "embed" // for the names of places
	"strings"

	"dragnet/internal/intel"
)

// placeNames are the names of countries and regions in the sample data, one a
// line with its id before it; a code of three letters has # before it. A test
// writes the file.
//
//go:embed places.txt
var placeNames string

// area is a bloc or an informal area, which the sample data does not have.
type area struct{ key, name string }

var (
	middleEast   = area{"middle-east", "Middle East"}
	northAmerica = area{"north-america", "North America"}
	eu           = area{"european-union", "European Union"}
)

// areas are such areas by the names that feeds call them.
var areas = map[string]area{
	"middle east": middleEast, "mena": {"middle-east-and-north-africa", "Middle East and North Africa"},
	"north america": northAmerica, "european union": eu, "eu": eu,
	"nato": {"nato", "NATO"}, "asia pacific": {"asia-pacific", "Asia-Pacific"},
	"asia pacific economic cooperation":      {"apec", "Asia-Pacific Economic Cooperation"},
	"association of southeast asian nations": {"asean", "Association of Southeast Asian Nations"},
	"gulf states":                            {"gulf-states", "Gulf states"},
}

// spellings are names of countries and regions as feeds write them, beside
// those of the sample data.
var spellings = map[string]string{
	"korea republic of": "country:KR", "korea democratic people s republic of": "country:KP",
	"lebonon": "country:LB", "southeast asian": "region:035",
}

// places are the ids of countries and M49 regions by the NameKey of a name.
var places = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(placeNames) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(name, "#") {
			m[intel.NameKey(name)] = id
		}
	}
	for name, id := range spellings {
		m[name] = id
	}
	return m
}()

// countryCodes are the ids of countries by their codes of two and three letters.
var countryCodes = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(placeNames) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if intel.KindOf(id) == intel.KindCountry {
			m[intel.KeyOf(id)] = id
			if code, ok := strings.CutPrefix(name, "#"); ok {
				m[code] = id
			}
		}
	}
	return m
}()

// placeNamed finds the country or region that a feed calls so. Countries and
// regions of M49, which the sample data names, are given by their ids alone.
func placeNamed(name string) (intel.Ref, bool) {
	key := intel.NameKey(name)
	for _, k := range []string{key, strings.TrimPrefix(key, "the ")} {
		if id, ok := places[k]; ok {
			return intel.Ref{ID: id}, true
		}
		if a, ok := areas[k]; ok {
			return named(intel.KindRegion, a.key, a.name), true
		}
	}
	return intel.Ref{}, false
}

// placeCoded finds the country of a code of two or three capital letters, or
// else the place of that name.
func placeCoded(word string) (intel.Ref, bool) {
	if id, ok := countryCodes[strings.TrimSpace(word)]; ok {
		return intel.Ref{ID: id}, true
	}
	return placeNamed(word)
}

// countryCode gives the ISO 3166-1 alpha-2 code of a country; "" when it is none.
func countryCode(s string) string {
	if to, ok := placeCoded(s); ok && intel.KindOf(to.ID) == intel.KindCountry {
		return intel.KeyOf(to.ID)
	}
	return ""
}
