package subject

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dragnet/internal/intel"
)

// Arguments are read whole by package graph, so that all faults are reported at
// once, each with its path. What gqlgen reads of them before is not used: the
// Unmarshal functions take anything and give nothing.

// MarshalDateTime writes a moment as RFC 3339 in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.MarshalString(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalDateTime is not used.
func UnmarshalDateTime(any) (t time.Time, err error) { return }

// MarshalPartialDate writes a date as EDTF.
func MarshalPartialDate(d intel.PartialDate) graphql.Marshaler {
	return graphql.MarshalString(d.String())
}

// UnmarshalPartialDate is not used.
func UnmarshalPartialDate(any) (d intel.PartialDate, err error) { return }

// MarshalDecimal writes a decimal number as text.
func MarshalDecimal(d intel.Decimal) graphql.Marshaler { return graphql.MarshalString(string(d)) }

// UnmarshalDecimal is not used.
func UnmarshalDecimal(any) (d intel.Decimal, err error) { return }

// MarshalLong writes a whole number.
func MarshalLong(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// UnmarshalLong is not used.
func UnmarshalLong(any) (n int64, err error) { return }

// MarshalRevision writes epoch.counter.
func MarshalRevision(r intel.Revision) graphql.Marshaler { return graphql.MarshalString(r.String()) }

// UnmarshalRevision is not used.
func UnmarshalRevision(any) (r intel.Revision, err error) { return }
