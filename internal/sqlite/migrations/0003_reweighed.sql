-- The sources whose claims weigh otherwise since a revision. For the revisions
-- before this step these are the sources that got a header.
CREATE TABLE reweighed (
  revision INTEGER NOT NULL,
  source   INTEGER NOT NULL REFERENCES source,
  PRIMARY KEY (revision, source)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO reweighed (revision, source) SELECT revision, source FROM version;
