package neo4j

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dragnet/internal/intel"
)

// fill puts a graph of about n entities and 5n links into a store, with a claim
// for each tenth: groups that are parts of each other, countries as hubs,
// aliases, operations with numbers and dates.
func fill(t testing.TB, s *Store, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	groups := n * 7 / 10
	zipf := rand.NewZipf(rng, 1.2, 3, 199)
	last := intel.Stamp{}
	err := s.View(t.Context(), func(r intel.Reader) error {
		m, err := r.Meta(t.Context())
		last = m.Last
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var b intel.Batch
	flush := func() {
		b.Stamp = intel.NextStamp(last, time.Unix(1.7e9, 0), "fill")
		if len(b.Claims) == 0 {
			b.Stamp = intel.Stamp{}
		} else {
			last = b.Stamp
			for _, c := range b.Claims {
				c.Added = b.Stamp
			}
		}
		if err := s.Update(t.Context(), func(w intel.Writer) error { return w.Put(t.Context(), b) }); err != nil {
			t.Fatal(err)
		}
		b = intel.Batch{}
	}
	record := func(id, name string, facts ...intel.Settled) {
		if name != "" {
			facts = append([]intel.Settled{shown(intel.PropName, intel.Value{Type: intel.TypeText, Text: name})}, facts...)
		}
		b.Records = append(b.Records, intel.NewRecord(id, facts, 1))
		if len(b.Records) == 5000 {
			flush()
		}
	}
	for i := range 200 {
		record(country(i), fmt.Sprintf("Country %d", i), shown("alpha2", intel.Value{Type: intel.TypeText, Text: intel.KeyOf(country(i))}))
	}
	for i := range groups {
		record(group(i), word(rng)+" group "+fmt.Sprint(i), shown("attacks", amount(int64(i%977))), shown("firstSeen", intel.Value{Type: intel.TypeDate, Date: intel.MustDate(fmt.Sprint(1990 + i%30))}),
			shown("groupType", intel.Value{Type: intel.TypeEnum, Text: "CRIMINAL"}))
	}
	for i := range n - groups {
		switch {
		case i%3 == 0:
			record(alias(i), word(rng)+" alias "+fmt.Sprint(i))
		case i%3 == 1:
			record(operation(i), word(rng)+" operation "+fmt.Sprint(i), shown("arrests", amount(int64(i%313))),
				shown(intel.PropExternalID, intel.Value{Type: intel.TypeExternalID, ExternalID: intel.ExternalID{Scheme: "mitre-attack", Value: fmt.Sprint("X", i)}}))
		default:
			record(operation(i), "")
		}
	}
	flush()
	source := func(i int) string { return fmt.Sprint("source:s", i%(n/100+1)) }
	for i := range n/100 + 1 {
		b.Sources = append(b.Sources, intel.StubSource(source(i)))
	}
	flush()
	count := 0
	link := func(from string, t intel.LinkType, to string) {
		if from == to {
			return
		}
		b.Links = append(b.Links, &intel.Link{ID: intel.LinkID(t, from, to), Type: t, From: from, To: to, Support: 480_000, Origins: 1, Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}})
		if count++; count%10 == 0 {
			c := &intel.Claim{Subject: from, LinkType: t, Object: to, Stance: intel.Asserts, Confidence: 80, Source: source(count), Locator: "paragraph 3"}
			c.ID = c.HashID()
			b.Claims = append(b.Claims, c)
			p := &intel.Claim{Subject: from, Property: "attacks", Value: amount(int64(count)), Stance: intel.Asserts, Confidence: 80, Source: source(count), Locator: "paragraph 4"}
			p.ID = p.HashID()
			b.Claims = append(b.Claims, p)
		}
		if len(b.Links) == 5000 {
			flush()
		}
	}
	for i := range groups {
		link(group(i), "OPERATES_IN", country(int(zipf.Uint64())))
		link(group(i), intel.KnownAs, alias(rng.IntN(n-groups)/3*3))
		if i < min(groups, 5000) {
			for j := range 14 {
				link(group(i), "PART_OF", group((i*31+j*977+1)%min(groups, 5000)))
			}
		}
		for range 4 {
			link(group(i), "SUCCESSOR_OF", group(rng.IntN(groups)))
		}
	}
	flush()
}

func group(i int) string     { return fmt.Sprintf("group:some-group-%07d", i) }
func alias(i int) string     { return fmt.Sprintf("alias:some-alias-%07d", i) }
func operation(i int) string { return fmt.Sprintf("operation:some-operation-%07d", i) }
func country(i int) string   { return fmt.Sprintf("country:%c%c", 'A'+i/26, 'A'+i%26) }

func amount(n int64) intel.Value {
	return intel.Value{Type: intel.TypeQuantity, Quantity: intel.Quantity{Value: n, Qualifier: intel.Exact}}
}

func word(rng *rand.Rand) string {
	b := make([]byte, 6)
	for i := range b {
		b[i] = byte('a' + rng.IntN(26))
	}
	return string(b)
}

func shown(p intel.Property, v intel.Value) intel.Settled {
	return intel.Settled{Property: p, Slot: v.Slot(), Values: []intel.Shown{{Value: v, Support: 480_000, Origins: 1, Claim: intel.ClaimPrefix + "0"}}}
}
