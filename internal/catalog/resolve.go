package catalog

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dragnet/internal/intel"
)

// ResolveInput asks who a name means.
type ResolveInput struct {
	Name    string
	Kinds   []intel.Kind // empty: any but ALIAS
	Context ResolveContext
}

// ResolveContext is what else is known of the one who is meant.
type ResolveContext struct {
	// Linked are ids of countries, sectors and other entities it is linked to.
	Linked []string
	SeenIn intel.PartialDate
}

// Resolution is who a name may mean, the likeliest first.
type Resolution struct {
	Verdict    Verdict
	Candidates []Candidate
}

// Candidate is an entity that a name may mean.
type Candidate struct {
	ID          string
	Score       float64 // 0 to 1
	MatchedName string
	Reasons     []MatchReason
}

// Verdict says how certain a resolution is.
type Verdict string

// The verdicts.
const (
	Match     Verdict = "MATCH"     // one stands out
	Ambiguous Verdict = "AMBIGUOUS" // several are as good
	Weak      Verdict = "WEAK"      // something is like it, not enough to say so
	NoMatch   Verdict = "NONE"
)

// The bounds of the verdicts. What scores from matchScore on is a match unless
// another is within tooClose of it.
const (
	matchScore     = 0.85
	weakScore      = 0.6
	candidateScore = 0.25
	tooClose       = 0.05
)

// What takes from the score of a name's likeness.
const (
	// aliasDoubt is what an alias with no support loses; one with full support
	// loses nothing.
	aliasDoubt = 0.06
	// genericDoubt is what a name loses when all that it shares is a word that
	// says little.
	genericDoubt = 0.1
	// descriptiveDoubt keeps a description that stands in for an unknown name
	// below matchScore.
	descriptiveDoubt = 0.2
	// contextDoubt is what one who shares nothing of a given context loses.
	contextDoubt = 0.07
	// shortWord is the length in letters up to which one word says little.
	shortWord = 4
)

const (
	// MaxResolve is how many names one call resolves.
	MaxResolve = 1000
	// namesFound bounds what each search term and prefix brings.
	namesFound = 200
	// aliasLinks is how many bearers of one alias are looked at.
	aliasLinks = intel.MaxPage
)

// Resolve says whom names mean, each with at most limit candidates.
func (c *Catalog) Resolve(ctx context.Context, v intel.View, in []ResolveInput, limit int) ([]Resolution, error) {
	forms := make([]*intel.NameForms, len(in))
	queries := make([]intel.NameQuery, len(in))
	for i, r := range in {
		forms[i] = intel.FormsOf(r.Name)
		queries[i] = intel.NameQuery{Terms: forms[i].Lookups(), Kinds: withAliases(r.Kinds), Limit: namesFound}
	}
	b, err := c.bearers(ctx, v, queries)
	if err != nil {
		return nil, err
	}
	if err := b.readContext(ctx, v, in); err != nil {
		return nil, err
	}
	out := make([]Resolution, len(in))
	for i, r := range in {
		out[i] = resolution(b.candidates(i, r, forms[i]), limit)
	}
	return out, nil
}

// withAliases adds the kind of those that lead to the others.
func withAliases(kinds []intel.Kind) []intel.Kind {
	if len(kinds) == 0 || slices.Contains(kinds, intel.KindAlias) {
		return kinds
	}
	return append(slices.Clone(kinds), intel.KindAlias)
}

// bearing is an entity with a name it bears: its own, or an alias.
type bearing struct {
	entity *intel.Record
	name   *intel.Record
	// support is the alias's, in parts per million.
	support intel.PPM
}

// bearers are those that searches found, and who bears the aliases among them.
type bearers struct {
	catalog *Catalog
	found   [][]string // by query
	of      map[string][]bearing
	// What contexts ask for, by entity: those of their entities that it is linked
	// to, and when it was active.
	near   map[string]map[string]bool
	active map[string]intel.Interval
}

