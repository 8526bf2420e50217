package x11

import (
	"io"
	"net"
	"os"
	"strconv"
	"sync"
)

// granted are the cookies that this process was given by who may read the authority files.
var granted struct {
	sync.Mutex
	cookies map[int][]byte
}

// Grant has Dial use this cookie for a local display, in place of the authority file's; an empty one takes that back.
func Grant(display string, cookie []byte) error {
	a, err := parseDisplay(display)
	if err != nil {
		return err
	}
	granted.Lock()
	defer granted.Unlock()
	if granted.cookies == nil {
		granted.cookies = map[int][]byte{}
	}
	granted.cookies[a.display] = cookie
	return nil
}

// ReadCookie finds the magic cookie of a local display in an authority file; nil: it has none.
func ReadCookie(r io.Reader, display int) []byte {
	host, _ := os.Hostname()
	return findCookie(r, strconv.Itoa(display), host, &net.UnixAddr{})
}

// LocalCookie is the cookie that Dial would use for a local display.
func LocalCookie(display string) []byte {
	a, err := parseDisplay(display)
	if err != nil {
		return nil
	}
	return cookie(a.display, &net.UnixAddr{})
}
