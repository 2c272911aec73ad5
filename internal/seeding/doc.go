// Package seeding feeds the claims of files to the catalog: it checks all files
// before it writes anything, cuts them into batches, says how far it is and
// reports what became of them. It prints nothing.
package seeding
