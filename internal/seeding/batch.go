package seeding

import (
	"cmp"
	"errors"
	"slices"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// maxPieces bounds the sources in one batch; catalog.MaxClaims bounds the rows.
const maxPieces = 2_000

// batch is what goes into one commit.
type batch struct {
	pieces []*exchange.Piece
	rows   int // rejected ones too
	claims int
}

func (b *batch) full(p *exchange.Piece) bool {
	return len(b.pieces) > 0 && (len(b.pieces) >= maxPieces || b.claims+len(p.Rows) > catalog.MaxClaims)
}

func (b *batch) add(p *exchange.Piece) {
	b.pieces = append(b.pieces, p)
	b.claims += len(p.Rows)
	b.rows += len(p.Rows) + len(p.Rejects)
}

// parted cuts a piece that is larger than a batch.
func parted(p *exchange.Piece) []*exchange.Piece {
	if len(p.Rows) <= catalog.MaxClaims {
		return []*exchange.Piece{p}
	}
	var out []*exchange.Piece
	for rows := range slices.Chunk(p.Rows, catalog.MaxClaims) {
		part := &exchange.Piece{Source: p.Source, At: p.At, Rows: rows}
		if out == nil {
			part.Described, part.Rejects = p.Described, p.Rejects
		}
		out = append(out, part)
	}
	return out
}

func (b *batch) input(o Options) catalog.BulkInput {
	in := catalog.BulkInput{By: o.By, DryRun: o.DryRun, Whole: o.Strict}
	for _, p := range b.pieces {
		one := catalog.AssertInput{KeepHeader: true, OnError: catalog.Skip}
		if o.Replace {
			one.Mode = catalog.Edition
		}
		if one.SourceID = p.Source.ID; p.Described {
			one.SourceID, one.Source = "", &p.Source
		}
		for _, r := range p.Rows {
			one.Claims = append(one.Claims, r.Draft)
		}
		in.Inputs = append(in.Inputs, one)
	}
	return in
}

// rejects lists what was not written, in the order of the file.
func (b *batch) rejects(res *catalog.BulkResult) []exchange.Reject {
	var out []exchange.Reject
	for i, p := range b.pieces {
		out = append(out, p.Rejects...)
		if err := res.Errs[i]; err != nil {
			if p.Source.ID != "" { // else nothing but rejects is in it
				out = append(out, faultyPiece(p, err)...)
			}
			continue
		}
		if res.Results[i] == nil {
			continue
		}
		for _, row := range res.Results[i].Rows {
			if row.Outcome == catalog.Rejected {
				at := p.Rows[row.Index]
				out = append(out, exchange.Reject{At: at.At, Raw: at.Raw, Reason: row.Err.Error()})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b exchange.Reject) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return out
}

// faultyPiece rejects the rows of a piece that was refused: those at fault for
// what they are, and all when it is the source.
func faultyPiece(p *exchange.Piece, err error) []exchange.Reject {
	var faults intel.FieldErrors
	if one := (*intel.FieldError)(nil); !errors.As(err, &faults) && errors.As(err, &one) {
		faults = intel.FieldErrors{one}
	}
	var out []exchange.Reject
	for _, f := range faults {
		if f.Row >= 0 && f.Row < len(p.Rows) {
			out = append(out, exchange.Reject{At: p.Rows[f.Row].At, Raw: p.Rows[f.Row].Raw, Reason: f.Error()})
		}
	}
	if out != nil {
		return out
	}
	for _, r := range p.Rows {
		out = append(out, exchange.Reject{At: r.At, Raw: r.Raw, Reason: err.Error()})
	}
	if out == nil {
		out = append(out, exchange.Reject{At: p.At, Reason: err.Error()})
	}
	return out
}

// mistakes tells of rejects as of mistakes.
func mistakes(rejects []exchange.Reject) *exchange.MistakesError {
	out := &exchange.MistakesError{}
	for _, r := range rejects {
		if len(out.List) == exchange.MaxMistakes {
			out.More = len(rejects) - len(out.List)
			break
		}
		out.List = append(out.List, &exchange.Mistake{Position: r.At, Found: r.Reason})
	}
	return out
}
