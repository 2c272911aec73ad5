package graph

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dragnet/internal/intel"
)

// readScalar reads one value of a scalar type, as a literal or JSON gave it.
// The error is what follows the place in a message.
func readScalar(name string, v any) (any, error) {
	switch name {
	case "Int":
		return readInt(v)
	case "Long":
		return readLong(v)
	case "Float":
		return readFloat(v)
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, fmt.Errorf("is neither true nor false")
	case "ID":
		return readID(v)
	case "Decimal":
		return readDecimal(v)
	}
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("is no text")
	}
	switch name {
	case "PartialDate":
		return intel.ParseDate(s)
	case "DateTime":
		return readMoment(s)
	case "Revision":
		return readRevision(s)
	}
	return s, nil
}

func readID(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case json.Number:
		return v.String(), nil
	}
	return nil, fmt.Errorf("is no id")
}

// readWhole reads a number without a fraction. JSON may write it as 1.0 or 1e2.
func readWhole(v any) (int64, error) {
	var f float64
	switch v := v.(type) {
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case json.Number:
		n, err := v.Int64()
		if err == nil {
			return n, nil
		}
		if f, err = v.Float64(); err != nil {
			return 0, fmt.Errorf("is no whole number")
		}
	case float64:
		f = v
	default:
		return 0, fmt.Errorf("is no whole number")
	}
	if f != float64(int64(f)) || f > intel.MaxLong || f < -intel.MaxLong {
		return 0, fmt.Errorf("is no whole number, or too large")
	}
	return int64(f), nil
}

func readInt(v any) (any, error) {
	n, err := readWhole(v)
	if err != nil {
		return nil, err
	}
	if n != int64(int32(n)) {
		return nil, fmt.Errorf("is out of range: an Int has 32 bits")
	}
	return int(n), nil
}

func readLong(v any) (any, error) {
	n, err := readWhole(v)
	if err != nil {
		return nil, err
	}
	if n < 0 || n > intel.MaxLong {
		return nil, fmt.Errorf("is out of range: whole numbers from 0 to 2^53-1 are kept")
	}
	return n, nil
}

func readFloat(v any) (any, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case json.Number:
		return v.Float64()
	}
	return nil, fmt.Errorf("is no number")
}

func readDecimal(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return intel.ParseDecimal(v)
	case json.Number:
		return intel.ParseDecimal(v.String())
	case int64:
		return intel.ParseDecimal(strconv.FormatInt(v, 10))
	}
	return nil, fmt.Errorf("is no decimal number: write a text such as \"1250.50\"")
}

func readMoment(s string) (any, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return nil, fmt.Errorf("%s is no moment: write date, time and zone, such as 2023-07-05T12:30:00Z", quoted(s))
	}
	return t.UTC(), nil
}

func readRevision(s string) (any, error) {
	bad := fmt.Errorf("%s is no revision: give one that an answer showed, epoch.counter", quoted(s))
	i := strings.LastIndexByte(s, '.')
	if i <= 0 || i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9' {
		return nil, bad
	}
	n, err := strconv.ParseInt(s[i+1:], 10, 64)
	if err != nil {
		return nil, bad
	}
	return intel.Revision{Epoch: s[:i], Counter: n}, nil
}

// quoted shows a piece of input in a message.
func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return strconv.Quote(s)
}
