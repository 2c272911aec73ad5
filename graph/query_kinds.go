package graph

import (
	"context"

	"dragnet/graph/subject"
	"dragnet/internal/intel"
)

// The root fields of the kinds: one entity by its id, and lists.

func (q query) Group(ctx context.Context, _ string, _ in) (*subject.Group, error) {
	return one(ctx, q, intel.KindGroup, subject.AsGroup)
}

func (q query) Groups(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.GroupConnection, error) {
	return many(ctx, q, intel.KindGroup, subject.AsGroup)
}

func (q query) Alias(ctx context.Context, _ string, _ in) (*subject.Alias, error) {
	return one(ctx, q, intel.KindAlias, subject.AsAlias)
}

func (q query) Aliases(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.AliasConnection, error) {
	return many(ctx, q, intel.KindAlias, subject.AsAlias)
}

func (q query) Operation(ctx context.Context, _ string, _ in) (*subject.Operation, error) {
	return one(ctx, q, intel.KindOperation, subject.AsOperation)
}

func (q query) Operations(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.OperationConnection, error) {
	return many(ctx, q, intel.KindOperation, subject.AsOperation)
}

func (q query) Agency(ctx context.Context, _ string, _ in) (*subject.Agency, error) {
	return one(ctx, q, intel.KindAgency, subject.AsAgency)
}

func (q query) Agencies(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.AgencyConnection, error) {
	return many(ctx, q, intel.KindAgency, subject.AsAgency)
}

func (q query) Firm(ctx context.Context, _ string, _ in) (*subject.Firm, error) {
	return one(ctx, q, intel.KindFirm, subject.AsFirm)
}

func (q query) Firms(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.FirmConnection, error) {
	return many(ctx, q, intel.KindFirm, subject.AsFirm)
}

func (q query) Country(ctx context.Context, _ string, _ in) (*subject.Country, error) {
	return one(ctx, q, intel.KindCountry, subject.AsCountry)
}

func (q query) Countries(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.CountryConnection, error) {
	return many(ctx, q, intel.KindCountry, subject.AsCountry)
}

func (q query) Region(ctx context.Context, _ string, _ in) (*subject.Region, error) {
	return one(ctx, q, intel.KindRegion, subject.AsRegion)
}

func (q query) Regions(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.RegionConnection, error) {
	return many(ctx, q, intel.KindRegion, subject.AsRegion)
}

func (q query) Person(ctx context.Context, _ string, _ in) (*subject.Person, error) {
	return one(ctx, q, intel.KindPerson, subject.AsPerson)
}

func (q query) People(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.PersonConnection, error) {
	return many(ctx, q, intel.KindPerson, subject.AsPerson)
}

func (q query) Technique(ctx context.Context, _ string, _ in) (*subject.Technique, error) {
	return one(ctx, q, intel.KindTechnique, subject.AsTechnique)
}

func (q query) Techniques(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.TechniqueConnection, error) {
	return many(ctx, q, intel.KindTechnique, subject.AsTechnique)
}

func (q query) Tool(ctx context.Context, _ string, _ in) (*subject.Tool, error) {
	return one(ctx, q, intel.KindTool, subject.AsTool)
}

func (q query) Tools(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.ToolConnection, error) {
	return many(ctx, q, intel.KindTool, subject.AsTool)
}

func (q query) Infrastructure(ctx context.Context, _ string, _ in) (*subject.Infrastructure, error) {
	return one(ctx, q, intel.KindInfrastructure, subject.AsInfrastructure)
}

func (q query) Infrastructures(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.InfrastructureConnection, error) {
	return many(ctx, q, intel.KindInfrastructure, subject.AsInfrastructure)
}

func (q query) Sector(ctx context.Context, _ string, _ in) (*subject.Sector, error) {
	return one(ctx, q, intel.KindSector, subject.AsSector)
}

func (q query) Sectors(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.SectorConnection, error) {
	return many(ctx, q, intel.KindSector, subject.AsSector)
}

func (q query) Good(ctx context.Context, _ string, _ in) (*subject.Good, error) {
	return one(ctx, q, intel.KindGood, subject.AsGood)
}

func (q query) Goods(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.GoodConnection, error) {
	return many(ctx, q, intel.KindGood, subject.AsGood)
}

func (q query) Offence(ctx context.Context, _ string, _ in) (*subject.Offence, error) {
	return one(ctx, q, intel.KindOffence, subject.AsOffence)
}

func (q query) Offences(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.OffenceConnection, error) {
	return many(ctx, q, intel.KindOffence, subject.AsOffence)
}

func (q query) Campaign(ctx context.Context, _ string, _ in) (*subject.Campaign, error) {
	return one(ctx, q, intel.KindCampaign, subject.AsCampaign)
}

func (q query) Campaigns(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.CampaignConnection, error) {
	return many(ctx, q, intel.KindCampaign, subject.AsCampaign)
}

func (q query) Report(ctx context.Context, _ string, _ in) (*subject.Report, error) {
	return one(ctx, q, intel.KindReport, subject.AsReport)
}

func (q query) Reports(ctx context.Context, _ in, _ []string, _ *int, _ *string, _ in) (*subject.ReportConnection, error) {
	return many(ctx, q, intel.KindReport, subject.AsReport)
}
