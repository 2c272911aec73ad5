package storetest

import "strings"

// hostileNames are names and codes that stores have tripped over. All are
// clean in the sense of intel.CleanText.
var hostileNames = []string{
	"Desktop Group", "DESKTOP Group", "desktop group", // one nameKey, three texts
	"Müller", "Muller", "MÜLLER", // marks
	"Straße", "STRASSE", "Łódź", "İstanbul", "ıstanbul", "Σίσυφος",
	`O'Brien`, `"quoted"`, "`tick`", "“typographic” ’tis", `back\slash`, `\`, `\u0041`, `a\'b`,
	"$name", "NX$M$", "{curly}", "{{.Name}}", "[square]", "(round)", "<b>bold</b>", "a|b", "a:b", "#hash", "a;b",
	"%", "_", "100%", "a_b", "a%b", "*", "?", "a*", "~", "~0", "^", "+", "/", "//", "--", "' OR '1'='1", "'; DROP TABLE entity; --",
	"`}) MATCH (n) DETACH DELETE n //", "$0", "?1", ":p", "@p", "null", "NULL", "true", "NaN", "0", "00", "1e3", "-1", "+1",
	"\u0644\u200c\u0627 joined", "नि\u200dक", // ZWNJ and ZWJ between letters
	"日本", "한국", "עברית", "العربية", "\ufa0e after", "\ue000 private", "\U00010428 deseret", "\U0001F980 crab", "\U0010FFFD last",
	strings.Repeat("long name ", 40) + "one", strings.Repeat("long name ", 40) + "two", strings.Repeat("\U00010428", 200),
}

// hostileProse may be in summaries, notes and quotes beside hostileNames.
var hostileProse = []string{
	"", " ", "two\nlines", "tab\tstop", "\n", "caf\u00e9", "cafe\u0301", // the same letters, composed and not
	"zero\u200bwidth", "\u202eright to left\u202c", "\ufeffmark", "soft\u00adhyphen", "line\u2028separator",
	"👩\u200d👩\u200d👧", "\ufffd", "x\u0300\u0301\u0302\u0303", strings.Repeat("é", 32<<10), strings.Repeat(`'"\`, 1000),
}

// hostileKeys are keys of ids. A store takes ids as they are, so they are not
// all in the form in which ids are kept.
var hostileKeys = []string{
	"case", "CASE", "Case", "caf\u00e9", "cafe\u0301", "ss", "ß", "i", "ı", "ſ", "s", "0", "00", "1e1", "null", "true",
	"%2f", "%252f", "a-b", "a_b", "a.b", "a$b", "$a", "@a!", "-", ".", "a", "aa", "a-", "\u0644\u200c\u0627", "日本",
	"\ufa0e", "\U00010428", "\U00020000", strings.Repeat("x", 199) + "a", strings.Repeat("x", 199) + "b",
}
