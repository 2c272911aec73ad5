package subject

import (
	"context"
)

// Alias is one name as written.
type Alias struct{ *Entity }

// AliasConnection is a page of aliases, AliasEdge one row of it.
type (
	AliasConnection = Connection[Alias]
	AliasEdge       = Edge[Alias]
)

func (a Alias) NameKey() string { return a.node.NameKey }

func (a Alias) Denotes(ctx context.Context) *EntityConnection { return entities(ctx, a.Entity) }
