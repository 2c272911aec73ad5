package intel_test

import (
	"slices"
	"testing"
	"time"

	"dragnet/internal/intel"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func stamp(revision int64) intel.Stamp {
	return intel.Stamp{Revision: revision, At: noon.Add(time.Duration(revision) * time.Hour)}
}

func TestViewAdmits(t *testing.T) {
	claim := &intel.Claim{Confidence: 60, Source: "source:a", ValidFrom: intel.MustDate("2020"), ValidTo: intel.MustDate("2021-06"), Added: stamp(2),
		Events: []intel.Event{{Stamp: stamp(4), Retracted: true}, {Stamp: stamp(6)}, {Stamp: stamp(8), Retracted: true}}}
	head := intel.Header{Reliability: "C", Marking: "AMBER"}
	live := *claim
	live.Events = live.Events[:2]
	for _, c := range []struct {
		name  string
		view  intel.View
		claim *intel.Claim
		head  intel.Header
		want  bool
	}{
		{"live now", intel.View{}, &live, head, true},
		{"retracted now", intel.View{}, claim, head, false},
		{"before it was added", intel.View{AtRevision: new(int64(1))}, claim, head, false},
		{"when it was added", intel.View{AtRevision: new(int64(2))}, claim, head, true},
		{"when it was retracted", intel.View{AtRevision: new(int64(4))}, claim, head, false},
		{"when it was reinstated", intel.View{AtRevision: new(int64(6))}, claim, head, true},
		{"after all", intel.View{AtRevision: new(int64(9))}, claim, head, false},
		{"known just before it was added", intel.View{KnownAt: stamp(2).At.Add(-1)}, claim, head, false},
		{"known at the moment it was added", intel.View{KnownAt: stamp(2).At}, claim, head, true},
		{"known at the moment it was retracted", intel.View{KnownAt: stamp(4).At}, claim, head, false},
		{"known between", intel.View{KnownAt: stamp(7).At}, claim, head, true},
		{"confidence enough", intel.View{MinConfidence: 60}, &live, head, true},
		{"confidence too low", intel.View{MinConfidence: 61}, &live, head, false},
		{"reliable enough", intel.View{MinReliability: "C"}, &live, head, true},
		{"not reliable enough", intel.View{MinReliability: "B"}, &live, head, false},
		{"F is left out by E", intel.View{MinReliability: "E"}, &live, intel.Header{Reliability: "F"}, false},
		{"F when asked for", intel.View{MinReliability: "F"}, &live, intel.Header{Reliability: "F"}, true},
		{"everything when F is asked for", intel.View{MinReliability: "F"}, &live, intel.Header{Reliability: "E"}, true},
		{"marked as high as allowed", intel.View{MaxMarking: "AMBER"}, &live, head, true},
		{"marked too high", intel.View{MaxMarking: "GREEN"}, &live, head, false},
		{"of the sources asked for", intel.View{Sources: []string{"source:b", "source:a"}}, &live, head, true},
		{"of other sources", intel.View{Sources: []string{"source:b"}}, &live, head, false},
		{"of no sources", intel.View{Sources: []string{}}, &live, head, false},
		{"valid then", intel.View{ValidAt: intel.MustDate("2020-01-01")}, &live, head, true},
		{"possibly valid then", intel.View{ValidAt: intel.MustDate("2021")}, &live, head, true},
		{"valid on its last day", intel.View{ValidAt: intel.MustDate("2021-06-30")}, &live, head, true},
		{"no longer valid", intel.View{ValidAt: intel.MustDate("2021-07")}, &live, head, false},
		{"not yet valid", intel.View{ValidAt: intel.MustDate("2019")}, &live, head, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.view.Admits(c.claim, c.head); got != c.want {
				t.Errorf("Admits says %v", got)
			}
		})
	}
}

func TestViewIsDefault(t *testing.T) {
	for name, v := range map[string]intel.View{"the zero View": {}, "up to RED": {MaxMarking: "RED"}} {
		if !v.IsDefault() || v.Past() {
			t.Errorf("%s is not the default", name)
		}
	}
	for name, v := range map[string]intel.View{
		"validAt": {ValidAt: intel.MustDate("2020")}, "knownAt": {KnownAt: noon}, "atRevision": {AtRevision: new(int64(0))}, "minConfidence": {MinConfidence: 1},
		"minSupport": {MinSupport: 1}, "minReliability": {MinReliability: "F"}, "maxMarking": {MaxMarking: "AMBER_STRICT"}, "sources": {Sources: []string{}},
	} {
		if v.IsDefault() {
			t.Errorf("%s is the default", name)
		}
		if past := name == "knownAt" || name == "atRevision"; v.Past() != past {
			t.Errorf("%s looks at the past: %v", name, v.Past())
		}
	}
}

