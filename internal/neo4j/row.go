package neo4j

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dragnet/internal/intel"
)

// A row is everything of an entity, a link or a claim in one text: its fields
// in a fixed order with tabs between them; a tab or a backslash within a field
// stands behind a backslash. Trailing empty fields are left out.

var rowEscapes = strings.NewReplacer("\\", "\\\\", "\t", "\\t")

func packRow(fields ...string) string {
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	for i, f := range fields {
		if strings.ContainsAny(f, "\t\\") {
			fields[i] = rowEscapes.Replace(f)
		}
	}
	return strings.Join(fields, "\t")
}

// A rowReader takes fields off the front of a row.
type rowReader struct {
	rest string
	err  error
}

func (r *rowReader) text() string {
	field, rest, _ := strings.Cut(r.rest, "\t")
	r.rest = rest
	if strings.IndexByte(field, '\\') < 0 {
		return field
	}
	return unescape(field)
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			if c = s[i]; c == 't' {
				c = '\t'
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

func (r *rowReader) bool() bool { return r.text() != "" }

func (r *rowReader) int() int64 {
	f := r.text()
	if f == "" {
		return 0
	}
	n, err := strconv.ParseInt(f, 10, 64)
	r.fail(err)
	return n
}

func (r *rowReader) date() intel.PartialDate {
	f := r.text()
	if f == "" {
		return intel.PartialDate{}
	}
	d, err := intel.ParseDate(f)
	r.fail(err)
	return d
}

func (r *rowReader) time() time.Time {
	f := r.text()
	if f == "" {
		return time.Time{}
	}
	n, err := strconv.ParseInt(f, 10, 64)
	r.fail(err)
	return time.UnixMicro(n).UTC()
}

func (r *rowReader) json(into any) bool {
	f := r.text()
	if f == "" {
		return false
	}
	r.fail(json.Unmarshal([]byte(f), into))
	return true
}

func (r *rowReader) fail(err error) {
	if err != nil && r.err == nil {
		r.err = err
	}
}

func mark(b bool) string {
	if b {
		return "1"
	}
	return ""
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return decimal(t.UnixMicro())
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("neo4j store: a row that cannot be JSON: " + err.Error())
	}
	return string(b)
}

func recordRow(r *intel.Record) string {
	kind, sort := r.NameKind, r.SortKey
	if kind == intel.Proper {
		kind = ""
	}
	if sort == r.NameKey {
		sort = ""
	}
	return packRow(r.ID, r.Name, decimal(r.Revision), mark(r.Stub), kind, r.NameKey, sort)
}

// readRecord reads a row and, when there are any, the facts beside it.
func readRecord(row, facts string) (*intel.Record, error) {
	in := rowReader{rest: row}
	r := &intel.Record{ID: in.text(), Name: in.text(), Revision: in.int(), Stub: in.bool(), NameKind: in.text(), NameKey: in.text(), SortKey: in.text()}
	r.Kind = intel.KindOf(r.ID)
	if r.NameKind == "" {
		r.NameKind = intel.Proper
	}
	if r.SortKey == "" {
		r.SortKey = r.NameKey
	}
	if facts != "" {
		var err error
		r.Facts, err = intel.DecodeFacts([]byte(facts))
		in.fail(err)
	}
	return r, corrupt("entity", r.ID, in.err)
}

func linkRow(l *intel.Link) string {
	amount := ""
	if l.Amount != nil {
		b, err := intel.EncodeShown(*l.Amount)
		if err != nil {
			panic("neo4j store: an amount that cannot be JSON: " + err.Error())
		}
		amount = string(b)
	}
	return packRow(l.ID, decimal(int64(l.Support)), decimal(int64(l.Origins)), mark(l.Disputed), l.ValidFrom.String(), l.ValidTo.String(), packDays(l.Validity), l.Role, l.On.String(), amount)
}

func readLink(row string) (*intel.Link, error) {
	in := rowReader{rest: row}
	l := &intel.Link{ID: in.text(), Support: intel.PPM(in.int()), Origins: int(in.int()), Disputed: in.bool(), ValidFrom: in.date(), ValidTo: in.date()}
	var rest string
	l.From, rest, _ = strings.Cut(l.ID, "|")
	t, to, _ := strings.Cut(rest, "|")
	l.Type, l.To = intel.LinkType(t), to
	l.Validity = in.days()
	l.Role, l.On = in.text(), in.date()
	if f := in.text(); f != "" {
		amount, err := intel.DecodeShown([]byte(f))
		in.fail(err)
		l.Amount = &amount
	}
	return l, corrupt("link", l.ID, in.err)
}

// packDays writes the days of a link as from,to,from,to…; nothing stands for
// the one interval that is always, and - for none.
func packDays(set []intel.Interval) string {
	if always(set) {
		return ""
	}
	parts := []string{}
	for _, iv := range set {
		parts = append(parts, decimal(iv.From), decimal(iv.To))
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ",")
}

func always(set []intel.Interval) bool { return len(set) == 1 && set[0].Always() }

func (r *rowReader) days() []intel.Interval {
	switch f := r.text(); f {
	case "":
		return []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}
	case "-":
		return nil
	default:
		parts := strings.Split(f, ",")
		out := make([]intel.Interval, len(parts)/2)
		for i := range out {
			from, err := strconv.ParseInt(parts[2*i], 10, 64)
			r.fail(err)
			to, err := strconv.ParseInt(parts[2*i+1], 10, 64)
			r.fail(err)
			out[i] = intel.Interval{From: from, To: to}
		}
		return out
	}
}

