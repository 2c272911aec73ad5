package subject

import (
	"context"
)

// Offence is what someone is charged with or convicted of.
type Offence struct{ *Entity }

// OffenceConnection is a page of offences.
type OffenceConnection = Connection[Offence]

// OffenceEdge is one row of a page of offences.
type OffenceEdge = Edge[Offence]

func (o Offence) Iccs() (string, bool) { return o.text("iccs") }

func (o Offence) Involved(ctx context.Context) *GroupConnection   { return groups(ctx, o.Entity) }
func (o Offence) Charged(ctx context.Context) *EntityConnection   { return entities(ctx, o.Entity) }
func (o Offence) Convicted(ctx context.Context) *EntityConnection { return entities(ctx, o.Entity) }
