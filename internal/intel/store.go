package intel

import (
	"context"
	"time"
)

// Store keeps claims, sources and what they settled to. It stores and finds;
// every rule (validating, deriving ids, settling, clamping pages, resolving
// names) lives above it, in catalog. Every sentence of these comments has a
// case in storetest, which all stores run whole.
//
// A Store is safe for use by many goroutines. Errors match ErrUnavailable when
// the database cannot be reached or gives up under load, ErrConflict when
// another process changed what an Update had read, ErrLimit when a stated limit
// is passed, and the context's own error when the context ends; a call whose
// context has already ended does nothing. An error's text never holds query
// text, credentials or a path.
type Store interface {
	// Setup makes the schema or brings it up to what this binary knows, each
	// step whole or not at all. It may be called at any time, again and by
	// several processes at once, and changes nothing when all is there. A schema
	// newer than the binary is ErrConflict. Until it has been called on a
	// database, every other call answers ErrUnavailable.
	Setup(ctx context.Context) error

	// View runs the function on one consistent state: all reads in it see the
	// same revision, whole or not at all, whatever commits meanwhile. In one
	// process, a View that begins after an Update has returned sees that
	// Update. The function may be run again from the start and so must be
	// repeatable, and it must not wait for an Update. The reader is not used
	// after the function returns.
	View(ctx context.Context, read func(Reader) error) error

	// Update runs the function and commits what it Put, all or nothing. When the
	// function fails nothing is written and its error comes back as it is.
	// Updates of all processes are strictly one after another. The function may
	// be run again from the start and so must be repeatable. Its reads see what
	// it has Put.
	Update(ctx context.Context, write func(Writer) error) error

	// Close waits for what runs and gives everything back. Calls after it answer
	// ErrUnavailable.
	Close() error
}

// Reader reads one consistent state. It is used by one goroutine at a time.
type Reader interface {
	// Meta describes the state.
	Meta(ctx context.Context) (Meta, error)

	// Select answers a whole tree in one call; Selection and Answer describe it.
	// Entities are those of the settled graph.
	Select(ctx context.Context, s Selection) (*Answer, error)

	// Collect gives the working set that Need names, for settling.
	Collect(ctx context.Context, n Need) (*WorkingSet, error)

	// Names finds every entity that has one of the names, by NameKey: as its own
	// name as shown (a stub's key is none) or as the name of an alias to which a
	// settled KNOWN_AS link leads. Rows are ordered by key, then entity, own name
	// first; an entity that has a key both ways stands twice, and one that has it
	// through several aliases once.
	Names(ctx context.Context, keys []string) ([]NameRow, error)

	// Named lists, by id and each once, the entities whose name as shown (a
	// stub's is its key) is found by the query.
	Named(ctx context.Context, q NameQuery) ([]string, error)

	// Mentioned lists, by id, the ids after the given one that some claim, live
	// or not, mentions and that are of one of the kinds (empty: any); at most
	// limit.
	Mentioned(ctx context.Context, kinds []Kind, after string, limit int) ([]string, error)

	// Changes lists the claims that were added, retracted or reinstated by a
	// revision greater than since, whole, with all their events, ordered by
	// Claim.Changed, then id. At most limit claims come, except that the claims
	// of one revision are never parted: when the limit falls inside a revision,
	// the answer ends before it, or, if it is the first one, after it.
	Changes(ctx context.Context, since int64, limit int) ([]*Claim, error)

	// Touched lists what each revision greater than since touched, oldest first,
	// leaving out revisions that touched nothing. At most limit claims and sources
	// come in all, except that a revision is never parted: when the limit falls
	// inside a revision, the answer ends before it, or, if it is the first one,
	// after it.
	Touched(ctx context.Context, since int64, limit int) ([]Touched, error)

	// Scan lists one part of the store in order of id, after the given id, at
	// most limit. Sources come with their versions.
	Scan(ctx context.Context, part Part, after string, limit int) (*WorkingSet, error)
}

// Writer reads and writes within one Update.
type Writer interface {
	Reader
	// Put writes a batch. It may be called more than once.
	Put(ctx context.Context, b Batch) error
}

// Meta describes the state of a store.
type Meta struct {
	// Epoch is drawn when the store is made, and never changes.
	Epoch string
	// Last is the stamp of the last revision; its counter is 0 and its time zero
	// in an empty store.
	Last Stamp
	// SettleVersion and NamesVersion are those of the binary that settled it.
	SettleVersion, NamesVersion int
	Counts                      Counts
}

// Counts are totals over the store. Claims counts live ones.
type Counts struct {
	Entities, Stubs, Links, Claims, Sources int64
}

// Plus adds two counts.
func (c Counts) Plus(d Counts) Counts {
	return Counts{c.Entities + d.Entities, c.Stubs + d.Stubs, c.Links + d.Links, c.Claims + d.Claims, c.Sources + d.Sources}
}

// Touched is what one revision touched.
type Touched struct {
	Revision int64
	// Claims are the ids of the claims it added, retracted or reinstated, by id
	// and each once, whatever became of them later.
	Claims []string
	// Sources are those that it named in Batch.Reweighed, by id and each once.
	Sources []string
}

