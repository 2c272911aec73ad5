package subject

import (
	"context"
)

// Firm is a private partner or a victim organisation.
type Firm struct{ *Entity }

// FirmConnection is a page of firms.
type FirmConnection = Connection[Firm]

// FirmEdge is one row of a page of firms.
type FirmEdge = Edge[Firm]

func (f Firm) FirmType() (string, bool) { return f.text("firmType") }
func (f Firm) Acronym() (string, bool)  { return f.text("acronym") }

func (f Firm) Operations(ctx context.Context) *OperationConnection { return operations(ctx, f.Entity) }
func (f Firm) BasedIn(ctx context.Context) *EntityConnection       { return entities(ctx, f.Entity) }
func (f Firm) PartOf(ctx context.Context) *FirmConnection          { return firms(ctx, f.Entity) }
func (f Firm) Parts(ctx context.Context) *EntityConnection         { return entities(ctx, f.Entity) }
func (f Firm) Staff(ctx context.Context) *PersonConnection         { return people(ctx, f.Entity) }
func (f Firm) Partners(ctx context.Context) *EntityConnection      { return entities(ctx, f.Entity) }
func (f Firm) TargetedBy(ctx context.Context) *EntityConnection    { return entities(ctx, f.Entity) }
func (f Firm) Authored(ctx context.Context) *ReportConnection      { return reports(ctx, f.Entity) }
func (f Firm) Reports(ctx context.Context) *ReportConnection       { return reports(ctx, f.Entity) }
