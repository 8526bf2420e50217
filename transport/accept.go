package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// Listen opens the server's listener (for http.Server.Serve), such that the kernel holds little that waits to be sent.
func Listen(ctx context.Context, network, address string) (net.Listener, error) {
	lc := net.ListenConfig{KeepAlive: PingAfter, Control: socketControl}
	lc.SetMultipathTCP(false) // from a multipath listener connections inherit no options
	return lc.Listen(ctx, network, address)
}

// ErrRefused is returned for a request that may not become a connection; it has been answered.
var ErrRefused = errors.New("request refused")

// AcceptClient turns the request of a client program into a connection. A browser that was lured here is refused: a
// request with a cookie or an Origin header gets 403.
func AcceptClient(w http.ResponseWriter, r *http.Request) (Conn, error) {
	switch {
	case len(r.Header.Values("Origin")) > 0:
		return nil, refuse(w, "this address is for the client program: it takes no request with an Origin header")
	case len(r.Header.Values("Cookie")) > 0:
		return nil, refuse(w, "this address is for the client program: it takes no request with a cookie")
	}
	return accept(w, r)
}

// AcceptBrowser turns the request of a page into a connection. The Origin header must be origin, exactly: scheme, host and
// port of the server's public URL ("https://help.example.com"); otherwise the answer is 403 and names the setting.
func AcceptBrowser(w http.ResponseWriter, r *http.Request, origin string) (Conn, error) {
	if got := r.Header.Values("Origin"); len(got) != 1 || got[0] != origin || origin == "" {
		return nil, refuse(w, fmt.Sprintf("the page's origin %q is not the public URL of this server, %q; if that is wrong, change the setting public-url", got, origin))
	}
	return accept(w, r)
}

func refuse(w http.ResponseWriter, why string) error {
	http.Error(w, why, http.StatusForbidden)
	return fmt.Errorf("%w: %s", ErrRefused, why)
}

func accept(w http.ResponseWriter, r *http.Request) (Conn, error) {
	a := newAlive()
	taken := &hijacked{ResponseWriter: w}
	ws, err := websocket.Accept(taken, r, &websocket.AcceptOptions{
		// The callers have compared the origin exactly; the library compares hosts only, with the Host header too.
		OriginPatterns:  []string{"*"},
		CompressionMode: websocket.CompressionDisabled,
		OnPingReceived:  a.pinged,
		OnPongReceived:  a.ponged,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return newWebSocket(ws, taken.conn, a), nil
}

// hijacked keeps the connection that the library takes from the HTTP server.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack implements http.Hijacker.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.conn = conn
	return conn, rw, err
}
