package x11

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// Address families of an authority file (X11/Xauth.h).
const (
	familyInternet  = 0
	familyInternet6 = 6
	familyLocal     = 256
	familyWild      = 65535
)

const magicCookie = "MIT-MAGIC-COOKIE-1"

// cookie is the magic cookie for a display: one that was granted, else that of the authority file: the one that XAUTHORITY names, else
// ~/.Xauthority. No file and no entry are no error: the server may ask for none.
func cookie(display int, remote net.Addr) []byte {
	granted.Lock()
	c := granted.cookies[display]
	granted.Unlock()
	if _, far := remote.(*net.TCPAddr); len(c) > 0 && !far {
		return c
	}
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	host, _ := os.Hostname()
	return findCookie(bufio.NewReader(f), strconv.Itoa(display), host, remote)
}

// findCookie reads the file's entries: family u16, then address, display, protocol, data, each with a length u16.
func findCookie(r io.Reader, display, host string, remote net.Addr) []byte {
	for {
		var family uint16
		if binary.Read(r, binary.BigEndian, &family) != nil {
			return nil
		}
		var fields [4][]byte
		for i := range fields {
			var n uint16
			if binary.Read(r, binary.BigEndian, &n) != nil {
				return nil
			}
			fields[i] = make([]byte, n)
			if _, err := io.ReadFull(r, fields[i]); err != nil {
				return nil
			}
		}
		addr, number, protocol, data := fields[0], string(fields[1]), string(fields[2]), fields[3]
		if (number == "" || number == display) && protocol == magicCookie && len(data) == 16 &&
			isFor(family, addr, host, remote) {
			return data
		}
	}
}

// isFor tells whether an entry's address is that of the server. A loopback address is the local machine (ssh -X).
func isFor(family uint16, addr []byte, host string, remote net.Addr) bool {
	tcp, overTCP := remote.(*net.TCPAddr)
	switch family {
	case familyWild:
		return true
	case familyLocal:
		return string(addr) == host && (!overTCP || tcp.IP.IsLoopback())
	case familyInternet, familyInternet6:
		return overTCP && tcp.IP.Equal(net.IP(addr))
	}
	return false
}
