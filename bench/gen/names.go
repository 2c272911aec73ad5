package gen

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dragnet/internal/intel"
)

// chooser takes words by the hash of what it names, so that a name needs no
// more than the kind and the number.
type chooser uint64

func (c *chooser) from(list []string) string {
	*c = chooser(mix(uint64(*c), 1))
	return list[uint64(*c)%uint64(len(list))]
}

func (c *chooser) below(n int) int {
	*c = chooser(mix(uint64(*c), 2))
	return int(uint64(*c) % uint64(n))
}

func (g *Graph) chooser(kind intel.Kind, k int) chooser {
	return chooser(mix(g.seed, uint64(kind[0])<<16|uint64(kind[1])<<8|uint64(kind[len(kind)-1]), uint64(k)))
}

// name gives the name of the k-th entity of a kind. People, firms and places
// share names, as they do in life; names of groups, tools and operations mostly
// differ.
func (g *Graph) name(kind intel.Kind, k int) string {
	c := g.chooser(kind, k)
	switch kind {
	case intel.KindCountry:
		return display.English.Regions().Name(language.MustParseRegion(countries[k]))
	case intel.KindPerson:
		return c.from(given) + " " + c.from(family)
	case intel.KindGroup, intel.KindAlias:
		return c.groupName(k)
	case intel.KindTool:
		return capital(c.from(syllables)+c.from(syllables)) + capital(c.from(syllables))
	case intel.KindOperation:
		return fmt.Sprintf("Operation %s %s %d", c.from(colours), c.from(goals), 2008+c.below(18))
	case intel.KindAgency:
		return c.from(places) + " " + c.from(bodies)
	case intel.KindFirm:
		return c.from(family) + " " + c.from(trades)
	case intel.KindCampaign:
		return c.from(colours) + " " + c.from(goals) + " Campaign"
	case intel.KindReport:
		return c.from(animals) + " in the " + c.from(goals) + ": " + c.from(places) + " report"
	case intel.KindInfrastructure:
		return c.from(colours) + " " + c.from(venues)
	}
	return g.listed(kind, k)
}

// listed names the kinds that are short lists in life; beyond them a number
// follows.
func (g *Graph) listed(kind intel.Kind, k int) string {
	list := map[intel.Kind][]string{intel.KindTechnique: ways, intel.KindSector: sectors, intel.KindOffence: offences, intel.KindGood: goods}[kind]
	if kind == intel.KindRegion {
		return regions[k%len(regions)] + " " + parts[k/len(regions)%len(parts)]
	}
	if k < len(list) {
		return list[k]
	}
	return list[k%len(list)] + " " + strconv.Itoa(k/len(list)+1)
}

func (c *chooser) groupName(k int) string {
	switch c.below(20) {
	case 0:
		return fmt.Sprintf("Storm-%04d", k%10_000)
	case 1:
		return fmt.Sprintf("UNC%d", 1000+k)
	case 2:
		return "APT-C-" + strconv.Itoa(k%300)
	case 3:
		return c.from(cyrillic) + " " + c.from(beasts)
	case 4:
		return leet.Replace(strings.ToUpper(c.from(animals)))
	}
	return c.from(colours) + " " + c.from(animals)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

var leet = strings.NewReplacer("S", "$", "O", "0", "E", "3")

// id gives the id of the k-th entity of a kind: a readable key where one can be
// made of plain letters, always with the number.
func (g *Graph) id(kind intel.Kind, k int) string {
	switch kind {
	case intel.KindCountry:
		return intel.EntityID(kind, countries[k])
	case intel.KindRegion:
		return intel.EntityID(kind, fmt.Sprintf("%03d", k+1))
	case intel.KindTechnique:
		return intel.EntityID(kind, fmt.Sprintf("t%d", 1001+k))
	}
	var b strings.Builder
	b.WriteString(kind.Prefix())
	b.WriteByte(':')
	for _, r := range strings.TrimPrefix(g.name(kind, k), "Operation ") {
		switch {
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '$':
			b.WriteRune(r)
		case r == ' ', r == '-':
			b.WriteByte('-')
		}
	}
	if !strings.HasSuffix(b.String(), "-") {
		b.WriteByte('-')
	}
	b.WriteString(strconv.FormatInt(int64(k), 36))
	return b.String()
}

func (d draw) title() string {
	return pick(d, "Police dismantle ", "New attacks by ", "How we tracked ", "Arrests after ", "Inside ") + pick(d, colours...) + " " + pick(d, animals...)
}

func (d draw) sentence() string { return pick(d, sentences...) }

func (d draw) locator() string { return "paragraph " + strconv.Itoa(1+d.IntN(30)) }
