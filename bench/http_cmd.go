package main

import (
	"context"
	"errors"
)

type httpCmd struct{}

// Run measures requests.
func (c *httpCmd) Run(_ context.Context, _ *program) error { return errors.New("not yet") }

type allCmd struct{}

// Run measures everything.
func (c *allCmd) Run(_ context.Context, _ *program) error { return errors.New("not yet") }