func claimRow(c *intel.Claim) string {
	value, amount := "", ""
	if !c.IsLink() {
		value = string(intel.EncodeValue(c.Value))
		if c.Value.Type == intel.TypeText || c.Value.Type == intel.TypeEnum {
			value = c.Value.Text
		}
	}
	if c.Amount != nil {
		amount = toJSON(c.Amount)
	}
	return packRow(c.ID, c.Subject, c.Source, string(c.Stance), decimal(int64(c.Confidence)), decimal(c.Added.Revision), micros(c.Added.At), c.Added.By,
		string(c.Property), string(c.Value.Type), value, string(c.LinkType), c.Object, c.SaidBy, c.Locator, c.Quote,
		c.ValidFrom.String(), c.ValidTo.String(), c.Role, c.On.String(), amount)
}

// readClaim reads a row and the events beside it.
func readClaim(row string, events []any) (*intel.Claim, error) {
	in := rowReader{rest: row}
	c := &intel.Claim{ID: in.text(), Subject: in.text(), Source: in.text(), Stance: intel.Stance(in.text()), Confidence: int(in.int())}
	c.Added = intel.Stamp{Revision: in.int(), At: in.time(), By: in.text()}
	c.Property = intel.Property(in.text())
	c.Value = in.value()
	c.LinkType, c.Object = intel.LinkType(in.text()), in.text()
	c.SaidBy, c.Locator, c.Quote = in.text(), in.text(), in.text()
	c.ValidFrom, c.ValidTo = in.date(), in.date()
	c.Role, c.On = in.text(), in.date()
	var amount intel.Quantity
	if in.json(&amount) {
		c.Amount = &amount
	}
	for _, e := range events {
		var event intel.Event
		in.fail(json.Unmarshal([]byte(e.(string)), &event))
		c.Events = append(c.Events, event)
	}
	return c, corrupt("claim", c.ID, in.err)
}

func (r *rowReader) value() intel.Value {
	t, f := intel.ValueType(r.text()), r.text()
	switch {
	case t == "":
		return intel.Value{}
	case t == intel.TypeText || t == intel.TypeEnum:
		return intel.Value{Type: t, Text: f}
	}
	v, err := intel.DecodeValue(t, []byte(f))
	r.fail(err)
	return v
}

func readSource(row string) (*intel.Source, error) {
	s := &intel.Source{}
	err := json.Unmarshal([]byte(row), s)
	return s, corrupt("source", s.ID, err)
}

func corrupt(what, id string, err error) error {
	if err != nil {
		return fmt.Errorf("neo4j store: the %s %s is damaged in the database: %w", what, id, err)
	}
	return nil
}
