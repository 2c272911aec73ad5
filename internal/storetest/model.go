package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"sync"

	"dragnet/internal/intel"
)

// A database is what several handles of the model share.
type database struct {
	writing sync.Mutex // held by the Update that runs
	mu      sync.Mutex
	ready   bool
	newer   bool
	now     *state // replaced whole by each commit, never changed
}

// model is the naive store: every read walks over everything. It says what the
// contract means; the suite holds the adapters against it, and is itself first
// run on it.
type model struct {
	db      *database
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func newModel() *model {
	return &model{db: &database{now: &state{meta: intel.Meta{Epoch: rand.Text()}}}}
}

func readyModel() *model {
	m := newModel()
	m.db.ready = true
	return m
}

// again is a second handle on the same database.
func (m *model) again() *model { return &model{db: m.db} }

func (m *model) Setup(ctx context.Context) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	defer m.running.Done()
	m.db.mu.Lock()
	defer m.db.mu.Unlock()
	if m.db.newer {
		return intel.ErrConflict
	}
	m.db.ready = true
	return nil
}

// begin counts a call as running, so that Close can wait for it.
func (m *model) begin(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.closed {
		return intel.ErrUnavailable
	}
	m.running.Add(1)
	return nil
}

func (m *model) snapshot() (*state, error) {
	m.db.mu.Lock()
	defer m.db.mu.Unlock()
	if !m.db.ready {
		return nil, intel.ErrUnavailable
	}
	return m.db.now, nil
}

func (m *model) View(ctx context.Context, read func(intel.Reader) error) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	defer m.running.Done()
	s, err := m.snapshot()
	if err != nil {
		return err
	}
	return read(s)
}

func (m *model) Update(ctx context.Context, write func(intel.Writer) error) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	defer m.running.Done()
	m.db.writing.Lock()
	defer m.db.writing.Unlock()
	s, err := m.snapshot()
	if err != nil {
		return err
	}
	w := s.clone()
	if err := write(w); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.db.mu.Lock()
	defer m.db.mu.Unlock()
	m.db.now = w.state
	return nil
}

func (m *model) Close() error {
	m.mu.Lock()
	closed := m.closed
	m.closed = true
	m.mu.Unlock()
	m.running.Wait()
	if closed {
		return intel.ErrUnavailable
	}
	return nil
}

// state is everything in a store at one revision. It is a Reader.
type state struct {
	meta     intel.Meta
	claims   map[string]*intel.Claim
	sources  map[string]*intel.Source // without versions
	versions map[string][]intel.HeaderVersion
	records  map[string]*intel.Record
	links    map[string]*intel.Link
	// reweighed holds Batch.Reweighed by revision.
	reweighed map[int64][]string
}

// draft is a state that an Update changes.
type draft struct {
	*state
	stamped bool // this Update has made its revision
}

func (s *state) clone() *draft {
	return &draft{state: &state{
		meta: s.meta, claims: cloned(s.claims), sources: cloned(s.sources), versions: cloned(s.versions),
		records: cloned(s.records), links: cloned(s.links), reweighed: clonedLists(s.reweighed),
	}}
}

func cloned[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

func clonedLists(m map[int64][]string) map[int64][]string {
	out := map[int64][]string{}
	for k, v := range m {
		out[k] = slices.Clone(v)
	}
	return out
}

var errBadRow = errors.New("the batch does not fit the store")

func (d *draft) Put(ctx context.Context, b intel.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.stamp(b); err != nil {
		return err
	}
	for _, c := range b.Claims {
		if d.claims[c.ID] != nil {
			return errBadRow
		}
		own := *c
		d.claims[c.ID] = &own
	}
	for _, e := range b.Events {
		c := d.claims[e.Claim]
		if c == nil {
			return errBadRow
		}
		own := *c
		own.Events = append(slices.Clone(c.Events), e.Event)
		d.claims[e.Claim] = &own
	}
	d.putSources(b)
	if err := d.putSettled(b); err != nil {
		return err
	}
	d.meta.Counts = d.meta.Counts.Plus(b.Counts)
	if b.Settled != nil {
		d.meta.SettleVersion, d.meta.NamesVersion = b.Settled[0], b.Settled[1]
	}
	return nil
}

func (d *draft) stamp(b intel.Batch) error {
	if len(b.Claims)+len(b.Events)+len(b.Versions) == 0 {
		return nil
	}
	want := d.meta.Last.Revision + 1
	if d.stamped {
		want--
	}
	if b.Stamp.Revision != want {
		return intel.ErrConflict
	}
	d.stamped, d.meta.Last = true, b.Stamp
	return nil
}

func (d *draft) putSources(b intel.Batch) {
	if n := b.Stamp.Revision; len(b.Reweighed) > 0 {
		d.reweighed[n] = append(d.reweighed[n], b.Reweighed...)
	}
	for id, vs := range b.Versions {
		all := append(slices.Clone(d.versions[id]), vs...)
		slices.SortFunc(all, compareVersions)
		d.versions[id] = all
	}
	for _, s := range b.Sources {
		own := *s
		own.Versions = nil
		d.sources[s.ID] = &own
	}
}

func (d *draft) putSettled(b intel.Batch) error {
	for _, id := range b.DropLinks {
		delete(d.links, id)
	}
	for _, id := range b.DropRecords {
		delete(d.records, id)
	}
	for _, r := range b.Records {
		own := *r
		d.records[r.ID] = &own
	}
	for _, l := range b.Links {
		own := *l
		d.links[l.ID] = &own
	}
	for _, l := range b.Links {
		if d.records[l.From] == nil || d.records[l.To] == nil {
			return errBadRow
		}
	}
	return nil
}
