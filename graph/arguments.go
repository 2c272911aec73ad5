package graph

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"dragnet/internal/intel"
)

// reader reads arguments by the schema: it fills in defaults, brings values to
// their Go types (Int int, Long int64, Boolean bool, String and enums string,
// PartialDate, Decimal, DateTime and Revision their own, lists []any, inputs
// map[string]any without the keys that were not given) and collects every
// fault with its place.
type reader struct {
	schema *ast.Schema
	limits Limits
	row    int // of the batch being read, or -1
	values int // read of filters
	faults intel.FieldErrors
}

func newReader(s *ast.Schema, l Limits) *reader { return &reader{schema: s, limits: l, row: -1} }

// place is where a value stands in the arguments; it is written out only when
// there is something to say about it.
type place struct {
	up    *place
	key   string
	index int // of a list, when key is ""
}

func (p *place) field(key string) *place { return &place{up: p, key: key} }

func (p *place) item(i int) *place { return &place{up: p, index: i} }

func (p *place) String() string {
	var parts []string
	for ; p != nil; p = p.up {
		switch {
		case p.key == "":
			parts = append(parts, "["+strconv.Itoa(p.index)+"]")
		case p.up == nil:
			parts = append(parts, p.key)
		default:
			parts = append(parts, "."+p.key)
		}
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}

func (p *place) depth() int {
	n := 0
	for ; p != nil; p = p.up {
		n++
	}
	return n
}

// fail notes a fault at a place.
func (r *reader) fail(at *place, format string, args ...any) {
	r.failed(at, intel.Invalid("", format, args...))
}

// failed notes an error at a place; a field error keeps its kind, and its own
// field is below the place.
func (r *reader) failed(at *place, err error) {
	var fe *intel.FieldError
	if !errors.As(err, &fe) {
		fe = intel.Invalid("", "%s", err.Error())
	}
	fe = fe.At(at.String())
	fe.Row = r.row
	r.faults = append(r.faults, fe)
}

// arguments reads all arguments of a field.
func (r *reader) arguments(defs ast.ArgumentDefinitionList, raw map[string]any) object {
	out := object{m: map[string]any{}, r: r}
	for _, d := range defs {
		at := (*place)(nil).field(d.Name)
		v, given := raw[d.Name]
		r.keep(out.m, d.Name, d.Type, d.DefaultValue, v, given, at)
	}
	return out
}

// keep reads one argument or input field into m. Null for what may be left out
// is kept as nil.
func (r *reader) keep(m map[string]any, name string, t *ast.Type, def *ast.Value, v any, given bool, at *place) {
	if !given && def != nil {
		v, _ = def.Value(nil)
		given = true
	}
	if !given {
		if t.NonNull {
			r.fail(at, "is missing")
		}
		return
	}
	// Of what is at fault the good parts are kept, so that they can be checked.
	if x, ok := r.value(t, v, at); ok || x != nil {
		m[name] = x
	}
}

// value reads a value of a type; ok is false when there was a fault.
func (r *reader) value(t *ast.Type, v any, at *place) (x any, ok bool) {
	switch {
	case v == nil:
		if t.NonNull {
			r.fail(at, "must not be null")
			return nil, false
		}
		return nil, true
	case t.Elem != nil:
		return r.listOf(t.Elem, v, at)
	}
	def := r.schema.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return r.input(def, v, at)
	case ast.Enum:
		s, isText := v.(string)
		if !isText || def.EnumValues.ForName(s) == nil {
			r.fail(at, "%s is no %s; there are %s", quoted(fmt.Sprint(v)), def.Name, clip(words(def), 300))
			return nil, false
		}
		return s, true
	}
	x, err := readScalar(t.NamedType, v)
	if err != nil {
		r.failed(at, err)
		return nil, false
	}
	return x, true
}

func words(def *ast.Definition) string {
	var out []string
	for _, v := range def.EnumValues {
		out = append(out, v.Name)
	}
	return strings.Join(out, ", ")
}

// listOf reads a list; one value alone is a list of one.
func (r *reader) listOf(t *ast.Type, v any, at *place) (any, bool) {
	items, isList := v.([]any)
	if !isList {
		items = []any{v}
	}
	out, ok := make([]any, 0, len(items)), true
	for i, item := range items {
		x, fine := r.value(t, item, at.item(i))
		ok = ok && fine
		out = append(out, x)
	}
	return out, ok
}

func (r *reader) input(def *ast.Definition, v any, at *place) (any, bool) {
	raw, isMap := v.(map[string]any)
	if !isMap {
		r.fail(at, "is no %s", def.Name)
		return nil, false
	}
	before := len(r.faults)
	if strings.HasSuffix(def.Name, "Filter") && !r.room(at, conditions(def, raw)) {
		return nil, false
	}
	for key := range raw {
		if def.Fields.ForName(key) == nil {
			r.fail(at.field(key), "is no key of %s", def.Name)
		}
	}
	m := make(map[string]any, len(raw))
	for _, f := range def.Fields {
		x, given := raw[f.Name]
		r.keep(m, f.Name, f.Type, f.DefaultValue, x, given, at.field(f.Name))
	}
	if def.Directives.ForName("oneOf") != nil {
		r.one(def, raw, at)
	}
	return m, len(r.faults) == before
}

// one sees to it that an input has exactly one key. Validation does so for
// literals only.
func (r *reader) one(def *ast.Definition, raw map[string]any, at *place) {
	var keys []string
	for _, f := range def.Fields {
		if raw[f.Name] != nil {
			keys = append(keys, f.Name)
		}
	}
	if len(keys) == 1 {
		return
	}
	var all []string
	for _, f := range def.Fields {
		all = append(all, f.Name)
	}
	have := "none is given"
	if len(keys) > 1 {
		have = strings.Join(keys, " and ") + " are given"
	}
	r.fail(at, "takes exactly one of %s; %s", strings.Join(all, ", "), have)
}

// conditions counts the keys of a filter that are no filters themselves.
func conditions(def *ast.Definition, raw map[string]any) int {
	n := 0
	for key := range raw {
		if f := def.Fields.ForName(key); f == nil || !strings.HasSuffix(f.Type.Name(), "Filter") {
			n++
		}
	}
	return n
}

// room sees to it that filters stay within their limits.
func (r *reader) room(at *place, values int) bool {
	before := r.values
	r.values += values
	switch {
	case at.depth() > r.limits.FilterDepth:
		r.failed(at, tooMuch("a filter is nested too deep: at most %d levels are taken", r.limits.FilterDepth))
	case r.values > r.limits.FilterConditions:
		if before <= r.limits.FilterConditions {
			r.failed(at, tooMuch("the filters of one field hold more than %d conditions", r.limits.FilterConditions))
		}
	default:
		return true
	}
	return false
}

func tooMuch(format string, args ...any) *intel.FieldError {
	e := intel.Invalid("", format, args...)
	e.Kind = intel.ErrLimit
	return e
}
