package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/intel"
)

// whoIsWho is a small graph of names: OPERA1ER and its aliases, groups that
// share an alias, designators, a description, generic names and other scripts.
func whoIsWho(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	var rows []intel.Draft
	group := func(id, name string, aliases ...string) {
		rows = append(rows, text(id, "name", name))
		for _, a := range aliases {
			rows = append(rows, intel.Draft{Subject: intel.Ref{ID: id}, Link: &intel.LinkDraft{Type: intel.KnownAs, To: intel.Ref{New: &intel.NewEntity{Kind: intel.KindAlias, Name: a}}}})
		}
	}
	group("group:opera1er", "OPERA1ER", "NX$M$", "DESKTOP Group", "Common Raven", "BlueBottle")
	group("group:apt28", "APT28", "Fancy Bear", "Grizzly Steppe")
	group("group:apt29", "APT29", "Cozy Bear", "Grizzly Steppe")
	group("group:sandstorm", "Crimson Sandstorm")
	group("group:carbanak", "Карбанак")
	group("group:the-gang", "The Gang")
	group("group:play", "Play")
	group("group:unknown", "unknown attackers of the bank")
	rows = append(rows, text("group:unknown", "nameKind", intel.Descriptive),
		text("operation:nervone", "name", "Operation Nervone"),
		text("country:CI", "name", "Côte d'Ivoire"),
		link("group:apt29", "TARGETS", "country:CI"), link("group:opera1er", "OPERATES_IN", "country:CI"),
		intel.Draft{Subject: intel.Ref{ID: "group:apt28"}, Property: "firstSeen", Value: &intel.Value{Type: intel.TypeDate, Date: date("2004")}},
		intel.Draft{Subject: intel.Ref{ID: "group:apt28"}, Property: "lastSeen", Value: &intel.Value{Type: intel.TypeDate, Date: date("2016")}},
		intel.Draft{Subject: intel.Ref{ID: "group:apt29"}, Property: "firstSeen", Value: &intel.Value{Type: intel.TypeDate, Date: date("2018")}})
	assert(t, c, catalog.AssertInput{Source: source("source:names", "A", ""), Claims: rows})
}

func resolve(t *testing.T, c *catalog.Catalog, in catalog.ResolveInput) catalog.Resolution {
	t.Helper()
	out, err := c.Resolve(t.Context(), intel.View{}, []catalog.ResolveInput{in}, 5)
	if err != nil || len(out) != 1 {
		t.Fatalf("%d resolutions, %v", len(out), err)
	}
	return out[0]
}

