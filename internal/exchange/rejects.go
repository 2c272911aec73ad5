package exchange

import (
	"bytes"
	"io"
)

// WriteReject writes a row that was rejected, as one line of JSON: the row, with
// `_reason` and `_position` besides, which readers pass over. Mended, the lines
// can be imported alone.
func WriteReject(w io.Writer, r Reject) error {
	head, err := plainJSON(struct {
		Reason   string `json:"_reason"`
		Position string `json:"_position"`
	}{r.Reason, r.At.String()})
	if err != nil {
		return err
	}
	raw := bytes.TrimSpace(r.Raw)
	if begins(raw, '{') && bytes.HasSuffix(raw, []byte("}")) {
		if inner := bytes.TrimSpace(raw[1 : len(raw)-1]); len(inner) > 0 {
			head = append(append(append(head[:len(head)-1], ','), inner...), '}')
		}
	}
	_, err = w.Write(append(bytes.ReplaceAll(head, []byte("\n"), []byte(" ")), '\n'))
	return err
}
