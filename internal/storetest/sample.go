package storetest

import (
	"strings"

	"dragnet/internal/intel"
)

// sample is a small graph with something of everything, made by true settling,
// and the batches that bring a store to it.
type sample struct {
	*ledger
	batches []intel.Batch
	labels  map[string]string // of claims, for outlines
}

func (s *sample) change(ch change) {
	s.batches = append(s.batches, s.apply(ch))
	for _, c := range ch.claims {
		what := c.Property
		if c.IsLink() {
			what = intel.Property(c.LinkType + ">" + intel.LinkType(intel.KeyOf(c.Object)))
		}
		s.labels[c.ID] = intel.KeyOf(c.Subject) + "." + string(what) + "@" + intel.KeyOf(c.Source)
		if c.Stance == intel.Denies {
			s.labels[c.ID] += "-"
		}
	}
}

// id finds a claim by its label.
func (s *sample) id(label string) string {
	for id, l := range s.labels {
		if l == label {
			return id
		}
	}
	panic("storetest: no claim " + label)
}

// labelled writes claims by their labels.
func (s *sample) labelled(cs []*intel.Claim) string {
	var out []string
	for _, c := range cs {
		out = append(out, s.labels[c.ID])
	}
	return strings.Join(out, " ")
}

// newSample draws the graph of every read case:
//
//	opera1er  KNOWN_AS nx$m$, bluebottle (a stub); BASED_IN CI and FR, rivals;
//	          ALLIED_WITH lazarus (a stub); SUCCESSOR_OF phantom and back;
//	          INVOLVED_IN fraud
//	nervone   TARGETED opera1er; interpol COORDINATED and LED it, afripol
//	          TOOK_PART_IN, group-ib SUPPORTED it
//	cyberclean, serengeti   operations with other numbers and dates
//	phantom   KNOWN_AS nx$m$ too
func newSample() *sample {
	s := &sample{ledger: newLedger(), labels: map[string]string{}}
	s.change(change{
		headers: map[string]intel.Header{
			"source:a": header("Nervone announced", "A", published("2023-07-05"), by("INTERPOL")),
			"source:b": header("Nervone in the news", "C", from("source:a"), published("2023-07"), by("The Daily")),
		},
		claims: append([]*intel.Claim{
			named("group:opera1er", "OPERA1ER", "a"), named("group:phantom", "Phantom", "b"),
			named("operation:nervone", "Operation Nervone", "a"), named("agency:interpol", "INTERPOL", "a"),
			named("agency:afripol", "AFRIPOL", "a"), named("firm:group-ib", "Group-IB", "b"),
			named("country:CI", "Côte d’Ivoire", "a"), named("country:FR", "France", "a"),
			named("alias:nx$m$", "NX$M$", "a"),
		}, sampleLinks()...),
	})
	s.change(change{claims: sampleValues()})
	s.change(change{
		headers: map[string]intel.Header{"source:c": header("Another view", "B", from("source:unknown"), marked("AMBER"))},
		claims: []*intel.Claim{
			states("operation:nervone", "arrests", number(2), "c"),
			joins("operation:nervone", "TARGETED", "group:opera1er", "c", denied, at(10)),
			named("group:wrong", "Wrong", "c"), // retracted below: an entity no more
			joins("group:wrong", "ALLIED_WITH", "group:phantom", "c"),
		},
	})
	s.change(change{retract: []string{s.id("wrong.name@c"), s.id("phantom.ALLIED_WITH>wrong@c"), s.id("nervone.arrests@c")}})
	s.change(change{reinstate: []string{s.id("nervone.arrests@c")}})
	return s
}

func sampleLinks() []*intel.Claim {
	return []*intel.Claim{
		joins("group:opera1er", intel.KnownAs, "alias:nx$m$", "a", saidBy("firm:orange")),
		joins("group:opera1er", intel.KnownAs, "alias:bluebottle", "b"),
		joins("group:phantom", intel.KnownAs, "alias:nx$m$", "b", at(40)),
		joins("group:opera1er", "BASED_IN", "country:CI", "a", during("2016", "2023")),
		joins("group:opera1er", "BASED_IN", "country:FR", "b", at(30), during("2020", "")),
		joins("group:opera1er", "ALLIED_WITH", "group:lazarus", "b"),
		joins("group:opera1er", "SUCCESSOR_OF", "group:phantom", "a"),
		joins("group:phantom", "SUCCESSOR_OF", "group:opera1er", "b", at(20)),
		joins("operation:nervone", "TARGETED", "group:opera1er", "a"),
		joins("operation:nervone", "TARGETED", "group:opera1er", "b", as("main target"), quoted("they aimed at it")),
		joins("agency:interpol", "COORDINATED", "operation:nervone", "a", located("paragraph 1")),
		joins("agency:interpol", "LED", "operation:nervone", "b"),
		joins("agency:afripol", "TOOK_PART_IN", "operation:nervone", "a", as("host")),
		joins("firm:group-ib", "SUPPORTED", "operation:nervone", "a", as("analysis")),
		joins("operation:nervone", "SEIZED", "good:devices", "a", amount(between(24, 99, "dozens")), on("2023-06")),
	}
}

func sampleValues() []*intel.Claim {
	return []*intel.Claim{
		states("group:opera1er", "attacks", number(30), "a"),
		states("group:opera1er", "proceeds", money("30000000", "USD", "TOTAL"), "a"),
		states("group:opera1er", "proceeds", money("11.5", "BTC", "CRYPTOCURRENCY"), "b"),
		states("group:opera1er", "groupType", word("CRIMINAL"), "a"),
		states("group:opera1er", "groupType", word("FRAUD_RING"), "b"),
		states("group:opera1er", "firstSeen", day("2016"), "b"),
		states("group:opera1er", intel.PropExternalID, external("mitre-attack", "G0001"), "a"),
		states("group:opera1er", intel.PropSummary, text("A gang.\nIt robs banks."), "a"),
		states("group:phantom", "groupType", word("HACKER"), "b"),
		states("operation:nervone", "arrests", number(1), "a"),
		states("operation:nervone", "startedOn", day("2023-06"), "a"),
		states("agency:interpol", "acronym", text("ICPO"), "b"),
		named("operation:cyberclean", "Cyberclean", "b"),
		states("operation:cyberclean", "arrests", number(5000), "b"),
		states("operation:cyberclean", "startedOn", day("2021-03-04"), "b"),
		named("operation:serengeti", "Serengeti", "b"),
		states("operation:serengeti", "arrests", between(24, 99, "dozens"), "b"),
		named("operation:first", "Same name", "b"),
		named("operation:second", "same  NAME", "b"),
	}
}
