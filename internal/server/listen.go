package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"dragnet/internal/intel"
)

// Listen listens on a TCP address, host:port; port 0 takes a free one. Without
// insecure, addresses that other machines can reach are refused: whoever
// reaches the server may read and write everything. exposed says that the
// address is such a one.
func Listen(ctx context.Context, address string, insecure bool) (l net.Listener, exposed bool, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, false, intel.Invalid("listen", "%q is no address: write host:port, such as 127.0.0.1:8080", address)
	}
	if host != "" {
		found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		if err != nil || len(found) == 0 {
			return nil, false, intel.Invalid("listen", "the host of %q is not known here: write host:port, such as 127.0.0.1:8080", address)
		}
		ip := found[0].Unmap()
		// Names may have several addresses: what is checked is what is used.
		host, exposed = ip.String(), !ip.IsLoopback()
	} else {
		exposed = true
	}
	if exposed && !insecure {
		return nil, true, intel.Invalid("listen", "%s can be reached from other machines, and whoever reaches Dragnet may read and write everything: listen on 127.0.0.1, or add --insecure if that is meant", address)
	}
	l, err = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, exposed, fmt.Errorf("%s is in use: another program, perhaps another Dragnet, listens there; choose another with --listen", address)
	case errors.Is(err, syscall.EACCES):
		return nil, exposed, fmt.Errorf("this user may not listen on %s: ports below 1024 are often reserved", address)
	case err != nil:
		return nil, exposed, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return l, exposed, nil
}
