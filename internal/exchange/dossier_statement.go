package exchange

import (
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// The words of a statement, beside properties and link types. Those of links
// hold for the links of the statement only.
const (
	termAt         = "at"
	termConfidence = "confidence"
	termSaidBy     = "saidBy"
	termSource     = "source"
	termQuote      = "quote"
	termStance     = "stance"
	termValidFrom  = "validFrom"
	termValidTo    = "validTo"
	termRole       = "role"
	termOn         = "on"
	termAmount     = "amount"
)

var (
	statementWords = []string{termAt, termConfidence, termSaidBy, termSource, termQuote, termStance, termValidFrom, termValidTo, termRole, termOn, termAmount}
	linkWords      = []string{termRole, termOn, termAmount}
)

// fromOther ends the key of a link that is seen from its other end.
const fromOther = " from"

// terms are what holds for every claim of a statement.
type terms struct {
	draft  intel.Draft // Stance, Confidence, Locator, Quote, ValidFrom and ValidTo
	saidBy *reference
	source string // "": the main one
	role   string
	on     intel.PartialDate
	amount *intel.Quantity
}

func (d *dossierReader) readDefaults(n *node) {
	if n == nil {
		return
	}
	if n.form != mappingValue {
		d.addf(n.Position, "`defaults` is a mapping, such as {confidence: 80}, not %s", n.what())
		return
	}
	for _, p := range d.fields(n, func(key string) *Mistake { return knownWord(key, "a word of a statement", statementWords) }) {
		d.term(&d.defaults, p)
	}
}

// statements reads the subjects, each on its own where the layout lets it.
func (d *dossierReader) statements(s *section) {
	if s.inline == nil && !s.first.dash {
		for _, lines := range d.entries(s.lines, s.first) {
			if d.full() {
				return
			}
			d.subjectLines(lines)
		}
		return
	}
	if n := d.value(s); n != nil {
		d.subjects(n)
	}
}

// subjectLines reads the lines of one subject: its statements one by one when
// they are a block list, else as a whole.
func (d *dossierReader) subjectLines(lines []line) {
	head, below, first := body(lines)
	if below == nil || !first.dash {
		if n := d.parse(join(lines)); n != nil {
			d.subjects(n)
		}
		return
	}
	n := d.parse(join(head))
	if n == nil {
		return
	}
	if n.form != mappingValue || len(n.pairs) != 1 {
		d.subjects(n)
		return
	}
	subject := d.subject(n.pairs[0].key)
	if subject == nil {
		return
	}
	d.items(below, first, func(item *node) { d.statement(subject, item) })
}

func (d *dossierReader) subjects(n *node) {
	if n.form != mappingValue {
		d.add(n.Position, &Mistake{Found: "this is not a subject with its statements", Expected: "a line such as group:opera1er: and its statements below it"})
		return
	}
	for _, p := range n.pairs {
		subject := d.subject(p.key)
		if subject == nil {
			continue
		}
		switch p.value.form {
		case listValue:
			for _, item := range p.value.items {
				d.statement(subject, item)
			}
		default:
			d.statement(subject, p.value)
		}
	}
}

// subject reads a subject's key and notes one that stands twice.
func (d *dossierReader) subject(key *node) *reference {
	if first, again := d.subjectsSeen[key.text]; again {
		d.addf(key.Position, "%s stands twice, first in line %d: put its statements together", show(key.text), first.Line)
		return nil
	}
	d.subjectsSeen[key.text] = key.Position
	return d.reference("subject", key, parseReference)
}

// statement reads one mapping: its claims, and the terms that hold for all of
// them.
func (d *dossierReader) statement(subject *reference, n *node) {
	if d.full() {
		return
	}
	if n.form != mappingValue {
		d.addf(n.Position, "a statement is a mapping, such as {name: OPERA1ER, at: para 5}, not %s", n.what())
		return
	}
	before := len(d.list)
	t := d.defaults
	var claims []pair
	links := 0
	var linkOnly *node
	for _, p := range d.fields(n, func(key string) *Mistake { return statementKey(subject.kind, key) }) {
		key := p.key.text
		if !slices.Contains(statementWords, key) {
			claims = append(claims, p)
			if intel.Property(key).Info() == nil {
				links++
			}
			continue
		}
		if slices.Contains(linkWords, key) && linkOnly == nil {
			linkOnly = p.key
		}
		d.term(&t, p)
	}
	if iv := intel.Validity(t.draft.ValidFrom, t.draft.ValidTo); iv.From > iv.To {
		d.addf(n.Position, "`validTo` %s lies before `validFrom` %s", t.draft.ValidTo, t.draft.ValidFrom)
	}
	sound := len(d.list) == before
	if sound && len(claims) == 0 {
		d.add(n.Position, &Mistake{Found: "this statement states nothing", Expected: "a property or a link, such as name or KNOWN_AS"})
		return
	}
	if sound && linkOnly != nil && links == 0 {
		d.addf(linkOnly.Position, "`%s` belongs to a link, and this statement has none", linkOnly.text)
	}
	for _, p := range claims {
		d.claim(subject, &t, p)
	}
}

// statementKey says what is wrong with a key of a statement about a subject of
// the kind.
func statementKey(kind intel.Kind, key string) *Mistake {
	if slices.Contains(statementWords, key) {
		return nil
	}
	if info := intel.Property(key).Info(); info != nil {
		if info.Of(kind) {
			return nil
		}
		return &Mistake{Found: "`" + key + "` is a property of " + listed(texts(info.Kinds)) + ", not of " + string(kind), Nearest: nearest(key, ownProperties(kind))}
	}
	name, other := strings.CutSuffix(key, fromOther)
	link := intel.LinkType(name)
	if !link.Valid() {
		if first, rest, ok := strings.Cut(key, " "); ok && intel.LinkType(first).Valid() {
			return &Mistake{Found: show(rest) + " cannot follow a link type", Nearest: first + fromOther}
		}
		return unknown(key, "a property or link type", candidates(kind)...)
	}
	if reach(link, kind, other) == nil {
		return wrongEnd(link, kind, other)
	}
	return nil
}

// ownProperties are those of the kind that not every kind has.
func ownProperties(kind intel.Kind) []string {
	var out []string
	for _, p := range intel.PropertiesOf(kind) {
		if len(p.Kinds) > 0 {
			out = append(out, string(p.Property))
		}
	}
	return out
}

// candidates are the words that a statement about the kind may hold, then those
// that statements about others may.
func candidates(kind intel.Kind) []string {
	var out []string
	for _, p := range intel.PropertiesOf(kind) {
		out = append(out, string(p.Property))
	}
	for _, other := range []bool{false, true} {
		for _, l := range intel.LinkTypes() {
			if reach(l.Type, kind, other) != nil {
				out = append(out, linkKey(l.Type, other))
			}
		}
	}
	out = append(out, statementWords...)
	for _, p := range intel.Properties() {
		out = append(out, string(p.Property))
	}
	for _, l := range intel.LinkTypes() {
		out = append(out, string(l.Type))
	}
	return out
}

func linkKey(t intel.LinkType, other bool) string {
	if other {
		return string(t) + fromOther
	}
	return string(t)
}

// reach lists the kinds that a link type leads to from a kind or, seen from the
// other end, that lead to it.
func reach(t intel.LinkType, kind intel.Kind, other bool) []intel.Kind {
	var out []intel.Kind
	for _, e := range t.Info().Ends {
		near, far := e.From, e.To
		if other {
			near, far = far, near
		}
		if near == kind && !slices.Contains(out, far) {
			out = append(out, far)
		}
	}
	return out
}

// wrongEnd says that no link of a type begins, or seen from the other end ends,
// at a kind.
func wrongEnd(t intel.LinkType, kind intel.Kind, other bool) *Mistake {
	verb := "begins"
	if other {
		verb = "ends"
	}
	m := bad("no %s link %s at %s", t, verb, kind)
	if reach(t, kind, !other) != nil {
		m.Nearest = linkKey(t, !other)
		return m
	}
	var near []string
	for _, e := range t.Info().Ends {
		k := e.From
		if other {
			k = e.To
		}
		if !slices.Contains(near, string(k)) {
			near = append(near, string(k))
		}
	}
	m.Expected = listed(near)
	return m
}

// term reads one word that holds for all claims of a statement.
func (d *dossierReader) term(t *terms, p pair) {
	key, v := p.key.text, p.value
	switch key {
	case termAt:
		t.draft.Locator, _ = d.text(key, v, intel.Line, intel.MaxLocatorBytes)
	case termConfidence:
		t.draft.Confidence = d.confidence(key, v)
	case termSaidBy:
		t.saidBy = d.reference(key, v, parseReference)
	case termSource:
		t.source = d.statementSource(v)
	case termQuote:
		t.draft.Quote, _ = d.text(key, v, intel.Prose, intel.MaxQuoteBytes)
	case termStance:
		word, _ := d.word(key, "a stance", v, []string{string(intel.Asserts), string(intel.Denies)})
		t.draft.Stance = intel.Stance(word)
	case termValidFrom, termValidTo:
		date, _ := d.date(key, v)
		if key == termValidFrom {
			t.draft.ValidFrom = date
		} else {
			t.draft.ValidTo = date
		}
	case termRole:
		t.role, _ = d.text(key, v, intel.Line, intel.MaxCodeBytes)
	case termOn:
		t.on, _ = d.date(key, v)
	case termAmount:
		if q, ok := d.quantity(key, v); ok {
			t.amount = &q
		}
	}
}

// statementSource takes the source of a statement, which the file must describe.
func (d *dossierReader) statementSource(n *node) string {
	id, ok := d.sourceID(termSource, n)
	if !ok {
		return ""
	}
	if _, known := d.described[id]; !known && !d.badSources {
		var ids []string
		for _, s := range d.out.Sources {
			ids = append(ids, s.ID)
		}
		d.add(n.Position, unknown(id, "described in this dossier, under `source` or `sources`", ids...))
	}
	return id
}
