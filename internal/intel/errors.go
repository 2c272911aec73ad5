package intel

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of failure the whole program distinguishes. Wrap them with %w and
// test with errors.Is; never compare texts.
var (
	ErrInvalid     = errors.New("invalid input")
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict")
	ErrLimit       = errors.New("limit exceeded")
	ErrUnavailable = errors.New("store unavailable")
)

// FieldError is bad input at a named place. Field is the path of the field at
// fault in the caller's own terms, such as "claims[3].value.date"; Row is the
// index of the row in a batch, or -1. It matches ErrInvalid unless Kind says
// otherwise.
type FieldError struct {
	Field string
	Row   int
	Msg   string
	Kind  error
}

// Invalid returns a FieldError of kind ErrInvalid that belongs to no row.
func Invalid(field, format string, args ...any) *FieldError {
	return &FieldError{Field: field, Row: -1, Msg: fmt.Sprintf(format, args...), Kind: ErrInvalid}
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Msg
	}
	return e.Field + ": " + e.Msg
}

// Unwrap gives the kind of failure.
func (e *FieldError) Unwrap() error {
	if e.Kind == nil {
		return ErrInvalid
	}
	return e.Kind
}

// At returns a copy of e whose field stands below prefix.
func (e *FieldError) At(prefix string) *FieldError {
	c := *e
	switch {
	case prefix == "":
	case c.Field == "":
		c.Field = prefix
	case strings.HasPrefix(c.Field, "["):
		c.Field = prefix + c.Field
	default:
		c.Field = prefix + "." + c.Field
	}
	return &c
}

// FieldErrors are all the faults of one batch, in row order.
type FieldErrors []*FieldError

func (es FieldErrors) Error() string {
	if len(es) == 0 {
		return "no errors"
	}
	if len(es) == 1 {
		return es[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", es[0].Error(), len(es)-1)
}

// Unwrap lets errors.Is and errors.As see every fault.
func (es FieldErrors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}
