package exchange

import (
	"bufio"
	"context"
	"io"

	"dragnet/internal/intel"
)

// WriteJSONL writes claims JSONL: every header version of the sources, then the
// claims, one a line, as Line describes them. Read into an empty graph, they make
// the same graph.
func WriteJSONL(ctx context.Context, w io.Writer, g Graph) error {
	l := &lineWriter{out: bufio.NewWriterSize(w, 64<<10)}
	err := g.Sources(ctx, func(s *intel.Source) error {
		for i := range s.Versions {
			if err := l.write(HeaderLine(s.ID, &s.Versions[i], false)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = g.Claims(ctx, func(c *intel.Claim, _ *intel.Source) error { return l.write(ClaimLine(c, false)) })
	if err != nil {
		return err
	}
	return l.out.Flush()
}

type lineWriter struct{ out *bufio.Writer }

func (l *lineWriter) write(line *Line) error {
	b, err := plainJSON(line)
	if err != nil {
		return err
	}
	if _, err := l.out.Write(b); err != nil {
		return err
	}
	return l.out.WriteByte('\n')
}
