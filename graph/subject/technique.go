package subject

import (
	"context"
)

// Technique is a way of attacking.
type Technique struct{ *Entity }

// TechniqueConnection is a page of techniques.
type TechniqueConnection = Connection[Technique]

// TechniqueEdge is one row of a page of techniques.
type TechniqueEdge = Edge[Technique]

func (t Technique) AttackId() (string, bool) { return t.text("attackId") }

func (t Technique) UsedBy(ctx context.Context) *EntityConnection    { return entities(ctx, t.Entity) }
func (t Technique) PartOf(ctx context.Context) *TechniqueConnection { return techniques(ctx, t.Entity) }
func (t Technique) Parts(ctx context.Context) *TechniqueConnection  { return techniques(ctx, t.Entity) }
