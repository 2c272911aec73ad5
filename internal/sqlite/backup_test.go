package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dragnet/internal/intel"
)

// TestBackupWhileWriting takes backups of a store that is being written: each is
// the state after some revision, whole.
func TestBackupWhileWriting(t *testing.T) {
	s := fresh(t)
	putAll(t, s, worldOf(t, 1, 200))
	stop, done := make(chan struct{}), make(chan int64)
	go func() {
		last := int64(1)
		defer func() { done <- last }()
		for {
			select {
			case <-stop:
				return
			default:
				last++
				putAll(t, s, worldOf(t, last, 200))
			}
		}
	}()
	var paths []string
	for i := range 5 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		if err := Backup(t.Context(), s.path, path); err != nil {
			t.Error(err)
		}
		paths = append(paths, path)
	}
	close(stop)
	last := <-done
	for _, path := range paths {
		view(t, at(t, path), func(r *reader) {
			meta, err := r.Meta(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all, err := r.Scan(t.Context(), intel.PartClaims, "", 1_000_000)
			if err != nil {
				t.Fatal(err)
			}
			if n := meta.Last.Revision; n < 1 || n > last || int64(len(all.Claims)) != 201*n {
				t.Errorf("the copy is of revision %d of %d, with %d claims", n, last, len(all.Claims))
			}
		})
	}
}

// TestDamagedBackup says that what is damaged is not put in the place of a store.
func TestDamagedBackup(t *testing.T) {
	s := fresh(t)
	putAll(t, s, worldOf(t, 1, 2000))
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(t.Context(), s.path, copied); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+20_000; i++ {
		b[i] ^= 0x55
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "restored.db")
	if err := Restore(t.Context(), copied, to); !errors.Is(err, intel.ErrUnavailable) {
		t.Errorf("a damaged backup: %v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was restored: %v", err)
	}
}
