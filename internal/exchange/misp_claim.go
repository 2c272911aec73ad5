package exchange

import (
	"slices"
	"strconv"
	"strings"

	"dragnet/internal/intel"
)

// aliases says under which names the subject goes, and of which of them MISP
// tells who uses them. Its own name is among them only where it tells.
func (m *mispRecord) aliases() {
	said := map[string]bool{}
	for _, entry := range m.v.Meta["name-attribution"] {
		at := strings.LastIndex(entry, ":")
		name, by := strings.TrimSpace(entry[:max(at, 0)]), strings.ToLower(strings.TrimSpace(entry[at+1:]))
		if name == "" || !uuidForm.MatchString(by) {
			m.tally["attributions of names that name no producer, kept as notes"]++
			m.note("name-attribution", entry, "meta.name-attribution")
			continue
		}
		said[name] = true
		m.alias(name, mispID(intel.KindFirm, by), "meta.name-attribution")
	}
	for _, key := range []string{"synonyms", "synomyms"} {
		for _, name := range m.v.Meta[key] {
			switch name = strings.TrimSpace(name); {
			case name == "" || said[name]:
			case name == strings.TrimSpace(m.v.Value):
				m.tally["synonyms that are the name itself, left out"]++
			default:
				said[name] = true
				m.alias(name, "", "meta."+key)
			}
		}
	}
}

// meta says what stands under a key of the meta data.
func (m *mispRecord) meta(key string, words []string) {
	at := "meta." + key
	switch key {
	case "synonyms", "synomyms", "name-attribution", "refs", "references", "sources", "official-refs":
		return // the names, and what the source derives from
	case "attribution-confidence":
		return // goes with the country and the sponsor
	case "country":
		m.places("BASED_IN", words, at, placeCoded, sure(m.confidence()))
		return
	}
	switch {
	case m.kind == intel.KindGroup && key == "cfr-suspected-state-sponsor":
		m.sponsors(words, at)
	case m.kind == intel.KindGroup && (key == "cfr-suspected-victims" || key == "suspected-victims"):
		m.places("TARGETS", words, at, placeNamed)
	case m.kind == intel.KindGroup && (key == "cfr-target-category" || key == "targeted-sector"):
		m.sectors(words, at)
	case m.kind == intel.KindGroup && key == "motive":
		for _, w := range words {
			m.word("motivation", w, at)
		}
	case m.kind == intel.KindGroup && key == "since":
		for _, w := range words {
			m.date("firstSeen", w, at)
		}
	case m.kind == intel.KindFirm && key == "company-type":
		m.firmTypes(words, at)
	default:
		m.remark(key, words, at)
	}
}

// remark keeps what no property is for as a note.
func (m *mispRecord) remark(key string, words []string, at string) {
	if text := strings.Join(words, "; "); strings.TrimSpace(text) != "" {
		what := key
		if strings.HasPrefix(key, "origin:") {
			what = "origin:…"
		}
		m.tally["meta data kept as notes: "+what]++
		m.note(key, text, at)
	}
}

