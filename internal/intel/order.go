package intel

import "cmp"

// PositionOfRecord gives the place of an entity in an ordered list. An empty
// order is OrderName.
func PositionOfRecord(r *Record, order []Order) Position {
	p := Position{ID: r.ID}
	for _, o := range orDefault(order) {
		p.Keys = append(p.Keys, orderValue(r, o.By))
	}
	return p
}

func orDefault(order []Order) []Order {
	if len(order) == 0 {
		return []Order{{By: OrderName}}
	}
	return order
}

func orderValue(r *Record, by OrderKey) SortValue {
	switch by {
	case OrderName:
		return SortValue{Text: r.SortKey}
	case OrderChanged:
		return SortValue{Int: r.Revision}
	}
	v := r.One(Property(by))
	if v == nil {
		return SortValue{Null: true}
	}
	return SortValue{Int: indexEntry(Settled{Property: Property(by)}, v.Value).Lo}
}

// PositionOfSource gives the place of a source in an ordered list. An empty
// order is ByTitle.
func PositionOfSource(s *Source, order []SourceOrder) Position {
	if len(order) == 0 {
		order = []SourceOrder{{By: ByTitle}}
	}
	p := Position{ID: s.ID}
	for _, o := range order {
		var v SortValue
		switch o.By {
		case ByPublished:
			v = SortValue{Null: s.PublishedOn.IsZero(), Int: s.PublishedOn.First()}
		case ByClaims:
			v = SortValue{Int: int64(s.Claims)}
		default:
			v = SortValue{Text: SortKey(s.Title)}
		}
		p.Keys = append(p.Keys, v)
	}
	return p
}

// ComparePositions orders two places of one list. desc says of each key
// whether it runs downwards; keys beyond it run upwards. Rows without a value
// come last in both directions; ids and link ids break ties upwards.
func ComparePositions(a, b Position, desc []bool) int {
	for i := range min(len(a.Keys), len(b.Keys)) {
		x, y := a.Keys[i], b.Keys[i]
		switch {
		case x.Null && y.Null:
			continue
		case x.Null:
			return 1
		case y.Null:
			return -1
		}
		c := cmp.Or(cmp.Compare(x.Int, y.Int), cmp.Compare(x.Text, y.Text))
		if c != 0 {
			if i < len(desc) && desc[i] {
				return -c
			}
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Link, b.Link))
}

// Descending picks the directions of an order for ComparePositions.
func Descending(order []Order) []bool {
	var out []bool
	for _, o := range orDefault(order) {
		out = append(out, o.Desc)
	}
	return out
}