func TestResolve(t *testing.T) {
	groups := []intel.Kind{intel.KindGroup}
	cases := []struct {
		name    string
		kinds   []intel.Kind
		context catalog.ResolveContext
		want    string // verdict, then candidates
		because catalog.MatchReasonKind
	}{
		{"OPERA1ER", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.ExactName},
		{"Opera1er", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Folded},
		{"0PERA1ER", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Leetspeak},
		{"operaler", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Leetspeak},
		{"NX$M$", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.ExactName},
		{"nxsms", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Leetspeak},
		{"NXSMS", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Leetspeak},
		{"Nx$m$", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Folded},
		{"blue bottle", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Folded},
		{"common-raven", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Folded},
		{"desktop-group", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.Folded},
		{"Desktop", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.TokenSet},
		{"raven common", nil, catalog.ResolveContext{}, "MATCH group:opera1er", catalog.TokenSet},
		{"Nervone", nil, catalog.ResolveContext{}, "MATCH operation:nervone", catalog.TokenSet},
		{"Nervone", groups, catalog.ResolveContext{}, "NONE", ""},
		{"Karbanak", nil, catalog.ResolveContext{}, "MATCH group:carbanak", catalog.Transliterated},
		{"Crimson Sandstrom", nil, catalog.ResolveContext{}, "MATCH group:sandstorm", catalog.Typo},
		{"Crimson Sandsturm", nil, catalog.ResolveContext{}, "MATCH group:sandstorm", catalog.Typo},
		{"Crimson Sandstorrm", nil, catalog.ResolveContext{}, "MATCH group:sandstorm", catalog.Typo},
		{"Crimsn Sandstorm", nil, catalog.ResolveContext{}, "MATCH group:sandstorm", catalog.Typo},
		{"Crimsn Sandsturm", nil, catalog.ResolveContext{}, "NONE", ""},
		{"Fancy Beer", nil, catalog.ResolveContext{}, "WEAK group:apt28", catalog.Typo},
		{"APT 28", nil, catalog.ResolveContext{}, "MATCH group:apt28", catalog.Folded},
		{"APT27", nil, catalog.ResolveContext{}, "NONE", ""},
		{"Grizzly Steppe", nil, catalog.ResolveContext{}, "AMBIGUOUS group:apt28 group:apt29", catalog.ExactName},
		{"Grizzly Steppe", nil, catalog.ResolveContext{Linked: []string{"country:CI"}}, "MATCH group:apt29 group:apt28", catalog.ExactName},
		{"Grizzly Steppe", nil, catalog.ResolveContext{SeenIn: date("2015-05")}, "MATCH group:apt28 group:apt29", catalog.ExactName},
		{"unknown attackers of the bank", nil, catalog.ResolveContext{}, "WEAK group:unknown", catalog.ExactName},
		{"the GANG", nil, catalog.ResolveContext{}, "MATCH group:the-gang", catalog.Folded},
		{"Gang", nil, catalog.ResolveContext{}, "NONE", ""},
		{"Play Ransomware", nil, catalog.ResolveContext{}, "NONE", ""},
		{"Play Team", nil, catalog.ResolveContext{}, "WEAK group:play", catalog.TokenSet},
		{"cote d ivoire", nil, catalog.ResolveContext{}, "MATCH country:CI", catalog.Folded},
		{"Common Raven", []intel.Kind{intel.KindAlias}, catalog.ResolveContext{}, "MATCH alias:common-raven", catalog.ExactName},
		{"Velvet Badger", nil, catalog.ResolveContext{}, "NONE", ""},
		{"", nil, catalog.ResolveContext{}, "NONE", ""},
		{"!!!", nil, catalog.ResolveContext{}, "NONE", ""},
	}
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		whoIsWho(t, c)
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				r := resolve(t, c, catalog.ResolveInput{Name: tc.name, Kinds: tc.kinds, Context: tc.context})
				got := string(r.Verdict)
				for _, x := range r.Candidates {
					got += " " + x.ID
				}
				if got != tc.want {
					t.Errorf("%s %+v\nwant %s", got, r.Candidates, tc.want)
				}
				if tc.because != "" && (len(r.Candidates) == 0 || r.Candidates[0].Reasons[0].Kind != tc.because) {
					t.Errorf("reasons %+v, want %s first", r.Candidates, tc.because)
				}
			})
		}
		t.Run("reasons add up", func(t *testing.T) {
			for _, tc := range cases {
				for _, x := range resolve(t, c, catalog.ResolveInput{Name: tc.name, Context: catalog.ResolveContext{Linked: []string{"country:CI"}}}).Candidates {
					sum := 0.0
					for _, r := range x.Reasons {
						sum += r.Weight
					}
					if d := sum - x.Score; d > 1e-9 || d < -1e-9 || x.Score < 0 || x.Score > 1 {
						t.Errorf("%s: the weights of %s add up to %v, its score is %v", tc.name, x.ID, sum, x.Score)
					}
				}
			}
		})
		t.Run("under a view", func(t *testing.T) {
			at := int64(0)
			out, err := c.Resolve(t.Context(), intel.View{AtRevision: &at}, []catalog.ResolveInput{{Name: "OPERA1ER"}}, 5)
			if err != nil || out[0].Verdict != catalog.NoMatch || len(out[0].Candidates) != 0 {
				t.Errorf("%+v, %v: before anything was known", out, err)
			}
		})
	})
}

