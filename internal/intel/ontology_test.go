package intel_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dragnet/internal/intel"
)

// What ONTOLOGY.md says of link types: from, type, to; = is symmetric, ! marks
// exclusive pairs. * is every kind.
const linkLines = `
GROUP OPERATION AGENCY FIRM COUNTRY REGION PERSON TECHNIQUE TOOL INFRASTRUCTURE SECTOR GOOD OFFENCE CAMPAIGN REPORT > KNOWN_AS > ALIAS
OPERATION > TARGETED > GROUP INFRASTRUCTURE TOOL CAMPAIGN PERSON GOOD TECHNIQUE
AGENCY > COORDINATED > OPERATION
AGENCY > LED > OPERATION
AGENCY COUNTRY > TOOK_PART_IN > OPERATION
AGENCY FIRM > SUPPORTED > OPERATION
OPERATION > CONDUCTED_IN > COUNTRY REGION
OPERATION > SEIZED > GOOD INFRASTRUCTURE
OPERATION > PROMPTED_BY > REPORT
AGENCY > PART_OF > AGENCY FIRM
FIRM > PART_OF > FIRM
GROUP > PART_OF > GROUP
OPERATION > PART_OF > OPERATION
TECHNIQUE > PART_OF > TECHNIQUE
SECTOR > PART_OF > SECTOR
GOOD > PART_OF > GOOD
TOOL > PART_OF > TOOL
COUNTRY REGION > PART_OF > REGION
GROUP > BASED_IN > !COUNTRY REGION
AGENCY FIRM PERSON INFRASTRUCTURE > BASED_IN > COUNTRY REGION
AGENCY > SERVES > COUNTRY REGION
PERSON > NATIONAL_OF > COUNTRY
GROUP CAMPAIGN > OPERATES_IN > COUNTRY REGION
GROUP CAMPAIGN > TARGETS > COUNTRY REGION SECTOR FIRM AGENCY PERSON
GROUP > SPONSORED_BY > COUNTRY AGENCY
GROUP CAMPAIGN PERSON > USES > TECHNIQUE TOOL INFRASTRUCTURE
TOOL > USES > TECHNIQUE
GROUP PERSON > OPERATES > INFRASTRUCTURE
GROUP INFRASTRUCTURE > TRADES_IN > GOOD
GROUP > INVOLVED_IN > OFFENCE
PERSON OPERATION > CHARGED_WITH > OFFENCE
PERSON OPERATION > CONVICTED_OF > OFFENCE
PERSON > MEMBER_OF > GROUP
PERSON > WORKS_FOR > AGENCY FIRM
PERSON > ARRESTED_IN > OPERATION
PERSON > WANTED_BY > AGENCY
PERSON > ARRESTED_BY > AGENCY
PERSON > CHARGED_BY > AGENCY
PERSON > EXTRADITED_TO > COUNTRY
CAMPAIGN > ATTRIBUTED_TO > !GROUP
FIRM AGENCY PERSON > AUTHORED > REPORT
REPORT > ABOUT > GROUP OPERATION AGENCY FIRM COUNTRY REGION PERSON TECHNIQUE TOOL INFRASTRUCTURE SECTOR GOOD OFFENCE CAMPAIGN REPORT
AGENCY FIRM = PARTNER_OF = AGENCY FIRM
GROUP = ALLIED_WITH = GROUP
GROUP = RIVAL_OF = GROUP
GROUP > SUCCESSOR_OF > GROUP
GROUP > AFFILIATE_OF > GROUP
* > REPLACED_BY > *
* > RELATED_TO > *`

