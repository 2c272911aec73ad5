package exchange

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"dragnet/internal/intel"
)

// stixForm is what ids of objects look like.
var stixForm = regexp.MustCompile(`^[a-z0-9-]{1,100}--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// stixRead is an object of STIX as it is read.
type stixRead struct {
	Type         string                     `json:"type"`
	ID           string                     `json:"id"`
	Name         string                     `json:"name"`
	Description  string                     `json:"description"`
	CreatedBy    string                     `json:"created_by_ref"`
	Created      string                     `json:"created"`
	Modified     string                     `json:"modified"`
	Lang         string                     `json:"lang"`
	Confidence   *int                       `json:"confidence"`
	Revoked      bool                       `json:"revoked"`
	Markings     []string                   `json:"object_marking_refs"`
	References   []stixReference            `json:"external_references"`
	Extensions   map[string]json.RawMessage `json:"extensions"`
	Aliases      []string                   `json:"aliases"`
	MitreAliases []string                   `json:"x_mitre_aliases"`

	RelationshipType string `json:"relationship_type"`
	From             string `json:"source_ref"`
	To               string `json:"target_ref"`
	StartTime        string `json:"start_time"`
	StopTime         string `json:"stop_time"`

	ObjectRefs []string `json:"object_refs"`
	Content    string   `json:"content"`

	IdentityClass  string                     `json:"identity_class"`
	Country        string                     `json:"country"`
	Region         string                     `json:"region"`
	DefinitionType string                     `json:"definition_type"`
	Definition     map[string]json.RawMessage `json:"definition"`
	KillChain      []struct {
		Chain string `json:"kill_chain_name"`
		Phase string `json:"phase_name"`
	} `json:"kill_chain_phases"`

	raw json.RawMessage
	at  Position
}

// stixReference is an external reference.
type stixReference struct {
	Source      string `json:"source_name"`
	Description string `json:"description"`
	URL         string `json:"url"`
	ID          string `json:"external_id"`
}

func stixMistake(err error) string {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		if typ.Field == "" {
			return "the object is not a JSON object"
		}
		return "`" + typ.Field + "` cannot be a " + typ.Value
	}
	return err.Error()
}

// needs lists the objects that must be known to read this one.
func (o *stixRead) needs() []string {
	var out []string
	for _, id := range append([]string{o.CreatedBy, o.From, o.To}, o.ObjectRefs...) {
		if id != "" {
			out = append(out, id)
		}
	}
	for _, id := range o.Markings {
		if _, ok := stixTLPs[id]; !ok {
			out = append(out, id)
		}
	}
	return out
}

// stixKinds are the kinds of the types of objects that are entities.
var stixKinds = map[string]intel.Kind{
	"intrusion-set": intel.KindGroup, "threat-actor": intel.KindGroup, "campaign": intel.KindCampaign, "attack-pattern": intel.KindTechnique,
	"malware": intel.KindTool, "tool": intel.KindTool, "infrastructure": intel.KindInfrastructure, "report": intel.KindReport,
	"law-enforcement-operation": intel.KindOperation, "illicit-good": intel.KindGood, "offence": intel.KindOffence,
}

// kind is what an object is, "" where it is no entity.
func (o *stixRead) kind() intel.Kind {
	switch o.Type {
	case "identity":
		return map[string]intel.Kind{"individual": intel.KindPerson, "class": intel.KindSector, "organization": intel.KindFirm, "group": intel.KindFirm, "unknown": intel.KindFirm, "": intel.KindFirm}[o.IdentityClass]
	case "location":
		if o.Country != "" {
			return intel.KindCountry
		}
		return intel.KindRegion
	}
	return stixKinds[o.Type]
}

// attackID is what ids of ATT&CK look like: groups, techniques, software and
// campaigns.
var attackID = regexp.MustCompile(`^([GSC][0-9]{4}|T[0-9]{4}(\.[0-9]{3})?)$`)

func (r *stixReference) attack() bool {
	return strings.HasPrefix(r.Source, "mitre-") && attackID.MatchString(r.ID)
}

// entity is the id of the entity that an object is: the one it has in Dragnet,
// else that of ATT&CK, else the object's own UUID; "" where it is none.
func (o *stixRead) entity() string {
	k := o.kind()
	if k == "" {
		return ""
	}
	for _, r := range o.References {
		if id, err := intel.ParseEntityID(r.ID); r.Source == "dragnet" && err == nil && stixType(id) == o.Type {
			return id
		}
	}
	for _, r := range o.References {
		if r.attack() {
			return intel.EntityID(k, strings.ToLower(r.ID))
		}
	}
	switch k {
	case intel.KindCountry:
		code := countryCode(strings.ToUpper(o.Country))
		if code == "" {
			return ""
		}
		return intel.EntityID(k, code)
	case intel.KindRegion:
		if to, ok := placeNamed(strings.ReplaceAll(o.Region, "-", " ")); ok && intel.KindOf(to.ID) == intel.KindRegion {
			return to.ID
		}
	}
	return intel.EntityID(k, stixUUID(o.ID))
}

func stixUUID(id string) string { return id[strings.LastIndex(id, "--")+2:] }

// stixTLPs are the markings of TLP 1.0 and 2.0 by the ids that all STIX uses.
var stixTLPs = func() map[string]intel.Marking {
	m := map[string]intel.Marking{
		"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "CLEAR", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "GREEN",
		"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "AMBER", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "RED",
	}
	for word, d := range stixMarkings {
		m[d.id] = word
	}
	return m
}()

// tlp is the marking that a definition is, "" where it is another sort of
// statement.
func (o *stixRead) tlp() intel.Marking {
	if m, ok := stixTLPs[o.ID]; ok {
		return m
	}
	var word string
	var two struct {
		Word string `json:"tlp_2_0"`
	}
	switch {
	case json.Unmarshal(o.Definition["tlp"], &word) == nil:
	case json.Unmarshal(o.Extensions[stixTLP], &two) == nil:
		word = two.Word
	}
	m := intel.Marking(strings.ToUpper(strings.ReplaceAll(word, "+", "_")))
	if m == "WHITE" {
		m = "CLEAR"
	}
	if !m.Valid() {
		return ""
	}
	return m
}

// stixDate is the day of a time; "" where there is none.
func stixDate(text string) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return t.UTC().Format(time.DateOnly)
}
