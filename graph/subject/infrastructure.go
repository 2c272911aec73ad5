package subject

import (
	"context"
)

// Infrastructure is what crime runs on.
type Infrastructure struct{ *Entity }

// InfrastructureConnection is a page of infrastructures.
type InfrastructureConnection = Connection[Infrastructure]

// InfrastructureEdge is one row of a page of infrastructures.
type InfrastructureEdge = Edge[Infrastructure]

func (i Infrastructure) InfrastructureType() []string { return i.texts("infrastructureType") }
func (i Infrastructure) Venue() (string, bool)        { return i.text("venue") }

func (i Infrastructure) UsedBy(ctx context.Context) *EntityConnection { return entities(ctx, i.Entity) }
func (i Infrastructure) OperatedBy(ctx context.Context) *EntityConnection {
	return entities(ctx, i.Entity)
}
func (i Infrastructure) TradesIn(ctx context.Context) *GoodConnection { return goods(ctx, i.Entity) }
func (i Infrastructure) TargetedBy(ctx context.Context) *OperationConnection {
	return operations(ctx, i.Entity)
}
func (i Infrastructure) BasedIn(ctx context.Context) *EntityConnection {
	return entities(ctx, i.Entity)
}
