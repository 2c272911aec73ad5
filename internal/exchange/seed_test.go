package exchange_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
	"dragnet/seed"
)

func readSeed(t *testing.T, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(seed.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// claimCount counts the claims that drafts make: a reference by name claims the
// name too.
func claimCount(drafts []intel.Draft) int {
	n := len(drafts)
	for _, c := range drafts {
		refs := []*intel.Ref{&c.Subject, c.SaidBy}
		if c.Link != nil {
			refs = append(refs, &c.Link.To)
		}
		for _, r := range refs {
			if r != nil && r.New != nil {
				n++
			}
		}
	}
	return n
}

// TestSampleDossiers reads the sample data and checks what SOURCES.md says of
// it: the number of claims, the grade of their source, a locator on each.
func TestSampleDossiers(t *testing.T) {
	want := map[string]struct {
		claims int
		source string
		grade  intel.Reliability
	}{
		"geography.yaml":                       {2054, "source:countries-and-areas", "A"},
		"000-opera1er.yaml":                    {76, "source:seed-000-e6f633b0b3c9aef7", "C"},
		"002-global-cybercrime-crackdown.yaml": {17, "source:seed-002-f00f309ca300ae2b", "C"},
		"004-cyberclean.yaml":                  {50, "source:seed-004-351d822f294bfcb7", "E"},
	}
	if len(seed.Dossiers()) != len(want) {
		t.Errorf("%d dossiers", len(seed.Dossiers()))
	}
	total := 0
	for _, name := range seed.Dossiers() {
		d := read(t, name, string(readSeed(t, name)))
		n := 0
		for _, b := range d.Batches {
			n += claimCount(b.Drafts)
			for i, c := range b.Drafts {
				if c.Locator == "" {
					t.Errorf("%s: no locator", b.At[i])
				}
			}
		}
		total += n
		if w := want[name]; n != w.claims || d.Sources[0].ID != w.source || d.Sources[0].Reliability != w.grade {
			t.Errorf("%s: %d claims, source %s of reliability %s", name, n, d.Sources[0].ID, d.Sources[0].Reliability)
		}
	}
	if total != 2197 {
		t.Errorf("%d claims", total)
	}
}

// sampleFacts lists what a sample dossier states, each fact as draftText has it
// without what is said about the claim.
func sampleFacts(t *testing.T, names ...string) []string {
	t.Helper()
	var out []string
	for _, name := range names {
		d := read(t, name, string(readSeed(t, name)))
		for _, b := range d.Batches {
			for _, c := range b.Drafts {
				c.SaidBy, c.Confidence, c.Locator = nil, nil, ""
				out = append(out, draftText(c))
			}
		}
	}
	return out
}

// TestSampleFacts checks what ONTOLOGY.md demands of the sample data.
func TestSampleFacts(t *testing.T) {
	for name, facts := range map[string]string{
		"000-opera1er.yaml": `
			group:opera1er name "OPERA1ER"
			group:opera1er KNOWN_AS alias "BlueBottle"
			group:opera1er KNOWN_AS alias "NX$M$"
			group:opera1er KNOWN_AS alias "DESKTOP Group"
			group:opera1er KNOWN_AS alias "Common Raven"
			group:opera1er OPERATES_IN region:002
			group:opera1er OPERATES_IN region:142
			group:opera1er OPERATES_IN region:419
			group:opera1er TARGETS sector:finance
			group:opera1er TARGETS sector:telecommunications
			group:opera1er USES technique:phishing
			group:opera1er USES technique:malware
			group:opera1er USES technique:business-email-compromise
			group:opera1er attacks {Value:30 Max:0 Qualifier:ABOUT AsWritten: Unit:}
			group:opera1er countriesAffected {Value:15 Max:0 Qualifier:EXACT AsWritten: Unit:}
			group:opera1er proceeds {Amount:30000000 Max: Currency:USD Qualifier:ABOUT AsWritten: AssetClass:OTHER}
			operation:nervone name "Operation Nervone"
			operation:nervone TARGETED group:opera1er
			operation:nervone arrests {Value:1 Max:0 Qualifier:EXACT AsWritten: Unit:}
			operation:nervone PROMPTED_BY report:opera1er-2022
			agency:interpol COORDINATED operation:nervone
			agency:afripol TOOK_PART_IN operation:nervone
			agency:ditt TOOK_PART_IN operation:nervone
			agency:ditt name "Direction de l'Information et des Traces Technologiques"
			agency:ditt BASED_IN country:CI
			firm:group-ib SUPPORTED operation:nervone
			firm:orange-cert-cc SUPPORTED operation:nervone
			firm:orange-cert-cc PART_OF firm:orange
			person:opera1er-suspected-top-member nameKind "DESCRIPTIVE"
			person:opera1er-suspected-top-member MEMBER_OF group:opera1er, role suspected top member
			person:opera1er-suspected-top-member MEMBER_OF group:opera1er, role leader
			person:opera1er-suspected-top-member ARRESTED_IN operation:nervone
			report:opera1er-2022 publishedOn 2022-11
			report:opera1er-2022 ABOUT group:opera1er
			firm:group-ib AUTHORED report:opera1er-2022
			firm:orange AUTHORED report:opera1er-2022
			person:dmitry-volkov WORKS_FOR firm:group-ib, role CEO
			technique:phishing externalId mitre-attack:T1566
			technique:business-email-compromise KNOWN_AS alias "BEC"`,
		"002-global-cybercrime-crackdown.yaml": `
			operation:global-cybercrime-crackdown nameKind "DESCRIPTIVE"
			agency:interpol COORDINATED operation:global-cybercrime-crackdown
			operation:global-cybercrime-crackdown arrests {Value:3500 Max:0 Qualifier:MORE_THAN AsWritten: Unit:}
			operation:global-cybercrime-crackdown seized {Amount:300000000 Max: Currency:USD Qualifier:ABOUT AsWritten: AssetClass:CRYPTOCURRENCY}
			operation:global-cybercrime-crackdown countriesInvolved {Value:20 Max:0 Qualifier:MORE_THAN AsWritten: Unit:}`,
		"004-cyberclean.yaml": `
			agency:interpol-cybercrime-directorate COORDINATED operation:cyberclean
			agency:interpol-cybercrime-directorate PART_OF agency:interpol
			agency:europol TOOK_PART_IN operation:cyberclean
			agency:fbi TOOK_PART_IN operation:cyberclean
			operation:cyberclean arrests {Value:5000 Max:0 Qualifier:MORE_THAN AsWritten: Unit:}
			operation:cyberclean countriesInvolved {Value:30 Max:0 Qualifier:MORE_THAN AsWritten: Unit:}
			operation:cyberclean sitesTakenDown {Value:24 Max:99 Qualifier:RANGE AsWritten:dozens Unit:}
			operation:cyberclean duration "P2Y"
			operation:cyberclean TARGETED infrastructure:dark-web-websites-ring
			infrastructure:dark-web-websites-ring venue "DARK_WEB"
			infrastructure:dark-web-websites-ring TRADES_IN good:drugs
			infrastructure:dark-web-websites-ring TRADES_IN good:weapons
			infrastructure:dark-web-websites-ring TRADES_IN good:counterfeit-goods
			infrastructure:dark-web-websites-ring TRADES_IN good:stolen-personal-information
			operation:cyberclean CHARGED_WITH offence:drug-trafficking
			operation:cyberclean CHARGED_WITH offence:illegal-weapons-possession
			operation:cyberclean CHARGED_WITH offence:fraud
			person:jürgen-stock WORKS_FOR agency:interpol, role Secretary General`,
		"geography.yaml": `
			country:CI name "Côte d'Ivoire"
			country:CI KNOWN_AS alias "Ivory Coast"
			country:NO alpha2 "NO"
			country:AF numeric "004"
			country:XK name "Kosovo"
			region:002 name "Africa"
			region:002 PART_OF region:001
			region:142 name "Asia"
			region:419 name "Latin America and the Caribbean"`,
	} {
		t.Run(name, func(t *testing.T) {
			have := sampleFacts(t, name)
			for _, want := range strings.Split(strings.TrimSpace(facts), "\n") {
				if want = strings.TrimSpace(want); !slices.Contains(have, want) {
					t.Errorf("not stated: %s", want)
				}
			}
		})
	}
}

// TestSampleLimits checks what the sample data must not say more of.
func TestSampleLimits(t *testing.T) {
	have := sampleFacts(t, seed.Dossiers()...)
	some := func(part string) []string {
		var out []string
		for _, f := range have {
			if strings.Contains(f, part) {
				out = append(out, f)
			}
		}
		return out
	}
	for part, want := range map[string][]string{
		"operation:nervone TARGETED ":  {"operation:nervone TARGETED group:opera1er"},
		" ABOUT group:opera1er":        {"report:opera1er-2022 ABOUT group:opera1er"},
		"group:opera1er proceeds ":     {"group:opera1er proceeds {Amount:30000000 Max: Currency:USD Qualifier:ABOUT AsWritten: AssetClass:OTHER}"},
		"operation:cyberclean seized ": nil,
	} {
		if diff := cmp.Diff(want, some(part)); diff != "" {
			t.Errorf("%s\n%s", part, diff)
		}
	}
}

// TestSampleGeography counts countries and regions, and follows every country
// and region up to the world.
func TestSampleGeography(t *testing.T) {
	d := read(t, "geography.yaml", string(readSeed(t, "geography.yaml")))
	count := map[intel.Kind]int{}
	above := map[string][]string{}
	for _, c := range d.Batches[0].Drafts {
		switch {
		case c.Property == intel.PropName:
			count[intel.KindOf(c.Subject.ID)]++
		case c.Link != nil && c.Link.Type == "PART_OF":
			above[c.Subject.ID] = append(above[c.Subject.ID], c.Link.To.ID)
		case c.Property == intel.PropAlpha2 && c.Value.Text != intel.KeyOf(c.Subject.ID):
			t.Errorf("%s has alpha2 %s", c.Subject.ID, c.Value.Text)
		}
	}
	if diff := cmp.Diff(map[intel.Kind]int{intel.KindCountry: 250, intel.KindRegion: 30}, count); diff != "" {
		t.Error(diff)
	}
	for id, up := range above {
		for step := 0; len(up) == 1 && up[0] != "region:001" && step < 5; step++ {
			up = above[up[0]]
		}
		if len(up) != 1 || up[0] != "region:001" {
			t.Errorf("%s does not lead to the world: %v", id, up)
		}
	}
	if len(above) != 279 {
		t.Errorf("%d lie in another", len(above))
	}
}
