package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dragnet/internal/catalog"
	"dragnet/internal/intel"
)

type namesCmd struct {
	MISP string `required:"" placeholder:"FILE" help:"The MISP galaxy cluster of threat actors, as gzipped JSON."`
	Seed uint64 `default:"1" help:"The seed of the names that are made. Default: ${default}."`
	Show int    `default:"3" help:"How many failures of each sort to print. Default: ${default}."`
}

// actor is what is read of a value of the cluster.
type actor struct {
	UUID, Value string
	Meta        struct{ Synonyms []string }
}

func (a *actor) id() string { return "group:misp-" + a.UUID }

func (a *actor) names() []string { return append([]string{a.Value}, a.Meta.Synonyms...) }

// Run loads the actors with their synonyms into an empty store and asks for them
// by every name, as it is and spelled otherwise.
func (c *namesCmd) Run(ctx context.Context, p *program) error {
	actors, err := readActors(c.MISP)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "dragnet-names-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left is in the system's folder for such
	g, err := openStore(ctx, "sqlite:"+filepath.Join(dir, "names.db"))
	if err != nil {
		return err
	}
	n := &naming{ctx: ctx, cat: g.cat, actors: actors, rng: rand.New(rand.NewPCG(c.Seed, 1)), known: map[string][]string{}, show: c.Show}
	err = n.load()
	if err == nil {
		err = n.measure(p)
	}
	return errors.Join(err, g.close())
}

func readActors(path string) ([]actor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var d struct{ Values []actor }
	if err := json.NewDecoder(z).Decode(&d); err != nil {
		return nil, err
	}
	return d.Values, nil
}

type naming struct {
	ctx    context.Context //nolint:containedctx // of the one run
	cat    *catalog.Catalog
	actors []actor
	rng    *rand.Rand
	known  map[string][]string // who has a name, by NameKey
	show   int
}

func (n *naming) load() error {
	for i := range n.actors {
		a := &n.actors[i]
		id := intel.Ref{ID: a.id()}
		rows := []intel.Draft{{Subject: id, Property: intel.PropName, Value: &intel.Value{Type: intel.TypeText, Text: a.Value}}}
		for _, s := range a.Meta.Synonyms {
			rows = append(rows, intel.Draft{Subject: id, Link: &intel.LinkDraft{Type: intel.KnownAs, To: intel.Ref{New: &intel.NewEntity{Kind: intel.KindAlias, Name: s}}}})
		}
		source := &intel.SourceDraft{ID: "source:misp-" + a.UUID, Header: intel.Header{Title: a.Value, Reliability: "C"}}
		if _, err := n.cat.Assert(n.ctx, catalog.AssertInput{By: "bench", Source: source, Claims: rows}); err != nil {
			return fmt.Errorf("%s: %w", a.Value, err)
		}
		for _, s := range a.names() {
			key := intel.NameKey(s)
			n.known[key] = append(n.known[key], a.id())
		}
	}
	return nil
}

// spelling is a rule by which names are spelled otherwise.
type spelling struct {
	name string
	goal float64
	as   func(n *naming, name string) string
}

var spellings = []spelling{
	{"as it is", .99, func(_ *naming, s string) string { return s }},
	{"upper case", .95, func(_ *naming, s string) string { return strings.ToUpper(s) }},
	{"lower case", .95, func(_ *naming, s string) string { return strings.ToLower(s) }},
	{"no spaces", .95, func(_ *naming, s string) string { return strings.ReplaceAll(s, " ", "") }},
	{"hyphens", .95, func(_ *naming, s string) string { return strings.ReplaceAll(s, " ", "-") }},
	{"dots", .95, func(_ *naming, s string) string { return strings.ReplaceAll(s, " ", ".") }},
	{"leetspeak, half of the letters", .95, (*naming).leet},
	{"one typing mistake", .95, (*naming).typo},
	{"without group, team, gang", .95, (*naming).bare},
}

func (n *naming) measure(p *program) error {
	fmt.Fprintf(p.out, "%d actors\n", len(n.actors))
	for _, s := range spellings {
		if err := n.spelled(p, s); err != nil {
			return err
		}
	}
	if err := n.invented(p); err != nil {
		return err
	}
	return n.offByOne(p)
}

