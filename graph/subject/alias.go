package subject

import (
	"context"
)

// Alias is one name as written.
type Alias struct{ *Entity }

// AliasConnection is a page of aliases.
type AliasConnection = Connection[Alias]

// AliasEdge is one row of a page of aliases.
type AliasEdge = Edge[Alias]

func (a Alias) NameKey() string { return a.node.NameKey }

func (a Alias) Denotes(ctx context.Context) *EntityConnection { return entities(ctx, a.Entity) }
