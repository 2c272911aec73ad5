package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Campaign is a named series of attacks.
type Campaign struct{ *Entity }

// CampaignConnection is a page of campaigns.
type CampaignConnection = Connection[Campaign]

// CampaignEdge is one row of a page of campaigns.
type CampaignEdge = Edge[Campaign]

func (c Campaign) FirstSeen() (intel.PartialDate, bool) { return c.date("firstSeen") }
func (c Campaign) LastSeen() (intel.PartialDate, bool)  { return c.date("lastSeen") }

func (c Campaign) AttributedTo(ctx context.Context) *GroupConnection { return groups(ctx, c.Entity) }
func (c Campaign) Uses(ctx context.Context) *EntityConnection        { return entities(ctx, c.Entity) }
func (c Campaign) Targets(ctx context.Context) *EntityConnection     { return entities(ctx, c.Entity) }
func (c Campaign) OperatesIn(ctx context.Context) *EntityConnection  { return entities(ctx, c.Entity) }
func (c Campaign) TargetedBy(ctx context.Context) *OperationConnection {
	return operations(ctx, c.Entity)
}
func (c Campaign) Reports(ctx context.Context) *ReportConnection { return reports(ctx, c.Entity) }