func (n *naming) resolve(names []string) ([]catalog.Resolution, error) {
	var out []catalog.Resolution
	for part := range slices.Chunk(names, catalog.MaxResolve) {
		in := make([]catalog.ResolveInput, len(part))
		for i, s := range part {
			in[i] = catalog.ResolveInput{Name: s, Kinds: []intel.Kind{intel.KindGroup}}
		}
		found, err := n.cat.Resolve(n.ctx, intel.View{}, in, 10)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// spelled asks for every name that a rule changes: the actor is to be first, or
// among candidates that are too close to tell apart.
func (n *naming) spelled(p *program, s spelling) error {
	var asked, want []string
	for i := range n.actors {
		a := &n.actors[i]
		for _, name := range a.names() {
			if q := s.as(n, name); q != name || s.name == spellings[0].name {
				asked, want = append(asked, q), append(want, a.id())
			}
		}
	}
	found, err := n.resolve(asked)
	if err != nil {
		return err
	}
	var failed []string
	for i, r := range found {
		good := len(r.Candidates) > 0 && r.Candidates[0].ID == want[i]
		if r.Verdict == catalog.Ambiguous {
			good = slices.ContainsFunc(r.Candidates, func(c catalog.Candidate) bool { return c.ID == want[i] })
		}
		if !good || r.Verdict == catalog.NoMatch {
			failed = append(failed, fmt.Sprintf("%q: %s", asked[i], r.Verdict))
		}
	}
	n.tell(p, s.name, len(asked), failed, s.goal)
	return nil
}

func (n *naming) tell(p *program, what string, asked int, failed []string, goal float64) {
	share := 1 - float64(len(failed))/float64(asked)
	fmt.Fprintf(p.out, "%s: %d of %d names, %.2f %% (goal %.0f %%: %s)\n", what, asked-len(failed), asked, 100*share, 100*goal, verdict(share, goal, true))
	for _, f := range failed[:min(n.show, len(failed))] {
		fmt.Fprintln(p.out, "  ", f)
	}
}

// invented asks for names that nobody has.
func (n *naming) invented(p *program) error {
	first := strings.Fields("silent velvet rusty broken frozen hidden scarlet amber savage lone pale swift burning electric phantom wicked northern hollow marble copper")
	second := strings.Fields("badger heron otter lantern orchard turbine glacier harbor mantis walrus anvil compass quarry meadow sparrow thicket cipher marlin kestrel lynx")
	var asked []string
	for len(asked) < 500 {
		q := first[n.rng.IntN(len(first))] + " " + second[n.rng.IntN(len(second))]
		if n.rng.IntN(2) == 0 {
			q = ""
			for range 2 + n.rng.IntN(3) {
				q += string("bcdfghklmnprstvz"[n.rng.IntN(16)]) + string("aeiou"[n.rng.IntN(5)])
			}
		}
		if n.known[intel.NameKey(q)] == nil {
			asked = append(asked, q)
		}
	}
	return n.none(p, "invented names", asked, .99)
}

// offByOne asks for designators whose last digit is another.
func (n *naming) offByOne(p *program) error {
	var asked []string
	for i := range n.actors {
		for _, s := range n.actors[i].names() {
			at := strings.LastIndexAny(s, "0123456789")
			if at < 0 || at != len(s)-1 {
				continue
			}
			digit, _ := strconv.Atoi(s[at:])
			q := s[:at] + strconv.Itoa((digit+1)%10)
			if !n.has(q) {
				asked = append(asked, q)
			}
		}
	}
	return n.none(p, "designators off by one", asked, 1)
}

// has says that somebody has a name but for spaces and punctuation.
func (n *naming) has(name string) bool {
	joined := intel.FormsOf(name).Joined
	for key := range n.known {
		if strings.ReplaceAll(key, " ", "") == joined {
			return true
		}
	}
	return false
}

// none asks for names that must not match.
func (n *naming) none(p *program, what string, asked []string, goal float64) error {
	found, err := n.resolve(asked)
	if err != nil {
		return err
	}
	var failed []string
	for i, r := range found {
		if r.Verdict == catalog.Match || r.Verdict == catalog.Ambiguous {
			failed = append(failed, fmt.Sprintf("%q is taken for %q", asked[i], r.Candidates[0].MatchedName))
		}
	}
	n.tell(p, what, len(asked), failed, goal)
	return nil
}

var leetDigits = map[rune]string{'a': "4@", 'e': "3", 'i': "1!", 'l': "1", 'o': "0", 's': "5$", 't': "7"}

// leet writes about half of the letters that can be in leetspeak; names with
// numbers are left alone.
func (n *naming) leet(s string) string {
	if strings.ContainsAny(s, "0123456789") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if d := leetDigits[r]; d != "" && n.rng.IntN(2) == 0 {
			return rune(d[n.rng.IntN(len(d))])
		}
		return r
	}, strings.ToLower(s))
}

// typo makes one mistake within the first word of six letters and more.
func (n *naming) typo(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if utf8.RuneCountInString(w) < intel.MinTypo || strings.ContainsAny(w, "0123456789-.") {
			continue
		}
		rs := []rune(w)
		at := 1 + n.rng.IntN(len(rs)-2)
		letter := rune('a' + n.rng.IntN(26))
		switch n.rng.IntN(4) {
		case 0:
			rs = slices.Delete(rs, at, at+1)
		case 1:
			rs = slices.Insert(rs, at, letter)
		case 2:
			rs[at] = letter
		default:
			rs[at], rs[at+1] = rs[at+1], rs[at]
		}
		words[i] = string(rs)
		return strings.Join(words, " ")
	}
	return s
}

func (n *naming) bare(s string) string {
	for _, w := range []string{" Group", " Team", " Gang", " group", " team", " gang"} {
		s = strings.TrimSuffix(s, w)
	}
	return s
}
