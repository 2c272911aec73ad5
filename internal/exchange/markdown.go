package exchange

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// WriteMarkdown writes a dossier for people, in CommonMark with footnotes: what
// an entity is called, its facts and its links, each with the sources that say
// so and those that say otherwise. links are those of the entity, of which there
// are total; facts below minSupport are left out.
func WriteMarkdown(w io.Writer, n *intel.Node, links []*intel.Edge, total int, sources map[string]*intel.Source, minSupport int) error {
	m := &markdown{out: bufio.NewWriter(w), sources: sources, notes: map[string]int{}}
	m.heading(n)
	shown := len(links)
	links = m.aliases(n, links)
	m.facts(intel.Settle(intel.Gather(n.Evidence, sources, intel.View{}), minSupport))
	m.links(n, links)
	if shown < total {
		m.linef("\nThe first %d of its %d links are shown.", shown, total)
	}
	m.footnotes()
	return m.out.Flush()
}

type markdown struct {
	out     *bufio.Writer
	sources map[string]*intel.Source
	notes   map[string]int // the numbers of sources, in the order of their first mention
	order   []string
}

// linef writes a line; an error of the writer shows when it is flushed.
func (m *markdown) linef(format string, args ...any) { fmt.Fprintf(m.out, format+"\n", args...) }

func (m *markdown) heading(n *intel.Node) {
	m.linef("# %s\n", escaped(n.Name))
	m.linef("%s · %s", n.Kind.Label(), code(n.ID))
	if n.NameKind == intel.Descriptive {
		m.linef("\nThis is a description: no name is known.")
	}
	if n.Stub {
		m.linef("\nOnly other things' claims mention it: nothing has named it yet.")
	}
}

// aliases says what else it is called, and gives the other links.
func (m *markdown) aliases(n *intel.Node, links []*intel.Edge) (others []*intel.Edge) {
	var names []string
	for _, e := range links {
		if e.Type != intel.KnownAs || e.From != n.ID {
			others = append(others, e)
			continue
		}
		name := escaped(e.Node.Name) + m.cite(intel.Asserts, e.Evidence)
		if against := m.cite(intel.Denies, e.Evidence); against != "" {
			name += ", denied by" + against
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		m.linef("\nAlso called: %s", strings.Join(names, "; "))
	}
	return others
}

func (m *markdown) facts(fs []intel.Fact) {
	if len(fs) == 0 {
		return
	}
	m.linef("\n## Facts\n")
	for i := range fs {
		f := &fs[i]
		name := wordsIn(string(f.Property))
		for _, v := range f.Values {
			m.linef("- **%s:** %s · support %d%s", name, writtenValue(v.Value), v.Support.Percent(), m.cite(intel.Asserts, claimsOf(f, v)))
			if against := m.cite(intel.Denies, claimsOf(f, v)); against != "" {
				m.linef("  - denied by%s", against)
			}
		}
		for _, a := range f.Alternatives {
			how := "differs"
			if a.Agrees {
				how = "agrees"
			}
			m.linef("  - %s: %s · support %d%s", how, writtenValue(a.Value), a.Support.Percent(), m.cite(intel.Asserts, a.Claims))
		}
	}
}

func writtenValue(v intel.Value) string {
	switch v.Type {
	case intel.TypeEnum:
		return plainWord(v.Text)
	case intel.TypeMoney:
		return escaped(v.Written()) + " (" + plainWord(string(v.Money.AssetClass)) + ")"
	}
	return escaped(v.Written())
}

// claimsOf are the claims about one of the values that a fact shows.
func claimsOf(f *intel.Fact, v intel.Shown) []*intel.Claim {
	if len(f.Values) == 1 {
		return f.Claims
	}
	written := v.Value.Written()
	return slices.DeleteFunc(slices.Clone(f.Claims), func(c *intel.Claim) bool { return c.Value.Written() != written })
}

func (m *markdown) links(n *intel.Node, links []*intel.Edge) {
	if len(links) == 0 {
		return
	}
	m.linef("\n## Links")
	for _, t := range intel.LinkTypes() {
		for _, out := range []bool{true, false} {
			m.linkGroup(n, t, out, slices.DeleteFunc(slices.Clone(links), func(e *intel.Edge) bool {
				return e.Type != t.Type || (e.From == n.ID) != out
			}))
		}
	}
}

func (m *markdown) linkGroup(n *intel.Node, t *intel.LinkTypeInfo, out bool, links []*intel.Edge) {
	if len(links) == 0 {
		return
	}
	reads, _, _ := strings.Cut(t.Description, ";")
	title := escaped(n.Name) + " " + reads + " …"
	if !out {
		title = "… " + reads + " " + escaped(n.Name)
	}
	m.linef("\n### %s: %s\n", escaped(string(t.Type)), title)
	for _, e := range links {
		m.linef("- [%s](./%s.md) · support %d%s%s", escaped(e.Node.Name), url.PathEscape(e.Node.ID), e.Support.Percent(), linkDetails(e.Link), m.cite(intel.Asserts, e.Evidence))
		if !e.Disputed {
			continue
		}
		if against := m.cite(intel.Denies, e.Evidence); against != "" {
			m.linef("  - denied by%s", against)
		} else {
			m.linef("  - disputed: another link of this type excludes it")
		}
	}
}

func linkDetails(l *intel.Link) string {
	var parts []string
	add := func(format, text string) {
		if text != "" {
			parts = append(parts, fmt.Sprintf(format, escaped(text)))
		}
	}
	add("%s", l.Role)
	add("on %s", l.On.Text())
	if l.Amount != nil {
		add("%s", l.Amount.Value.Written())
	}
	add("from %s", l.ValidFrom.Text())
	add("to %s", l.ValidTo.Text())
	if len(parts) == 0 {
		return ""
	}
	return " · " + strings.Join(parts, ", ")
}

// cite gives the footnotes of the claims of one stance, with the place in the
// source and whom it quotes.
func (m *markdown) cite(stance intel.Stance, claims []*intel.Claim) string {
	var b strings.Builder
	for _, c := range claims {
		if c.Stance != stance {
			continue
		}
		fmt.Fprintf(&b, " [^%d]", m.note(c.Source))
		var details []string
		if c.Locator != "" {
			details = append(details, escaped(c.Locator))
		}
		if c.SaidBy != "" {
			details = append(details, "said by "+code(c.SaidBy))
		}
		if len(details) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(details, ", "))
		}
	}
	return b.String()
}

