package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Country is a country or territory.
type Country struct{ *Entity }

// CountryConnection is a page of countries.
type CountryConnection = Connection[Country]

// CountryEdge is one row of a page of countries.
type CountryEdge = Edge[Country]

// Alpha2 is the code that sources give, else the key of the id, which is one.
func (c Country) Alpha2() string {
	if code, ok := c.text("alpha2"); ok {
		return code
	}
	return intel.KeyOf(c.ID())
}
func (c Country) Alpha3() (string, bool)  { return c.text("alpha3") }
func (c Country) Numeric() (string, bool) { return c.text("numeric") }

func (c Country) PartOf(ctx context.Context) *RegionConnection    { return regions(ctx, c.Entity) }
func (c Country) Groups(ctx context.Context) *GroupConnection     { return groups(ctx, c.Entity) }
func (c Country) BasedHere(ctx context.Context) *EntityConnection { return entities(ctx, c.Entity) }
func (c Country) Operations(ctx context.Context) *OperationConnection {
	return operations(ctx, c.Entity)
}
func (c Country) Agencies(ctx context.Context) *AgencyConnection   { return agencies(ctx, c.Entity) }
func (c Country) TargetedBy(ctx context.Context) *EntityConnection { return entities(ctx, c.Entity) }
func (c Country) SponsorOf(ctx context.Context) *GroupConnection   { return groups(ctx, c.Entity) }
func (c Country) Nationals(ctx context.Context) *PersonConnection  { return people(ctx, c.Entity) }
