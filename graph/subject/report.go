package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Report is a published analysis or announcement.
type Report struct{ *Entity }

// ReportConnection is a page of reports.
type ReportConnection = Connection[Report]

// ReportEdge is one row of a page of reports.
type ReportEdge = Edge[Report]

func (r Report) PublishedOn() (intel.PartialDate, bool) { return r.date("publishedOn") }
func (r Report) Url() (string, bool)                    { return r.text("url") }
func (r Report) ReportType() (string, bool)             { return r.text("reportType") }

func (r Report) About(ctx context.Context) *EntityConnection       { return entities(ctx, r.Entity) }
func (r Report) Authors(ctx context.Context) *EntityConnection     { return entities(ctx, r.Entity) }
func (r Report) Prompted(ctx context.Context) *OperationConnection { return operations(ctx, r.Entity) }
