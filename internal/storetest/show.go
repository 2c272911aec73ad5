package storetest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"dragnet/internal/intel"
)

// show writes a value for people: like a literal of Go, without what is zero.
func show(v any) string {
	var b strings.Builder
	showValue(&b, reflect.ValueOf(v))
	return b.String()
}

func showValue(b *strings.Builder, v reflect.Value) {
	if !v.IsValid() {
		b.WriteString("nothing")
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if v.Kind() == reflect.Interface {
			fmt.Fprint(b, v.Elem().Type().Name())
		}
		showValue(b, v.Elem())
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case intel.PartialDate:
			b.WriteString(x.String())
		case time.Time:
			b.WriteString(x.UTC().Format(time.RFC3339Nano))
		default:
			showFields(b, v)
		}
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			showValue(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.Map:
		b.WriteByte('{')
		for _, k := range v.MapKeys() {
			fmt.Fprintf(b, "%v:", k)
			showValue(b, v.MapIndex(k))
			b.WriteByte(' ')
		}
		b.WriteByte('}')
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprint(b, v)
	}
}

func showFields(b *strings.Builder, v reflect.Value) {
	b.WriteByte('{')
	space := ""
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() {
			b.WriteString(space + v.Type().Field(i).Name + ":")
			showValue(b, f)
			space = " "
		}
	}
	b.WriteByte('}')
}

// differences is a reporter for cmp that lists what differs by its path.
type differences struct {
	path  cmp.Path
	lines []string
	more  int
}

// At most so many differences are shown, each at most so long.
const (
	mostLines  = 15
	longestBit = 400
)

func (d *differences) PushStep(s cmp.PathStep) { d.path = append(d.path, s) }
func (d *differences) PopStep()                { d.path = d.path[:len(d.path)-1] }

func (d *differences) Report(r cmp.Result) {
	if r.Equal() {
		return
	}
	if len(d.lines) == mostLines {
		d.more++
		return
	}
	want, got := d.path.Last().Values()
	bit := func(v reflect.Value) string {
		var b strings.Builder
		showValue(&b, v)
		if b.Len() > longestBit {
			return strings.ToValidUTF8(b.String()[:longestBit], "") + "…"
		}
		return b.String()
	}
	d.lines = append(d.lines, fmt.Sprintf("%v\n\twant %s\n\tgot  %s", d.path, bit(want), bit(got)))
}

func (d *differences) String() string {
	out := strings.Join(d.lines, "\n")
	if d.more > 0 {
		out += fmt.Sprintf("\nand %d more differences", d.more)
	}
	return out
}
