package subject

import (
	"context"
)

// Person is a suspect, member, official or spokesperson.
type Person struct{ *Entity }

// PersonConnection is a page of people.
type PersonConnection = Connection[Person]

// PersonEdge is one row of a page of people.
type PersonEdge = Edge[Person]

func (p Person) PersonStatus() (string, bool) { return p.text("personStatus") }

func (p Person) MemberOf(ctx context.Context) *GroupConnection     { return groups(ctx, p.Entity) }
func (p Person) WorksFor(ctx context.Context) *EntityConnection    { return entities(ctx, p.Entity) }
func (p Person) NationalOf(ctx context.Context) *CountryConnection { return countries(ctx, p.Entity) }
func (p Person) ArrestedIn(ctx context.Context) *OperationConnection {
	return operations(ctx, p.Entity)
}
func (p Person) WantedBy(ctx context.Context) *AgencyConnection      { return agencies(ctx, p.Entity) }
func (p Person) ArrestedBy(ctx context.Context) *AgencyConnection    { return agencies(ctx, p.Entity) }
func (p Person) ChargedBy(ctx context.Context) *AgencyConnection     { return agencies(ctx, p.Entity) }
func (p Person) ExtraditedTo(ctx context.Context) *CountryConnection { return countries(ctx, p.Entity) }
func (p Person) ChargedWith(ctx context.Context) *OffenceConnection  { return offences(ctx, p.Entity) }
func (p Person) ConvictedOf(ctx context.Context) *OffenceConnection  { return offences(ctx, p.Entity) }
func (p Person) Uses(ctx context.Context) *EntityConnection          { return entities(ctx, p.Entity) }
func (p Person) Authored(ctx context.Context) *ReportConnection      { return reports(ctx, p.Entity) }
func (p Person) Reports(ctx context.Context) *ReportConnection       { return reports(ctx, p.Entity) }
