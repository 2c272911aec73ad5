package exchange

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"dragnet/internal/intel"
)

// History is what a whole graph was told, revision by revision.
type History interface {
	History(ctx context.Context, do func(*intel.Told) error) error
}

// WriteHistory writes a history as claims JSONL, revision by revision: its header
// versions, the claims that it added, its retractions and reinstatements.
func WriteHistory(ctx context.Context, w io.Writer, h History) error {
	l := &lineWriter{out: bufio.NewWriterSize(w, 64<<10)}
	err := h.History(ctx, func(t *intel.Told) error {
		for i := range t.Headers {
			if err := l.write(HeaderLine(t.Headers[i].Source, &t.Headers[i].HeaderVersion, true)); err != nil {
				return err
			}
		}
		for _, c := range t.Claims {
			if err := l.write(ClaimLine(c, true)); err != nil {
				return err
			}
		}
		for i := range t.Events {
			if err := l.write(&Line{Claim: t.Events[i].Claim, Event: &t.Events[i].Event}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.out.Flush()
}

// HistoryReader reads a history revision by revision.
type HistoryReader struct {
	lines *bufio.Scanner
	at    int   // the line that was read last
	next  *Line // read, and of the revision after
	from  int   // where that stands
}

// maxHistoryLine bounds one line of a history, in bytes.
const maxHistoryLine = 4 << 20

// NewHistoryReader reads a history as WriteHistory writes it.
func NewHistoryReader(r io.Reader) *HistoryReader {
	h := &HistoryReader{lines: bufio.NewScanner(r)}
	h.lines.Buffer(make([]byte, 64<<10), maxHistoryLine)
	return h
}

// Next gives the lines of the next revision, with its stamp and the number of
// the first of them; io.EOF after the last. A *TableError says what is wrong
// with a line.
func (h *HistoryReader) Next() (lines []*Line, stamp intel.Stamp, at int, err error) {
	for {
		if h.next == nil {
			if h.next, err = h.read(); err == io.EOF && len(lines) > 0 { //nolint:errorlint // read gives it bare
				return lines, stamp, at, nil
			}
			if err != nil {
				return nil, stamp, h.at, err
			}
			h.from = h.at
		}
		s := h.next.stamp()
		switch {
		case len(lines) == 0:
			stamp, at = *s, h.from
		case s.Revision != stamp.Revision:
			return lines, stamp, at, nil
		case !s.At.Equal(stamp.At):
			return nil, stamp, h.from, h.wrong("revision %d has two times", s.Revision)
		}
		lines = append(lines, h.next)
		h.next = nil
	}
}

func (h *HistoryReader) read() (*Line, error) {
	if !h.lines.Scan() {
		if err := h.lines.Err(); err != nil {
			h.at++
			return nil, h.wrong("cannot be read: %s", err)
		}
		return nil, io.EOF
	}
	h.at++
	l, err := DecodeLine(h.lines.Bytes())
	switch {
	case err != nil:
		return nil, h.wrong("%s", err)
	case l.stamp() == nil:
		return nil, h.wrong("does not say when it was recorded: a history is written by dragnet export --history")
	case (l.Event != nil) != (l.Claim != ""), l.Event != nil && (l.IsClaim() || l.Source != LineSource{}):
		return nil, h.wrong("an event stands with the id of its claim, and with nothing else")
	case l.Event == nil && !l.IsClaim() && l.Source.Header == nil:
		return nil, h.wrong("says nothing")
	}
	return l, nil
}

func (h *HistoryReader) wrong(format string, args ...any) error {
	return &TableError{Line: h.at, Msg: fmt.Sprintf(format, args...)}
}

// stamp is when a line was recorded, nil when it does not say.
func (l *Line) stamp() *intel.Stamp {
	if l.Event != nil {
		return &l.Event.Stamp
	}
	return l.Added
}
