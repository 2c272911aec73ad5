package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"dragnet/internal/intel"
)

// maxResettled bounds what one change of a source's header may settle again.
const maxResettled = 50_000

// state is what one commit knows of the store, with what it is about to
// change laid over it.
type state struct {
	r     intel.Reader
	meta  intel.Meta
	stamp intel.Stamp // of the commit; By is each job's own

	claims  map[string]*intel.Claim // live or asked for by id, as they will be
	sources map[string]*intel.Source
	records map[string]*intel.Record // as they are in the store; nil: not there
	links   map[string]*intel.Link   // likewise
	loaded  struct{ subjects, links, froms map[string]bool }

	// What the commit changes.
	added  []*intel.Claim
	events []intel.ClaimEvent
	// revived counts the claims that events made live, less those they ended.
	revived  int64
	versions map[string][]intel.HeaderVersion
	fresh    map[string]bool // sources that were not in the store
	reweigh  map[string]bool // sources whose claims weigh otherwise now
	// rederived are those of them that derive from others than before.
	rederived map[string]bool
	touched   map[string]bool // source rows to write
}

func newState(r intel.Reader, meta intel.Meta, stamp intel.Stamp) *state {
	s := &state{r: r, meta: meta, stamp: stamp,
		claims: map[string]*intel.Claim{}, sources: map[string]*intel.Source{},
		records: map[string]*intel.Record{}, links: map[string]*intel.Link{},
		versions: map[string][]intel.HeaderVersion{}, fresh: map[string]bool{}, reweigh: map[string]bool{}, rederived: map[string]bool{}, touched: map[string]bool{}}
	s.loaded.subjects, s.loaded.links, s.loaded.froms = map[string]bool{}, map[string]bool{}, map[string]bool{}
	return s
}

// load brings what need names into the state. What is there already, perhaps
// changed by this commit, is left as it is.
func (s *state) load(ctx context.Context, need intel.Need) (*intel.WorkingSet, error) {
	need.Subjects = s.unloaded(need.Subjects, s.loaded.subjects)
	need.Links = s.unloaded(need.Links, s.loaded.links)
	need.From = slices.DeleteFunc(distinct(need.From), func(f intel.FromNeed) bool {
		k := f.From + "|" + string(f.Type)
		was := s.loaded.froms[k]
		s.loaded.froms[k] = true
		return was
	})
	need.FromRows = need.From
	need.LinkRows = append(need.LinkRows, need.Links...)
	known := func(id string) bool { _, ok := s.records[id]; return ok }
	need.Records = slices.DeleteFunc(distinct(append(need.Records, need.Subjects...)), known)
	if emptyNeed(need) {
		return &intel.WorkingSet{}, nil
	}
	ws, err := s.r.Collect(ctx, need)
	if err != nil {
		return nil, err
	}
	for _, c := range ws.Claims {
		if s.claims[c.ID] == nil {
			s.claims[c.ID] = c
		}
	}
	for id, src := range ws.Sources {
		// A row that came with its versions replaces one that came without.
		if have := s.sources[id]; have == nil || have.Versions == nil && !s.touched[id] {
			s.sources[id] = src
		}
	}
	for _, id := range need.Records {
		s.records[id] = nil
	}
	for _, r := range ws.Records {
		s.records[r.ID] = r
	}
	for _, l := range ws.Links {
		if _, ok := s.links[l.ID]; !ok {
			s.links[l.ID] = l
		}
	}
	return ws, nil
}

func emptyNeed(n intel.Need) bool {
	return len(n.ClaimIDs)+len(n.Subjects)+len(n.Links)+len(n.From)+len(n.Touching)+len(n.ClaimsOf)+
		len(n.Records)+len(n.LinkRows)+len(n.FromRows)+len(n.Sources)+len(n.Dependents)+len(n.Mentions) == 0
}

func (s *state) unloaded(ids []string, loaded map[string]bool) []string {
	return slices.DeleteFunc(distinct(ids), func(id string) bool {
		was := loaded[id]
		loaded[id] = true
		return was
	})
}

// source gives the row of a source; one that nobody described is a new stub.
func (s *state) source(id string) *intel.Source {
	if src := s.sources[id]; src != nil {
		return src
	}
	src := intel.StubSource(id)
	s.sources[id] = src
	s.touched[id] = true
	s.fresh[id] = true
	return src
}

// change gives the row of a source to write to.
func (s *state) change(id string) *intel.Source {
	src := *s.source(id)
	s.sources[id] = &src
	s.touched[id] = true
	return &src
}

func (s *state) addClaim(c *intel.Claim, by string) {
	c.Added = s.by(by)
	s.claims[c.ID] = c
	s.added = append(s.added, c)
	s.change(c.Source).Claims++
}

