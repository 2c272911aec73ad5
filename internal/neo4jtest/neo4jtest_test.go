package neo4jtest

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ask runs one statement on the server at uri and returns the first value of its first row.
func ask(t *testing.T, uri, statement string) (value any) {
	t.Helper()
	withDriver(t, uri, func(ctx context.Context, driver neo4j.DriverWithContext) error {
		rows, err := query(ctx, driver, statement, nil)
		if len(rows) > 0 {
			value = rows[0].Values[0]
		}
		return err
	})
	return value
}

func count(t *testing.T, uri, statement string, want int64) {
	t.Helper()
	if got := ask(t, uri, statement+" RETURN count(*)"); got != want {
		t.Errorf("%s: counted %v, want %d", statement, got, want)
	}
}

// TestURI has two parts that run one after the other though both are parallel, each on an empty database.
func TestURI(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri := URI(t)
			count(t, uri, "MATCH (n)", 0)
			count(t, uri, "SHOW CONSTRAINTS YIELD name", 0)
			count(t, uri, "SHOW INDEXES YIELD type WHERE type <> 'LOOKUP'", 0)

			ask(t, uri, "CREATE CONSTRAINT u FOR (n:A) REQUIRE n.id IS UNIQUE")
			ask(t, uri, "CREATE INDEX i FOR (n:A) ON (n.name)")
			ask(t, uri, "CREATE FULLTEXT INDEX f FOR (n:A) ON EACH [n.name]")
			ask(t, uri, "UNWIND range(1, 1000) AS i CREATE (:A {id: i})-[:R]->(:B)")

			t.Run("again within the test", func(t *testing.T) {
				if again := URI(t); again != uri {
					t.Errorf("got %s, then %s", uri, again)
				}
				count(t, uri, "MATCH (n)", 2000)
			})
			Clear(t, uri)
			count(t, uri, "MATCH (n)", 0)
			count(t, uri, "SHOW CONSTRAINTS YIELD name", 1)
			ask(t, uri, "CREATE (:A {id: 1})")
		})
	}
}

func TestServer(t *testing.T) {
	s := Start(t)
	ask(t, s.URI, "CREATE (:A)")
	s.Kill9(t)
	s.Restart(t)
	count(t, s.URI, "MATCH (n)", 1)
	ask(t, s.URI, "CREATE (:A)")
	s.Stop(t)
	s.Kill9(t) // no error
	s.Restart(t)
	count(t, s.URI, "MATCH (n)", 2)

	t.Run("a database with somebody's data is not emptied", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "id")
		withDriver(t, s.URI, func(ctx context.Context, driver neo4j.DriverWithContext) error {
			if err := claim(ctx, driver, file); err == nil {
				t.Error("claimed")
			}
			if err := wipe(ctx, driver); err != nil {
				return err
			}
			if err := claim(ctx, driver, file); err != nil {
				t.Errorf("an empty database is not claimed: %v", err)
			}
			if _, err := query(ctx, driver, "CREATE (:A)", nil); err != nil {
				return err
			}
			if err := claim(ctx, driver, file); err != nil {
				t.Errorf("a claimed database is not claimed again: %v", err)
			}
			return nil
		})
	})
}

func TestStartWithPassword(t *testing.T) {
	s := StartWithPassword(t, "correct horse")
	ctx := t.Context()
	for password, good := range map[string]bool{"correct horse": true, "wrong horse": false} {
		driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth("neo4j", password, ""))
		if err != nil {
			t.Fatal(err)
		}
		if err := driver.VerifyConnectivity(ctx); (err == nil) != good {
			t.Errorf("password %q: %v", password, err)
		}
		if err := driver.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	uri, err := url.Parse(s.URI)
	if err != nil {
		t.Fatal(err)
	}
	uri.User = url.UserPassword("neo4j", "correct horse")
	count(t, uri.String(), "MATCH (n)", 0) // credentials in the URI, as NEO4J_URI may have them
	s.Stop(t)
	s.Restart(t)
	count(t, uri.String(), "MATCH (n)", 0)
}