// note gives a source its number.
func (m *markdown) note(source string) int {
	if m.notes[source] == 0 {
		m.order = append(m.order, source)
		m.notes[source] = len(m.order)
	}
	return m.notes[source]
}

func (m *markdown) footnotes() {
	if len(m.order) == 0 {
		return
	}
	m.linef("\n## Sources\n")
	for i, id := range m.order {
		s := m.sources[id]
		if s == nil {
			s = intel.StubSource(id)
		}
		text := []string{escaped(s.Title)}
		for _, part := range []string{s.Publisher, s.PublishedOn.Text()} {
			if part != "" {
				text = append(text, escaped(part))
			}
		}
		if s.URL != "" {
			text = append(text, "<"+linkable.Replace(s.URL)+">")
		}
		text = append(text, "reliability "+string(s.Reliability), "TLP:"+strings.ReplaceAll(string(s.Marking), "_", "+"), code(id))
		m.linef("[^%d]: %s", i+1, strings.Join(text, ", "))
	}
}

// linkable keeps an address within its brackets.
var linkable = strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\n", "%0A", "\\", "%5C")

// special are the characters that mean something in CommonMark, its tables,
// footnotes and automatic links, within a line.
var special = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "{", "\\{", "}", "\\}", "<", "\\<", ">", "\\>",
	"#", "\\#", "|", "\\|", "~", "\\~", "&", "\\&", "!", "\\!", "$", "\\$", "^", "\\^", "@", "\\@", "://", "\\://", "www.", "www\\.", "WWW.", "WWW\\.")

// escaped writes a text so that it is shown as it is, on one line.
func escaped(s string) string { return special.Replace(strings.Join(strings.Fields(s), " ")) }

// code writes an id, which holds no backtick and no space.
func code(id string) string { return "`" + id + "`" }

// plainWord writes a word of a vocabulary as people do.
func plainWord(w string) string { return strings.ToLower(strings.ReplaceAll(w, "_", " ")) }

// wordsIn writes countriesAffected as countries affected.
func wordsIn(name string) string { return strings.ReplaceAll(snakeCase(name), "_", " ") }
