-- The search terms of names (intel.NameForms.Terms): what a name is found by.
-- rowid is entity.no. Each term is one token, with _ for a space. A full-text
-- index takes what a commit adds as one piece, where an index of rows would
-- write a page for each term.
CREATE VIRTUAL TABLE term USING fts5(
  terms, content='', contentless_delete=1, detail=none,
  tokenize="ascii tokenchars '=#$<>_^+~|`'"
);
