package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"deskhand"
	"deskhand/transport"
)

// listen opens the server's address, and says in words why it cannot.
func listen(ctx context.Context, address, flag string) (net.Listener, error) {
	l, err := transport.Listen(ctx, "tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &deskhand.Error{
			Code: deskhand.CodeConflict, Field: flag, Fault: fmt.Sprintf("Another program listens on %s already.", address),
			Hint: fmt.Sprintf("Stop it (perhaps another Deskhand server), or choose another address with --%s.", flag), Err: err,
		}
	case errors.Is(err, os.ErrPermission):
		return nil, &deskhand.Error{
			Code: deskhand.CodeForbidden, Field: flag, Fault: fmt.Sprintf("This program may not listen on %s.", address),
			Hint: fmt.Sprintf("Ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; or choose another address with --%s.", flag), Err: err,
		}
	}
	return nil, &deskhand.Error{
		Code: deskhand.CodeInvalid, Field: flag, Fault: fmt.Sprintf("The server cannot listen on %s.", address),
		Hint: fmt.Sprintf("Write an address of this computer and a port with --%s, like 0.0.0.0:8080.", flag), Err: err,
	}
}