func TestLinkTypes(t *testing.T) {
	want := map[string]bool{}
	types := map[intel.LinkType]bool{}
	symmetric := map[intel.LinkType]bool{}
	every := ""
	for _, k := range intel.Kinds() {
		every += string(k) + " "
	}
	for _, line := range strings.Split(strings.TrimSpace(linkLines), "\n") {
		arrow := " > "
		if strings.Contains(line, "=") {
			arrow = " = "
		}
		p := strings.Split(strings.ReplaceAll(line, "*", every), arrow)
		typ := intel.LinkType(p[1])
		types[typ], symmetric[typ] = true, arrow == " = "
		for _, from := range strings.Fields(p[0]) {
			for _, to := range strings.Fields(p[2]) {
				kind, exclusive := strings.CutPrefix(to, "!")
				want[fmt.Sprint(from, typ, kind)] = exclusive
			}
		}
	}
	for _, info := range intel.LinkTypes() {
		if !types[info.Type] {
			t.Errorf("%s is not in ONTOLOGY.md", info.Type)
		}
		delete(types, info.Type)
		if info.Symmetric != symmetric[info.Type] || info.Description == "" || info.Type.Info() != info || !info.Type.Valid() {
			t.Errorf("%s: symmetric %v, described as %q", info.Type, info.Symmetric, info.Description)
		}
		anyExclusive := false
		for _, from := range intel.Kinds() {
			for _, to := range intel.Kinds() {
				exclusive, allowed := want[fmt.Sprint(from, info.Type, to)]
				if ok, ex := info.Type.Allows(from, to); ok != allowed || ex != exclusive {
					t.Errorf("%s from %s to %s: %v (exclusive: %v), want %v (%v)", info.Type, from, to, ok, ex, allowed, exclusive)
				}
				anyExclusive = anyExclusive || exclusive
			}
		}
		if info.Exclusive() != anyExclusive {
			t.Errorf("%s is exclusive: %v", info.Type, info.Exclusive())
		}
	}
	if len(types) > 0 {
		t.Errorf("only in ONTOLOGY.md: %v", types)
	}
	if ok, _ := intel.LinkType("NO_SUCH").Allows(intel.KindGroup, intel.KindGroup); ok || intel.LinkType("NO_SUCH").Valid() {
		t.Error("a type that is none is allowed")
	}
}

// The properties of each kind in ONTOLOGY.md; * has many values.
var propertyLines = map[intel.Kind]string{
	intel.KindGroup:          "groupType* groupStatus motivation* sophistication resourceLevel firstSeen lastSeen attacks victims countriesAffected proceeds* losses*",
	intel.KindAlias:          "",
	intel.KindOperation:      "operationType* operationStatus startedOn endedOn announcedOn duration arrests suspectsIdentified victimsIdentified searches sitesTakenDown accountsBlocked devicesSeized countriesInvolved seized* fundsRecovered* fundsReturned*",
	intel.KindAgency:         "agencyType acronym",
	intel.KindFirm:           "firmType acronym",
	intel.KindCountry:        "alpha2 alpha3 numeric",
	intel.KindRegion:         "regionType m49",
	intel.KindPerson:         "personStatus",
	intel.KindTechnique:      "attackId",
	intel.KindTool:           "toolType*",
	intel.KindInfrastructure: "infrastructureType* venue",
	intel.KindSector:         "nace",
	intel.KindGood:           "",
	intel.KindOffence:        "iccs",
	intel.KindCampaign:       "firstSeen lastSeen",
	intel.KindReport:         "publishedOn url reportType",
}

func TestPropertiesOf(t *testing.T) {
	if len(propertyLines) != len(intel.Kinds()) || len(intel.Ontology()) != len(intel.Kinds()) {
		t.Errorf("%d kinds, want %d", len(intel.Kinds()), len(propertyLines))
	}
	for kind, line := range propertyLines {
		want := append(strings.Fields(line), "name", "nameKind", "summary", "note*", "externalId*")
		slices.Sort(want)
		var got []string
		for _, p := range intel.PropertiesOf(kind) {
			name := string(p.Property)
			if p.Many {
				name += "*"
			}
			got = append(got, name)
		}
		slices.Sort(got)
		if d := diff(want, got); d != "" {
			t.Errorf("%s (- want, + got):\n%s", kind, d)
		}
	}
}

