package subject

import "dragnet/internal/intel"

// Ontology is what the graph can say.
type Ontology struct{}

// Kinds lists the kinds.
func (Ontology) Kinds() []*KindInfo {
	var out []*KindInfo
	for _, k := range intel.Ontology() {
		out = append(out, &KindInfo{k})
	}
	return out
}

// Properties lists the properties.
func (Ontology) Properties() []*PropertyInfo {
	var out []*PropertyInfo
	for _, p := range intel.Properties() {
		out = append(out, &PropertyInfo{p})
	}
	return out
}

// LinkTypes lists the link types.
func (Ontology) LinkTypes() []*LinkTypeInfo {
	var out []*LinkTypeInfo
	for _, l := range intel.LinkTypes() {
		out = append(out, &LinkTypeInfo{l})
	}
	return out
}

// KindInfo is a row of the ontology's kinds.
type KindInfo struct{ info intel.KindInfo }

// The fields of a kind.

func (k *KindInfo) Kind() intel.Kind         { return k.info.Kind }
func (k *KindInfo) Description() string      { return k.info.Description }
func (k *KindInfo) StixType() (string, bool) { return given(k.info.STIX) }

// Properties lists what entities of the kind can have.
func (k *KindInfo) Properties() []intel.Property {
	var out []intel.Property
	for _, p := range intel.PropertiesOf(k.info.Kind) {
		out = append(out, p.Property)
	}
	return out
}

// PropertyInfo is a row of the ontology's properties.
type PropertyInfo struct{ info *intel.PropertyInfo }

// The fields of a property.

func (p *PropertyInfo) Property() intel.Property { return p.info.Property }
func (p *PropertyInfo) Type() string             { return string(p.info.Type) }
func (p *PropertyInfo) Many() bool               { return p.info.Many }
func (p *PropertyInfo) Settling() intel.Rule     { return p.info.Rule }
func (p *PropertyInfo) Vocabulary() []string     { return p.info.Vocabulary }
func (p *PropertyInfo) Description() string      { return p.info.Description }

// LinkTypeInfo is a row of the ontology's link types.
type LinkTypeInfo struct{ info *intel.LinkTypeInfo }

// The fields of a link type.

func (l *LinkTypeInfo) Type() intel.LinkType { return l.info.Type }
func (l *LinkTypeInfo) Ends() []intel.Ends   { return l.info.Ends }
func (l *LinkTypeInfo) Symmetric() bool      { return l.info.Symmetric }
func (l *LinkTypeInfo) Exclusive() bool      { return l.info.Exclusive() }
func (l *LinkTypeInfo) Description() string  { return l.info.Description }

// Service is the running service.
type Service struct {
	Name, Version, Store                    string
	Revision                                intel.Revision
	Entities, Links, Claims, Sources, Stubs int
	Projection                              *ProjectionState
	Limits                                  []Limit
}

// Limit is a limit of the service.
type Limit struct {
	Name        string
	Value       int64
	Description string
}
