package intel_test

import (
	"slices"
	"strings"
	"testing"

	"dragnet/internal/intel"
)

func TestClaimMentions(t *testing.T) {
	for _, c := range []struct {
		name  string
		claim intel.Claim
		link  string
		want  []string
	}{
		{"a property", intel.Claim{Subject: "group:a", Property: "name"}, "", []string{"group:a"}},
		{"a property somebody tells", intel.Claim{Subject: "group:a", Property: "name", SaidBy: "person:p"}, "", []string{"group:a", "person:p"}},
		{"a link", intel.Claim{Subject: "group:a", LinkType: "USES", Object: "tool:b", SaidBy: "person:p"}, "group:a|USES|tool:b", []string{"group:a", "tool:b", "person:p"}},
	} {
		if got := c.claim.Mentions(); !slices.Equal(got, c.want) || c.claim.LinkID() != c.link || c.claim.IsLink() != (c.link != "") {
			t.Errorf("%s: mentions %v, link %q", c.name, got, c.claim.LinkID())
		}
	}
}

func TestEdgeEnds(t *testing.T) {
	from, to := &intel.Node{Record: intel.NewRecord("group:a", nil, 1)}, &intel.Node{Record: intel.NewRecord("tool:b", nil, 1)}
	l := &intel.Link{ID: "group:a|USES|tool:b", Type: "USES", From: "group:a", To: "tool:b"}
	for _, e := range []*intel.Edge{{Link: l, Parent: from, Node: to}, {Link: l, Parent: to, Node: from}} {
		if e.FromNode() != from || e.ToNode() != to {
			t.Errorf("seen from %s the ends are %s and %s", e.Parent.ID, e.FromNode().ID, e.ToNode().ID)
		}
	}
}

// What users are shown of bad input is short, however long the input.
func TestErrorsAreShort(t *testing.T) {
	long := strings.Repeat("é?", 1<<19)
	for name, check := range map[string]func(string) error{
		"date":      func(s string) error { _, err := intel.ParseDate(s); return err },
		"decimal":   func(s string) error { _, err := intel.ParseDecimal(s); return err },
		"entity id": func(s string) error { _, err := intel.ParseEntityID(s); return err },
		"key":       func(s string) error { _, err := intel.ParseEntityID("group:" + s); return err },
		"source id": func(s string) error { _, err := intel.ParseSourceID("source:" + s); return err },
		"address":   func(s string) error { _, err := intel.SourceKey(s); return err },
		"name":      func(s string) error { _, err := intel.DeriveKey(intel.KindCountry, s); return err },
		"text":      func(s string) error { _, err := intel.CleanText(s, intel.Prose, 100); return err },
	} {
		if err := check(long); !isInvalid(err) || len(err.Error()) > 500 || !strings.Contains(err.Error(), " ") {
			t.Errorf("%s: %.600v", name, err)
		}
	}
}