// Part is a part of a store that Scan can list.
type Part int

// The parts of a store.
const (
	PartClaims Part = iota
	PartSources
	PartEntities
	PartLinks
)

// NameRow says that an entity has a name.
type NameRow struct {
	Key    string // the NameKey asked for
	Entity string
	Alias  bool // by an alias, not as its own name
}

// NameQuery asks for entities by their own names. What it names is joined by or.
type NameQuery struct {
	// Terms are search terms as NameForms.Terms has them.
	Terms []string
	// Prefixes are beginnings of a NameKey, Words of a word after the first. None
	// is empty.
	Prefixes, Words []string
	Kinds           []Kind // empty: any
	// Limit bounds the entities that each term, prefix and word brings: of a
	// prefix the first by SortKey, then id, of the others any.
	Limit int
}

// Need names parts of the store that settling works on. The answer is the union
// of its parts, each thing once.
type Need struct {
	// Claims with these ids, live or not.
	ClaimIDs []string
	// Subjects wants the live property claims about these entities.
	Subjects []string
	// Links wants the live claims about these links.
	Links []string
	// From wants the live link claims of these types with these subjects.
	From []FromNeed
	// Touching wants the live link claims with these entities as subject or
	// object, of the types in TouchingTypes (empty: any).
	Touching      []string
	TouchingTypes []LinkType
	// ClaimsOf wants the live claims of these sources.
	ClaimsOf []string
	// Mentioning wants the live claims that mention these entities, as subject,
	// object or saidBy: of each entity the first FirstMentions by revision of
	// their adding, then id (0: all).
	Mentioning    []string
	FirstMentions int
	// History widens Subjects, Links, From, Touching, ClaimsOf and Mentioning to
	// claims that are not live, and brings the versions of sources.
	History bool
	// ClaimLimit bounds the claims in the answer; when there are more, Collect
	// fails with ErrLimit. 0 is no bound.
	ClaimLimit int

	// Records wants these entities' records, with facts.
	Records []string
	// LinkRows wants these settled links; FromRows all settled links of a type
	// from an entity.
	LinkRows []string
	FromRows []FromNeed

	// Sources wants these sources, all that they derive from, however far, and
	// all their versions.
	Sources []string
	// Dependents wants the ids of all sources that derive from these, however
	// far, themselves included when they are described or named by a claim.
	Dependents []string

	// Mentions wants, for each of these entities, what claims mention it; the
	// claims in Except do not count as live.
	Mentions []string
	Except   []string
}

// FromNeed names the links of one type that leave an entity.
type FromNeed struct {
	From string
	Type LinkType
}

// WorkingSet is what Collect and Scan answer.
type WorkingSet struct {
	Claims  []*Claim // by id, each once
	Records []*Record
	Links   []*Link // by id, each once
	// Sources holds the source of every claim in Claims (with its versions when
	// History is asked for) and what Need.Sources names.
	Sources    map[string]*Source
	Dependents []string           // by id
	Mentions   map[string]Mention // has a row for each entity asked for
}

// Mention says how claims mention an entity.
type Mention struct {
	// First is the least adding revision of the live claims that mention it, 0
	// when there is none.
	First int64
	// Own is the greatest Claim.Changed of the claims, live or not, with it as
	// subject, 0 when there is none.
	Own int64
}

// Batch is what one Put writes. All ids in it are in the form in which they are
// kept; it is consistent in itself and with the store, which catalog sees to.
type Batch struct {
	// Stamp is the revision the batch makes: one more than Meta.Last when the
	// batch has Claims, Events or Versions, else zero and no revision is made.
	// Several Puts of one Update share one stamp. A counter that is not the next
	// one is ErrConflict.
	Stamp Stamp
	// Claims are new; their ids are not in the store.
	Claims []*Claim
	// Events are appended to claims in the store or in Claims.
	Events []ClaimEvent
	// Versions are new header versions, keyed by source id.
	Versions map[string][]HeaderVersion
	// Reweighed names sources whose claims weigh otherwise since this revision;
	// there are none without Versions.
	Reweighed []string
	// Sources replaces these sources' rows (their Versions field is not read).
	Sources []*Source
	// Records and Links replace or add settled rows (a record's search terms also
	// when Meta's NamesVersion is not this program's); DropRecords and DropLinks
	// take them away. A link's ends are in the store or in Records.
	Records     []*Record
	Links       []*Link
	DropRecords []string
	DropLinks   []string
	// Counts is added to Meta.Counts.
	Counts Counts
	// Settled, when given, sets Meta's SettleVersion and NamesVersion.
	Settled *[2]int
}

// ClaimEvent is an event of a claim.
type ClaimEvent struct {
	Claim string
	Event
}

// NextStamp is the stamp of the change that follows last: the clock's time, or
// a microsecond after the last one when the clock has not moved on. Times are
// kept in whole microseconds.
func NextStamp(last Stamp, now time.Time, by string) Stamp {
	at := now.UTC().Truncate(time.Microsecond)
	if least := last.At.Add(time.Microsecond); at.Before(least) {
		at = least
	}
	return Stamp{Revision: last.Revision + 1, At: at, By: by}
}
