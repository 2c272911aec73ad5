package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// errNotSetUp says that the database has no schema of ours.
var errNotSetUp = fmt.Errorf("neo4j store: %w: the database is not set up", intel.ErrUnavailable)

var errClosed = fmt.Errorf("neo4j store: %w: the store is closed", intel.ErrUnavailable)

// errMoved says that another process committed between two reads of a View.
var errMoved = fmt.Errorf("neo4j store: %w: the graph changed while it was read", intel.ErrUnavailable)

// fault turns an error of the driver into one of intel's kinds. Nothing of the
// original is kept but the server's code for it: messages hold statements,
// values and addresses. Errors that are not the driver's come back as they
// are.
func fault(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		return fmt.Errorf("neo4j store: %s: %w", doing, ctxErr)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		// The driver's own clock, a moment before the context's.
		return fmt.Errorf("neo4j store: %s: %w", doing, context.DeadlineExceeded)
	}
	var server *neo4j.Neo4jError
	if errors.As(err, &server) {
		kind, why := serverFault(server.Code)
		if kind == nil {
			return fmt.Errorf("neo4j store: %s: %s (%s)", doing, why, server.Code)
		}
		return fmt.Errorf("neo4j store: %s: %w: %s (%s)", doing, kind, why, server.Code)
	}
	if why := clientFault(err); why != "" {
		return fmt.Errorf("neo4j store: %s: %w: %s", doing, intel.ErrUnavailable, why)
	}
	var usage *neo4j.UsageError
	if errors.As(err, &usage) {
		return fmt.Errorf("neo4j store: %s: the driver was used wrongly", doing)
	}
	return err
}

// serverFault sorts the server's codes; kind is nil for what is our own fault.
func serverFault(code string) (kind error, why string) { //nolint:revive,staticcheck // the kind is the answer, not a failure
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(code, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("Schema.ConstraintValidationFailed"):
		return intel.ErrConflict, "the id is taken"
	case has(".Security."):
		return intel.ErrUnavailable, "the server refuses the credentials"
	case has("OutOfMemory"):
		return intel.ErrUnavailable, "the server has not enough memory for this"
	case has("Neo.TransientError.", "TransactionTimedOut", "Transaction.Terminated", "TransactionHookFailed", "NotALeader", "ReadOnly", "DatabaseUnavailable", "DatabaseNotFound", "RoutingFailed"):
		return intel.ErrUnavailable, "the server gave up"
	}
	return nil, "the server refused a statement"
}

func clientFault(err error) string {
	var (
		connection *neo4j.ConnectivityError
		limit      *neo4j.TransactionExecutionLimit
		token      *neo4j.TokenExpiredError
		auth       *neo4j.InvalidAuthenticationError
	)
	switch {
	case errors.As(err, &connection):
		return "the server cannot be reached"
	case errors.As(err, &limit):
		return "the server gave up"
	case errors.As(err, &token), errors.As(err, &auth):
		return "the server refuses the credentials"
	}
	return ""
}

// passing says that the same work may succeed when it is run again.
func passing(err error) bool {
	var server *neo4j.Neo4jError
	return lost(err) || errors.As(err, &server) && server.IsRetriable()
}

// lost says that the connection broke, and what the server did is unknown.
func lost(err error) bool {
	var connection *neo4j.ConnectivityError
	return errors.As(err, &connection)
}
