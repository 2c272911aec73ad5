package subject

import (
	"encoding/base64"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

func TestCursor(t *testing.T) {
	at := intel.Position{Keys: []intel.SortValue{{Text: "nervone"}, {Null: true}, {Int: -3}}, ID: "operation:nervone", Link: "a|LED|b"}
	c := EncodeCursor("the query", at)
	got, err := DecodeCursor("the query", c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(at, got); d != "" {
		t.Error(d)
	}
	for name, bad := range map[string]struct {
		cursor string
		want   error
	}{
		"empty":        {"", ErrBrokenCursor},
		"words":        {"no cursor!", ErrBrokenCursor},
		"cut":          {c[:len(c)-4], ErrBrokenCursor},
		"no position":  {base64.RawURLEncoding.EncodeToString([]byte("123456{}")), ErrBrokenCursor},
		"of elsewhere": {EncodeCursor("another query", at), ErrForeignCursor},
	} {
		if _, err := DecodeCursor("the query", bad.cursor); !errors.Is(err, bad.want) {
			t.Errorf("%s: %v, want %v", name, err, bad.want)
		}
	}
}

func TestPagesElsewhere(t *testing.T) {
	for id, want := range map[intel.ExternalID]string{
		{Scheme: "mitre-attack", Value: "T1566"}:     "https://attack.mitre.org/techniques/T1566",
		{Scheme: "mitre-attack", Value: "T1566.001"}: "https://attack.mitre.org/techniques/T1566/001",
		{Scheme: "mitre-attack", Value: "G0007"}:     "https://attack.mitre.org/groups/G0007",
		{Scheme: "mitre-attack", Value: "x-1"}:       "",
		{Scheme: "wikidata", Value: "Q1"}:            "https://www.wikidata.org/wiki/Q1",
		{Scheme: "misp", Value: "1"}:                 "",
	} {
		if got := pageOf(id); got != want {
			t.Errorf("%v: %q, want %q", id, got, want)
		}
	}
}