func (s *state) addEvent(id string, e intel.Event) {
	c := *s.claims[id]
	was := c.Live()
	c.Events = append(slices.Clone(c.Events), e)
	s.claims[id] = &c
	s.events = append(s.events, intel.ClaimEvent{Claim: id, Event: e})
	// A claim that was withdrawn and is now retracted was not live before.
	switch is := c.Live(); {
	case was && !is:
		s.change(c.Source).Claims--
		s.revived--
	case is && !was:
		s.change(c.Source).Claims++
		s.revived++
	}
}

func (s *state) by(who string) intel.Stamp {
	st := s.stamp
	st.By = who
	return st
}

// putHeader lays a header version over the state. It says whether the source
// was new, or its counting header changed.
func (s *state) putHeader(d intel.SourceDraft, keep bool, by string) (added, changed bool, err error) {
	hash := intel.HeaderHash(d.ID, d.Header)
	src := s.sources[d.ID]
	var have []intel.HeaderVersion
	if src != nil {
		have = src.Versions
	}
	if slices.ContainsFunc(have, func(v intel.HeaderVersion) bool { return v.Hash == hash }) {
		return false, false, nil
	}
	for _, v := range have {
		if !keep && (d.RetrievedAt.IsZero() || d.RetrievedAt.Equal(v.RetrievedAt)) {
			return false, false, intel.Invalid("retrievedAt", "the source %s is known with other details; say when you looked (retrievedAt), later than the time already given", d.ID)
		}
	}
	added = src == nil || src.Stub
	version := intel.HeaderVersion{Header: d.Header, Hash: hash, Added: s.by(by)}
	row := s.change(d.ID)
	row.Versions = append(slices.Clone(have), version)
	s.versions[d.ID] = append(s.versions[d.ID], version)
	counting, _ := intel.Counting(row.Versions)
	before := row.Header
	row.Header, row.Stub = counting.Header, false
	for _, p := range d.DerivedFrom {
		s.source(p)
	}
	if !slices.Equal(before.DerivedFrom, row.DerivedFrom) {
		s.rederived[d.ID] = true
	}
	if before.Reliability != row.Reliability || before.PublishedOn != row.PublishedOn || !slices.Equal(before.DerivedFrom, row.DerivedFrom) {
		s.reweigh[d.ID] = true
	}
	return added, !added, nil
}

// reorigin works out the origins of the sources whose headers changed and of
// all that derive from them, and gives those whose claims weigh otherwise now.
func (s *state) reorigin(ctx context.Context) ([]string, error) {
	if len(s.reweigh) == 0 {
		return nil, nil
	}
	all := sorted(s.reweigh)
	if len(s.rederived) > 0 {
		ws, err := s.load(ctx, intel.Need{Dependents: sorted(s.rederived)})
		if err != nil {
			return nil, err
		}
		all = distinct(append(all, ws.Dependents...))
	}
	if _, err := s.load(ctx, intel.Need{Sources: all}); err != nil {
		return nil, err
	}
	parents := func(id string) []string {
		if src := s.sources[id]; src != nil {
			return src.DerivedFrom
		}
		return nil
	}
	var weigh []string
	for _, id := range all {
		origins := intel.OriginsOf(id, parents)
		if was := s.source(id); !slices.Equal(was.Origins, origins) {
			s.change(id).Origins = origins
		} else if !s.reweigh[id] {
			continue
		}
		weigh = append(weigh, id)
	}
	return weigh, nil
}

// reweighed loads every claim that weighs otherwise because of a header. Sources
// that were not in the store have none in it.
func (s *state) reweighed(ctx context.Context) ([]*intel.Claim, error) {
	weigh, err := s.reorigin(ctx)
	weigh = slices.DeleteFunc(weigh, func(id string) bool { return s.fresh[id] })
	if err != nil || len(weigh) == 0 {
		return nil, err
	}
	ws, err := s.load(ctx, intel.Need{ClaimsOf: weigh, ClaimLimit: 4 * maxResettled})
	if errors.Is(err, intel.ErrLimit) {
		return nil, tooMany()
	}
	if err != nil {
		return nil, err
	}
	return ws.Claims, nil
}

func tooMany() error {
	return fmt.Errorf("%w: this changes what more than %d entities and links rest on; stop the server, put the header with: dragnet resettle --source FILE", intel.ErrLimit, maxResettled)
}

func sorted(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// distinct gives the elements once each, in the order of their first standing.
func distinct[T comparable](in []T) []T {
	seen := make(map[T]bool, len(in))
	out := make([]T, 0, len(in))
	for _, x := range in {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

func indexed(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
