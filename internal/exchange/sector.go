package exchange

import (
	"strings"

	"dragnet/internal/intel"
)

// sectorNames are the names of sectors by the NameKeys under which feeds speak
// of them. A sector that is not here goes by its own name.
var sectorNames = map[string]string{
	"financial": "Finance", "financial services": "Finance", "bank": "Banking", "banks": "Banking",
	"telecoms": "Telecommunications", "telecomms": "Telecommunications", "telecom": "Telecommunications",
	"government administration": "Government", "government agencies and services": "Government", "government institutions": "Government",
	"defence": "Defense", "defense industrial base": "Defense", "defense contractor": "Defense",
	"health": "Healthcare", "medical": "Healthcare", "pharmacy": "Pharmaceuticals",
	"high tech": "Technology", "it": "Information technology",
	"news media": "Media", "media and entertainment": "Media",
	"transportation systems": "Transportation", "transport": "Transportation",
	"academia university": "Higher education", "universities": "Higher education", "university": "Higher education",
	"ngos": "Non-governmental organisations", "non profit organisation": "Non-profit organisations",
	"journalist": "Journalists", "dissident": "Dissidents", "gambling companies": "Gambling", "gambling websites": "Gambling",
	"energy company": "Energy", "critical manufacturing": "Manufacturing", "religious organization": "Religious organizations",
	"semiconductor industry": "Semiconductors", "electronic": "Electronics", "electric": "Electricity",
}

// sectorNamed points to the sector that a feed calls so; ok is false for words
// that name none.
func sectorNamed(word string) (intel.Ref, bool) {
	word = tidy(word, false)
	key := intel.NameKey(word)
	switch key {
	case "", "other", "unknown", "country", "individuals":
		return intel.Ref{}, false
	}
	if name := sectorNames[key]; name != "" {
		word = name
	}
	// One name for all spellings, so that feeds do not argue about it.
	first, rest, _ := strings.Cut(word, " ")
	if rest != "" && strings.ToUpper(first) != first {
		word = first + " " + lowerWords(rest)
	}
	return named(intel.KindSector, "", word), true
}

// lowerWords writes words small that are not acronyms.
func lowerWords(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.ToUpper(w) != w {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}
