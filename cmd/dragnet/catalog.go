package main

import (
	"context"
	"errors"

	"dragnet/internal/catalog"
	"dragnet/internal/config"
)

// withCatalog opens the store for one piece of work. With setup, the store is
// made or brought up to date first.
func (p *program) withCatalog(ctx context.Context, s config.Store, setup bool, work func(*catalog.Catalog) error) error {
	store, err := open(s)
	if err != nil {
		return advise(s, err)
	}
	if setup {
		if err := store.Setup(ctx); err != nil {
			return errors.Join(advise(s, err), store.Close())
		}
	}
	cat := catalog.New(store, p.now)
	err = work(cat)
	cat.Close()
	return errors.Join(advise(s, err), store.Close())
}
