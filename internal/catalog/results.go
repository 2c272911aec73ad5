package catalog

import "dragnet/internal/intel"

// Mode says what happens to a source's other live claims.
type Mode string

// The modes of Assert.
const (
	Add     Mode = "ADD"
	Replace Mode = "REPLACE" // live claims of the source that are not sent are retracted
	// Edition sends a part of a source's new state, which may be of any size: what
	// an earlier REPLACE retracted comes back. When all parts are sent, Withdraw
	// retracts the rest.
	Edition Mode = "EDITION"
)

// OnError says what a bad row does to the others.
type OnError string

// The ways to treat a bad row.
const (
	Abort OnError = "ABORT" // nothing is written, all bad rows are reported
	Skip  OnError = "SKIP"  // the good rows are written
)

// MaxClaims is the most claims one Assert takes (one AssertAll in all), MaxSources the most sources
// one PutSources takes, MaxChanges the most ids one Retract or Reinstate takes.
const (
	MaxClaims  = 10_000
	MaxSources = 1_000
	MaxChanges = 10_000
)

// AssertInput is what one call of Assert sends.
type AssertInput struct {
	By string // the caller
	// SourceID or Source says where the claims are from; exactly one is given.
	SourceID string
	Source   *intel.SourceDraft
	// KeepHeader stores a differing header even when its retrievedAt is not
	// later than the counting one's, as imports do; the API refuses it.
	KeepHeader bool
	Claims     []intel.Draft
	Mode       Mode
	OnError    OnError
	DryRun     bool
}

// Outcome says what became of a row.
type Outcome string

// The outcomes of a row.
const (
	Added      Outcome = "ADDED"
	Unchanged  Outcome = "UNCHANGED"
	Suppressed Outcome = "SUPPRESSED" // it was retracted and stays so
	Rejected   Outcome = "REJECTED"
)

// RowResult is what became of one row of Assert.
type RowResult struct {
	Index     int
	ClientRef string
	Outcome   Outcome
	Claim     *intel.Claim // nil when rejected
	Subject   string       // the subject's id, "" when it could not be made out
	Err       *intel.FieldError
}

// AssertResult is what Assert did, or with DryRun would do.
type AssertResult struct {
	Rows []RowResult
	// Claims counts the claims that the rows make, each once and with those that
	// name new entities, by outcome.
	Claims map[Outcome]int
	// ClaimIDs are those of these claims.
	ClaimIDs  []string
	Retracted int // by REPLACE
	// Created counts the entities that came into being.
	Created int
	Changes []Change
	// Sources holds the source of every claim in Rows and Changes, as it is
	// after the write.
	Sources  map[string]*intel.Source
	Revision intel.Revision
}

// Rejected counts the rows that are bad.
func (r *AssertResult) Rejected() int {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Outcome == Rejected {
			n++
		}
	}
	return n
}

// ChangeResult is what Retract or Reinstate did.
type ChangeResult struct {
	Changed, Unchanged int
	Changes            []Change
	Sources            map[string]*intel.Source // as in AssertResult
	Revision           intel.Revision
}

// SourcesResult is what PutSources did.
type SourcesResult struct {
	Sources                   []*intel.Source // in the order sent, as they are now
	Added, Changed, Unchanged int
	Revision                  intel.Revision
}

// Change is what a write did to one entity.
type Change struct {
	Stamp intel.Stamp
	// Record is the entity after the change; of one that left the graph, a stub.
	Record           *intel.Record
	Added, Retracted []*intel.Claim // by id
	Facts            []FactChange
	Links            []LinkChange
}

// FactChange is a fact that settled otherwise. Before and After are the values
// shown, nil when there is none; of a SET property there is one for each value.
type FactChange struct {
	Property                        intel.Property
	Slot                            string
	Before, After                   *intel.Shown
	ContestedBefore, ContestedAfter bool
}

// LinkChange is a link that settled otherwise; nil when it is not in the
// settled graph.
type LinkChange struct {
	Before, After *intel.Link
}
