package exchange

import (
	"regexp"
	"strings"

	"dragnet/internal/intel"
)

// reference points to an entity of a dossier: by id, or by kind and name, which
// makes the key of the name and claims the name once.
type reference struct {
	id   string
	kind intel.Kind
	name *intel.NewEntity // nil: by id, or claimed already
}

// take gives the reference for one draft. Only the first claims the name.
func (r *reference) take() intel.Ref {
	if r.name == nil {
		return intel.Ref{ID: r.id}
	}
	ref := intel.Ref{New: r.name}
	r.name = nil
	return ref
}

var (
	kindAndName = regexp.MustCompile(`^(\pL+) +["“](.*)["”]$`)
	wordThenAny = regexp.MustCompile(`^(\pL+) +["“]?(.+?)["”]?$`)
)

// parseReference reads an id (group:opera1er) or a kind and a name in quotes
// (firm "Group-IB").
func parseReference(text string) (*reference, *Mistake) {
	text = strings.TrimSpace(text)
	if p := kindAndName.FindStringSubmatch(text); p != nil {
		return namedReference(p[1], p[2])
	}
	prefix, key, colon := strings.Cut(text, ":")
	if !colon || strings.Contains(prefix, " ") {
		m := &Mistake{Found: show(text) + " points to nothing", Expected: `an id such as group:opera1er, or a kind and a name such as firm "Group-IB"`}
		if p := wordThenAny.FindStringSubmatch(text); len(p) > 2 && kindOfWord(p[1]) != "" {
			m.Nearest, m.Expected = strings.ToLower(p[1])+` "`+p[2]+`"`, ""
		}
		return nil, m
	}
	if intel.KindOf(text) == "" {
		return nil, oneOf(prefix, "a kind", kindWords())
	}
	if strings.HasPrefix(key, " ") {
		return nil, bad("%s has a space after its colon: an id has none", show(text))
	}
	id, err := intel.ParseEntityID(text)
	if err != nil {
		return nil, bad("%s", err)
	}
	return &reference{id: id, kind: intel.KindOf(id)}, nil
}

func namedReference(word, name string) (*reference, *Mistake) {
	kind := kindOfWord(word)
	if kind == "" {
		return nil, oneOf(word, "a kind", kindWords())
	}
	name, err := intel.CleanText(name, intel.Name, intel.MaxNameBytes)
	if err != nil {
		return nil, bad("the name %s", err)
	}
	key, err := intel.DeriveKey(kind, name)
	if err != nil {
		return nil, bad("%s", err)
	}
	id, err := intel.ParseEntityID(intel.EntityID(kind, key))
	if err != nil {
		return nil, bad("%s", err)
	}
	return &reference{id: id, kind: kind, name: &intel.NewEntity{Kind: kind, Name: name}}, nil
}

// parseAlias reads what follows KNOWN_AS: the name itself, or a reference to an
// alias.
func parseAlias(text string) (*reference, *Mistake) {
	if r, m := parseReference(text); m == nil {
		return r, nil
	}
	return namedReference(intel.KindAlias.Prefix(), text)
}

func kindOfWord(word string) intel.Kind {
	if k := intel.Kind(strings.ToUpper(word)); k.Valid() {
		return k
	}
	return ""
}

func kindWords() []string {
	var out []string
	for _, k := range intel.Kinds() {
		out = append(out, k.Prefix())
	}
	return out
}

// reference takes a reference of a statement.
func (d *dossierReader) reference(name string, n *node, parse func(string) (*reference, *Mistake)) *reference {
	text, ok := d.text(name, n, intel.Name, intel.MaxNameBytes+64)
	if !ok {
		return nil
	}
	r, m := parse(text)
	if m != nil {
		d.add(n.Position, m)
		return nil
	}
	return r
}
