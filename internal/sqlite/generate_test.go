package sqlite

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"dragnet/internal/intel"
)

var words = []string{"silent", "amber", "north", "iron", "velvet", "harbour", "delta", "crimson", "hollow", "granite", "echo", "lotus", "cobalt", "raven", "winter", "saffron"}

// generate makes a graph of n groups, n/10 tools and 200 countries with five
// links for every group: three to tools by Zipf, one to a country by Zipf and
// one to another group. country:XA is the hub.
func generate(b *testing.B, s *Store, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	tools := rand.NewZipf(r, 1.2, 8, uint64(max(1, n/10-1)))
	countries := rand.NewZipf(r, 1.1, 4, 199)
	group := func(i int) string { return fmt.Sprintf("group:g%07d", i) }
	tool := func(i uint64) string { return fmt.Sprintf("tool:t%06d", i) }
	country := func(i uint64) string { return fmt.Sprintf("country:%c%c", 'A'+23-i/26%26, 'A'+i%26) }
	named := func(id string) *intel.Record {
		name := words[r.IntN(16)] + " " + words[r.IntN(16)] + " " + strconv.Itoa(r.IntN(100000))
		value := func(v intel.Value) []intel.Shown {
			return []intel.Shown{{Value: v, Support: 600000, Origins: 1, Claim: "claim:" + fmt.Sprintf("%064x", r.Uint64())}}
		}
		facts := []intel.Settled{{Property: intel.PropName, Values: value(intel.Value{Type: intel.TypeText, Text: name})}}
		if intel.KindOf(id) == intel.KindGroup {
			facts = append(facts,
				intel.Settled{Property: "firstSeen", Values: value(intel.Value{Type: intel.TypeDate, Date: intel.MustDate(strconv.Itoa(1990 + r.IntN(30)))})},
				intel.Settled{Property: "groupStatus", Values: value(intel.Value{Type: intel.TypeEnum, Text: "ACTIVE"})},
				intel.Settled{Property: "victims", Values: value(intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: r.Int64N(100000), Qualifier: intel.Exact}})})
		}
		return intel.NewRecord(id, facts, 1)
	}
	link := func(t intel.LinkType, from, to string) *intel.Link {
		return &intel.Link{ID: intel.LinkID(t, from, to), Type: t, From: from, To: to, Support: 600000, Origins: 1, Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}}
	}
	var records []*intel.Record
	for i := range uint64(200) {
		records = append(records, named(country(i)))
	}
	for i := range uint64(n / 10) {
		records = append(records, named(tool(i)))
	}
	for i := range n {
		records = append(records, named(group(i)))
	}
	var links []*intel.Link
	for i := range n {
		seen := map[string]bool{}
		add := func(t intel.LinkType, to string) {
			if l := link(t, group(i), to); to != group(i) && !seen[l.ID] {
				seen[l.ID] = true
				links = append(links, l)
			}
		}
		for range 3 {
			add("USES", tool(tools.Uint64()))
		}
		add("OPERATES_IN", country(countries.Uint64()))
		add("AFFILIATE_OF", group(r.IntN(n)))
	}
	start := time.Now()
	const size = 20000
	for at := 0; at < len(records); at += size {
		putAll(b, s, intel.Batch{Records: records[at:min(at+size, len(records))]})
	}
	middle := time.Now()
	for at := 0; at < len(links); at += size {
		putAll(b, s, intel.Batch{Links: links[at:min(at+size, len(links))]})
	}
	b.Logf("put %d records in %v, %d links in %v", len(records), middle.Sub(start), len(links), time.Since(middle))
}

func putAll(b testing.TB, s *Store, batch intel.Batch) {
	b.Helper()
	if err := s.Update(b.Context(), func(w intel.Writer) error { return w.Put(b.Context(), batch) }); err != nil {
		b.Fatal(err)
	}
}

// batchOf makes what settling n new claims brings: two of three name or date an
// entity of their own, one of three links it to a country.
func batchOf(r *rand.Rand, stamp intel.Stamp, from, n int) intel.Batch {
	b := intel.Batch{Stamp: stamp}
	src := intel.StubSource("source:feed")
	src.Claims = from + n
	b.Sources = []*intel.Source{src}
	for i := from; i < from+n; i += 3 {
		id := fmt.Sprintf("group:n%08d", i)
		country := fmt.Sprintf("country:%c%c", 'A'+i/3%26, 'A'+i/78%26)
		name := intel.Value{Type: intel.TypeText, Text: words[r.IntN(16)] + " " + words[r.IntN(16)] + " " + strconv.Itoa(i)}
		date := intel.Value{Type: intel.TypeDate, Date: intel.MustDate(strconv.Itoa(1990 + r.IntN(30)))}
		claims := []*intel.Claim{
			{Subject: id, Property: intel.PropName, Value: name},
			{Subject: id, Property: "firstSeen", Value: date},
			{Subject: id, LinkType: "OPERATES_IN", Object: country},
		}
		for _, c := range claims {
			c.Stance, c.Confidence, c.Source, c.Locator, c.Added = intel.Asserts, 80, src.ID, "row "+strconv.Itoa(i), stamp
			c.ID = c.HashID()
		}
		b.Claims = append(b.Claims, claims...)
		shown := func(v intel.Value, c *intel.Claim) []intel.Shown {
			return []intel.Shown{{Value: v, Support: 400000, Origins: 1, Claim: c.ID}}
		}
		b.Records = append(b.Records, intel.NewRecord(id, []intel.Settled{{Property: intel.PropName, Values: shown(name, claims[0])}, {Property: "firstSeen", Values: shown(date, claims[1])}}, stamp.Revision),
			intel.NewRecord(country, nil, 1))
		b.Links = append(b.Links, &intel.Link{ID: claims[2].LinkID(), Type: "OPERATES_IN", From: id, To: country, Support: 400000, Origins: 1, Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}})
	}
	return b
}
