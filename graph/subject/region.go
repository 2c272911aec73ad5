package subject

import (
	"context"
)

// Region is an area.
type Region struct{ *Entity }

// RegionConnection is a page of regions.
type RegionConnection = Connection[Region]

// RegionEdge is one row of a page of regions.
type RegionEdge = Edge[Region]

func (r Region) RegionType() (string, bool) { return r.text("regionType") }
func (r Region) M49() (string, bool)        { return r.text("m49") }

func (r Region) PartOf(ctx context.Context) *RegionConnection { return regions(ctx, r.Entity) }
func (r Region) Parts(ctx context.Context) *EntityConnection  { return entities(ctx, r.Entity) }
func (r Region) Groups(ctx context.Context) *GroupConnection  { return groups(ctx, r.Entity) }
func (r Region) Operations(ctx context.Context) *OperationConnection {
	return operations(ctx, r.Entity)
}
