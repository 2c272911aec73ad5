package subject

import (
	"context"
)

// Good is an illicit good or service.
type Good struct{ *Entity }

// GoodConnection is a page of goods.
type GoodConnection = Connection[Good]

// GoodEdge is one row of a page of goods.
type GoodEdge = Edge[Good]

func (g Good) TradedBy(ctx context.Context) *EntityConnection    { return entities(ctx, g.Entity) }
func (g Good) SeizedIn(ctx context.Context) *OperationConnection { return operations(ctx, g.Entity) }
func (g Good) PartOf(ctx context.Context) *GoodConnection        { return goods(ctx, g.Entity) }
func (g Good) Parts(ctx context.Context) *GoodConnection         { return goods(ctx, g.Entity) }