// The rules of ONTOLOGY.md: which properties have another than BEST.
func TestRules(t *testing.T) {
	rules := map[intel.Rule]string{
		intel.Latest:       "groupStatus operationStatus personStatus arrests attacks victims countriesAffected suspectsIdentified victimsIdentified searches sitesTakenDown accountsBlocked devicesSeized countriesInvolved",
		intel.EarliestDate: "firstSeen startedOn",
		intel.LatestDate:   "lastSeen endedOn",
		intel.Set:          "groupType operationType motivation toolType infrastructureType note externalId",
	}
	of := map[string]intel.Rule{}
	for rule, names := range rules {
		for _, n := range strings.Fields(names) {
			of[n] = rule
		}
	}
	word := regexp.MustCompile(`^[A-Z0-9_]+$`)
	for _, p := range intel.Properties() {
		want := of[string(p.Property)]
		if want == "" {
			want = intel.Best
		}
		if p.Rule != want {
			t.Errorf("%s settles by %s, want %s", p.Property, p.Rule, want)
		}
		numeric := p.Type == intel.TypeDate || p.Type == intel.TypeQuantity
		if p.Sortable != numeric || p.Slotted() != (p.Type == intel.TypeMoney || p.Type == intel.TypeExternalID) || p.Description == "" {
			t.Errorf("%s: sortable %v, slotted %v, described as %q", p.Property, p.Sortable, p.Slotted(), p.Description)
		}
		if (p.Type == intel.TypeEnum) != (len(p.Vocabulary) > 0) || (p.Rule == intel.EarliestDate || p.Rule == intel.LatestDate) && p.Type != intel.TypeDate {
			t.Errorf("%s is of type %s with %d words under %s", p.Property, p.Type, len(p.Vocabulary), p.Rule)
		}
		if p.Many != (p.Rule == intel.Set || p.Type == intel.TypeMoney) {
			t.Errorf("%s has many values: %v, under %s", p.Property, p.Many, p.Rule)
		}
		for i, w := range p.Vocabulary {
			if !word.MatchString(w) || slices.Contains(p.Vocabulary[:i], w) {
				t.Errorf("%s has the word %q", p.Property, w)
			}
		}
		if undisputed := p.Property == "summary" || p.Property == "note"; p.Undisputed != undisputed || p.Property.Info() != p {
			t.Errorf("%s is undisputed: %v", p.Property, p.Undisputed)
		}
	}
	if intel.Property("noSuch").Info() != nil {
		t.Error("a property that is none has a row")
	}
}

// Every vocabulary of groups, operations, bodies and people has OTHER.
func TestVocabularies(t *testing.T) {
	for _, p := range []intel.Property{"groupType", "groupStatus", "motivation", "infrastructureType", "toolType", "operationType", "operationStatus", "agencyType", "firmType", "personStatus", "venue"} {
		if !slices.Contains(p.Info().Vocabulary, "OTHER") {
			t.Errorf("%s has no OTHER", p)
		}
	}
	for _, p := range []struct {
		of    intel.Property
		words string
	}{
		{"groupType", "RANSOMWARE ACCESS_BROKER FRAUD_RING LAUNDERING_NETWORK ILLICIT_MARKET MAFIA_TYPE CRIME_SYNDICATE"},
		{"groupStatus", "ACTIVE DORMANT DISRUPTED DISMANTLED DEFUNCT UNKNOWN"},
		{"operationType", "ARREST SEARCH SEIZURE TAKEDOWN DISRUPTION ASSET_RECOVERY VICTIM_RESCUE NOTIFICATION PREVENTION INTELLIGENCE JOINT_ACTION_DAY"},
		{"operationStatus", "PLANNED ONGOING ACTION_TAKEN CONCLUDED UNKNOWN"},
		{"agencyType", "POLICE CUSTOMS PROSECUTION COURT FIU INTELLIGENCE MILITARY CERT REGULATOR INTERNATIONAL REGIONAL_BODY MINISTRY"},
		{"firmType", "SECURITY_VENDOR TELECOM BANK PAYMENT CRYPTO_EXCHANGE CLOUD MEDIA NONPROFIT CSIRT"},
		{"personStatus", "SUSPECTED WANTED ARRESTED CHARGED CONVICTED ACQUITTED RELEASED EXTRADITED DECEASED"},
		{"venue", "CLEAR_WEB DARK_WEB MESSAGING"}, {"regionType", "M49 BLOC INFORMAL"}, {"nameKind", "PROPER DESCRIPTIVE"},
	} {
		for _, w := range strings.Fields(p.words) {
			if !slices.Contains(p.of.Info().Vocabulary, w) {
				t.Errorf("%s has no %s", p.of, w)
			}
		}
	}
	if got := fmt.Sprint(intel.AssetClasses()); got != "[CASH CRYPTOCURRENCY OTHER_VIRTUAL BANK_FUNDS REAL_ESTATE VEHICLES PRECIOUS OTHER TOTAL]" {
		t.Errorf("asset classes: %s", got)
	}
}

func TestKinds(t *testing.T) {
	for _, k := range intel.Kinds() {
		if !k.Valid() || intel.KindOf(k.Prefix()+":x") != k || !strings.EqualFold(k.Label(), string(k)) {
			t.Errorf("%s: valid %v, prefix %s, label %s", k, k.Valid(), k.Prefix(), k.Label())
		}
	}
	if intel.Kind("").Valid() || intel.Kind("group").Valid() || intel.Kind("Group").Valid() || intel.Kind("GANG").Valid() {
		t.Error("a kind that is none is valid")
	}
}
