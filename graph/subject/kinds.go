package subject

import "context"

// Each kind as a type over the common record, for lists of it.

// AsGroup wraps a group.
func AsGroup(e *Entity) Group { return Group{e} }

// AsAlias wraps an alias.
func AsAlias(e *Entity) Alias { return Alias{e} }

// AsOperation wraps an operation.
func AsOperation(e *Entity) Operation { return Operation{e} }

// AsAgency wraps an agency.
func AsAgency(e *Entity) Agency { return Agency{e} }

// AsFirm wraps a firm.
func AsFirm(e *Entity) Firm { return Firm{e} }

// AsCountry wraps a country.
func AsCountry(e *Entity) Country { return Country{e} }

// AsRegion wraps a region.
func AsRegion(e *Entity) Region { return Region{e} }

// AsPerson wraps a person.
func AsPerson(e *Entity) Person { return Person{e} }

// AsTechnique wraps a technique.
func AsTechnique(e *Entity) Technique { return Technique{e} }

// AsTool wraps a tool.
func AsTool(e *Entity) Tool { return Tool{e} }

// AsInfrastructure wraps an infrastructure.
func AsInfrastructure(e *Entity) Infrastructure { return Infrastructure{e} }

// AsSector wraps a sector.
func AsSector(e *Entity) Sector { return Sector{e} }

// AsGood wraps a good.
func AsGood(e *Entity) Good { return Good{e} }

// AsOffence wraps an offence.
func AsOffence(e *Entity) Offence { return Offence{e} }

// AsCampaign wraps a campaign.
func AsCampaign(e *Entity) Campaign { return Campaign{e} }

// AsReport wraps a report.
func AsReport(e *Entity) Report { return Report{e} }

// AsEntity wraps an entity of any kind.
func AsEntity(e *Entity) AnyEntity { return anyOf(e) }

// Relations by the kind of what they list.

func groups(ctx context.Context, e *Entity) *GroupConnection  { return related(ctx, e, AsGroup) }
func aliases(ctx context.Context, e *Entity) *AliasConnection { return related(ctx, e, AsAlias) }
func operations(ctx context.Context, e *Entity) *OperationConnection {
	return related(ctx, e, AsOperation)
}
func agencies(ctx context.Context, e *Entity) *AgencyConnection   { return related(ctx, e, AsAgency) }
func firms(ctx context.Context, e *Entity) *FirmConnection        { return related(ctx, e, AsFirm) }
func countries(ctx context.Context, e *Entity) *CountryConnection { return related(ctx, e, AsCountry) }
func regions(ctx context.Context, e *Entity) *RegionConnection    { return related(ctx, e, AsRegion) }
func people(ctx context.Context, e *Entity) *PersonConnection     { return related(ctx, e, AsPerson) }
func techniques(ctx context.Context, e *Entity) *TechniqueConnection {
	return related(ctx, e, AsTechnique)
}
func infrastructures(ctx context.Context, e *Entity) *InfrastructureConnection {
	return related(ctx, e, AsInfrastructure)
}
func sectors(ctx context.Context, e *Entity) *SectorConnection   { return related(ctx, e, AsSector) }
func goods(ctx context.Context, e *Entity) *GoodConnection       { return related(ctx, e, AsGood) }
func offences(ctx context.Context, e *Entity) *OffenceConnection { return related(ctx, e, AsOffence) }
func campaigns(ctx context.Context, e *Entity) *CampaignConnection {
	return related(ctx, e, AsCampaign)
}
func reports(ctx context.Context, e *Entity) *ReportConnection  { return related(ctx, e, AsReport) }
func entities(ctx context.Context, e *Entity) *EntityConnection { return related(ctx, e, AsEntity) }
