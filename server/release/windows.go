package release

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"

	"deskhand"
	"deskhand/authenticode"
)

// serveWindows answers with a program for Windows that carries what its name says, too, as browsers and people rename files. A program that cannot be read goes
// out as it is: its name has all that is needed.
func serveWindows(w http.ResponseWriter, r *http.Request, f *os.File, size int64, name string) error {
	w.Header().Set("Content-Type", "application/vnd.microsoft.portable-executable")
	stamped, err := stamp(f, size, name)
	if err != nil && !errors.Is(err, authenticode.ErrForeign) {
		return err
	}
	if stamped != nil {
		size = stamped.Size()
	}
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	switch {
	case r.Method == http.MethodHead:
		return nil
	case stamped != nil:
		_, err = stamped.WriteTo(w)
	default:
		_, err = io.Copy(w, f)
	}
	return err
}

// stamp puts a session's code into a program; nil when there is none to put in.
func stamp(f *os.File, size int64, name string) (*authenticode.Copy, error) {
	n, ok := deskhand.ParseClientName(name)
	if !ok || n.Code == deskhand.NoCode {
		return nil, nil
	}
	p, err := authenticode.Read(f, size)
	if err != nil {
		return nil, err
	}
	scheme := "https"
	if n.Plain {
		scheme = "http"
	}
	server := scheme + "://" + net.JoinHostPort(n.Host, strconv.Itoa(int(n.Port)))
	return p.Stamp(authenticode.Home{Server: server, Fingerprint: n.Fingerprint}, n.Code)
}
