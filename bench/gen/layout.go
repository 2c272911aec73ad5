package gen

import "dragnet/internal/intel"

// head is the fixed part at the beginning of every graph, in this order.
var head = []struct {
	kind intel.Kind
	n    int
}{
	{intel.KindRegion, 30},
	{intel.KindCountry, len(countries)},
	{intel.KindSector, 40},
	{intel.KindOffence, 60},
	{intel.KindGood, 50},
	{intel.KindTechnique, 120},
	{intel.KindAgency, 20},
	{intel.KindGroup, 20},
}

// mixed is how many of every hundred entities after the head are of a kind.
var mixed = []struct {
	kind intel.Kind
	n    int
}{
	{intel.KindPerson, 31}, {intel.KindAlias, 12}, {intel.KindGroup, 9}, {intel.KindInfrastructure, 9}, {intel.KindFirm, 8}, {intel.KindTool, 7},
	{intel.KindOperation, 7}, {intel.KindReport, 7}, {intel.KindAgency, 5}, {intel.KindCampaign, 4}, {intel.KindTechnique, 1},
}

// round is how many entities repeat one pattern of kinds.
const round = 100

// layout says which kinds the numbered entities have: the head, then rounds of
// one mixed pattern.
type layout struct {
	head    []intel.Kind
	pattern [round]intel.Kind
	// earlier counts, for each place of the head and of the pattern, the
	// entities of a kind before it.
	inHead    map[intel.Kind][]int
	inPattern map[intel.Kind]*[round + 1]int
}

func newLayout() layout {
	l := layout{inHead: map[intel.Kind][]int{}, inPattern: map[intel.Kind]*[round + 1]int{}}
	for _, h := range head {
		for range h.n {
			l.head = append(l.head, h.kind)
		}
	}
	at := 0
	for _, m := range mixed {
		for range m.n {
			// 37 and 100 have no common divisor: every place is taken once.
			l.pattern[at*37%round] = m.kind
			at++
		}
	}
	for _, k := range intel.Kinds() {
		heads, places := make([]int, len(l.head)+1), &[round + 1]int{}
		for i, have := range l.head {
			heads[i+1] = heads[i] + one(have == k)
		}
		for i, have := range l.pattern {
			places[i+1] = places[i] + one(have == k)
		}
		l.inHead[k], l.inPattern[k] = heads, places
	}
	return l
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// at gives the kind of the i-th entity and its number among those of its kind.
func (l *layout) at(i int) (intel.Kind, int) {
	k := l.pattern[max(0, i-len(l.head))%round]
	if i < len(l.head) {
		k = l.head[i]
	}
	return k, l.before(k, i)
}

// before counts the entities of a kind among the first i.
func (l *layout) before(k intel.Kind, i int) int {
	heads, places := l.inHead[k], l.inPattern[k]
	if i <= len(l.head) {
		return heads[i]
	}
	rest := i - len(l.head)
	return heads[len(l.head)] + rest/round*places[round] + places[rest%round]
}