// history is a source with two headers: the older edition came later.
func history() *intel.Source {
	early := intel.Header{Title: "Early", Reliability: "A", DerivedFrom: []string{"source:root"}, RetrievedAt: noon.AddDate(0, 0, 1)}
	late := intel.Header{Title: "Late", Reliability: "B", RetrievedAt: noon.AddDate(0, 0, 2)}
	older := intel.Header{Title: "Older", Reliability: "C", RetrievedAt: noon}
	return &intel.Source{ID: "source:a", Header: late, Origins: []string{"source:a"}, Versions: []intel.HeaderVersion{
		{Header: early, Added: stamp(2)}, {Header: late, Added: stamp(4)}, {Header: older, Added: stamp(6)},
	}}
}

func TestViewHeader(t *testing.T) {
	for _, c := range []struct {
		name  string
		view  intel.View
		title string
		stub  bool
	}{
		{"now", intel.View{}, "Late", false},
		{"before it was described", intel.View{AtRevision: new(int64(1))}, "a", true},
		{"at first", intel.View{AtRevision: new(int64(3))}, "Early", false},
		{"later", intel.View{AtRevision: new(int64(4))}, "Late", false},
		{"an older edition that comes later", intel.View{AtRevision: new(int64(9))}, "Late", false},
		{"known at a moment", intel.View{KnownAt: stamp(2).At}, "Early", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if h, stub := c.view.Header(history()); h.Title != c.title || stub != c.stub {
				t.Errorf("%q (stub: %v), want %q (%v)", h.Title, stub, c.title, c.stub)
			}
		})
	}
}

func TestGather(t *testing.T) {
	claim := func(id, source string, added int64) *intel.Claim {
		return &intel.Claim{ID: id, Source: source, Confidence: 80, Added: stamp(added)}
	}
	claims := []*intel.Claim{claim("1", "source:a", 1), claim("2", "source:b", 2), claim("3", "source:unknown", 3)}
	b := &intel.Source{ID: "source:b", Header: intel.Header{Title: "B", Reliability: "D", DerivedFrom: []string{"source:a"}}, Origins: []string{"source:a"}}
	b.Versions = []intel.HeaderVersion{{Header: b.Header, Added: stamp(5)}}
	sources := map[string]*intel.Source{"source:a": history(), "source:b": b}

	es := intel.Gather(claims, sources, intel.View{})
	if len(es) != 3 || es[0].Title != "Late" || es[0].Reliability != "B" || !slices.Equal(es[1].Origins, []string{"source:a"}) {
		t.Errorf("now: %+v", es)
	}
	if e := es[2]; e.Title != "unknown" || e.Reliability != "F" || !slices.Equal(e.Origins, []string{"source:unknown"}) {
		t.Errorf("a source that is not there is a stub: %+v", e)
	}
	es = intel.Gather(claims, sources, intel.View{AtRevision: new(int64(2))})
	if len(es) != 2 || es[0].Title != "Early" || !slices.Equal(es[0].Origins, []string{"source:root"}) {
		t.Errorf("at revision 2 the source had its early header, and derived from the root: %+v", es)
	}
	if e := es[1]; e.Reliability != "F" || !slices.Equal(e.Origins, []string{"source:b"}) {
		t.Errorf("at revision 2 source:b was a stub that derived from nothing: %+v", e)
	}
	es = intel.Gather(claims, sources, intel.View{AtRevision: new(int64(3)), MinReliability: "A"})
	if len(es) != 1 || es[0].ID != "1" {
		t.Errorf("only source:a was reliable then: %+v", es)
	}
	es = intel.Gather(claims, sources, intel.View{AtRevision: new(int64(5))})
	if !slices.Equal(es[1].Origins, []string{"source:a"}) {
		t.Errorf("at revision 5 source:b derived from source:a, then derived from nothing: %+v", es[1])
	}
}

func TestClaimLives(t *testing.T) {
	c := &intel.Claim{Added: stamp(2), Events: []intel.Event{{Stamp: stamp(4), Retracted: true, Reason: "r"}, {Stamp: stamp(4)}, {Stamp: stamp(6), Retracted: true, Reason: "s"}}}
	for revision, want := range map[int64]bool{1: false, 2: true, 3: true, 4: true, 5: true, 6: false, 7: false} {
		if got := c.LiveAt(revision); got != want {
			t.Errorf("live at revision %d: %v", revision, got)
		}
		if got := c.LiveAsOf(stamp(revision).At); got != want {
			t.Errorf("live as of revision %d: %v", revision, got)
		}
	}
	if c.Live() || c.Changed() != 6 || c.Retraction().Reason != "s" {
		t.Errorf("live: %v, changed %d, retraction %+v", c.Live(), c.Changed(), c.Retraction())
	}
	c.Events = c.Events[:2]
	if !c.Live() || c.Changed() != 4 || c.Retraction() != nil {
		t.Errorf("reinstated: live %v, changed %d, retraction %+v", c.Live(), c.Changed(), c.Retraction())
	}
}
