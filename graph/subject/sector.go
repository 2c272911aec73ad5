package subject

import (
	"context"
)

// Sector is an industry.
type Sector struct{ *Entity }

// SectorConnection is a page of sectors.
type SectorConnection = Connection[Sector]

// SectorEdge is one row of a page of sectors.
type SectorEdge = Edge[Sector]

func (s Sector) Nace() (string, bool) { return s.text("nace") }

func (s Sector) TargetedBy(ctx context.Context) *EntityConnection { return entities(ctx, s.Entity) }
func (s Sector) PartOf(ctx context.Context) *SectorConnection     { return sectors(ctx, s.Entity) }
func (s Sector) Parts(ctx context.Context) *SectorConnection      { return sectors(ctx, s.Entity) }
