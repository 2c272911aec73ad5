package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const password = "s3cr3t-pa55"

func TestSecretNeverShows(t *testing.T) {
	s := NewSecret(password)
	holder := struct {
		Name string
		Word Secret
		In   map[string]*Secret
	}{"x", s, map[string]*Secret{"y": &s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", &s)
		fmt.Fprintf(&out, verb+"\n", holder)
	}
	fmt.Fprintln(&out, s, fmt.Errorf("with %w and %v", fmt.Errorf("%s", s), s))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "secret", s, "pointer", &s, "holder", holder)
	}
	for _, v := range []any{s, &s, holder, map[string]any{"a": s}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	if strings.Contains(out.String(), password) || strings.Contains(out.String(), fmt.Sprintf("%x", password)) {
		t.Errorf("it shows:\n%s", out.String())
	}
	if !strings.Contains(out.String(), hidden) {
		t.Error("nothing says that something is hidden")
	}
	if s.Reveal() != password || s.IsZero() || !NewSecret("").IsZero() || NewSecret("").String() != "" {
		t.Error("the secret is not what it was")
	}
}

func TestParseStore(t *testing.T) {
	for _, test := range []struct {
		name, address, user, password string
		want                          Store
		text                          string
	}{
		{"file", "sqlite:dragnet.db", "", "", Store{Path: "dragnet.db"}, "sqlite:dragnet.db"},
		{"path", "sqlite:/var/lib/a b/é.db", "", "", Store{Path: "/var/lib/a b/é.db"}, "sqlite:/var/lib/a b/é.db"},
		{"as a URL", "sqlite:///var/lib/x.db", "", "", Store{Path: "/var/lib/x.db"}, "sqlite:/var/lib/x.db"},
		{"file, credentials unused", "sqlite:x.db", "u", password, Store{Path: "x.db"}, "sqlite:x.db"},
		{"neo4j", "neo4j://db.example:7687", "", "", Store{URI: "neo4j://db.example:7687"}, "neo4j://db.example:7687"},
		{"bolt", "bolt://[::1]:7687/", "", "", Store{URI: "bolt://[::1]:7687"}, "bolt://[::1]:7687"},
		{"tls, routing context", "neo4j+s://db.example?policy=eu", "", "", Store{URI: "neo4j+s://db.example?policy=eu"}, "neo4j+s://db.example?policy=eu"},
		{"credentials beside", "bolt+ssc://h", "u", password, Store{URI: "bolt+ssc://h", User: "u", Password: NewSecret(password)}, "bolt+ssc://h"},
		{"password alone", "bolt://h", "", password, Store{URI: "bolt://h", User: "neo4j", Password: NewSecret(password)}, "bolt://h"},
		{"credentials inside", "neo4j://u:" + password + "@h:1", "", "", Store{URI: "neo4j://h:1", User: "u", Password: NewSecret(password)}, "neo4j://h:1"},
		{"inside before beside", "neo4j://u:" + password + "@h:1", "x", "y", Store{URI: "neo4j://h:1", User: "u", Password: NewSecret(password)}, "neo4j://h:1"},
		{"encoded", "neo4j://u:p%40%2F%3A@h", "", "", Store{URI: "neo4j://h", User: "u", Password: NewSecret("p@/:")}, "neo4j://h"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseStore(test.address, test.user, NewSecret(test.password))
			if test.want.Path != "" {
				got.User, got.Password = "", Secret{}
			}
			if err != nil || got != test.want || got.String() != test.text {
				t.Errorf("got %+v (%s), %v", got, got, err)
			}
			if got.Neo4j() != (test.want.URI != "") || got.Name() != map[bool]string{true: "neo4j", false: "sqlite"}[got.Neo4j()] {
				t.Errorf("is %s", got.Name())
			}
			if shown := fmt.Sprintf("%+v %#v", got, got); strings.Contains(shown, password) {
				t.Errorf("the password shows: %s", shown)
			}
		})
	}
}

func TestParseStoreRefuses(t *testing.T) {
	for address, want := range map[string]string{
		"":                                  "sqlite:PATH",
		"dragnet.db":                        "sqlite:PATH",
		"postgres://u:" + password + "@h/x": "sqlite:PATH",
		"SQLITE:x":                          "sqlite:PATH",
		"sqlite:":                           "names no file",
		"sqlite::memory:":                   "is not a file",
		"sqlite:x.db?mode=ro":               "is not a file",
		"neo4j:x":                           "sqlite:PATH",
		"neo4j://":                          "names no host",
		"neo4j://u:" + password + "@":       "names no host",
		"bolt://h/db":                       "after the host",
		"bolt://h#x":                        "after the host",
		"bolt://h:port":                     "not well-formed",
		"bolt://u:" + password + "%zz@h":    "not well-formed",
		"bolt://u@h":                        "no password",
	} {
		_, err := ParseStore(address, "", Secret{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("%q: %v, want …%s…", address, err, want)
		}
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"sqlite:x.db":              "sqlite:x.db",
		"neo4j://h:1":              "neo4j://h:1",
		"neo4j://u:p@h:1":          "neo4j://[hidden]@h:1",
		"--store=bolt://u:p@q/r@h": "--store=bolt://[hidden]@h",
		"a@b":                      "a@b",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
