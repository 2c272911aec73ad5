package intel

import (
	"fmt"
	"strings"
)

// reason says in one sentence which rule chose the value, whose word it is and
// who disagrees most.
func reason(info *PropertyInfo, chosen, all []*valueGroup) string {
	var b strings.Builder
	b.WriteString(ruleWords(info, len(all), len(chosen)))
	fmt.Fprintf(&b, ", support %d from %s", chosen[0].support.Percent(), sourcesOf(chosen[0].taken))
	if len(chosen) > 1 {
		b.WriteString(" for the first")
	}
	// A dissent is told however weak it is; contested says whether it counts.
	d, denied := strongestDissent(info, chosen, all), mostDenied(chosen)
	switch {
	case denied.d > 0 && (d == nil || denied.d >= d.support):
		fmt.Fprintf(&b, "; denied with weight %d by %s", denied.d.Percent(), sourcesOf(denied.denying))
	case d != nil:
		fmt.Fprintf(&b, "; strongest dissent: %s, support %d from %s", d.value.Written(), d.support.Percent(), sourcesOf(d.taken))
	default:
		b.WriteString("; nobody disagrees")
	}
	b.WriteByte('.')
	return b.String()
}

func ruleWords(info *PropertyInfo, values, shown int) string {
	if values == 1 {
		return "The only value stated"
	}
	switch info.Rule {
	case Set:
		if shown == 1 {
			return "The one value not outweighed"
		}
		return fmt.Sprintf("All %d values not outweighed", shown)
	case Latest:
		return fmt.Sprintf("The latest of %d values with at least half of the best support", values)
	case EarliestDate:
		return fmt.Sprintf("The earliest of %d dates with at least half of the best support", values)
	case LatestDate:
		return fmt.Sprintf("The last of %d dates with at least half of the best support", values)
	}
	return fmt.Sprintf("The best supported of %d values", values)
}

func strongestDissent(info *PropertyInfo, chosen, all []*valueGroup) *valueGroup {
	if info.Undisputed || info.Rule == Set {
		return nil
	}
	var worst *valueGroup
	for _, g := range all {
		if differs(info, chosen[0], g) && (worst == nil || better(g, worst) < 0) {
			worst = g
		}
	}
	return worst
}

func mostDenied(gs []*valueGroup) *valueGroup {
	worst := gs[0]
	for _, g := range gs {
		if g.d > worst.d {
			worst = g
		}
	}
	return worst
}

// sourcesOf names up to three sources with their grades.
func sourcesOf(es []Evidence) string {
	var parts []string
	seen := map[string]bool{}
	more := 0
	for _, e := range es {
		if seen[e.Source] {
			continue
		}
		seen[e.Source] = true
		if len(parts) == 3 {
			more++
			continue
		}
		parts = append(parts, fmt.Sprintf("“%s” (%s)", clip(e.Title, 80), e.Reliability))
	}
	s := strings.Join(parts, ", ")
	if more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}
