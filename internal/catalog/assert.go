package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dragnet/internal/intel"
)

// replacedReason is why a REPLACE retracts what its source no longer says, and
// backReason why it reinstates what the source says again.
const (
	replacedReason = "not in the source's new edition"
	backReason     = "in the source's new edition again"
)

// Assert writes claims of one source. All faults of a batch come back together
// as intel.FieldErrors: with Abort as the error, with Skip in the rows. A
// REPLACE with a bad row writes nothing, also under Skip. With DryRun nothing is
// written and the result says what would be.
func (c *Catalog) Assert(ctx context.Context, in AssertInput) (*AssertResult, error) {
	a, err := newAssertion(in)
	if err != nil {
		return nil, err
	}
	if in.DryRun {
		err = c.try(ctx, a)
	} else {
		err = c.write(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	return &a.result, nil
}

// try works out a write without writing it.
func (c *Catalog) try(ctx context.Context, w work) error {
	return c.store.View(ctx, func(r intel.Reader) error {
		j := &job{work: w}
		t, good, err := c.prepare(ctx, r, []*job{j})
		if err != nil {
			return err
		}
		t.stamp.Revision = t.meta.Last.Revision // no revision is made
		for _, j := range good {
			j.report(t)
		}
		return j.err
	})
}

// assertion is the work of one Assert.
type assertion struct {
	in     AssertInput
	source string
	header *intel.SourceDraft
	// Checked rows, and the faults of the others.
	rows []*row
	bad  intel.FieldErrors
	// claims are all that the rows make, each once, in order of the rows; set by
	// need.
	claims []*intel.Claim
	// outcome by claim id, reached by apply.
	outcome   map[string]Outcome
	retracted int
	// late leaves it to the commit to read what the claims that it adds touch.
	late   bool
	faults intel.FieldErrors // bad, and names that did not resolve
	result AssertResult
}

func newAssertion(in AssertInput) (*assertion, error) {
	a := &assertion{in: in}
	if err := a.checkShape(); err != nil {
		return nil, err
	}
	above := a.checkSource()
	for i, d := range in.Claims {
		r, errs := checkDraft(i, a.source, d)
		if len(errs) > 0 {
			a.bad = append(a.bad, errs...)
			continue
		}
		a.rows = append(a.rows, r)
	}
	if len(above) > 0 || a.mustAbort(a.bad) {
		return nil, append(above, a.bad...)
	}
	return a, nil
}

func (a *assertion) mustAbort(faults intel.FieldErrors) bool {
	return len(faults) > 0 && (a.in.OnError != Skip || a.in.Mode == Replace)
}

func (a *assertion) checkShape() error {
	in := &a.in
	in.Mode, in.OnError = cmp.Or(Mode(strings.ToUpper(string(in.Mode))), Add), OnError(strings.ToUpper(string(in.OnError)))
	switch {
	case (in.SourceID != "") == (in.Source != nil):
		return intel.Invalid("source", "give exactly one of id and put")
	case len(in.Claims) > MaxClaims:
		return TooManyClaims(len(in.Claims), in.Mode)
	case in.Mode != Add && in.Mode != Replace && in.Mode != Edition:
		return intel.Invalid("mode", "is ADD or REPLACE, not %q", in.Mode)
	case in.OnError != "" && in.OnError != Abort && in.OnError != Skip:
		return intel.Invalid("onError", "is ABORT or SKIP, not %q", in.OnError)
	}
	return nil
}

// TooManyClaims is the fault of a call with that many claims.
func TooManyClaims(n int, m Mode) *intel.FieldError {
	advice := "send them in parts"
	if m == Replace {
		advice = "an edition cannot be replaced in parts; split the source, or send what is new with ADD and retract what is gone"
	}
	return &intel.FieldError{Field: "claims", Row: -1, Kind: intel.ErrLimit, Msg: fmt.Sprintf("holds %d claims, at most %d go in one call: %s", n, MaxClaims, advice)}
}

// checkSource checks what the claims are from.
func (a *assertion) checkSource() intel.FieldErrors {
	if a.in.Source == nil {
		id, err := intel.ParseSourceID(a.in.SourceID)
		if err != nil {
			return intel.FieldErrors{intel.Invalid("source.id", "%s", err)}
		}
		a.source = id
		return nil
	}
	d, errs := checkSource(-1, *a.in.Source)
	for i := range errs {
		errs[i] = errs[i].At("source.put")
	}
	a.source, a.header = d.ID, &d
	return errs
}

func (a *assertion) size() int { return len(a.rows) + 1 }

func (a *assertion) subjects() []string {
	if a.header != nil || a.in.Mode == Replace {
		return nil
	}
	out := make([]string, 0, len(a.rows))
	for _, r := range a.rows {
		if len(r.named) > 0 {
			return nil
		}
		out = append(out, r.claim.Subject)
		if r.claim.IsLink() && r.claim.LinkType.Info().Symmetric {
			out = append(out, r.claim.Object) // which end comes first is not settled yet
		}
		for _, c := range r.also {
			out = append(out, c.Subject)
		}
	}
	return distinct(out)
}

func (a *assertion) names() []string {
	var out []string
	for _, r := range a.rows {
		for _, n := range r.named {
			out = append(out, intel.NameKey(n.Name))
		}
	}
	return out
}

func (a *assertion) need(found []intel.NameRow) (intel.Need, error) {
	a.faults = slices.Clone(a.bad)
	a.claims, a.outcome = nil, map[string]Outcome{}
	n := intel.Need{Sources: []string{a.source}}
	if a.header != nil {
		n.Sources = append(n.Sources, a.header.DerivedFrom...)
	}
	if a.in.Mode == Replace {
		n.ClaimsOf = []string{a.source}
	}
	for _, r := range a.rows {
		r.made = nil
		if !a.resolve(r, found) {
			continue
		}
		// What was checked stays as it is: a store may have this done again.
		made := *r.claim
		if r.made = &made; made.IsLink() {
			made.Subject, made.Object = made.LinkType.Orient(made.Subject, made.Object)
		}
		for _, c := range append([]*intel.Claim{r.made}, r.also...) {
			if c.ID = c.HashID(); a.outcome[c.ID] == "" {
				a.outcome[c.ID] = Unchanged
				a.claims = append(a.claims, c)
				n.ClaimIDs = append(n.ClaimIDs, c.ID)
				if !a.late {
					addNeed(&n, c)
				}
			}
		}
	}
	slices.SortStableFunc(a.faults, func(x, y *intel.FieldError) int { return x.Row - y.Row })
	if a.mustAbort(a.faults) {
		return n, a.faults
	}
	return n, nil
}

func addNeed(n *intel.Need, c *intel.Claim) {
	n.Records = append(n.Records, c.Mentions()...)
	if !c.IsLink() {
		n.Subjects = append(n.Subjects, c.Subject)
		return
	}
	n.Links = append(n.Links, c.LinkID())
	if _, exclusive := c.LinkType.Allows(intel.KindOf(c.Subject), intel.KindOf(c.Object)); exclusive {
		n.From = append(n.From, intel.FromNeed{From: c.Subject, Type: c.LinkType})
	}
}

// resolve fills in references by name; it notes what is wrong and says whether
// the row is good.
func (a *assertion) resolve(r *row, found []intel.NameRow) bool {
	c := &checker{row: r.index}
	for _, n := range r.named {
		id, err := pickNamed(n.NamedEntity, found)
		if err != nil {
			c.add(n.field, err)
			continue
		}
		n.put(id)
	}
	cl := r.claim
	if cl.IsLink() && len(c.errs) == 0 {
		if cl.Subject == cl.Object {
			c.addf("link.to", "an entity cannot be linked to itself (%s)", cl.Subject)
		}
	}
	a.faults = append(a.faults, c.errs...)
	return len(c.errs) == 0
}

// pickNamed finds the one entity of a kind that has a name.
func pickNamed(n intel.NamedEntity, found []intel.NameRow) (string, error) {
	key := intel.NameKey(n.Name)
	var ids []string
	for _, f := range found {
		if f.Key == key && intel.KindOf(f.Entity) == n.Kind && !slices.Contains(ids, f.Entity) {
			ids = append(ids, f.Entity)
		}
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", &intel.FieldError{Row: -1, Kind: intel.ErrConflict, Msg: fmt.Sprintf("no %s has the name or alias %q: give its id, or new to make one", n.Kind, clip(n.Name))}
	}
	shown := ids
	if len(shown) > 10 {
		shown = append(slices.Clone(ids[:10]), "…")
	}
	return "", &intel.FieldError{Row: -1, Kind: intel.ErrConflict, Msg: fmt.Sprintf("%d of kind %s have the name or alias %q: %s; give the id of the one meant", len(ids), n.Kind, clip(n.Name), strings.Join(shown, ", "))}
}

func (a *assertion) apply(_ context.Context, s *state) error {
	if a.header != nil {
		if _, _, err := s.putHeader(*a.header, a.in.KeepHeader, a.in.By); err != nil {
			return at(err, "source.put")
		}
	}
	replaced := a.replaced(s)
	for _, c := range a.claims {
		have := s.claims[c.ID]
		switch {
		case have == nil:
			fresh := *c
			s.addClaim(&fresh, a.in.By)
			a.outcome[c.ID] = Added
		case have.Live():
			a.outcome[c.ID] = Unchanged
		case a.in.Mode != Add && have.Retraction().ByReplace:
			s.addEvent(c.ID, intel.Event{Stamp: s.by(a.in.By), Reason: backReason, ByReplace: true})
			a.outcome[c.ID] = Added
		default:
			a.outcome[c.ID] = Suppressed
		}
	}
	for _, id := range replaced {
		s.addEvent(id, intel.Event{Stamp: s.by(a.in.By), Retracted: true, Reason: replacedReason, ByReplace: true})
	}
	a.retracted = len(replaced)
	return nil
}

// replaced lists the live claims of the source that a REPLACE does not hold.
func (a *assertion) replaced(s *state) []string {
	if a.in.Mode != Replace {
		return nil
	}
	var out []string
	for id, c := range s.claims {
		if c.Source == a.source && c.Live() && a.outcome[id] == "" {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func (a *assertion) report(t *settlement) {
	a.outcomes(t)
	if own := a.subjects(); own == nil {
		a.result.Changes, a.result.Created = t.changesOf(nil, a.in.By), len(t.created)
	} else {
		mine := map[string]bool{}
		for _, id := range own {
			mine[id] = true
		}
		a.result.Changes = t.changesOf(mine, a.in.By)
		a.result.Created = t.createdBy(a.claims)
	}
}

// outcomes reports what became of the rows.
func (a *assertion) outcomes(t *settlement) {
	res := AssertResult{Retracted: a.retracted, Revision: t.revision(), Sources: t.sources}
	byRow := map[int]RowResult{}
	for _, r := range a.rows {
		if r.made == nil {
			continue // it is among the faults
		}
		id := r.made.ID
		byRow[r.index] = RowResult{Index: r.index, ClientRef: r.clientRef, Outcome: a.outcome[id], Claim: t.claims[id], Subject: r.made.Subject}
	}
	for _, f := range a.faults {
		if have, ok := byRow[f.Row]; !ok || have.Outcome != Rejected {
			d := a.in.Claims[f.Row]
			byRow[f.Row] = RowResult{Index: f.Row, ClientRef: d.ClientRef, Outcome: Rejected, Err: f}
		}
	}
	res.Claims = map[Outcome]int{}
	for _, c := range a.claims {
		res.Claims[a.outcome[c.ID]]++
		res.ClaimIDs = append(res.ClaimIDs, c.ID)
	}
	for i := range a.in.Claims {
		res.Rows = append(res.Rows, byRow[i])
	}
	a.result = res
}

// at puts the place of a field error below prefix.
func at(err error, prefix string) error {
	if fe, ok := err.(*intel.FieldError); ok { //nolint:errorlint // made right here, never wrapped
		return fe.At(prefix)
	}
	return err
}
