package x11

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// dialTimeout bounds the connection and the answer to its first message.
const dialTimeout = 10 * time.Second

// address is a parsed display name.
type address struct {
	host    string // "" is this machine
	socket  string // path of a socket, when the name holds one
	display int
	screen  int
}

// parseDisplay reads ":0", ":0.1", "unix:0", "host:10.0", "tcp/host:0", "[::1]:0" and "/path/to/socket:0".
func parseDisplay(name string) (address, error) {
	if name == "" {
		return address{}, fmt.Errorf("no X display: DISPLAY is not set")
	}
	bad := fmt.Errorf("bad display name %q", name)
	colon := strings.LastIndexByte(name, ':')
	if colon < 0 {
		return address{}, bad
	}
	var a address
	host, numbers := name[:colon], name[colon+1:]
	display, scr, hasScreen := strings.Cut(numbers, ".")
	var err error
	if a.display, err = strconv.Atoi(display); err != nil || a.display < 0 || a.display > 65535-6000 {
		return address{}, bad
	}
	if hasScreen {
		if a.screen, err = strconv.Atoi(scr); err != nil || a.screen < 0 || a.screen > 255 {
			return address{}, bad
		}
	}
	if strings.HasPrefix(host, "/") {
		a.socket = host + ":" + display
		return a, nil
	}
	if proto, rest, ok := strings.Cut(host, "/"); ok {
		if proto == "unix" {
			rest = ""
		}
		host = rest
	}
	if host == "unix" {
		host = ""
	}
	a.host = strings.Trim(host, "[]")
	return a, nil
}

func (a address) dial() (net.Conn, error) {
	if a.host != "" {
		return net.DialTimeout("tcp", net.JoinHostPort(a.host, strconv.Itoa(6000+a.display)), dialTimeout)
	}
	if a.socket != "" {
		return net.Dial("unix", a.socket)
	}
	path := "/tmp/.X11-unix/X" + strconv.Itoa(a.display)
	c, err := net.Dial("unix", path)
	if err != nil && os.IsNotExist(err) {
		// A private /tmp hides the file; the abstract name is still there.
		if c, abstract := net.Dial("unix", "@"+path); abstract == nil {
			return c, nil
		}
	}
	return c, err
}
