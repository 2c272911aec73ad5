-- The search terms of names (intel.NameForms.Terms): what a name is found by.
CREATE TABLE term (
  term   TEXT    NOT NULL,
  entity INTEGER NOT NULL REFERENCES entity,
  PRIMARY KEY (term, entity)
) STRICT, WITHOUT ROWID;
