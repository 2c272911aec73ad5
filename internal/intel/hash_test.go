package intel_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"pgregory.net/rapid"

	"dragnet/internal/intel"
)

// vectors are claims, headers and judgements with their canonical encoding and its hash.
// They were made by a program written from the description of the encoding in
// intel/source.go, intel/claim.go and intel/judgement.go, not by this package, so that a third
// implementation can be checked against them too.
type vectors struct {
	Claims []struct {
		Name     string
		Claim    vectorClaim
		Encoding string
		ID       string
	}
	Headers []struct {
		Name     string
		Source   string
		Header   intel.Header
		Encoding string
		Hash     string
	}
	Judgements []struct {
		Name      string
		Judgement intel.Judgement
		Encoding  string
		ID        string
	}
}

type vectorClaim struct {
	Subject, Object                string
	Property                       intel.Property
	Type                           intel.ValueType
	Value                          json.RawMessage
	LinkType                       intel.LinkType
	Role                           string
	On, ValidFrom, ValidTo         intel.PartialDate
	Amount                         *intel.Quantity
	Stance                         intel.Stance
	Confidence                     int
	Source, SaidBy, Locator, Quote string
}

func (v vectorClaim) claim(t *testing.T) *intel.Claim {
	t.Helper()
	c := &intel.Claim{Subject: v.Subject, Property: v.Property, LinkType: v.LinkType, Object: v.Object, Role: v.Role, On: v.On, Amount: v.Amount, Stance: v.Stance,
		Confidence: v.Confidence, Source: v.Source, SaidBy: v.SaidBy, Locator: v.Locator, Quote: v.Quote, ValidFrom: v.ValidFrom, ValidTo: v.ValidTo}
	if v.Value != nil {
		value, err := intel.DecodeValue(v.Type, v.Value)
		if err != nil {
			t.Fatal(err)
		}
		c.Value = value
	}
	return c
}

func TestHashVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs vectors
	if err := json.Unmarshal(b, &vs); err != nil {
		t.Fatal(err)
	}
	hash := func(encoding string) string {
		sum := sha256.Sum256([]byte(encoding))
		return hex.EncodeToString(sum[:])
	}
	for _, v := range vs.Claims {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.Claim.claim(t).HashID(); got != v.ID || v.ID != intel.ClaimPrefix+hash(v.Encoding) {
				t.Errorf("id %s, want %s, the hash of %q", got, v.ID, v.Encoding)
			}
		})
	}
	for _, v := range vs.Headers {
		t.Run("header/"+v.Name, func(t *testing.T) {
			if got := intel.HeaderHash(v.Source, v.Header); got != v.Hash || v.Hash != hash(v.Encoding) {
				t.Errorf("hash %s, want %s, the hash of %q", got, v.Hash, v.Encoding)
			}
		})
	}
	for _, v := range vs.Judgements {
		t.Run("judgement/"+v.Name, func(t *testing.T) {
			if got := v.Judgement.HashID(); got != v.ID || v.ID != intel.JudgementPrefix+hash(v.Encoding) {
				t.Errorf("id %s, want %s, the hash of %q", got, v.ID, v.Encoding)
			}
		})
	}
	if len(vs.Claims) < 10 || len(vs.Headers) < 3 || len(vs.Judgements) < 3 {
		t.Errorf("%d claims, %d headers and %d judgements", len(vs.Claims), len(vs.Headers), len(vs.Judgements))
	}
}

// Everything the sender said is part of the id; what the service adds is not.
func TestHashIDHoldsEverything(t *testing.T) {
	base := func() *intel.Claim {
		return &intel.Claim{Subject: "operation:x", LinkType: "SEIZED", Object: "good:y", Role: "r", On: intel.MustDate("2020"), Amount: &intel.Quantity{Value: 1, Qualifier: intel.Exact, AsWritten: "one", Unit: "kg"},
			Stance: intel.Asserts, Confidence: 80, Source: "source:a", SaidBy: "person:p", Locator: "l", Quote: "q", ValidFrom: intel.MustDate("2019"), ValidTo: intel.MustDate("2021")}
	}
	seen := map[string]string{base().HashID(): "nothing"}
	for name, change := range map[string]func(*intel.Claim){
		"subject": func(c *intel.Claim) { c.Subject += "x" }, "type": func(c *intel.Claim) { c.LinkType = "TARGETED" }, "object": func(c *intel.Claim) { c.Object += "x" },
		"role": func(c *intel.Claim) { c.Role = "" }, "on": func(c *intel.Claim) { c.On = intel.MustDate("2020~") }, "amount": func(c *intel.Claim) { c.Amount = nil },
		"amount's value": func(c *intel.Claim) { c.Amount.Value++ }, "amount's max": func(c *intel.Claim) { c.Amount.Max++ }, "amount's qualifier": func(c *intel.Claim) { c.Amount.Qualifier = intel.About },
		"amount's words": func(c *intel.Claim) { c.Amount.AsWritten = "" }, "amount's unit": func(c *intel.Claim) { c.Amount.Unit = "g" }, "stance": func(c *intel.Claim) { c.Stance = intel.Denies },
		"confidence": func(c *intel.Claim) { c.Confidence = 8 }, "source": func(c *intel.Claim) { c.Source = "source:b" }, "saidBy": func(c *intel.Claim) { c.SaidBy = "" }, "locator": func(c *intel.Claim) { c.Locator = "" },
		"quote": func(c *intel.Claim) { c.Quote = "" }, "from": func(c *intel.Claim) { c.ValidFrom = intel.PartialDate{} }, "to": func(c *intel.Claim) { c.ValidTo = intel.PartialDate{} },
		"a shifted boundary": func(c *intel.Claim) { c.Locator, c.Quote = "lq", "" }, "exchanged texts": func(c *intel.Claim) { c.Locator, c.Quote = "q", "l" },
	} {
		c := base()
		change(c)
		if other, ok := seen[c.HashID()]; ok {
			t.Errorf("%s and %s have one id", name, other)
		}
		seen[c.HashID()] = name
	}
	c := base()
	c.Added, c.Events, c.ID = stamp(3), []intel.Event{{Retracted: true}}, "claim:other"
	if seen[c.HashID()] != "nothing" {
		t.Error("the id holds what the service adds")
	}
}

// No two different random claims share an id, and equal ones do.
func TestHashIDTellsClaimsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		es := randomEvidence(t)
		ids := map[string]*intel.Claim{}
		for _, e := range es {
			a, b := *e.Claim, *e.Claim
			a.ID, b.ID = "", ""
			if a.HashID() != b.HashID() {
				t.Fatal("one claim, two ids")
			}
			if other := ids[a.HashID()]; other != nil && diff(other, &a) != "" {
				t.Fatalf("one id for %+v and %+v", other, a)
			}
			ids[a.HashID()] = &a
		}
	})
}
