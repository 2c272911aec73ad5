package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// MaxObjectBytes is the size of the largest object of a JSON feed that is read.
const MaxObjectBytes = 4 << 20

// objectStream reads the JSON of a feed token by token. It holds one object at a
// time.
type objectStream struct {
	name  string
	dec   *json.Decoder
	bound *boundedReader
}

func newObjectStream(name string, r io.Reader) *objectStream {
	b := &boundedReader{r: r, max: MaxObjectBytes}
	return &objectStream{name: name, dec: json.NewDecoder(b), bound: b}
}

// boundedReader fails when more than so much is read beyond what is done.
type boundedReader struct {
	r      io.Reader
	n, max int64
}

var errTooLarge = errors.New("an object is larger than 4 MiB")

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.n >= b.max {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(len(p), 64<<10)])
	b.n += int64(n)
	return n, err
}

// next makes room for the next object.
func (s *objectStream) next() { s.bound.max = s.dec.InputOffset() + MaxObjectBytes }

// token reads a token; io.EOF when there is none.
func (s *objectStream) token() (json.Token, error) {
	s.next()
	t, err := s.dec.Token()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, s.fault(err)
	}
	return t, err
}

// raw reads a value whole, as it stands. What belongs to the object in hand
// makes no room of its own.
func (s *objectStream) raw() (json.RawMessage, error) {
	var v json.RawMessage
	if err := s.dec.Decode(&v); err != nil {
		return nil, s.fault(err)
	}
	return v, nil
}

// fault says why the file cannot be read any further, and where.
func (s *objectStream) fault(err error) error {
	var syntax *json.SyntaxError
	var found string
	switch {
	case errors.Is(err, errTooLarge):
		found = errTooLarge.Error()
	case errors.As(err, &syntax):
		found = "this is not JSON: " + syntax.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		found = "the file ends in the middle"
	default:
		return broken(s.name, err)
	}
	return s.mistake(found)
}

func (s *objectStream) mistake(found string) error {
	at := Position{File: s.name, Item: "byte " + strconv.FormatInt(s.dec.InputOffset(), 10)}
	return &MistakesError{List: []*Mistake{{Position: at, Found: found}}}
}

// jsonField is a key of an object with its value.
type jsonField struct {
	key string
	raw json.RawMessage
}

// objectOf puts fields together again; what readers pass over is left out.
func objectOf(fields []jsonField) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, f := range fields {
		if f.key == "_reason" || f.key == "_position" {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := plainJSON(f.key)
		if err != nil {
			continue // a text is always written
		}
		b.Write(append(append(key, ':'), f.raw...))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// listStream reads the objects of a list that stands in an object, such as a
// bundle, and objects that stand alone, one after the other.
type listStream struct {
	*objectStream
	list  string                  // the key of the list
	begin func([]jsonField) error // is called at the list with what stood before it
	in    bool                    // among the objects of a list
	open  bool                    // the object with the list is not at its end
}

// object gives the next object, wherever it stands; io.EOF when there is none.
func (s *listStream) object() (json.RawMessage, error) {
	for {
		if s.in {
			if s.next(); s.dec.More() {
				return s.raw()
			}
			if _, err := s.token(); err != nil {
				return nil, s.early(err)
			}
			s.in = false
		}
		if !s.open {
			t, err := s.token()
			switch {
			case err != nil:
				return nil, err
			case t != json.Delim('{'):
				return nil, s.mistake("this is no JSON object: one with `" + s.list + "` is expected, or one of those")
			}
		}
		o, err := s.top()
		if err != nil || o != nil {
			return o, err
		}
	}
}

// early says that a file ends before it is at its end.
func (s *listStream) early(err error) error {
	if errors.Is(err, io.EOF) {
		return s.fault(err)
	}
	return err
}

// top reads an object of the uppermost level: up to its list, or to its end after
// that, or one that stands alone, which it gives.
func (s *listStream) top() (json.RawMessage, error) {
	after := s.open
	s.open = false
	var fields []jsonField
	s.next()
	for s.dec.More() {
		key, err := s.dec.Token()
		if err != nil {
			return nil, s.fault(err)
		}
		name, _ := key.(string)
		if name == s.list && !after {
			return nil, s.enter(fields)
		}
		v, err := s.raw()
		if err != nil {
			return nil, err
		}
		fields = append(fields, jsonField{name, v})
	}
	if _, err := s.token(); err != nil {
		return nil, s.early(err)
	}
	if after {
		return nil, nil
	}
	return objectOf(fields), nil
}

func (s *listStream) enter(fields []jsonField) error {
	if err := s.begin(fields); err != nil {
		return err
	}
	t, err := s.dec.Token()
	switch {
	case err != nil:
		return s.fault(err)
	case t != json.Delim('['):
		return s.mistake("`" + s.list + "` is not a list")
	}
	s.in, s.open = true, true
	return nil
}

// topKeys lists the keys of the first object in the beginning of a file, with
// their values where those are texts.
func topKeys(prefix []byte) map[string]string {
	dec := json.NewDecoder(bytes.NewReader(prefix))
	keys := map[string]string{}
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return keys
	}
	for {
		key, err := dec.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return keys
		}
		keys[name] = ""
		value, err := dec.Token()
		if err != nil {
			return keys
		}
		switch v := value.(type) {
		case string:
			keys[name] = v
		case json.Delim:
			if !skipValue(dec) {
				return keys
			}
		}
	}
}

// skipValue reads to the end of an array or object that has begun.
func skipValue(dec *json.Decoder) bool {
	for depth := 1; depth > 0; {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return true
}
