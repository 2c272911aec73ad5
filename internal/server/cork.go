package server

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"time"
)

// corked is a connection that can hold back what is written, to write it in one
// piece: what belongs together then arrives together, or not at all, should this
// process die.
type corked struct {
	net.Conn
	mu   sync.Mutex
	held int // how many hold it back
	late []byte
}

func (c *corked) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held > 0 {
		c.late = append(c.late, b...)
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *corked) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held++
}

// release writes what was held back, unless somebody else still holds it.
func (c *corked) release(deadline time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held--; c.held > 0 || len(c.late) == 0 {
		return nil
	}
	b := c.late
	c.late = nil
	if err := c.SetWriteDeadline(deadline); err != nil {
		return err
	}
	if _, err := c.Conn.Write(b); err != nil {
		return err
	}
	return c.SetWriteDeadline(time.Time{})
}

// corkedWriter hands out its connection corked.
type corkedWriter struct {
	http.ResponseWriter
	cork *corked
}

// Hijack implements http.Hijacker.
func (w corkedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.cork.Conn = conn
	buffers.Writer.Reset(w.cork)
	return w.cork, buffers, nil
}
