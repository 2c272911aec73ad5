package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// degree is how many links of one sort an entity has.
type degree struct{ kind, dir, there, n int64 }

func (r *reader) degrees(no int64) (out []degree, err error) {
	err = r.c.each("SELECT type, dir, kind, n FROM degree WHERE entity = ? AND n > 0", func(st *stmt) error {
		out = append(out, degree{st.ColumnInt64(0), st.ColumnInt64(1), st.ColumnInt64(2), st.ColumnInt64(3)})
		return nil
	}, num(no))
	return out, err
}

// linkCounts counts an entity's links by type, direction and kind of neighbour.
func (r *reader) linkCounts(no int64) ([]intel.LinkCount, error) {
	degrees, err := r.degrees(no)
	if err != nil {
		return nil, err
	}
	var out []intel.LinkCount
	for _, d := range degrees {
		word, err := r.word(typeWord, d.kind)
		if err != nil {
			return nil, err
		}
		there, err := r.kind(d.there)
		if err != nil {
			return nil, err
		}
		c := intel.LinkCount{Type: intel.LinkType(word), Direction: intel.Out, Kind: there, Count: int(d.n)}
		switch info := c.Type.Info(); {
		case info != nil && info.Symmetric:
			c.Direction = intel.Both
		case d.dir == 1:
			c.Direction = intel.In
		}
		same := func(o intel.LinkCount) bool {
			return o.Type == c.Type && o.Direction == c.Direction && o.Kind == c.Kind
		}
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Count += c.Count
			continue
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b intel.LinkCount) int {
		return cmp.Or(cmp.Compare(rank.types[a.Type], rank.types[b.Type]), cmp.Compare(rank.directions[a.Direction], rank.directions[b.Direction]),
			cmp.Compare(rank.kinds[a.Kind], rank.kinds[b.Kind]), strings.Compare(string(a.Type), string(b.Type)))
	})
	return out, nil
}

// rank is the ontology's order.
var rank = func() (r struct {
	types      map[intel.LinkType]int
	directions map[intel.Direction]int
	kinds      map[intel.Kind]int
}) {
	r.types, r.kinds = map[intel.LinkType]int{}, map[intel.Kind]int{}
	r.directions = map[intel.Direction]int{intel.Out: 0, intel.In: 1, intel.Both: 2}
	for i, t := range intel.LinkTypes() {
		r.types[t.Type] = i
	}
	for i, k := range intel.Kinds() {
		r.kinds[k] = i
	}
	return r
}()
