package exchange

import (
	"bufio"
	"encoding/xml"
	"io"
	"slices"
)

// xmlWriter writes elements one a line. encoding/xml escapes what it writes, and
// puts U+FFFD for characters that XML cannot hold. The first error stays.
type xmlWriter struct {
	out *bufio.Writer
	enc *xml.Encoder
	err error
}

func newXMLWriter(w io.Writer) *xmlWriter {
	out := bufio.NewWriterSize(w, 64<<10)
	x := &xmlWriter{out: out, enc: xml.NewEncoder(out)}
	_, x.err = out.WriteString(xml.Header)
	return x
}

// open begins an element; attrs are names and values by turns.
func (x *xmlWriter) open(name string, attrs ...string) {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for pair := range slices.Chunk(attrs, 2) {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: pair[0]}, Value: pair[len(pair)-1]})
	}
	x.token(start)
}

func (x *xmlWriter) close(name string) { x.token(xml.EndElement{Name: xml.Name{Local: name}}) }

// element writes a whole element with a text in it.
func (x *xmlWriter) element(name, text string, attrs ...string) {
	x.open(name, attrs...)
	if text != "" {
		x.token(xml.CharData(text))
	}
	x.close(name)
}

func (x *xmlWriter) newline() { x.token(xml.CharData("\n")) }

func (x *xmlWriter) token(t xml.Token) {
	if x.err == nil {
		x.err = x.enc.EncodeToken(t)
	}
}

// end ends the document.
func (x *xmlWriter) end() error {
	x.newline()
	if x.err == nil {
		x.err = x.enc.Flush()
	}
	if x.err == nil {
		x.err = x.out.Flush()
	}
	return x.err
}
