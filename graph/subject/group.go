package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Group is a criminal group or threat actor.
type Group struct{ *Entity }

// GroupConnection is a page of groups.
type GroupConnection = Connection[Group]

// GroupEdge is one row of a page of groups.
type GroupEdge = Edge[Group]

func (g Group) GroupType() []string                  { return g.texts("groupType") }
func (g Group) GroupStatus() (string, bool)          { return g.text("groupStatus") }
func (g Group) Motivation() []string                 { return g.texts("motivation") }
func (g Group) Sophistication() (string, bool)       { return g.text("sophistication") }
func (g Group) ResourceLevel() (string, bool)        { return g.text("resourceLevel") }
func (g Group) FirstSeen() (intel.PartialDate, bool) { return g.date("firstSeen") }
func (g Group) LastSeen() (intel.PartialDate, bool)  { return g.date("lastSeen") }
func (g Group) Attacks() *Quantity                   { return g.quantity("attacks") }
func (g Group) Victims() *Quantity                   { return g.quantity("victims") }
func (g Group) CountriesAffected() *Quantity         { return g.quantity("countriesAffected") }
func (g Group) Proceeds() []*Money                   { return g.money("proceeds") }
func (g Group) Losses() []*Money                     { return g.money("losses") }

func (g Group) TargetedBy(ctx context.Context) *OperationConnection { return operations(ctx, g.Entity) }
func (g Group) OperatesIn(ctx context.Context) *EntityConnection    { return entities(ctx, g.Entity) }
func (g Group) BasedIn(ctx context.Context) *EntityConnection       { return entities(ctx, g.Entity) }
func (g Group) Targets(ctx context.Context) *EntityConnection       { return entities(ctx, g.Entity) }
func (g Group) Sponsors(ctx context.Context) *EntityConnection      { return entities(ctx, g.Entity) }
func (g Group) Uses(ctx context.Context) *EntityConnection          { return entities(ctx, g.Entity) }
func (g Group) Operates(ctx context.Context) *InfrastructureConnection {
	return infrastructures(ctx, g.Entity)
}
func (g Group) TradesIn(ctx context.Context) *GoodConnection      { return goods(ctx, g.Entity) }
func (g Group) InvolvedIn(ctx context.Context) *OffenceConnection { return offences(ctx, g.Entity) }
func (g Group) Members(ctx context.Context) *PersonConnection     { return people(ctx, g.Entity) }
func (g Group) Campaigns(ctx context.Context) *CampaignConnection { return campaigns(ctx, g.Entity) }
func (g Group) Allies(ctx context.Context) *GroupConnection       { return groups(ctx, g.Entity) }
func (g Group) Rivals(ctx context.Context) *GroupConnection       { return groups(ctx, g.Entity) }
func (g Group) SuccessorOf(ctx context.Context) *GroupConnection  { return groups(ctx, g.Entity) }
func (g Group) SucceededBy(ctx context.Context) *GroupConnection  { return groups(ctx, g.Entity) }
func (g Group) AffiliateOf(ctx context.Context) *GroupConnection  { return groups(ctx, g.Entity) }
func (g Group) Affiliates(ctx context.Context) *GroupConnection   { return groups(ctx, g.Entity) }
func (g Group) PartOf(ctx context.Context) *GroupConnection       { return groups(ctx, g.Entity) }
func (g Group) Parts(ctx context.Context) *GroupConnection        { return groups(ctx, g.Entity) }
func (g Group) Reports(ctx context.Context) *ReportConnection     { return reports(ctx, g.Entity) }
