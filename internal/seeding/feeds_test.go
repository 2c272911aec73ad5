package seeding_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dragnet/internal/catalog"
	"dragnet/internal/everystore"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
	"dragnet/internal/seeding"
)

// feedFiles are real feeds that may stand beside the repository; without them
// the test is skipped.
func feedFiles(t *testing.T, names ...string) (files []seeding.File) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join("shared", "data", name)
		for len(path) < 60 {
			path = filepath.Join("..", path)
			if _, err := os.Stat(path); err == nil {
				break
			}
		}
		if _, err := os.Stat(path); err != nil {
			t.Skip("there is no " + name + " beside the repository")
		}
		files = append(files, seeding.File{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	return files
}

// load imports files of which no row is rejected, and again, which writes
// nothing.
func load(t *testing.T, cat *catalog.Catalog, files []seeding.File) (first seeding.Report) {
	t.Helper()
	o := seeding.Options{By: "tester", Reject: func(_ seeding.File, r exchange.Reject) error {
		t.Errorf("rejected at %s: %s", r.At, r.Reason)
		return nil
	}}
	first, err := seeding.Import(t.Context(), cat, files, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seeding.Import(t.Context(), cat, files, o)
	if err != nil {
		t.Fatal(err)
	}
	if again.Added != 0 || again.Entities != 0 || again.Unchanged != first.Added+first.Unchanged || again.Revision != first.Revision {
		t.Errorf("the first import reports %+v, the second %+v", first, again)
	}
	return first
}

func TestMISPFeeds(t *testing.T) {
	files := feedFiles(t, "misp-threat-actor.json.gz", "misp-producer.json.gz", "misp-country.json.gz", "misp-region.json")
	cat := newCatalog(t, everystore.SQLite(t))
	if first := load(t, cat, files); first.Sources != 1041+135 || first.Rejected != 0 {
		t.Errorf("%+v", first)
	}
	// Grizzly Steppe is both, and the firm that calls them so is told.
	apt28, apt29 := "group:misp-5b4ee3ea-eee3-4c8e-8323-85ae32658754", "group:misp-b2056ff0-00b9-482e-b11c-c771daa5f28a"
	a, err := cat.Read(t.Context(), intel.View{}, intel.Selection{LinkIDs: []string{apt28 + "|KNOWN_AS|alias:grizzly-steppe", apt29 + "|KNOWN_AS|alias:grizzly-steppe"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Links) != 2 || a.Links[0] == nil || a.Links[1] == nil {
		t.Errorf("Grizzly Steppe: %v", a.Links)
	}
	slices.Reverse(files)
	other := newCatalog(t, everystore.SQLite(t))
	load(t, other, files)
	if hashOf(t, other) != hashOf(t, cat) {
		t.Error("in another order the feeds give another graph")
	}
}

func TestAttackFeed(t *testing.T) {
	files := feedFiles(t, "attack-enterprise.json.gz")
	cat := newCatalog(t, everystore.SQLite(t))
	if first := load(t, cat, files); first.Sources != 19775 || first.Rejected != 0 {
		t.Errorf("%+v", first)
	}
	// APT34 was replaced by OilRig; FIN7 uses spearphishing.
	a, err := cat.Read(t.Context(), intel.View{}, intel.Selection{LinkIDs: []string{"group:g0057|REPLACED_BY|group:g0049", "group:g0046|USES|technique:t1566.001"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range a.Links {
		if l == nil {
			t.Errorf("link %d is not there", i)
		}
	}
}

// What is exported as STIX comes back as the same claims and sources.
func TestSTIXComesBack(t *testing.T) {
	everystore.Run(t, func(t *testing.T, open everystore.Opener) {
		cat := newCatalog(t, open(t))
		if _, err := seeding.Import(t.Context(), cat, sample(), seeding.Options{By: "tester"}); err != nil {
			t.Fatal(err)
		}
		want := hashOf(t, cat)
		x, err := cat.Export(t.Context(), catalog.Cut{})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := exchange.WriteSTIX(t.Context(), &b, x); err != nil {
			t.Fatal(err)
		}
		back := newCatalog(t, everystore.SQLite(t))
		if r := load(t, back, []seeding.File{text("bundle.json", b.String())}); len(r.Tally) > 0 {
			t.Errorf("%+v", r)
		}
		if hashOf(t, back) != want {
			t.Error("it came back as another graph")
		}
	})
}

// A value that cannot be read is one reject, and no source.
func TestRejectsAlone(t *testing.T) {
	var rejects []string
	o := seeding.Options{By: "tester", Reject: func(_ seeding.File, r exchange.Reject) error {
		rejects = append(rejects, r.At.Item+": "+r.Reason)
		return nil
	}}
	r, err := seeding.Import(t.Context(), newCatalog(t, everystore.SQLite(t)), []seeding.File{text("f", `{"uuid": "7", "value": "Seven"}`)}, o)
	if err != nil || r.Rejected != 1 || r.Sources != 0 || len(rejects) != 1 || rejects[0] != "7: `uuid` `7` is no UUID" {
		t.Errorf("%+v, %v, %v", r, rejects, err)
	}
}
