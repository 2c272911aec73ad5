package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dragnet/internal/exchange"
	"dragnet/internal/seeding"
)

// rejectFiles writes what is rejected, one file for each file that was read.
type rejectFiles struct {
	folder string
	names  []string // of the files written
	of     string   // the file that is read
	file   *os.File
	buffer *bufio.Writer
	out    *exchange.RejectWriter
}

func (r *rejectFiles) put(f seeding.File, rejected exchange.Reject) error {
	if r.file == nil || r.of != f.Name {
		if err := r.next(f.Name); err != nil {
			return err
		}
	}
	return r.out.Write(rejected)
}

func (r *rejectFiles) next(of string) error {
	if err := r.close(); err != nil {
		return err
	}
	base := filepath.Join(r.folder, strings.ReplaceAll(filepath.Base(of), " ", "-"))
	name := base + ".rejects"
	for i := 2; slices.Contains(r.names, name); i++ { // of a file of that name in another folder
		name = fmt.Sprintf("%s-%d.rejects", base, i)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	r.of, r.file, r.buffer = of, file, bufio.NewWriter(file)
	r.out = exchange.NewRejectWriter(r.buffer)
	r.names = append(r.names, name)
	return nil
}

func (r *rejectFiles) close() error {
	if r.file == nil {
		return nil
	}
	err := errors.Join(r.out.Close(), r.buffer.Flush(), r.file.Close())
	r.file = nil
	return err
}