// bearers looks names up and reads whose they are under a view.
func (c *Catalog) bearers(ctx context.Context, v intel.View, queries []intel.NameQuery) (*bearers, error) {
	b := &bearers{catalog: c, of: map[string][]bearing{}}
	err := c.store.View(ctx, func(r intel.Reader) error {
		b.found = nil
		for _, q := range queries {
			ids, err := r.Named(ctx, q)
			if err != nil {
				return err
			}
			b.found = append(b.found, ids)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for ids := range slices.Chunk(distinct(slices.Concat(b.found...)), namesFound) {
		a, err := c.Read(ctx, v, intel.Selection{IDs: ids, Node: intel.NodeSelection{Links: []intel.LinkSelection{{
			Key: "bearers", On: []intel.Kind{intel.KindAlias}, Ends: []intel.End{{Type: intel.KnownAs, Direction: intel.In}}, Page: intel.Page{First: aliasLinks},
		}}}})
		if err != nil {
			return nil, err
		}
		for _, n := range a.Nodes {
			b.of[n.ID] = []bearing{{entity: n.Record, name: n.Record}}
			if p := n.Links["bearers"]; p != nil {
				for _, e := range p.Edges {
					b.of[n.ID] = append(b.of[n.ID], bearing{entity: e.Node.Record, name: n.Record, support: e.Support})
				}
			}
		}
	}
	return b, nil
}

// readContext finds what contexts ask of the bearers.
func (b *bearers) readContext(ctx context.Context, v intel.View, in []ResolveInput) error {
	var near, ids []string
	for i, r := range in {
		if len(r.Context.Linked) == 0 && r.Context.SeenIn.IsZero() {
			continue
		}
		near = append(near, r.Context.Linked...)
		for _, id := range b.found[i] {
			for _, x := range b.of[id] {
				ids = append(ids, x.entity.ID)
			}
		}
	}
	b.near, b.active = map[string]map[string]bool{}, map[string]intel.Interval{}
	for part := range slices.Chunk(distinct(ids), namesFound) {
		a, err := b.catalog.Read(ctx, v, intel.Selection{IDs: part, Node: intel.NodeSelection{Values: true, Links: []intel.LinkSelection{{
			Key: "near", Ends: everyEnd(), Where: intel.IDIn(distinct(near)), Page: intel.Page{First: intel.MaxPage},
		}}}})
		if err != nil {
			return err
		}
		for _, n := range a.Nodes {
			b.near[n.ID] = map[string]bool{}
			for _, e := range n.Links["near"].Edges {
				b.near[n.ID][e.Node.ID] = true
			}
			if days, ok := activity(n.Facts); ok {
				b.active[n.ID] = days
			}
		}
	}
	return nil
}

func everyEnd() []intel.End {
	var out []intel.End
	for _, t := range intel.LinkTypes() {
		out = append(out, intel.End{Type: t.Type, Direction: intel.Both})
	}
	return out
}

// activity is the time from when an entity was first seen or began to when it
// was last seen or ended; open where that is not known, and false when neither is.
func activity(facts []intel.Settled) (intel.Interval, bool) {
	days, known := intel.Interval{From: intel.MinDay, To: intel.MaxDay}, false
	for _, f := range facts {
		if len(f.Values) == 0 {
			continue
		}
		switch date := f.Values[0].Value.Date; f.Property {
		case "firstSeen", "startedOn":
			days.From, known = date.First(), true
		case "lastSeen", "endedOn":
			days.To, known = date.Last(), true
		}
	}
	return days, known
}

// candidates weighs what a query found: of each entity the best of its names.
func (b *bearers) candidates(query int, in ResolveInput, asked *intel.NameForms) []Candidate {
	best := map[string]Candidate{}
	for _, id := range b.found[query] {
		all := b.of[id]
		if len(all) == 0 {
			continue // not in the graph under this view
		}
		score, reason := likeness(asked, intel.FormsOf(all[0].name.Name))
		if score == 0 {
			continue
		}
		for _, x := range all {
			if !wanted(x.entity.Kind, in.Kinds) {
				continue
			}
			c := b.weigh(x, in, asked, score, reason)
			if was, ok := best[x.entity.ID]; !ok || c.Score > was.Score || c.Score == was.Score && c.MatchedName < was.MatchedName {
				best[x.entity.ID] = c
			}
		}
	}
	out := make([]Candidate, 0, len(best))
	for _, c := range best {
		if c.Score >= candidateScore {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y Candidate) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.ID, y.ID)) })
	return out
}

// wanted says that an entity of a kind is asked for; aliases only by name.
func wanted(k intel.Kind, kinds []intel.Kind) bool {
	if len(kinds) == 0 {
		return k != intel.KindAlias
	}
	return slices.Contains(kinds, k)
}

func (b *bearers) weigh(x bearing, in ResolveInput, asked *intel.NameForms, score float64, reason MatchReason) Candidate {
	c := Candidate{ID: x.entity.ID, Score: score, MatchedName: x.name.Name, Reasons: []MatchReason{reason}}
	less := func(kind MatchReasonKind, by float64, detail string) {
		by = rounded(by)
		c.Reasons = append(c.Reasons, MatchReason{Kind: kind, Detail: detail, Weight: -by})
		c.Score = rounded(c.Score - by)
	}
	if x.name != x.entity {
		support := x.support.Percent()
		less(ByAlias, score*aliasDoubt*(1-float64(support)/100), fmt.Sprintf("known as %s, with support %d", x.name.Name, support))
	}
	if x.name.NameKind == intel.Descriptive {
		less(DescriptiveName, descriptiveDoubt, "a description, not a name")
	}
	if r := asked.Readings[0]; reason.Kind == TokenSet && utf8.RuneCountInString(r.Core) <= shortWord || r.Generic {
		less(GenericName, genericDoubt, fmt.Sprintf("%q says little", r.Set))
	}
	b.weighContext(x.entity, in.Context, &c, less)
	return c
}

// rounded keeps scores to four decimals, so that people can add them up.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }

func (b *bearers) weighContext(e *intel.Record, ctx ResolveContext, c *Candidate, less func(MatchReasonKind, float64, string)) {
	agrees := func(detail string) {
		c.Reasons = append(c.Reasons, MatchReason{Kind: ByContext, Detail: detail})
	}
	if len(ctx.Linked) > 0 {
		shared := slices.DeleteFunc(distinct(ctx.Linked), func(id string) bool { return !b.near[e.ID][id] })
		if len(shared) > 0 {
			agrees("is linked to " + strings.Join(shared, ", "))
		} else {
			less(ByContext, c.Score*contextDoubt, "is linked to nothing of the context")
		}
	}
	days, known := b.active[e.ID]
	if ctx.SeenIn.IsZero() || !known {
		return
	}
	if ctx.SeenIn.Last() >= days.From && ctx.SeenIn.First() <= days.To {
		agrees("was active in " + ctx.SeenIn.String())
	} else {
		less(ByContext, c.Score*contextDoubt, "was not known to be active in "+ctx.SeenIn.String())
	}
}

func resolution(all []Candidate, limit int) Resolution {
	r := Resolution{Verdict: NoMatch, Candidates: all[:min(limit, len(all))]}
	switch {
	case len(all) == 0 || all[0].Score < weakScore:
	case all[0].Score < matchScore:
		r.Verdict = Weak
	case len(all) > 1 && all[1].Score > all[0].Score-tooClose:
		r.Verdict = Ambiguous
	default:
		r.Verdict = Match
	}
	return r
}