func TestSearch(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		c := open(t, o)
		whoIsWho(t, c)
		for _, tc := range []struct {
			typed string
			kinds []intel.Kind
			want  []string // entity as matched name
		}{
			{"o", nil, []string{"group:opera1er as OPERA1ER", "operation:nervone as Operation Nervone"}},
			{"opera1er", nil, []string{"group:opera1er as OPERA1ER"}},
			{"ra", nil, []string{"group:opera1er as Common Raven"}},
			{"bear", nil, []string{"group:apt29 as Cozy Bear", "group:apt28 as Fancy Bear"}},
			{"apt2", nil, []string{"group:apt28 as APT28", "group:apt29 as APT29"}},
			{"nxsms", nil, []string{"group:opera1er as NX$M$"}},
			{"sandstrom crimson", nil, nil},
			{"crimson sandstrom", nil, []string{"group:sandstorm as Crimson Sandstorm"}},
			{"of the ba", nil, []string{"group:unknown as unknown attackers of the bank"}},
			{"op", []intel.Kind{intel.KindOperation}, []string{"operation:nervone as Operation Nervone"}},
			{"common", []intel.Kind{intel.KindAlias}, []string{"alias:common-raven as Common Raven"}},
			{" ", nil, nil},
			{"zz", nil, nil},
		} {
			t.Run(tc.typed, func(t *testing.T) {
				found, err := c.Search(t.Context(), intel.View{}, tc.typed, tc.kinds)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for i, f := range found {
					got = append(got, fmt.Sprintf("%s as %s", f.ID, f.MatchedName))
					if i > 0 && f.Score > found[i-1].Score {
						t.Errorf("%+v comes after a lower score", f)
					}
				}
				if !slices.Equal(got, tc.want) {
					t.Errorf("found %s\nwant  %s", strings.Join(got, ", "), strings.Join(tc.want, ", "))
				}
			})
		}
	})
}

// tallying is a store whose Update counts the records that are put.
type tallying struct {
	intel.Store
	records int
}

func (f *tallying) Update(ctx context.Context, write func(intel.Writer) error) error {
	return f.Store.Update(ctx, func(w intel.Writer) error { return write(countingWriter{w, f}) })
}

type countingWriter struct {
	intel.Writer
	of *tallying
}

func (w countingWriter) Put(ctx context.Context, b intel.Batch) error {
	w.of.records += len(b.Records)
	return w.Writer.Put(ctx, b)
}

// TestResettleBringsNamesUp puts every entity again after an upgrade that finds
// names otherwise, and none when nothing has changed.
func TestResettleBringsNamesUp(t *testing.T) {
	everystore.Run(t, func(t *testing.T, o everystore.Opener) {
		s := &tallying{Store: o(t)}
		c := catalog.New(s, newClock().now)
		t.Cleanup(c.Close)
		whoIsWho(t, c)
		m, err := c.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for version, want := range map[int]int{intel.NamesVersion: 0, intel.NamesVersion - 1: int(m.Counts.Entities)} {
			err := s.Store.Update(t.Context(), func(w intel.Writer) error {
				return w.Put(t.Context(), intel.Batch{Settled: &[2]int{intel.SettleVersion, version}})
			})
			if err != nil {
				t.Fatal(err)
			}
			s.records = 0
			if err := c.Resettle(t.Context(), "tester", nil, func(what string) { t.Error(what) }); err != nil {
				t.Fatal(err)
			}
			if s.records != want {
				t.Errorf("from names of version %d, %d records were put again, want %d", version, s.records, want)
			}
		}
		if r := resolve(t, c, catalog.ResolveInput{Name: "nxsms"}); r.Verdict != catalog.Match {
			t.Errorf("%+v after a resettle", r)
		}
	})
}
