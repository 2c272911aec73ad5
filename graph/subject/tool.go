package subject

import (
	"context"
)

// Tool is malware or another tool.
type Tool struct{ *Entity }

// ToolConnection is a page of tools.
type ToolConnection = Connection[Tool]

// ToolEdge is one row of a page of tools.
type ToolEdge = Edge[Tool]

func (t Tool) ToolType() []string { return t.texts("toolType") }

func (t Tool) UsedBy(ctx context.Context) *EntityConnection        { return entities(ctx, t.Entity) }
func (t Tool) Techniques(ctx context.Context) *TechniqueConnection { return techniques(ctx, t.Entity) }
func (t Tool) TargetedBy(ctx context.Context) *OperationConnection { return operations(ctx, t.Entity) }
func (t Tool) Reports(ctx context.Context) *ReportConnection       { return reports(ctx, t.Entity) }
