package config

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// Store says where the graph is kept: in a SQLite file (Path) or in Neo4j (URI).
type Store struct {
	Path     string // of the SQLite file
	URI      string // of Neo4j, without credentials
	User     string
	Password Secret
}

// Neo4j says that the graph is kept in Neo4j.
func (s Store) Neo4j() bool { return s.URI != "" }

// Name is the kind of store in a word.
func (s Store) Name() string {
	if s.Neo4j() {
		return "neo4j"
	}
	return "sqlite"
}

// String is the store's address without credentials.
func (s Store) String() string {
	if s.Neo4j() {
		return s.URI
	}
	return "sqlite:" + s.Path
}

// neo4jSchemes are what the driver understands: +s is TLS with a known
// certificate, +ssc with any.
var neo4jSchemes = []string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"}

var errStore = errors.New("is no store: write sqlite:PATH, neo4j://HOST or bolt://HOST (with +s after neo4j or bolt for TLS)")

// ParseStore reads a store's address. Credentials stand in it or are given
// beside it; those in it count. Errors never repeat the address, since a
// password may be in it.
func ParseStore(address, user string, password Secret) (Store, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return sqliteStore(path)
	}
	scheme, _, ok := strings.Cut(address, "://")
	if !ok || !slices.Contains(neo4jSchemes, scheme) {
		return Store{}, errStore
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return Store{}, errors.New("is not well-formed: characters of a password other than letters and digits are written as %XX there; or leave it out and set DRAGNET_NEO4J_PASSWORD")
	case u.Hostname() == "":
		return Store{}, errors.New("names no host: write " + scheme + "://HOST or " + scheme + "://HOST:7687")
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		return Store{}, errors.New("has something after the host: write " + scheme + "://HOST:7687")
	}
	s := Store{User: user, Password: password}
	if u.User != nil {
		text, _ := u.User.Password()
		s.User, s.Password = u.User.Username(), NewSecret(text)
	}
	switch {
	case s.User == "" && !s.Password.IsZero():
		s.User = "neo4j"
	case s.User != "" && s.Password.IsZero():
		return Store{}, errors.New("comes with a user and no password: set DRAGNET_NEO4J_PASSWORD")
	}
	u.User, u.Path = nil, ""
	s.URI = u.String()
	return s, nil
}

func sqliteStore(path string) (Store, error) {
	switch {
	case path == "":
		return Store{}, errors.New("names no file: write sqlite:PATH, such as sqlite:dragnet.db")
	case strings.HasPrefix(path, ":") || strings.ContainsAny(path, "\x00?"):
		return Store{}, errors.New("is not a file: write sqlite:PATH, such as sqlite:dragnet.db")
	}
	return Store{Path: strings.TrimPrefix(path, "//")}, nil
}

// Redact hides the password in what may be a store's address.
func Redact(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	// The last @ ends the credentials: a password may hold another by mistake.
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return text
	}
	return scheme + "://" + hidden + rest[at:]
}
