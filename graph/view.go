package graph

import "dragnet/internal/intel"

// readView reads the view of a root field.
func (p *planner) readView(o object) intel.View {
	var v intel.View
	v.ValidAt = o.date("validAt")
	v.KnownAt = o.time("knownAt")
	if o.has("atRevision") {
		v.AtRevision = p.counter(o, "atRevision")
	}
	v.MinConfidence = percent(o, "minConfidence")
	v.MinSupport = percent(o, "minSupport")
	v.MinReliability = intel.Reliability(o.text("minReliability"))
	v.MaxMarking = intel.Marking(o.text("maxMarking"))
	v.Sources = o.ids("sources", intel.ParseSourceID)
	return v
}

func percent(o object, key string) int {
	n := get[int](o, key)
	if n < 0 || n > 100 {
		o.fail(key, "must be 0 to 100, not %d", n)
	}
	return n
}

// counter gives the counter of a revision of this graph.
func (p *planner) counter(o object, key string) *int64 {
	rev := get[intel.Revision](o, key)
	if rev.Epoch != p.res.Epoch {
		o.fail(key, "%s is a revision of another graph: this one counts %s.0 and on", quoted(rev.String()), p.res.Epoch)
	}
	return &rev.Counter
}
