package subject

import (
	"context"

	"dragnet/internal/intel"
)

// Operation is a law-enforcement operation.
type Operation struct{ *Entity }

// OperationConnection is a page of operations.
type OperationConnection = Connection[Operation]

// OperationEdge is one row of a page of operations.
type OperationEdge = Edge[Operation]

func (o Operation) OperationType() []string                { return o.texts("operationType") }
func (o Operation) OperationStatus() (string, bool)        { return o.text("operationStatus") }
func (o Operation) StartedOn() (intel.PartialDate, bool)   { return o.date("startedOn") }
func (o Operation) EndedOn() (intel.PartialDate, bool)     { return o.date("endedOn") }
func (o Operation) AnnouncedOn() (intel.PartialDate, bool) { return o.date("announcedOn") }
func (o Operation) Duration() (string, bool)               { return o.text("duration") }
func (o Operation) Arrests() *Quantity                     { return o.quantity("arrests") }
func (o Operation) SuspectsIdentified() *Quantity          { return o.quantity("suspectsIdentified") }
func (o Operation) VictimsIdentified() *Quantity           { return o.quantity("victimsIdentified") }
func (o Operation) Searches() *Quantity                    { return o.quantity("searches") }
func (o Operation) SitesTakenDown() *Quantity              { return o.quantity("sitesTakenDown") }
func (o Operation) AccountsBlocked() *Quantity             { return o.quantity("accountsBlocked") }
func (o Operation) DevicesSeized() *Quantity               { return o.quantity("devicesSeized") }
func (o Operation) CountriesInvolved() *Quantity           { return o.quantity("countriesInvolved") }
func (o Operation) Seized() []*Money                       { return o.money("seized") }
func (o Operation) FundsRecovered() []*Money               { return o.money("fundsRecovered") }
func (o Operation) FundsReturned() []*Money                { return o.money("fundsReturned") }

func (o Operation) Targets(ctx context.Context) *EntityConnection     { return entities(ctx, o.Entity) }
func (o Operation) Agencies(ctx context.Context) *AgencyConnection    { return agencies(ctx, o.Entity) }
func (o Operation) Firms(ctx context.Context) *FirmConnection         { return firms(ctx, o.Entity) }
func (o Operation) Countries(ctx context.Context) *CountryConnection  { return countries(ctx, o.Entity) }
func (o Operation) Areas(ctx context.Context) *EntityConnection       { return entities(ctx, o.Entity) }
func (o Operation) Arrested(ctx context.Context) *PersonConnection    { return people(ctx, o.Entity) }
func (o Operation) SeizedItems(ctx context.Context) *EntityConnection { return entities(ctx, o.Entity) }
func (o Operation) Charges(ctx context.Context) *OffenceConnection    { return offences(ctx, o.Entity) }
func (o Operation) PromptedBy(ctx context.Context) *ReportConnection  { return reports(ctx, o.Entity) }
func (o Operation) PartOf(ctx context.Context) *OperationConnection   { return operations(ctx, o.Entity) }
func (o Operation) Parts(ctx context.Context) *OperationConnection    { return operations(ctx, o.Entity) }
func (o Operation) Reports(ctx context.Context) *ReportConnection     { return reports(ctx, o.Entity) }
