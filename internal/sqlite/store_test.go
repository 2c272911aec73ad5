package sqlite

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"zombiezen.com/go/sqlite"

	"dragnet/internal/intel"
)

// worldOf makes a batch of n claims that makes a revision.
func worldOf(t testing.TB, revision int64, n int) intel.Batch {
	t.Helper()
	stamp := intel.Stamp{Revision: revision, At: time.UnixMicro(revision).UTC(), By: "test"}
	return batchOf(rand.New(rand.NewPCG(uint64(revision), 0)), stamp, int(revision)*1000, n)
}

func lastRevision(t *testing.T, s intel.Store) (revision int64) {
	t.Helper()
	err := s.View(t.Context(), func(r intel.Reader) error {
		m, err := r.Meta(t.Context())
		revision = m.Last.Revision
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func TestOpenNeedsAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{
		"no folder":           filepath.Join(dir, "nowhere", "x.db"),
		"a file as folder":    filepath.Join(file(t, dir, "plain"), "x.db"),
		"a folder as file":    dir,
		"a folder, odd chars": filepath.Join(dir, "n?o%20where", "x.db"),
	} {
		_, err := Open(path)
		if !errors.Is(err, intel.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error names the path: %v", name, err)
		}
	}
}

func file(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database. ", 99)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOddPaths holds that no character of a path means anything to SQLite.
func TestOddPaths(t *testing.T) {
	for _, name := range []string{"a b.db", "file:x?mode=memory", "100%25.db", "é#.db", ":memory:"} {
		path := filepath.Join(t.TempDir(), name)
		s := at(t, path)
		if err := s.Setup(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		putAll(t, s, worldOf(t, 1, 3))
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: no such file was made", name)
		}
	}
}

func TestNothingIsMadeBeforeSetup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := at(t, path)
	if err := s.View(t.Context(), func(intel.Reader) error { return nil }); !errors.Is(err, intel.ErrUnavailable) {
		t.Errorf("View: %v", err)
	}
	if err := s.Update(t.Context(), func(intel.Writer) error { return nil }); !errors.Is(err, intel.ErrUnavailable) {
		t.Errorf("Update: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file was made")
	}
}

func TestReopen(t *testing.T) {
	s := fresh(t)
	putAll(t, s, worldOf(t, 1, 30))
	want := scanAll(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := at(t, s.path)
	if d := cmp.Diff(want, scanAll(t, again), cmp.Comparer(func(a, b intel.PartialDate) bool { return a == b })); d != "" {
		t.Error(d)
	}
}

func scanAll(t *testing.T, s *Store) (out []*intel.WorkingSet) {
	t.Helper()
	view(t, s, func(r *reader) {
		for p := intel.PartClaims; p <= intel.PartLinks; p++ {
			ws, err := r.Scan(t.Context(), p, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, ws)
		}
	})
	return out
}

// TestSecondProcess writes through two handles on one file, each of which sees
// the other's words and revisions.
func TestSecondProcess(t *testing.T) {
	a := fresh(t)
	b := at(t, a.path)
	putAll(t, a, worldOf(t, 1, 3))
	second := worldOf(t, 2, 3)
	for _, c := range second.Claims {
		c.Added.By = "another"
	}
	putAll(t, b, second)
	for _, s := range []*Store{a, b} {
		var by []string
		view(t, s, func(r *reader) {
			changes, err := r.Changes(t.Context(), 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				by = append(by, c.Added.By)
			}
		})
		if d := cmp.Diff([]string{"test", "test", "test", "another", "another", "another"}, by); d != "" {
			t.Error(d)
		}
	}
}

// TestCrash holds that what was not committed is not there after the process is
// gone: the files are copied away under a transaction that has written.
func TestCrash(t *testing.T) {
	s := fresh(t)
	putAll(t, s, worldOf(t, 1, 3))
	dir := t.TempDir()
	stop := errors.New("stop")
	err := s.Update(t.Context(), func(w intel.Writer) error {
		// Little room in the cache, so that pages reach the files.
		if err := w.(*writer).c.once("PRAGMA cache_size = 10"); err != nil {
			return err
		}
		if err := w.Put(t.Context(), worldOf(t, 2, 3000)); err != nil {
			return err
		}
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(s.path + suffix)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, "copy.db"+suffix), b, 0o600); err != nil {
				return err
			}
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	for _, copied := range []*Store{s, at(t, filepath.Join(dir, "copy.db"))} {
		if got := lastRevision(t, copied); got != 1 {
			t.Errorf("revision %d", got)
		}
		if ws := scanAll(t, copied); len(ws[0].Claims) != 3 {
			t.Errorf("%d claims", len(ws[0].Claims))
		}
		view(t, copied, func(r *reader) {
			if n, err := r.no("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"); err != nil || n > 0 {
				t.Errorf("integrity: %d, %v", n, err)
			}
		})
		putAll(t, copied, worldOf(t, 2, 3))
	}
}

// TestRollback forgets the words of an Update that failed.
func TestRollback(t *testing.T) {
	s := fresh(t)
	stop := errors.New("stop")
	failed := worldOf(t, 1, 3)
	for _, c := range failed.Claims {
		c.Added.By = "nobody"
	}
	err := s.Update(t.Context(), func(w intel.Writer) error { return errors.Join(w.Put(t.Context(), failed), stop) })
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	putAll(t, s, worldOf(t, 1, 3))
	view(t, s, func(r *reader) {
		changes, err := r.Changes(t.Context(), 0, 100)
		if err != nil || len(changes) != 3 || changes[0].Added.By != "test" {
			t.Errorf("%v, %v", changes, err)
		}
	})
}

// TestFailedPut holds that nothing is committed after a Put that failed, even
// when the function passes over it.
func TestFailedPut(t *testing.T) {
	s := fresh(t)
	err := s.Update(t.Context(), func(w intel.Writer) error {
		bad := worldOf(t, 1, 3)
		bad.Claims = append(bad.Claims, bad.Claims[0])
		_ = w.Put(t.Context(), bad)
		return nil
	})
	if err == nil || lastRevision(t, s) != 0 {
		t.Errorf("%v, revision %d", err, lastRevision(t, s))
	}
}

func TestBusy(t *testing.T) {
	s := fresh(t)
	c, err := sqlite.OpenConn(s.path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := (&conn{Conn: c}).once("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Update(ctx, func(intel.Writer) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while another process writes: %v", err)
	}
	if got := lastRevision(t, s); got != 0 {
		t.Errorf("readers do not wait: revision %d", got)
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		prepare func(path string)
		want    error
	}{
		"not a database":         {func(path string) { file(t, dir, filepath.Base(path)) }, intel.ErrUnavailable},
		"another program's":      {func(path string) { raw(t, &Store{path: path}, "CREATE TABLE x (y)") }, intel.ErrConflict},
		"another program's mark": {func(path string) { raw(t, &Store{path: path}, "PRAGMA application_id = 7") }, intel.ErrConflict},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		c.prepare(path)
		s := at(t, path)
		for call, err := range map[string]error{
			"Setup":  s.Setup(t.Context()),
			"View":   s.View(t.Context(), func(intel.Reader) error { return nil }),
			"Update": s.Update(t.Context(), func(intel.Writer) error { return nil }),
		} {
			if !errors.Is(err, c.want) {
				t.Errorf("%s, %s: %v", name, call, err)
			} else if strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "PRAGMA") {
				t.Errorf("%s, %s: the error tells too much: %v", name, call, err)
			}
		}
	}
}

// TestFailureTexts holds that an error of a statement names neither it nor what
// it was given.
func TestFailureTexts(t *testing.T) {
	s := fresh(t)
	view(t, s, func(r *reader) {
		err := failure(t.Context(), "try", r.c.run("SELECT secret FROM nowhere"))
		if got := err.Error(); got != "try: the database answered SQLITE_ERROR" {
			t.Error(got)
		}
	})
}

// TestMigrationsAreSteps holds that step n of the schema is file n, and that
// each leaves a schema that the next Setup takes up.
func TestMigrationsAreSteps(t *testing.T) {
	for i, name := range steps() {
		if !strings.HasPrefix(filepath.Base(name), "000"+string(rune('1'+i))+"_") {
			t.Errorf("step %d is %s", i+1, name)
		}
	}
	s := fresh(t)
	before := epoch(t, s)
	if err := s.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := epoch(t, s); after != before {
		t.Error("a second Setup drew another epoch")
	}
	raw(t, s, "PRAGMA user_version = 0")
	if err := at(t, s.path).View(t.Context(), func(intel.Reader) error { return nil }); !errors.Is(err, intel.ErrUnavailable) {
		t.Errorf("a schema older than the program: %v", err)
	}
}

func epoch(t *testing.T, s *Store) (epoch string) {
	t.Helper()
	view(t, s, func(r *reader) {
		m, err := r.Meta(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		epoch = m.Epoch
	})
	return epoch
}

// TestLongLog holds that the log does not grow for ever under readers that
// follow each other without a gap.
func TestLongLog(t *testing.T) {
	s := fresh(t)
	s.longLog = 256 << 10
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			next := make(chan struct{})
			go func() {
				_ = s.View(t.Context(), func(intel.Reader) error {
					close(next)
					time.Sleep(2 * time.Millisecond)
					return nil
				})
			}()
			<-next
		}
	}()
	for i := range int64(8) {
		s.shortened = time.Time{}
		putAll(t, s, worldOf(t, i+1, 300))
	}
	close(stop)
	<-done
	s.shortened = time.Time{}
	putAll(t, s, worldOf(t, 9, 3))
	info, err := os.Stat(s.path + "-wal")
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("the log has %d bytes, %v", info.Size(), err)
	}
}

// TestSetupByMany sets one file up from many handles at once: each finds it
// untouched or done, and none takes it for another program's.
func TestSetupByMany(t *testing.T) {
	for range 10 {
		path := filepath.Join(t.TempDir(), "x.db")
		var all sync.WaitGroup
		for range 8 {
			s := at(t, path)
			all.Go(func() {
				if err := s.Setup(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}
