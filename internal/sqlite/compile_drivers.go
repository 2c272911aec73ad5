package sqlite

import "dragnet/internal/intel"

// drivers lists statements that each give the numbers of all entities for
// which a filter can hold, and perhaps of some others.
func (w *walk) drivers(f intel.Filter, kind int64) (out []*query) {
	switch f := f.(type) {
	case intel.All:
		for _, p := range f {
			out = append(out, w.drivers(p, kind)...)
		}
	case intel.Any:
		return w.unionDriver(f, kind)
	case intel.IDIn:
		q := w.query().write("SELECT x.no FROM entity x WHERE x.id").is(texts(f))
		return []*query{q}
	case intel.TextIs:
		if f.Op == intel.Contains || len(f.Values) == 0 {
			return nil
		}
		return []*query{w.textDriver(f)}
	case intel.RangeIs:
		return w.rangeDriver(f, kind)
	case intel.Related:
		return w.relatedDrivers(f)
	case intel.Within:
		return []*query{w.query().area(f)}
	}
	return out
}

// relatedDrivers walks back from the neighbours that a driver gives.
func (w *walk) relatedDrivers(f intel.Related) (out []*query) {
	where := intel.All{f.Where}
	if f.Where == nil {
		where = nil
	}
	if f.Link.IDs != nil {
		where = append(where, intel.IDIn(f.Link.IDs))
	}
	for _, from := range w.drivers(where, noWord) {
		q := w.query()
		for i, end := range f.Ends {
			if i > 0 {
				q.write(" UNION ALL ")
			}
			q.write("SELECT d.there FROM edge d WHERE d.here IN (SELECT * FROM (").embed(from)
			q.write("))").over(end, true)
		}
		if len(f.Ends) > 0 {
			out = append(out, q)
		}
	}
	return out
}

// unionDriver joins drivers of all parts, when each has one.
func (w *walk) unionDriver(f intel.Any, kind int64) []*query {
	q := w.query()
	for i, p := range f {
		ds := w.drivers(p, kind)
		if len(ds) == 0 {
			return nil
		}
		if i > 0 {
			q.write(" UNION ALL ")
		}
		q.write("SELECT * FROM (").embed(ds[0])
		q.write(")")
	}
	if len(f) == 0 {
		return nil
	}
	return []*query{q}
}

func (w *walk) textDriver(f intel.TextIs) *query {
	q := w.query()
	keys := f.Values
	if f.Op == intel.Equal {
		keys = nil
		for _, v := range f.Values {
			keys = append(keys, intel.NameKey(v))
		}
	}
	switch f.Field {
	case intel.FieldName, intel.FieldNameKey:
		q.write("SELECT x.no FROM entity x INDEXED BY entity_by_key WHERE ").byKey("x.name_key", f.Op, keys)
	case intel.FieldAlias:
		q.write("SELECT d.there FROM entity x INDEXED BY entity_by_key CROSS JOIN edge d ON d.here = x.no AND d.dir = 1 AND d.type = ")
		q.param(num(q.number(typeWord, string(intel.KnownAs)))).write(" WHERE ").byKey("x.name_key", f.Op, keys)
	default:
		p := num(q.number(propertyWord, string(f.Field)))
		if f.Op == intel.HasPrefix {
			q.write("SELECT p.entity FROM prop p INDEXED BY prop_by_key WHERE p.property = ").param(p).write(" AND ").byKey("p.key", f.Op, keys)
			break
		}
		values := f.Values
		if f.Field == intel.FieldExternalID {
			values = withoutSchemes(values)
		}
		q.write("SELECT p.entity FROM prop p INDEXED BY prop_by_text WHERE p.property = ").param(p).write(" AND p.text").is(texts(values))
	}
	return q
}

// byKey writes a comparison of a NameKey that an index answers.
func (q *query) byKey(key string, op intel.TextOp, keys []string) {
	if op == intel.Equal {
		q.write(key).is(texts(keys))
		return
	}
	q.compare("", key, op, keys)
}

// withoutSchemes adds what may follow the scheme in each value.
func withoutSchemes(values []string) []string {
	out := append([]string(nil), values...)
	for _, v := range values {
		for i := range len(v) {
			if v[i] == ':' {
				out = append(out, v[i+1:])
			}
		}
	}
	return out
}

// rangeDriver bounds the beginnings of values that can reach the interval by
// the widest value there is.
func (w *walk) rangeDriver(f intel.RangeIs, kind int64) []*query {
	info := f.Property.Info()
	if info == nil || !info.Sortable || info.Many || kind == noWord {
		return nil
	}
	q := w.query()
	p := num(q.number(propertyWord, string(f.Property)))
	q.write("SELECT o.entity FROM sortable o WHERE o.kind = ").param(num(kind)).write(" AND o.property = ").param(p)
	if f.Lo != nil {
		q.write(" AND o.lo >= ").param(num(*f.Lo)).write(" - (SELECT x.width FROM extent x WHERE x.kind = ").param(num(kind))
		q.write(" AND x.property = ").param(p).write(")")
	}
	q.span("o.hi", "o.lo", f.Lo, f.Hi)
	return []*query{q}
}
