package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"dragnet/internal/intel"
)

// unavailable says in plain words why the file cannot be used, by primary
// result code.
var unavailable = map[sqlite.ResultCode]string{
	sqlite.ResultBusy:      "another process holds it for too long",
	sqlite.ResultLocked:    "another process holds it for too long",
	sqlite.ResultProtocol:  "another process holds it for too long",
	sqlite.ResultIOErr:     "reading or writing its file failed",
	sqlite.ResultCantOpen:  "its file cannot be opened",
	sqlite.ResultFull:      "the disk is full",
	sqlite.ResultNoMem:     "memory is short",
	sqlite.ResultReadOnly:  "its file cannot be written",
	sqlite.ResultPerm:      "its file may not be used",
	sqlite.ResultAuth:      "its file may not be used",
	sqlite.ResultCorrupt:   "its file is damaged",
	sqlite.ResultNotADB:    "its file is not a database",
	sqlite.ResultInterrupt: "the call was interrupted",
}

// failure turns what went wrong into an error of intel's kinds. Its text holds
// neither statements nor paths.
func failure(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, kind := range []error{intel.ErrUnavailable, intel.ErrConflict, intel.ErrLimit, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return err
		}
	}
	code := sqlite.ErrCode(err)
	if why, ok := unavailable[code.ToPrimary()]; ok {
		return fmt.Errorf("%s: %w: %s", op, intel.ErrUnavailable, why)
	}
	var bad *dataError
	if errors.As(err, &bad) {
		return fmt.Errorf("%s: %w", op, bad)
	}
	return fmt.Errorf("%s: the database answered %s", op, code)
}

// dataError is a row or a batch that is not as the contract says.
type dataError struct{ what string }

func (e *dataError) Error() string { return e.what }

func wrong(what string) error { return &dataError{what} }

// missing tells a file that is not there from one that cannot be opened.
func missing(err error) error {
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultCantOpen {
		return errNotSetUp
	}
	return err
}

var (
	errNotSetUp = fmt.Errorf("%w: it has not been set up", intel.ErrUnavailable)
	errOlder    = fmt.Errorf("%w: its schema is older than this program and must be brought up first", intel.ErrUnavailable)
	errNewer    = fmt.Errorf("%w: the store's schema is newer than this program", intel.ErrConflict)
	errNoLog    = fmt.Errorf("%w: its file system cannot share a log between processes", intel.ErrUnavailable)
	errForeign  = fmt.Errorf("%w: the file is a database of another program", intel.ErrConflict)
)
