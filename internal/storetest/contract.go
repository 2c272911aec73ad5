package storetest

// The sentences of the contract, and the cases that hold a store to them.
// Where it says "model", the case compares with the naive model besides what
// it states itself; "random" are random/* (everything in them is compared).
//
// store.go, Store
//
//	safe for use by many goroutines            concurrency/readers share nothing, /whole reads …
//	ErrUnavailable: not reached, under load    each adapter's own tests; after Close, before Setup: below
//	ErrConflict: another process was faster    Update/strictly one after another (allowed there, then tried again)
//	ErrLimit when a stated limit is passed     reads/Collect/ClaimLimit, random working sets
//	the context's own error when it ends       context/*
//	an ended context does nothing              context/that has ended
//	an error's text holds nothing of inside    errors/say nothing of the inside
//	Setup: makes the schema                    every case
//	Setup: each step whole or not at all       each adapter's own tests
//	Setup: again, by several at once           Setup/again changes nothing, /by two at once
//	Setup: a newer schema is ErrConflict       Setup/of a newer schema is a conflict
//	until then all is ErrUnavailable           Setup/before it all is unavailable
//	View: one consistent state                 concurrency/whole reads …
//	View: begun after an Update, sees it       View/after an Update sees it
//	View: gives the function's error           View/gives the function's error
//	Update: all or nothing                     Update/fails and leaves nothing, Put/one bad row …, context/that ends in an Update
//	Update: the function's error as it is      Update/fails and leaves nothing
//	Update: strictly one after another         Update/strictly one after another
//	Update: may be run again                   every function here is repeatable; nothing asks how often it ran
//	Update: reads what it has put              Update/reads what it has put
//	Close: waits for what runs                 Close/waits for a View …, an Update that runs
//	Close: calls after it                      Close/calls after it are unavailable
//
// store.go, Reader
//
//	Meta                                       Meta/of an empty store, reads/Meta, every comparison of whole stores
//	Select                                     reads/Select/*, hostile/*, random trees
//	Collect                                    reads/Collect, hostile/ids, random working sets
//	Names: own names, aliases; order; twice,   reads/Names, hostile/names, hostile/texts, Put/what follows a new name,
//	  through several aliases once               random names
//	Mentioned: kinds, after, limit, not live   reads/Mentioned, hostile/ids, random mentioned
//	Changes: order, limit, revisions whole     reads/Changes, random changes
//	Touched: order, limit, revisions whole     reads/Touched, random touched, Put/events in one revision keep their order
//	Scan: order, after, limit, versions        reads/Scan, hostile/ids, random scans, every comparison of whole stores
//
// store.go, Writer and the types
//
//	Put may be called more than once           Put/stamps, Update/reads what it has put
//	Epoch is drawn once                        Meta/of an empty store, Setup/again changes nothing
//	Last is zero in an empty store             Meta/of an empty store
//	SettleVersion, NamesVersion                Put/rows without a revision
//	each part of Need                          reads/Collect, by name; History, ClaimLimit, FirstMentions too
//	the union of the parts, each thing once    reads/Collect/the union, each once; random working sets
//	Sources of claims, versions with History   reads/Collect, model
//	Mentions has a row for each asked for      reads/Collect/mentions
//	Stamp: the next one, shared, else conflict Put/stamps
//	Stamp: zero, no revision is made           Put/rows without a revision
//	Claims are new; Events of claims there;    Put/one bad row leaves nothing of its batch
//	  a link's ends are there
//	Events are appended                        Put/events in one revision keep their order
//	Versions; Source.Versions is not read      Put/header versions
//	Reweighed                                  reads/Touched, random touched
//	rows are replaced, added, taken away       Put/rows are replaced and dropped, /what follows a new name, random batches
//	Counts is added, Settled is set            Put/rows without a revision, every comparison of whole stores
//
// selection.go
//
//	all parts may be given together            reads/Select/roots/all parts together, random trees
//	keys come back as the keys of the answer   every case; hostile/texts has hostile keys
//	ids: each once, in order, unknown left out reads/Select/roots
//	Link, From, To of links as roots           reads/Select/roots/links in their order …, random trees
//	claims and sources as roots                reads/Select/roots, /sources
//	Where, Order, ties by id, none last        reads/Select/orders, hostile/order, /ids, /numbers, random trees
//	Page: First 0 … MaxPage, After, Count      reads/Select/orders, /links/first 0 …, hostile/a hub of ten thousand links
//	rows follow a Position whose row is gone   reads/Select/orders/a page after a row that is gone, concurrency/paging under inserts
//	Values, Evidence, Counts, Claims, Sources  reads/Select/nodes, /claims, random trees
//	On: no page for other kinds                reads/Select/links, /nodes; random trees
//	Ends, Kinds, Where, Link of LinkSelection  reads/Select/links, hostile/supports and validity, random trees
//	a neighbour joined by two links, twice     reads/Select/links/out, in and both; /ordered by the neighbour's name …
//	order on the neighbour, its id, the link's reads/Select/links/ordered by …, hostile/order, /ids
//	claims by revision, then id                reads/Select/claims, model
//	orders of sources                          reads/Select/sources, hostile/ids, random trees
//	Answer.Revision                            reads/Meta, concurrency/whole reads …
//	Answer.Sources: of every claim in it       reads/Select/*, model
//	Position of nodes, edges, sources          model; walks of hostile/* go by them
//	Edge.Parent, FromNode, ToNode              every comparison of answers
//	More, Total                                every comparison of answers
//	LinkCount and its order                    reads/Select/nodes/counts …, random trees
//
// filter.go
//
//	each condition as Match evaluates it       reads/Select/filters, hostile/texts, /numbers, random trees
//	LinkFilter as its Match                    reads/Select/links/link filter: …, hostile/supports and validity, random trees
//	ClaimFilter as its Match                   reads/Select/claims, random trees
//	SourceFilter as its Match                  reads/Select/sources, hostile/texts, random trees
