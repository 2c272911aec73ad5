package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// Found is an entity whose name, or an alias of it, goes on or reads like what
// was typed.
type Found struct {
	ID          string
	Score       float64 // 0 to 1
	MatchedName string
	sort        string // the SortKey of MatchedName
}

// Position is its place in what Search answers.
func (f Found) Position() intel.Position {
	return intel.Position{Keys: []intel.SortValue{{Int: -int64(f.Score * 1e9)}, {Text: f.sort}}, ID: f.ID}
}

// ComparePositions orders positions of searches.
func ComparePositions(a, b intel.Position) int {
	return cmp.Or(cmp.Compare(a.Keys[0].Int, b.Keys[0].Int), cmp.Compare(a.Keys[1].Text, b.Keys[1].Text), cmp.Compare(a.ID, b.ID))
}

// What a name that was found scores: each class above the next, within a class
// the names of which more was typed first.
const (
	scoreWhole  = 1.0
	scoreBegins = 0.9
	scoreWord   = 0.8
	scoreReads  = 0.7 // the same otherwise spelled
	scoreNearly = 0.6 // with a typing mistake
	withinClass = 0.09
)

// minWord is the least number of letters with which words within names are
// looked for: with fewer every name has one.
const minWord = 2

// Search finds names for a box in which somebody types, from the first letter
// on, best first: the whole name, what begins so, what has a word that begins
// so, the same otherwise spelled, and with a typing mistake. What each of these
// brings is bounded, so the list is not all that there is.
func (c *Catalog) Search(ctx context.Context, v intel.View, text string, kinds []intel.Kind) ([]Found, error) {
	typed := intel.FormsOf(text)
	if typed.Key == "" {
		return nil, nil
	}
	q := intel.NameQuery{Terms: typed.Lookups(), Prefixes: []string{typed.Key}, Kinds: withAliases(kinds), Limit: namesFound}
	if words := typed.Readings[0].Words; len(words) > 0 && len([]rune(words[0])) >= minWord {
		q.Words = words[:1]
	}
	b, err := c.bearers(ctx, v, []intel.NameQuery{q})
	if err != nil {
		return nil, err
	}
	best := map[string]Found{}
	for _, id := range b.found[0] {
		all := b.of[id]
		if len(all) == 0 {
			continue
		}
		score := rounded(typedScore(typed, all[0].name))
		if score == 0 {
			continue
		}
		for _, x := range all {
			if !wanted(x.entity.Kind, kinds) {
				continue
			}
			f := Found{ID: x.entity.ID, Score: score, MatchedName: x.name.Name, sort: x.name.SortKey}
			if x.name != x.entity {
				f.Score = rounded(f.Score - 0.001) // of equals its own name comes first
			}
			if was, ok := best[f.ID]; !ok || f.Score > was.Score || f.Score == was.Score && f.MatchedName < was.MatchedName {
				best[f.ID] = f
			}
		}
	}
	out := make([]Found, 0, len(best))
	for _, f := range best {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y Found) int { return ComparePositions(x.Position(), y.Position()) })
	return out, nil
}

func typedScore(typed *intel.NameForms, name *intel.Record) float64 {
	key := name.NameKey
	share := rounded(withinClass * float64(len(typed.Key)) / float64(max(len(key), len(typed.Key))))
	switch {
	case key == typed.Key:
		return scoreWhole
	case strings.HasPrefix(key, typed.Key):
		return scoreBegins + share
	case strings.Contains(key, " "+typed.Key):
		return scoreWord + share
	}
	likely, reason := likeness(typed, intel.FormsOf(name.Name))
	switch {
	case likely < weakScore:
		return 0
	case reason.Kind == Typo:
		return scoreNearly + rounded(withinClass*likely)
	}
	return scoreReads + rounded(withinClass*likely)
}
