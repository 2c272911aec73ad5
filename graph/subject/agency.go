package subject

import (
	"context"
)

// Agency is a public body.
type Agency struct{ *Entity }

// AgencyConnection is a page of agencies.
type AgencyConnection = Connection[Agency]

// AgencyEdge is one row of a page of agencies.
type AgencyEdge = Edge[Agency]

func (a Agency) AgencyType() (string, bool) { return a.text("agencyType") }
func (a Agency) Acronym() (string, bool)    { return a.text("acronym") }

func (a Agency) Operations(ctx context.Context) *OperationConnection {
	return operations(ctx, a.Entity)
}
func (a Agency) BasedIn(ctx context.Context) *EntityConnection  { return entities(ctx, a.Entity) }
func (a Agency) Serves(ctx context.Context) *EntityConnection   { return entities(ctx, a.Entity) }
func (a Agency) PartOf(ctx context.Context) *EntityConnection   { return entities(ctx, a.Entity) }
func (a Agency) Parts(ctx context.Context) *AgencyConnection    { return agencies(ctx, a.Entity) }
func (a Agency) Staff(ctx context.Context) *PersonConnection    { return people(ctx, a.Entity) }
func (a Agency) Partners(ctx context.Context) *EntityConnection { return entities(ctx, a.Entity) }
func (a Agency) Authored(ctx context.Context) *ReportConnection { return reports(ctx, a.Entity) }
func (a Agency) Reports(ctx context.Context) *ReportConnection  { return reports(ctx, a.Entity) }
