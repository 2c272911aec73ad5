-- Words that rows name by number, numbered within their class: kinds, link
-- types, properties and authors. Numbers are never used again.
CREATE TABLE word (
  class INTEGER NOT NULL,
  no    INTEGER NOT NULL,
  text  TEXT    NOT NULL,
  PRIMARY KEY (class, no),
  UNIQUE (class, text)
) STRICT, WITHOUT ROWID;

-- One row: the state as a whole. Times are microseconds since 1970, UTC.
CREATE TABLE meta (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  epoch          TEXT    NOT NULL,
  revision       INTEGER NOT NULL DEFAULT 0,
  at             INTEGER,
  author         TEXT    NOT NULL DEFAULT '',
  settle_version INTEGER NOT NULL DEFAULT 0,
  names_version  INTEGER NOT NULL DEFAULT 0,
  entities       INTEGER NOT NULL DEFAULT 0,
  stubs          INTEGER NOT NULL DEFAULT 0,
  links          INTEGER NOT NULL DEFAULT 0,
  claims         INTEGER NOT NULL DEFAULT 0,
  sources        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every id that a claim ever mentioned or that is in the settled graph. The
-- columns from revision on are null for an id that is not in the settled graph.
-- changed is the last change of a claim with it as subject, 0 when there is
-- none. rest is null for an entity that is no stub, whose name_key is its
-- sort_key and whose name_kind is PROPER; else it holds these three.
CREATE TABLE entity (
  no        INTEGER PRIMARY KEY,
  id        TEXT    NOT NULL UNIQUE,
  kind      INTEGER NOT NULL,
  mentioned INTEGER NOT NULL,
  changed   INTEGER NOT NULL DEFAULT 0,
  revision  INTEGER,
  name      TEXT,
  rest      BLOB,
  stub      INTEGER,
  sort_key  TEXT,
  name_key  TEXT
) STRICT;
CREATE INDEX entity_by_name ON entity (kind, sort_key, id) WHERE sort_key IS NOT NULL;
CREATE INDEX entity_by_change ON entity (kind, revision, id) WHERE revision IS NOT NULL;
CREATE INDEX entity_by_key ON entity (name_key) WHERE name_key IS NOT NULL;

-- How many entities of each kind are in the settled graph.
CREATE TABLE population (
  kind INTEGER PRIMARY KEY,
  n    INTEGER NOT NULL
) STRICT;

-- The settled facts of an entity, as intel.EncodeFacts writes them.
CREATE TABLE fact (
  entity INTEGER PRIMARY KEY REFERENCES entity,
  body   BLOB NOT NULL
) STRICT;

-- What filters ask of the settled facts: intel.Record.Index. seq numbers the
-- values of one property.
CREATE TABLE prop (
  entity   INTEGER NOT NULL REFERENCES entity,
  property INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  slot     TEXT,
  text     TEXT,
  key      TEXT,
  lo       INTEGER,
  hi       INTEGER,
  lo_key   TEXT,
  hi_key   TEXT,
  PRIMARY KEY (entity, property, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX prop_by_text ON prop (property, text, entity) WHERE text IS NOT NULL;
CREATE INDEX prop_by_key ON prop (property, key, entity) WHERE key IS NOT NULL;

-- The values that lists are ordered by, in their order.
CREATE TABLE sortable (
  kind     INTEGER NOT NULL,
  property INTEGER NOT NULL,
  lo       INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  hi       INTEGER NOT NULL,
  entity   INTEGER NOT NULL REFERENCES entity,
  PRIMARY KEY (kind, property, lo, id)
) STRICT, WITHOUT ROWID;

-- The widest span of a sortable value so far: how far below a bound a value can
-- begin and still reach it.
CREATE TABLE extent (
  kind     INTEGER NOT NULL,
  property INTEGER NOT NULL,
  width    INTEGER NOT NULL,
  PRIMARY KEY (kind, property)
) STRICT, WITHOUT ROWID;

-- Every settled link twice, once from each end, so that a walk from an entity
-- is one range of one tree, in the order of the neighbours' names. dir is 0
-- where here is the from end, 1 where it is the to end. there_sort is the
-- neighbour's sort_key. gist is what the virtual columns read from it, packed
-- because every row of a walk needs it. rest holds what few links have; the
-- columns after it repeat of it what filters ask for. validity is null when the
-- days are the one interval valid_lo to valid_hi.
CREATE TABLE edge (
  here       INTEGER NOT NULL REFERENCES entity,
  type       INTEGER NOT NULL,
  dir        INTEGER NOT NULL,
  there_sort TEXT    NOT NULL,
  there      INTEGER NOT NULL REFERENCES entity,
  gist       INTEGER NOT NULL,
  rest       BLOB,
  valid_lo   INTEGER NOT NULL,
  valid_hi   INTEGER NOT NULL,
  validity   TEXT,
  role       TEXT,
  role_key   TEXT,
  disputed   INTEGER AS (gist & 1),
  there_kind INTEGER AS (gist >> 1 & 63),
  support    INTEGER AS (gist >> 7 & 1048575),
  origins    INTEGER AS (gist >> 27),
  PRIMARY KEY (here, type, dir, there_sort, there)
) STRICT, WITHOUT ROWID;

-- How many links of each sort an entity has.
CREATE TABLE degree (
  entity INTEGER NOT NULL REFERENCES entity,
  type   INTEGER NOT NULL,
  dir    INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (entity, type, dir, kind)
) STRICT, WITHOUT ROWID;

-- Sources. body is intel.Source as JSON without its count of claims, null for
-- an id that a claim or a header names and that has no row of its own. named
-- says that a claim names it.
CREATE TABLE source (
  no            INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  named         INTEGER NOT NULL,
  claims        INTEGER NOT NULL DEFAULT 0,
  title         TEXT,
  title_key     TEXT,
  title_sort    TEXT,
  publisher     TEXT,
  publisher_key TEXT,
  published_lo  INTEGER,
  published_hi  INTEGER,
  reliability   TEXT,
  marking       TEXT,
  body          BLOB
) STRICT;
CREATE INDEX source_by_title ON source (title_sort, id) WHERE body IS NOT NULL;
CREATE INDEX source_by_date ON source (published_lo, id) WHERE body IS NOT NULL;
CREATE INDEX source_by_claims ON source (claims, id) WHERE body IS NOT NULL;

CREATE TABLE derived (
  child  INTEGER NOT NULL REFERENCES source,
  parent INTEGER NOT NULL REFERENCES source,
  PRIMARY KEY (child, parent)
) STRICT, WITHOUT ROWID;
CREATE INDEX derived_by_parent ON derived (parent, child);

CREATE TABLE version (
  source   INTEGER NOT NULL REFERENCES source,
  hash     TEXT    NOT NULL,
  revision INTEGER NOT NULL,
  at       INTEGER,
  author   INTEGER NOT NULL,
  header   BLOB    NOT NULL,
  PRIMARY KEY (source, hash)
) STRICT, WITHOUT ROWID;

-- Claims, numbered in the order of (revision, id). id is the hash of the
-- claim's id in bytes. value is plain text for texts, words and dates, JSON
-- otherwise. changed and live follow from the events.
CREATE TABLE claim (
  no         INTEGER PRIMARY KEY,
  id         BLOB    NOT NULL UNIQUE,
  subject    INTEGER NOT NULL REFERENCES entity,
  type       INTEGER,
  object     INTEGER REFERENCES entity,
  property   INTEGER,
  source     INTEGER NOT NULL REFERENCES source,
  live       INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  events     INTEGER NOT NULL,
  stance     INTEGER NOT NULL,
  confidence INTEGER NOT NULL,
  author     INTEGER NOT NULL,
  at         INTEGER,
  said_by    INTEGER REFERENCES entity,
  value_type INTEGER,
  value      TEXT,
  role       TEXT,
  on_date    TEXT,
  amount     TEXT,
  locator    TEXT,
  quote      TEXT,
  valid_from TEXT,
  valid_to   TEXT
) STRICT;
CREATE INDEX claim_by_subject ON claim (subject, no, live, type, source);
CREATE INDEX claim_by_object ON claim (object, no, live, type, source) WHERE object IS NOT NULL;
CREATE INDEX claim_by_link ON claim (subject, type, object) WHERE type IS NOT NULL;
CREATE INDEX claim_by_speaker ON claim (said_by, no, live) WHERE said_by IS NOT NULL;
CREATE INDEX claim_by_source ON claim (source, no, live);

-- Where the claims of a revision begin.
CREATE TABLE revision (
  no          INTEGER PRIMARY KEY,
  first_claim INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
  claim      INTEGER NOT NULL REFERENCES claim ON UPDATE CASCADE,
  seq        INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  at         INTEGER,
  author     INTEGER NOT NULL,
  retracted  INTEGER NOT NULL,
  by_replace INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  PRIMARY KEY (claim, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_revision ON event (revision, claim);
