package exchange

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"dragnet/internal/intel"
)

// stixSpace is Dragnet's own namespace for the ids of STIX objects, which are
// UUIDv5 of its own ids in it.
var stixSpace = uuid.MustParse("51647559-14a5-4e89-abe9-bfd2c828a47a")

// stixID is the id of the STIX object of a type that stands for what has that id
// here.
func stixID(stixType, id string) string {
	return stixType + "--" + uuid.NewSHA1(stixSpace, []byte(id)).String()
}

// The ids of the objects that every bundle holds.
var (
	stixDragnet = stixID("identity", "dragnet")
	// stixObjects defines the types of objects that are Dragnet's own, stixClaims
	// what is added to objects of other types.
	stixObjects = stixID("extension-definition", "objects")
	stixClaims  = stixID("extension-definition", "claims")
)

// stixSince is when those objects were written down.
var stixSince = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

// stixMarkings are the definitions of TLP 2.0 that all STIX 2.1 uses.
var stixMarkings = map[intel.Marking]struct{ id, word string }{
	"CLEAR":        {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"},
	"GREEN":        {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"},
	"AMBER":        {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"},
	"AMBER_STRICT": {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"},
	"RED":          {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red"},
}

// stixTLP is the extension that TLP 2.0 is in STIX 2.1.
const stixTLP = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

// stixObject is a STIX object; its keys are written in alphabetical order.
type stixObject = map[string]any

// WriteSTIX writes a STIX 2.1 bundle that holds every object it refers to.
//
// An entity is an object of the type that the ontology names, with what STIX has
// a property for; an alias stands among the aliases and external references of
// what bears it. A claim is an object of its own: one that asserts a link is a
// relationship, any other a note about the entities it speaks of. A source is an
// external reference of its claims, and a report. Claims and sources carry
// themselves whole in an extension, as in claims JSONL, so that reading the
// bundle in again gives the same claims. All ids follow from Dragnet's.
func WriteSTIX(ctx context.Context, w io.Writer, g Graph) error {
	s := &stixWriter{json: newJSONWriter(w), sum: sha256.New(), used: map[intel.Marking]bool{}}
	s.json.raw(`{"type":"bundle","objects":[` + "\n")
	for _, o := range stixFrame() {
		if err := s.write(o); err != nil {
			return err
		}
	}
	if err := g.Portraits(ctx, s.entity); err != nil {
		return err
	}
	if err := g.Claims(ctx, s.claim); err != nil {
		return err
	}
	if err := g.Sources(ctx, s.source); err != nil {
		return err
	}
	for _, m := range intel.Markings() {
		if s.used[m] {
			if err := s.write(stixMarking(m)); err != nil {
				return err
			}
		}
	}
	// The id of the bundle follows from what is in it.
	s.json.raw("\n" + `],"id":"` + stixID("bundle", string(s.sum.Sum(nil))) + `"}` + "\n")
	return s.json.end()
}

type stixWriter struct {
	json *jsonWriter
	sum  hash.Hash // of all objects
	used map[intel.Marking]bool
}

func (s *stixWriter) write(o stixObject) error {
	b, err := plainJSON(o)
	if err != nil {
		return err
	}
	s.sum.Write(b)
	return s.json.item(rawJSON(b))
}

// marked gives the reference to a marking, whose definition will be written.
func (s *stixWriter) marked(m intel.Marking) []string {
	s.used[m] = true
	return []string{stixMarkings[m].id}
}

func stixMarking(m intel.Marking) stixObject {
	d := stixMarkings[m]
	return stixObject{
		"type": "marking-definition", "spec_version": "2.1", "id": d.id, "created": "2022-10-01T00:00:00.000Z",
		"name":       "TLP:" + strings.ToUpper(d.word),
		"extensions": stixObject{stixTLP: stixObject{"extension_type": "property-extension", "tlp_2_0": d.word}},
	}
}

// stixFrame is what every bundle begins with: who made it, and the definitions
// of its extensions.
func stixFrame() []stixObject {
	dragnet := stixCommon("identity", "dragnet", stixSince, stixSince)
	dragnet["name"], dragnet["identity_class"] = "Dragnet", "system"
	define := func(id, name, description, kind string) stixObject {
		o := stixCommon("extension-definition", "", stixSince, stixSince)
		o["id"], o["name"], o["description"], o["version"] = id, name, description, "1.0"
		o["schema"], o["extension_types"] = "JSON Schema, as printed by: dragnet schema stix", []string{kind}
		return o
	}
	return []stixObject{
		dragnet,
		define(stixObjects, "Dragnet objects", "Law-enforcement operations, illicit goods and services, and offences.", "new-sdo"),
		define(stixClaims, "Dragnet claims", "The claim that a relationship or a note stands for, or the source that a report stands for, whole.", "property-extension"),
	}
}

// stixCommon begins an object that stands for what has that id here.
func stixCommon(stixType, id string, created, modified time.Time) stixObject {
	return stixObject{
		"type": stixType, "spec_version": "2.1", "id": stixID(stixType, id), "created_by_ref": stixDragnet,
		"created": stixTime(created), "modified": stixTime(modified),
	}
}

func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// stixDay is the beginning of a day.
func stixDay(d intel.Day) string { return isoDay(d) + "T00:00:00.000Z" }

// stixWord writes a word of a vocabulary as STIX does.
func stixWord(w string) string { return strings.ReplaceAll(strings.ToLower(w), "_", "-") }

// stixType is the type of the object that stands for an entity, "" for an alias.
func stixType(id string) string { return stixTypes[intel.KindOf(id)] }

var stixTypes = func() map[intel.Kind]string {
	types := map[intel.Kind]string{}
	for _, k := range intel.Ontology() {
		types[k.Kind] = k.STIX
	}
	return types
}()