// confidence is how sure the feed is of the country, nil where it does not say.
func (m *mispRecord) confidence() *int {
	words := m.v.Meta["attribution-confidence"]
	if len(words) != 1 {
		return nil
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 0 || n > 100 {
		m.tally["confidences that are no percentage, left out"]++
		return nil
	}
	return &n
}

// nowhere are words for a place that is not known.
var nowhere = []string{"", "unknown", "xx", "xxx"}

// places links the subject to countries and regions. What is no such place is
// kept as a note.
func (m *mispRecord) places(t intel.LinkType, words []string, at string, find func(string) (intel.Ref, bool), more ...func(*intel.Draft)) {
	for _, w := range words {
		if slices.Contains(nowhere, intel.NameKey(w)) {
			m.tally[at+" that is empty or unknown, left out"]++
			continue
		}
		to, ok := find(w)
		if !ok {
			m.tally[at+" that is no country or region, kept as a note"]++
			m.note(strings.TrimPrefix(at, "meta."), w, at)
			continue
		}
		if ok, _ := t.Allows(m.kind, refKind(to)); !ok {
			m.remark(strings.TrimPrefix(at, "meta."), []string{w}, at)
			continue
		}
		m.link(t, to, at, more...)
	}
}

func refKind(r intel.Ref) intel.Kind {
	if r.New != nil {
		return r.New.Kind
	}
	return intel.KindOf(r.ID)
}

func (m *mispRecord) sponsors(words []string, at string) {
	m.places("SPONSORED_BY", words, at, placeNamed, sure(m.confidence()))
}

func (m *mispRecord) sectors(words []string, at string) {
	for _, w := range words {
		to, ok := sectorNamed(w)
		if !ok {
			m.tally["targets that are no sector, kept as notes"]++
			m.note(strings.TrimPrefix(at, "meta."), w, at)
			continue
		}
		m.link("TARGETS", to, at)
	}
}

// firmTypes says the first type of a firm; it has one only. The word itself is
// kept as a note.
func (m *mispRecord) firmTypes(words []string, at string) {
	for i, w := range words {
		if i == 0 {
			m.word("firmType", firmType(w), at)
		}
		m.remark("company-type", []string{w}, at)
	}
}

// firmType finds the word of our vocabulary for what MISP calls a company.
func firmType(word string) string {
	key := " " + intel.NameKey(word) + " "
	for _, t := range []struct{ holds, is string }{
		{"csirt", "CSIRT"}, {"not for profit", "NONPROFIT"}, {"telecommunication", "TELECOM"},
		{"blog", "MEDIA"}, {"news", "MEDIA"}, {"media", "MEDIA"}, {"publishing", "MEDIA"},
		{"security", "SECURITY_VENDOR"}, {"threat intelligence", "SECURITY_VENDOR"}, {"cyber intelligence", "SECURITY_VENDOR"},
	} {
		if strings.Contains(key, t.holds) {
			return t.is
		}
	}
	return "OTHER"
}

// mispLikenesses are relations that say that two values may be the same.
var mispLikenesses = []string{"similar", "overlaps", "same-as", "similar-to"}

// related says how the subject relates to other values. The record does not
// tell of which galaxy they are: it follows from the type of the relation.
func (m *mispRecord) related() {
	alike := map[string]bool{}
	for _, r := range m.v.Related {
		if slices.Contains(mispLikenesses, r.Type) {
			alike[r.Dest] = true
		}
	}
	for _, r := range m.v.Related {
		dest := strings.ToLower(r.Dest)
		switch {
		case !uuidForm.MatchString(dest):
			m.tally["relations to what is no UUID, left out"]++
		case dest == strings.ToLower(m.v.UUID):
			m.tally["links of a record to itself, dropped"]++
		case slices.Contains(mispLikenesses, r.Type):
			m.tally["likenesses, not kept yet: "+r.Type]++
		case m.kind != intel.KindGroup:
			m.tally["relations of others than threat actors, left out: "+r.Type]++
		default:
			m.relation(r.Type, dest, alike[r.Dest])
		}
	}
}

// relation says one relation; peer says that the other is of the same kind.
func (m *mispRecord) relation(word, dest string, peer bool) {
	role := func(d *intel.Draft) { d.Link.Role = word }
	to := func(k intel.Kind) intel.Ref { return intel.Ref{ID: mispID(k, dest)} }
	at := "related " + dest
	switch {
	case peer:
		m.link("RELATED_TO", to(m.kind), at, role)
	case word == "part-of":
		m.link("PART_OF", to(m.kind), at)
	case word == "uses":
		m.link("USES", to(intel.KindTool), at)
	case word == "deploys" || word == "delivers":
		m.link("USES", to(intel.KindTool), at, role)
	case word == "targets":
		if country, ok := mispCountry(dest); ok {
			m.link("TARGETS", country, at)
		} else {
			m.link("TARGETS", to(intel.KindSector), at)
		}
	default:
		m.link("RELATED_TO", to(m.kind), at, role)
	}
}

// mispCountries begins the UUIDs of the countries of MISP's own galaxy; the
// country's code of three letters follows, each as two hexadecimal digits.
const mispCountries = "84668357-5a8c-4bdd-9f0f-6b50b2"

func mispCountry(uuid string) (intel.Ref, bool) {
	digits, ok := strings.CutPrefix(uuid, mispCountries)
	if !ok {
		return intel.Ref{}, false
	}
	code := ""
	for pair := range slices.Chunk([]byte(digits), 2) {
		n, err := strconv.ParseUint(string(pair), 16, 8)
		if err != nil {
			return intel.Ref{}, false
		}
		code += string(rune(n))
	}
	id, ok := countryCodes[code]
	return intel.Ref{ID: id}, ok
}
