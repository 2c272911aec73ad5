package graph

import (
	"time"

	"dragnet/internal/intel"
)

// object is an input, or all arguments of a field, that was read by the schema.
// Keys that were not given and keys that are null are alike.
type object struct {
	m  map[string]any
	at *place
	r  *reader
}

func (o object) has(key string) bool { return o.m[key] != nil }

func (o object) place(key string) *place {
	if o.at == nil {
		return (*place)(nil).field(key)
	}
	return o.at.field(key)
}

func (o object) fail(key, format string, args ...any) { o.r.fail(o.place(key), format, args...) }

// get gives the value of a key, or its zero value.
func get[T any](o object, key string) (v T) {
	v, _ = o.m[key].(T)
	return v
}

func (o object) text(key string) string { return get[string](o, key) }

func (o object) date(key string) intel.PartialDate { return get[intel.PartialDate](o, key) }

func (o object) time(key string) time.Time { return get[time.Time](o, key) }

// number gives an Int, or nil.
func (o object) number(key string) *int { return pointer[int](o, key) }

func pointer[T any](o object, key string) *T {
	if v, ok := o.m[key].(T); ok {
		return &v
	}
	return nil
}

// object gives an input below.
func (o object) object(key string) (object, bool) {
	m, ok := o.m[key].(map[string]any)
	return object{m: m, at: o.place(key), r: o.r}, ok
}

// objects gives a list of inputs below.
func (o object) objects(key string) []object {
	var out []object
	for i, v := range get[[]any](o, key) {
		m, _ := v.(map[string]any)
		out = append(out, object{m: m, at: o.place(key).item(i), r: o.r})
	}
	return out
}

// list gives a list of values; nil when it was not given, else not nil.
func list[T ~string](o object, key string) []T {
	in, given := o.m[key].([]any)
	if !given {
		return nil
	}
	out := make([]T, 0, len(in))
	for _, v := range in {
		s, _ := v.(string)
		out = append(out, T(s))
	}
	return out
}

// several is list with a bound on its length, for filters and the like.
func several[T ~string](o object, key string) []T {
	out := list[T](o, key)
	if most := o.r.limits.FilterValues; len(out) > most {
		o.r.failed(o.place(key), tooMuch("holds %d values; at most %d are taken", len(out), most))
		return nil
	}
	return out
}

// ids gives a list of ids, each checked and in the form in which it is kept.
func (o object) ids(key string, parse func(string) (string, error)) []string {
	out := several[string](o, key)
	for i := range out {
		id, err := parse(out[i])
		if err != nil {
			o.r.failed(o.place(key).item(i), err)
			continue
		}
		out[i] = id
	}
	return out
}

// id gives one id, likewise.
func (o object) id(key string, parse func(string) (string, error)) string {
	id, err := parse(o.text(key))
	if err != nil {
		o.r.failed(o.place(key), err)
	}
	return id
}
